// @ts-check
// Says what this tab looks at, and hears who is here: on a socket by messages, on the other ways over REST (C20).

import * as actions from '../core/actions.js';
import { LOOKING, SUBSCRIBE } from '../wire/message-types.js';
import { readPresence } from '../wire/snapshot.js';

/** Whoever only passes over a signal on the way to another does not look at it. */
export const dwellMs = 500;
/** At most so often a tab says something new: 30 of the 100 messages that a connection may send in a minute. */
export const spacingMs = 2_000;
/** A tab that polls is taken for gone after 15 s. */
export const renewalMs = 5_000;

/**
 * @typedef {import('../core/types.js').State} State
 * @typedef {{store: import('../core/store.js').Store<State, any>, connection: {send(message: object): boolean},
 *   rest: import('./rest.js').Rest, now: () => number, setTimeout: (run: () => void, ms: number) => any,
 *   clearTimeout: (id: any) => void}} Tools
 */

/** @param {Tools} tools @param {{signal: AbortSignal}} options */
export function createLooking({ store, connection, rest, now, setTimeout, clearTimeout }, { signal }) {
  /** @type {string|null} */
  let wanted = null;
  /** @type {string|null} */
  let said = null;
  let saidAt = -Infinity;
  /** @type {any} */
  let timer = null;
  /** @type {any} */
  let renewal = null;
  let link = linkOf(store.getState());

  const changeLink = () => {
    link = linkOf(store.getState());
    said = null;
    clearTimeout(renewal);
    renewal = null;
    if (link === null) return;
    if (link.transport === 'websocket') connection.send({ type: SUBSCRIBE, channel: 'presence' });
    else ask();
    if (wanted !== null) plan(0);
    if (link.transport === 'polling') renew();
  };

  const plan = (/** @type {number} */ delayMs) => {
    clearTimeout(timer);
    timer = setTimeout(say, Math.max(delayMs, saidAt + spacingMs - now()));
  };

  const say = () => {
    timer = null;
    if (link === null || wanted === said) return;
    if (link.transport === 'websocket' && !connection.send({ type: LOOKING, signal_id: wanted })) return;
    said = wanted;
    saidAt = now();
    if (link.transport !== 'websocket') ask(true);
  };

  const renew = () => {
    renewal = setTimeout(() => {
      ask(true);
      renew();
    }, renewalMs);
  };

  /** @param {boolean} [telling] also what is looked at */
  const ask = async (telling = false) => {
    const asked = link;
    if (asked === null) return;
    // Nothing tells tabs apart that poll without a name: they only ask.
    const tells = telling && (asked.transport === 'events' || store.getState().me.named);
    const body = { signal_id: said, connection_id: asked.transport === 'events' ? asked.connectionId : null };
    const outcome = await rest('/api/v1/presence', tells ? { method: 'POST', body } : {});
    if (asked !== link || outcome.kind !== 'answer') return;
    const read = readPresence(outcome.body);
    if (read.ok) store.dispatch(actions.presenceChanged(read.presence, { offset: null, at: now(), replayed: false }));
  };

  store.subscribe((state) => keyOf(linkOf(state)), changeLink, { signal });
  changeLink();

  return {
    /**
     * What this tab shows for deciding; null for nothing.
     * @param {string|null} signalId
     */
    look(signalId) {
      if (signalId === wanted) return;
      wanted = signalId;
      plan(signalId === null ? 0 : dwellMs);
    },
    /** @returns {string|null} */
    lookedAt: () => wanted,
  };
}

/** What to say it over; null while there is nothing.
 * @param {State} state */
const linkOf = ({ connection: { status, transport, connectionId } }) => (status === 'live' ? { transport, connectionId } : null);

/** @param {ReturnType<typeof linkOf>} link */
const keyOf = (link) => link && `${link.transport} ${link.connectionId}`;
