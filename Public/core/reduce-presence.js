// @ts-check
// Who is here and who looks at which signal. Each message says all of it; it warns, and decides nothing.

import { lookup } from './keyed.js';

/**
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Presence} Presence
 * @typedef {import('./types.js').Look} Look
 */

/** The newest wins: there is nothing to merge.
 * @param {State} state @param {Presence} presence @returns {State} */
export const changePresence = (state, presence) => ({ ...state, presence });

/** What was true before the connection was lost need not be true now.
 * @param {State} state @returns {Presence|null} */
export const selectPresence = (state) => (state.connection.status === 'live' ? state.presence : null);

/** @type {readonly Look[]} */
const nobody = Object.freeze([]);
/** @type {WeakMap<Presence, Record<string, Look[]>>} */
const bySignal = new WeakMap();

/**
 * Who else looks at a signal, whoever began first coming first. My own other tabs are not somebody else; without a name I am one
 * of those without a name.
 * @param {State} state @param {string} signalId @returns {readonly Look[]}
 */
export function selectLookers(state, signalId) {
  const presence = selectPresence(state);
  if (!presence || presence.looking.length === 0) return nobody;
  let looks = bySignal.get(presence);
  if (!looks) {
    looks = group(presence.looking);
    bySignal.set(presence, looks);
  }
  const { name, named } = state.me;
  const others = (lookup(looks, signalId) ?? nobody).filter(({ user, tabs }) => (named ? user !== name : user !== null || tabs > 1));
  return others.length === 0 ? nobody : others;
}

/** @param {Look[]} looking whoever began last comes first */
function group(looking) {
  /** @type {Record<string, Look[]>} */
  const looks = {};
  for (const look of looking) {
    if (Object.hasOwn(looks, look.signal_id)) looks[look.signal_id].unshift(look);
    else looks[look.signal_id] = [look];
  }
  return looks;
}
