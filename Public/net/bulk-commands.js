// @ts-check
// Several decisions in one request, each with an id and an outcome of its own (GAP-02, GAP-09).

import * as actions from '../core/actions.js';
import { describeLoss } from '../core/announcements.js';
import { lookup } from '../core/keyed.js';
import { readSignal } from '../wire/snapshot.js';

/**
 * @typedef {import('../core/types.js').State} State
 * @typedef {import('../core/types.js').Action} Action
 * @typedef {import('../core/types.js').Side} Side
 * @typedef {import('../core/types.js').PendingDecision} PendingDecision
 * @typedef {{signalId: string, action: 'approve', status: Side, terms: string}|{signalId: string, action: 'reject', reason: string, note: string|null}} Choice
 * @typedef {{signalId: string, symbol: string, ok: boolean, text: string}} BulkResult
 *
 * @typedef {{store: import('../core/store.js').Store<State, Action>, api: import('./approvals-api.js').ApprovalsApi,
 *   now: () => number, randomUUID: () => string}} Tools
 */

const unanswered = 'The desk did not answer: it may or may not have been recorded.';

/**
 * @param {Tools} tools
 * @returns {(choices: Choice[]) => Promise<BulkResult[]>} in the order of the choices; what no longer waits is not sent
 */
export function createBulkCommand({ store, api, now, randomUUID }) {
  return async (choices) => {
    const known = choices.flatMap((choice) => tooLate(choice.signalId));
    const items = choices.flatMap((choice) => begin(choice));
    const sent = items.length === 0 ? [] : await send(items);
    const results = new Map([...known, ...sent].map((result) => [result.signalId, result]));
    return choices.flatMap(({ signalId }) => results.get(signalId) ?? []);
  };

  /** What somebody decided while the question stood on the screen.
   * @param {string} signalId @returns {BulkResult[]} */
  function tooLate(signalId) {
    const signal = lookup(store.getState().signals.byId, signalId);
    return signal && !signal.awaiting_approval ? [{ signalId, symbol: signal.symbol, ok: false, text: describeLoss(signal) }] : [];
  }

  /** @param {ReturnType<typeof begin>} items @returns {Promise<BulkResult[]>} */
  async function send(items) {
    const body = { items: items.map(({ item }) => item) };
    const first = await api.decideAll(body);
    // The ids make it safe to ask once more.
    const outcome = first.kind === 'unreachable' ? await api.decideAll(body) : first;
    const outcomes = outcome.kind === 'answer' && Array.isArray(outcome.body?.outcomes) ? outcome.body.outcomes : [];
    return items.map(({ item, symbol }, index) => {
      const { signal_id: signalId, decision_id: decisionId } = item;
      if (outcome.kind === 'problem') return refused(signalId, decisionId, symbol, outcome.problem.detail, null);
      const told = outcomes[index];
      if (told?.decision_id !== decisionId) return doubted(signalId, decisionId, symbol);
      if (told.status === 200) return done(signalId, decisionId, symbol, told.signal);
      return refused(signalId, decisionId, symbol, String(told.problem?.detail ?? 'The desk refused it.'), told.problem?.signal);
    });
  }

  /** @param {Choice} choice */
  function begin({ signalId, ...choice }) {
    const state = store.getState();
    const signal = lookup(state.signals.byId, signalId);
    if (!signal?.awaiting_approval || lookup(state.decisions, signalId)) return [];
    const decisionId = randomUUID();
    const startedAt = now();
    const { note, reason, status } = { note: null, reason: null, status: null, ...choice };
    const pending = { decisionId, action: choice.action, status, note, reason, startedAt, deadlineAt: startedAt + state.settings.decision_timeout_ms, phase: 'sending' };
    store.dispatch(actions.decisionStarted(signalId, /** @type {PendingDecision} */ (pending)));
    const words = { ...(status === null ? {} : { status }), ...(reason === null ? {} : { reason }), ...(note === null ? {} : { note }) };
    // Who says which terms they saw need not say which version, see decision-commands.js.
    const seen = choice.action === 'approve' ? { terms: choice.terms } : { version: signal.version };
    const item = { signal_id: signalId, action: choice.action, decision_id: decisionId, ...seen, ...words };
    return [{ item, symbol: signal.symbol }];
  }

  /** @param {unknown} value */
  function take(value) {
    const read = readSignal(value);
    if (read.ok) store.dispatch(actions.signalRead(read.signal, now()));
    return read.ok ? read.signal : null;
  }

  /** @param {string} signalId @param {string} decisionId @param {string} symbol @param {unknown} value @returns {BulkResult} */
  function done(signalId, decisionId, symbol, value) {
    const signal = take(value);
    if (!signal) return doubted(signalId, decisionId, symbol);
    return { signalId, symbol, ok: true, text: doneText(signal) };
  }

  /** @param {import('../core/types.js').Signal} signal */
  function doneText({ decision, sign_offs: signOffs }) {
    if (decision) return decision.outcome === 'rejected' ? 'Rejected' : `Approved ${decision.status ?? ''}`.trim();
    const last = signOffs.at(-1);
    return last ? `Approved by ${signOffs.length} of ${last.needed}, waits for the others` : 'Approved';
  }

  /** @param {string} signalId @param {string} decisionId @param {string} symbol @param {string} text @param {unknown} value @returns {BulkResult} */
  function refused(signalId, decisionId, symbol, text, value) {
    store.dispatch(actions.decisionFailed(signalId, decisionId, text, now()));
    take(value);
    return { signalId, symbol, ok: false, text };
  }

  /** @param {string} signalId @param {string} decisionId @param {string} symbol @returns {BulkResult} */
  function doubted(signalId, decisionId, symbol) {
    store.dispatch(actions.decisionTimedOut(signalId, decisionId, unanswered, now()));
    return { signalId, symbol, ok: false, text: unanswered };
  }
}
