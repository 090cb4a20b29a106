// @ts-check
// How the connection reads in the header: tone, icon, text, countdown, tooltip (IND-02 … IND-07).

import { timeOfDay } from './clock-text.js';

/**
 * @typedef {import('./types.js').Connection} Connection
 * @typedef {{tone: 'good'|'busy'|'bad', icon: 'check'|'spinner'|'clock'|'cross', text: string, countdown: string|null,
 *   canReconnect: boolean, tooltip: [string, string][], pulsing: boolean}} Indicator
 */

/** @type {Record<Connection['status'], {tone: Indicator['tone'], icon: Indicator['icon']}>} */
const looks = {
  live: { tone: 'good', icon: 'check' },
  connecting: { tone: 'busy', icon: 'spinner' },
  'catching-up': { tone: 'busy', icon: 'spinner' },
  reconnecting: { tone: 'busy', icon: 'spinner' },
  disconnected: { tone: 'bad', icon: 'cross' },
};

/**
 * Which way it is live, in words (C20).
 * @type {Record<Connection['transport'], string>}
 */
const liveTexts = { websocket: 'Live', events: 'Live (events)', polling: 'Polling every 5 s' };

/** @type {Record<Connection['transport'], string>} */
const transportNames = { websocket: 'WebSocket', events: 'Server-sent events', polling: 'Polling' };

/** @param {Connection} connection */
const polls = ({ status, transport }) => status === 'live' && transport === 'polling';

/** @param {Connection} connection @param {number} nowMs @returns {Indicator} */
export function describeConnection(connection, nowMs) {
  const { status, retryAt } = connection;
  return {
    ...looks[status],
    ...(polls(connection) ? { tone: 'busy', icon: 'clock' } : {}),
    text: textOf(connection),
    countdown: retryAt === null || status === 'live' ? null : `Retrying in ${Math.max(0, Math.ceil((retryAt - nowMs) / 1_000))}s...`,
    canReconnect: status === 'disconnected' || (status === 'reconnecting' && retryAt !== null),
    tooltip: tooltipOf(connection),
    pulsing: looks[status].icon === 'spinner',
  };
}

/** @param {Connection} connection */
function textOf({ status, transport, attempt, attemptsMax }) {
  switch (status) {
    case 'live': return liveTexts[transport];
    case 'connecting': return 'Connecting...';
    case 'catching-up': return 'Catching up...';
    case 'reconnecting': return `Reconnecting (attempt ${attempt}/${attemptsMax})`;
    default: return 'Disconnected';
  }
}

/**
 * IND-04, and what else helps when something is wrong.
 * @param {Connection} connection @returns {[string, string][]}
 */
function tooltipOf({ transport, connectionId, lastMessageAt, lastSequenceNumber, error, invalidMessages, catchUp }) {
  /** @type {[string, string][]} */
  const rows = [
    ['Way', transportNames[transport]],
    ['Connection', connectionId ?? '–'],
    ['Last message', lastMessageAt === null ? '–' : timeOfDay(lastMessageAt)],
    ['Sequence number', lastSequenceNumber === null ? '–' : String(lastSequenceNumber)],
  ];
  if (catchUp?.kind === 'resumed') rows.push(['Caught up', `${catchUp.replayed} at ${timeOfDay(catchUp.at)}`]);
  if (catchUp?.kind === 'reloaded') rows.push(['Reloaded', `${catchUp.reason} at ${timeOfDay(catchUp.at)}`]);
  if (invalidMessages > 0) rows.push(['Unreadable messages', String(invalidMessages)]);
  if (error !== null) rows.push(['Problem', error]);
  return rows;
}
