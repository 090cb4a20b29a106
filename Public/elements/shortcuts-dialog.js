// @ts-check
/** The list of keys. */
import { SHORTCUTS } from '../view/hotkeys.js';
import { make } from '../view/make.js';
import { AskDialog } from './ask-dialog.js';

/** @extends {AskDialog<never>} */
export class ShortcutsDialog extends AskDialog {
  fields() {
    const rows = SHORTCUTS.map(({ keys, does }) => make('div', { class: 'shortcut' },
      make('dt', {}, ...keys.flatMap((key, at) => [at > 0 ? ' or ' : null, make('kbd', {}, key)])), make('dd', {}, does)));
    return [make('dl', { class: 'shortcuts' }, ...rows)];
  }

  answerLabel() {
    return null;
  }

  cancelLabel() {
    return 'Close';
  }

  ask() {
    return this.open('Keyboard shortcuts');
  }
}

export function defineShortcutsDialog() {
  customElements.define('shortcuts-dialog', ShortcutsDialog);
}
