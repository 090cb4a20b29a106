// @ts-check
/** Where stop, entry, target and the live price lie on a track. Pure geometry; `elements/price-ladder.js` draws it. */
import { compareDecimals, fractionBetween } from '../core/decimal.js';

/**
 * @typedef {{ kind: 'stop' | 'entry' | 'target' | 'price', at: number, value: string, beyond: boolean }} Mark
 *   at: 0 = stop, 1 = target; `beyond` when the price lies outside of both and is drawn at the nearer one
 */

/**
 * The plan from stop (0) to target (1), whichever of the two is the higher price.
 * @param {{ entry_price: string | null, stop_loss: string | null, target_price: string | null }} plan
 * @param {string | null} price
 * @returns {Mark[] | null} null without a complete plan
 */
export function ladderMarks(plan, price) {
  const { entry_price: entry, stop_loss: stop, target_price: target } = plan;
  const entryAt = fractionBetween(stop, target, entry);
  if (entryAt === null || entry === null || stop === null || target === null) return null;
  /** @type {Mark[]} */
  const marks = [
    { kind: 'stop', at: 0, value: stop, beyond: false },
    { kind: 'entry', at: clamp(entryAt, 0, 1), value: entry, beyond: false },
    { kind: 'target', at: 1, value: target, beyond: false },
  ];
  const priceAt = price === null ? null : fractionBetween(stop, target, price);
  if (priceAt !== null && price !== null) {
    const at = clamp(priceAt, 0, 1);
    marks.push({ kind: 'price', at, value: price, beyond: at !== priceAt });
  }
  return marks;
}

/**
 * What the live price means for the plan, in words, because a mark on a line is no text.
 * @param {{ side?: string | null, entry_price: string | null, stop_loss: string | null,
 *   target_price: string | null }} plan
 * @param {string | null} price
 * @returns {'past-stop' | 'past-target' | 'risk' | 'reward' | 'at-entry' | null}
 */
export function priceZone(plan, price) {
  const { entry_price: entry, stop_loss: stop, target_price: target } = plan;
  const rising = compareDecimals(target, stop);
  const fromEntry = compareDecimals(price, entry);
  const fromStop = compareDecimals(price, stop);
  const fromTarget = compareDecimals(price, target);
  if (rising === null || rising === 0 || fromEntry === null || fromStop === null || fromTarget === null) return null;
  if (fromStop * rising <= 0) return 'past-stop';
  if (fromTarget * rising >= 0) return 'past-target';
  if (fromEntry === 0) return 'at-entry';
  return fromEntry * rising > 0 ? 'reward' : 'risk';
}

/** @param {number} value @param {number} low @param {number} high */
function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}
