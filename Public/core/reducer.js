// @ts-check
// What every action does to the state: a new one, or the same object when nothing changes.

import { changeAcknowledgements, changeStop, failStop, startStop, withStanding } from './reduce-desk-stop.js';
import { addAlgorithmDecision, addPattern, changeSession, readSession as readSessionStatus, updateCampaign, updatePortfolio, updatePrice } from './reduce-desk.js';
import {
  announceDecided, dismissFailure, doubtDecision, failDecision, isMine, settleLateDecision, startDecision, timeOutDecision,
} from './reduce-decisions.js';
import { announceRelease, announceSignal } from './announcements.js';
import { lookup, withKey, withoutKey } from './keyed.js';
import { isForMe } from './recipients.js';
import {
  announce, showToast, withNotificationsRead, withoutExpiredToasts, withoutNotifications, withoutToast,
} from './reduce-notifications.js';
import { changePresence } from './reduce-presence.js';
import { remind } from './reminders.js';
import { takePreviews } from './reduce-previews.js';
import { takeVerdicts } from './reduce-policy.js';
import { changeReceipts } from './reduce-receipts.js';
import { applySnapshot } from './reduce-snapshot.js';
import { approveSignal, releaseSignal, upsertSignal } from './reduce-signals.js';
import { announceTerms } from './reduce-terms.js';

/**
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Action} Action
 * @typedef {import('./types.js').Meta} Meta
 * @typedef {import('./types.js').Signal} Signal
 */

/** @param {State} state @param {Action} action @returns {State} */
export function reducer(state, action) {
  if (!('meta' in action)) return reduceLocal(state, action);
  // REC-11, REC-22: the log's own number says what has been applied, over REST, replay and live alike.
  const { offset } = action.meta;
  if (isApplied(state, offset)) return state;
  return advance(reduceMessage(state, action), offset);
}

/**
 * What the server's messages do.
 * @param {State} state @param {Extract<Action, {meta: Meta}>} action @returns {State}
 */
function reduceMessage(state, action) {
  const { meta } = action;
  switch (action.type) {
    case 'signal-event': return applySignalEvent(state, action.event, action.signal, meta);
    case 'signal-approved': return applyApproval(state, action.approval, meta);
    case 'signal-released': return applyRelease(state, action.release, meta);
    case 'receipts-changed': return changeReceipts(state, action.receipts);
    case 'presence-changed': return changePresence(state, action.presence);
    case 'portfolio-updated': return updatePortfolio(state, action.portfolio, meta);
    case 'campaign-updated': return updateCampaign(state, action.campaign, meta);
    case 'pattern-detected': return addPattern(state, action.pattern);
    case 'price-updated': return updatePrice(state, action.price, action.timestamp);
    case 'session-changed': return changeSession(state, action.session, meta);
    case 'stop-changed': return changeStop(state, action.stop, meta);
    case 'stop-acknowledged': return changeAcknowledgements(state, action.acknowledgements);
    case 'algorithm-decided': return addAlgorithmDecision(state, action.decision);
    case 'noticed': {
      const { id, at: _at, ...notice } = action.notice;
      return announce(state, { ...notice, signalId: null }, { at: meta.at, replayed: meta.replayed, id });
    }
    default: return state;
  }
}

/**
 * What the page itself does.
 * @param {State} state @param {Exclude<Action, {meta: Meta}>} action @returns {State}
 */
function reduceLocal(state, action) {
  switch (action.type) {
    case 'snapshot-loaded': return applySnapshot(state, action.snapshot, action.at, action.reason);
    case 'connection-changed': return patchConnection(state, action.patch);
    case 'identified':
      return { ...state, me: action.user, settings: action.settings, serverAheadMs: action.serverAheadMs ?? state.serverAheadMs };
    case 'selected': return select(state, action.ids);
    case 'reminded': return remind(state, action.ids, action.at);
    case 'undo-started': return { ...state, undoing: withKey(state.undoing, action.signalId, /** @type {const} */ (true)) };
    case 'undo-ended': return { ...state, undoing: withoutKey(state.undoing, action.signalId) };
    case 'caught-up': return advance({ ...state, connection: { ...state.connection, catchUp: action.catchUp } }, action.offset);
    case 'position-advanced': return advance(state, action.offset);
    case 'previews-loaded': return takePreviews(state, action.previews);
    case 'policy-read': return takeVerdicts(state, action.verdicts);
    case 'signal-read': return readSignal(state, action.signal, action.at);
    case 'decision-started': return startDecision(state, action.signalId, action.decision);
    case 'decision-unknown': return doubtDecision(state, action.signalId, action.decisionId);
    case 'decision-failed': return failDecision(state, action.signalId, action.decisionId, action.message, action.at);
    case 'decision-timed-out': return timeOutDecision(state, action.signalId, action.decisionId, action.message, action.at);
    case 'late-decision-settled': return settleLateDecision(state, action.signalId, action.decisionId, action.message, action.at);
    case 'desk-read': return withStanding(state, action.standing);
    case 'session-read': return readSessionStatus(state, action.session, action.at);
    case 'stop-started': return startStop(state, action.at);
    case 'stop-failed': return failStop(state, action.message, action.at);
    case 'failure-dismissed': return dismissFailure(state, action.signalId);
    case 'toast-requested': return showToast(state, action.severity, action.text, action.at, action.signalId);
    case 'toast-dismissed': return withoutToast(state, action.id);
    case 'ticked': return withoutExpiredToasts(state, action.now);
    case 'notifications-read': return withNotificationsRead(state, action.id);
    case 'notifications-cleared': return withoutNotifications(state, action.id);
    case 'preference-changed':
      return Object.is(state.preferences[action.key], action.value)
        ? state
        : { ...state, preferences: { ...state.preferences, [action.key]: action.value } };
    default: return state;
  }
}

/** @param {State} state @param {import('./types.js').SignalEvent} event @param {Signal} signal @param {Meta} meta @returns {State} */
function applySignalEvent(state, event, signal, meta) {
  const next = upsertSignal(state, signal, meta.at);
  // Told with the desk's resuming, not one by one.
  if (event === 'postponed') return next;
  // It is no news: nobody is to do anything about it.
  if (event === 'measured') return next;
  if (event === 'amended') return announceTerms(next, state, signal, meta);
  if (event !== 'rejected') return announce(next, announceSignal(event, signal), { at: meta.at, replayed: meta.replayed });
  return signal.decision ? announceDecided(next, state, decided(signal, signal.decision), meta) : next;
}

/** @param {State} state @param {import('./types.js').Approval} approval @param {Meta} meta @returns {State} */
function applyApproval(state, approval, meta) {
  const { decision_id: id, signal_id: signalId, symbol, approved_status: status, approved_by: by, note: why } = approval;
  return announceDecided(approveSignal(state, approval, meta.at), state, { id, symbol, signalId, outcome: 'approved', status, by, why }, meta);
}

/** A plan that is for somebody is said to them; what is for everybody, everybody heard with the approval.
 * @param {State} state @param {import('./types.js').Release} release @param {Meta} meta @returns {State} */
function applyRelease(state, release, { at, replayed }) {
  const next = releaseSignal(state, release, at);
  const signal = lookup(next.signals.byId, release.signal_id);
  if (!signal || !isForMe(signal, state.me)) return next;
  return announce(next, announceRelease(signal), { at, replayed, once: `release:${signal.id}` });
}

/** REST's answer. Mine is confirmed by it, and said; what others did is for the live messages to say.
 * @param {State} state @param {Signal} signal @param {number} at @returns {State} */
function readSignal(state, signal, at) {
  const next = upsertSignal(state, signal, at);
  const { decision } = signal;
  if (signal.awaiting_approval) return announceTerms(next, state, signal, { at, replayed: false });
  if (!decision || !isMine(state, signal.id, decision.id)) return next;
  return announceDecided(next, state, decided(signal, decision), { at, replayed: false });
}

/** @param {Signal} signal @param {import('./types.js').Decision} decision */
const decided = (signal, decision) => ({
  id: decision.id,
  symbol: signal.symbol,
  signalId: signal.id,
  outcome: decision.outcome,
  status: decision.status,
  by: decision.decided_by,
  why: decision.reason ?? decision.note,
});

/** @param {State} state @param {string[]} ids @returns {State} */
function select(state, ids) {
  const same = ids.length === state.selection.length && ids.every((id, index) => id === state.selection[index]);
  return same ? state : { ...state, selection: ids };
}

/** @param {State} state @param {import('./types.js').ConnectionPatch} patch @returns {State} */
function patchConnection(state, patch) {
  const { connection } = state;
  const keys = /** @type {(keyof typeof patch)[]} */ (Object.keys(patch));
  if (keys.every((key) => Object.is(connection[key], patch[key]))) return state;
  return { ...state, connection: { ...connection, ...patch } };
}

/** @param {State} state @param {number|null} offset */
const isApplied = ({ connection }, offset) => offset !== null && connection.offset !== null && offset <= connection.offset;

/** @param {State} state @param {number|null} offset @returns {State} */
function advance(state, offset) {
  if (offset === null || isApplied(state, offset)) return state;
  return { ...state, connection: { ...state.connection, offset } };
}
