// @ts-check
// Is the other end still there? A half-open connection says nothing, so after a silence the page asks, and an answer has its
// time (HB-03, HB-04). Pure: the connection sets the one timer and asks.

/**
 * @typedef {import('../core/types.js').Settings} Settings
 * @typedef {import('./transport-policy.js').Transport} Transport
 *
 * `askedAt` is null while no question is open; `inDoubt`: there was a reason to ask beyond silence; `dueAt` is when the timer was to ring.
 * @typedef {{heardAt: number|null, askedAt: number|null, patienceMs: number, inDoubt: boolean, dueAt: number|null}} Heartbeat
 * @typedef {{heartbeat: Heartbeat, delayMs: number}} Timed
 */

/** Between two questions of a page that polls: its questions are its events (C20). */
export const pollIntervalMs = 5_000;
/** A poll is a request of its own, which is given up by itself. */
export const pollPatienceMs = 20_000;
/** A connection that does not open, or opens and says nothing. */
export const openPatienceMs = 10_000;
/** The browser gave a reason to doubt (offline, woken, seen again): ask, and wait less. */
export const doubtPatienceMs = 5_000;
/** Nobody asks more often, whatever the server's settings say. */
export const silenceMsMin = 3_000;
/** A timer that rings later than this was asleep with its computer, or held back in a hidden tab. */
export const lateTimerMs = 3_000;

/** @type {Heartbeat} */
export const noHeartbeat = Object.freeze({ heardAt: null, askedAt: null, patienceMs: 0, inDoubt: false, dueAt: null });

/**
 * Silence after which the page asks; the server's own pings are invisible to it.
 * @param {Transport} transport @param {Settings} settings
 */
export const silenceMs = (transport, settings) =>
  transport === 'polling' ? pollIntervalMs : Math.max(silenceMsMin, settings.heartbeat_interval_ms);

/**
 * How long an answer may take. With the server's usual 30 s a dead connection is known after 40 s of silence.
 * @param {Transport} transport @param {Settings} settings
 */
export const patienceMs = (transport, settings) =>
  transport === 'polling' ? pollPatienceMs : Math.ceil(silenceMs(transport, settings) / 3);

/**
 * A connection was begun.
 * @param {Heartbeat} heartbeat @param {number} now @returns {Timed}
 */
export const opening = (heartbeat, now) => until({ ...heartbeat, askedAt: now, patienceMs: openPatienceMs }, now, openPatienceMs);

/** @param {number} now @param {Transport} transport @param {Settings} settings @returns {Timed} */
export function heard(now, transport, settings) {
  return until({ ...noHeartbeat, heardAt: now }, now, silenceMs(transport, settings));
}

/** @param {Heartbeat} heartbeat @param {number} now @param {number} patience @returns {Timed} */
export const asked = (heartbeat, now, patience) => until({ ...heartbeat, askedAt: now, patienceMs: patience, inDoubt: false }, now, patience);

/** @param {Heartbeat} heartbeat @param {number} now @returns {Timed} */
export const askedInDoubt = (heartbeat, now) =>
  until({ ...heartbeat, askedAt: now, patienceMs: doubtPatienceMs, inDoubt: true }, now, doubtPatienceMs);

/**
 * What a ringing timer means. After a sleep the answer may lie in the socket unread, so a late one asks again before it judges; but
 * once only, for in a hidden tab every timer may be late.
 * @param {Heartbeat} heartbeat @param {number} now @returns {'ask'|'ask-in-doubt'|'wait'|'dead'}
 */
export function judge({ askedAt, patienceMs: patience, inDoubt, dueAt }, now) {
  if (dueAt !== null && now - dueAt > lateTimerMs && !(askedAt !== null && inDoubt)) return 'ask-in-doubt';
  if (askedAt === null) return 'ask';
  return now - askedAt < patience ? 'wait' : 'dead';
}

/** @param {Heartbeat} heartbeat @param {number} now @param {number} delayMs @returns {Timed} */
const until = (heartbeat, now, delayMs) => ({ heartbeat: { ...heartbeat, dueAt: now + delayMs }, delayMs });
