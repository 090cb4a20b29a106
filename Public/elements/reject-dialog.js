// @ts-check
/** Asks why a signal is rejected: a common reason by one click, or one's own words. */
import { make, makeButton, setHidden, uniqueId } from '../view/make.js';
import { REJECT_REASONS } from '../view/signal-words.js';
import { AskDialog } from './ask-dialog.js';

const REASON_CHARACTERS_MAX = 500;

/** @extends {AskDialog<{ reason: string, note: string | null }>} */
export class RejectDialog extends AskDialog {
  #presets = make('div', { class: 'presets', role: 'group', 'aria-label': 'Common reasons' });
  #reason = /** @type {HTMLInputElement} */ (make('input', { type: 'text', id: uniqueId('reason'), required: true,
    maxlength: REASON_CHARACTERS_MAX, autocomplete: 'off' }));
  #reasonLabel = make('label', { for: this.#reason.id }, 'Another reason');
  #note = /** @type {HTMLTextAreaElement} */ (make('textarea', { id: uniqueId('reject-note'), rows: 2,
    maxlength: REASON_CHARACTERS_MAX }));

  fields() {
    this.#offer(REJECT_REASONS);
    // The focus starts on the text: `r` and a stray Enter must not reject for the first reason in the row.
    return [
      make('p', { class: 'dialog-hint', tabindex: -1, autofocus: true }, 'A click on a reason rejects at once.'), this.#presets,
      this.#reasonLabel, this.#reason,
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
   * @param {{ reasons: string[] | null, veto: boolean }} policy the only reasons it takes, and whether this is a veto
   */
  ask({ symbol, side }, note, { reasons, veto }) {
    this.#offer(reasons ?? REJECT_REASONS);
    // Hidden and not required when the policy takes nothing but its own reasons: a hidden field would block the form.
    setHidden(this.#reasonLabel, reasons !== null);
    setHidden(this.#reason, reasons !== null);
    this.#reason.required = reasons === null;
    this.#reason.value = '';
    this.#note.value = note ?? '';
    return this.open(`${veto ? 'Veto' : 'Reject'} ${symbol}${side ? ` ${side}` : ''}`);
  }

  /** @param {readonly string[]} reasons */
  #offer(reasons) {
    this.#presets.replaceChildren(...reasons.map((reason) => {
      const button = makeButton(reason, { class: 'button preset' });
      button.addEventListener('click', () => this.answer({ reason, note: this.#noteText() }));
      return button;
    }));
  }

  #noteText() {
    return this.#note.value.trim() || null;
  }
}

export function defineRejectDialog() {
  customElements.define('reject-dialog', RejectDialog);
}
