// @ts-check
/** What is decided together, in words: before it is sent, and what became of each. */
import { formatPrice } from './format.js';
import { oneClickStatus } from './signal-words.js';

/** @typedef {import('../core/types.js').Signal} Signal */
/** @typedef {{ symbol: string, ok: boolean, text: string }} BulkOutcome */

/**
 * Which of the selected can be approved by one click: those whose source said a side, and no more than one request may carry.
 * @param {readonly Signal[]} signals @param {number} itemsMax
 * @returns {{ taken: Signal[], left: { symbol: string, why: string }[] }}
 */
export function forApproval(signals, itemsMax) {
  const sided = signals.filter(({ side }) => oneClickStatus(side) !== null);
  const unsided = signals.filter(({ side }) => oneClickStatus(side) === null).map(({ symbol }) => ({ symbol, why: 'has no side: choose it on its card' }));
  return { taken: sided.slice(0, itemsMax), left: [...unsided, ...tooMany(sided.slice(itemsMax), itemsMax)] };
}

/** @param {readonly Signal[]} signals @param {number} itemsMax @returns {{ taken: Signal[], left: { symbol: string, why: string }[] }} */
export const forRejection = (signals, itemsMax) => ({ taken: signals.slice(0, itemsMax), left: tooMany(signals.slice(itemsMax), itemsMax) });

/** @param {readonly Signal[]} signals @param {number} itemsMax */
const tooMany = (signals, itemsMax) => signals.map(({ symbol }) => ({ symbol, why: `is left for the next round: ${itemsMax} at a time` }));

/** @param {Signal} signal @returns {string} `AAPL BUY · 100 at 150.25 · risk 75.00` */
export function signalLine({ symbol, side, quantity, entry_price: entry, risk_amount: risk }) {
  const plan = [quantity, entry === null ? null : `at ${formatPrice(entry)}`].filter(Boolean).join(' ');
  return [`${symbol} ${side ?? ''}`.trim(), plan, risk === null ? null : `risk ${risk}`].filter(Boolean).join(' · ');
}

/** @param {number} count @returns {string} */
export const signalCount = (count) => (count === 1 ? '1 signal' : `${count} signals`);
