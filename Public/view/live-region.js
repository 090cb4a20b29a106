// @ts-check
/**
 * Speaks to screen readers: one polite and one assertive region for the whole page, rate limited. A busy market must
 * not talk over a trader, so polite texts that come too fast are dropped, all but the newest; assertive ones queue.
 */

const POLITE_INTERVAL_MS = 1500;
const ASSERTIVE_INTERVAL_MS = 500;
const ASSERTIVE_QUEUE_MAX = 5;

/** @typedef {{ announce(text: string, urgency?: 'polite' | 'assertive'): void }} LiveRegion */

/**
 * @param {{ polite: Pick<Element, 'textContent'>, assertive: Pick<Element, 'textContent'>, now: () => number,
 *   setTimeout: (run: () => void, ms: number) => any }} parts
 * @returns {LiveRegion}
 */
export function createLiveRegion({ polite, assertive, now, setTimeout }) {
  const speakers = {
    polite: createSpeaker({ region: polite, intervalMs: POLITE_INTERVAL_MS, queueMax: 1, now, setTimeout }),
    assertive: createSpeaker({
      region: assertive, intervalMs: ASSERTIVE_INTERVAL_MS, queueMax: ASSERTIVE_QUEUE_MAX, now, setTimeout,
    }),
  };
  return {
    announce(text, urgency = 'polite') {
      speakers[urgency](text);
    },
  };
}

/**
 * @param {{ region: Pick<Element, 'textContent'>, intervalMs: number, queueMax: number, now: () => number,
 *   setTimeout: (run: () => void, ms: number) => any }} parts
 * @returns {(text: string) => void}
 */
function createSpeaker({ region, intervalMs, queueMax, now, setTimeout }) {
  /** @type {string[]} */
  const queue = [];
  let lastAt = -Infinity;
  let waiting = false;

  const speak = () => {
    waiting = false;
    const text = queue.shift();
    if (text === undefined) return;
    // A region that already holds this text would stay silent; a trailing no-break space makes it news again.
    region.textContent = region.textContent === text ? `${text}\u00a0` : text;
    lastAt = now();
    if (queue.length > 0) wait();
  };
  const wait = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(speak, Math.max(0, lastAt + intervalMs - now()));
  };

  return (text) => {
    queue.push(text);
    while (queue.length > queueMax) queue.shift();
    wait();
  };
}
