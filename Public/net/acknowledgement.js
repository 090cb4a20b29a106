// @ts-check
// Telling the server up to where everything critical has been applied here, so that it need not send it again (DLV-02, DLV-05).
// Pure: one acknowledgement says it for everything before it, so each turn of the connection needs one at most.

/**
 * `wanted`: this server takes them, on this connection. `due`: there is something to say. `allowance` were unused at `countedAt`.
 * @typedef {{wanted: boolean, due: boolean, said: boolean, allowance: number, countedAt: number}} Acknowledgement
 */

/** One that did not get through over REST is said again after this. */
export const sayAgainMs = 5_000;
/** The part of the messages that a connection may send which is for acknowledging; the trader's own need room too. */
const shareOfMessages = 1 / 2;
/** The part of a minute's acknowledgements that may go out at once. */
const shareAtOnce = 1 / 2;

/** @param {number} now @returns {Acknowledgement} for a new connection */
export const freshAcknowledgement = (now) => ({ wanted: true, due: false, said: false, allowance: Infinity, countedAt: now });

/** @param {Acknowledgement} acknowledgement @returns {Acknowledgement} */
export const makeDue = (acknowledgement) => (acknowledgement.due ? acknowledgement : { ...acknowledgement, due: true });

/**
 * This server does not know of acknowledging; nothing more is said on this connection.
 * @param {Acknowledgement} acknowledgement @returns {Acknowledgement}
 */
export const unwanted = (acknowledgement) => ({ ...acknowledgement, wanted: false });

/**
 * Says it now, or in `waitMs`, or (both null) has nothing to say.
 * @param {Acknowledgement} acknowledgement @param {{now: number, named: boolean, messagesPerMinuteMax: number}} circumstances only who has a name
 *   acknowledges @returns {{acknowledgement: Acknowledgement, now: boolean, waitMs: number|null}}
 */
export function sayIfDue(acknowledgement, { now, named, messagesPerMinuteMax }) {
  const { wanted, due } = acknowledgement;
  if (!wanted || !due || !named) return { acknowledgement, now: false, waitMs: null };
  const perMinute = Math.max(1, messagesPerMinuteMax * shareOfMessages);
  const everyMs = 60_000 / perMinute;
  const gained = Math.max(0, now - acknowledgement.countedAt) / everyMs;
  const allowance = Math.min(Math.max(1, perMinute * shareAtOnce), acknowledgement.allowance + gained);
  const counted = { ...acknowledgement, allowance, countedAt: now };
  if (allowance < 1) return { acknowledgement: counted, now: false, waitMs: Math.ceil((1 - allowance) * everyMs) };
  return { acknowledgement: { ...counted, due: false, said: true, allowance: allowance - 1 }, now: true, waitMs: null };
}
