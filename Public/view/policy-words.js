// @ts-check
/** What the policy asks of a signal, in the words in which the server would refuse (GAP-06). */

/** @typedef {import('../core/types.js').Verdict} Verdict */

/**
 * The line under the buttons: what is missing and why it is not this trader who can give it; nothing where one click is enough.
 * @param {Verdict | null | undefined} verdict @returns {string}
 */
export function policyText(verdict) {
  if (!verdict) return '';
  const { approve, reject, missing, needed } = verdict;
  const parts = [];
  if (approve.reason !== null) parts.push(approve.reason);
  else if (needed > 1 || missing !== '1 trader') parts.push(`needs ${missing}`);
  if (approve.allowed && approve.needs_note) parts.push('write a note to approve it');
  // What is said once need not be said again.
  if (reject.reason !== null && !approve.reason?.includes(reject.reason)) parts.push(`you cannot reject it: ${reject.reason}`);
  return parts.join('; ');
}

/**
 * Which rules ask for it and why, one line for each.
 * @param {Verdict | null | undefined} verdict @returns {string[]} `large risk: its risk, 1.5 %, is above 1 %`
 */
export const policyReasons = (verdict) =>
  (verdict?.rules ?? []).map(({ name, because }) => (because.length > 0 ? `${name}: ${because.join('; ')}` : name));
