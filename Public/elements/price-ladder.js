// @ts-check
/**
 * The plan as a track: stop, entry, target and the live price between them. A drawing only (`aria-hidden`); the same
 * facts stand beside it as text. The attribute `labelled` adds the prices, for the roomy signal page.
 */
import { formatPrice } from '../view/format.js';
import { ladderMarks } from '../view/ladder.js';
import { make, setAttribute, setHidden, setText } from '../view/make.js';

const KINDS = /** @type {const} */ (['stop', 'entry', 'target', 'price']);
const LABELS = { stop: 'Stop', entry: 'Entry', target: 'Target', price: 'Now' };

export class PriceLadder extends HTMLElement {
  #track = make('span', { class: 'ladder-track' });
  /** @type {Map<string, { node: HTMLElement, text: HTMLElement }>} */
  #marks = new Map();

  connectedCallback() {
    if (this.#marks.size > 0) return;
    setAttribute(this, 'aria-hidden', 'true');
    this.append(this.#track);
    for (const kind of KINDS) {
      const text = make('span', { class: 'ladder-value' });
      const node = make('span', { class: 'ladder-mark', 'data-kind': kind },
        make('span', { class: 'ladder-label' }, `${LABELS[kind]} `, text));
      this.#marks.set(kind, { node, text });
      this.append(node);
    }
  }

  /** @param {Record<string, any>} signal @param {string | null} price */
  show(signal, price) {
    const marks = ladderMarks(/** @type {any} */ (signal), price);
    setHidden(this, !marks);
    if (!marks) return;
    for (const kind of KINDS) {
      const mark = marks.find((each) => each.kind === kind);
      const parts = this.#marks.get(kind);
      if (!parts) continue;
      setHidden(parts.node, !mark);
      if (!mark) continue;
      parts.node.style.setProperty('--at', String(mark.at));
      setAttribute(parts.node, 'data-beyond', mark.beyond);
      setText(parts.text, formatPrice(mark.value));
      if (kind === 'entry') this.style.setProperty('--entry', String(mark.at));
    }
  }
}

export function definePriceLadder() {
  customElements.define('price-ladder', PriceLadder);
}
