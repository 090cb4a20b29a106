// @ts-check
/**
 * The cards. `view/arrangement.js` decides which, so that nothing moves under a pointer, a finger or the focus.
 *
 * UI-17: all cards are in the document; `content-visibility: auto` (styles/signal-list.css) lets the browser skip layout and
 * paint of those off screen. A virtual list would save nodes too, but it would break find-in-page, the Tab order and
 * screen-reader lists, and there are never more cards than the pending ones and 200 decided.
 */
import { selected } from '../core/actions.js';
import { selectCards, selectSelection } from '../core/selectors.js';
import { arrange, newlyUnwanted, rangeOf, waitingLabel } from '../view/arrangement.js';
import { reconcile } from '../view/keyed-list.js';
import { make, makeButton, setHidden, setText } from '../view/make.js';
import { routePath } from '../view/router.js';
import { DeskElement } from './desk-element.js';
import { SignalCard } from './signal-card.js';

/** @typedef {import('../view/signal-words.js').CardView} CardView */

/** How long a decided card stays in "Pending", so that its outcome is seen. */
const LINGER_MS = 20_000;
/** A finger that touched the list a moment ago is likely to come back: touch has no hover to go by. */
const TOUCH_HOLD_MS = 5000;
/** Cards this close to the screen are kept up to date, so that scrolling never meets an old price. */
const SCREEN_MARGIN = '400px';

export class SignalList extends DeskElement {
  #filter = 'pending';
  #symbol = '';
  #list = make('ul', { class: 'card-list', role: 'list', 'aria-label': 'Signals' });
  #more = makeButton('', { class: 'button new-signals', hidden: true });
  /** @type {Map<string, Element>} */
  #nodes = new Map();
  /** @type {string[]} */
  #shown = [];
  /** @type {Map<string, number>} id → when it may go */
  #lingering = new Map();
  /** @type {IntersectionObserver | null} */
  #screen = null;
  #touchedAt = -Infinity;
  #pointerInside = false;
  #release = false;
  #spokenWaiting = 0;
  /** @type {string | null} where a range begins */
  #anchor = null;

  build() {
    this.append(make('div', { class: 'new-signals-place' }, this.#more), this.#list);
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch((state) => selectCards(state, { filter: 'all' }), signal);
    this.watch((state) => state.loaded, signal);
    this.desk.ticker.subscribe(() => this.#afterTick(), { signal });
    this.#more.addEventListener('click', () => this.showWaiting(), { signal });
    this.#watchScreen(signal);
    this.#list.addEventListener('pointerenter', (event) => {
      this.#pointerInside = event.pointerType === 'mouse';
    }, { signal });
    this.#list.addEventListener('pointerleave', () => {
      this.#pointerInside = false;
      this.repaint();
    }, { signal });
    this.#list.addEventListener('pointerdown', (event) => {
      if (event.pointerType !== 'mouse') this.#touchedAt = this.desk.ticker.now();
    }, { signal });
    this.#list.addEventListener('countersign:select', (event) => this.#select(/** @type {CustomEvent} */ (event).detail), { signal });
    this.#list.addEventListener('focusout', () => this.repaint(), { signal });
  }

  /** @param {{ filter: string, symbol: string }} choice */
  choose({ filter, symbol }) {
    this.#filter = filter;
    this.#symbol = symbol;
    this.#lingering.clear();
    this.#shown = [];
    this.repaint();
  }

  /** Puts the signals that came in meanwhile on top, and the reader there too. */
  showWaiting() {
    this.#release = true;
    const hadFocus = document.activeElement === this.#more;
    this.update();
    this.scrollIntoView({ block: 'start' });
    if (hadFocus) this.#cardAt(0)?.focus();
  }

  /** @param {1 | -1} step */
  moveFocus(step) {
    const cards = [...this.#list.querySelectorAll('signal-card')];
    const at = cards.findIndex((card) => card.contains(document.activeElement));
    const next = at < 0 ? 0 : Math.min(cards.length - 1, Math.max(0, at + step));
    const card = cards[next];
    if (!(card instanceof SignalCard)) return;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: 'nearest' });
  }

  /** @returns {SignalCard | null} the card the focus is in */
  focusedCard() {
    const card = document.activeElement?.closest('signal-card');
    return card instanceof SignalCard ? card : null;
  }

  /** @param {{ id: string, on: boolean, range: boolean }} choice */
  #select({ id, on, range }) {
    const ids = range ? rangeOf(this.#shown, this.#anchor, id) : [id];
    this.#anchor = id;
    const kept = selectSelection(this.state).map((signal) => signal.id).filter((known) => !ids.includes(known));
    const waiting = ids.filter((known) => this.state.signals.byId[known]?.awaiting_approval);
    this.desk.store.dispatch(selected(on ? [...kept, ...waiting] : kept));
  }

  /** @returns {number} how many cards stand in the list */
  get shownCount() {
    return this.#shown.length;
  }

  update() {
    const cards = selectCards(this.state, { filter: 'all' }).filter(({ signal }) => signal.symbol.includes(this.#symbol));
    const wanted = new Set(cards.filter((card) => this.#isWanted(card)).map(({ id }) => id));
    const now = this.desk.ticker.now();
    for (const id of newlyUnwanted(this.#shown, wanted, new Set(this.#lingering.keys()))) {
      this.#lingering.set(id, now + LINGER_MS);
    }
    const held = !this.#release && this.#isHeld(now);
    this.#release = false;
    const { ids, waiting } = arrange({
      order: cards.map(({ id }) => id), wanted, shown: this.#shown, lingering: new Set(this.#lingering.keys()), held,
    });
    this.#paint(cards, ids);
    this.#paintWaiting(waiting.length);
    this.#shown = ids;
    this.send('list-painted', { count: ids.length });
  }

  /** @param {CardView} card */
  #isWanted({ signal, pending }) {
    if (this.#filter === 'all') return true;
    const undecided = signal.status === 'PENDING_REVIEW' || pending !== null;
    return undecided === (this.#filter === 'pending');
  }

  /** @param {number} now */
  #isHeld(now) {
    return this.#pointerInside || now - this.#touchedAt < TOUCH_HOLD_MS ||
      this.#list.querySelector(':focus-visible') !== null;
  }

  /** @param {readonly CardView[]} cards @param {readonly string[]} ids */
  #paint(cards, ids) {
    const byId = new Map(cards.map((card) => [card.id, card]));
    const views = /** @type {CardView[]} */ (ids.map((id) => byId.get(id)).filter(Boolean));
    reconcile(this.#list, this.#nodes, views, {
      key: ({ id }) => id,
      create: () => this.#createItem(),
      update: (item, view) => {
        const href = routePath({ name: 'signal', id: view.id }, window.location.search);
        /** @type {SignalCard} */ (item.firstElementChild).show(view, href);
      },
    });
  }

  /**
   * Cards near the screen are awake, the others rest.
   * @param {AbortSignal} signal
   */
  #watchScreen(signal) {
    this.#screen = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const card = target.firstElementChild;
        if (card instanceof SignalCard && card.isConnected) card.awake = isIntersecting;
      }
    }, { rootMargin: SCREEN_MARGIN });
    for (const item of this.#list.children) this.#screen.observe(item);
    signal.addEventListener('abort', () => this.#screen?.disconnect(), { once: true });
  }

  #createItem() {
    const item = make('li', {}, make('signal-card'));
    this.#screen?.observe(item);
    return item;
  }

  /** @param {number} count */
  #paintWaiting(count) {
    setText(this.#more, waitingLabel(count));
    setHidden(this.#more, count === 0);
    if (count > this.#spokenWaiting) this.desk.live.announce(`${waitingLabel(count)} waiting`);
    this.#spokenWaiting = count;
  }

  /** Lets go of cards that lingered long enough, and of the hold of a finger that has gone. */
  #afterTick() {
    const now = this.desk.ticker.now();
    if (this.#lingering.size === 0 && this.#more.hidden) return;
    if (this.#isHeld(now)) return;
    for (const [id, until] of this.#lingering) if (until <= now) this.#lingering.delete(id);
    this.repaint();
  }

  /** @param {number} at @returns {SignalCard | null} */
  #cardAt(at) {
    const card = this.#list.children[at]?.firstElementChild;
    return card instanceof SignalCard ? card : null;
  }
}

export function defineSignalList() {
  customElements.define('signal-list', SignalList);
}
