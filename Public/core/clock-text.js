// @ts-check
// A moment as the trader's wall clock shows it.

/** @param {number} value */
const two = (value) => String(value).padStart(2, '0');

/**
 * `10:31:02`, local time.
 * @param {number} ms @returns {string}
 */
export function timeOfDay(ms) {
  const date = new Date(ms);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
