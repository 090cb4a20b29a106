// @ts-check
// What the page reads from the state. The same answer object as long as nothing it was made of has changed (UI-18).

import { standstillMs } from './desk-stop.js';
import { lookup } from './keyed.js';
import { termDifferences } from './terms.js';

/**
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Signal} Signal
 * @typedef {import('./types.js').PendingDecision} PendingDecision
 * @typedef {import('./types.js').Price} Price
 * @typedef {import('./types.js').Difference} Difference
 * @typedef {import('./types.js').Preview} Preview
 * @typedef {import('./types.js').Verdict} Verdict
 * @typedef {'pending'|'decided'|'all'} Filter
 * @typedef {'sending'|'unknown'} PendingPhase
 * @typedef {Signal & {pending: PendingPhase|null}} SignalView
 * @typedef {{id: string, signal: Signal, shownStatus: string, pending: PendingPhase|null, failure: string|null, price: Price|null,
 *   undoing: boolean, selected: boolean, changes: Difference[], preview: Preview|null, verdict: Verdict|null}} CardView
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
/** What is ticked and still waits for a decision. */
export const selectSelection = memoised(
  (/** @type {State} */ state) => [state.signals, state.selection],
  ({ byId }, selection) => selection.flatMap((/** @type {string} */ id) => {
    const signal = lookup(byId, id);
    return signal?.awaiting_approval ? [signal] : [];
  }),
);

/**
 * Whether a signal may be given more time.
 * @param {State} state @param {Signal} signal @returns {boolean}
 */
export function selectCanExtend({ settings: { extension } }, { awaiting_approval: pending, expires_at: expiresAt, extended }) {
  if (!pending || expiresAt === null) return false;
  return (extended?.times ?? 0) < extension.times_max && (extended?.minutes ?? 0) + extension.minutes <= extension.minutes_max;
}

/**
 * What is left of the undo window of an approval, by the server's clock, so that every tab counts the same; null when there is
 * none to undo. 0 while it is leaving. While the desk is stopped nothing leaves, so there is always a little left.
 * @param {State} state @param {Signal} signal @param {number} nowMs @returns {number|null}
 */
export function selectUndoLeftMs({ settings, serverAheadMs, desk }, { status, decision, released_at: releasedAt }, nowMs) {
  if (decision === null || releasedAt !== null || !status.startsWith('APPROVED_')) return null;
  const [decidedAt, now] = [Date.parse(decision.decided_at), nowMs + serverAheadMs];
  // A policy may have given this one longer, or less.
  const windowMs = decision.undo_window_ms ?? settings.undo_window_ms;
  const left = decidedAt + windowMs + standstillMs(desk.stop, decidedAt, now) - now;
  // A clock that is set while a tab counts does not give it more than there is.
  return Math.max(desk.stopped ? 1 : 0, Math.min(left, windowMs));
}

/**
 * The approval that was made last and can still be undone.
 * @param {State} state @param {number} nowMs @returns {string|null}
 */
export function selectLastUndoable(state, nowMs) {
  const open = state.signals.order.map((id) => state.signals.byId[id]).filter((signal) => (selectUndoLeftMs(state, signal, nowMs) ?? 0) > 0);
  open.sort((a, b) => ((a.decision?.decided_at ?? '') < (b.decision?.decided_at ?? '') ? 1 : -1));
  return open[0]?.id ?? null;
}

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
  const inputs = [state.signals, state.decisions, state.failures, state.prices, state.undoing, state.selection, state.shownFirst,
    state.previews, state.verdicts];
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
/** @type {WeakMap<Signal, {decision: PendingDecision|undefined, failure: string|null, price: Price|null, undoing: boolean, selected: boolean,
 *   first: Signal|undefined, preview: Preview|null, verdict: Verdict|null, card: CardView}>} */
const cardViews = new WeakMap();
/** @type {WeakMap<Signal, SignalView>} */
const signalViews = new WeakMap();

/** @param {State} state @param {Signal} signal @returns {CardView} */
function cardOf(state, signal) {
  const decision = lookup(state.decisions, signal.id);
  const failure = lookup(state.failures, signal.id)?.message ?? null;
  const price = lookup(state.prices, signal.symbol) ?? null;
  const undoing = lookup(state.undoing, signal.id) ?? false;
  const selected = signal.awaiting_approval && state.selection.includes(signal.id);
  const first = lookup(state.shownFirst, signal.id);
  const preview = previewOf(state, signal);
  const verdict = lookup(state.verdicts, signal.id) ?? null;
  const known = cardViews.get(signal);
  const isKnown = known && known.decision === decision && known.failure === failure && known.price === price && known.verdict === verdict;
  const isSame = isKnown && known.undoing === undoing && known.selected === selected && known.first === first && known.preview === preview;
  if (isSame) return known.card;
  const card = {
    id: signal.id, signal, shownStatus: shownStatus(signal, decision), pending: decision?.phase ?? null, failure, price, undoing, selected,
    changes: first ? termDifferences(first, signal) : unchanged, preview, verdict,
  };
  cardViews.set(signal, { decision, failure, price, undoing, selected, first, preview, verdict, card });
  return card;
}

/** @type {Difference[]} */
const unchanged = [];

/** One that was made of other terms says nothing of these.
 * @param {State} state @param {Signal} signal @returns {Preview|null} */
function previewOf(state, signal) {
  const preview = signal.awaiting_approval ? lookup(state.previews, signal.id) : undefined;
  return preview?.terms === signal.terms ? preview : null;
}

/**
 * What previews are made of: another text when they may be other ones.
 */
export const selectPreviewInputs = memoised(
  (/** @type {State} */ state) => [state.loaded, state.signals, state.portfolio, state.campaigns, state.sessions],
  (loaded, { byId, order }, portfolio, campaigns, sessions) => {
    if (!loaded) return '';
    const waiting = order.filter((id) => byId[id].awaiting_approval).map((id) => byId[id].terms);
    return waiting.length === 0 ? '' : JSON.stringify([waiting, portfolio, campaigns, sessions]);
  },
);

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
