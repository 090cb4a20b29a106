// @ts-check
// A browser makes six connections to one server over HTTP/1.1, for all its tabs together, and an event stream holds one as long as
// it lives. So only some tabs have a stream; the others poll, and deciding always finds a connection. The browser's own locks count
// them: they end with their tab, whatever becomes of it.

/** @typedef {Pick<LockManager, 'request'>} Locks */

/** Leaves three for what all the tabs ask over REST. */
export const streamsPerBrowserMax = 3;

/**
 * @param {Locks} locks
 * @returns {Promise<(() => void)|null>} gives the slot back; null when all are taken
 */
export async function takeSlot(locks) {
  for (let number = 1; number <= streamsPerBrowserMax; number += 1) {
    const release = await takeLock(locks, `countersign.events.${number}`);
    if (release) return release;
  }
  return null;
}

/** @param {Locks} locks @param {string} name @returns {Promise<(() => void)|null>} */
const takeLock = (locks, name) => new Promise((resolve, reject) => {
  const held = locks.request(name, { ifAvailable: true }, (lock) => {
    if (lock === null) return resolve(null);
    // Held until this promise is kept.
    return new Promise((/** @type {(value: void) => void} */ release) => resolve(() => release()));
  });
  held.catch(reject);
});
