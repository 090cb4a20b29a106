// @ts-check
// Which way from the server to the page, and when another: WebSocket → server-sent events → polling, and up again (C20, REC-15).
// Pure: a ladder, where the page stands on it, and what it has seen of each rung.

/**
 * @typedef {import('../core/types.js').Transport} Transport
 *
 * `failures` in a row did not open, though the server answered over REST at that moment; `shortLives` in a row opened and were
 * lost at once. `climbs` in a row upwards failed.
 * @typedef {{transport: Transport, failures: number, shortLives: number, climbs: number}} Policy
 */

/**
 * Best first.
 * @type {readonly Transport[]}
 */
export const ladder = Object.freeze(/** @type {Transport[]} */ (['websocket', 'events', 'polling']));

/** So many times a way does not open though the server is there, then the next one down. */
export const failuresMax = 2;
/** So many times a way opens and does not last, then the next one down. */
export const shortLivesMax = 3;
/** A connection that was good for this long lasted, and attempts are counted afresh (REC-07). */
export const stableAfterMs = 5_000;
/** When a better way is tried beside a lower one that works; the last repeats. */
export const climbDelaysMs = Object.freeze([5_000, 15_000, 30_000, 60_000]);
/** The network has just changed, or somebody looks at the page again: sooner. */
export const climbSoonMs = 500;

/** @type {Policy} */
export const topOfLadder = Object.freeze({ transport: ladder[0], failures: 0, shortLives: 0, climbs: 0 });

/**
 * A way did not open. Only one that fails while the server can be reached is to blame; when nothing gets through, the way that
 * worked last is still the best guess. One that hangs is not waited for twice.
 * @param {Policy} policy @param {{reached: boolean, hung: boolean}} failure @returns {Policy}
 */
export function failedToOpen(policy, { reached, hung }) {
  if (!reached) return policy;
  const failures = hung ? failuresMax : policy.failures + 1;
  return failures >= failuresMax ? oneDown(policy) : { ...policy, failures };
}

/**
 * It opened, and was lost.
 * @param {Policy} policy @param {number} livedMs @returns {Policy}
 */
export function lost(policy, livedMs) {
  if (livedMs >= stableAfterMs) return { ...policy, failures: 0, shortLives: 0, climbs: policy.transport === ladder[0] ? 0 : policy.climbs };
  const shortLives = policy.shortLives + 1;
  // One that flaps is tried again later each time.
  return shortLives >= shortLivesMax ? climbFailed(oneDown(policy)) : { ...policy, shortLives };
}

/**
 * What to try next on the way up, and when; null at the top. From the bottom both are tried, the best more often.
 * @param {Policy} policy @param {number} random 0 … 1 @returns {{transport: Transport, delayMs: number}|null}
 */
export function nextClimb({ transport, climbs }, random) {
  const above = ladder.slice(0, ladder.indexOf(transport));
  if (above.length === 0) return null;
  const delayMs = climbDelaysMs[Math.min(climbs, climbDelaysMs.length - 1)];
  // Half of it is chance, so that tabs that fell together do not climb together.
  return { transport: above[climbs % above.length], delayMs: Math.ceil(delayMs * (1 + random) / 2) };
}

/** @param {Policy} policy @returns {Policy} */
export const climbFailed = (policy) => ({ ...policy, climbs: policy.climbs + 1 });

/**
 * Whether it lasts is yet to be seen.
 * @param {Policy} policy @param {Transport} transport @returns {Policy}
 */
export const climbed = (policy, transport) => ({ ...policy, transport, failures: 0 });

/**
 * There is reason to hope: the network changed.
 * @param {Policy} policy @returns {Policy}
 */
export const hopeful = (policy) => ({ ...policy, climbs: 0 });

/** @param {Policy} policy @returns {Policy} */
function oneDown(policy) {
  const next = ladder[Math.min(ladder.indexOf(policy.transport) + 1, ladder.length - 1)];
  return { ...policy, transport: next, failures: 0, shortLives: 0 };
}
