// @ts-check
// Taking an approval back, and giving a signal more time: one click, one request, and always an answer (C4, APR-13).

import * as actions from '../core/actions.js';
import { lookup } from '../core/keyed.js';
import { readSignal } from '../wire/snapshot.js';

/**
 * @typedef {import('../core/types.js').State} State
 * @typedef {import('../core/types.js').Action} Action
 * @typedef {import('./rest.js').Outcome} Outcome
 * @typedef {{ok: boolean, message: string|null}} UndoResult `message` is null when there is nothing to say
 *
 * @typedef {{store: import('../core/store.js').Store<State, Action>, api: import('./approvals-api.js').ApprovalsApi,
 *   now: () => number, randomUUID: () => string}} Tools
 */

/**
 * Both are safe to send twice under one key, and a second is all there may be: an unanswered request goes out once more at once.
 * @param {Tools} tools
 * @returns {{undo(signalId: string): Promise<UndoResult>, extend(signalId: string): Promise<UndoResult>}}
 */
export function createUndoCommands({ store, api, now, randomUUID }) {
  /** @type {Set<string>} */
  const busy = new Set();

  /** @param {string} signalId @param {'undo'|'extend'} verb @returns {Promise<UndoResult>} */
  const run = async (signalId, verb) => {
    const signal = lookup(store.getState().signals.byId, signalId);
    if (!signal || busy.has(signalId)) return { ok: false, message: null };
    busy.add(signalId);
    if (verb === 'undo') store.dispatch(actions.undoStarted(signalId));
    try {
      const key = randomUUID();
      const send = () => api[verb](signalId, { version: signal.version }, key);
      const first = await send();
      return settle(signalId, verb, first.kind === 'unreachable' ? await send() : first);
    } finally {
      busy.delete(signalId);
      if (verb === 'undo') store.dispatch(actions.undoEnded(signalId));
    }
  };

  /** @param {string} signalId @param {'undo'|'extend'} verb @param {Outcome} outcome @returns {UndoResult} */
  const settle = (signalId, verb, outcome) => {
    const read = readSignal(outcome.kind === 'answer' ? outcome.body : outcome.kind === 'problem' ? outcome.problem.body.signal : null);
    if (read.ok) store.dispatch(actions.signalRead(read.signal, now()));
    if (outcome.kind === 'answer') return { ok: true, message: null };
    if (outcome.kind === 'problem') return { ok: false, message: outcome.problem.detail };
    const symbol = lookup(store.getState().signals.byId, signalId)?.symbol ?? 'the signal';
    const what = verb === 'undo' ? `whether the approval of ${symbol} was undone` : `whether ${symbol} has more time`;
    return { ok: false, message: `The desk did not answer: it is not known ${what}.` };
  };

  return { undo: (signalId) => run(signalId, 'undo'), extend: (signalId) => run(signalId, 'extend') };
}
