// @ts-check
// What the trader is told when something happens: the documented texts (TST-02 … TST-06, TST-10) and ours in their manner.

import { compareDecimals, trimDecimal } from './decimal.js';
import { timeOfDay } from './clock-text.js';

/**
 * @typedef {import('./types.js').Signal} Signal
 * @typedef {import('./types.js').Severity} Severity
 * @typedef {import('./types.js').User} User
 * @typedef {{kind: string, severity: Severity, title: string, message: string, signalId: string|null}} Announcement
 */

/** Heat and campaigns are worth a word above this, per cent (TST-04, TST-05). */
export const heatWarningPercent = '80';

/** What was amended, in the trader's words, the first change in the title.
 * @param {Signal} signal @param {import('./types.js').Difference[]} differences @returns {Announcement} */
export function announceAmendment(signal, differences) {
  const texts = differences.map(({ field, was, is }) => `${field.replaceAll('_', ' ')} ${was ?? 'none'} → ${is ?? 'none'}`);
  const more = texts.length > 1 ? ` and ${texts.length - 1} more` : '';
  return { kind: 'signal:amended', severity: 'warn', title: `${signal.symbol} amended: ${texts[0]}${more}`, message: texts.join(', '), signalId: signal.id };
}

/** Texts by what happened to the signal; a decision has its own below.
 * @type {Record<string, {severity: Severity, title: (signal: Signal) => string}>} */
const signalTexts = {
  new: { severity: 'info', title: (signal) => `New signal: ${signal.pattern_type ?? signal.side ?? 'signal'} on ${signal.symbol}` },
  signed_off: { severity: 'info', title: signOffTitle },
  executed: { severity: 'success', title: (signal) => `Signal executed: ${signal.symbol}` },
  failed: { severity: 'error', title: (signal) => `Signal failed: ${signal.symbol}` },
  expired: { severity: 'warn', title: (signal) => `Signal expired: ${signal.symbol}` },
  withdrawn: { severity: 'info', title: (signal) => `Signal withdrawn: ${signal.symbol}` },
  undone: {
    severity: 'warn',
    title: ({ symbol, undone }) => `${undone?.undone_by} undid ${undone?.approved_by}'s approval of ${symbol}`,
  },
  extended: { severity: 'info', title: ({ symbol, extended }) => `${extended?.extended_by} gave ${symbol} more time` },
};

/** @param {Signal} signal */
function signOffTitle({ symbol, sign_offs: signOffs }) {
  const last = signOffs.at(-1);
  return last ? `${symbol}: ${signOffs.length} of ${last.needed} approvals, by ${last.user}` : symbol;
}

/** @param {'new'|'signed_off'|'executed'|'failed'|'expired'|'withdrawn'|'undone'|'extended'} event @param {Signal} signal
 * @returns {Announcement} */
export function announceSignal(event, signal) {
  const { severity, title } = signalTexts[event];
  return { kind: `signal:${event}`, severity, title: title(signal), message: signal.report?.reason ?? signal.reasoning ?? '', signalId: signal.id };
}

/**
 * To those whom the signal names: they have its plan now (MSG-26).
 * @param {Signal} signal @returns {Announcement}
 */
export function announceRelease({ id, symbol, decision, sign_offs: signOffs }) {
  const what = [symbol, decision?.status].filter(Boolean).join(' ');
  return {
    kind: 'signal_approved', severity: 'success', title: `${what} is released to you`,
    message: decision ? `Approved by ${signOffs.length > 1 ? signOffs.map(({ user }) => user).join(' and ') : decision.decided_by}` : '',
    signalId: id,
  };
}

/**
 * @param {{symbol: string, signalId: string, outcome: 'approved'|'rejected', status: string|null, by: string, why: string|null}} decision
 * @param {User} me @param {boolean} late confirmed after it had been given up
 * @returns {Announcement}
 */
export function announceDecision({ symbol, signalId, outcome, status, by, why }, me, late) {
  const approved = outcome === 'approved';
  const what = approved ? `${symbol} approved as ${status}` : `${symbol} rejected`;
  const who = me.named && me.name === by ? '' : ` by ${by}`;
  return {
    kind: approved ? 'approval_notification' : 'signal:rejected',
    severity: approved ? 'success' : 'error',
    title: `${what}${who}${late ? ' (confirmed late)' : ''}`,
    message: why ?? '',
    signalId,
  };
}

/** Only on crossing the line, not with every update above it (TST-04).
 * @param {string|null} before @param {string} after @returns {Announcement|null} */
export function announceHeat(before, after) {
  if (!crosses(before, after)) return null;
  return { kind: 'portfolio:updated', severity: 'warn', title: `Portfolio heat at ${trimDecimal(after)}%`, message: '', signalId: null };
}

/**
 * TST-05.
 * @param {string} campaignId @param {string|null} before @param {string|null} after @returns {Announcement|null}
 */
export function announceCampaign(campaignId, before, after) {
  if (after === null || !crosses(before, after)) return null;
  return { kind: 'campaign:updated', severity: 'warn', title: `Campaign ${campaignId} at ${trimDecimal(after)}%`, message: '', signalId: null };
}

/**
 * TST-14: a session's status, when it is another one.
 * @param {string|null} before @param {string} after @param {string} sessionId
 * @param {{by: string, reason: string|null}|null} [control] whose word it was, when it was a person's @returns {Announcement|null}
 */
export function announceSession(before, after, sessionId, control = null) {
  if (before === after) return null;
  /** @type {Record<string, [Severity, string]>} */
  const texts = {
    active: ['info', before === 'paused' ? 'resumed' : 'started'],
    paused: ['warn', 'paused'],
    completed: ['success', 'completed'],
    expired: ['warn', 'expired'],
    emergency_stopped: ['critical', 'stopped in an emergency'],
  };
  const [severity, word] = texts[after] ?? ['info', after];
  const by = control ? ` by ${control.by}` : '';
  return { kind: 'session_status', severity, title: `Session ${sessionId} ${word}${by}`, message: control?.reason ?? '', signalId: null };
}

/**
 * The emergency stop and its end (TST-14).
 * @param {import('./types.js').DeskStop} stop @param {User} me @returns {Announcement}
 */
export function announceStop({ stopped_by: by, reason, resume, resumed_at: resumedAt }, me) {
  const names = resume.signed_off.map((signOff) => (me.named && me.name === signOff.by ? 'you' : signOff.by));
  const common = { message: '', signalId: null };
  if (resumedAt !== null) return { ...common, kind: 'desk:resumed', severity: 'success', title: `The desk goes on: resumed by ${names.join(' and ')}` };
  if (names.length > 0) {
    return { ...common, kind: 'desk:resume_signed_off', severity: 'warn', title: `Resuming the desk: ${names.length} of ${resume.people}, by ${names.join(', ')}` };
  }
  const who = me.named && me.name === by ? 'you' : by;
  return { ...common, kind: 'desk:stopped', severity: 'critical', title: `The desk was stopped by ${who}`, message: reason ?? '' };
}

/**
 * Why my decision did not stand: who was first, or that the time was up.
 * @param {Signal} signal @returns {string}
 */
export function describeLoss(signal) {
  const { decision } = signal;
  if (decision) return `${decision.decided_by} ${decision.outcome} this at ${timeOfDay(Date.parse(decision.decided_at))}`;
  // A signal that was measured has changed since.
  const at = timeOfDay(Date.parse(signal.paper_result?.started_at ?? signal.updated_at));
  if (signal.status === 'EXPIRED') return `This signal expired at ${at}`;
  if (signal.status === 'WITHDRAWN') return `This signal was withdrawn at ${at}`;
  return 'This signal is no longer awaiting a decision';
}

/** @param {number} events */
export const caughtUpText = (events) => `Caught up: ${events} ${events === 1 ? 'event' : 'events'}`;

/** @param {string} reason */
export const reloadedText = (reason) => (reason === 'epoch_changed' ? 'The log was replaced: reloaded' : 'Too old: reloaded');

/** @param {string} reason */
export function reloadedWhy(reason) {
  switch (reason) {
    case 'trimmed': return 'What was missed is not kept event by event any more.';
    case 'too_many': return 'More was missed than could be replayed.';
    default: return 'What is shown is the desk as it is now.';
  }
}

/** @param {string|null} before @param {string} after */
const crosses = (before, after) =>
  compareDecimals(after, heatWarningPercent) === 1 && (before === null || compareDecimals(before, heatWarningPercent) !== 1);
