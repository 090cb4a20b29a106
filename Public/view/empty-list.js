// @ts-check
/** What stands where no cards are: why, and what to do about it. */

/**
 * @param {{ filter: string, symbol: string, unreachable: boolean, counts: { pending: number, decided: number } }} list
 * @returns {{ title: string, text: string, action: string | null, does: 'all' | 'clear' | 'reconnect' | null }}
 */
export function describeEmptyList({ filter, symbol, unreachable, counts }) {
  if (unreachable) {
    return { title: 'The desk cannot be reached.', does: 'reconnect', action: 'Try now',
      text: 'Signals could not be loaded. This page keeps trying by itself.' };
  }
  if (symbol) {
    return { title: `No signals for “${symbol}”.`, does: 'clear', action: 'Clear the search',
      text: 'The search looks for symbols that contain these letters.' };
  }
  if (filter === 'decided') {
    return { title: 'Nothing has been decided yet.', text: 'Approved, rejected and expired signals are kept here.',
      action: null, does: null };
  }
  return { title: 'No signals are waiting.', text: 'New ones appear here the moment they arrive.',
    action: filter === 'pending' && counts.decided > 0 ? 'Show decided signals' : null,
    does: filter === 'pending' && counts.decided > 0 ? 'all' : null };
}
