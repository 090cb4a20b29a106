// @ts-check
// Portfolio, campaigns, patterns, sessions, prices and the algorithms' decisions (UI-03, UI-04).

import { compareDecimals } from './decimal.js';
import { lookup, withKey } from './keyed.js';
import { sessionMilestones } from './session-milestones.js';
import { announceCampaign, announceHeat, announceSession } from './announcements.js';
import { announce } from './reduce-notifications.js';

/**
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Meta} Meta
 * @typedef {import('./types.js').Price} Price
 * @typedef {import('./types.js').PriceData & {symbol: string}} PriceUpdate
 * @typedef {import('./announcements.js').Announcement} Announcement
 */

export const algorithmDecisionsMax = 50;
/** A desk that runs for weeks must not grow: the oldest pattern, session, campaign or price makes room. */
export const patternsMax = 200;
export const sessionsMax = 200;
export const campaignsMax = 1_000;
export const pricesMax = 2_000;

/** @param {State} state @param {import('./types.js').Portfolio} portfolio @param {Meta} meta @returns {State} */
export function updatePortfolio(state, portfolio, meta) {
  const announcement = announceHeat(state.portfolio?.total_heat ?? null, portfolio.total_heat);
  return announced({ ...state, portfolio }, announcement, meta);
}

/** @param {State} state @param {import('./types.js').Campaign} campaign @param {Meta} meta @returns {State} */
export function updateCampaign(state, campaign, meta) {
  const before = lookup(state.campaigns, campaign.campaign_id)?.utilisation_pct ?? null;
  const campaigns = limited(withKey(state.campaigns, campaign.campaign_id, campaign), campaignsMax);
  return announced({ ...state, campaigns }, announceCampaign(campaign.campaign_id, before, campaign.utilisation_pct), meta);
}

/** @param {State} state @param {import('./types.js').Pattern} pattern @returns {State} */
export const addPattern = (state, pattern) => ({ ...state, patterns: limited(withKey(state.patterns, pattern.id, pattern), patternsMax) });

/** @param {State} state @param {import('./types.js').Session} session @param {Meta} meta @returns {State} */
export function changeSession(state, session, meta) {
  const before = lookup(state.sessions, session.sessionId);
  const changed = { ...state, sessions: limited(withKey(state.sessions, session.sessionId, session), sessionsMax) };
  const by = session.control && session.control.at === session.timestamp ? session.control : null;
  const told = announced(changed, announceSession(before?.status ?? null, session.status, session.sessionId, by), meta);
  return sessionMilestones(before, session).reduce((next, announcement) => announced(next, announcement, meta), told);
}

/** REST's answer to what I told a session, unless the live message was quicker.
 * @param {State} state @param {import('./types.js').Session} session @param {number} at @returns {State} */
export function readSession(state, session, at) {
  const known = lookup(state.sessions, session.sessionId);
  if (known && known.timestamp >= session.timestamp) return state;
  return changeSession(state, session, { offset: null, at, replayed: false });
}

/** @param {State} state @param {PriceUpdate} price @param {string} timestamp @returns {State} */
export function updatePrice(state, price, timestamp) {
  const next = priceAfter(lookup(state.prices, price.symbol), price, timestamp);
  return { ...state, prices: limited(withKey(state.prices, price.symbol, next), pricesMax) };
}

/** @param {State} state @param {import('./types.js').AlgorithmDecision} decision @returns {State} */
export const addAlgorithmDecision = (state, decision) => ({
  ...state,
  algorithmDecisions: [decision, ...state.algorithmDecisions].slice(0, algorithmDecisionsMax),
});

/** @param {Price|undefined} before @param {PriceUpdate} update @param {string|null} at @returns {Price} */
export function priceAfter(before, update, at) {
  const order = (before && compareDecimals(update.price, before.price)) ?? 0;
  return { ...update, at, direction: order > 0 ? 'up' : order < 0 ? 'down' : 'same' };
}

/** @param {State} state @param {Announcement|null} announcement @param {Meta} meta @returns {State} */
const announced = (state, announcement, { at, replayed }) => (announcement ? announce(state, announcement, { at, replayed }) : state);

/**
 * Keys keep the order of their arrival.
 * @template T @param {Record<string, T>} map @param {number} max @returns {Record<string, T>}
 */
function limited(map, max) {
  const keys = Object.keys(map);
  if (keys.length <= max) return map;
  return Object.fromEntries(Object.entries(map).slice(keys.length - max));
}
