// @ts-check
/** Asks why a signal is rejected: a common reason by one click, or one's own words. */
import { make, makeButton, uniqueId } from '../view/make.js';
import { AskDialog } from './ask-dialog.js';

const REASON_CHARACTERS_MAX = 500;

/** @extends {AskDialog<{ reason: string, note: string | null }>} */
export class RejectDialog extends AskDialog {
  #presets = make('div', { class: 'presets', role: 'group', 'aria-label': 'Common reasons' });
  #reason = /** @type {HTMLInputElement} */ (make('input', { type: 'text', id: uniqueId('reason'), required: true,
    maxlength: REASON_CHARACTERS_MAX, autocomplete: 'off' }));
  #note = /** @type {HTMLTextAreaElement} */ (make('textarea', { id: uniqueId('reject-note'), rows: 2,
    maxlength: REASON_CHARACTERS_MAX }));

  fields() {
    this.addEventListener('keydown', (event) => this.#chooseByKey(event));
    // The focus starts on the text: `r` and a stray Enter must not reject for the first reason in the row.
    return [
      make('p', { class: 'dialog-hint', tabindex: -1, autofocus: true }, 'A click on a reason, or its number, rejects at once.'), this.#presets,
      make('label', { for: this.#reason.id }, 'Another reason'), this.#reason,
      make('label', { for: this.#note.id }, 'Note (optional)'), this.#note,
    ];
  }

  answerLabel() {
    return 'Reject';
  }

  read() {
    const reason = this.#reason.value.trim();
    return reason ? { reason, note: this.#noteText() } : null;
  }

  /**
   * @param {{ symbol: string, side: string | null }} signal @param {string | null} note already written on the card
   * @param {readonly string[]} reasons the common ones, as the desk is set
   */
  ask({ symbol, side }, note, reasons) {
    return this.askFor(`Reject ${symbol}${side ? ` ${side}` : ''}`, note, reasons);
  }

  /** @param {string} title @param {string | null} note @param {readonly string[]} reasons */
  askFor(title, note, reasons) {
    this.#reason.value = '';
    this.#note.value = note ?? '';
    this.#presets.replaceChildren(...reasons.map((reason, index) => {
      const key = index < 9 ? String(index + 1) : null;
      const button = makeButton('', { class: 'button preset', 'aria-keyshortcuts': key },
        ...(key === null ? [] : [make('kbd', { 'aria-hidden': 'true' }, key), ' ']), reason);
      button.addEventListener('click', () => this.answer({ reason, note: this.#noteText() }));
      return button;
    }));
    this.#presets.hidden = reasons.length === 0;
    return this.open(title);
  }

  /** A number rejects for that reason, unless somebody is writing.
   * @param {KeyboardEvent} event */
  #chooseByKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
    if (event.target === this.#reason || event.target === this.#note || !/^[1-9]$/.test(event.key)) return;
    const button = this.#presets.children[Number(event.key) - 1];
    if (!(button instanceof HTMLElement)) return;
    event.preventDefault();
    button.click();
  }

  #noteText() {
    return this.#note.value.trim() || null;
  }
}

export function defineRejectDialog() {
  customElements.define('reject-dialog', RejectDialog);
}
