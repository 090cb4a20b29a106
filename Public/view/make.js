// @ts-check
/** Builds elements. Text goes in as text nodes only, so nothing a source sends can become markup. */

/**
 * @param {string} tag
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes] `class`, `aria-…`, `data-…`;
 *   true sets an empty attribute, false, null and undefined leave it out
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElement}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  for (const child of children) if (child !== null && child !== undefined) element.append(child);
  return element;
}

/** @param {string} label @param {Record<string, any>} [attributes] @param {...(Node | string)} children @returns {HTMLButtonElement} */
export function makeButton(label, attributes = {}, ...children) {
  const content = children.length > 0 ? children : [label];
  const button = make('button', { type: 'button', ...attributes }, ...content);
  return /** @type {HTMLButtonElement} */ (button);
}

/** Writes only what differs: a needless write to a text node makes screen readers and layout work for nothing.
 * @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {Element} element @param {string} name @param {string | number | boolean | null | undefined} value */
export function setAttribute(element, name, value) {
  if (value === false || value === null || value === undefined) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
    return;
  }
  const text = value === true ? '' : String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/** @param {Element} element @param {boolean} hidden */
export function setHidden(element, hidden) {
  setAttribute(element, 'hidden', hidden);
}

let lastId = 0;

/** @param {string} prefix @returns {string} an id for `aria-labelledby` and the like, unique on the page */
export function uniqueId(prefix) {
  lastId += 1;
  return `${prefix}-${lastId}`;
}
