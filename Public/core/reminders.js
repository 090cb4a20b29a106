// @ts-check
// What expires soon: said once for each signal in each tab, some time before (APR-13).

import { announce } from './reduce-notifications.js';

/**
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Signal} Signal
 */

/** More at once are told of in one toast. */
export const remindersAtOnceMax = 3;
/** Signals whose reminder is remembered; those that were reminded of longest ago have expired long since. */
export const remindedMax = 1_000;

/**
 * Signals that expire within the reminder's time and were not reminded of yet.
 * @param {State} state @param {number} nowMs by this browser's clock @returns {string[]}
 */
export function dueReminders({ signals, settings, serverAheadMs, reminded, desk }, nowMs) {
  // Nothing runs out while the desk is stopped.
  if (desk.stopped) return [];
  const now = nowMs + serverAheadMs;
  return signals.order.filter((id) => {
    const { awaiting_approval: pending, expires_at: expiresAt } = signals.byId[id];
    if (!pending || expiresAt === null || reminded.includes(id)) return false;
    const left = Date.parse(expiresAt) - now;
    return left > 0 && left <= settings.expiry_reminder_ms;
  });
}

/** @param {State} state @param {string[]} ids @param {number} at @returns {State} */
export function remind(state, ids, at) {
  const due = ids.map((id) => state.signals.byId[id]).filter((signal) => signal !== undefined);
  const noted = { ...state, reminded: [...ids, ...state.reminded].slice(0, remindedMax) };
  const kind = 'expiry-reminder';
  if (due.length > remindersAtOnceMax) {
    const title = `${due.length} signals expire soon`;
    return announce(noted, { kind, severity: 'warn', title, message: due.map(({ symbol }) => symbol).join(', '), signalId: null }, { at });
  }
  return due.reduce((told, { id, symbol, expires_at: expiresAt }) => {
    const seconds = Math.max(1, Math.round((Date.parse(expiresAt ?? '') - at - state.serverAheadMs) / 1_000));
    const title = `${symbol} expires in ${seconds} s`;
    return announce(told, { kind, severity: 'warn', title, message: '', signalId: id }, { at, once: `reminder:${id}` });
  }, noted);
}
