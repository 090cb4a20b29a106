// @ts-check
// What is worth a word about a session's figures: lines of the loss limit, profit or loss, and the performance score (SES-02, TST-14).

import { compareDecimals, trimDecimal } from './decimal.js';

/** Per cent of what may be lost; the last is the limit itself. */
export const lossLimitLines = Object.freeze(['50', '80', '100']);
export const performanceLines = Object.freeze(['50', '75', '90']);

/**
 * @typedef {import('./types.js').Session} Session
 * @typedef {import('./announcements.js').Announcement} Announcement
 */

/** Only lines that were crossed since the last report; none of a session that is heard of for the first time.
 * @param {Session|undefined} before @param {Session} after @returns {Announcement[]} */
export function sessionMilestones(before, after) {
  if (!before) return [];
  const { sessionId } = after;
  /** @type {(Announcement|null)[]} */
  const found = [lossLimit(sessionId, before.data, after.data), profit(sessionId, before.data, after.data), performance(sessionId, before.data, after.data)];
  return found.flatMap((announcement) => announcement ?? []);
}

/** @param {string} sessionId @param {Session['data']} before @param {Session['data']} after @returns {Announcement|null} */
function lossLimit(sessionId, before, after) {
  const line = highestCrossed(lossLimitLines, before.lossLimitUtilization, after.lossLimitUtilization);
  if (line === null) return null;
  const used = trimDecimal(after.lossLimitUtilization);
  const title = line === '100' ? `Session ${sessionId} has reached its loss limit (${used}%)` : `Session ${sessionId} has used ${used}% of its loss limit`;
  return { kind: 'session_status', severity: line === '100' ? 'error' : 'warn', title, message: '', signalId: null };
}

/** @param {string} sessionId @param {Session['data']} before @param {Session['data']} after @returns {Announcement|null} */
function profit(sessionId, before, after) {
  const [was, is] = [sign(before.currentPnL), sign(after.currentPnL)];
  if (was === is || was === 0 || is === 0) return null;
  return {
    kind: 'session_status', severity: is > 0 ? 'success' : 'warn',
    title: `Session ${sessionId} is now ${is > 0 ? 'in profit' : 'at a loss'}: ${trimDecimal(after.currentPnL)}`, message: '', signalId: null,
  };
}

/** @param {string} sessionId @param {Session['data']} before @param {Session['data']} after @returns {Announcement|null} */
function performance(sessionId, { performanceScore: was }, { performanceScore: is }) {
  if (was === null || is === null || highestCrossed(performanceLines, was, is) === null) return null;
  return { kind: 'session_status', severity: 'success', title: `Session ${sessionId} performs at ${trimDecimal(is)}`, message: '', signalId: null };
}

/** @param {readonly string[]} lines ascending @param {string} before @param {string} after @returns {string|null} */
function highestCrossed(lines, before, after) {
  const crossed = lines.filter((line) => compareDecimals(before, line) === -1 && compareDecimals(after, line) !== -1);
  return crossed.at(-1) ?? null;
}

/** @param {string} amount */
const sign = (amount) => compareDecimals(amount, '0') ?? 0;
