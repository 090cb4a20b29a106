// @ts-check
/** Asks who is deciding, before the first decision of a tab that has no name yet. */
import { make, uniqueId } from '../view/make.js';
import { AskDialog } from './ask-dialog.js';

const NAME_CHARACTERS_MAX = 64;

/** @extends {AskDialog<string>} */
export class NameDialog extends AskDialog {
  #name = /** @type {HTMLInputElement} */ (make('input', { type: 'text', id: uniqueId('who'), required: true,
    maxlength: NAME_CHARACTERS_MAX, autocomplete: 'username', spellcheck: 'false' }));

  fields() {
    return [
      make('p', { class: 'dialog-hint' }, 'Your name is kept with every decision you make, for the whole team to see.'),
      make('label', { for: this.#name.id }, 'Your name'), this.#name,
    ];
  }

  answerLabel() {
    return 'Continue';
  }

  read() {
    return this.#name.value.trim() || null;
  }

  ask() {
    return this.open('Who is deciding?');
  }
}

export function defineNameDialog() {
  customElements.define('name-dialog', NameDialog);
}
