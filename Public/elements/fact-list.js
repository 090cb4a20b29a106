// @ts-check
/** The numbers of a signal as a definition list; nodes are made once and only changed texts are written. */
import { signalFacts } from '../view/facts.js';
import { drawIcon, icon } from '../view/icons.js';
import { FACT_OF_FIELD, describeDifference } from '../view/term-words.js';
import { make, setAttribute, setHidden, setText } from '../view/make.js';

export class FactList extends HTMLElement {
  #list = make('dl', { class: 'facts' });
  /** @type {Map<string, { item: HTMLElement, label: HTMLElement, value: HTMLElement, detail: HTMLElement, was: HTMLElement, arrow: SVGSVGElement }>} */
  #parts = new Map();

  connectedCallback() {
    if (!this.#list.isConnected) this.append(this.#list);
  }

  /**
   * @param {Record<string, any>} signal @param {{ price: string } | null} price @param {boolean} priceMoves
   * @param {readonly import('../view/term-words.js').Difference[]} [changes] what is not as this tab showed it first
   */
  show(signal, price, priceMoves, changes = []) {
    const old = new Map(changes.map((change) => [FACT_OF_FIELD[change.field], describeDifference(change).was]));
    setAttribute(this, 'data-old', !priceMoves);
    for (const fact of signalFacts(signal, price, priceMoves)) {
      const parts = this.#parts.get(fact.key) ?? this.#makeItem(fact.key);
      setText(parts.label, fact.label);
      setText(parts.value, fact.value);
      setText(parts.detail, fact.detail);
      setText(parts.was, old.get(fact.key) ?? '');
      setHidden(parts.was, !old.has(fact.key));
      setAttribute(parts.item, 'data-changed', old.has(fact.key));
      setAttribute(parts.item, 'data-tone', fact.tone);
      setHidden(parts.arrow, fact.direction === null || fact.direction === 'same');
      if (fact.direction) drawIcon(parts.arrow, fact.direction);
    }
  }

  /** @param {string} key */
  #makeItem(key) {
    const label = make('dt', {});
    const value = make('span', { class: 'fact-number' });
    const detail = make('dd', { class: 'fact-detail' });
    const was = make('del', { class: 'fact-was', hidden: true });
    const arrow = icon('same');
    const item = make('div', { class: 'fact', 'data-key': key },
      label, make('dd', { class: 'fact-value' }, was, value, arrow), detail);
    this.#list.append(item);
    const parts = { item, label, value, detail, was, arrow };
    this.#parts.set(key, parts);
    return parts;
  }
}

export function defineFactList() {
  customElements.define('fact-list', FactList);
}
