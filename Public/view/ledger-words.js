// @ts-check
/** The decision-quality ledger in words: what decisions saved and cost, and how far that can be trusted (APR-19). */
import { parseDecimal } from '../core/decimal.js';
import { outcomeOfR, signedR, sizeOfR, spanText, toneOfR } from './paper-words.js';

/**
 * @typedef {import('../wire/audit.js').Ledger} Ledger
 * @typedef {import('../wire/audit.js').Tally} Tally
 * @typedef {'approved' | 'rejected' | 'expired' | 'withdrawn'} Verdict
 */

export const VERDICTS = /** @type {const} */ (['approved', 'rejected', 'expired', 'withdrawn']);
export const GROUPINGS = /** @type {const} */ ([
  ['person', 'Person'], ['reason', 'Reason for rejecting'], ['source', 'Source'], ['grade', 'Grade'], ['pattern', 'Pattern'],
]);

/** With fewer trades a mean says more about luck than about judgement. */
export const FEW = 30;

/** @type {Record<Exclude<Verdict, 'approved'>, { what: string, saved: string, cost: string, even: string }>} */
const LET_GO = {
  rejected: { what: 'rejected', saved: 'Rejections saved', cost: 'Rejections cost', even: 'Rejections came out even' },
  expired: { what: 'expired', saved: 'Letting signals expire saved', cost: 'Letting signals expire cost', even: 'Letting signals expire came out even' },
  withdrawn: { what: 'withdrawn', saved: 'Withdrawals saved', cost: 'Withdrawals cost', even: 'Withdrawals came out even' },
};

/**
 * One line for each way a signal can go of which there is something to say.
 * @param {Ledger} ledger @returns {{ verdict: Verdict, tone: 'good' | 'bad' | 'quiet', title: string, detail: string }[]}
 */
export function ledgerLines({ total }) {
  return VERDICTS.filter((verdict) => total[verdict].signals > 0).map((verdict) => ({ verdict, ...lineOf(verdict, total[verdict]) }));
}

/** @param {Verdict} verdict @param {Tally} tally @returns {{ tone: 'good' | 'bad' | 'quiet', title: string, detail: string }} */
function lineOf(verdict, tally) {
  const detail = countsText(tally);
  if (tally.filled === 0) return { tone: 'quiet', title: `Of the ${verdict} signals none would have been filled`, detail };
  if (verdict === 'approved') {
    return { tone: toneOfR(tally.r_sum), title: `Approved signals ${outcomeOfR(tally.r_sum)} by their plans`, detail };
  }
  const words = LET_GO[verdict];
  const sum = parseDecimal(tally.r_sum);
  if (!sum || sum.units === 0n) return { tone: 'quiet', title: words.even, detail };
  // What they would have lost was saved, what they would have made was missed.
  const lost = sum.units < 0n;
  return { tone: lost ? 'good' : 'bad', title: `${lost ? words.saved : words.cost} ${sizeOfR(tally.r_sum)}`, detail };
}

/** @param {Tally} tally @returns {string} `12 of 15 filled, mean −0.35 R; 3 not watched all the time` */
function countsText({ signals, filled, no_prices: noPrices, unwatched, r_mean: mean }) {
  const parts = [`${filled} of ${signals} filled${mean === null ? '' : `, mean ${signedR(mean)}`}`];
  if (noPrices > 0) parts.push(`${noPrices} without prices`);
  if (unwatched > 0) parts.push(`${unwatched} not watched all the time`);
  return parts.join('; ');
}

/** @param {Verdict} verdict @param {Tally} tally @returns {{ sum: string, counts: string, tone: 'good' | 'bad' | 'quiet' }} */
export function cellWords(verdict, tally) {
  if (tally.signals === 0) return { sum: '', counts: '', tone: 'quiet' };
  const counts = `${tally.filled} of ${tally.signals} filled`;
  if (tally.filled === 0) return { sum: '–', counts, tone: 'quiet' };
  const tone = toneOfR(tally.r_sum);
  if (verdict === 'approved' || tone === 'quiet') return { sum: signedR(tally.r_sum), counts, tone };
  return tone === 'bad' ? { sum: `saved ${sizeOfR(tally.r_sum)}`, counts, tone: 'good' } : { sum: `cost ${sizeOfR(tally.r_sum)}`, counts, tone: 'bad' };
}

/**
 * What has to be known beside the numbers.
 * @param {Ledger} ledger @returns {string}
 */
export function ledgerNote(ledger) {
  const { total, following, follow_ms: followMs, passed_over: passedOver, is_whole: isWhole } = ledger;
  if (followMs === 0 && VERDICTS.every((verdict) => total[verdict].signals === 0)) {
    return 'Decided signals are not followed: the desk was started with --ledger-hours 0.';
  }
  const notes = [];
  const filled = VERDICTS.map((verdict) => total[verdict]).filter(({ signals }) => signals > 0).map((tally) => tally.filled);
  if (filled.length === 0) notes.push('Nothing is known yet of what signals decided in this time would have made.');
  else if (filled.some((count) => count < FEW)) notes.push(`Fewer than ${FEW} trades of a kind tell more about luck than about judgement.`);
  if (following > 0) notes.push(`${following} ${following === 1 ? 'signal is' : 'signals are'} being followed, each for ${spanText(followMs)} at most.`);
  if (passedOver > 0) notes.push(`${passedOver} ${passedOver === 1 ? 'was' : 'were'} not followed since the desk started: too many at once.`);
  if (!isWhole) notes.push('There were more results than are counted at once: these are the newest.');
  return notes.join(' ');
}
