// @ts-check
// The strip under the header: what is wrong with the connection, how the page caught up, or that it only polls. One at a time,
// the gravest first. And the same as a screen reader says it.

import { caughtUpText, reloadedText, reloadedWhy } from './announcements.js';

/**
 * @typedef {import('./types.js').Connection} Connection
 * @typedef {{tone: 'bad'|'busy'|'calm', icon: 'warning'|'info'|'check'|'clock', title: string, text: string, more: string}} Strip `more` is for
 *   those with room
 */

/** How it caught up is said for this long. */
export const newsShownMs = 8_000;
/** A connection that comes back within this time was no event for the reader. */
export const graceMs = 800;

const stillDeciding = 'Decisions still go over HTTP if the server answers.';

/** @type {Record<Connection['transport'], string>} */
const liveWords = {
  websocket: 'The connection is live.',
  events: 'The connection is live, over server-sent events.',
  polling: 'No live connection gets through: polling every 5 seconds. Prices are not updated.',
};

/**
 * @param {Connection} connection @param {number} nowMs @param {number|null} lostAt since when it has not been live
 * @returns {Strip|null}
 */
export function describeStrip(connection, nowMs, lostAt) {
  const { status, transport } = connection;
  if (lostAt !== null && (status === 'disconnected' || nowMs - lostAt >= graceMs)) return lossStrip(connection);
  return unreadableStrip(connection) ?? newsStrip(connection, nowMs) ?? (status === 'live' && transport === 'polling' ? pollingStrip : null);
}

/**
 * Changes exactly when there is something new to say; empty when there is nothing.
 * @param {Connection} connection @returns {string}
 */
export function spokenConnection({ status, transport, catchUp }) {
  switch (status) {
    case 'live': return [liveWords[transport], catchUpWords(catchUp)].filter((words) => words !== '').join(' ');
    case 'reconnecting': return 'Connection lost, reconnecting…';
    case 'disconnected': return 'The connection is lost.';
    default: return '';
  }
}

/** @param {Connection} connection @returns {Strip} */
function lossStrip({ status, error }) {
  const text = 'Prices and signals may be old.';
  switch (status) {
    case 'disconnected':
      return { tone: 'bad', icon: 'warning', title: `Disconnected${error === null ? '' : `: ${error}`}.`, text, more: stillDeciding };
    case 'catching-up': return { tone: 'busy', icon: 'info', title: 'Catching up…', text: 'What was missed is on its way.', more: '' };
    default: return { tone: 'busy', icon: 'warning', title: 'Connection lost, reconnecting…', text, more: stillDeciding };
  }
}

/** @param {Connection} connection @returns {Strip|null} */
function unreadableStrip({ invalidMessages: count }) {
  if (count === 0) return null;
  const title = `${count} ${count === 1 ? 'message' : 'messages'} could not be read.`;
  return { tone: 'busy', icon: 'warning', title, text: 'Something may be missing here: reload the page.', more: '' };
}

/** @param {Connection} connection @param {number} nowMs @returns {Strip|null} */
function newsStrip({ status, catchUp }, nowMs) {
  const title = catchUpWords(catchUp);
  if (catchUp === null || title === '' || status !== 'live' || nowMs - catchUp.at >= newsShownMs) return null;
  return catchUp.kind === 'resumed'
    ? { tone: 'calm', icon: 'check', title, text: 'Nothing is missing.', more: '' }
    : { tone: 'calm', icon: 'info', title, text: reloadedWhy(catchUp.reason), more: '' };
}

/** @type {Strip} */
const pollingStrip = Object.freeze({
  tone: 'busy', icon: 'clock', title: 'Prices are not updated:', text: 'no live connection.',
  more: 'Signals come every 5 s, decisions work as always.',
});

/** @param {Connection['catchUp']} catchUp */
function catchUpWords(catchUp) {
  if (catchUp === null) return '';
  if (catchUp.kind === 'reloaded') return `${reloadedText(catchUp.reason)}.`;
  return catchUp.quiet || catchUp.replayed === 0 ? '' : `${caughtUpText(catchUp.replayed)}.`;
}
