// @ts-check
// Whether the desk stands still, and what time it is then for limits and undo windows (GAP-07).

/**
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Signal} Signal
 * @typedef {import('./types.js').DeskStop} DeskStop
 */

/** Nothing may be approved: the desk is stopped, or this tab is about to stop it.
 * @param {Pick<State, 'desk'>} state */
export const selectIsStopped = ({ desk }) => desk.stopped || desk.stopping !== null;

/** @param {State} state @returns {import('./types.js').DeskView} */
export const selectDesk = (state) => state.desk;

/**
 * What the time limit of a signal is compared with: while the desk stands still, the moment when it stopped, or when the signal came.
 * @param {Pick<State, 'desk'|'serverAheadMs'>} state @param {Pick<Signal, 'received_at'>} signal @param {number} nowMs
 * @returns {number}
 */
export function limitNow({ desk, serverAheadMs }, { received_at: receivedAt }, nowMs) {
  const { stopped, stop } = desk;
  if (!stopped || !stop) return nowMs + serverAheadMs;
  return Math.max(Date.parse(stop.since), Date.parse(receivedAt));
}

/**
 * How much of the time from `fromMs` to `toMs` the desk stood still, as far as is known here: the last standstill.
 * @param {DeskStop|null} stop @param {number} fromMs @param {number} toMs @returns {number}
 */
export function standstillMs(stop, fromMs, toMs) {
  if (!stop) return 0;
  const end = stop.resumed_at === null ? toMs : Math.min(Date.parse(stop.resumed_at), toMs);
  return Math.max(0, end - Math.max(Date.parse(stop.since), fromMs));
}

/**
 * Whether `next` is told later than `known`: what REST answers and what is told live may cross on the way.
 * @param {DeskStop|null} known @param {DeskStop|null} next @returns {boolean}
 */
export function isLaterStop(known, next) {
  if (!next) return false;
  if (!known) return true;
  if (next.id !== known.id) return next.stopped_at >= known.stopped_at;
  if ((next.resumed_at === null) !== (known.resumed_at === null)) return next.resumed_at !== null;
  return next.resume.signed_off.length >= known.resume.signed_off.length;
}
