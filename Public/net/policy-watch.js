// @ts-check
/**
 * Keeps what the policy lets this trader do up to date: asked for again when something it rests on has changed. What it says
 * may be a moment old; the server judges every click anew.
 */
import * as actions from '../core/actions.js';
import { readPolicy } from '../wire/policy.js';

/** Changes come in bursts. */
export const settleMs = 150;
/** Between two questions, however much changes; and not in the same moment as all other tabs. */
export const gapMs = 1_000;
export const spreadMs = 400;
/** The policy itself may have changed: nobody tells of that. */
export const renewMs = 15_000;
export const renewWithoutPolicyMs = 60_000;

/**
 * @typedef {import('../core/types.js').State} State
 * @param {{store: import('../core/store.js').Store<State, any>, api: import('./approvals-api.js').ApprovalsApi, now: () => number,
 *   setTimeout: (run: () => void, ms: number) => any, clearTimeout: (id: any) => void, random: () => number, isHidden: () => boolean}} tools
 * @param {{signal: AbortSignal}} options
 * @returns {{check(): void}} to be told when the page is seen again: while nobody sees it, it asks nothing
 */
export function watchPolicy({ store, api, now, setTimeout, clearTimeout, random, isHidden }, { signal }) {
  let hasPolicy = true;
  let askedAt = -Infinity;
  let isAsking = false;
  /** @type {any} */
  let timer = null;
  let dueAt = Infinity;

  /** @param {number} ms */
  function askIn(ms) {
    const at = Math.max(now() + ms, askedAt + gapMs) + Math.floor(random() * spreadMs);
    if (signal.aborted || isHidden() || at >= dueAt) return;
    clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(ask, at - now());
  }

  async function ask() {
    dueAt = Infinity;
    if (signal.aborted || isHidden()) return;
    if (isAsking) {
      askIn(gapMs);
      return;
    }
    isAsking = true;
    askedAt = now();
    const name = store.getState().me.name;
    const outcome = await api.getPolicy();
    isAsking = false;
    const read = outcome.kind === 'answer' ? readPolicy(outcome.body) : null;
    // Whoever took another name meanwhile has asked again.
    if (read?.ok && store.getState().me.name === name) {
      hasPolicy = read.version !== null;
      store.dispatch(actions.policyRead(read.verdicts));
    }
    askIn(hasPolicy ? renewMs : renewWithoutPolicyMs);
  }

  const changed = () => {
    if (store.getState().loaded && hasPolicy) askIn(settleMs);
  };
  const begun = () => {
    if (store.getState().loaded) askIn(settleMs);
  };
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  store.subscribe((/** @type {State} */ state) => state.loaded, begun, { signal });
  store.subscribe((/** @type {State} */ state) => state.me.name, begun, { signal });
  store.subscribe((/** @type {State} */ state) => state.connection.status === 'live', begun, { signal });
  store.subscribe((/** @type {State} */ state) => state.signals, changed, { signal });
  store.subscribe((/** @type {State} */ state) => state.portfolio, changed, { signal });
  store.subscribe((/** @type {State} */ state) => state.campaigns, changed, { signal });
  return { check: begun };
}
