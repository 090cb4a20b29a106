// @ts-check
/** The page's address after a rename: `?as=` names the trader and would bring the old name back on a reload. */

/** @param {string} href @param {string} name @returns {string | null} null when the address does not name anyone */
export function renamedAddress(href, name) {
  const address = new URL(href);
  if (!address.searchParams.has('as')) return null;
  address.searchParams.set('as', name);
  return `${address.pathname}${address.search}${address.hash}`;
}
