// @ts-check
// What the page reads from the state. The same answer object as long as nothing it was made of has changed (UI-18).

import { lookup } from './keyed.js';

/**
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Signal} Signal
 * @typedef {import('./types.js').PendingDecision} PendingDecision
 * @typedef {import('./types.js').Price} Price
 * @typedef {'pending'|'decided'|'all'} Filter
 * @typedef {'sending'|'unknown'} PendingPhase
 * @typedef {Signal & {pending: PendingPhase|null}} SignalView
 * @typedef {{id: string, signal: Signal, shownStatus: string, pending: PendingPhase|null, failure: string|null, price: Price|null,
 *   verdict: import('./types.js').Verdict|null}} CardView
 */

/** @param {State} state */
export const selectConnection = (state) => state.connection;
/**
 * Prices come over a live stream only: not by polling, and not while the page is cut off (C20).
 * @param {State} state
 */
export const selectPricesMove = ({ connection: { status, transport } }) => status === 'live' && transport !== 'polling';
/** @param {State} state */
export const selectLoaded = (state) => state.loaded;
/** @param {State} state */
export const selectMe = (state) => state.me;
/** @param {State} state */
export const selectSettings = (state) => state.settings;
/** @param {State} state @param {string} signalId */
export const selectReceipts = (state, signalId) => lookup(state.receipts, signalId) ?? null;

/** @param {State} state */
export const selectPortfolio = (state) => state.portfolio;
/** @param {State} state */
export const selectNotifications = (state) => state.notifications;
/** @param {State} state */
export const selectToasts = (state) => state.toasts;
/** @param {State} state */
export const selectPreferences = (state) => state.preferences;
/**
 * Newest first.
 * @param {State} state
 */
export const selectDecisionFeed = (state) => state.algorithmDecisions;

/** In the order of their names. */
export const selectCampaigns = listOf((/** @type {State} */ state) => state.campaigns, ({ campaign_id }) => campaign_id);
/** In the order of their symbols. */
export const selectPrices = listOf((/** @type {State} */ state) => state.prices, ({ symbol }) => symbol);
/** In the order of their ids. */
export const selectSessions = listOf((/** @type {State} */ state) => state.sessions, ({ sessionId }) => sessionId);
/** Newest first. */
export const selectPatterns = memoised((/** @type {State} */ state) => [state.patterns], (patterns) => Object.values(patterns).reverse());

export const selectUnreadCount = memoised(
  (/** @type {State} */ state) => [state.notifications],
  (notifications) => notifications.filter(({ read }) => !read).length,
);

/** By the server's truth, not by what is on its way. */
export const selectCounts = memoised(
  (/** @type {State} */ state) => [state.signals],
  ({ byId, order }) => {
    const pending = order.filter((id) => byId[id].awaiting_approval).length;
    return { pending, decided: order.length - pending };
  },
);

/**
 * With the phase of a decision of mine on it.
 * @param {State} state @param {string} id @returns {SignalView|null}
 */
export function selectSignal(state, id) {
  const signal = lookup(state.signals.byId, id);
  if (!signal) return null;
  const pending = lookup(state.decisions, id)?.phase ?? null;
  const known = signalViews.get(signal);
  if (known && known.pending === pending) return known;
  const view = { ...signal, pending };
  signalViews.set(signal, view);
  return view;
}

/**
 * The cards, newest first. A signal with a decision on its way stays where it is until the server confirms it.
 * @param {State} state @param {{filter: Filter, symbol?: string|null}} query @returns {CardView[]}
 */
export function selectCards(state, { filter, symbol = null }) {
  const key = `${filter} ${symbol ?? ''}`;
  const inputs = [state.signals, state.decisions, state.failures, state.prices, state.verdicts];
  const known = cardLists.get(key);
  if (known && sameItems(known.inputs, inputs)) return known.cards;
  const wanted = (/** @type {Signal} */ signal) =>
    (filter === 'all' || (filter === 'pending') === signal.awaiting_approval) && (!symbol || signal.symbol === symbol);
  const cards = state.signals.order.map((id) => state.signals.byId[id]).filter(wanted).map((signal) => cardOf(state, signal));
  const kept = known && sameItems(known.cards, cards) ? known.cards : cards;
  cardLists.delete(key);
  cardLists.set(key, { inputs, cards: kept });
  if (cardLists.size > cardListsMax) cardLists.delete([...cardLists.keys()][0]);
  return kept;
}

/** One list per filter and symbol on the page; more than this is somebody typing. */
const cardListsMax = 16;
/** @type {Map<string, {inputs: unknown[], cards: CardView[]}>} */
const cardLists = new Map();
/** @type {WeakMap<Signal, {decision: PendingDecision|undefined, failure: string|null, price: Price|null,
 *   verdict: import('./types.js').Verdict|null, card: CardView}>} */
const cardViews = new WeakMap();
/** @type {WeakMap<Signal, SignalView>} */
const signalViews = new WeakMap();

/** @param {State} state @param {Signal} signal @returns {CardView} */
function cardOf(state, signal) {
  const decision = lookup(state.decisions, signal.id);
  const failure = lookup(state.failures, signal.id)?.message ?? null;
  const price = lookup(state.prices, signal.symbol) ?? null;
  const verdict = lookup(state.verdicts, signal.id) ?? null;
  const known = cardViews.get(signal);
  if (known && known.decision === decision && known.failure === failure && known.price === price && known.verdict === verdict) return known.card;
  const card = { id: signal.id, signal, shownStatus: shownStatus(signal, decision), pending: decision?.phase ?? null, failure, price, verdict };
  cardViews.set(signal, { decision, failure, price, verdict, card });
  return card;
}

/**
 * OPT-01: what it will be if the server agrees.
 * @param {Signal} signal @param {PendingDecision|undefined} decision
 */
function shownStatus(signal, decision) {
  if (!decision) return signal.status;
  return decision.action === 'approve' ? `APPROVED_${decision.status}` : 'REJECTED';
}

/** @param {unknown[]} a @param {unknown[]} b */
const sameItems = (a, b) => a.length === b.length && a.every((item, index) => item === b[index]);

/**
 * Remembers the last answer.
 * @template {any[]} I @template T @param {(state: State) => [...I]} inputsOf @param {(...inputs: I) => T} compute
 * @returns {(state: State) => T}
 */
function memoised(inputsOf, compute) {
  /** @type {{inputs: I, answer: T}|null} */
  let last = null;
  return (state) => {
    const inputs = inputsOf(state);
    if (!last || !sameItems(last.inputs, inputs)) last = { inputs, answer: compute(...inputs) };
    return last.answer;
  };
}

/** @template T @param {(state: State) => Record<string, T>} mapOf @param {(item: T) => string} nameOf @returns {(state: State) => T[]} */
function listOf(mapOf, nameOf) {
  return memoised(
    (state) => [mapOf(state)],
    (map) => Object.values(map).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
  );
}
