// @ts-check
/** Makes a parent's children follow a list of keys. Nodes that stay are not touched, so focus and scroll stay too. */

/**
 * @template Item
 * @param {Element} parent holds nothing but nodes made here
 * @param {Map<string, Element>} nodes by key; owned by the caller, kept between calls
 * @param {readonly Item[]} items
 * @param {{ key: (item: Item) => string, create: (item: Item) => Element, update: (node: any, item: Item) => void }} how
 */
export function reconcile(parent, nodes, items, { key, create, update }) {
  const wanted = new Set(items.map(key));
  for (const [id, node] of nodes) {
    if (wanted.has(id)) continue;
    nodes.delete(id);
    node.remove();
  }
  let cursor = parent.firstElementChild;
  for (const item of items) {
    const id = key(item);
    let node = nodes.get(id);
    if (!node) {
      node = create(item);
      nodes.set(id, node);
    }
    update(node, item);
    if (node === cursor) cursor = cursor.nextElementSibling;
    else insertKeepingFocus(parent, node, cursor);
  }
}

/** @param {Element} parent @param {Element} node @param {Element | null} before */
function insertKeepingFocus(parent, node, before) {
  const focused = node.contains(document.activeElement) ? document.activeElement : null;
  parent.insertBefore(node, before);
  if (focused instanceof HTMLElement && document.activeElement !== focused) focused.focus({ preventScroll: true });
}
