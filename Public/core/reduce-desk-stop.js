// @ts-check
// What the emergency stop does to the state: it is told live, by REST and by the snapshot, whichever comes first (GAP-07).

import { announceStop } from './announcements.js';
import { isLaterStop } from './desk-stop.js';
import { announce } from './reduce-notifications.js';

/**
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').DeskStop} DeskStop
 * @typedef {import('./types.js').DeskStanding} DeskStanding
 * @typedef {import('./types.js').Meta} Meta
 */

/** @param {State} state @param {DeskStop} stop @param {Meta} meta @returns {State} */
export function changeStop(state, stop, meta) {
  const next = withStanding(state, { stopped: stop.resumed_at === null, stop, acknowledgements: null });
  const announcement = announceStop(stop, state.me);
  return announce(next, announcement, { at: meta.at, replayed: meta.replayed, once: `stop:${stop.id}:${stop.resume.signed_off.length}` });
}

/** What REST answered, or a snapshot says.
 * @param {State} state @param {DeskStanding} standing @returns {State} */
export function withStanding(state, standing) {
  const { desk } = state;
  const { stop } = standing;
  if (desk.stop !== null && !isLaterStop(desk.stop, stop)) return state;
  const same = desk.stop?.id === stop?.id;
  const acknowledgements = standing.stopped ? standing.acknowledgements ?? (same ? desk.acknowledgements : null) : null;
  return {
    ...state,
    desk: {
      stopped: standing.stopped, stop, acknowledgements,
      // Stopped it is, whoever did it.
      stopping: standing.stopped ? null : desk.stopping,
    },
  };
}

/** @param {State} state @param {import('./types.js').StopAcknowledgements} acknowledgements @returns {State} */
export const changeAcknowledgements = (state, acknowledgements) =>
  (state.desk.stopped ? { ...state, desk: { ...state.desk, acknowledgements } } : state);

/** My own stop is on its way: the page is red at once.
 * @param {State} state @param {number} at @returns {State} */
export const startStop = (state, at) => (state.desk.stopped ? state : { ...state, desk: { ...state.desk, stopping: { at } } });

/** It did not come through, and this is said until somebody has read it.
 * @param {State} state @param {string} message @param {number} at @returns {State} */
export function failStop(state, message, at) {
  const next = state.desk.stopping === null ? state : { ...state, desk: { ...state.desk, stopping: null } };
  return announce(next, { kind: 'desk:stopped', severity: 'critical', title: message, message: '', signalId: null }, { at });
}
