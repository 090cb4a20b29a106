// @ts-check
/** Asks why a signal is rejected: a common reason by one click, or one's own words. */
import { make, makeButton, setHidden, setText, uniqueId } from '../view/make.js';
import { AskDialog } from './ask-dialog.js';

const REASON_CHARACTERS_MAX = 500;

/** @extends {AskDialog<{ reason: string, note: string | null }>} */
export class RejectDialog extends AskDialog {
  #presetsHint = make('p', { class: 'dialog-hint' });
  #presets = make('div', { class: 'presets', role: 'group', 'aria-label': 'Common reasons' });
  #reason = /** @type {HTMLInputElement} */ (make('input', { type: 'text', id: uniqueId('reason'), required: true,
    maxlength: REASON_CHARACTERS_MAX, autocomplete: 'off' }));
  #reasonLabel = make('label', { for: this.#reason.id }, 'Another reason');
  #note = /** @type {HTMLTextAreaElement} */ (make('textarea', { id: uniqueId('reject-note'), rows: 2,
    maxlength: REASON_CHARACTERS_MAX }));

  fields() {
    this.addEventListener('keydown', (event) => this.#chooseByKey(event));
    // The focus starts on the text: `r` and a stray Enter must not reject for the first reason in the row.
    return [
      make('p', { class: 'dialog-hint', tabindex: -1, autofocus: true }, 'A click on a reason, or its number, rejects at once.'),
      this.#presetsHint, this.#presets,
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
   * @param {{ reasons: readonly string[], only: boolean, veto: boolean }} offer see {@link offeredReasons}
   */
  ask({ symbol, side }, note, offer) {
    return this.askFor(`${offer.veto ? 'Veto' : 'Reject'} ${symbol}${side ? ` ${side}` : ''}`, note, offer);
  }

  /**
   * @param {string} title @param {string | null} note
   * @param {{ reasons: readonly string[], only: boolean }} offer the common ones; `only` when the policy takes no other
   */
  askFor(title, note, { reasons, only }) {
    // A hidden field that is required would block the form.
    setHidden(this.#reasonLabel, only);
    setHidden(this.#reason, only);
    this.#reason.required = !only;
    this.#reason.value = '';
    this.#note.value = note ?? '';
    setText(this.#presetsHint, only ? 'The policy takes one of these reasons only.' : '');
    setHidden(this.#presetsHint, !only);
    this.showSubmit(!only);
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
