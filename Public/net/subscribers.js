// @ts-check
// Who wants to hear of which type of message (SUB-07, SUB-08).

/**
 * @typedef {import('../wire/messages.js').Message} Message
 * @typedef {(message: Message, occasion: {replayed: boolean}) => void} Listener
 */

export class Subscribers {
  /** @type {Map<string, Set<Listener>>} */
  #listeners = new Map();
  #logger;

  /** @param {{error(text: string, details?: unknown): void}} logger */
  constructor(logger) {
    this.#logger = logger;
  }

  /**
   * @param {string} type of message, or `*`
   * @param {Listener} listener
   * @returns {() => void} takes it out again
   */
  add(type, listener) {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    return () => this.remove(type, listener);
  }

  /** @param {string} type @param {Listener} listener */
  remove(type, listener) {
    const listeners = this.#listeners.get(type);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#listeners.delete(type);
  }

  /**
   * One that throws is logged, and the next one still hears (SUB-08).
   * @param {Message} message @param {{replayed: boolean}} occasion
   */
  tell(message, occasion) {
    for (const type of [message.type, '*']) {
      for (const listener of [...(this.#listeners.get(type) ?? [])]) {
        try {
          listener(message, occasion);
        } catch (error) {
          this.#logger.error('A subscriber failed', { type: message.type, error });
        }
      }
    }
  }
}
