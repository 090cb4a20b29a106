// @ts-check
// Drives the connection machine with a real socket, timers and REST, and hands every message to the store and to subscribers.

import * as actions from '../core/actions.js';
import { parseMessage } from '../wire/messages.js';
import { CONNECTED, ERROR } from '../wire/message-types.js';
import { readSnapshot } from '../wire/snapshot.js';
import { toAction } from '../wire/to-action.js';
import { describeMachine, idleMachine, isOpen, transition } from './connection-machine.js';
import { createRest } from './rest.js';
import { Subscribers } from './subscribers.js';

/**
 * @typedef {import('./connection-machine.js').Effect} Effect
 * @typedef {import('./connection-machine.js').Input} Input
 * @typedef {import('./connection-machine.js').TimerName} TimerName
 * @typedef {import('../wire/messages.js').Message} Message
 * @typedef {import('../core/types.js').State} State
 * @typedef {import('../core/types.js').Action} Action
 * @typedef {import('./subscribers.js').Listener} Listener
 * @typedef {{info(text: string, details?: unknown): void, warn(text: string, details?: unknown): void, error(text: string, details?: unknown): void}} Logger
 * @typedef {{onopen: any, onmessage: any, onclose: any, onerror: any, send(text: string): void, close(code?: number, reason?: string): void}} Socket
 *
 * @typedef {{
 *   store: import('../core/store.js').Store<State, Action>,
 *   WebSocket: new (url: string) => any, fetch: typeof fetch,
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
  /** @type {Socket|null} */
  #socket = null;
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
    if (!isOpen(this.machine) || !this.#socket) return false;
    return this.#transmit(message);
  }

  /** @param {Input} input */
  #step(input) {
    const { store, now, random } = this.#tools;
    const { connection: { epoch, offset }, settings } = store.getState();
    const position = epoch === null || offset === null ? null : { epoch, offset };
    const { machine, effects } = transition(this.machine, input, { now: now(), random: random(), settings, position });
    this.machine = machine;
    for (const effect of effects) this.#run(effect);
    store.dispatch(actions.connectionChanged(describeMachine(machine)));
  }

  /** @param {Effect} effect */
  #run(effect) {
    const { store, logger, now } = this.#tools;
    switch (effect.kind) {
      case 'fetchSnapshot': return void this.#fetchSnapshot(effect.reason);
      case 'abandonSnapshot': return this.#abandonSnapshot();
      case 'open': return this.#open(effect.position);
      case 'close': return this.#close(effect.code, effect.reason);
      case 'send': return void this.#transmit(effect.message);
      case 'setTimer': return this.#setTimer(effect.name, effect.delayMs);
      case 'clearTimer': return this.#clearTimer(effect.name);
      case 'apply': return this.#apply(effect.message, effect.replayed);
      case 'caughtUp': {
        const { replayed, offset, quiet } = effect;
        return store.dispatch(actions.caughtUp({ kind: 'resumed', replayed, at: now() }, offset, quiet));
      }
      case 'log': return logger[effect.level](effect.text, effect.details);
    }
  }

  // Messages

  /** @param {unknown} text */
  #receive(text) {
    const { logger } = this.#tools;
    const result = parseMessage(text);
    if (!result.ok) {
      logger.warn('A message was not understood', { reason: result.reason, sequenceNumber: result.sequenceNumber });
      return this.input({ kind: 'invalid', sequenceNumber: result.sequenceNumber });
    }
    const { message, known } = result;
    if (!known && !this.#unknownTypes.has(message.type) && this.#unknownTypes.size < unknownTypesMax) {
      this.#unknownTypes.add(message.type);
      logger.info('A type of message is not known here and is ignored', { type: message.type });
    }
    if (message.type === ERROR) logger.warn('The server did not accept a message', { code: message.code, error: message.error });
    this.input({ kind: 'message', message, known });
  }

  /** @param {Message} message @param {boolean} replayed */
  #apply(message, replayed) {
    const { store, now } = this.#tools;
    const action = toAction(message, now(), replayed);
    const before = store.getState().connection.offset;
    if (message.type !== CONNECTED && message.offset !== undefined && before !== null && message.offset <= before) return;
    if (action) store.dispatch(action);
    this.subscribers.tell(message, { replayed });
  }

  // Socket

  /** @param {{epoch: string, offset: number}} position */
  #open({ epoch, offset }) {
    const { WebSocket, location, identity } = this.#tools;
    const name = identity?.name() ?? null;
    const query = new URLSearchParams({ ...(name === null ? {} : { as: name }), epoch, since: String(offset) });
    try {
      const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws?${query}`);
      this.#socket = socket;
      // A socket that was let go of is deaf: its late events belong to nobody.
      const ifCurrent = (/** @type {(event: any) => void} */ handle) => (/** @type {any} */ event) => {
        if (this.#socket === socket) handle(event);
      };
      socket.onopen = ifCurrent(() => this.input({ kind: 'opened' }));
      socket.onmessage = ifCurrent(({ data }) => this.#receive(data));
      socket.onclose = ifCurrent(({ code, reason }) => {
        this.#socket = null;
        this.input({ kind: 'closed', code, reason });
      });
      // CON-15: the browser says no more than that, and a close event follows.
      socket.onerror = ifCurrent(() => this.#tools.logger.info('The socket reported an error'));
    } catch (error) {
      this.#tools.logger.warn('A socket could not be made', error);
      this.input({ kind: 'closed', code: 1006 });
    }
  }

  /** @param {number} code @param {string} reason */
  #close(code, reason) {
    const socket = this.#socket;
    this.#socket = null;
    try {
      // A browser may itself close with 1000 or 3000–4999 and 123 bytes of reason.
      socket?.close(code, reason.slice(0, 40));
    } catch (error) {
      this.#tools.logger.warn('A socket could not be closed', error);
    }
  }

  /** @param {object} message @returns {boolean} */
  #transmit(message) {
    try {
      this.#socket?.send(JSON.stringify(message));
      return this.#socket !== null;
    } catch (error) {
      this.#tools.logger.warn('A message could not be sent', error);
      return false;
    }
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
      const message = outcome.kind === 'problem' ? outcome.problem.detail : 'The server cannot be reached';
      const permanent = outcome.kind === 'problem' && [400, 401, 403].includes(outcome.problem.status);
      return this.input({ kind: 'snapshotFailed', message, permanent });
    }
    const result = readSnapshot(outcome.body);
    if (!result.ok) {
      logger.warn('The snapshot was not understood', { reason: result.reason });
      return this.input({ kind: 'snapshotFailed', message: 'The server cannot be understood' });
    }
    if (result.dropped.length > 0) logger.warn('Parts of the snapshot were not understood', { reasons: result.dropped });
    store.dispatch(actions.snapshotLoaded(result.snapshot, now(), reason));
    this.input({ kind: 'snapshotLoaded', epoch: result.snapshot.epoch });
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

/** One log line for each type that is not known, but not for ever. */
const unknownTypesMax = 100;
