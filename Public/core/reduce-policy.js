// @ts-check
// What the policy lets this trader do, as the server says it: the page judges nothing itself.

import { lookup } from './keyed.js';

/**
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Verdict} Verdict
 */

/** A verdict that says what it said before stays the same object, so that nothing is painted for it.
 * @param {State} state @param {Verdict[]} verdicts @returns {State} */
export function takeVerdicts(state, verdicts) {
  const next = Object.fromEntries(verdicts.map((verdict) => {
    const known = lookup(state.verdicts, verdict.signal_id);
    return [verdict.signal_id, known && JSON.stringify(known) === JSON.stringify(verdict) ? known : verdict];
  }));
  const ids = Object.keys(next);
  const same = ids.length === Object.keys(state.verdicts).length && ids.every((id) => next[id] === lookup(state.verdicts, id));
  return same ? state : { ...state, verdicts: next };
}
