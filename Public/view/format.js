// @ts-check
/** How values of the wire are written for a reader. Money stays text from end to end: no float ever touches it. */
import { parseDecimal, roundDecimal } from '../core/decimal.js';

/** What stands where the source said nothing. */
export const NOTHING = '–';
const MINUS = '\u2212';

/**
 * A price with thousands grouped and at least two decimals; more are kept as they came.
 * @param {unknown} value @returns {string}
 */
export function formatPrice(value) {
  const decimal = parseDecimal(value);
  if (!decimal) return NOTHING;
  const text = decimal.scale < 2 ? roundDecimal(value, 2) : String(value);
  return groupThousands(/** @type {string} */ (text));
}

/** @param {unknown} value @returns {string} `$1,234.50` */
export function formatMoney(value) {
  const text = formatPrice(value);
  if (text === NOTHING) return text;
  return text.startsWith(MINUS) ? `${MINUS}$${text.slice(1)}` : `$${text}`;
}

/** @param {unknown} value @returns {string} `$185.50`, always two decimals (UI-15) */
export function formatTilePrice(value) {
  const rounded = roundDecimal(value, 2);
  return rounded === null ? NOTHING : formatMoney(rounded);
}

/** @param {unknown} value @returns {string} `+$12.00` or `−$12.00` */
export function formatSignedMoney(value) {
  const text = formatMoney(value);
  return isAboveZero(value) ? `+${text}` : text;
}

/** @param {unknown} value @param {number} [digits] rounds to so many decimals when given @returns {string} `1.5%` */
export function formatPercent(value, digits) {
  const text = digits === undefined ? value : roundDecimal(value, digits);
  return parseDecimal(text) ? `${groupThousands(String(text))}%` : NOTHING;
}

/** @param {unknown} value @param {number} [digits] @returns {string} `+1.26%` or `−0.40%` */
export function formatSignedPercent(value, digits = 2) {
  const text = formatPercent(value, digits);
  return isAboveZero(value) ? `+${text}` : text;
}

/** @param {unknown} value @returns {string} a quantity or a count, grouped, digits kept */
export function formatQuantity(value) {
  return parseDecimal(value) ? groupThousands(String(value)) : NOTHING;
}

/** @param {unknown} value @returns {string} `3.33R` */
export function formatRMultiple(value) {
  return parseDecimal(value) ? `${groupThousands(String(value))}R` : NOTHING;
}

/** @param {unknown} value @returns {boolean} */
export function isAboveZero(value) {
  const decimal = parseDecimal(value);
  return decimal !== null && decimal.units > 0n;
}

/** @param {unknown} value @returns {'up' | 'down' | 'same'} */
export function directionOf(value) {
  const decimal = parseDecimal(value);
  if (!decimal || decimal.units === 0n) return 'same';
  return decimal.units > 0n ? 'up' : 'down';
}

/** @param {string} text @returns {string} */
function groupThousands(text) {
  const negative = text.startsWith('-');
  const [whole, fraction] = text.replace(/^[+-]/, '').split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${negative ? MINUS : ""}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}
