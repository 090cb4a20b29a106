// @ts-check
/**
 * Wires the dashboard, and is the only file that does: store and connection, elements, the intents they send, the address,
 * the keys. Everything else gets what it needs handed in.
 */
import * as actions from './core/actions.js';
import { selectDesk, selectIsStopped } from './core/desk-stop.js';
import { selectLookers, selectPresence } from './core/reduce-presence.js';
import { reducer } from './core/reducer.js';
import { dueReminders } from './core/reminders.js';
import {
  selectCards, selectCounts, selectLastUndoable, selectMe, selectPreferences, selectSelection, selectSettings,
} from './core/selectors.js';
import { initialState } from './core/state.js';
import { createStore } from './core/store.js';
import { defineAll } from './elements/define-all.js';
import { createAuditApi } from './net/audit-api.js';
import { createAuditLoading } from './net/audit-loading.js';
import { createApprovalsApi } from './net/approvals-api.js';
import { createBulkCommand } from './net/bulk-commands.js';
import { createDecisionCommands } from './net/decision-commands.js';
import { createDeskCommands } from './net/desk-commands.js';
import { createIdentity } from './net/identity.js';
import { createLiveConnection } from './net/live-connection.js';
import { createLooking } from './net/looking.js';
import { watchPage } from './net/page-signals.js';
import { watchPolicy } from './net/policy-watch.js';
import { loadPreferences, savePreferences } from './net/preferences.js';
import { keepPreviews } from './net/previews.js';
import { keepReceipts } from './net/receipts.js';
import { createRest } from './net/rest.js';
import { createUndoCommands } from './net/undo-commands.js';
import { forApproval, forRejection, offeredReasons, signalCount } from './view/bulk.js';
import { createChime } from './view/chime.js';
import { listenForKeys } from './view/keyboard.js';
import { createLiveRegion } from './view/live-region.js';
import { renamedAddress } from './view/named-address.js';
import { pageTitle } from './view/page-title.js';
import { createPainter } from './view/painter.js';
import { newLookersText, openForText } from './view/presence.js';
import { createRouter } from './view/router.js';
import { createTicker } from './view/ticker.js';
import { readAuditPage } from './wire/audit.js';
import { readSignal } from './wire/snapshot.js';

/** How often a page that polls asks who has acknowledged a stop. */
const STANDING_INTERVAL_MS = 5_000;
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
const decideTogether = createBulkCommand({ store, api, now, randomUUID: newUuid });
const takingBack = createUndoCommands({ store, api, now, randomUUID: newUuid });
const deskCommands = createDeskCommands({ store, rest, now, setTimeout, clearTimeout, randomUUID: newUuid });
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
const auditPage = /** @type {import('./elements/audit-page.js').AuditPage} */ (find('audit-page'));
const rejectDialog = /** @type {import('./elements/reject-dialog.js').RejectDialog} */ (find('reject-dialog'));
const statusDialog = /** @type {import('./elements/status-dialog.js').StatusDialog} */ (find('status-dialog'));
const bulkDialog = /** @type {import('./elements/bulk-dialog.js').BulkDialog} */ (find('bulk-dialog'));
const bulkOutcomes = /** @type {import('./elements/bulk-dialog.js').BulkOutcomeDialog} */ (find('bulk-outcome-dialog'));
const termsDialog = /** @type {import('./elements/terms-dialog.js').TermsDialog} */ (find('terms-dialog'));
const nameDialog = /** @type {import('./elements/name-dialog.js').NameDialog} */ (find('name-dialog'));
const stopDialog = /** @type {import('./elements/stop-dialog.js').StopDialog} */ (find('stop-dialog'));
const resumeDialog = /** @type {import('./elements/stop-dialog.js').ResumeDialog} */ (find('resume-dialog'));
const shortcutsDialog = /** @type {import('./elements/shortcuts-dialog.js').ShortcutsDialog} */ (find('shortcuts-dialog'));
const bell = /** @type {import('./elements/notification-center.js').NotificationCenter} */ (find('notification-center'));

// Deciding. What was tried last on a signal is remembered for "Try again".
/** @type {Map<string, () => Promise<import('./net/decision-commands.js').CommandResult>>} */
const lastTries = new Map();
/** Terms that were changed, shown, and taken all the same, by signal.
 * @type {Map<string, string>} */
const acceptedTerms = new Map();
on('approve', approve);
on('reject', ({ signalId, reason, note }) => decide(signalId, () => commands.reject(signalId, { reason, note })));
on('retry', ({ signalId }) => {
  const again = lastTries.get(signalId);
  if (again) decide(signalId, again);
});
on('undo', ({ signalId }) => takeBack(signalId));
on('extend', ({ signalId }) => giveTime(signalId));
on('approve-selection', () => approveSelection());
on('reject-selection', () => rejectSelection());
on('clear-selection', () => store.dispatch(actions.selected([])));
on('dismiss-failure', ({ signalId }) => store.dispatch(actions.failureDismissed(signalId)));
on('ask-reason', async ({ signalId, note, reasons = null, veto = false }, origin) => {
  const subject = signalOf(signalId);
  const answer = subject && await whileAsking(
    signalId, () => rejectDialog.ask(subject, note, offeredReasons([{ reasons, veto }], selectSettings(store.getState()).reject_reasons)));
  if (answer) send(origin, 'reject', { signalId, ...answer });
});
on('ask-status', async ({ signalId, note, terms }, origin) => {
  const subject = signalOf(signalId);
  askedStatusOf = signalId;
  const status = subject && await whileAsking(signalId, () => statusDialog.ask(subject));
  askedStatusOf = null;
  if (status) send(origin, 'approve', { signalId, status, note, terms });
});
/** @type {string | null} the signal that the open status dialog asks about */
let askedStatusOf = null;
store.subscribe((state) => state.signals, () => {
  const { signalId } = termsDialog;
  if (signalId) termsDialog.refresh(signalOf(signalId), cardOf(signalId)?.changes ?? []);
  const asked = askedStatusOf ? cardOf(askedStatusOf) : null;
  if (asked && asked.changes.length > 0) statusDialog.tell('Its source has just changed the terms. You will see them before anything is approved.');
}, { signal });

// What the log holds.
const auditApi = createAuditApi(rest);
const audit = createAuditLoading({
  api: auditApi, show: (view) => auditPage.show(view), utcOffsetMinutes: () => -new Date(now()).getTimezoneOffset(),
});
on('audit-ask', ({ filters }) => audit.ask(filters));
on('audit-more', () => audit.more());
on('ask-history', ({ signalId }) => fetchHistory(signalId));

// The emergency stop, and what people tell sessions.
on('ask-stop', () => stopDesk());
on('ask-resume', () => resumeDesk());
on('keep-stopped', () => tellDesk(() => deskCommands.stop()));
on('control-session', ({ sessionId, action }) => controlSession(sessionId, action));
store.subscribe(selectIsStopped, showStopped, { signal });
showStopped();
let askedDeskAt = 0;
ticker.subscribe((at) => {
  // Polling hears of the stop, but not of who has acknowledged it.
  const { connection: { transport }, desk: { stopped } } = store.getState();
  if (!stopped || transport !== 'polling' || document.hidden || at - askedDeskAt < STANDING_INTERVAL_MS) return;
  askedDeskAt = at;
  deskCommands.refresh();
}, { signal });

// Who I am, and how I like it.
on('rename', ({ name }) => rename(name));
on('preference', ({ key, value }) => store.dispatch(actions.preferenceChanged(key, value)));
store.subscribe(selectPreferences, (preferences) => {
  savePreferences(storage, preferences);
  applyTheme(preferences.theme);
}, { signal });
applyTheme(selectPreferences(store.getState()).theme);
if (identity.name()) takeName(/** @type {string} */ (identity.name()));

// What expires soon.
const chime = createChime({ AudioContext: window.AudioContext });
ticker.subscribe((at) => {
  const due = dueReminders(store.getState(), at);
  if (due.length === 0) return;
  store.dispatch(actions.reminded(due, at));
  if (selectPreferences(store.getState()).sounds) chime();
}, { signal });

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
/** @type {string | null} the signal that a dialog asks about */
let askedId = null;
/** @type {string | null} */
let shownId = null;
let onAudit = false;
const router = createRouter({ window, signal, onRoute: showRoute });
on('open-signal', ({ id }) => router.go({ name: 'signal', id }));
store.subscribe((state) => state.loaded, () => fetchShownSignal(), { signal });
const receipts = keepReceipts(
  { store, api, shown: () => shownId, isHidden: () => document.hidden, now, setTimeout, clearTimeout }, { signal },
);
store.subscribe(selectCounts, () => paint(paintTitle), { signal });
window.history.scrollRestoration = 'manual';
router.start();

// What this tab looks at, and who else does.
const looking = createLooking({ store, connection, rest, now, setTimeout, clearTimeout }, { signal });
/** @type {readonly import('./core/types.js').Look[]} */
let lookers = [];
for (const type of ['focusin', 'focusout', 'visibilitychange']) {
  // While the focus moves it is nowhere; afterwards it is where it stays.
  document.addEventListener(type, () => queueMicrotask(look), { signal });
}
store.subscribe((state) => state.signals, look, { signal });
store.subscribe(selectPresence, announceLookers, { signal });
ticker.subscribe(warnWhoDecides, { signal });
look();

const previews = keepPreviews({ store, api, now, setTimeout, random: Math.random, isHidden: () => document.hidden });
document.addEventListener('visibilitychange', () => previews.check(), { signal });

listenForKeys({ document, onIntent: carryOut, signal });
watchPage({ window, document, ticker }, connection, { signal });
const policyWatch = watchPolicy({
  store, api, now, setTimeout, clearTimeout, random: Math.random, isHidden: () => document.hidden,
}, { signal });
document.addEventListener('visibilitychange', () => policyWatch.check(), { signal });
connection.connect();

/**
 * One click approves what was on the screen. What has changed meanwhile, here or at the server, is shown and asked about.
 * @param {{ signalId: string, status: any, note: string | null, terms: string, acceptedPrice?: string | null }} decision
 */
async function approve({ signalId, status, note, terms, acceptedPrice = null }) {
  const card = cardOf(signalId);
  if (card && (card.signal.terms !== terms || card.changes.length > 0) && terms !== acceptedTerms.get(signalId)) {
    await askTerms({ signalId, status, note, differences: [] });
    return;
  }
  const result = await decide(signalId, () => commands.approve(signalId, { status, note, terms, acceptedPrice }));
  if (result && ['terms_changed', 'price_moved'].includes(result.code)) {
    lastTries.delete(signalId);
    store.dispatch(actions.failureDismissed(signalId));
    await askTerms({ signalId, status, note, differences: result.differences ?? [] });
  }
}

/**
 * Shows what has changed, and approves what is shown when it is clicked.
 * @param {{ signalId: string, status: string, note: string | null, differences: import('./core/types.js').Difference[] }} question
 */
async function askTerms({ signalId, status, note, differences }) {
  const card = cardOf(signalId);
  if (!card || !card.signal.awaiting_approval) return;
  // What this tab has shown counts; the server knows what it was asked for, and the price.
  const told = card.changes.length > 0 ? [...card.changes, ...differences.filter(({ field }) => field === 'price')] : differences;
  const answer = await termsDialog.ask(/** @type {any} */ (card.signal), told, status);
  if (!answer) return;
  acceptedTerms.set(signalId, answer.terms);
  await approve({ signalId, status: answer.status, note, terms: answer.terms, acceptedPrice: answer.acceptedPrice });
}

/** @param {string} signalId @param {() => Promise<import('./net/decision-commands.js').CommandResult>} run */
async function decide(signalId, run) {
  if (!await isNamed()) return null;
  lastTries.set(signalId, run);
  const result = await run();
  const { ok, code, message } = result;
  if (ok) lastTries.delete(signalId);
  // What was never sent leaves no trace on the card; it must be said elsewhere.
  else if (message && ['not_found', 'not_pending', 'identity_required'].includes(code)) {
    store.dispatch(actions.toastRequested('error', message, now(), signalId));
  }
  return result;
}

/** @param {string} signalId */
async function takeBack(signalId) {
  if (!await isNamed()) return;
  const { ok, message } = await takingBack.undo(signalId);
  if (!ok && message) store.dispatch(actions.toastRequested('error', message, now(), signalId));
}

/** @param {string} signalId */
async function giveTime(signalId) {
  if (!await isNamed()) return;
  const { ok, message } = await takingBack.extend(signalId);
  if (!ok && message) store.dispatch(actions.toastRequested('error', message, now(), signalId));
}

/** Shows what is about to be approved, and says afterwards what became of each. */
async function approveSelection() {
  const state = store.getState();
  if (selectIsStopped(state)) {
    store.dispatch(actions.toastRequested('warn', 'The desk is stopped: nothing can be approved.', now()));
    return;
  }
  const { taken, left } = forApproval(selectSelection(state), selectSettings(state).bulk_items_max, state.verdicts);
  if (taken.length === 0) {
    if (left.length > 0) store.dispatch(actions.toastRequested('warn', `${left[0].symbol} ${left[0].why}`, now()));
    return;
  }
  if (!await isNamed() || !await bulkDialog.ask(taken, left)) return;
  await decideSelection(taken.map(({ id, side, terms }) => ({ signalId: id, action: 'approve', status: /** @type {any} */ (side), terms })));
}

async function rejectSelection() {
  const state = store.getState();
  const { verdicts } = state;
  const settings = selectSettings(state);
  const { taken, left } = forRejection(selectSelection(state), settings.bulk_items_max, verdicts);
  if (taken.length === 0 && left.length > 0) store.dispatch(actions.toastRequested('warn', `${left[0].symbol} ${left[0].why}`, now()));
  if (taken.length === 0 || !await isNamed()) return;
  const symbols = taken.map(({ symbol }) => symbol).join(', ');
  const rest = left.length === 0 ? '' : ` (${signalCount(left.length)} left out)`;
  const offer = offeredReasons(taken.map(({ id }) => verdicts[id]?.reject ?? { reasons: null, veto: false }), settings.reject_reasons);
  const answer = await rejectDialog.askFor(`Reject ${signalCount(taken.length)}: ${symbols}${rest}`, null, offer);
  if (answer) await decideSelection(taken.map(({ id }) => ({ signalId: id, action: 'reject', ...answer })));
}

/** @param {import('./net/bulk-commands.js').Choice[]} choices */
async function decideSelection(choices) {
  const outcomes = await decideTogether(choices);
  const done = new Set(outcomes.filter(({ ok }) => ok).map(({ signalId }) => signalId));
  store.dispatch(actions.selected(selectSelection(store.getState()).map(({ id }) => id).filter((id) => !done.has(id))));
  if (outcomes.length > 0) await bulkOutcomes.show(outcomes);
}

/** Asks for a name where there is none. */
async function isNamed() {
  if (selectMe(store.getState()).named) return true;
  const name = await nameDialog.ask();
  if (name) rename(name);
  return Boolean(name);
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
  if (isOnDesk() && how !== 'first') deskScroll = window.scrollY;
  onAudit = route.name === 'audit';
  if (onAudit || route.name === 'desk') shownId = null;
  else shownId = route.name === 'signal' ? route.id : '';
  find('.desk').toggleAttribute('hidden', !isOnDesk());
  page.toggleAttribute('hidden', shownId === null);
  auditPage.toggleAttribute('hidden', !onAudit);
  if (shownId !== null) page.open(shownId);
  if (onAudit) auditPage.open();
  fetchShownSignal();
  receipts.check();
  paintTitle();
  if (how === 'first') return;
  look();
  window.scrollTo(0, isOnDesk() ? deskScroll : 0);
  if (shownId !== null) page.focusTitle();
  if (onAudit) auditPage.focusTitle();
}

/** @returns {boolean} whether the list of signals is shown */
function isOnDesk() {
  return shownId === null && !onAudit;
}

/** The life of a signal as the log has it: with who was first, undone or overruled, which the signal itself has forgotten.
 * @param {string} id */
async function fetchHistory(id) {
  const outcome = await auditApi.history(id);
  const read = outcome.kind === 'answer' ? readAuditPage(outcome.body) : null;
  if (read?.ok) page.showHistory(id, read.page.entries);
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

/** The signal whose page is shown, that a dialog asks about, or whose card has the focus; nobody looks at a hidden tab. */
function look() {
  const before = looking.lookedAt();
  const id = document.hidden ? null : shownId ?? askedId ?? desk.list.focusedCard()?.view?.id ?? null;
  looking.look(id && signalOf(id)?.awaiting_approval ? id : null);
  if (looking.lookedAt() === before) return;
  lookers = [];
  announceLookers();
}

/** Once for each who comes; that they go on looking, or go, is there to be read. */
function announceLookers() {
  const subject = signalOf(looking.lookedAt() ?? '');
  const present = subject ? selectLookers(store.getState(), subject.id) : [];
  const text = subject ? newLookersText(subject.symbol, lookers, present) : '';
  if (text) live.announce(text);
  lookers = present;
  warnWhoDecides();
}

function warnWhoDecides() {
  if (askedId === null) return;
  const state = store.getState();
  const others = selectLookers(state, askedId);
  const text = selectPresence(state) ? openForText(others, now()) : 'Who else has this open is not known.';
  for (const dialog of [rejectDialog, statusDialog]) dialog.warn(text, others.length > 0);
}

/** @template T @param {string} signalId @param {() => Promise<T>} ask @returns {Promise<T>} */
async function whileAsking(signalId, ask) {
  if (askedId !== null) return ask();
  askedId = signalId;
  warnWhoDecides();
  look();
  try {
    return await ask();
  } finally {
    askedId = null;
    look();
  }
}

/** @param {import('./view/hotkeys.js').Intent} intent @returns {boolean} whether it meant something here */
function carryOut(intent) {
  const onDesk = isOnDesk();
  const panel = onDesk ? desk.list.focusedCard()?.decision : shownId === null ? null : page.decision;
  switch (intent) {
    case 'help': shortcutsDialog.ask(); return true;
    case 'stop': if (!selectIsStopped(store.getState())) stopDesk(); return true;
    case 'approve': panel?.approve(); return Boolean(panel);
    case 'reject': panel?.reject(); return Boolean(panel);
    case 'note': panel?.writeNote(); return Boolean(panel);
    case 'undo': return undoFrom(panel ?? undefined);
    case 'extend': panel?.extend(); return Boolean(panel);
    case 'audit': if (!onAudit) router.go({ name: 'audit' }); return !onAudit;
    case 'back': return goBack(onDesk);
    default: break;
  }
  if (!onDesk) return false;
  switch (intent) {
    case 'next': desk.list.moveFocus(1); return true;
    case 'previous': desk.list.moveFocus(-1); return true;
    case 'open': desk.list.focusedCard()?.openDetails(); return true;
    case 'show-new': desk.list.showWaiting(); return true;
    case 'search': desk.toolbar.focusSearch(); return true;
    case 'select': desk.list.focusedCard()?.toggleSelected(); return true;
    case 'approve-selection': approveSelection(); return true;
    case 'reject-selection': rejectSelection(); return true;
    default: return false;
  }
}

/** To the list; there the ticks are taken away.
 * @param {boolean} onDesk @returns {boolean} */
function goBack(onDesk) {
  if (!onDesk) router.go({ name: 'desk' });
  else if (selectSelection(store.getState()).length > 0) store.dispatch(actions.selected([]));
  else return false;
  return true;
}

/** What is in front of the trader, else what was approved last on the desk.
 * @param {import('./elements/decision-panel.js').DecisionPanel | undefined} panel @returns {boolean} */
function undoFrom(panel) {
  if (panel?.canUndo) {
    panel.undo();
    return true;
  }
  const id = selectLastUndoable(store.getState(), now());
  if (id !== null) takeBack(id);
  return id !== null;
}

function paintTitle() {
  const state = store.getState();
  document.title = pageTitle(selectCounts(state).pending, shownId ? signalOf(shownId) : null, selectIsStopped(state));
}

/** The whole page, its title, its icon and its sound. */
function showStopped() {
  const stopped = selectIsStopped(store.getState());
  document.documentElement.toggleAttribute('data-stopped', stopped);
  const favicon = document.querySelector('link[rel="icon"]');
  favicon?.setAttribute('href', stopped ? '/favicon-stopped.svg' : '/favicon.svg');
  paint(paintTitle);
  if (stopped && selectPreferences(store.getState()).sounds) chime('alarm');
}

/** First the question, then the name: a hurried hand presses the same key twice. */
async function stopDesk() {
  const answer = await stopDialog.ask();
  if (answer && await isNamed()) await deskCommands.stop(answer.reason);
}

async function resumeDesk() {
  const { stopped, stop } = selectDesk(store.getState());
  if (!stopped || !stop || !await isNamed() || !await resumeDialog.ask(stop)) return;
  await tellDesk(() => deskCommands.resume(stop.id));
}

/** @param {string} sessionId @param {'pause' | 'resume' | 'stop'} action */
async function controlSession(sessionId, action) {
  const answer = action === 'stop' ? await stopDialog.askForSession(sessionId) : { reason: null };
  if (answer) await tellDesk(() => deskCommands.control(sessionId, action, answer.reason));
}

/** @param {() => Promise<import('./net/desk-commands.js').DeskResult>} run */
async function tellDesk(run) {
  if (!await isNamed()) return;
  const { ok, message } = await run();
  if (!ok && message) store.dispatch(actions.toastRequested('error', message, now()));
}

/** @param {string} theme */
function applyTheme(theme) {
  document.documentElement.dataset.theme = theme;
}

/** @param {string} id */
function cardOf(id) {
  return selectCards(store.getState(), { filter: 'all' }).find((card) => card.id === id) ?? null;
}

/** @param {string} id */
function signalOf(id) {
  return cardOf(id)?.signal ?? null;
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
