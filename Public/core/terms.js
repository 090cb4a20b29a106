// @ts-check
// What a trader approves when they approve a signal, and what has changed about it since they saw it.

import { compareDecimals } from './decimal.js';

/**
 * @typedef {import('./types.js').Signal} Signal
 * @typedef {import('./types.js').Difference} Difference
 */

/** As the server tells them (docs/Protocol.md, "Terms"). */
const termFields = /** @type {const} */ ([
  'side', 'entry_price', 'stop_loss', 'target_price', 'quantity', 'risk_amount', 'risk_percentage', 'expires_at',
]);

/** Empty when both mean the same, however it was written.
 * @param {Signal} was @param {Signal} now @returns {Difference[]} */
export function termDifferences(was, now) {
  if (was.terms === now.terms) return none;
  const changed = termFields.filter((field) => was[field] !== now[field] && compareDecimals(was[field], now[field]) !== 0);
  return changed.map((field) => ({ field, was: was[field], is: now[field] }));
}

/** @type {Difference[]} */
const none = [];
