// @ts-check
/**
 * Exact arithmetic on the decimal strings of the wire. Prices never become floating-point numbers here; only
 * `fractionBetween`, which places a mark on a drawing, ends in a Number.
 */

/** @typedef {{ units: bigint, scale: number }} Decimal value = units / 10^scale */

const DECIMAL_TEXT = /^([+-]?)(\d{1,40})(?:\.(\d{1,40}))?$/;

/** @param {unknown} value @returns {Decimal | null} null when it is not a plain decimal */
export function parseDecimal(value) {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const parts = DECIMAL_TEXT.exec(String(value));
  if (!parts) return null;
  const fraction = parts[3] ?? '';
  const units = BigInt(parts[2] + fraction);
  return { units: parts[1] === '-' ? -units : units, scale: fraction.length };
}

/** @param {Decimal} decimal @returns {string} */
export function decimalText({ units, scale }) {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale > 0 ? `.${digits.slice(digits.length - scale)}` : '';
  return `${negative ? '-' : ''}${whole}${fraction}`;
}

/** @param {unknown} left @param {unknown} right @returns {-1 | 0 | 1 | null} null when either is no decimal */
export function compareDecimals(left, right) {
  const pair = aligned(left, right);
  if (!pair) return null;
  if (pair.left === pair.right) return 0;
  return pair.left < pair.right ? -1 : 1;
}

/**
 * Without needless zeros: `"82.50"` reads `"82.5"`, `"85.00"` reads `"85"`; what is no decimal stays as it is.
 * @param {string} text @returns {string}
 */
export function trimDecimal(text) {
  const decimal = parseDecimal(text);
  if (!decimal) return text;
  let { units, scale } = decimal;
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n;
    scale -= 1;
  }
  return decimalText({ units, scale });
}

/** @param {unknown} left @param {unknown} right @returns {string | null} left − right, exactly */
export function subtractDecimals(left, right) {
  const pair = aligned(left, right);
  return pair && decimalText({ units: pair.left - pair.right, scale: pair.scale });
}

/**
 * Rounds half to even, as the server does.
 * @param {unknown} value @param {number} digits @returns {string | null}
 */
export function roundDecimal(value, digits) {
  const decimal = parseDecimal(value);
  if (!decimal) return null;
  if (decimal.scale <= digits) {
    return decimalText({ units: decimal.units * 10n ** BigInt(digits - decimal.scale), scale: digits });
  }
  const units = divideHalfEven(decimal.units, 10n ** BigInt(decimal.scale - digits));
  return decimalText({ units, scale: digits });
}

/**
 * How far `to` is from `from`, in per cent of `from`.
 * @param {unknown} from @param {unknown} to @param {number} [digits] @returns {string | null}
 */
export function percentDistance(from, to, digits = 2) {
  const pair = aligned(to, from);
  if (!pair || pair.right === 0n) return null;
  const base = pair.right < 0n ? -pair.right : pair.right;
  const units = divideHalfEven((pair.left - pair.right) * 100n * 10n ** BigInt(digits), base);
  return decimalText({ units, scale: digits });
}

/**
 * Where `value` lies between `low` (0) and `high` (1), for drawing only; outside values go below 0 or above 1.
 * @param {unknown} low @param {unknown} high @param {unknown} value @returns {number | null}
 */
export function fractionBetween(low, high, value) {
  const span = aligned(high, low);
  const reach = aligned(value, low);
  if (!span || !reach || span.left === span.right) return null;
  const steps = 100_000n;
  const scaleUp = 10n ** BigInt(Math.max(0, span.scale - reach.scale));
  const scaleDown = 10n ** BigInt(Math.max(0, reach.scale - span.scale));
  const fraction = ((reach.left - reach.right) * scaleUp * steps) / ((span.left - span.right) * scaleDown);
  return Number(fraction) / Number(steps);
}

/** @param {unknown} left @param {unknown} right */
function aligned(left, right) {
  const a = parseDecimal(left);
  const b = parseDecimal(right);
  if (!a || !b) return null;
  const scale = Math.max(a.scale, b.scale);
  return {
    left: a.units * 10n ** BigInt(scale - a.scale),
    right: b.units * 10n ** BigInt(scale - b.scale),
    scale,
  };
}

/** @param {bigint} numerator @param {bigint} denominator positive */
function divideHalfEven(numerator, denominator) {
  const negative = numerator < 0n;
  const size = negative ? -numerator : numerator;
  let quotient = size / denominator;
  const twice = (size % denominator) * 2n;
  if (twice > denominator || (twice === denominator && quotient % 2n === 1n)) quotient += 1n;
  return negative ? -quotient : quotient;
}
