// @ts-check
// The notification centre and the toasts: what is announced, once, and within bounds (TST-12, TST-16).

import { dismissToast, expireToasts, isSticky, offerToast } from './toast-policy.js';

/**
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Severity} Severity
 * @typedef {import('./announcements.js').Announcement} Announcement
 */

export const notificationsMax = 50;
/** Decisions whose toast was shown; REST and WebSocket tell of the same one seconds apart at most. */
export const announcedMax = 200;

/**
 * Into the notification centre, and as a toast unless it is caught up rather than live; a critical one always.
 * @param {State} state @param {Announcement} announcement
 * @param {{at: number, replayed?: boolean, id?: string|null, once?: string}} occasion `once`: said only the first time for this key
 * @returns {State}
 */
export function announce(state, announcement, { at, replayed = false, id = null, once }) {
  if (once !== undefined && state.announced.includes(once)) return state;
  const notificationId = id ?? `n${state.nextId}`;
  if (state.notifications.some((known) => known.id === notificationId)) return state;
  const told = {
    ...state,
    nextId: state.nextId + 1,
    announced: once === undefined ? state.announced : [once, ...state.announced].slice(0, announcedMax),
    notifications: [{ ...announcement, id: notificationId, at, read: false }, ...state.notifications].slice(0, notificationsMax),
  };
  if (replayed && !isSticky(announcement.severity)) return told;
  return showToast(told, announcement.severity, announcement.title, at, announcement.signalId);
}

/**
 * A toast without a notification.
 * @param {State} state @param {Severity} severity @param {string} text @param {number} at
 * @param {string|null} [signalId] @returns {State}
 */
export function showToast(state, severity, text, at, signalId = null) {
  const offer = { id: `t${state.nextId}`, severity, text, signalId, at };
  const toasts = offerToast(state.toasts, offer, { enabled: state.preferences.toasts });
  return toasts === state.toasts ? state : { ...state, toasts, nextId: state.nextId + 1 };
}

/** @param {State} state @param {string} id @returns {State} */
export const withoutToast = (state, id) => withToasts(state, dismissToast(state.toasts, id));

/** @param {State} state @param {number} now @returns {State} */
export const withoutExpiredToasts = (state, now) => withToasts(state, expireToasts(state.toasts, now));

/** @param {State} state @param {string|null} id one, or all @returns {State} */
export function withNotificationsRead(state, id) {
  const concerns = (/** @type {import('./types.js').Notification} */ item) => !item.read && (id === null || item.id === id);
  if (!state.notifications.some(concerns)) return state;
  return { ...state, notifications: state.notifications.map((item) => (concerns(item) ? { ...item, read: true } : item)) };
}

/** @param {State} state @param {string|null} id one, or all @returns {State} */
export function withoutNotifications(state, id) {
  const notifications = id === null ? [] : state.notifications.filter((item) => item.id !== id);
  return notifications.length === state.notifications.length ? state : { ...state, notifications };
}

/** @param {State} state @param {import('./types.js').Toasts} toasts @returns {State} */
const withToasts = (state, toasts) => (toasts === state.toasts ? state : { ...state, toasts });
