// @ts-check
// The list of signals: newer versions win, newest first, bounded (UI-02, REC-22).

import { lookup, withKey } from './keyed.js';
import { settleDecisions } from './reduce-decisions.js';
import { compareTerms } from './reduce-terms.js';

/**
 * @typedef {import('./types.js').Signal} Signal
 * @typedef {import('./types.js').Signals} Signals
 * @typedef {import('./types.js').State} State
 */

/** All pending signals are kept, and this many of the others, those that changed last. */
export const decidedSignalsMax = 200;

/** The signal as it is now, unless a newer one is known. A decision of mine on it is settled.
 * @param {State} state @param {Signal} signal @param {number} at @returns {State} */
export function upsertSignal(state, signal, at) {
  const known = lookup(state.signals.byId, signal.id);
  if (known && known.version >= signal.version) return state;
  const shownFirst = compareTerms(state.shownFirst, known, signal);
  return settleDecisions({ ...state, shownFirst, signals: withSignal(state.signals, signal) }, signal, at);
}

/** What an approval says of a signal; nothing when the signal is not known or already newer.
 * @param {State} state @param {import('./types.js').Approval} approval @param {number} at @returns {State} */
export function approveSignal(state, approval, at) {
  const known = lookup(state.signals.byId, approval.signal_id);
  if (!known) return state;
  return upsertSignal(state, {
    ...known,
    status: approval.status,
    awaiting_approval: false,
    version: approval.version,
    updated_at: approval.approved_at,
    sign_offs: approval.sign_offs,
    decision: {
      id: approval.decision_id,
      outcome: 'approved',
      status: approval.approved_status,
      decided_by: approval.approved_by,
      decided_at: approval.approved_at,
      note: approval.note,
      reason: null,
      accepted_price: approval.accepted_price,
      veto: false,
      undo_window_ms: approval.undo_window_ms,
      policy: approval.policy,
    },
  }, at);
}

/** The signal may leave for execution; nothing when it is not known or already newer.
 * @param {State} state @param {import('./types.js').Release} release @param {number} at @returns {State} */
export function releaseSignal(state, { signal_id: id, version, released_at: releasedAt }, at) {
  const known = lookup(state.signals.byId, id);
  return known ? upsertSignal(state, { ...known, version, released_at: releasedAt, updated_at: releasedAt }, at) : state;
}

/**
 * A whole list, newest first and bounded.
 * @param {Signal[]} list @returns {Signals}
 */
export function signalsFrom(list) {
  const byId = Object.fromEntries(list.map((signal) => [signal.id, signal]));
  const order = Object.values(byId).sort(newestFirst).map(({ id }) => id);
  let signals = { byId, order };
  while (true) {
    const smaller = bounded(signals);
    if (smaller === signals) return signals;
    signals = smaller;
  }
}

/** @param {Signals} signals @param {Signal} signal @returns {Signals} */
function withSignal(signals, signal) {
  const isNew = lookup(signals.byId, signal.id) === undefined;
  const byId = withKey(signals.byId, signal.id, signal);
  return bounded({ byId, order: isNew ? inserted(signals.order, byId, signal) : signals.order });
}

/** @param {string[]} order @param {Record<string, Signal>} byId @param {Signal} signal */
function inserted(order, byId, signal) {
  const index = order.findIndex((id) => newestFirst(signal, byId[id]) < 0);
  return index < 0 ? [...order, signal.id] : [...order.slice(0, index), signal.id, ...order.slice(index)];
}

/**
 * Times are fixed-width UTC text, so they compare as text.
 * @param {Signal} a @param {Signal} b
 */
function newestFirst(a, b) {
  if (a.received_at !== b.received_at) return a.received_at > b.received_at ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

/**
 * One fewer when there is one too many.
 * @param {Signals} signals @returns {Signals}
 */
function bounded(signals) {
  let decided = 0;
  /** @type {Signal|null} */
  let oldest = null;
  for (const id of signals.order) {
    const signal = signals.byId[id];
    if (signal.awaiting_approval) continue;
    decided += 1;
    if (!oldest || changedEarlier(signal, oldest)) oldest = signal;
  }
  if (decided <= decidedSignalsMax || !oldest) return signals;
  const { id } = oldest;
  const { [id]: _gone, ...byId } = signals.byId;
  return { byId, order: signals.order.filter((other) => other !== id) };
}

/** @param {Signal} a @param {Signal} b */
const changedEarlier = (a, b) => a.updated_at < b.updated_at || (a.updated_at === b.updated_at && a.id < b.id);
