// @ts-check
/** The strip under the header. What it says, and when, is in `core/connection-news.js`; the indicator speaks it. */
import { describeStrip } from '../core/connection-news.js';
import { selectConnection } from '../core/selectors.js';
import { drawIcon, icon } from '../view/icons.js';
import { make, setAttribute, setHidden, setText } from '../view/make.js';
import { DeskElement } from './desk-element.js';

export class ConnectionBanner extends DeskElement {
  #icon = icon('warning');
  #title = make('strong', { class: 'banner-title' });
  #text = make('span', {});
  #more = make('span', { class: 'banner-more' });
  /** @type {number | null} */
  #lostAt = null;

  build() {
    this.append(make('div', { class: 'banner-row' }, this.#icon, make('p', {}, this.#title, ' ', this.#text, ' ', this.#more)));
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch(selectConnection, signal);
    this.desk.ticker.subscribe(() => this.repaint(), { signal });
  }

  update() {
    const now = this.desk.ticker.now();
    const connection = selectConnection(this.state);
    if (connection.status === 'live') this.#lostAt = null;
    else if (connection.status !== 'connecting') this.#lostAt ??= now;
    const strip = describeStrip(connection, now, this.#lostAt);
    setHidden(this, strip === null);
    if (strip === null) return;
    setAttribute(this, 'data-tone', strip.tone);
    drawIcon(this.#icon, strip.icon);
    setText(this.#title, strip.title);
    setText(this.#text, strip.text);
    setText(this.#more, strip.more);
  }
}

export function defineConnectionBanner() {
  customElements.define('connection-banner', ConnectionBanner);
}
