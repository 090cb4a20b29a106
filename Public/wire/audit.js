// @ts-check
// The answers of the audit (`GET /api/v1/audit`, `…/history`, `…/statistics`), checked like the stream's messages are.

import { count, decimal, flag, listOf, object, orNull, rule, text, time, uuid } from './checks.js';
import { signal } from './shapes.js';

/**
 * @typedef {{ offset: number, recorded_at: string, type: string, user: string|null, signal_id: string|null, version: number|null,
 *   signal: Record<string, any>|null, message: Record<string, any>|null, previous_hash: string, hash: string }} AuditEntry
 * @typedef {{ entries: AuditEntry[], cursor: string|null, hasMore: boolean, head: { offset: number, hash: string } }} AuditPage
 * @typedef {{ count: number, median_ms: number|null, p90_ms: number|null, longest_ms: number|null }} Delays
 * @typedef {{ user: string, approved: number, rejected: number, time_to_decision: Delays, approvals_by_hour: number[],
 *   rejections_by_hour: number[] }} Person
 * @typedef {{ from: string, to: string, is_whole: boolean, approved: number, rejected: number, expired: number,
 *   time_to_decision: Delays, people: Person[], ledger: Ledger }} Statistics
 * @typedef {{ signals: number, filled: number, not_filled: number, no_prices: number, unwatched: number, r_sum: string,
 *   r_mean: string|null }} Tally
 * @typedef {{ approved: Tally, rejected: Tally, expired: Tally, withdrawn: Tally }} Tallies
 * @typedef {{ lines: (Tallies & { name: string })[], left_out: number }} LedgerGroup
 * @typedef {{ is_whole: boolean, follow_ms: number, following: number, passed_over: number, total: Tallies,
 *   by: { person: LedgerGroup, reason: LedgerGroup, source: LedgerGroup, grade: LedgerGroup, pattern: LedgerGroup } }} Ledger
 */

const hash = rule((value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value), 'a hash');
const hours = rule((value) => Array.isArray(value) && value.length === 24 && value.every((each) => Number.isSafeInteger(each) && each >= 0), '24 counts');
const delays = object({ count, median_ms: orNull(count), p90_ms: orNull(count), longest_ms: orNull(count) });

const entry = object({
  offset: count, recorded_at: time, type: text, user: orNull(text), signal_id: orNull(uuid), version: orNull(count),
  signal: orNull(signal), message: orNull(object({})), previous_hash: hash, hash,
});
const page = object({ entries: listOf(entry), cursor: orNull(text), has_more: flag, head: object({ offset: count, hash }) });
const tally = object({
  signals: count, filled: count, not_filled: count, no_prices: count, unwatched: count, r_sum: decimal, r_mean: orNull(decimal),
});
const tallies = { approved: tally, rejected: tally, expired: tally, withdrawn: tally };
const group = object({ lines: listOf(object({ name: text, ...tallies })), left_out: count });
const ledger = object({
  is_whole: flag, follow_ms: count, following: count, passed_over: count, total: object(tallies),
  by: object({ person: group, reason: group, source: group, grade: group, pattern: group }),
});
const statistics = object({
  from: time, to: time, is_whole: flag, approved: count, rejected: count, expired: count, time_to_decision: delays,
  people: listOf(object({
    user: text, approved: count, rejected: count, time_to_decision: delays, approvals_by_hour: hours, rejections_by_hour: hours,
  })),
  ledger,
});

/** @param {unknown} value @returns {{ok: true, page: AuditPage}|{ok: false, reason: string}} */
export function readAuditPage(value) {
  const fault = page(value, '');
  if (fault !== null) return { ok: false, reason: fault };
  const { entries, cursor, has_more: hasMore, head } = /** @type {any} */ (value);
  return { ok: true, page: { entries, cursor, hasMore, head } };
}

/** @param {unknown} value @returns {{ok: true, statistics: Statistics}|{ok: false, reason: string}} */
export function readAuditStatistics(value) {
  const fault = statistics(value, '');
  return fault === null ? { ok: true, statistics: /** @type {any} */ (value) } : { ok: false, reason: fault };
}
