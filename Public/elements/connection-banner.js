// @ts-check
/** The strip under the header while the page is not live: what is shown may be old. (Catching up is told by a toast.) */
import { selectConnection } from '../core/selectors.js';
import { icon } from '../view/icons.js';
import { make, setAttribute, setHidden, setText } from '../view/make.js';
import { DeskElement } from './desk-element.js';

/** A connection that comes back within this time was no event for the reader. */
const GRACE_MS = 800;

export class ConnectionBanner extends DeskElement {
  #title = make('strong', { class: 'banner-title' });
  /** @type {number | null} */
  #lostAt = null;

  build() {
    this.append(make('div', { class: 'banner-row' }, icon('warning'), make('p', {}, this.#title,
      ' Prices and signals may be old. ',
      make('span', { class: 'banner-more' }, 'Decisions still go over HTTP if the server answers.'))));
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch(selectConnection, signal);
    this.desk.ticker.subscribe(() => this.repaint(), { signal });
  }

  update() {
    const now = this.desk.ticker.now();
    const { status, error } = selectConnection(this.state);
    if (status === 'live') this.#lostAt = null;
    else if (status !== 'connecting') this.#lostAt ??= now;
    if (this.#lostAt !== null && (now - this.#lostAt >= GRACE_MS || status === 'disconnected')) {
      this.#showLoss(status, error);
    } else {
      setHidden(this, true);
    }
  }

  /** @param {string} status @param {string | null} error */
  #showLoss(status, error) {
    const gone = status === 'disconnected';
    setAttribute(this, 'data-tone', gone ? 'bad' : 'busy');
    setText(this.#title, gone ? `Disconnected${error ? `: ${error}` : ''}.` : 'Connection lost, reconnecting…');
    setHidden(this, false);
  }
}

export function defineConnectionBanner() {
  customElements.define('connection-banner', ConnectionBanner);
}
