// @ts-check
/**
 * Shows what is not as it was on the screen, field by field, and asks for a second click on the new terms. When more changes
 * while it is open, that click has to wait for a new look.
 */
import { make, makeButton, setAttribute, setHidden, setText } from '../view/make.js';
import { sideTone } from '../view/signal-words.js';
import { AskDialog } from './ask-dialog.js';
import { TermChanges } from './term-changes.js';

/** @typedef {import('../view/term-words.js').Difference} Difference */
/** @typedef {import('../core/types.js').Signal} Signal */
/** @typedef {{ terms: string, status: string, acceptedPrice: string | null }} Acceptance */

/** No click counts so soon after the terms have appeared: it was meant for what was there before. */
const LOOK_MS = 800;

/** @extends {AskDialog<Acceptance>} */
export class TermsDialog extends AskDialog {
  #hint = make('p', { class: 'dialog-hint', tabindex: -1, autofocus: true });
  #news = make('p', { class: 'terms-news', role: 'alert' });
  #changes = /** @type {TermChanges} */ (make('term-changes'));
  #approve = makeButton('', { class: 'button button-approve' });
  /** @type {{ signal: Signal, status: string, price: Difference | null } | null} */
  #asked = null;
  #lookedFrom = 0;

  fields() {
    this.#approve.addEventListener('click', () => this.#accept());
    return [this.#hint, this.#news, this.#changes, this.#approve];
  }

  answerLabel() {
    return null;
  }

  /**
   * @param {Signal} signal as it is now @param {readonly Difference[]} differences
   * @param {string} status what it was to be approved as
   */
  ask(signal, differences, status) {
    const answer = this.open(`${signal.symbol} has changed`);
    this.#asked = null;
    setText(this.#news, '');
    this.#show(signal, differences, status);
    return answer;
  }

  /** The signal it asks about; null when it is not open. */
  get signalId() {
    return this.#box?.open ? this.#asked?.signal.id ?? null : null;
  }

  /** The signal has changed once more, or needs nobody any longer.
   * @param {Signal | null} signal @param {readonly Difference[]} differences */
  refresh(signal, differences) {
    const asked = this.#asked;
    if (!asked || signal === asked.signal) return;
    if (!signal || !signal.awaiting_approval) {
      this.#box?.close();
      return;
    }
    if (signal.terms === asked.signal.terms) return;
    const price = asked.price ? [asked.price] : [];
    setText(this.#news, 'It has just changed again. Look once more.');
    this.#show(signal, [...differences, ...price], asked.status);
  }

  /** @param {Signal} signal @param {readonly Difference[]} differences @param {string} status */
  #show(signal, differences, status) {
    const price = differences.find(({ field }) => field === 'price') ?? null;
    const terms = differences.length > (price ? 1 : 0);
    const side = terms && signal.side && signal.side !== 'NEUTRAL' ? signal.side : status;
    this.#asked = { signal, status: side, price };
    setText(this.#hint, terms ? 'These are not the terms you saw. Nothing has been approved.'
      : 'The price has moved away from the entry. Nothing has been approved.');
    this.#changes.show(differences);
    setText(this.#approve, `Approve ${side} ${terms ? 'on the new terms' : 'at this price'}`);
    setAttribute(this.#approve, 'data-side', sideTone(side));
    setHidden(this.#changes, differences.length === 0);
    this.#lookedFrom = performance.now() + LOOK_MS;
    setAttribute(this.#approve, 'aria-disabled', 'true');
    setTimeout(() => {
      if (performance.now() >= this.#lookedFrom) setAttribute(this.#approve, 'aria-disabled', null);
    }, LOOK_MS + 10);
  }

  #accept() {
    if (!this.#asked || performance.now() < this.#lookedFrom) return;
    const { signal, status, price } = this.#asked;
    this.answer({ terms: signal.terms, status, acceptedPrice: price?.is ?? null });
  }

  /** @returns {HTMLDialogElement | null} */
  get #box() {
    return this.querySelector('dialog');
  }
}

export function defineTermsDialog() {
  customElements.define('terms-dialog', TermsDialog);
}
