// @ts-check
/**
 * Wires the dashboard, and is the only file that does: store and connection, elements, the intents they send, the address,
 * the keys. Everything else gets what it needs handed in.
 */
import * as actions from './core/actions.js';
import { reducer } from './core/reducer.js';
import { selectCards, selectCounts, selectMe, selectPreferences } from './core/selectors.js';
import { initialState } from './core/state.js';
import { createStore } from './core/store.js';
import { defineAll } from './elements/define-all.js';
import { createApprovalsApi } from './net/approvals-api.js';
import { createDecisionCommands } from './net/decision-commands.js';
import { createIdentity } from './net/identity.js';
import { createLiveConnection } from './net/live-connection.js';
import { watchPage } from './net/page-signals.js';
import { watchPolicy } from './net/policy-watch.js';
import { loadPreferences, savePreferences } from './net/preferences.js';
import { createRest } from './net/rest.js';
import { listenForKeys } from './view/keyboard.js';
import { createLiveRegion } from './view/live-region.js';
import { renamedAddress } from './view/named-address.js';
import { pageTitle } from './view/page-title.js';
import { createPainter } from './view/painter.js';
import { createRouter } from './view/router.js';
import { createTicker } from './view/ticker.js';
import { readReceipts, readSignal } from './wire/snapshot.js';

/** After the pointer leaves the toasts, their time goes on this much later. */
const TOAST_RELEASE_MS = 1500;

const { signal } = new AbortController();
const now = () => Date.now();
const setTimeout = window.setTimeout.bind(window);
const clearTimeout = window.clearTimeout.bind(window);
const storage = () => window.localStorage;

// What the page knows, and where it hears it.
const store = createStore(reducer, { ...initialState, preferences: loadPreferences(storage) });
const identity = createIdentity({ location: window.location, storage });
const rest = createRest({ fetch: window.fetch.bind(window), setTimeout, clearTimeout, identity });
const api = createApprovalsApi(rest);
const commands = createDecisionCommands({ store, api, now, setTimeout, clearTimeout, randomUUID: newUuid });
const connection = createLiveConnection({
  store, WebSocket: window.WebSocket, EventSource: window.EventSource, locks: window.navigator.locks, fetch: window.fetch.bind(window),
  setTimeout, clearTimeout, now, random: Math.random, location: window.location, logger: console, identity,
});

// What elements may ask of the page.
const ticker = createTicker({ now, setTimeout, clearTimeout });
const paint = createPainter({
  requestAnimationFrame: window.requestAnimationFrame.bind(window), setTimeout, isHidden: () => document.hidden,
});
const live = createLiveRegion({ polite: find('.live-polite'), assertive: find('.live-assertive'), now, setTimeout });
on('desk-request', (detail) => {
  detail.desk = { store, ticker, paint, live };
});
defineAll();

const desk = /** @type {import('./elements/signal-desk.js').SignalDesk} */ (find('signal-desk'));
const page = /** @type {import('./elements/signal-page.js').SignalPage} */ (find('signal-page'));
const rejectDialog = /** @type {import('./elements/reject-dialog.js').RejectDialog} */ (find('reject-dialog'));
const statusDialog = /** @type {import('./elements/status-dialog.js').StatusDialog} */ (find('status-dialog'));
const nameDialog = /** @type {import('./elements/name-dialog.js').NameDialog} */ (find('name-dialog'));
const shortcutsDialog = /** @type {import('./elements/shortcuts-dialog.js').ShortcutsDialog} */ (find('shortcuts-dialog'));
const bell = /** @type {import('./elements/notification-center.js').NotificationCenter} */ (find('notification-center'));

// Deciding. What was tried last on a signal is remembered for "Try again".
/** @type {Map<string, () => Promise<{ ok: boolean, code: string, message: string | null }>>} */
const lastTries = new Map();
on('approve', ({ signalId, status, note }) => decide(signalId, () => commands.approve(signalId, { status, note })));
on('reject', ({ signalId, reason, note }) => decide(signalId, () => commands.reject(signalId, { reason, note })));
on('retry', ({ signalId }) => {
  const again = lastTries.get(signalId);
  if (again) decide(signalId, again);
});
on('dismiss-failure', ({ signalId }) => store.dispatch(actions.failureDismissed(signalId)));
on('ask-reason', async ({ signalId, note, reasons, veto }, origin) => {
  const subject = signalOf(signalId);
  const answer = subject && await rejectDialog.ask(subject, note, { reasons, veto });
  if (answer) send(origin, 'reject', { signalId, ...answer });
});
on('ask-status', async ({ signalId, note }, origin) => {
  const subject = signalOf(signalId);
  const status = subject && await statusDialog.ask(subject);
  if (status) send(origin, 'approve', { signalId, status, note });
});

// Who I am, and how I like it.
on('rename', ({ name }) => rename(name));
on('preference', ({ key, value }) => store.dispatch(actions.preferenceChanged(key, value)));
store.subscribe(selectPreferences, (preferences) => {
  savePreferences(storage, preferences);
  applyTheme(preferences.theme);
}, { signal });
applyTheme(selectPreferences(store.getState()).theme);
if (identity.name()) takeName(/** @type {string} */ (identity.name()));

// Toasts and notifications. Toasts do not run out while someone points at them.
let toastsRunFrom = 0;
on('hold-toasts', ({ held }) => {
  toastsRunFrom = held ? Infinity : now() + TOAST_RELEASE_MS;
});
ticker.subscribe((at) => {
  if (at >= toastsRunFrom) store.dispatch(actions.ticked(at));
}, { signal });
on('dismiss-toast', ({ id }) => store.dispatch(actions.toastDismissed(id)));
on('mark-read', ({ id }) => store.dispatch(actions.notificationsRead(id ?? null)));
on('clear-notifications', ({ id }) => store.dispatch(actions.notificationsCleared(id ?? null)));
on('open-notifications', () => bell.open());

on('reconnect', () => connection.reconnectNow());
on('ask-shortcuts', () => shortcutsDialog.ask());

// Where the reader is.
let deskScroll = 0;
/** @type {string | null} */
let shownId = null;
const router = createRouter({ window, signal, onRoute: showRoute });
on('open-signal', ({ id }) => router.go({ name: 'signal', id }));
store.subscribe((state) => state.loaded, () => fetchShownSignal(), { signal });
store.subscribe((state) => state.loaded && state.connection.catchUp, () => fetchReceipts(), { signal });
store.subscribe(selectCounts, () => paint(paintTitle), { signal });
window.history.scrollRestoration = 'manual';
router.start();

listenForKeys({ document, onIntent: carryOut, signal });
watchPage({ window, document, ticker }, connection, { signal });
watchPolicy({ store, api, now, setTimeout, clearTimeout }, { signal });
connection.connect();

/** @param {string} signalId @param {() => Promise<{ ok: boolean, code: string, message: string | null }>} run */
async function decide(signalId, run) {
  if (!selectMe(store.getState()).named) {
    const name = await nameDialog.ask();
    if (!name) return;
    rename(name);
  }
  lastTries.set(signalId, run);
  const { ok, code, message } = await run();
  if (ok) lastTries.delete(signalId);
  // What was never sent leaves no trace on the card; it must be said elsewhere.
  else if (message && ['not_found', 'not_pending', 'identity_required'].includes(code)) {
    store.dispatch(actions.toastRequested('error', message, now(), signalId));
  }
}

/** The name counts from now on: requests carry it at once, the connection takes it on when it is made anew.
 * @param {string} name */
function rename(name) {
  if (!identity.setName(name)) {
    store.dispatch(actions.toastRequested('error', 'That is not a name: 1 to 64 characters, please.', now()));
    return;
  }
  const address = renamedAddress(window.location.href, name);
  if (address) window.history.replaceState(null, '', address);
  takeName(name);
  connection.restart();
}

/**
 * Until the server says otherwise I am who I say I am.
 * @param {string} name
 */
function takeName(name) {
  const { me, settings } = store.getState();
  store.dispatch(actions.identified({ ...me, name, named: true }, settings));
}

/** @param {import('./view/router.js').Route} route @param {'first' | 'link' | 'history'} how */
function showRoute(route, how) {
  if (shownId === null && how !== 'first') deskScroll = window.scrollY;
  shownId = route.name === 'desk' ? null : route.name === 'signal' ? route.id : '';
  find('.desk').toggleAttribute('hidden', shownId !== null);
  page.toggleAttribute('hidden', shownId === null);
  if (shownId !== null) page.open(shownId);
  fetchShownSignal();
  fetchReceipts();
  paintTitle();
  if (how === 'first') return;
  window.scrollTo(0, shownId === null ? deskScroll : 0);
  if (shownId !== null) page.focusTitle();
}

/** The store holds the pending and the newest decided signals; an older one is fetched when its page is opened. */
async function fetchShownSignal() {
  const id = shownId;
  if (id === null || !store.getState().loaded || signalOf(id)) return;
  if (id === '') {
    page.showAbsence('missing');
    return;
  }
  const outcome = await api.getSignal(id);
  if (id !== shownId) return;
  const read = outcome.kind === 'answer' ? readSignal(outcome.body) : null;
  if (read?.ok) store.dispatch(actions.signalRead(read.signal, now()));
  else page.showAbsence(outcome.kind === 'problem' ? 'missing' : 'failed');
}

/** Live messages tell of changes only, and of none while the page is cut off. */
async function fetchReceipts() {
  const id = shownId;
  if (!id || !store.getState().loaded) return;
  const outcome = await api.getReceipts(id);
  const read = outcome.kind === 'answer' ? readReceipts(outcome.body) : null;
  if (read?.ok) store.dispatch(actions.receiptsChanged(read.receipts, { offset: null, at: now(), replayed: false }));
}

/** @param {import('./view/hotkeys.js').Intent} intent @returns {boolean} whether it meant something here */
function carryOut(intent) {
  const onDesk = shownId === null;
  const panel = onDesk ? desk.list.focusedCard()?.decision : page.decision;
  switch (intent) {
    case 'help': shortcutsDialog.ask(); return true;
    case 'approve': panel?.approve(); return Boolean(panel);
    case 'reject': panel?.reject(); return Boolean(panel);
    case 'note': panel?.writeNote(); return Boolean(panel);
    case 'back': if (!onDesk) router.go({ name: 'desk' }); return !onDesk;
    default: break;
  }
  if (!onDesk) return false;
  switch (intent) {
    case 'next': desk.list.moveFocus(1); return true;
    case 'previous': desk.list.moveFocus(-1); return true;
    case 'open': desk.list.focusedCard()?.openDetails(); return true;
    case 'show-new': desk.list.showWaiting(); return true;
    case 'search': desk.toolbar.focusSearch(); return true;
    default: return false;
  }
}

function paintTitle() {
  const state = store.getState();
  document.title = pageTitle(selectCounts(state).pending, shownId ? signalOf(shownId) : null);
}

/** @param {string} theme */
function applyTheme(theme) {
  document.documentElement.dataset.theme = theme;
}

/** @param {string} id */
function signalOf(id) {
  return selectCards(store.getState(), { filter: 'all' }).find((card) => card.id === id)?.signal ?? null;
}

/**
 * `randomUUID` is there on secure pages only, and a desk on a LAN may be plain HTTP.
 * @returns {string}
 */
function newUuid() {
  if (typeof window.crypto.randomUUID === 'function') return window.crypto.randomUUID();
  const bytes = window.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Hears an intent, wherever on the page it comes from.
 * @param {string} name @param {(detail: any, origin: EventTarget | null) => unknown} handle */
function on(name, handle) {
  document.addEventListener(`countersign:${name}`, (event) => {
    handle(/** @type {CustomEvent} */ (event).detail, event.target);
  }, { signal });
}

/** @param {EventTarget | null} origin @param {string} name @param {Record<string, unknown>} detail */
function send(origin, name, detail) {
  (origin ?? document).dispatchEvent(new CustomEvent(`countersign:${name}`, { bubbles: true, detail }));
}

/** @param {string} selector @returns {HTMLElement} */
function find(selector) {
  const element = document.querySelector(selector);
  if (!(element instanceof HTMLElement)) throw new Error(`The page has no ${selector}`);
  return element;
}
