// @ts-check
/** Asks as what a signal is approved when its source did not say a side, or said NEUTRAL. */
import { make, makeButton, setText } from '../view/make.js';
import { SIDES, sideTone } from '../view/signal-words.js';
import { AskDialog } from './ask-dialog.js';

/** @extends {AskDialog<string>} */
export class StatusDialog extends AskDialog {
  #news = make('p', { class: 'terms-news', role: 'alert' });

  fields() {
    const choices = SIDES.map((side) => {
      const button = makeButton(`Approve ${side}`, { class: 'button button-approve', 'data-side': sideTone(side), value: side });
      button.addEventListener('click', () => this.answer(side));
      return button;
    });
    // The focus starts on the text: `a` and a stray Enter must not approve anything.
    return [make('p', { class: 'dialog-hint', tabindex: -1, autofocus: true }, 'The source named no direction for this signal. Choose one.'),
      this.#news, make('div', { class: 'status-choices' }, ...choices)];
  }

  answerLabel() {
    return null;
  }

  /** Something about the signal that must be known before the choice.
   * @param {string} text */
  tell(text) {
    setText(this.#news, text);
  }

  /** @param {{ symbol: string }} signal */
  ask({ symbol }) {
    this.tell('');
    return this.open(`Approve ${symbol} as…`);
  }
}

export function defineStatusDialog() {
  customElements.define('status-dialog', StatusDialog);
}
