// @ts-check
import { entryWords } from './audit-words.js';
/** The life of a signal as a list of steps, oldest first, read from what the signal itself says. */

import { paperWords } from './paper-words.js';
import { decisionText, reportText } from './signal-words.js';

/** @typedef {{ key: string, tone: 'quiet' | 'good' | 'bad', title: string, at: string, detail: string | null }} Step */

/** @type {Record<string, { tone: Step['tone'], title: string }>} */
const LATER = {
  EXECUTED: { tone: 'good', title: 'Executed' },
  FAILED: { tone: 'bad', title: 'Failed' },
  EXPIRED: { tone: 'quiet', title: 'Expired without a decision' },
  WITHDRAWN: { tone: 'quiet', title: 'Withdrawn by its source' },
};

/** @param {Record<string, any>} signal @returns {Step[]} */
export function signalHistory(signal) {
  /** @type {Step[]} */
  const steps = [];
  if (signal.ts && signal.ts !== signal.received_at) {
    steps.push({ key: 'made', tone: 'quiet', title: `Made by ${signal.source ?? 'its source'}`, at: signal.ts, detail: null });
  }
  steps.push({ key: 'received', tone: 'quiet', title: 'Received by the desk', at: signal.received_at, detail: null });
  if (signal.undone) steps.push(...undoneSteps(signal.undone));
  if (signal.extended) steps.push(extendedStep(signal.extended));
  for (const signOff of signal.sign_offs ?? []) {
    if (signOff.id !== signal.decision?.id) steps.push(signOffStep(signOff));
  }
  steps.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  if (signal.decision) steps.push(decisionStep(signal.decision));
  if (signal.released_at) {
    steps.push({ key: 'released', tone: 'good', title: 'Released for execution', at: signal.released_at, detail: null });
  }
  const later = LATER[signal.status];
  if (later) steps.push({ key: 'later', ...later, title: laterTitle(later.title, signal), at: laterAt(signal), detail: reportText(signal.report) });
  const paper = paperWords(signal.paper_result);
  if (paper) steps.push({ key: 'measured', tone: paper.tone, title: paper.title, at: signal.paper_result.ended_at, detail: paper.detail || null });
  return steps;
}

/**
 * The same from the log, where also stands what was undone or changed in between.
 * @param {Record<string, any>} signal @param {import('../wire/audit.js').AuditEntry[]} entries oldest first
 * @returns {Step[] | null} null when the signal has changed since they were read
 */
export function loggedHistory(signal, entries) {
  if (entries.at(-1)?.version !== signal.version) return null;
  const made = signalHistory(signal).filter(({ key }) => key === 'made');
  return [...made, ...entries.map((entry) => {
    const { tone, title, detail } = entryWords(entry);
    const isOurs = entry.type === 'signal_received';
    return {
      key: String(entry.offset), tone, title: isOurs ? 'Received by the desk' : title, at: entry.recorded_at,
      detail: isOurs ? null : detail,
    };
  })];
}

/** A signal that was measured has changed since.
 * @param {Record<string, any>} signal @returns {string} */
const laterAt = ({ report, paper_result: paper, updated_at: updatedAt }) => report?.reported_at ?? paper?.started_at ?? updatedAt;

/** @param {string} title @param {Record<string, any>} signal */
const laterTitle = (title, { status, report }) =>
  (report && status !== 'WITHDRAWN' ? `${title}, reported by ${report.reported_by}` : title);

/** @param {Record<string, any>} undone @returns {Step[]} */
const undoneSteps = ({ approved_status: status, approved_by: by, approved_at: at, undone_by: undoer, undone_at: undoneAt }) => [
  { key: 'approved-before', tone: 'good', title: `Approved ${status} by ${by}`, at, detail: null },
  { key: 'undone', tone: 'bad', title: `Approval undone by ${undoer}`, at: undoneAt, detail: null },
];

/** @param {Record<string, any>} extended @returns {Step} */
const extendedStep = ({ extended_by: by, extended_at: at, times, minutes }) => ({
  key: 'extended', tone: 'quiet', title: `More time, by ${by}`, at,
  detail: times > 1 ? `${minutes} min in all, given ${times} times` : `${minutes} min`,
});

/** @param {Record<string, any>} signOff @returns {Step} */
function signOffStep({ id, user, role, status, at, note }) {
  return { key: `signed-off ${id}`, tone: 'good', title: `Approved ${status} by ${user} (${role}), others to follow`, at, detail: note };
}

/** @param {Record<string, any>} decision @returns {Step} */
function decisionStep(decision) {
  const { outcome, status, decided_by: by, decided_at: at, veto } = decision;
  const approved = outcome === 'approved';
  return {
    key: 'decided',
    tone: approved ? 'good' : 'bad',
    title: approved ? `Approved ${status} by ${by}` : `${veto ? 'Vetoed' : 'Rejected'} by ${by}`,
    at,
    detail: decisionText(decision),
  };
}
