// @ts-check
// How long to wait before the next attempt (REC-02, C7).

/**
 * Full jitter: anything between nothing and the attempt's delay, so that the tabs of a restarted server do not come back as one.
 * @param {number} attempt from 1
 * @param {readonly number[]} delaysMs the last one repeats
 * @param {number} random 0 … 1
 * @returns {number} whole milliseconds
 */
export function backoffDelayMs(attempt, delaysMs, random) {
  return Math.floor(random * backoffCapMs(attempt, delaysMs));
}

/**
 * The longest that this attempt waits.
 * @param {number} attempt from 1
 * @param {readonly number[]} delaysMs
 * @returns {number}
 */
export const backoffCapMs = (attempt, delaysMs) => delaysMs[Math.min(Math.max(attempt, 1), delaysMs.length) - 1];
