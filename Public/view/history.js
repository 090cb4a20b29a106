// @ts-check
/** The life of a signal as a list of steps, oldest first, read from what the signal itself says. */

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
  for (const signOff of signal.sign_offs ?? []) {
    if (signOff.id !== signal.decision?.id) steps.push(signOffStep(signOff));
  }
  if (signal.decision) steps.push(decisionStep(signal.decision));
  if (signal.released_at) {
    steps.push({ key: 'released', tone: 'good', title: 'Released for execution', at: signal.released_at, detail: null });
  }
  const later = LATER[signal.status];
  if (later) steps.push({ key: 'later', ...later, at: signal.updated_at, detail: null });
  return steps;
}

/** @param {Record<string, any>} signOff @returns {Step} */
function signOffStep({ id, user, role, status, at, note }) {
  return { key: `signed-off ${id}`, tone: 'good', title: `Approved ${status} by ${user} (${role}), others to follow`, at, detail: note };
}

/** @param {Record<string, any>} decision @returns {Step} */
function decisionStep({ outcome, status, decided_by: by, decided_at: at, note, reason, veto }) {
  const approved = outcome === 'approved';
  return {
    key: 'decided',
    tone: approved ? 'good' : 'bad',
    title: approved ? `Approved ${status} by ${by}` : `${veto ? 'Vetoed' : 'Rejected'} by ${by}`,
    at,
    detail: [reason, note].filter(Boolean).join(' · ') || null,
  };
}
