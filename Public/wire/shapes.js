// @ts-check
// The fields of every server message, as docs/Protocol.md gives them. Amounts are decimal strings, scores JSON numbers.

import { all, anything, count, decimal, flag, listOf, object, oneOf, optional, orNull, score, symbol, text, time, uuid } from './checks.js';
import * as types from './message-types.js';

/** @typedef {import('./checks.js').Check} Check */

const side = oneOf('BUY', 'SELL', 'HOLD', 'NEUTRAL', 'RISK');
const signalStatus = oneOf(
  'PENDING_REVIEW', 'APPROVED_BUY', 'APPROVED_SELL', 'APPROVED_HOLD', 'APPROVED_NEUTRAL', 'APPROVED_RISK',
  'REJECTED', 'EXPIRED', 'WITHDRAWN', 'EXECUTED', 'FAILED',
);

/** By which policy something was decided. */
const stamp = object({ version: text, hash: text });

export const decision = object({
  id: text, outcome: oneOf('approved', 'rejected'), status: orNull(side), decided_by: text, decided_at: time,
  note: orNull(text), reason: orNull(text), accepted_price: orNull(decimal), veto: flag, undo_window_ms: orNull(count), policy: orNull(stamp),
});

/** The last approval that was taken back. */
const undone = object({
  id: text, undone_by: text, undone_at: time, approved_status: side, approved_by: text, approved_at: time,
});

/** More time to decide. */
const extended = object({ extended_by: text, extended_at: time, times: count, minutes: count });

/** What the source, or who carries it out, said last. */
const report = object({
  reported_by: text, reported_at: time, reason: orNull(text), price: orNull(decimal), quantity: orNull(decimal), order_id: orNull(text),
});
/** One of several approvals that a signal needs. */
const signOff = object({ id: text, user: text, role: text, status: side, at: time, note: orNull(text), needed: count });

/** What a decided signal would have made by its own plan. */
const paperResult = object({
  ending: text, side, r: orNull(decimal), started_at: time, ended_at: time, entry_price: orNull(decimal), entered_at: orNull(time),
  exit_price: orNull(decimal), unwatched_seconds: count,
});

export const signal = object({
  id: uuid, symbol, side: orNull(side), status: signalStatus, awaiting_approval: flag, version: count, terms: text, source: orNull(text),
  proposed_by: orNull(text),
  ts: orNull(time), received_at: time, updated_at: time, expires_at: orNull(time), released_at: orNull(time),
  recipients: orNull(listOf(text)),
  pattern_type: orNull(text), phase: orNull(text), test_confirmed: orNull(flag),
  confidence_score: orNull(score), confidence_grade: orNull(oneOf('A+', 'A', 'B', 'C', 'D')),
  entry_price: orNull(decimal), stop_loss: orNull(decimal), target_price: orNull(decimal), quantity: orNull(decimal),
  risk_amount: orNull(decimal), risk_percentage: orNull(decimal), r_multiple: orNull(decimal),
  campaign_id: orNull(text), reasoning: orNull(text),
  unslug_score: orNull(score), fear_score: orNull(score), combined_trust: orNull(score),
  recommendation: orNull(object({ suggested: text, unslug: orNull(score), fear: orNull(score) })),
  decision: orNull(decision), sign_offs: listOf(signOff), undone: orNull(undone), extended: orNull(extended),
  report: orNull(report), paper_result: orNull(paperResult),
});

/** What is not as it was. */
export const differences = listOf(object({ field: text, was: orNull(text), is: orNull(text) }));

export const user = object({ name: orNull(text), role: text, named: flag });

export const settings = object({
  heartbeat_interval_ms: count,
  reconnect: object({ delays_ms: all(listOf(count), notEmpty), attempts_max: count, probe_interval_ms: count }),
  decision_timeout_ms: count, message_bytes_max: count, note_characters_max: count, messages_per_minute_max: count,
  undo_window_ms: count, reject_reasons: listOf(text), bulk_items_max: count, expiry_reminder_ms: count,
  extension: object({ minutes: count, times_max: count, minutes_max: count }),
});

export const portfolio = object({
  total_heat: decimal, available_capacity: decimal, timestamp: time, heat_limit: orNull(decimal), value: orNull(decimal),
  session_pnl: orNull(decimal),
});

export const campaign = object({
  campaign_id: text, risk_allocated: decimal, positions_count: count, risk_limit: orNull(decimal), utilisation_pct: orNull(decimal),
});

export const pattern = object({
  id: text, symbol, pattern_type: text, confidence_score: orNull(score), phase: orNull(text), test_confirmed: orNull(flag),
});

export const price = object({
  price: decimal, change: orNull(decimal), change_pct: orNull(decimal), volume: orNull(count), bid: orNull(decimal), ask: orNull(decimal),
});

const sessionStatus = oneOf('active', 'paused', 'completed', 'expired', 'emergency_stopped');

export const session = object({
  sessionId: text,
  status: sessionStatus,
  control: orNull(object({ action: oneOf('pause', 'resume', 'stop'), by: text, at: time, reason: orNull(text), id: text })),
  reportedStatus: orNull(sessionStatus),
  previousStatus: orNull(sessionStatus),
  data: object({
    currentPnL: decimal, totalTrades: count, lossLimitUtilization: decimal, timeElapsed: count, performanceScore: orNull(decimal),
  }),
});

/** The emergency stop, in force or the last one there was. */
const stop = object({
  id: text, since: time, stopped_by: text, stopped_at: time, reason: orNull(text),
  resume: object({ people: count, role: text, signed_off: listOf(object({ by: text, at: time })) }), resumed_at: orNull(time),
});

/** Which tabs have acknowledged it. */
const stopAcknowledgements = object({
  offset: count, tabs: count, acknowledged: count, waiting: listOf(object({ user: text, tabs: count, connected: flag })),
});

export const standing = object({ stopped: flag, stop: orNull(stop), acknowledgements: orNull(stopAcknowledgements) });

/** Who has acknowledged what was last decided about a signal. */
export const receipts = object({
  signal_id: uuid, offset: orNull(count), sent_at: orNull(time), recipients: count, delivered: count,
  seen: listOf(object({ user: text, seen_at: orNull(time), attempt: orNull(count), latency_ms: orNull(count) })),
  waiting: listOf(object({ user: text, offline_since: orNull(time) })),
});

/** Who is here and who looks at what. */
export const presence = object({
  users: listOf(object({ user: text, tabs: count, since: time })), users_count: count, anonymous_tabs: count,
  looking: listOf(object({ signal_id: uuid, user: orNull(text), tabs: count, since: time })), looking_count: count,
});

/** Type and time of every message; its number is required on the socket only, see messages.js. */
export const envelope = object({ type: text, timestamp: time, sequence_number: optional(count), offset: optional(count) });

const signalMessage = object({ offset: count, data: signal });

/** @type {Record<string, Check>} */
export const messages = {
  [types.CONNECTED]: object({
    sequence_number: oneOf(0), connection_id: uuid, epoch: text, offset: count, oldest_offset: count, user, settings,
    desk: standing,
  }),
  // Each of its events is a message and checked as one; the two arrays say some of them again.
  [types.BATCH_UPDATE]: object({
    batch_size: count, patterns_detected: listOf(anything), signals_generated: listOf(anything), events: listOf(anything),
  }),
  [types.SIGNAL_NEW]: signalMessage,
  [types.SIGNAL_SIGNED_OFF]: signalMessage,
  [types.SIGNAL_REJECTED]: all(signalMessage, object({ data: object({ decision }) })),
  [types.SIGNAL_EXECUTED]: signalMessage,
  [types.SIGNAL_FAILED]: signalMessage,
  [types.SIGNAL_EXPIRED]: signalMessage,
  [types.SIGNAL_WITHDRAWN]: signalMessage,
  [types.SIGNAL_UNDONE]: all(signalMessage, object({ data: object({ undone }) })),
  [types.SIGNAL_EXTENDED]: all(signalMessage, object({ data: object({ extended }) })),
  [types.SIGNAL_POSTPONED]: signalMessage,
  [types.DESK_STOPPED]: object({ offset: count, data: stop }),
  [types.DESK_RESUME_SIGNED_OFF]: object({ offset: count, data: stop }),
  [types.DESK_RESUMED]: object({ offset: count, data: stop }),
  [types.DESK_ACKNOWLEDGED]: object({ data: stopAcknowledgements }),
  [types.SIGNAL_AMENDED]: all(signalMessage, object({ changes: differences })),
  [types.SIGNAL_MEASURED]: all(signalMessage, object({ data: object({ paper_result: paperResult }) })),
  [types.APPROVAL_NOTIFICATION]: object({
    offset: count,
    data: object({
      symbol, approved_status: side, approved_by: text, approved_at: time, note: orNull(text),
      accepted_price: orNull(decimal), signal_id: uuid, decision_id: text,
      status: signalStatus, version: count, sign_offs: listOf(signOff), undo_window_ms: orNull(count), policy: orNull(stamp),
    }),
  }),
  [types.SIGNAL_APPROVED]: object({
    offset: count, signal_id: uuid, symbol, pattern_type: orNull(text), confidence_score: orNull(score),
    confidence_grade: orNull(oneOf('A+', 'A', 'B', 'C', 'D')), entry_price: orNull(decimal), stop_loss: orNull(decimal),
    target_price: orNull(decimal), risk_amount: orNull(decimal), risk_percentage: orNull(score), r_multiple: orNull(score),
    expires_at: orNull(time), side: orNull(side), quantity: orNull(decimal), approved_by: text, approved_at: time, decision_id: text,
    version: count, approvers: listOf(text),
  }),
  [types.SIGNAL_RELEASED]: object({ offset: count, data: object({ signal_id: uuid, version: count, released_at: time }) }),
  [types.PATTERN_DETECTED]: object({ offset: count, data: pattern, full_details_url: text }),
  [types.PORTFOLIO_UPDATED]: object({ offset: count, data: portfolio }),
  [types.CAMPAIGN_UPDATED]: object({ offset: count, data: campaign }),
  [types.PRICE_UPDATE]: object({ symbol, data: price }),
  [types.ALERT_TRIGGERED]: object({
    offset: count,
    data: object({ id: text, symbol: orNull(symbol), type: text, message: text, severity: oneOf('info', 'warning', 'critical') }),
  }),
  [types.NOTIFICATION]: object({
    offset: count, data: object({ id: text, message: text, type: oneOf('info', 'success', 'warning', 'error') }),
  }),
  [types.SESSION_STATUS]: all(object({ offset: count }), session),
  [types.ALGORITHM_DECISION]: object({
    offset: count, sessionId: text, algorithmId: text, decision: oneOf('buy', 'sell', 'hold', 'close_position'),
    reasoning: orNull(text), confidence: score, marketData: object({ symbol, price: decimal, volume: count }),
  }),
  [types.RISK_ALERT]: object({
    offset: count, sessionId: orNull(text), alertLevel: oneOf('warning', 'critical', 'emergency'),
    alertType: oneOf('loss_limit', 'time_limit', 'volatility', 'correlation'), message: text, currentValue: decimal, threshold: decimal,
  }),
  [types.RECEIPTS_UPDATED]: object({ data: receipts }),
  [types.PRESENCE_UPDATED]: object({ data: presence }),
  [types.SUBSCRIPTION_CONFIRMED]: object({
    data: object({ channels: listOf(text), symbols: orNull(listOf(symbol)), symbol: optional(symbol) }),
  }),
  [types.RESUMED]: object({ data: resumedData }),
  [types.PONG]: object({ data: object({ timestamp: time }) }),
  [types.ERROR]: object({ error: text, code: text }),
};

/** @type {Check} */
function resumedData(value, path) {
  const fault = object({ recovered: flag, offset: count })(value, path);
  if (fault !== null) return fault;
  const { recovered } = /** @type {{recovered: boolean}} */ (value);
  return object(recovered ? { replayed: count } : { reason: text })(value, path);
}

/** @type {Check} */
function notEmpty(value, path) {
  return Array.isArray(value) && value.length > 0 ? null : `${path} is empty`;
}
