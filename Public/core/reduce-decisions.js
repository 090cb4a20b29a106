// @ts-check
// My decisions while they are on their way, and what became of them (OPT-01 … OPT-06, C18).

import { lookup, withKey, withoutKey } from './keyed.js';
import { announceDecision, describeLoss } from './announcements.js';
import { announce } from './reduce-notifications.js';

/**
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Signal} Signal
 * @typedef {import('./types.js').PendingDecision} PendingDecision
 */

/** @param {State} state @param {string} signalId @param {PendingDecision} decision @returns {State} */
export function startDecision(state, signalId, decision) {
  if (lookup(state.decisions, signalId)) return state;
  // The same decision sent again under its own key is no longer a late one; another key may still come to light.
  const late = lookup(state.late, signalId) === decision.decisionId ? withoutKey(state.late, signalId) : state.late;
  return { ...state, late, decisions: withKey(state.decisions, signalId, decision), failures: withoutKey(state.failures, signalId) };
}

/** @param {State} state @param {string} signalId @param {string} decisionId @returns {State} */
export function doubtDecision(state, signalId, decisionId) {
  const pending = lookup(state.decisions, signalId);
  if (pending?.decisionId !== decisionId || pending.phase === 'unknown') return state;
  return { ...state, decisions: withKey(state.decisions, signalId, { ...pending, phase: 'unknown' }) };
}

/**
 * Rolled back, with the reason on the card (OPT-03).
 * @param {State} state @param {string} signalId @param {string} decisionId
 * @param {string} message @param {number} at @returns {State}
 */
export function failDecision(state, signalId, decisionId, message, at) {
  if (lookup(state.decisions, signalId)?.decisionId !== decisionId) return state;
  return { ...state, decisions: withoutKey(state.decisions, signalId), failures: withKey(state.failures, signalId, { message, at }) };
}

/**
 * Rolled back unanswered (OPT-04); its id is kept, because the answer may still come.
 * @param {State} state @param {string} signalId
 * @param {string} decisionId @param {string} message @param {number} at @returns {State}
 */
export function timeOutDecision(state, signalId, decisionId, message, at) {
  const failed = failDecision(state, signalId, decisionId, message, at);
  return failed === state ? state : { ...failed, late: withKey(failed.late, signalId, decisionId) };
}

/**
 * What asking brought. Only a decision that is still in doubt is touched.
 * @param {State} state @param {string} signalId
 * @param {string} decisionId @param {string|null} message @param {number} at @returns {State}
 */
export function settleLateDecision(state, signalId, decisionId, message, at) {
  if (lookup(state.late, signalId) !== decisionId || message === null) return state;
  return { ...state, failures: withKey(state.failures, signalId, { message, at }) };
}

/** @param {State} state @param {string} signalId @returns {State} */
export function dismissFailure(state, signalId) {
  const failures = withoutKey(state.failures, signalId);
  return failures === state.failures ? state : { ...state, failures };
}

/**
 * Is this decision one of mine that is on its way or was given up?
 * @param {State} state @param {string} signalId @param {string} decisionId
 */
export const isMine = (state, signalId, decisionId) =>
  lookup(state.decisions, signalId)?.decisionId === decisionId || lookup(state.late, signalId) === decisionId;

/**
 * Once the signal is as the server says: is mine confirmed, or did somebody or the clock come first?
 * @param {State} state
 * @param {Signal} signal @param {number} at @returns {State}
 */
export function settleDecisions(state, signal, at) {
  const mine = [lookup(state.decisions, signal.id)?.decisionId, lookup(state.late, signal.id)].filter((id) => id !== undefined);
  // One of several approvals leaves the signal waiting, and has arrived all the same.
  const signedOff = signal.sign_offs.some(({ id }) => mine.includes(id));
  if (mine.length === 0 || (signal.awaiting_approval && !signedOff)) return state;
  const won = signedOff || (signal.decision !== null && mine.includes(signal.decision.id));
  const failures = won
    ? withoutKey(state.failures, signal.id)
    : withKey(state.failures, signal.id, { message: describeLoss(signal), at });
  return { ...state, failures, decisions: withoutKey(state.decisions, signal.id), late: withoutKey(state.late, signal.id) };
}

/**
 * The toast of a decision, whoever made it; once, though REST and WebSocket both tell of it.
 * `before` is the state in which mine was still open, so that a late confirmation can say so.
 * @param {State} state @param {State} before
 * @param {{id: string, symbol: string, signalId: string, outcome: 'approved'|'rejected', status: string|null, by: string, why: string|null}} decision
 * @param {{at: number, replayed: boolean}} occasion
 * @returns {State}
 */
export function announceDecided(state, before, decision, { at, replayed }) {
  const late = lookup(before.late, decision.signalId) === decision.id;
  const announcement = announceDecision(decision, state.me, late);
  return announce(state, announcement, { at, replayed: replayed && !late, once: `decision:${decision.id}` });
}
