// @ts-check
/** Who has seen a decision, in words. */
import { timeOfDayOrDay } from './clock-text.js';

/** @typedef {import('../core/types.js').Receipts} Receipts */

/** Beyond so many a list of names says less than a number. */
const namesMax = 5;

/**
 * @param {Receipts | null} receipts @param {number} nowMs
 * @returns {{ delivered: string, undelivered: string }} each empty when there is nobody to tell of
 */
export function receiptsText(receipts, nowMs) {
  if (!receipts || receipts.recipients === 0) return { delivered: '', undelivered: '' };
  const { delivered, recipients, seen, waiting } = receipts;
  const seenBy = seen.length > 0 ? ` · seen by ${listed(seen.map(({ user }) => user), delivered)}` : '';
  const absent = waiting.map(({ user, offline_since: since }) =>
    (since === null ? `${user} has not confirmed yet` : `${user} offline since ${timeOfDayOrDay(since, nowMs)}`));
  return { delivered: `Delivered ${delivered}/${recipients}${seenBy}`, undelivered: listed(absent, recipients - delivered) };
}

/** @param {string[]} names @param {number} count of all, listed or not */
function listed(names, count) {
  const shown = names.slice(0, namesMax);
  return count > shown.length ? `${shown.join(', ')} and ${count - shown.length} more` : shown.join(', ');
}
