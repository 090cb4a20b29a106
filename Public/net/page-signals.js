// @ts-check
// What the browser says of itself — online, offline, seen again, awake again — told to the connection (REC-16, C7).

/** A page's clock that moved on by more than this between two of its seconds was asleep, or held back in a hidden tab. */
export const sleptMs = 5_000;

/**
 * @param {{window: EventTarget, document: EventTarget & {visibilityState: string},
 *   ticker: {now: () => number, subscribe(listener: (nowMs: number) => void, options: {signal: AbortSignal}): void}}} page
 * @param {{online(): void, offline(): void, visible(): void, woken(): void, restored(): void}} connection
 * @param {{signal: AbortSignal}} options
 */
export function watchPage({ window, document, ticker }, connection, { signal }) {
  window.addEventListener('online', () => connection.online(), { signal });
  window.addEventListener('offline', () => connection.offline(), { signal });
  // Out of the back/forward cache a page comes with its connections closed, and is not always told so.
  window.addEventListener('pageshow', (event) => {
    if (/** @type {PageTransitionEvent} */ (event).persisted) connection.restored();
  }, { signal });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') connection.visible();
  }, { signal });
  // A frozen tab is thawed.
  document.addEventListener('resume', () => connection.woken(), { signal });
  // A timer of half a minute may stand still with its computer and ring half a minute after it woke; the seconds tell at once.
  let last = ticker.now();
  ticker.subscribe((nowMs) => {
    if (nowMs - last > sleptMs) connection.woken();
    last = nowMs;
  }, { signal });
}
