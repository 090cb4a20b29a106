// @ts-check
/**
 * Which cards the list shows, and in what order, without moving anything under a trader's finger.
 *
 * A new signal belongs on top, but a card put on top pushes every other card down, and a click aimed at "Approve AAPL"
 * would land on "Approve MSFT". So while the list is *held* (the pointer is over it, the keyboard focus is in it, or a
 * finger touched it a moment ago) nothing is inserted and nothing is removed: what came in waits behind an
 * "n new signals" button, what was decided stays in its place and says so. When the list is let go, the order of the
 * store applies again. A decided card lingers for a while even then, so that its outcome is seen and not only its absence.
 */

/**
 * @param {{ order: readonly string[], wanted: ReadonlySet<string>, shown: readonly string[],
 *   lingering: ReadonlySet<string>, held: boolean }} input
 *   order: every known id, newest first; wanted: those the filter asks for; shown: what stands there now
 * @returns {{ ids: string[], waiting: string[] }} waiting: wanted, but not shown while the list is held
 */
export function arrange({ order, wanted, shown, lingering, held }) {
  if (held && shown.length > 0) {
    const known = new Set(order);
    const ids = shown.filter((id) => known.has(id));
    const standing = new Set(ids);
    return { ids, waiting: order.filter((id) => wanted.has(id) && !standing.has(id)) };
  }
  const standing = new Set(shown);
  const ids = order.filter((id) => wanted.has(id) || (lingering.has(id) && standing.has(id)));
  return { ids, waiting: [] };
}

/**
 * Ids that stood in the list as wanted and no longer are: decided by someone since.
 * @param {readonly string[]} shown @param {ReadonlySet<string>} wanted @param {ReadonlySet<string>} alreadyLingering
 * @returns {string[]}
 */
export function newlyUnwanted(shown, wanted, alreadyLingering) {
  return shown.filter((id) => !wanted.has(id) && !alreadyLingering.has(id));
}

/** @param {number} count @returns {string} */
export function waitingLabel(count) {
  return count === 1 ? '1 new signal' : `${count} new signals`;
}

/**
 * What a Shift-click ticks: all from the card that was ticked last to this one, in the order they stand in.
 * @param {readonly string[]} shown @param {string | null} anchor @param {string} id @returns {string[]}
 */
export function rangeOf(shown, anchor, id) {
  const [from, to] = [anchor === null ? -1 : shown.indexOf(anchor), shown.indexOf(id)];
  if (from < 0 || to < 0) return [id];
  return shown.slice(Math.min(from, to), Math.max(from, to) + 1);
}
