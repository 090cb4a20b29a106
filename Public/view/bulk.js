// @ts-check
/** What is decided together, in words: before it is sent, and what became of each. */
import { lookup } from '../core/keyed.js';
import { formatPrice } from './format.js';
import { oneClickStatus } from './signal-words.js';

/** @typedef {import('../core/types.js').Signal} Signal */
/** @typedef {{ symbol: string, ok: boolean, text: string }} BulkOutcome */
/** @typedef {Record<string, import('../core/types.js').Verdict>} Verdicts by the signal */

/**
 * Which of the selected can be approved by one click: those whose source said a side, that the policy lets this trader approve
 * without a word, and no more than one request may carry.
 * @param {readonly Signal[]} signals @param {number} itemsMax @param {Verdicts} [verdicts]
 * @returns {{ taken: Signal[], left: { symbol: string, why: string }[] }}
 */
export function forApproval(signals, itemsMax, verdicts = {}) {
  return split(signals, itemsMax, ({ id, side }) => {
    const { allowed = true, reason = null, needs_note: needsNote = false } = lookup(verdicts, id)?.approve ?? {};
    if (oneClickStatus(side) === null) return 'has no side: choose it on its card';
    if (!allowed) return reason ?? '';
    return needsNote ? 'is approved with a note only: write it on its card' : null;
  });
}

/** @param {readonly Signal[]} signals @param {number} itemsMax @param {Verdicts} [verdicts]
 * @returns {{ taken: Signal[], left: { symbol: string, why: string }[] }} */
export function forRejection(signals, itemsMax, verdicts = {}) {
  return split(signals, itemsMax, ({ id }) => {
    const { allowed = true, reason = null } = lookup(verdicts, id)?.reject ?? {};
    return allowed ? null : `cannot be rejected by you: ${reason}`;
  });
}

/** @param {readonly Signal[]} signals @param {number} itemsMax @param {(signal: Signal) => string | null} whyNot */
function split(signals, itemsMax, whyNot) {
  const asked = signals.map((signal) => ({ signal, why: whyNot(signal) }));
  const able = asked.filter(({ why }) => why === null).map(({ signal }) => signal);
  const unable = asked.flatMap(({ signal: { symbol }, why }) => (why === null ? [] : [{ symbol, why }]));
  return { taken: able.slice(0, itemsMax), left: [...unable, ...tooMany(able.slice(itemsMax), itemsMax)] };
}

/**
 * Which reasons for a rejection are offered: the desk's own, or only those that the policy takes for all that are rejected
 * together. Where no reason is good for all, any is offered, and each signal has its own answer.
 * @param {readonly { reasons: readonly string[] | null, veto: boolean }[]} verdicts @param {readonly string[]} usual
 * @returns {{ reasons: readonly string[], only: boolean, veto: boolean }}
 */
export function offeredReasons(verdicts, usual) {
  const lists = verdicts.flatMap(({ reasons }) => (reasons === null ? [] : [reasons]));
  const common = (lists[0] ?? []).filter((reason) => lists.every((list) => list.includes(reason)));
  const veto = verdicts.length > 0 && verdicts.every((verdict) => verdict.veto);
  if (common.length > 0) return { reasons: common, only: true, veto };
  return { reasons: lists.length > 0 ? [...new Set(lists.flat())] : usual, only: false, veto };
}

/** @param {readonly Signal[]} signals @param {number} itemsMax */
const tooMany = (signals, itemsMax) => signals.map(({ symbol }) => ({ symbol, why: `is left for the next round: ${itemsMax} at a time` }));

/** @param {Signal} signal @returns {string} `AAPL BUY · 100 at 150.25 · risk 75.00` */
export function signalLine({ symbol, side, quantity, entry_price: entry, risk_amount: risk }) {
  const plan = [quantity, entry === null ? null : `at ${formatPrice(entry)}`].filter(Boolean).join(' ');
  return [`${symbol} ${side ?? ''}`.trim(), plan, risk === null ? null : `risk ${risk}`].filter(Boolean).join(' · ');
}

/** @param {number} count @returns {string} */
export const signalCount = (count) => (count === 1 ? '1 signal' : `${count} signals`);
