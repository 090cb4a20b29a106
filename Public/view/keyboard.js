// @ts-check
/** Hears the keys of the page and passes on what they mean; `view/hotkeys.js` knows that. */
import { intentForKey } from './hotkeys.js';

/**
 * @param {{ document: Document, onIntent: (intent: import('./hotkeys.js').Intent) => boolean, signal: AbortSignal }} options
 *   onIntent: true when it did something, so that the key does nothing else
 */
export function listenForKeys({ document, onIntent, signal }) {
  document.addEventListener('keydown', (event) => {
    const focused = document.activeElement;
    const intent = intentForKey(event, {
      // In a box to tick nobody writes.
      tag: focused instanceof HTMLInputElement && focused.type === 'checkbox' ? 'checkbox' : focused?.localName ?? '',
      editable: focused instanceof HTMLElement && focused.isContentEditable,
      inCard: focused?.closest('signal-card') !== null && focused !== null,
      dialogOpen: document.querySelector('dialog[open], [popover]:popover-open') !== null,
    });
    if (intent && onIntent(intent)) event.preventDefault();
  }, { signal });
}
