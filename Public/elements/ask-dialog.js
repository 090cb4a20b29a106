// @ts-check
/**
 * A question in a modal `<dialog>`: asks, waits, gives the focus back. The subclasses say what is asked. Escape and Cancel
 * both mean "nothing happens".
 */
import { make, makeButton, setAttribute, setHidden, setText, uniqueId } from '../view/make.js';

/** @template Answer */
export class AskDialog extends HTMLElement {
  #title = make('h2', { class: 'dialog-title', id: uniqueId('dialog-title') });
  #warning = make('p', { class: 'dialog-warning', id: uniqueId('dialog-warning'), hidden: true });
  #form = make('form', { class: 'dialog-form', method: 'dialog' });
  #dialog = /** @type {HTMLDialogElement} */ (make('dialog', { class: 'dialog', 'aria-labelledby': this.#title.id,
    'aria-describedby': this.#warning.id }, this.#form));
  /** @type {HTMLElement | null} */
  #submit = null;
  /** @type {Answer | null} */
  #answer = null;

  connectedCallback() {
    if (this.#dialog.isConnected) return;
    this.#form.append(this.#title, this.#warning, ...this.fields(), this.#buttons());
    this.append(this.#dialog);
  }

  /** @returns {Node[]} what stands between the title and the buttons */
  fields() {
    return [];
  }

  /** @returns {string | null} the button that answers; null when the fields hold the answering buttons themselves */
  answerLabel() {
    return 'OK';
  }

  /** @returns {string} */
  cancelLabel() {
    return 'Cancel';
  }

  /** @returns {Answer | null} null: the form is not complete yet */
  read() {
    return null;
  }

  /**
   * Says what to think of before answering; it holds up nothing. It takes the same room whatever it says, for a button that answers
   * must not move while somebody reaches for it: a dialog that ever warns says something always.
   * @param {string} text @param {boolean} warns whether it is more than calm words
   */
  warn(text, warns) {
    setText(this.#warning, text);
    setAttribute(this.#warning, 'data-warns', warns);
    setHidden(this.#warning, false);
  }

  /** @param {boolean} shown whether the button that answers is there; without it the fields hold those that do */
  showSubmit(shown) {
    if (this.#submit) setHidden(this.#submit, !shown);
  }

  /**
   * Answers and closes.
   * @param {Answer} answer
   */
  answer(answer) {
    this.#answer = answer;
    this.#dialog.close();
  }

  /** @param {string} title @returns {Promise<Answer | null>} null when cancelled or already asking */
  open(title) {
    if (this.#dialog.open) return Promise.resolve(null);
    this.#title.textContent = title;
    this.#answer = null;
    const origin = document.activeElement;
    return new Promise((resolve) => {
      this.#dialog.addEventListener('close', () => {
        if (origin instanceof HTMLElement && origin.isConnected) origin.focus({ preventScroll: true });
        resolve(this.#answer);
      }, { once: true });
      this.#dialog.showModal();
    });
  }

  #buttons() {
    const cancel = makeButton(this.cancelLabel(), { class: 'button' });
    const label = this.answerLabel();
    const submit = label === null ? null : make('button', { type: 'submit', class: 'button button-primary' }, label);
    this.#submit = submit;
    // The dialog lives as long as the page; these listeners go with its nodes.
    cancel.addEventListener('click', () => this.#dialog.close());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const answer = this.read();
      if (answer !== null) this.answer(answer);
    });
    return make('div', { class: 'dialog-buttons' }, cancel, submit);
  }
}
