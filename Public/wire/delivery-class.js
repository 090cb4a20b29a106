// @ts-check
// Which messages must never be lost: the server keeps them until this page has acknowledged them (GAP-14, DLV-05).

import { APPROVAL_NOTIFICATION, RISK_ALERT, SIGNAL_APPROVED, SIGNAL_UNDONE } from './message-types.js';

/** @param {import('./messages.js').Message} message @returns {boolean} */
export function isCritical({ type, offset, alertLevel }) {
  if (offset === undefined) return false;
  if (type === RISK_ALERT) return alertLevel === 'critical' || alertLevel === 'emergency';
  return type === APPROVAL_NOTIFICATION || type === SIGNAL_APPROVED || type === SIGNAL_UNDONE;
}
