// @ts-check
/** Which signals the list shows: pending, decided or all, and of which symbol. */
import { selectCounts } from '../core/selectors.js';
import { icon } from '../view/icons.js';
import { make, makeButton, setAttribute, setText, uniqueId } from '../view/make.js';
import { DeskElement } from './desk-element.js';

const FILTERS = /** @type {const} */ ([['pending', 'Pending'], ['decided', 'Decided'], ['all', 'All']]);

export class SignalToolbar extends DeskElement {
  /** @type {'pending' | 'decided' | 'all'} */
  #filter = 'pending';
  /** @type {Map<string, { button: HTMLButtonElement, count: HTMLElement }>} */
  #buttons = new Map();
  #search = /** @type {HTMLInputElement} */ (make('input', { type: 'search', id: uniqueId('search'), class: 'search-input',
    placeholder: 'Symbol', autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', maxlength: 32 }));

  build() {
    const tabs = make('div', { class: 'filter-tabs', role: 'group', 'aria-label': 'Which signals' });
    for (const [filter, label] of FILTERS) {
      const count = make('span', { class: 'filter-count' });
      const button = makeButton('', { class: 'filter-tab', 'data-filter': filter }, label, ' ', count);
      this.#buttons.set(filter, { button, count });
      tabs.append(button);
    }
    this.append(tabs, make('div', { class: 'search' }, icon('search'),
      make('label', { for: this.#search.id, class: 'visually-hidden' }, 'Search by symbol'), this.#search));
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch(selectCounts, signal);
    this.addEventListener('click', (event) => {
      const button = event.target instanceof Element ? event.target.closest('button') : null;
      if (button?.dataset.filter) this.choose(/** @type {any} */ (button.dataset.filter));
    }, { signal });
    this.#search.addEventListener('input', () => this.#tell(), { signal });
    this.#search.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      this.#search.value = '';
      this.#search.blur();
      this.#tell();
    }, { signal });
  }

  /** @param {'pending' | 'decided' | 'all'} filter */
  choose(filter) {
    this.#filter = filter;
    this.update();
    this.#tell();
  }

  clearSearch() {
    this.#search.value = '';
    this.#tell();
  }

  focusSearch() {
    this.#search.focus();
    this.#search.select();
  }

  update() {
    const { pending, decided } = selectCounts(this.state);
    const counts = { pending, decided, all: pending + decided };
    for (const [filter, { button, count }] of this.#buttons) {
      setAttribute(button, 'aria-pressed', String(filter === this.#filter));
      setText(count, String(counts[/** @type {keyof typeof counts} */ (filter)]));
    }
  }

  #tell() {
    this.send('filter', { filter: this.#filter, symbol: this.#search.value.trim().toUpperCase() });
  }
}

export function defineSignalToolbar() {
  customElements.define('signal-toolbar', SignalToolbar);
}
