// @ts-check
// The whole truth at one offset, taken over without losing what is newer here (REC-15).

import { keyedBy, lookup } from './keyed.js';
import { priceAfter } from './reduce-desk.js';
import { notificationsMax } from './reduce-notifications.js';
import { withStanding } from './reduce-desk-stop.js';
import { settleDecisions } from './reduce-decisions.js';
import { signalsFrom } from './reduce-signals.js';
import { compareTerms } from './reduce-terms.js';

/**
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Snapshot} Snapshot
 */

/** @param {State} state @param {Snapshot} snapshot @param {number} at @param {string|null} reason why it was fetched again
 * @returns {State} */
export function applySnapshot(state, snapshot, at, reason) {
  const sameEpoch = state.connection.epoch === snapshot.epoch;
  // An answer from before what this page has applied since: everything in it is known.
  const stale = sameEpoch && state.connection.offset !== null && snapshot.offset < state.connection.offset;
  const taken = stale ? state : withDesk({ ...state, ...contents(state, snapshot, sameEpoch) }, snapshot, sameEpoch);
  const told = settleAll({ ...taken, loaded: true, me: snapshot.user, settings: snapshot.settings, serverAheadMs: snapshot.serverTime - at }, at);
  /** @type {State['connection']} */
  const connection = {
    ...told.connection,
    epoch: snapshot.epoch,
    offset: stale ? told.connection.offset : snapshot.offset,
    attemptsMax: snapshot.settings.reconnect.attempts_max,
    catchUp: reason === null ? told.connection.catchUp : { kind: 'reloaded', reason, at },
  };
  return { ...told, connection };
}

/** REST's answer to a stop may be newer than a snapshot that was being read meanwhile; of another log nothing counts.
 * @param {State} state @param {Snapshot} snapshot @param {boolean} sameEpoch @returns {State} */
function withDesk(state, { desk }, sameEpoch) {
  if (sameEpoch && desk.stop !== null) return withStanding(state, desk);
  return { ...state, desk: { ...desk, stopping: state.desk.stopping } };
}

/** @param {State} state @param {Snapshot} snapshot @param {boolean} sameEpoch @returns {Partial<State>} */
function contents(state, snapshot, sameEpoch) {
  // A REST answer to a decision may be newer than a snapshot that was being read meanwhile. Versions compare within an epoch only.
  const signals = snapshot.signals.map((signal) => {
    const known = sameEpoch ? lookup(state.signals.byId, signal.id) : undefined;
    return known && known.version >= signal.version ? known : signal;
  });
  const prices = snapshot.prices.map(({ symbol, ...data }) => priceAfter(lookup(state.prices, symbol), { symbol, ...data }, null));
  return {
    signals: signalsFrom(signals),
    shownFirst: sameEpoch ? signals.reduce((first, signal) => compareTerms(first, lookup(state.signals.byId, signal.id), signal), state.shownFirst) : {},
    receipts: sameEpoch ? state.receipts : {},
    portfolio: snapshot.portfolio,
    campaigns: keyedBy(snapshot.campaigns, ({ campaign_id }) => campaign_id),
    patterns: keyedBy(snapshot.patterns, ({ id }) => id),
    sessions: keyedBy(snapshot.sessions, ({ sessionId }) => sessionId),
    prices: keyedBy(prices, ({ symbol }) => symbol),
    algorithmDecisions: sameEpoch ? state.algorithmDecisions : [],
    notifications: mergedNotifications(state, snapshot, sameEpoch),
  };
}

/**
 * Those of a first load are history; those that a reload brings are news.
 * @param {State} state @param {Snapshot} snapshot
 * @param {boolean} sameEpoch @returns {State['notifications']}
 */
function mergedNotifications(state, snapshot, sameEpoch) {
  const known = sameEpoch ? state.notifications : [];
  const knownIds = new Set(known.map(({ id }) => id));
  const read = !state.loaded;
  const added = snapshot.notices.filter(({ id }) => !knownIds.has(id)).map((notice) => ({ ...notice, signalId: null, read }));
  return [...known, ...added].sort((a, b) => b.at - a.at).slice(0, notificationsMax);
}

/** @param {State} state @param {number} at @returns {State} */
function settleAll(state, at) {
  const open = new Set([...Object.keys(state.decisions), ...Object.keys(state.late)]);
  return [...open].reduce((settled, id) => {
    const signal = lookup(settled.signals.byId, id);
    return signal ? settleDecisions(settled, signal, at) : settled;
  }, state);
}
