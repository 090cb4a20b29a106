// @ts-check
/** What has changed about a signal: each field with its old value struck through and its new one. */
import { make } from '../view/make.js';
import { describeDifference } from '../view/term-words.js';

/** @typedef {import('../view/term-words.js').Difference} Difference */

export class TermChanges extends HTMLElement {
  #list = make('ul', { class: 'term-changes', role: 'list' });
  #shown = '';

  connectedCallback() {
    if (!this.#list.isConnected) this.append(this.#list);
  }

  /** @param {readonly Difference[]} differences */
  show(differences) {
    const wanted = JSON.stringify(differences);
    if (wanted === this.#shown) return;
    this.#shown = wanted;
    this.#list.replaceChildren(...differences.map((difference) => {
      const { label, was, is } = describeDifference(difference);
      // The words between are for those who hear it: struck through is not heard.
      return make('li', {}, make('span', { class: 'term-label' }, label), ' ', make('del', {}, was),
        make('span', { class: 'visually-hidden' }, ' is now '), ' ', make('ins', {}, is));
    }));
  }
}

export function defineTermChanges() {
  customElements.define('term-changes', TermChanges);
}
