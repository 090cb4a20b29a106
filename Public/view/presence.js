// @ts-check
/** Who is here and who looks at a signal, in words. */
import { timeOfDay, toMs } from './clock-text.js';

/**
 * @typedef {import('../core/types.js').Presence} Presence
 * @typedef {import('../core/types.js').Look} Look
 */

/** Beyond so many a list of names says less than a number. */
const namesMax = 2;

/** @param {readonly Look[]} lookers others, see `selectLookers` @returns {string} empty when there are none */
export function lookersText(lookers) {
  if (lookers.length === 0) return '';
  return `${listed(lookers)} ${lookers.length === 1 ? 'is' : 'are'} looking at this (since ${timeOfDay(lookers[0].since).slice(0, 5)})`;
}

/** What whoever is about to decide is told: not a lock, they may go on.
 * @param {readonly Look[]} lookers @param {number} nowMs @returns {string} */
export function openForText(lookers, nowMs) {
  if (lookers.length === 0) return 'Nobody else has this open.';
  const span = spanText(Math.max(0, nowMs - (toMs(lookers[0].since) ?? nowMs)));
  const others = lookers.length - 1;
  const more = others === 0 ? '' : `, and so ${others === 1 ? `has ${nameOf(lookers[1])}` : `have ${others} others`}`;
  return `${capital(nameOf(lookers[0]))} has had this open for ${span}${more}.`;
}

/** What a screen reader is told, once for each who comes.
 * @param {string} symbol @param {readonly Look[]} before @param {readonly Look[]} now @returns {string} empty when nobody has come */
export function newLookersText(symbol, before, now) {
  const known = new Set(before.map(({ user }) => user));
  const come = now.filter(({ user }) => !known.has(user));
  if (come.length === 0) return '';
  return `${listed(come)} ${come.length === 1 ? 'is' : 'are'} looking at ${symbol}, too`;
}

/** @param {Presence} presence @returns {number} people, as far as one can tell: a tab without a name may be anybody */
export const presentCount = ({ users_count: users, anonymous_tabs: anonymous }) => users + anonymous;

/** The first names for the header, others than mine.
 * @param {Presence} presence @param {string | null} me @returns {string} */
export function presentNames({ users, users_count: count }, me) {
  const others = users.filter(({ user }) => user !== me);
  const shown = others.slice(0, namesMax).map(({ user }) => user);
  const rest = count - (users.length - others.length) - shown.length;
  return shown.length === 0 ? '' : `${shown.join(', ')}${rest > 0 ? ` +${rest}` : ''}`;
}

/** @param {Presence['users'][number]} user @returns {string} `since 10:31, 2 tabs` */
export const hereText = ({ since, tabs }) => `since ${timeOfDay(since).slice(0, 5)}${tabs > 1 ? `, ${tabs} tabs` : ''}`;

/** @param {Presence} presence @returns {string} whoever is not listed by name */
export function restText({ users, users_count: count, anonymous_tabs: anonymous }) {
  const more = count - users.length;
  return [
    more > 0 ? `${more} more` : null,
    anonymous > 0 ? `${anonymous} ${anonymous === 1 ? 'tab' : 'tabs'} without a name` : null,
  ].filter(Boolean).join(' and ');
}

/** @param {readonly Look[]} lookers @returns {string} `Ann`, `Ann and Bo`, `Ann, Bo and 3 more` */
function listed(lookers) {
  const names = lookers.slice(0, namesMax).map(nameOf);
  const more = lookers.length - names.length;
  return capital(more > 0 ? `${names.join(', ')} and ${more} more` : names.join(' and '));
}

/** @param {Look} look */
const nameOf = ({ user, tabs }) => user ?? (tabs === 1 ? 'somebody without a name' : `${tabs} tabs without a name`);

/** Of our own words only: a name stays as its owner writes it.
 * @param {string} text */
const capital = (text) => (text.startsWith('somebody without') ? `S${text.slice(1)}` : text);

/** @param {number} ms @returns {string} `40 s`, `3 min`, `2 h` */
function spanText(ms) {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}
