// @ts-check
// Holds the state, changes it through the reducer, and tells those who asked.

/**
 * @template S, A
 * @typedef {{
 *   getState(): S,
 *   dispatch(action: A): void,
 *   subscribe<T>(selector: (state: S) => T, listener: (selected: T, previous: T) => void, options?: {signal?: AbortSignal}): () => void,
 * }} Store
 */

/**
 * Listeners hear of a change once per microtask, however many actions caused it, and only when what they selected is another
 * value. A listener that throws is logged and the next one still runs.
 *
 * @template S, A
 * @param {(state: S, action: A) => S} reducer
 * @param {S} initialState
 * @param {{defer?: (run: () => void) => void, logger?: {error(message: string, ...details: unknown[]): void}}} [options]
 * @returns {Store<S, A>}
 */
export function createStore(reducer, initialState, options = {}) {
  const { defer = queueMicrotask, logger = console } = options;
  let state = initialState;
  let scheduled = false;
  /** @type {Set<() => void>} */
  const observers = new Set();

  const notify = () => {
    scheduled = false;
    for (const observe of [...observers]) {
      if (!observers.has(observe)) continue;
      try {
        observe();
      } catch (error) {
        logger.error('A store listener failed', error);
      }
    }
  };

  return {
    getState: () => state,

    dispatch(action) {
      const next = reducer(state, action);
      if (next === state) return;
      state = next;
      if (scheduled) return;
      scheduled = true;
      defer(notify);
    },

    subscribe(selector, listener, options) {
      const signal = options?.signal;
      if (signal?.aborted) return () => {};
      let previous = selector(state);
      const observe = () => {
        const selected = selector(state);
        if (Object.is(selected, previous)) return;
        const before = previous;
        previous = selected;
        listener(selected, before);
      };
      const unsubscribe = () => {
        observers.delete(observe);
        signal?.removeEventListener('abort', unsubscribe);
      };
      observers.add(observe);
      signal?.addEventListener('abort', unsubscribe, { once: true });
      return unsubscribe;
    },
  };
}
