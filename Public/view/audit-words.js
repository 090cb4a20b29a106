// @ts-check
/** What an entry of the log says, in words. Types that this page does not know yet are named as the log names them. */
import { formatPrice } from './format.js';
import { paperWords } from './paper-words.js';
import { decisionText, reportText } from './signal-words.js';

/** @typedef {import('../wire/audit.js').AuditEntry} AuditEntry */
/** @typedef {'good' | 'bad' | 'quiet'} Tone */

/** What can be filtered for: the value of `type=` and its words. */
export const ENTRY_KINDS = /** @type {const} */ ([
  ['', 'Everything'],
  ['signal_approved,signal_rejected', 'Decisions'],
  ['signal_approved', 'Approvals'],
  ['signal_signed_off', 'Sign-offs'],
  ['signal_rejected', 'Rejections'],
  ['signal_undone', 'Undone approvals'],
  ['signal_expired', 'Expired'],
  ['signal_received', 'Received signals'],
  ['signal_released', 'Released for execution'],
  ['signal_executed,signal_failed', 'Executions'],
  ['signal_amended', 'Amended'],
  ['signal_extended', 'More time'],
  ['signal_withdrawn', 'Withdrawn'],
  ['desk_stopped,desk_resume_signed_off,desk_resumed', 'Stops of the desk'],
  ['session_controlled', 'Sessions, by people'],
  ['signal_measured', 'What signals would have made'],
]);

/** @type {Record<string, (entry: AuditEntry) => { tone: Tone, title: string }>} */
const TITLES = {
  signal_received: ({ signal }) => ({ tone: 'quiet', title: signal?.source ? `Received from ${signal.source}` : 'Received by the desk' }),
  signal_approved: ({ signal, user }) => ({ tone: 'good', title: `Approved ${signal?.decision?.status ?? ''} by ${user ?? 'nobody'}` }),
  signal_signed_off: ({ signal, user }) => {
    const last = signal?.sign_offs?.at(-1);
    const far = last ? `: ${signal?.sign_offs.length} of ${last.needed}` : '';
    return { tone: 'good', title: `Signed off ${last?.status ?? ''} by ${user ?? 'nobody'}${far}` };
  },
  signal_rejected: ({ signal, user }) => ({ tone: 'bad', title: `${signal?.decision?.veto ? 'Vetoed' : 'Rejected'} by ${user ?? 'nobody'}` }),
  signal_expired: () => ({ tone: 'quiet', title: 'Expired without a decision' }),
  signal_released: () => ({ tone: 'good', title: 'Released for execution' }),
  signal_undone: ({ user }) => ({ tone: 'bad', title: `Approval undone by ${user ?? 'nobody'}` }),
  signal_extended: ({ user }) => ({ tone: 'quiet', title: `More time, by ${user ?? 'nobody'}` }),
  signal_amended: () => ({ tone: 'quiet', title: 'Amended by its source' }),
  signal_withdrawn: ({ signal }) => ({ tone: 'bad', title: `Withdrawn by ${signal?.report?.reported_by ?? 'its source'}` }),
  signal_executed: ({ signal }) => ({ tone: 'good', title: `Executed${reporter(signal)}` }),
  signal_postponed: () => ({ tone: 'quiet', title: 'Time limit put off by the stop' }),
  desk_stopped: ({ user }) => ({ tone: 'bad', title: `Desk stopped by ${user ?? 'nobody'}` }),
  desk_resume_signed_off: ({ user, message }) => ({
    tone: 'quiet', title: `Resuming signed off by ${user ?? 'nobody'}, ${message?.data?.resume?.signed_off?.length ?? 1} of ${message?.data?.resume?.people ?? 2}`,
  }),
  desk_resumed: ({ user, message }) => ({ tone: 'good', title: `Desk resumed by ${resumers(message) || (user ?? 'nobody')}` }),
  session_controlled: ({ user, message }) => ({
    tone: message?.control?.action === 'resume' ? 'good' : 'bad', title: `Session ${SESSION_WORDS[message?.control?.action] ?? 'changed'} by ${user ?? 'nobody'}`,
  }),
  signal_measured: ({ signal }) => {
    const { tone, title } = paperWords(signal?.paper_result) ?? { tone: 'quiet', title: 'Followed on paper' };
    return { tone, title };
  },
  signal_failed: ({ signal }) => ({ tone: 'bad', title: `Failed${reporter(signal)}` }),
};

/** @type {Record<string, string>} */
const SESSION_WORDS = { pause: 'paused', resume: 'resumed', stop: 'stopped' };

/** @param {AuditEntry['message']} message */
const resumers = (message) => (message?.data?.resume?.signed_off ?? []).map((/** @type {{ by: string }} */ { by }) => by).join(' and ');

/** @param {AuditEntry['signal']} signal */
const reporter = (signal) => (signal?.report ? `, reported by ${signal.report.reported_by}` : '');

/** @param {AuditEntry} entry @returns {{ tone: Tone, title: string, detail: string | null }} */
export function entryWords(entry) {
  const known = Object.hasOwn(TITLES, entry.type) ? TITLES[entry.type](entry) : null;
  const { tone, title } = known ?? { tone: /** @type {const} */ ('quiet'), title: plainWords(entry) };
  return { tone, title, detail: detailOf(entry) };
}

/** @param {AuditEntry} entry @returns {string | null} `AAPL BUY`, what the entry is about */
export function entrySubject({ type, signal, message }) {
  if (type === 'session_controlled' || type === 'session') return message?.sessionId ?? null;
  if (signal) return [signal.symbol, signal.side].filter(Boolean).join(' ');
  return message?.data?.symbol ?? message?.symbol ?? message?.marketData?.symbol ?? null;
}

/** @param {AuditEntry} entry */
function plainWords({ type, user }) {
  const words = type.replaceAll('_', ' ');
  const sentence = words.charAt(0).toUpperCase() + words.slice(1);
  return user === null ? sentence : `${sentence} by ${user}`;
}

/** @param {AuditEntry} entry @returns {string | null} */
function detailOf({ type, signal, message }) {
  if (type === 'signal_received' && signal?.entry_price) {
    const plan = [['Entry', signal.entry_price], ['stop', signal.stop_loss], ['target', signal.target_price]];
    return plan.filter(([, price]) => price !== null).map(([name, price]) => `${name} ${formatPrice(price)}`).join(', ');
  }
  if (type === 'signal_approved' || type === 'signal_rejected') {
    return decisionText(signal?.decision);
  }
  if (type === 'signal_signed_off') {
    const last = signal?.sign_offs?.at(-1);
    return [last?.role === 'risk' ? 'as risk officer' : null, last?.note].filter(Boolean).join(' · ') || null;
  }
  if (type === 'signal_measured') return paperWords(signal?.paper_result)?.detail || null;
  if (type === 'signal_extended') return `${signal?.extended?.minutes} min in all`;
  if (['signal_withdrawn', 'signal_executed', 'signal_failed'].includes(type)) return reportText(signal?.report);
  if (type === 'desk_stopped') return message?.data?.reason ?? null;
  if (type === 'session_controlled') return message?.control?.reason ?? null;
  const said = message?.data?.message ?? message?.message ?? message?.reasoning;
  return typeof said === 'string' ? said : null;
}

/**
 * The days of a form as the times that are asked for: from the first moment of the one to the last of the other, where the
 * reader is. What is no day is left out.
 * @param {{ type: string, user: string, fromDay: string, toDay: string }} form days as `2026-01-23`
 * @returns {import('../net/audit-api.js').AuditFilters}
 */
export function filtersOf({ type, user, fromDay, toDay }) {
  return { type, user: user.trim(), from: dayStart(fromDay, 0), to: dayStart(toDay, 1) };
}

/** @param {string} day @param {number} daysLater @returns {string} */
function dayStart(day, daysLater) {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!match) return '';
  const start = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + daysLater);
  return Number.isNaN(start.getTime()) ? '' : start.toISOString();
}

/** @param {number | null} ms @returns {string} `840 ms`, `4.2 s`, `3 min 20 s`, `2 h 05 min` */
export function delayText(ms) {
  if (ms === null) return '–';
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours} h ${String(minutes).padStart(2, '0')} min` : `${minutes} min ${seconds % 60} s`;
}

/** How warm a cell is painted: 0 for none, else 1 to 4, by its share of the most there is.
 * @param {number} count @param {number} most */
export function heatLevel(count, most) {
  return count === 0 ? 0 : Math.max(1, Math.ceil((count / most) * 4));
}
