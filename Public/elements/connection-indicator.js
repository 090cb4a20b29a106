// @ts-check
/** How the connection stands: icon, text, countdown, Reconnect Now, and the details (IND-01…09). */
import { spokenConnection } from '../core/connection-news.js';
import { describeConnection } from '../core/indicator.js';
import { selectConnection } from '../core/selectors.js';
import { drawIcon, icon } from '../view/icons.js';
import { make, makeButton, setAttribute, setHidden, setText, uniqueId } from '../view/make.js';
import { DeskElement } from './desk-element.js';

/** A pointer that only passes by should not open the details. */
const HOVER_OPEN_MS = 150;

export class ConnectionIndicator extends DeskElement {
  #icon = icon('spinner');
  #text = make('span', { class: 'indicator-text' });
  #countdown = make('span', { class: 'indicator-countdown' });
  #details = make('dl', { class: 'details-grid' });
  #panel = make('div', { class: 'panel indicator-panel', id: uniqueId('connection'), hidden: true },
    make('h2', { class: 'panel-title' }, 'Connection'), this.#details);
  #button = makeButton('', { class: 'indicator-button', 'aria-expanded': 'false', 'aria-controls': this.#panel.id },
    this.#icon, make('span', { class: 'indicator-words' }, this.#text, this.#countdown));
  #reconnect = makeButton('Reconnect Now', { class: 'button button-small', hidden: true });
  #pinned = false;
  /** @type {string | null} */
  #spoken = null;

  build() {
    this.append(this.#button, this.#reconnect, this.#panel);
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch(selectConnection, signal);
    this.desk.ticker.subscribe(() => this.repaint(), { signal });
    this.#reconnect.addEventListener('click', () => this.send('reconnect'), { signal });
    this.#openOnHoverFocusAndTouch(signal);
  }

  update() {
    const connection = selectConnection(this.state);
    const shown = describeConnection(connection, this.desk.ticker.now());
    setAttribute(this, 'data-tone', shown.tone);
    setAttribute(this, 'data-pulsing', shown.pulsing);
    drawIcon(this.#icon, shown.icon);
    setText(this.#text, shown.text);
    setText(this.#countdown, shown.countdown ?? '');
    setHidden(this.#countdown, !shown.countdown);
    setHidden(this.#reconnect, !shown.canReconnect);
    if (!this.#panel.hidden) this.#paintDetails(shown.tooltip);
    this.#speak(spokenConnection(connection), connection.status === 'disconnected');
  }

  /** @param {string[][]} rows */
  #paintDetails(rows) {
    const text = rows.flat().join('\n');
    if (this.#details.dataset.text === text) return;
    this.#details.dataset.text = text;
    this.#details.replaceChildren(...rows.flatMap(([label, value]) => [make('dt', {}, label), make('dd', {}, value)]));
  }

  /** A tooltip that touch and keyboard reach too: hover and focus show it, a click pins it, Escape puts it away.
   * @param {AbortSignal} signal */
  #openOnHoverFocusAndTouch(signal) {
    let hoverTimer = 0;
    this.addEventListener('pointerenter', (event) => {
      if (event.pointerType !== 'mouse') return;
      hoverTimer = window.setTimeout(() => this.#show(true), HOVER_OPEN_MS);
    }, { signal });
    this.addEventListener('pointerleave', () => {
      clearTimeout(hoverTimer);
      if (!this.#pinned) this.#show(false);
    }, { signal });
    this.addEventListener('focusin', () => {
      if (this.#button.matches(':focus-visible')) this.#show(true);
    }, { signal });
    this.addEventListener('focusout', (event) => {
      if (event.relatedTarget instanceof Node && this.contains(event.relatedTarget)) return;
      this.#pinned = false;
      this.#show(false);
    }, { signal });
    this.#button.addEventListener('click', () => {
      this.#pinned = this.#panel.hidden || !this.#pinned;
      this.#show(this.#pinned);
    }, { signal });
    this.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.#panel.hidden) return;
      event.preventDefault();
      this.#pinned = false;
      this.#show(false);
    }, { signal });
  }

  /** @param {boolean} open */
  #show(open) {
    setHidden(this.#panel, !open);
    setAttribute(this.#button, 'aria-expanded', String(open));
    if (open) this.update();
  }

  /**
   * Says each change once, but not that a page which has just been opened is live; the countdown stays silent, it would never end.
   * @param {string} words @param {boolean} urgent
   */
  #speak(words, urgent) {
    if (words === '' || words === this.#spoken) return;
    const first = this.#spoken === null;
    this.#spoken = words;
    if (!first) this.desk.live.announce(words, urgent ? 'assertive' : 'polite');
  }
}

export function defineConnectionIndicator() {
  customElements.define('connection-indicator', ConnectionIndicator);
}
