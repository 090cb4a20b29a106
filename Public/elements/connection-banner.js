// @ts-check
/** The strip under the header: what is shown may be old, or: everything missed is here again. */
import { caughtUpText, reloadedText } from '../core/announcements.js';
import { selectConnection } from '../core/selectors.js';
import { drawIcon, icon } from '../view/icons.js';
import { make, setAttribute, setHidden, setText } from '../view/make.js';
import { DeskElement } from './desk-element.js';

const CATCH_UP_SHOWN_MS = 8000;
/** A connection that comes back within this time was no event for the reader. */
const GRACE_MS = 800;

export class ConnectionBanner extends DeskElement {
  #icon = icon('warning');
  #title = make('strong', { class: 'banner-title' });
  #text = make('span', { class: 'banner-text' });
  /** @type {number | null} */
  #lostAt = null;
  #spokenAt = 0;

  build() {
    this.append(make('div', { class: 'banner-row' }, this.#icon, make('p', {}, this.#title, ' ', this.#text)));
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch(selectConnection, signal);
    this.desk.ticker.subscribe(() => this.repaint(), { signal });
  }

  update() {
    const now = this.desk.ticker.now();
    const { status, catchUp, error } = selectConnection(this.state);
    if (status === 'live') this.#lostAt = null;
    else if (status !== 'connecting') this.#lostAt ??= now;
    if (this.#lostAt !== null && (now - this.#lostAt >= GRACE_MS || status === 'disconnected')) {
      this.#showLoss(status, error);
    } else if (status === 'live' && catchUp && now - catchUp.at < CATCH_UP_SHOWN_MS) {
      this.#showCatchUp(catchUp);
    } else {
      setHidden(this, true);
    }
  }

  /** @param {string} status @param {string | null} error */
  #showLoss(status, error) {
    const gone = status === 'disconnected';
    setAttribute(this, 'data-tone', gone ? 'bad' : 'busy');
    drawIcon(this.#icon, 'warning');
    setText(this.#title, gone ? `Disconnected${error ? `: ${error}` : ''}.` : 'Connection lost, reconnecting…');
    setText(this.#text, 'Prices and signals may be old. Decisions still go over HTTP if the server answers.');
    setHidden(this, false);
  }

  /** @param {import('../core/types.js').CatchUp} catchUp */
  #showCatchUp(catchUp) {
    const text = catchUpText(catchUp);
    if (!text) {
      setHidden(this, true);
      return;
    }
    setAttribute(this, 'data-tone', 'good');
    drawIcon(this.#icon, 'check');
    setText(this.#title, text);
    setText(this.#text, '');
    setHidden(this, false);
    if (this.#spokenAt === catchUp.at) return;
    this.#spokenAt = catchUp.at;
    this.desk.live.announce(text);
  }
}

/** @param {import('../core/types.js').CatchUp} catchUp @returns {string | null} null when nothing was missed */
function catchUpText(catchUp) {
  if (catchUp.kind === 'reloaded') return reloadedText(catchUp.reason);
  return catchUp.replayed === 0 ? null : caughtUpText(catchUp.replayed);
}

export function defineConnectionBanner() {
  customElements.define('connection-banner', ConnectionBanner);
}
