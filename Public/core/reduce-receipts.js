// @ts-check
// Who has seen what was decided about a signal (DLV-03).

import { lookup, withKey } from './keyed.js';

/** @typedef {import('./types.js').State} State */

/** Of so many signals; the one told of longest ago makes room, and is asked for when its page is opened. */
export const receiptsMax = 200;

/** Later ones win, also when nothing has changed but who is there; what an answer to a question brings may be older than what came by itself.
 * @param {State} state @param {import('./types.js').Receipts} receipts @returns {State} */
export function changeReceipts(state, receipts) {
  const known = lookup(state.receipts, receipts.signal_id);
  if (known && isOlder(receipts, known)) return state;
  const all = withKey(state.receipts, receipts.signal_id, receipts);
  const ids = Object.keys(all);
  if (ids.length <= receiptsMax) return { ...state, receipts: all };
  const { [ids[0]]: _gone, ...rest } = all;
  return { ...state, receipts: rest };
}

/** Of the same message nobody ceases to have seen it.
 * @param {import('./types.js').Receipts} one @param {import('./types.js').Receipts} known */
const isOlder = (one, known) => (one.offset ?? 0) < (known.offset ?? 0) || (one.offset === known.offset && one.delivered < known.delivered);
