// @ts-check
/** Addresses of the dashboard. Links are ordinary `<a href>`; a plain click is followed without loading the page. */

/** @typedef {{ name: 'desk' } | { name: 'audit' } | { name: 'signal', id: string } | { name: 'unknown' }} Route */

/** @param {string} pathname @returns {Route} */
export function parseRoute(pathname) {
  const path = pathname.replace(/\/+$/, '');
  if (path === '' || path === '/signals' || path === '/index.html') return { name: 'desk' };
  if (path === '/audit') return { name: 'audit' };
  const match = /^\/signals\/([^/]{1,128})$/.exec(path);
  if (!match) return { name: 'unknown' };
  try {
    return { name: 'signal', id: decodeURIComponent(match[1]).toLowerCase() };
  } catch {
    return { name: 'unknown' };
  }
}

/**
 * The address of a route. The query (`?as=`) is kept: it says who this tab is.
 * @param {Route} route @param {string} [search] @returns {string}
 */
export function routePath(route, search = '') {
  if (route.name === 'audit') return `/audit${search}`;
  return route.name === 'signal' ? `/signals/${encodeURIComponent(route.id)}${search}` : `/signals${search}`;
}

/**
 * @param {{ window: Window, onRoute: (route: Route, how: 'first' | 'link' | 'history') => void, signal: AbortSignal }} options
 * @returns {{ start(): void, go(route: Route): void, current(): Route }}
 */
export function createRouter({ window, onRoute, signal }) {
  const current = () => parseRoute(window.location.pathname);

  /** @param {Route} route */
  const go = (route) => {
    window.history.pushState(null, '', routePath(route, window.location.search));
    onRoute(route, 'link');
  };

  /** @param {MouseEvent} event */
  const followLink = (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute('download')) return;
    const address = new URL(link.href);
    const route = parseRoute(address.pathname);
    if (address.origin !== window.location.origin || address.hash || route.name === 'unknown') return;
    event.preventDefault();
    go(route);
  };

  return {
    start() {
      window.document.addEventListener('click', followLink, { signal });
      window.addEventListener('popstate', () => onRoute(current(), 'history'), { signal });
      onRoute(current(), 'first');
    },
    go,
    current,
  };
}
