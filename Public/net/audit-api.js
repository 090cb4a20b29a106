// @ts-check
// Asking what the log holds, over REST (APR-18, APR-19).

/**
 * What the reader looks for; empty text is anything. `from` and `to` are times, `to` is not included.
 * @typedef {{ type: string, user: string, from: string, to: string }} AuditFilters
 * @typedef {import('./rest.js').Outcome} Outcome
 * @typedef {{
 *   page(filters: AuditFilters, cursor: string|null): Promise<Outcome>,
 *   statistics(filters: AuditFilters, utcOffsetMinutes: number): Promise<Outcome>,
 *   history(signalId: string): Promise<Outcome>,
 * }} AuditApi
 */

const ENTRIES_PER_PAGE = 50;
const HISTORY_ENTRIES_MAX = 500;

/** @param {import('./rest.js').Rest} rest @returns {AuditApi} */
export function createAuditApi(rest) {
  return {
    page: ({ type, user, from, to }, cursor) =>
      rest(`/api/v1/audit?${query({ limit: String(ENTRIES_PER_PAGE), type, user, from, to, cursor: cursor ?? '' })}`),
    statistics: ({ from, to }, utcOffsetMinutes) =>
      rest(`/api/v1/audit/statistics?${query({ from, to, utc_offset_minutes: String(utcOffsetMinutes) })}`),
    history: (signalId) => rest(`/api/v1/signals/${encodeURIComponent(signalId)}/history?limit=${HISTORY_ENTRIES_MAX}`),
  };
}

/** @param {Record<string, string>} fields those that say something */
const query = (fields) => new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== '')).toString();
