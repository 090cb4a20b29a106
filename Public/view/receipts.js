// @ts-check
/** Who has seen a decision, in words. */
import { timeOfDay } from './clock-text.js';

/** @typedef {import('../core/types.js').Receipts} Receipts */

/** Beyond so many a list of names says less than a number. */
const namesMax = 5;

/** @param {Receipts | null} receipts @returns {string} empty when nobody is waited for */
export function receiptsText(receipts) {
  if (!receipts || receipts.recipients === 0) return '';
  const { delivered, recipients, seen, waiting } = receipts;
  const parts = [`Delivered ${delivered}/${recipients}`];
  if (seen.length > 0) parts.push(`seen by ${listed(seen.map(({ user }) => user), delivered)}`);
  const absent = waiting.map(({ user, offline_since: since }) => (since === null ? `${user} has not confirmed yet` : `${user} offline since ${timeOfDay(since)}`));
  if (absent.length > 0) parts.push(listed(absent, recipients - delivered));
  return parts.join(' · ');
}

/** @param {string[]} names @param {number} count of all, listed or not */
function listed(names, count) {
  const shown = names.slice(0, namesMax);
  return count > shown.length ? `${shown.join(', ')} and ${count - shown.length} more` : shown.join(', ');
}
