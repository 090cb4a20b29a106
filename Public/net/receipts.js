// @ts-check
// Who has acknowledged the decision of the signal whose page is open: asked for over REST, because messages tell of changes only, of none
// while the page is cut off, and of none at all while it polls (C20).

import * as actions from '../core/actions.js';
import { selectReceipts } from '../core/selectors.js';
import { readReceipts } from '../wire/snapshot.js';

/** As often as the page asks for what happened. */
export const askAgainMs = 5_000;

/**
 * @typedef {import('../core/types.js').State} State
 * @typedef {{store: import('../core/store.js').Store<State, any>, api: Pick<import('./approvals-api.js').ApprovalsApi, 'getReceipts'>,
 *   shown: () => string|null, isHidden: () => boolean, now: () => number, setTimeout: (run: () => void, ms: number) => any,
 *   clearTimeout: (id: any) => void}} Tools `shown` is the signal whose page is open; null or empty for none
 */

/** @param {Tools} tools @param {{signal: AbortSignal}} options */
export function keepReceipts({ store, api, shown, isHidden, now, setTimeout, clearTimeout }, { signal }) {
  /** @type {any} */
  let timer = null;

  const ask = async () => {
    const id = shown();
    if (!id || !store.getState().loaded) return;
    const before = selectReceipts(store.getState(), id);
    const outcome = await api.getReceipts(id);
    const read = outcome.kind === 'answer' ? readReceipts(outcome.body) : null;
    // What was told by itself while the question was on its way is newer than the answer, or as new.
    if (selectReceipts(store.getState(), id) !== before) return;
    if (read?.ok) store.dispatch(actions.receiptsChanged(read.receipts, { offset: null, at: now(), replayed: false }));
  };

  const again = () => {
    clearTimeout(timer);
    timer = null;
    if (signal.aborted || !polls(store.getState())) return;
    timer = setTimeout(async () => {
      if (!isHidden()) await ask();
      again();
    }, askAgainMs);
  };

  store.subscribe((state) => state.loaded && state.connection.catchUp, () => void ask(), { signal });
  store.subscribe(polls, again, { signal });
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  again();

  return {
    /** Another page is open. */
    check() {
      void ask();
    },
  };
}

/** @param {State} state */
const polls = ({ connection: { status, transport } }) => status === 'live' && transport === 'polling';
