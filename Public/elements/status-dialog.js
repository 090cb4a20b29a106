// @ts-check
/** Asks as what a signal is approved when its source did not say a side, or said NEUTRAL. */
import { make, makeButton, setAttribute } from '../view/make.js';
import { SIDES, sideTone } from '../view/signal-words.js';
import { AskDialog } from './ask-dialog.js';

/** @extends {AskDialog<string>} */
export class StatusDialog extends AskDialog {
  /** @type {HTMLButtonElement[]} */
  #choices = [];

  fields() {
    for (const side of SIDES) {
      const button = makeButton(`Approve ${side}`, { class: 'button button-approve', 'data-side': sideTone(side), value: side });
      button.addEventListener('click', () => this.answer(side));
      this.#choices.push(button);
    }
    return [make('p', { class: 'dialog-hint' }, 'The source named no direction for this signal. Choose one.'),
      make('div', { class: 'status-choices' }, ...this.#choices)];
  }

  answerLabel() {
    return null;
  }

  /** @param {{ symbol: string }} signal @param {string | null} suggested the source's recommendation, if any */
  ask({ symbol }, suggested) {
    for (const button of this.#choices) setAttribute(button, 'autofocus', button.value === suggested);
    return this.open(`Approve ${symbol} as…`);
  }
}

export function defineStatusDialog() {
  customElements.define('status-dialog', StatusDialog);
}
