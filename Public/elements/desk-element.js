// @ts-check
/**
 * The ground all our elements stand on: light DOM, built once, one AbortController for each time in the document.
 *
 * What an element needs of the page (the store, the ticker, the painter, the live region) it asks for with a bubbling
 * `countersign:desk-request` event, which `main.js` answers. So no element imports a shared instance, and a test can put
 * an element under another desk.
 */

/** @typedef {import('../core/types.js').State} State */
/**
 * @typedef {{ store: import('../core/store.js').Store<State, any>,
 *   ticker: { now: () => number, subscribe(listener: (nowMs: number) => void, options: { signal: AbortSignal }): void },
 *   paint: (job: () => void) => void,
 *   live: import('../view/live-region.js').LiveRegion }} Desk
 */

export class DeskElement extends HTMLElement {
  /** @type {AbortController | null} */
  #lifetime = null;
  /** @type {Desk | null} */
  #desk = null;
  #built = false;
  #paintNow = () => {
    if (this.#lifetime) this.update();
  };

  connectedCallback() {
    this.#lifetime = new AbortController();
    this.#desk ??= requestDesk(this);
    if (!this.#built) {
      this.#built = true;
      this.build();
    }
    this.connected(this.#lifetime.signal);
    this.update();
  }

  disconnectedCallback() {
    this.#lifetime?.abort();
    this.#lifetime = null;
  }

  /** Makes the nodes. Runs once in the element's life. */
  build() {}

  /**
   * Adds listeners and subscriptions; all take the signal.
   * @param {AbortSignal} _signal
   */
  connected(_signal) {}

  /** Brings the nodes in line with the state. */
  update() {}

  /** @returns {Desk} */
  get desk() {
    if (!this.#desk) throw new Error(`<${this.localName}> was used before it was in the document`);
    return this.#desk;
  }

  /** @returns {State} */
  get state() {
    return this.desk.store.getState();
  }

  /** Paints in the next frame. */
  repaint() {
    if (this.#desk) this.#desk.paint(this.#paintNow);
  }

  /** Paints whenever what the selector picks changes.
   * @param {(state: State) => unknown} selector @param {AbortSignal} signal */
  watch(selector, signal) {
    this.desk.store.subscribe(selector, () => this.repaint(), { signal });
  }

  /**
   * Lets an intent leave.
   * @param {string} name @param {Record<string, unknown>} [detail]
   */
  send(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(`countersign:${name}`, { bubbles: true, detail }));
  }
}

/** @param {HTMLElement} element @returns {Desk} */
function requestDesk(element) {
  const detail = { desk: /** @type {Desk | null} */ (null) };
  element.dispatchEvent(new CustomEvent('countersign:desk-request', { bubbles: true, detail }));
  if (!detail.desk) throw new Error(`Nobody answers the desk request of <${element.localName}>`);
  return detail.desk;
}
