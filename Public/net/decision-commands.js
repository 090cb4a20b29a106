// @ts-check
// A trader's click becomes one decision, at most once, and always an answer (OPT-01 … OPT-06, C18).

import * as actions from '../core/actions.js';
import { lookup } from '../core/keyed.js';
import { readDifferences, readSignal } from '../wire/snapshot.js';

/**
 * @typedef {import('../core/types.js').State} State
 * @typedef {import('../core/types.js').Action} Action
 * @typedef {import('../core/types.js').Side} Side
 * @typedef {import('./rest.js').Outcome} Outcome
 * `terms`: those that were on the screen. `acceptedPrice`: one away from the entry that the trader has seen and takes.
 * @typedef {{action: 'approve', status: Side, note: string|null, reason: null, terms?: string|null, acceptedPrice?: string|null}|{action: 'reject', status: null, note: string|null, reason: string}} Intent
 *
 * `code`: `confirmed`, `ignored` (one is on its way), `identity_required` (ask for a name), `not_found`, `not_pending`,
 * `reason_required`, `unconfirmed` (see the card), or the problem's own code. `message` is null when there is nothing to say.
 * `differences`: what was not as it was on the screen.
 * @typedef {{ok: boolean, code: string, message: string|null, differences?: import('../core/types.js').Difference[]}} CommandResult
 *
 * @typedef {{store: import('../core/store.js').Store<State, Action>, api: import('./approvals-api.js').ApprovalsApi,
 *   now: () => number, setTimeout: (run: () => void, ms: number) => any, clearTimeout?: (id: any) => void,
 *   randomUUID: () => string}} Tools
 */

/** Keys of decisions that were given up: the same decision again goes out under the same key and cannot count twice. */
export const rememberedKeysMax = 100;

/**
 * @param {Tools} tools
 * @returns {{approve(signalId: string, decision: {status: Side, note?: string|null, terms?: string|null, acceptedPrice?: string|null}): Promise<CommandResult>,
 *   reject(signalId: string, decision: {reason: string, note?: string|null}): Promise<CommandResult>}}
 */
export function createDecisionCommands(tools) {
  const desk = new DecisionDesk(tools);
  return {
    approve: (signalId, { status, note, terms, acceptedPrice }) => desk.decide(signalId, {
      action: 'approve', status, note: textOrNull(note), reason: null, terms, acceptedPrice,
    }),
    reject: (signalId, { reason, note }) => desk.decide(signalId, { action: 'reject', status: null, note: textOrNull(note), reason: (reason ?? '').trim() }),
  };
}

class DecisionDesk {
  #tools;
  /**
   * Signals with a command in flight, including the question after a time-out.
   * @type {Set<string>}
   */
  #busy = new Set();
  /**
   * What was given up, by what it asked for.
   * @type {Map<string, string>}
   */
  #givenUp = new Map();

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
  }

  /** @param {string} signalId @param {Intent} intent @returns {Promise<CommandResult>} */
  async decide(signalId, intent) {
    const refusal = this.#refusal(signalId, intent);
    if (refusal) return refusal;
    this.#busy.add(signalId);
    try {
      return await this.#send(signalId, intent);
    } finally {
      this.#busy.delete(signalId);
    }
  }

  /** @param {string} signalId @param {Intent} intent @returns {CommandResult|null} */
  #refusal(signalId, intent) {
    const state = this.#tools.store.getState();
    const signal = lookup(state.signals.byId, signalId);
    if (!state.me.named) return { ok: false, code: 'identity_required', message: 'Say who you are before you decide.' };
    if (this.#busy.has(signalId) || lookup(state.decisions, signalId)) return { ok: false, code: 'ignored', message: null };
    if (!signal) return { ok: false, code: 'not_found', message: 'This signal is not on the desk any more.' };
    if (!signal.awaiting_approval) return { ok: false, code: 'not_pending', message: 'This signal has been decided already.' };
    if (intent.reason === '') return { ok: false, code: 'reason_required', message: 'Say why you reject it.' };
    return null;
  }

  /** @param {string} signalId @param {Intent} intent @returns {Promise<CommandResult>} */
  async #send(signalId, intent) {
    const { store, now } = this.#tools;
    const state = store.getState();
    const version = state.signals.byId[signalId].version;
    const body = bodyOf(intent, version);
    // Of this version: what was undone since is approved by a click of its own.
    const request = `${signalId} ${intent.action} ${version} ${JSON.stringify(body)}`;
    const decisionId = this.#keyFor(request);
    const startedAt = now();
    const timeoutMs = state.settings.decision_timeout_ms;
    store.dispatch(actions.decisionStarted(signalId, { ...intent, decisionId, startedAt, deadlineAt: startedAt + timeoutMs, phase: 'sending' }));

    const deadline = this.#deadline(timeoutMs);
    const answer = this.#request(signalId, intent, body, decisionId).then((outcome) => this.#answered(signalId, decisionId, outcome));
    const result = await Promise.race([answer, deadline.passed]);
    if (result !== null && result.code !== 'unconfirmed') {
      deadline.cancel();
      return result;
    }
    // Nothing was heard, or nothing that tells: the live connection has until the deadline.
    await deadline.passed;
    return this.#overdue(signalId, decisionId, request, timeoutMs);
  }

  /** @param {string} signalId @param {Intent} intent @param {any} body @param {string} decisionId @returns {Promise<Outcome>} */
  #request(signalId, intent, body, decisionId) {
    const { api } = this.#tools;
    return intent.action === 'approve' ? api.approve(signalId, body, decisionId) : api.reject(signalId, body, decisionId);
  }

  /**
   * What REST said. It may come after the deadline: the truth is welcome at any time.
   * @param {string} signalId @param {string} decisionId @param {Outcome} outcome @returns {CommandResult}
   */
  #answered(signalId, decisionId, outcome) {
    const { store, now } = this.#tools;
    if (outcome.kind === 'problem') {
      const { code, detail, body } = outcome.problem;
      const isOpen = lookup(store.getState().decisions, signalId)?.decisionId === decisionId;
      store.dispatch(actions.decisionFailed(signalId, decisionId, detail, now()));
      store.dispatch(actions.lateDecisionSettled(signalId, decisionId, detail, now()));
      this.#take(body.signal);
      // The live connection may have confirmed it already, or told who was first.
      if (!isOpen) return this.#resultNow(signalId, decisionId);
      const differences = readDifferences(body.differences);
      return { ok: false, code, message: detail, ...(differences ? { differences } : {}) };
    }
    if (outcome.kind === 'answer' && this.#take(outcome.body)) return this.#resultNow(signalId, decisionId);
    store.dispatch(actions.decisionUnknown(signalId, decisionId));
    return { ok: false, code: 'unconfirmed', message: null };
  }

  /**
   * The deadline has passed. Was it settled by the live connection meanwhile? Else roll back, say so, and ask (C18).
   * @param {string} signalId @param {string} decisionId @param {string} request @param {number} timeoutMs @returns {Promise<CommandResult>}
   */
  async #overdue(signalId, decisionId, request, timeoutMs) {
    const { store, api, now } = this.#tools;
    if (lookup(store.getState().decisions, signalId)?.decisionId !== decisionId) return this.#resultNow(signalId, decisionId);
    this.#remember(request, decisionId);
    const noAnswer = `No answer within ${Math.round(timeoutMs / 1_000)} s.`;
    store.dispatch(actions.decisionTimedOut(signalId, decisionId, `${noAnswer} Asking the desk what happened.`, now()));

    const outcome = await api.getSignal(signalId);
    if (outcome.kind === 'answer' && this.#take(outcome.body)) {
      const { awaiting_approval: pending } = store.getState().signals.byId[signalId] ?? outcome.body;
      if (!pending || hasSignedOff(store.getState(), signalId, decisionId)) return this.#resultNow(signalId, decisionId);
      return this.#unsettled(signalId, decisionId, `${noAnswer} Your decision was not recorded; you can try again.`);
    }
    return this.#unsettled(signalId, decisionId, `${noAnswer} The desk could not be asked: your decision may or may not have been recorded.`);
  }

  /** @param {string} signalId @param {string} decisionId @param {string} message @returns {CommandResult} */
  #unsettled(signalId, decisionId, message) {
    const { store, now } = this.#tools;
    // The live connection may have been quicker than the question.
    const settled = lookup(store.getState().late, signalId) !== decisionId;
    if (settled) return this.#resultNow(signalId, decisionId);
    store.dispatch(actions.lateDecisionSettled(signalId, decisionId, message, now()));
    return { ok: false, code: 'unconfirmed', message };
  }

  /**
   * A signal of REST goes into the state by its version, and settles what it settles.
   * @param {unknown} value @returns {boolean}
   */
  #take(value) {
    const { store, now } = this.#tools;
    const result = readSignal(value);
    if (result.ok) store.dispatch(actions.signalRead(result.signal, now()));
    return result.ok;
  }

  /**
   * What the state says became of it.
   * @param {string} signalId @param {string} decisionId @returns {CommandResult}
   */
  #resultNow(signalId, decisionId) {
    const state = this.#tools.store.getState();
    const known = lookup(state.signals.byId, signalId);
    if (known?.decision?.id === decisionId || hasSignedOff(state, signalId, decisionId)) return { ok: true, code: 'confirmed', message: null };
    return { ok: false, code: 'already_decided', message: lookup(state.failures, signalId)?.message ?? null };
  }

  /**
   * The same decision asked for again goes out under its old key.
   * @param {string} request @returns {string}
   */
  #keyFor(request) {
    const key = this.#givenUp.get(request) ?? this.#tools.randomUUID();
    this.#givenUp.delete(request);
    return key;
  }

  /** @param {string} request @param {string} decisionId */
  #remember(request, decisionId) {
    this.#givenUp.set(request, decisionId);
    if (this.#givenUp.size > rememberedKeysMax) this.#givenUp.delete([...this.#givenUp.keys()][0]);
  }

  /** @param {number} timeoutMs */
  #deadline(timeoutMs) {
    const { setTimeout, clearTimeout } = this.#tools;
    /** @type {any} */
    let timer;
    const passed = new Promise((/** @type {(value: null) => void} */ resolve) => {
      timer = setTimeout(() => resolve(null), timeoutMs);
    });
    return { passed, cancel: () => clearTimeout?.(timer) };
  }
}

/** Whether it is one of several approvals that were given.
 * @param {State} state @param {string} signalId @param {string} decisionId */
const hasSignedOff = (state, signalId, decisionId) =>
  Boolean(lookup(state.signals.byId, signalId)?.sign_offs.some(({ id }) => id === decisionId));

/** Who says which terms they saw need not say which version: one that a sign-off of somebody else made is no other signal.
 * @param {Intent} intent @param {number} version the one that the page knows @returns {object} */
const bodyOf = (intent, version) => ({
  ...(intent.action === 'approve' ? { status: intent.status } : { reason: intent.reason }),
  ...(intent.note === null ? {} : { note: intent.note }),
  ...(intent.action === 'approve' && intent.terms ? { terms: intent.terms } : { version }),
  ...(intent.action === 'approve' && intent.acceptedPrice ? { accepted_price: intent.acceptedPrice } : {}),
});

/** @param {string|null|undefined} text */
const textOrNull = (text) => (text?.trim() ? text.trim() : null);
