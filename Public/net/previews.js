// @ts-check
// Keeps the previews of waiting signals true: asks again when something they are made of has changed.

import * as actions from '../core/actions.js';
import { selectPreviewInputs } from '../core/selectors.js';
import { readPreviews } from '../wire/previews.js';

/**
 * However much changes, this tab asks once in so long; and not in the same moment as all others.
 */
export const askIntervalMs = 2_000;
export const askSpreadMs = 400;

/**
 * @param {{store: import('../core/store.js').Store<any, any>, api: {getPreviews(): Promise<import('./rest.js').Outcome>},
 *   now: () => number, setTimeout: (run: () => void, ms: number) => any, random: () => number, isHidden: () => boolean}} tools
 * @returns {{check(): void}} to be told also when the page is seen again
 */
export function keepPreviews({ store, api, now, setTimeout, random, isHidden }) {
  /** What the previews shown were made of; nothing before the first. */
  let known = '';
  let isAsking = false;
  let askedAt = -Infinity;

  const isDue = () => selectPreviewInputs(store.getState()) !== known && store.getState().connection.status === 'live' && !isHidden();

  async function ask() {
    if (!isDue()) {
      isAsking = false;
      return;
    }
    const inputs = selectPreviewInputs(store.getState());
    askedAt = now();
    const outcome = await api.getPreviews();
    const previews = outcome.kind === 'answer' ? readPreviews(outcome.body) : null;
    if (previews) {
      known = inputs;
      store.dispatch(actions.previewsLoaded(previews));
    }
    isAsking = false;
    check();
  }

  function check() {
    if (isAsking || !isDue()) return;
    isAsking = true;
    setTimeout(() => void ask(), Math.max(0, askedAt + askIntervalMs - now()) + Math.floor(random() * askSpreadMs));
  }

  store.subscribe((state) => selectPreviewInputs(state), check);
  store.subscribe((state) => state.connection.status, check);
  return { check };
}
