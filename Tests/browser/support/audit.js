import { golden } from './messages.js';

const HASH = 'ab'.repeat(32);

/** An entry of the log as the server tells it; `fields` change it. */
export function auditEntry(offset, fields = {}) {
  return {
    offset, recorded_at: '2026-01-23T10:30:00.000Z', type: 'notice', user: null, signal_id: null, version: null, signal: null,
    message: { type: 'notification', timestamp: '2026-01-23T10:30:00.000Z', offset, data: { id: 'n', message: 'hello', type: 'info' } },
    previous_hash: HASH, hash: HASH, ...fields,
  };
}

/** The decision of the golden rejection, in the log. */
export function rejectionEntry(offset) {
  const signal = golden('signal-rejected').data;
  return auditEntry(offset, {
    type: 'signal_rejected', user: signal.decision.decided_by, signal_id: signal.id, version: signal.version, signal, message: null,
  });
}

export function auditPage(entries, cursor = null) {
  return { epoch: 'e', entries, cursor, has_more: cursor !== null, head: { offset: 9, hash: HASH, kept_offset: 8, kept_hash: HASH } };
}

const delays = { count: 1, median_ms: 900, p90_ms: 900, longest_ms: 900 };

/** So many signals of a kind, all filled unless said otherwise. */
export const tally = (signals, rSum = '0.00', fields = {}) => ({
  signals, filled: signals, not_filled: 0, no_prices: 0, unwatched: 0, r_sum: rSum, r_mean: signals > 0 ? rSum : null, ...fields,
});

export const tallies = (fields = {}) => ({
  approved: tally(0), rejected: tally(0), expired: tally(0), withdrawn: tally(0), ...fields,
});

export function ledger(fields = {}) {
  const none = { lines: [], left_out: 0 };
  return {
    is_whole: true, follow_ms: 86_400_000, following: 0, passed_over: 0, total: tallies(),
    by: { person: none, reason: none, source: none, grade: none, pattern: none }, ...fields,
  };
}

export function auditStatistics(fields = {}) {
  return {
    from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z', utc_offset_minutes: 0, is_whole: true, approved: 1, rejected: 0,
    expired: 0, time_to_decision: delays,
    people: [{ user: 'ann', approved: 1, rejected: 0, time_to_decision: delays, approvals_by_hour: Array(24).fill(0), rejections_by_hour: Array(24).fill(0) }],
    ledger: ledger(),
    ...fields,
  };
}
