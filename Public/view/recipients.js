// @ts-check
/** Whom a signal is for, in words. */
import { isForMe } from '../core/recipients.js';

/** Of more names a card says the number. */
const namesMax = 3;

/**
 * What that means for everybody else.
 * @param {Record<string, any>} signal @returns {string} empty when there is no plan any more
 */
export function recipientsHint({ status, released_at: releasedAt }) {
  if (status === 'PENDING_REVIEW') return 'When approved, the plan goes to nobody else. Anyone on the desk may decide.';
  if (releasedAt) return 'The plan went to nobody else.';
  return status.startsWith('APPROVED_') ? 'The plan goes to nobody else.' : '';
}

/**
 * @param {{ recipients?: string[] | null }} signal @param {{ name: string | null, named: boolean }} me
 * @param {number} [shownMax] names
 * @returns {string} `For you and bo`; empty when it is for the whole desk
 */
export function recipientsText({ recipients }, me, shownMax = namesMax) {
  if (!recipients || recipients.length === 0) return '';
  const mine = isForMe({ recipients }, me);
  const names = [...(mine ? ['you'] : []), ...recipients.filter((name) => !mine || name !== me.name)];
  const shown = names.slice(0, shownMax);
  const rest = names.length - shown.length;
  const parts = rest > 0 ? [...shown, `${rest} more`] : shown;
  return `For ${parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : parts[0]}`;
}
