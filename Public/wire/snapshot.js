// @ts-check
// The answers of REST that carry state, checked like messages are (SEC-07).

import { all, count, listOf, object, orNull, symbol, text, time } from './checks.js';
import {
  campaign, differences, pattern, portfolio, presence, price, receipts, session, settings, signal, standing, user,
} from './shapes.js';
import { checkMessage } from './messages.js';
import { toNotice, toSession } from './to-action.js';

/**
 * @typedef {import('../core/types.js').Snapshot} Snapshot
 * @typedef {import('../core/types.js').Signal} Signal
 * @typedef {import('./checks.js').Check} Check
 */

const anything = () => null;
const frame = object({
  epoch: text, offset: count, server_time: time, user, settings, portfolio: orNull(portfolio), signals: listOf(anything), campaigns: listOf(anything),
  patterns: listOf(anything), sessions: listOf(anything), prices: listOf(anything), notifications: listOf(anything),
  desk: standing,
});
const datedSession = all(object({ timestamp: time }), session);
const pricedSymbol = all(object({ symbol }), price);

/**
 * One unreadable signal must not cost the trader the page: it is left out and its reason is in `dropped`.
 * @param {unknown} value
 * @returns {{ok: true, snapshot: Snapshot, dropped: string[]}|{ok: false, reason: string}}
 */
export function readSnapshot(value) {
  const fault = frame(value, '');
  if (fault !== null) return { ok: false, reason: fault };
  const body = /** @type {any} */ (value);
  /** @type {string[]} */
  const dropped = [];
  /** @param {any[]} list @param {Check} check @param {string} path */
  const readable = (list, check, path) => list.filter((item, index) => {
    const itemFault = check(item, `${path}/${index}`);
    if (itemFault !== null) dropped.push(itemFault);
    return itemFault === null;
  });
  const snapshot = {
    epoch: body.epoch,
    offset: body.offset,
    serverTime: Date.parse(body.server_time),
    user: body.user,
    settings: body.settings,
    signals: readable(body.signals, signal, '/signals'),
    portfolio: body.portfolio,
    desk: { stopped: body.desk.stopped, stop: body.desk.stop, acknowledgements: body.desk.acknowledgements },
    campaigns: readable(body.campaigns, campaign, '/campaigns'),
    patterns: readable(body.patterns, pattern, '/patterns'),
    sessions: readable(body.sessions, datedSession, '/sessions').map(toSession),
    prices: readable(body.prices, pricedSymbol, '/prices'),
    notices: readable(body.notifications, noticeMessage, '/notifications').map((message) => /** @type {any} */ (toNotice(message))),
  };
  return { ok: true, snapshot, dropped };
}

/** @param {unknown} value @returns {{ok: true, signal: Signal}|{ok: false, reason: string}} */
export function readSignal(value) {
  const fault = signal(value, '');
  return fault === null ? { ok: true, signal: /** @type {Signal} */ (value) } : { ok: false, reason: fault };
}

/** @param {unknown} value @returns {import('../core/types.js').Difference[]|null} */
export const readDifferences = (value) => (differences(value, '') === null ? /** @type {any} */ (value) : null);

/** @param {unknown} value @returns {{ok: true, receipts: import('../core/types.js').Receipts}|{ok: false, reason: string}} */
export function readReceipts(value) {
  const fault = receipts(value, '');
  return fault === null ? { ok: true, receipts: /** @type {any} */ (value) } : { ok: false, reason: fault };
}

/** @param {unknown} value @returns {{ok: true, presence: import('../core/types.js').Presence}|{ok: false, reason: string}} */
export function readPresence(value) {
  const fault = presence(value, '');
  return fault === null ? { ok: true, presence: /** @type {any} */ (value) } : { ok: false, reason: fault };
}

/** @type {Check} */
function noticeMessage(value, path) {
  const result = checkMessage(value);
  if (!result.ok) return `${path}: ${result.reason}`;
  return toNotice(result.message) === null ? `${path}: ${result.message.type} is not a notification` : null;
}
