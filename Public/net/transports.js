// @ts-check
// The ways from the server to the page behind one interface (C20): WebSocket, server-sent events, polling. None of them decides
// anything: each opens from a place, hands on what it hears, and is closed. Reconnecting and the place are the machine's.

import { ACK, PING } from '../wire/message-types.js';
import { acknowledgeByRest, createLogReader } from './events-by-rest.js';
import { takeSlot } from './stream-slots.js';

/**
 * @typedef {import('./catch-up.js').Place} Place
 * @typedef {import('./transport-policy.js').Transport} Transport
 * @typedef {import('../wire/event-page.js').EventPage} EventPage
 *
 * `message` is the text of one message. `failed`: asking over REST did not go well. `acknowledgementFailed`: `unwanted` when
 * the server does not know of it.
 * @typedef {{message(text: unknown): void, page(page: EventPage): void, tooOld(reason: string): void,
 *   failed(text: string, permanent: boolean): void, closed(code: number, reason: string): void,
 *   acknowledgementFailed(unwanted: boolean): void}} Ear
 *
 * `ask`: a sign of life, and what there is after the place. `send` is false where nothing can be sent. A closed channel is deaf.
 * @typedef {{ask(place: Place): void, send(message: object): boolean, acknowledge(offset: number, connectionId: string|null): void,
 *   close(code: number, reason: string): void}} Channel
 *
 * `locks` are the browser's, where it has them (secure pages).
 * @typedef {{WebSocket: new (url: string) => any, EventSource?: new (url: string) => any, locks?: import('./stream-slots.js').Locks,
 *   rest: import('./rest.js').Rest,
 *   location: {protocol: string, host: string}, identity?: {name(): string|null},
 *   logger: {info(text: string, details?: unknown): void, warn(text: string, details?: unknown): void}}} Tools
 */

/** A browser may itself close with 1000 or 3000–4999 and 123 bytes of reason. */
const closeReasonCharactersMax = 40;

/** @type {Record<Transport, (tools: Tools, place: Place, ear: Ear) => Channel>} */
export const openChannel = { websocket: openWebSocket, events: openEventStream, polling: openPolling };

/** @param {Tools} tools @param {Place} place @param {Ear} ear @returns {Channel} */
function openWebSocket({ WebSocket, location, identity, logger }, place, ear) {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const name = identity?.name() ?? null;
  // Only who has a name acknowledges.
  const socket = new WebSocket(`${scheme}://${location.host}/ws?${query(name, place, { batch: '1', ...(name === null ? {} : { ack: '1' }) })}`);
  socket.onmessage = (/** @type {{data: unknown}} */ { data }) => ear.message(data);
  socket.onclose = (/** @type {{code: number, reason: string}} */ { code, reason }) => ear.closed(code, reason);
  // CON-15: the browser says no more than that, and a close event follows.
  socket.onerror = () => logger.info('The socket reported an error');

  const send = (/** @type {object} */ message) => {
    try {
      socket.send(JSON.stringify(message));
      return true;
    } catch (error) {
      logger.warn('A message could not be sent', error);
      return false;
    }
  };
  return {
    ask: () => void send({ type: PING }),
    send,
    acknowledge: (offset) => void send({ type: ACK, offset }),
    close(code, reason) {
      socket.onmessage = socket.onclose = socket.onerror = null;
      try {
        socket.close(code, reason.slice(0, closeReasonCharactersMax));
      } catch (error) {
        logger.warn('A socket could not be closed', error);
      }
    },
  };
}

/**
 * Nothing can be said over it, so it is asked after over REST. On the first error it is closed: the browser's own reconnecting
 * knows neither our back-off nor our place.
 * @param {Tools} tools @param {Place} place @param {Ear} ear @returns {Channel}
 */
function openEventStream({ EventSource, locks, rest, identity, logger }, place, ear) {
  if (EventSource === undefined) throw new Error('This browser has no event streams');
  const reader = createLogReader(rest, ear);
  /** @type {any} */
  let source = null;
  let closed = false;
  let giveBack = () => {};
  const close = () => {
    closed = true;
    if (source) source.onmessage = source.onerror = null;
    source?.close();
    reader.close();
    giveBack();
  };
  const end = (/** @type {string} */ text, /** @type {unknown} */ details) => {
    logger.info(text, details);
    close();
    ear.closed(1006, '');
  };
  const open = () => {
    source = new EventSource(`/api/v1/events/stream?${query(identity?.name() ?? null, place, { channels: 'prices,presence', ack: '1', batch: '1' })}`);
    source.onmessage = (/** @type {{data: unknown}} */ { data }) => ear.message(data);
    source.onerror = () => end('The event stream reported an error', undefined);
  };
  if (locks === undefined) open();
  else {
    takeSlot(locks).then((slot) => {
      giveBack = slot ?? giveBack;
      if (closed) giveBack();
      else if (slot) open();
      else end('Other tabs have all the event streams that one browser should have', undefined);
    }).catch((error) => end('The browser keeps no locks here', error));
  }
  return {
    ask: (from) => void reader.ask(from),
    send: () => false,
    acknowledge: (offset, connectionId) => void acknowledgeByRest(rest, ear, offset, connectionId),
    close,
  };
}

/**
 * Each question is a request; when to ask is the heartbeat's to say.
 * @param {Tools} tools @param {Place} _place @param {Ear} ear @returns {Channel}
 */
function openPolling({ rest }, _place, ear) {
  const reader = createLogReader(rest, ear);
  return {
    ask: (from) => void reader.ask(from),
    send: () => false,
    acknowledge: (offset) => void acknowledgeByRest(rest, ear, offset, null),
    close: reader.close,
  };
}

/** @param {string|null} name @param {Place} place @param {Record<string, string>} more */
const query = (name, { epoch, offset }, more) =>
  new URLSearchParams({ ...(name === null ? {} : { as: name }), epoch, since: String(offset), ...more });
