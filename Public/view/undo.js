// @ts-check
/** What the undo window of an approval looks like at a moment. */

/**
 * @param {number | null} leftMs see `selectUndoLeftMs` @param {boolean} undoing my click is on its way
 * @param {boolean} [paused] the desk is stopped: nothing leaves
 * @returns {{ shown: boolean, open: boolean, text: string, label: string }}
 *   open: it can be undone; label: for who cannot see how the seconds run
 */
export function describeUndo(leftMs, undoing, paused = false) {
  if (leftMs === null) return { shown: false, open: false, text: '', label: '' };
  if (undoing) return { shown: true, open: false, text: 'Undoing…', label: 'Undoing' };
  if (leftMs === 0) return { shown: true, open: false, text: 'Leaving…', label: 'Leaving for execution' };
  if (paused) return { shown: true, open: true, text: `Undo · ${Math.ceil(leftMs / 1000)} s, paused`, label: 'Undo the approval; it does not leave while the desk is stopped' };
  return { shown: true, open: true, text: `Undo · ${Math.ceil(leftMs / 1000)} s`, label: 'Undo the approval' };
}
