// @ts-check
/** The words a signal is told in: its side, its pattern, its status. Elements print these and add nothing. */
import { timeOfDay } from './clock-text.js';

/** @typedef {{ id: string, outcome: string, status: string | null, decided_by: string, decided_at: string,
 *   note: string | null, reason: string | null, veto?: boolean }} Decision */
/** @typedef {Record<string, any> & { id: string, symbol: string, side: string | null, status: string, recipients?: string[] | null,
 *   decision: Decision | null, sign_offs?: { user: string, needed: number }[] }} Signal */
/** @typedef {{ id: string, signal: Signal, shownStatus: string, pending: null | 'sending' | 'unknown',
 *   failure: string | null, price: Record<string, any> | null, undoing: boolean, selected: boolean,
 *   changes: import('./term-words.js').Difference[], preview: import('../core/types.js').Preview | null,
 *   verdict?: import('../core/types.js').Verdict | null }} CardView */

export const SIDES = /** @type {const} */ (['BUY', 'SELL', 'HOLD', 'NEUTRAL', 'RISK']);
/** @type {Record<string, string>} */
const PATTERN_NAMES = {
  SPRING: 'Spring', UTAD: 'Upthrust after distribution', SOS: 'Sign of strength', LPS: 'Last point of support',
  SC: 'Selling climax', AR: 'Automatic rally', ST: 'Secondary test',
};

/** @param {string | null | undefined} pattern @returns {string | null} the long name of a pattern, for a tooltip */
export function patternName(pattern) {
  return pattern ? PATTERN_NAMES[pattern.toUpperCase()] ?? null : null;
}

/**
 * The status one click approves, or null when the side does not say and the trader must choose.
 * @param {string | null | undefined} side @returns {string | null}
 */
export function oneClickStatus(side) {
  return side && side !== 'NEUTRAL' ? side : null;
}

/** @param {string | null | undefined} side @returns {'buy' | 'sell' | 'flat'} the family a side is painted as */
export function sideTone(side) {
  if (side === 'BUY') return 'buy';
  return side === 'SELL' ? 'sell' : 'flat';
}

/** @param {Pick<CardView, 'pending' | 'shownStatus'>} view @returns {boolean} */
export function canDecide({ pending, shownStatus }) {
  return pending === null && shownStatus === 'PENDING_REVIEW';
}

/**
 * @param {Pick<CardView, 'pending' | 'shownStatus' | 'signal' | 'verdict'>} view
 * @returns {{ tone: 'waiting' | 'busy' | 'good' | 'bad' | 'quiet', icon: string, label: string, byline: string,
 *   quote: string | null }} byline: who and when; quote: the note or the reason
 */
export function describeStatus({ pending, shownStatus, signal, verdict }) {
  if (pending) return describePending(pending, shownStatus);
  const { decision, report } = signal;
  const quote = [decision?.reason, decision?.note, reportText(report)].filter(Boolean).join(' · ') || null;
  const settled = describeSettled(shownStatus);
  const label = decision?.veto && shownStatus === 'REJECTED' ? 'Vetoed' : settled.label;
  return { ...settled, label, byline: bylineOf(signal, verdict), quote };
}

/** @param {Signal} signal @param {import('../core/types.js').Verdict | null} [verdict]
 * @returns {string} who decided or has approved so far, or who last did something about it */
function bylineOf(signal, verdict) {
  const { decision, undone, status, report } = signal;
  if (decision) return `by ${deciders(signal, decision)} ${timeOfDay(decision.decided_at)}`;
  if (status === 'WITHDRAWN' && report) return `by ${report.reported_by} ${timeOfDay(report.reported_at)}`;
  const soFar = status === 'PENDING_REVIEW' ? signOffText(signal, verdict) : '';
  if (soFar) return soFar;
  return undone ? `${undone.undone_by} undid ${undone.approved_by}'s approval ${timeOfDay(undone.undone_at)}` : '';
}

/**
 * @param {Record<string, any> | null | undefined} report what was reported of its execution
 * @returns {string | null} `100 at 150.30 (A-4711)`, or why not
 */
export function reportText(report) {
  if (!report) return null;
  const fill = [report.quantity, report.price === null ? null : `at ${report.price}`].filter(Boolean).join(' ');
  const order = report.order_id === null ? null : `order ${report.order_id}`;
  return [report.reason, fill, order].filter(Boolean).join(', ') || null;
}

/** "1 of 2, by ann": how far the approval is that takes several people.
 * @param {Signal} signal @param {import('../core/types.js').Verdict | null} [verdict] what is asked for now */
export function signOffText({ version, sign_offs: signOffs = [] }, verdict = null) {
  // A verdict on the signal as it was says nothing of who has approved since.
  const asked = verdict?.version === version ? verdict : null;
  const given = asked ? asked.given : signOffs.map(({ user }) => user);
  const needed = asked?.needed ?? signOffs.at(-1)?.needed;
  return given.length > 0 ? `${given.length} of ${needed}, by ${given.join(' and ')}` : '';
}

/** @param {Signal} signal @param {Decision} decision */
function deciders({ sign_offs: signOffs = [] }, { outcome, decided_by: by }) {
  return outcome === 'approved' && signOffs.length > 1 ? signOffs.map(({ user }) => user).join(' and ') : by;
}

/**
 * @param {Record<string, any> | null | undefined} decision
 * @returns {string | null} why, what was noted, and the price away from the entry that was taken, by which policy
 */
export function decisionText(decision) {
  if (!decision) return null;
  const taken = decision.accepted_price ? `took the price ${decision.accepted_price}` : null;
  const by = decision.policy ? `policy ${decision.policy.version}` : null;
  return [decision.reason, decision.note, taken, by].filter(Boolean).join(' · ') || null;
}

/** @param {'sending' | 'unknown'} pending @param {string} shownStatus */
function describePending(pending, shownStatus) {
  const what = shownStatus === 'REJECTED' ? 'rejection' : 'approval';
  const label = pending === 'sending' ? `Sending ${what}…` : `Asking the server about the ${what}…`;
  return { tone: /** @type {const} */ ('busy'), icon: 'spinner', label, byline: '', quote: null };
}

/** @param {string} status @returns {{ tone: 'waiting' | 'good' | 'bad' | 'quiet', icon: string, label: string }} */
function describeSettled(status) {
  if (status.startsWith('APPROVED_')) {
    return { tone: 'good', icon: 'check', label: `Approved ${status.slice('APPROVED_'.length)}` };
  }
  switch (status) {
    case 'PENDING_REVIEW': return { tone: 'waiting', icon: 'clock', label: 'Pending review' };
    case 'REJECTED': return { tone: 'bad', icon: 'cross', label: 'Rejected' };
    case 'EXECUTED': return { tone: 'good', icon: 'check', label: 'Executed' };
    case 'FAILED': return { tone: 'bad', icon: 'warning', label: 'Failed' };
    case 'EXPIRED': return { tone: 'quiet', icon: 'clock', label: 'Expired' };
    case 'WITHDRAWN': return { tone: 'quiet', icon: 'minus', label: 'Withdrawn' };
    default: return { tone: 'quiet', icon: 'minus', label: status.toLowerCase().replaceAll('_', ' ') };
  }
}
