// @ts-check
// Which messages must never be lost: the server keeps them until this page has acknowledged them (GAP-14, DLV-05).

import {
  APPROVAL_NOTIFICATION, DESK_RESUMED, DESK_STOPPED, RISK_ALERT, SESSION_STATUS, SIGNAL_APPROVED, SIGNAL_UNDONE,
} from './message-types.js';

const critical = new Set([APPROVAL_NOTIFICATION, SIGNAL_APPROVED, SIGNAL_UNDONE, DESK_STOPPED, DESK_RESUMED]);

/** @param {import('./messages.js').Message} message @returns {boolean} */
export function isCritical({ type, offset, alertLevel, status, previousStatus }) {
  if (offset === undefined) return false;
  if (type === RISK_ALERT) return alertLevel === 'critical' || alertLevel === 'emergency';
  // Once, when it stops; not every report of a session that stands still.
  if (type === SESSION_STATUS) return status === 'emergency_stopped' && (previousStatus ?? null) !== null;
  return critical.has(type);
}
