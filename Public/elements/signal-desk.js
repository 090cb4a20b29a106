// @ts-check
/** The main column: toolbar, list, and what stands there when there is no list. */
import { selectConnection, selectCounts } from '../core/selectors.js';
import { make, makeButton, setHidden, setText } from '../view/make.js';
import { describeEmptyList } from '../view/empty-list.js';
import { DeskElement } from './desk-element.js';
import { SignalList } from './signal-list.js';
import { SignalToolbar } from './signal-toolbar.js';

const SKELETON_CARDS = 3;

export class SignalDesk extends DeskElement {
  #toolbar = /** @type {SignalToolbar} */ (make('signal-toolbar'));
  #list = /** @type {SignalList} */ (make('signal-list'));
  #emptyTitle = make('p', { class: 'empty-title' });
  #emptyText = make('p', { class: 'empty-text' });
  #emptyAction = makeButton('', { class: 'button' });
  #empty = make('div', { class: 'empty', hidden: true }, make('span', { class: 'empty-mark', 'aria-hidden': 'true' }),
    this.#emptyTitle, this.#emptyText, this.#emptyAction);
  #skeleton = make('div', { class: 'skeleton' }, make('p', { class: 'visually-hidden' }, 'Loading signals…'));
  #choice = { filter: 'pending', symbol: '' };
  #listed = 0;
  /** @type {'all' | 'clear' | 'reconnect' | null} */
  #does = null;

  build() {
    for (let at = 0; at < SKELETON_CARDS; at += 1) {
      this.#skeleton.append(make('div', { class: 'skeleton-card', 'aria-hidden': 'true' }));
    }
    this.append(make('div', { class: 'desk-head' }, make('h1', {}, 'Signals'), this.#toolbar),
      this.#skeleton, this.#empty, this.#list, make('selection-bar', { hidden: true }));
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch((state) => state.loaded, signal);
    this.watch(selectConnection, signal);
    this.watch(selectCounts, signal);
    this.addEventListener('countersign:filter', (event) => this.#choose(/** @type {CustomEvent} */ (event)), { signal });
    this.addEventListener('countersign:list-painted', (event) => {
      this.#listed = /** @type {CustomEvent} */ (event).detail.count;
      this.repaint();
    }, { signal });
    this.#emptyAction.addEventListener('click', () => this.#act(), { signal });
  }

  /** @returns {SignalList} */
  get list() {
    return this.#list;
  }

  /** @returns {SignalToolbar} */
  get toolbar() {
    return this.#toolbar;
  }

  update() {
    const { loaded, connection } = this.state;
    const unreachable = !loaded && (connection.status === 'disconnected' || connection.status === 'reconnecting');
    const nothing = loaded && this.#listed === 0;
    setHidden(this.#skeleton, loaded || unreachable);
    setHidden(this.#list, !loaded || nothing);
    setHidden(this.#empty, !nothing && !unreachable);
    const { title, text, action, does } = describeEmptyList({ ...this.#choice, unreachable, counts: selectCounts(this.state) });
    setText(this.#emptyTitle, title);
    setText(this.#emptyText, text);
    setText(this.#emptyAction, action ?? '');
    setHidden(this.#emptyAction, !action);
    this.#does = does;
  }

  /** @param {CustomEvent} event */
  #choose(event) {
    this.#choice = event.detail;
    this.#list.choose(this.#choice);
  }

  #act() {
    if (this.#does === 'all') this.#toolbar.choose('all');
    if (this.#does === 'clear') this.#toolbar.clearSearch();
    if (this.#does === 'reconnect') this.send('reconnect');
  }
}

export function defineSignalDesk() {
  customElements.define('signal-desk', SignalDesk);
}
