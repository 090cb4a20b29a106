// @ts-check
// Signals whose terms are not those that this tab showed first: they are not approved by one click any more.

import { announceAmendment } from './announcements.js';
import { lookup, withKey, withoutKey } from './keyed.js';
import { announce } from './reduce-notifications.js';
import { termDifferences } from './terms.js';

/**
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Signal} Signal
 */

/**
 * Remembers a signal as it was shown first when the one that takes its place has other terms; forgets it when it has the
 * same again, or has been decided.
 * @param {Record<string, Signal>} shownFirst @param {Signal|undefined} known @param {Signal} signal
 * @returns {Record<string, Signal>}
 */
export function compareTerms(shownFirst, known, signal) {
  const first = lookup(shownFirst, signal.id) ?? known;
  if (!first || !signal.awaiting_approval || termDifferences(first, signal).length === 0) return withoutKey(shownFirst, signal.id);
  return withKey(shownFirst, signal.id, first);
}

/**
 * That the desk stood still has moved the limit, and nobody has changed what there is to decide: it counts as shown.
 * @param {State} state @param {Signal} signal @returns {State}
 */
export function withPostponed(state, { id, expires_at: expiresAt }) {
  const known = lookup(state.signals.byId, id);
  if (!known) return state;
  const first = lookup(state.shownFirst, id);
  const byId = withKey(state.signals.byId, id, { ...known, expires_at: expiresAt });
  const shownFirst = first ? withKey(state.shownFirst, id, { ...first, expires_at: expiresAt }) : state.shownFirst;
  return { ...state, shownFirst, signals: { ...state.signals, byId } };
}

/**
 * Said once for each amendment, by whatever it came.
 * @param {State} state @param {State} before @param {Signal} signal @param {{at: number, replayed: boolean}} occasion
 * @returns {State}
 */
export function announceTerms(state, before, signal, { at, replayed }) {
  const known = lookup(before.signals.byId, signal.id);
  if (!known || state === before) return state;
  // Who gave it more time is said by the message about that.
  const isExtended = (known.extended?.times ?? 0) < (signal.extended?.times ?? 0);
  const differences = termDifferences(known, signal).filter(({ field }) => field !== 'expires_at' || !isExtended);
  if (differences.length === 0) return state;
  return announce(state, announceAmendment(signal, differences), { at, replayed, once: `terms:${signal.id}:${signal.version}` });
}
