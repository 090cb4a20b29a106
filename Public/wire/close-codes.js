// @ts-check
// What a close code means for this page (docs/Protocol.md). The code decides, never `wasClean`.

/**
 * `retry`: `soon` is the ordinary back-off, `later` waits at least its first delay, `never` is for the user to solve.
 * `byServer`: the server itself said so; otherwise something on the way may have broken the connection.
 * @typedef {{retry: 'soon'|'later'|'never', text: string}} Meaning
 * @typedef {Meaning & {byServer: boolean}} CloseMeaning
 */

export const HEARTBEAT_MISSED = 4000;
export const HOLE_IN_SEQUENCE = 4001;

/** @type {Record<number, Meaning>} */
const meanings = {
  1000: { retry: 'soon', text: 'The connection was closed' },
  1001: { retry: 'soon', text: 'The server is going away' },
  1002: { retry: 'later', text: 'The server saw a protocol error' },
  1003: { retry: 'later', text: 'The server does not take binary messages' },
  1006: { retry: 'soon', text: 'The connection was lost' },
  1007: { retry: 'later', text: 'The server saw invalid UTF-8' },
  1009: { retry: 'later', text: 'A message was too big' },
  4000: { retry: 'soon', text: 'The connection had gone silent' },
  4001: { retry: 'soon', text: 'This tab was too slow' },
  4002: { retry: 'later', text: 'This tab sent too many messages' },
  4003: { retry: 'later', text: 'The desk is full' },
  4500: { retry: 'never', text: 'The server refused this connection' },
};

/** @param {number} code @param {string} [reason] what the server wrote beside it @returns {CloseMeaning} */
export function describeClose(code, reason = '') {
  const known = Object.hasOwn(meanings, code) ? meanings[code] : unknownCode(code);
  const byServer = code === 1000 || code === 1001 || code >= 4000;
  return { ...known, text: reason === '' || known.retry !== 'never' ? known.text : reason, byServer };
}

/**
 * The range tells, also for codes of a later server.
 * @param {number} code @returns {Meaning}
 */
const unknownCode = (code) =>
  code >= 4500 && code <= 4999
    ? { retry: 'never', text: `The server refused this connection (${code})` }
    : { retry: 'soon', text: `The connection was closed (${code})` };
