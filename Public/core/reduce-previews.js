// @ts-check
// What each waiting signal would do to heat, campaign and sessions, as the server last computed it.

import { keyedBy } from './keyed.js';

/**
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Preview} Preview
 */

/** One that says the same stays the object it was, so that its card need not be painted.
 * @param {State} state @param {Preview[]} previews @returns {State} */
export function takePreviews(state, previews) {
  const kept = previews.map((preview) => {
    const known = state.previews[preview.signal_id];
    return known && JSON.stringify(known) === JSON.stringify(preview) ? known : preview;
  });
  return { ...state, previews: keyedBy(kept, ({ signal_id: id }) => id) };
}
