// @ts-check
// Who am I, while the desk is open (C12): the page's address, else what this browser remembers, else nobody.

import { readStored, writeStored } from './browser-storage.js';

export const nameKey = 'countersign.name';
export const nameCharactersMax = 64;

/**
 * @typedef {{name(): string|null, setName(name: string|null): boolean}} Identity
 */

/**
 * @param {{location: {search: string}, storage: () => Storage}} page `storage` may throw where the browser forbids it
 * @returns {Identity}
 */
export function createIdentity({ location, storage }) {
  let name = acceptableName(new URLSearchParams(location.search).get('as')) ?? acceptableName(readStored(storage, nameKey));
  return {
    name: () => name,
    setName(wanted) {
      const accepted = wanted === null ? null : acceptableName(wanted);
      if (wanted !== null && accepted === null) return false;
      name = accepted;
      writeStored(storage, nameKey, accepted);
      return true;
    },
  };
}

/**
 * 1–64 characters, trimmed, no control characters; else null.
 * @param {string|null} text
 * @returns {string|null}
 */
export function acceptableName(text) {
  const name = (text ?? '').trim();
  const length = [...name].length;
  return length >= 1 && length <= nameCharactersMax && !/\p{Cc}/u.test(name) ? name : null;
}
