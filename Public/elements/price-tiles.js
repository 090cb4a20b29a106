// @ts-check
/** Live prices, one tile per symbol (UI-15). */
import { selectConnection, selectPrices, selectPricesMove } from '../core/selectors.js';
import { directionOf, formatSignedPercent, formatTilePrice } from '../view/format.js';
import { drawIcon, icon } from '../view/icons.js';
import { reconcile } from '../view/keyed-list.js';
import { make, setAttribute, setHidden, setText } from '../view/make.js';
import { DeskElement } from './desk-element.js';

/** @typedef {import('../core/types.js').Price} Price */

const DIRECTION_WORDS = { up: 'up ', down: 'down ', same: '' };

export class PriceTiles extends DeskElement {
  #list = make('ul', { class: 'tiles', role: 'list' });
  #old = make('span', { class: 'side-note', hidden: true });
  #empty = make('p', { class: 'panel-empty' }, 'No prices yet.');
  /** @type {Map<string, Element>} */
  #nodes = new Map();

  build() {
    this.append(make('h2', { class: 'side-title' }, 'Live prices', this.#old), this.#empty, this.#list);
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch(selectPrices, signal);
    this.watch(selectPricesMove, signal);
    this.watch((state) => selectConnection(state).status, signal);
  }

  update() {
    const prices = selectPrices(this.state);
    setHidden(this.#empty, prices.length > 0);
    const old = !selectPricesMove(this.state);
    setText(this.#old, selectConnection(this.state).status === 'live' ? 'not updated' : 'may be old');
    setHidden(this.#old, !old || prices.length === 0);
    setAttribute(this, 'data-old', old);
    reconcile(this.#list, this.#nodes, prices, { key: ({ symbol }) => symbol, create: createTile, update: updateTile });
  }
}

/** @type {WeakMap<Element, { price: Price | null, value: HTMLElement, word: HTMLElement, change: HTMLElement, arrow: SVGSVGElement }>} */
const tiles = new WeakMap();

/** @param {Price} price */
function createTile({ symbol }) {
  const value = make('span', { class: 'tile-price' });
  const word = make('span', { class: 'visually-hidden' });
  const change = make('span', {});
  const arrow = icon('same');
  const tile = make('li', { class: 'tile' }, make('span', { class: 'tile-symbol' }, symbol), value,
    make('span', { class: 'tile-change' }, arrow, word, change));
  tiles.set(tile, { price: null, value, word, change, arrow });
  return tile;
}

/** @param {HTMLElement} tile @param {Price} price */
function updateTile(tile, price) {
  const parts = tiles.get(tile);
  if (!parts || parts.price === price) return;
  // Two animations with the same frames, in turn: a name that changes is what starts one again.
  if (parts.price) setAttribute(tile, 'data-flash', tile.dataset.flash === 'a' ? 'b' : 'a');
  parts.price = price;
  const direction = directionOf(price.change_pct);
  setAttribute(tile, 'data-direction', direction);
  setAttribute(tile, 'data-moved', price.direction);
  setText(parts.value, formatTilePrice(price.price));
  setText(parts.word, DIRECTION_WORDS[direction]);
  setText(parts.change, formatSignedPercent(price.change_pct));
  drawIcon(parts.arrow, direction);
}

export function definePriceTiles() {
  customElements.define('price-tiles', PriceTiles);
}
