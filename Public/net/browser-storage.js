// @ts-check
// The browser's storage, which may be forbidden, full or broken: then the page forgets, and works.

/** @param {() => Storage} storage @param {string} key @returns {string|null} */
export function readStored(storage, key) {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
}

/**
 * Null removes it. False when it could not be kept.
 * @param {() => Storage} storage @param {string} key @param {string|null} value @returns {boolean}
 */
export function writeStored(storage, key, value) {
  try {
    if (value === null) storage().removeItem(key);
    else storage().setItem(key, value);
    return true;
  } catch {
    return false;
  }
}
