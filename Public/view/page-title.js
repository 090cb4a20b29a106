// @ts-check
/** What the browser's tab is called: how many signals wait comes first, where a narrow tab still shows it. */

/** @param {number} pendingCount @param {{ symbol: string, side: string | null } | null} signal the one shown, if any
 * @param {boolean} [stopped] the desk stands still @returns {string} */
export function pageTitle(pendingCount, signal, stopped = false) {
  const count = pendingCount > 0 ? `(${pendingCount}) ` : '';
  const subject = signal ? `${[signal.symbol, signal.side].filter(Boolean).join(' ')} · ` : '';
  return `${stopped ? '■ STOPPED ' : ''}${count}${subject}Countersign`;
}
