// @ts-check
/** Which key means what. Pure: an event's facts in, an intent out; `main.js` carries it out. */

/** Shown in the help dialog, in this order. */
export const SHORTCUTS = /** @type {const} */ ([
  { keys: ['j', '↓'], does: 'Next signal' },
  { keys: ['k', '↑'], does: 'Previous signal' },
  { keys: ['a'], does: 'Approve the focused signal' },
  { keys: ['r'], does: 'Reject it, with a reason' },
  { keys: ['u'], does: 'Undo the approval, while it has not left' },
  { keys: ['e'], does: 'Give it five minutes more' },
  { keys: ['x'], does: 'Select it, to decide several at once' },
  { keys: ['Shift A', 'Shift R'], does: 'Approve or reject the selected signals' },
  { keys: ['n'], does: 'Write a note to go with the decision' },
  { keys: ['Enter'], does: 'Open its details' },
  { keys: ['.'], does: 'Show the new signals that are waiting' },
  { keys: ['/'], does: 'Search by symbol' },
  { keys: ['s s'], does: 'Stop the whole desk, in an emergency' },
  { keys: ['l'], does: 'The audit log' },
  { keys: ['Esc'], does: 'Close, cancel, or go back to the list' },
  { keys: ['?'], does: 'This help' },
]);

/** @typedef {'next' | 'previous' | 'approve' | 'reject' | 'undo' | 'extend' | 'select' | 'approve-selection' | 'reject-selection' | 'note' | 'open' | 'show-new' | 'search' | 'audit' | 'stop' | 'help' | 'back'} Intent */

/** @type {Record<string, Intent>} */
const INTENTS = {
  j: 'next', ArrowDown: 'next', k: 'previous', ArrowUp: 'previous', a: 'approve', r: 'reject', u: 'undo', e: 'extend', x: 'select', A: 'approve-selection', R: 'reject-selection', n: 'note',
  Enter: 'open', '.': 'show-new', '/': 'search', l: 'audit', s: 'stop', '?': 'help', Escape: 'back',
};

/** These act on what is focused themselves; Enter must not be stolen from them. */
const ENTER_TAKERS = new Set(['a', 'button', 'summary']);
const TEXT_TAKERS = new Set(['input', 'textarea', 'select']);

/**
 * @param {{ key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean, repeat: boolean, isComposing?: boolean,
 *   defaultPrevented: boolean }} event
 * @param {{ tag: string, editable: boolean, inCard: boolean, dialogOpen: boolean }} focus what has the focus
 * @returns {Intent | null} null: not ours
 */
export function intentForKey(event, focus) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  if (focus.editable || TEXT_TAKERS.has(focus.tag)) return null;
  const intent = INTENTS[event.key] ?? null;
  // An emergency does not wait until a question is answered.
  if (focus.dialogOpen && intent !== 'stop') return null;
  if (!intent) return null;
  if (intent === 'open' && (ENTER_TAKERS.has(focus.tag) || !focus.inCard)) return null;
  // The arrows scroll the page unless the trader is already moving among the cards.
  if (event.key.startsWith('Arrow') && !focus.inCard) return null;
  // A key held down must not decide card after card.
  if (event.repeat && intent !== 'next' && intent !== 'previous') return null;
  return intent;
}
