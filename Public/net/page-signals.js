// @ts-check
// What the browser says of itself — online, offline, seen again — told to the connection (REC-16, C7).

/**
 * @param {{window: EventTarget, document: EventTarget & {visibilityState: string}}} page
 * @param {{online(): void, offline(): void, visible(): void}} connection
 * @param {{signal?: AbortSignal}} [options]
 */
export function watchPage({ window, document }, connection, options = {}) {
  const { signal } = options;
  window.addEventListener('online', () => connection.online(), { signal });
  window.addEventListener('offline', () => connection.offline(), { signal });
  // A page that comes back from the browser's back/forward cache had its socket closed under it.
  window.addEventListener('pageshow', () => connection.visible(), { signal });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') connection.visible();
  }, { signal });
}
