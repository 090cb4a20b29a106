// @ts-check
// Comparing and showing decimal strings exactly, digit by digit (ENV-07): no binary float comes near money.

/** @param {string} text */
function split(text) {
  const negative = text.startsWith('-');
  const [whole, fraction = ''] = (negative ? text.slice(1) : text).split('.');
  return { negative, whole: whole.replace(/^0+(?=\d)/, ''), fraction: fraction.replace(/0+$/, '') };
}

/** @param {ReturnType<typeof split>} a @param {ReturnType<typeof split>} b */
function compareMagnitudes(a, b) {
  if (a.whole.length !== b.whole.length) return a.whole.length - b.whole.length;
  if (a.whole !== b.whole) return a.whole < b.whole ? -1 : 1;
  if (a.fraction === b.fraction) return 0;
  // Without trailing zeros, text order of fractions is their numeric order.
  return a.fraction < b.fraction ? -1 : 1;
}

/**
 * Negative, zero or positive, as `a` is less than, equal to or greater than `b`.
 * @param {string} a @param {string} b @returns {number}
 */
export function compareDecimals(a, b) {
  const [left, right] = [split(a), split(b)];
  const zeros = [left, right].map(({ whole, fraction }) => whole === '0' && fraction === '');
  if (zeros[0] && zeros[1]) return 0;
  if (left.negative !== right.negative) {
    if (zeros[0]) return right.negative ? 1 : -1;
    return left.negative ? -1 : 1;
  }
  return left.negative ? -compareMagnitudes(left, right) : compareMagnitudes(left, right);
}

/**
 * Without needless zeros: `"82.50"` reads `"82.5"`, `"85.00"` reads `"85"`.
 * @param {string} text @returns {string}
 */
export function trimDecimal(text) {
  const { negative, whole, fraction } = split(text);
  const digits = fraction === '' ? whole : `${whole}.${fraction}`;
  return negative && digits !== '0' ? `-${digits}` : digits;
}
