// @ts-check
// Drives the connection machine with real transports, timers and REST, and hands every message to the store and to subscribers.

import * as actions from '../core/actions.js';
import { parseMessage } from '../wire/messages.js';
import { ERROR } from '../wire/message-types.js';
import { readSnapshot } from '../wire/snapshot.js';
import { toAction } from '../wire/to-action.js';
import { idleMachine, transition } from './connection-machine.js';
import { describeMachine, isOpen } from './connection-phase.js';
import { createRest, isRefusal } from './rest.js';
import { Subscribers } from './subscribers.js';
import { openChannel } from './transports.js';

/**
 * @typedef {import('./connection-types.js').Effect} Effect
 * @typedef {import('./connection-types.js').Input} Input
 * @typedef {import('./connection-types.js').TimerName} TimerName
 * @typedef {import('../wire/messages.js').Message} Message
 * @typedef {import('../core/types.js').State} State
 * @typedef {import('../core/types.js').Action} Action
 * @typedef {import('./subscribers.js').Listener} Listener
 * @typedef {{info(text: string, details?: unknown): void, warn(text: string, details?: unknown): void, error(text: string, details?: unknown): void}} Logger
 * @typedef {import('./connection-types.js').Role} Role
 * @typedef {import('./transports.js').Channel} Channel
 * @typedef {import('./transports.js').Ear} Ear
 *
 * @typedef {{
 *   store: import('../core/store.js').Store<State, Action>,
 *   WebSocket: new (url: string) => any, EventSource?: new (url: string) => any, locks?: import('./stream-slots.js').Locks, fetch: typeof fetch,
 *   setTimeout: (run: () => void, ms: number) => any, clearTimeout: (id: any) => void, now: () => number, random: () => number,
 *   location: {protocol: string, host: string}, logger: Logger, identity?: {name(): string|null},
 * }} Tools `random` is 0 … 1; `identity` names the trader while the desk is open
 *
 * @typedef {ReturnType<typeof createLiveConnection>} LiveConnection
 */

/** @param {Tools} tools */
export function createLiveConnection(tools) {
  const driver = new Driver(tools);
  return {
    /** Does nothing when it is at it already. */
    connect: () => driver.input({ kind: 'connect' }),
    /** And stays disconnected (CON-13). */
    disconnect: () => driver.input({ kind: 'disconnect' }),
    /** At once, with a full set of attempts (IND-06). Does nothing while live. */
    reconnectNow: () => driver.input({ kind: 'reconnectNow' }),
    /** A new connection even while live, e.g. under another name. */
    restart() {
      driver.input({ kind: 'disconnect' });
      driver.input({ kind: 'connect' });
    },
    online: () => driver.input({ kind: 'online' }),
    offline: () => driver.input({ kind: 'offline' }),
    visible: () => driver.input({ kind: 'visible' }),
    /** The computer or the tab slept. */
    woken: () => driver.input({ kind: 'woken' }),
    /** The page came back from the browser's cache, its connections closed. */
    restored: () => driver.input({ kind: 'restored' }),
    isConnected: () => isOpen(driver.machine),
    /** False when there is no connection to send it on (CLI-07). */
    send: (/** @type {object} */ message) => driver.send(message),
    /**
     * `type` of a message, or `*` for every one (SUB-07).
     * @param {string} type @param {Listener} listener @returns {() => void} unsubscribe
     */
    subscribe: (type, listener) => driver.subscribers.add(type, listener),
    /** @param {string} type @param {Listener} listener */
    unsubscribe: (type, listener) => driver.subscribers.remove(type, listener),
  };
}

class Driver {
  machine = idleMachine;
  subscribers;
  #tools;
  #rest;
  /** @type {Record<Role, Channel|null>} */
  #channels = { main: null, climb: null };
  /** @type {AbortController|null} */
  #snapshot = null;
  /** @type {Map<TimerName, any>} */
  #timers = new Map();
  /** @type {Set<string>} */
  #unknownTypes = new Set();
  /** @type {Input[]} */
  #inputs = [];
  #busy = false;

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
    this.#rest = createRest(tools);
    this.subscribers = new Subscribers(tools.logger);
  }

  /**
   * One input at a time: an effect that causes another input (a socket that cannot be made) waits its turn.
   * @param {Input} input
   */
  input(input) {
    this.#inputs.push(input);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#inputs.shift(); next; next = this.#inputs.shift()) this.#step(next);
    } finally {
      this.#busy = false;
    }
  }

  /** @param {object} message @returns {boolean} */
  send(message) {
    return isOpen(this.machine) && (this.#channels.main?.send(message) ?? false);
  }

  /** @param {Input} input */
  #step(input) {
    const { store, now, random } = this.#tools;
    const { me: { named }, settings } = store.getState();
    const { machine, effects } = transition(this.machine, input, { now: now(), random: random(), settings, named });
    this.machine = machine;
    for (const effect of effects) this.#run(effect);
    store.dispatch(actions.connectionChanged(describeMachine(machine)));
    this.#keepPlace();
  }

  /** What was not for this page moves the place too. */
  #keepPlace() {
    const { connection } = this.#tools.store.getState();
    const { place } = this.machine.catchUp;
    if (place === null || place.epoch !== connection.epoch || place.offset === connection.offset) return;
    this.#tools.store.dispatch(actions.positionAdvanced(place.offset));
  }

  /** @param {Effect} effect */
  #run(effect) {
    const { store, logger, now } = this.#tools;
    switch (effect.kind) {
      case 'fetchSnapshot': return void this.#fetchSnapshot(effect.reason);
      case 'abandonSnapshot': return this.#abandonSnapshot();
      case 'open': return this.#open(effect);
      case 'close': return this.#close(effect.role, effect.code, effect.reason);
      case 'adopt': return this.#adopt();
      case 'ask': return this.#channels.main?.ask(effect.place);
      case 'send': return void this.#channels.main?.send(effect.message);
      case 'acknowledge': return this.#channels.main?.acknowledge(effect.offset, effect.connectionId);
      case 'setTimer': return this.#setTimer(effect.name, effect.delayMs);
      case 'clearTimer': return this.#clearTimer(effect.name);
      case 'apply': return this.#apply(effect.message, effect.replayed);
      case 'caughtUp': {
        const { replayed, offset, quiet } = effect;
        return store.dispatch(actions.caughtUp({ kind: 'resumed', replayed, at: now(), quiet }, offset));
      }
      case 'log': return logger[effect.level](effect.text, effect.details);
    }
  }

  // Messages

  /** @param {Role} role @param {unknown} text */
  #receive(role, text) {
    const { logger } = this.#tools;
    const result = parseMessage(text);
    if (!result.ok) {
      logger.warn('A message was not understood', { reason: result.reason, sequenceNumber: result.sequenceNumber });
      return this.input({ kind: 'invalid', sequenceNumber: result.sequenceNumber, role });
    }
    const { message, known } = result;
    if (!known) this.#noteUnknown(message.type);
    if (result.dropped?.length) logger.warn('Events of a batch were not understood', { reasons: result.dropped });
    if (message.type === ERROR) logger.warn('The server did not accept a message', { code: message.code, error: message.error });
    this.input({ kind: 'message', message, role });
  }

  /** @param {import('../wire/event-page.js').EventPage} page */
  #read(page) {
    if (page.unreadable.length > 0) this.#tools.logger.warn('Events were not understood', { reasons: page.unreadable });
    for (const { message, known } of page.events) if (!known) this.#noteUnknown(message.type);
    this.input({ kind: 'page', page });
  }

  /** @param {string} type */
  #noteUnknown(type) {
    if (this.#unknownTypes.has(type) || this.#unknownTypes.size >= unknownTypesMax) return;
    this.#unknownTypes.add(type);
    this.#tools.logger.info('A type of message is not known here and is ignored', { type });
  }

  /** @param {Message} message @param {boolean} replayed */
  #apply(message, replayed) {
    const { store, now } = this.#tools;
    const action = toAction(message, now(), replayed);
    if (action) store.dispatch(action);
    this.subscribers.tell(message, { replayed });
  }

  // Channels

  /** @param {Extract<Effect, {kind: 'open'}>} effect */
  #open({ transport, place, role }) {
    const { logger } = this.#tools;
    /** @type {Channel|null} */
    let channel = null;
    // A channel that was let go of is heard no more: what comes late belongs to nobody. One that was adopted changes its role.
    const heard = (/** @type {(role: Role) => void} */ handle) => {
      const now = channel && roleOf(this.#channels, channel);
      if (now) handle(now);
    };
    /** @type {Ear} */
    const ear = {
      message: (text) => heard((now) => this.#receive(now, text)),
      page: (page) => heard(() => this.#read(page)),
      tooOld: (reason) => heard(() => this.input({ kind: 'tooOld', reason })),
      failed: (text, permanent) => heard(() => this.input({ kind: 'failed', text, permanent })),
      closed: (code, reason) => heard((now) => {
        this.#channels[now] = null;
        this.input({ kind: 'closed', code, reason, role: now });
      }),
      acknowledgementFailed: (unwanted) => heard(() => this.input({ kind: 'acknowledgementFailed', unwanted })),
    };
    try {
      channel = openChannel[transport]({ ...this.#tools, rest: this.#rest }, place, ear);
      this.#channels[role] = channel;
    } catch (error) {
      logger.warn('A connection could not be made', { transport, error });
      this.input({ kind: 'closed', code: 1006, role });
    }
  }

  /** @param {Role} role @param {number} code @param {string} reason */
  #close(role, code, reason) {
    const channel = this.#channels[role];
    this.#channels[role] = null;
    channel?.close(code, reason);
  }

  #adopt() {
    this.#channels = { main: this.#channels.climb, climb: null };
  }

  // Snapshot

  /** @param {string|null} reason why a page that had one needs another */
  async #fetchSnapshot(reason) {
    const { store, logger, now } = this.#tools;
    this.#abandonSnapshot();
    const controller = new AbortController();
    this.#snapshot = controller;
    const outcome = await this.#rest('/api/v1/snapshot', { signal: controller.signal });
    if (this.#snapshot !== controller) return;
    this.#snapshot = null;
    if (outcome.kind !== 'answer') {
      const text = outcome.kind === 'problem' ? outcome.problem.detail : 'The server cannot be reached';
      const permanent = outcome.kind === 'problem' && isRefusal(outcome.problem);
      return this.input({ kind: 'snapshotFailed', text, permanent });
    }
    const result = readSnapshot(outcome.body);
    if (!result.ok) {
      logger.warn('The snapshot was not understood', { reason: result.reason });
      return this.input({ kind: 'snapshotFailed', text: 'The server cannot be understood' });
    }
    if (result.dropped.length > 0) logger.warn('Parts of the snapshot were not understood', { reasons: result.dropped });
    store.dispatch(actions.snapshotLoaded(result.snapshot, now(), reason));
    this.input({ kind: 'snapshotLoaded', epoch: result.snapshot.epoch, offset: result.snapshot.offset });
  }

  #abandonSnapshot() {
    this.#snapshot?.abort();
    this.#snapshot = null;
  }

  // Timers

  /** @param {TimerName} name @param {number} delayMs */
  #setTimer(name, delayMs) {
    this.#clearTimer(name);
    this.#timers.set(name, this.#tools.setTimeout(() => {
      this.#timers.delete(name);
      this.input({ kind: 'timer', name });
    }, delayMs));
  }

  /** @param {TimerName} name */
  #clearTimer(name) {
    if (!this.#timers.has(name)) return;
    this.#tools.clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }
}

/** @param {Record<Role, Channel|null>} channels @param {Channel} channel @returns {Role|null} */
const roleOf = ({ main, climb }, channel) => (channel === main ? 'main' : channel === climb ? 'climb' : null);

/** One log line for each type that is not known, but not for ever. */
const unknownTypesMax = 100;
