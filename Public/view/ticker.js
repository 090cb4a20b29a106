// @ts-check
/** One timer for every clock on the page: ages, countdowns, retry times all move in the same moment, once a second. */

const TICK_MS = 1000;

/**
 * @param {{ now: () => number, setTimeout: (run: () => void, ms: number) => any, clearTimeout: (id: any) => void }} clock
 * @returns {{ now: () => number, subscribe(listener: (nowMs: number) => void, options: { signal: AbortSignal }): void }}
 *   A listener hears the next whole second first; it is not called on subscribing.
 */
export function createTicker({ now, setTimeout, clearTimeout }) {
  /** @type {Set<(nowMs: number) => void>} */
  const listeners = new Set();
  /** @type {any} */
  let timer = null;

  const schedule = () => {
    timer = setTimeout(tick, TICK_MS - (now() % TICK_MS));
  };
  const tick = () => {
    schedule();
    const nowMs = now();
    for (const listener of [...listeners]) listener(nowMs);
  };

  return {
    now,
    subscribe(listener, { signal }) {
      if (signal.aborted) return;
      listeners.add(listener);
      if (timer === null) schedule();
      signal.addEventListener('abort', () => {
        listeners.delete(listener);
        if (listeners.size > 0 || timer === null) return;
        clearTimeout(timer);
        timer = null;
      }, { once: true });
    },
  };
}
