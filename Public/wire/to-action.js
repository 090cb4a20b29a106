// @ts-check
// What a checked message means for the state. Elements never see the message itself.

import * as actions from '../core/actions.js';
import * as types from './message-types.js';

/**
 * @typedef {import('./messages.js').Message} Message
 * @typedef {import('../core/types.js').Action} Action
 * @typedef {import('../core/types.js').Meta} Meta
 * @typedef {import('../core/types.js').Notice} Notice
 */

/** @type {Record<string, import('../core/types.js').SignalEvent>} */
const signalEvents = {
  [types.SIGNAL_NEW]: 'new',
  [types.SIGNAL_SIGNED_OFF]: 'signed_off',
  [types.SIGNAL_REJECTED]: 'rejected',
  [types.SIGNAL_EXECUTED]: 'executed',
  [types.SIGNAL_FAILED]: 'failed',
  [types.SIGNAL_EXPIRED]: 'expired',
  [types.SIGNAL_WITHDRAWN]: 'withdrawn',
  [types.SIGNAL_UNDONE]: 'undone',
  [types.SIGNAL_EXTENDED]: 'extended',
  [types.SIGNAL_AMENDED]: 'amended',
  [types.SIGNAL_POSTPONED]: 'postponed',
  [types.SIGNAL_MEASURED]: 'measured',
};

/**
 * Null for what concerns the connection alone (`pong`, `error`, `subscription_confirmed`, `resumed`). A batch has been unpacked
 * before, see catch-up.js.
 * @param {Message} message checked, see messages.js
 * @param {number} receivedAt
 * @param {boolean} [replayed] it happened while this page was not listening
 * @returns {Action|null}
 */
export function toAction(message, receivedAt, replayed = false) {
  const { type, data } = message;
  const meta = { offset: message.offset ?? null, at: receivedAt, replayed };
  if (Object.hasOwn(signalEvents, type)) return actions.signalEvent(signalEvents[type], data, meta);
  switch (type) {
    case types.CONNECTED: return actions.identified(message.user, message.settings, Date.parse(message.timestamp) - receivedAt);
    case types.APPROVAL_NOTIFICATION: return actions.signalApproved(data, meta);
    case types.SIGNAL_APPROVED:
      return actions.signalReleased({ signal_id: message.signal_id, version: message.version, released_at: message.timestamp }, meta);
    case types.SIGNAL_RELEASED: return actions.signalReleased(data, meta);
    case types.DESK_STOPPED:
    case types.DESK_RESUME_SIGNED_OFF:
    case types.DESK_RESUMED: return actions.stopChanged(data, meta);
    case types.DESK_ACKNOWLEDGED: return actions.stopAcknowledged(data, meta);
    case types.RECEIPTS_UPDATED: return actions.receiptsChanged(data, meta);
    case types.PRESENCE_UPDATED: return actions.presenceChanged(data, meta);
    case types.PORTFOLIO_UPDATED: return actions.portfolioUpdated(data, meta);
    case types.CAMPAIGN_UPDATED: return actions.campaignUpdated(data, meta);
    case types.PATTERN_DETECTED: return actions.patternDetected(data, meta);
    case types.PRICE_UPDATE: return actions.priceUpdated({ ...data, symbol: message.symbol }, message.timestamp, meta);
    case types.SESSION_STATUS: return actions.sessionChanged(toSession(message), meta);
    case types.ALGORITHM_DECISION: return actions.algorithmDecided(toAlgorithmDecision(message), meta);
    case types.ALERT_TRIGGERED:
    case types.NOTIFICATION:
    case types.RISK_ALERT: return actions.noticed(/** @type {Notice} */ (toNotice(message)), meta);
    default: return meta.offset === null ? null : actions.positionAdvanced(meta.offset);
  }
}

/** An alert, a notification or a risk alert as the notification centre keeps it; null for other types.
 * @param {Message} message @returns {Notice|null} */
export function toNotice(message) {
  const common = { id: `e${message.offset}`, kind: message.type, at: Date.parse(message.timestamp) };
  const { data } = message;
  switch (message.type) {
    case types.ALERT_TRIGGERED:
      return { ...common, severity: data.severity === 'warning' ? 'warn' : data.severity, title: data.message, message: data.symbol ?? '' };
    case types.NOTIFICATION:
      return { ...common, severity: data.type === 'warning' ? 'warn' : data.type, title: data.message, message: '' };
    case types.RISK_ALERT:
      return {
        ...common,
        severity: message.alertLevel === 'warning' ? 'warn' : 'critical',
        title: message.message,
        message: `${message.alertType.replace('_', ' ')}: ${message.currentValue} of ${message.threshold}`,
      };
    default: return null;
  }
}

/** @param {Message} message @returns {import('../core/types.js').Session} */
export const toSession = ({ sessionId, status, timestamp, data, control, reportedStatus }) => ({
  sessionId, status, timestamp, data, control, reportedStatus,
});

/** @param {Message} message @returns {import('../core/types.js').AlgorithmDecision} */
const toAlgorithmDecision = ({ sessionId, algorithmId, decision, reasoning, confidence, marketData, timestamp }) => ({
  sessionId, algorithmId, decision, reasoning, confidence, marketData, timestamp,
});
