// @ts-check
// The life of the connection as an explicit machine: an input and a moment in, the next state and effects out.
// It never reads a clock, opens a socket or logs; live-connection.js does what the effects say.
//
//   idle ─connect▶ loading ─snapshot▶ opening ─connected▶ replaying ─resumed▶ live
//                     ▲                  ▲                    │ too old       │ lost
//                     │                  │                    ▼               ▼
//                     │                  │               reloading ─────▶ waiting ─▶ … ─▶ probing
//                     └──────────────────┴──────── retry ────────────────────┘
//   Any close code that means "don't" leads to `refused`; only the user leads out of it.

import { HEARTBEAT_MISSED, HOLE_IN_SEQUENCE, describeClose } from '../wire/close-codes.js';
import { PING, PRICE_UPDATE, RESUMED, CONNECTED, SUBSCRIBE } from '../wire/message-types.js';
import { backoffCapMs, backoffDelayMs } from './backoff.js';

/**
 * @typedef {import('../wire/messages.js').Message} Message
 * @typedef {import('../core/types.js').Settings} Settings
 * @typedef {import('../core/types.js').ConnectionStatus} ConnectionStatus
 * @typedef {'idle'|'loading'|'opening'|'replaying'|'reloading'|'live'|'waiting'|'probing'|'refused'} Phase
 * @typedef {{epoch: string, offset: number}} Position
 *
 * `attempt` counts the attempts since the connection was last good; `buffer` holds what arrives while a snapshot is loaded;
 * `stale` is why the position cannot be resumed from and a snapshot must come first.
 * @typedef {{phase: Phase, attempt: number, attemptsMax: number, exhausted: boolean, retryAt: number|null, error: string|null,
 *   connectionId: string|null, epoch: string|null, lastSequence: number|null, lastHeardAt: number|null, pingedAt: number|null,
 *   pingPatienceMs: number, liveSince: number|null, everLive: boolean, stale: string|null, buffer: Message[], invalidMessages: number}} Machine
 *
 * @typedef {{kind: 'connect'}|{kind: 'disconnect'}|{kind: 'reconnectNow'}|{kind: 'opened'}
 *   |{kind: 'message', message: Message, known?: boolean}|{kind: 'invalid', sequenceNumber: number|null}
 *   |{kind: 'closed', code: number, reason?: string}|{kind: 'online'}|{kind: 'offline'}|{kind: 'visible'}
 *   |{kind: 'timer', name: TimerName}|{kind: 'snapshotLoaded', epoch: string}
 *   |{kind: 'snapshotFailed', message: string, permanent?: boolean}} Input
 * @typedef {'retry'|'heartbeat'} TimerName
 * @typedef {{now: number, random: number, settings: Settings, position: Position|null}} Circumstances
 *
 * @typedef {{kind: 'fetchSnapshot', reason: string|null}|{kind: 'abandonSnapshot'}|{kind: 'open', position: Position}
 *   |{kind: 'close', code: number, reason: string}|{kind: 'send', message: object}
 *   |{kind: 'setTimer', name: TimerName, delayMs: number}|{kind: 'clearTimer', name: TimerName}
 *   |{kind: 'apply', message: Message, replayed: boolean}
 *   |{kind: 'caughtUp', replayed: number, offset: number, quiet: boolean}
 *   |{kind: 'log', level: 'info'|'warn', text: string, details?: object}} Effect
 * @typedef {{machine: Machine, effects: Effect[]}} Step
 */

/** Silence after which the page asks; the server's own pings are invisible to it. */
export const pingAfterMs = 30_000;
/** How long an answer may take: after 45 s of silence the connection counts as dead. */
export const pingPatienceMs = 15_000;
/** The browser said it is offline, which may or may not concern this server: ask, and wait less. */
export const offlinePatienceMs = 5_000;
/** A socket that does not even open, or opens and says nothing. */
export const openPatienceMs = 15_000;
/** A connection that was good for this long starts counting attempts afresh (REC-07). */
export const stableAfterMs = 5_000;
/** What may arrive while a snapshot is loaded. */
export const bufferMessagesMax = 5_000;

/** @type {Machine} */
export const idleMachine = Object.freeze({
  phase: 'idle', attempt: 0, attemptsMax: 10, exhausted: false, retryAt: null, error: null, connectionId: null, epoch: null,
  lastSequence: null, lastHeardAt: null, pingedAt: null, pingPatienceMs, liveSince: null, everLive: false, stale: null, buffer: [],
  invalidMessages: 0,
});

const socketPhases = ['opening', 'replaying', 'reloading', 'live'];

/**
 * A socket that has said `connected`.
 * @param {Machine} machine
 */
export const isOpen = ({ phase, lastSequence }) => socketPhases.includes(phase) && lastSequence !== null;

/**
 * @param {Machine} machine @param {Input} input @param {Circumstances} circumstances
 * @returns {Step}
 */
export function transition(machine, input, circumstances) {
  switch (input.kind) {
    case 'connect': return machine.phase === 'idle' || machine.phase === 'refused' ? startAfresh(machine, circumstances) : stay(machine);
    case 'disconnect': return disconnect(machine);
    case 'reconnectNow': return machine.phase === 'live' ? stay(machine) : startAfresh(machine, circumstances);
    case 'opened': return stay(machine);
    case 'message': return receive(machine, input.message, input.known ?? true, circumstances);
    case 'invalid': return skipInvalid(machine, input.sequenceNumber, circumstances);
    case 'closed': return closed(machine, input.code, input.reason ?? '', circumstances);
    case 'online': return wake(machine, circumstances, 0);
    case 'visible': return wake(machine, circumstances, pingPatienceMs);
    case 'offline': return isOpen(machine) ? ping(machine, circumstances.now, offlinePatienceMs) : stay(machine);
    case 'timer': return input.name === 'retry' ? retry(machine, circumstances) : checkHeartbeat(machine, circumstances);
    case 'snapshotLoaded': return snapshotLoaded(machine, input.epoch, circumstances);
    case 'snapshotFailed': return snapshotFailed(machine, input.message, input.permanent ?? false, circumstances);
  }
}

/**
 * What the page shows of it.
 * @param {Machine} machine
 * @returns {import('../core/types.js').ConnectionPatch}
 */
export function describeMachine(machine) {
  return {
    status: statusOf(machine),
    connectionId: machine.connectionId,
    lastSequenceNumber: machine.lastSequence,
    lastMessageAt: machine.lastHeardAt,
    attempt: machine.phase === 'live' ? 0 : machine.attempt,
    attemptsMax: machine.attemptsMax,
    retryAt: machine.retryAt,
    error: machine.error,
    invalidMessages: machine.invalidMessages,
  };
}

/**
 * @param {Machine} machine
 * @returns {ConnectionStatus}
 */
function statusOf({ phase, exhausted, attempt }) {
  if (phase === 'live') return 'live';
  if (phase === 'idle' || phase === 'refused' || exhausted) return 'disconnected';
  return attempt === 0 ? 'connecting' : 'reconnecting';
}

// Starting and stopping

/** @param {Machine} machine @param {Circumstances} circumstances @returns {Step} */
function startAfresh(machine, circumstances) {
  const { effects } = leave(machine, 1000, 'starting again');
  return attempt({ ...machine, attempt: 0, exhausted: false, error: null }, circumstances, effects);
}

/**
 * CON-13: an explicit disconnect stays disconnected.
 * @param {Machine} machine @returns {Step}
 */
function disconnect(machine) {
  if (machine.phase === 'idle') return stay(machine);
  const left = leave(machine, 1000, 'closed by the page');
  return { machine: { ...left.machine, phase: 'idle', attempt: 0, exhausted: false, error: null }, effects: left.effects };
}

/**
 * One attempt: a snapshot first when there is nothing to resume from (REC-15), else the socket.
 * @param {Machine} machine @param {Circumstances} circumstances @param {Effect[]} [before]
 * @returns {Step}
 */
function attempt(machine, { position, settings }, before = []) {
  const trying = { ...fresh(machine), attemptsMax: settings.reconnect.attempts_max };
  if (position === null || machine.stale !== null) {
    return { machine: { ...trying, phase: 'loading' }, effects: [...before, { kind: 'fetchSnapshot', reason: machine.stale }] };
  }
  return open(trying, position, before);
}

/** @param {Machine} machine @param {Position} position @param {Effect[]} before @returns {Step} */
const open = (machine, position, before) => ({
  machine: { ...machine, phase: 'opening' },
  effects: [...before, { kind: 'open', position }, { kind: 'setTimer', name: 'heartbeat', delayMs: openPatienceMs }],
});

/**
 * Without anything that belonged to one socket.
 * @param {Machine} machine
 * @returns {Machine}
 */
const fresh = (machine) => ({
  ...machine, connectionId: null, epoch: null, lastSequence: null, pingedAt: null, pingPatienceMs, liveSince: null, retryAt: null, buffer: [],
});

/**
 * Lets go of the socket, the fetch and the timers, whichever there are.
 * @param {Machine} machine @param {number} code @param {string} reason @returns {Step}
 */
function leave(machine, code, reason) {
  /** @type {Effect[]} */
  const effects = [{ kind: 'clearTimer', name: 'retry' }, { kind: 'clearTimer', name: 'heartbeat' }];
  if (machine.phase === 'loading' || machine.phase === 'reloading') effects.push({ kind: 'abandonSnapshot' });
  if (socketPhases.includes(machine.phase)) effects.push({ kind: 'close', code, reason });
  return { machine: fresh(machine), effects };
}

// Losing and retrying

/** @param {Machine} machine @param {number} code @param {string} reason @param {Circumstances} circumstances @returns {Step} */
function closed(machine, code, reason, circumstances) {
  if (!socketPhases.includes(machine.phase)) return stay(machine);
  const meaning = describeClose(code, reason);
  /** @type {Effect} */
  const log = { kind: 'log', level: 'info', text: 'The connection was closed', details: { code, reason } };
  if (meaning.retry === 'never') return refuse(machine, meaning.text, [log]);
  return lose(machine, meaning.text, circumstances, { later: meaning.retry === 'later', effects: [log] });
}

/** @param {Machine} machine @param {string} error @param {Effect[]} [effects] @returns {Step} */
function refuse(machine, error, effects = []) {
  const left = leave(machine, 1000, 'refused');
  return { machine: { ...left.machine, phase: 'refused', error }, effects: [...effects, ...left.effects] };
}

/**
 * REC-01: whatever it was, there is a next attempt; after the last one a slow probe (REC-06, C7).
 * @param {Machine} machine @param {string} error @param {Circumstances} circumstances
 * @param {{code?: number, later?: boolean, effects?: Effect[]}} [how] @returns {Step}
 */
function lose(machine, error, { now, random, settings }, how = {}) {
  const { code = 1000, later = false, effects = [] } = how;
  const { delays_ms: delays, attempts_max: attemptsMax, probe_interval_ms: probeMs } = settings.reconnect;
  const wasStable = machine.liveSince !== null && now - machine.liveSince >= stableAfterMs;
  const count = (wasStable ? 0 : machine.attempt) + 1;
  const exhausted = machine.exhausted || count > attemptsMax;
  const jittered = backoffDelayMs(count, delays, random);
  const delayMs = exhausted ? probeMs : later ? Math.max(jittered, backoffCapMs(1, delays)) : jittered;
  const left = leave(machine, code, error);
  return {
    machine: {
      ...left.machine, phase: exhausted ? 'probing' : 'waiting', attempt: Math.min(count, attemptsMax), attemptsMax, exhausted,
      retryAt: now + delayMs, error,
    },
    effects: [...effects, ...left.effects, { kind: 'setTimer', name: 'retry', delayMs }],
  };
}

/** @param {Machine} machine @param {Circumstances} circumstances @returns {Step} */
const retry = (machine, circumstances) =>
  machine.phase === 'waiting' || machine.phase === 'probing' ? attempt(machine, circumstances) : stay(machine);

/**
 * The browser is online again, or the tab is seen again: no need to wait, and a reason to ask after a silence (REC-16).
 * @param {Machine} machine @param {Circumstances} circumstances @param {number} silenceMs @returns {Step}
 */
function wake(machine, circumstances, silenceMs) {
  if (machine.phase === 'waiting' || machine.phase === 'probing') {
    return attempt(machine, circumstances, [{ kind: 'clearTimer', name: 'retry' }]);
  }
  const silentMs = circumstances.now - (machine.lastHeardAt ?? circumstances.now);
  return isOpen(machine) && silentMs >= silenceMs ? ping(machine, circumstances.now, pingPatienceMs) : stay(machine);
}

// Hearing

/** @param {Machine} machine @param {Message} message @param {boolean} known @param {Circumstances} circumstances @returns {Step} */
function receive(machine, message, known, circumstances) {
  if (!socketPhases.includes(machine.phase)) return stay(machine);
  const sequence = message.sequence_number ?? -1;
  const expected = machine.lastSequence === null ? 0 : machine.lastSequence + 1;
  if (sequence < expected) {
    return stay(machine, [{ kind: 'log', level: 'warn', text: 'A message came twice', details: { sequence, type: message.type } }]);
  }
  if (sequence > expected || (sequence === 0) !== (message.type === CONNECTED)) return hole(machine, sequence, circumstances);
  const heard = heardAt({ ...machine, lastSequence: sequence }, circumstances.now);
  const then = message.type === CONNECTED ? greet(heard.machine, message)
    : message.type === RESUMED ? resumed(heard.machine, message, circumstances)
    : known ? deliver(heard.machine, message, circumstances)
    : stay(heard.machine, [{ kind: 'apply', message, replayed: machine.phase === 'replaying' }]);
  return { machine: then.machine, effects: [...heard.effects, ...then.effects] };
}

/**
 * SUB-10: prices are the one thing that must be asked for.
 * @param {Machine} machine @param {Message} message @returns {Step}
 */
function greet(machine, message) {
  return {
    machine: { ...machine, phase: 'replaying', connectionId: message.connection_id, epoch: message.epoch },
    effects: [{ kind: 'apply', message, replayed: false }, { kind: 'send', message: { type: SUBSCRIBE, channel: 'prices' } }],
  };
}

/**
 * The replay is over, or there cannot be one (REC-10, REC-14).
 * @param {Machine} machine @param {Message} message @param {Circumstances} circumstances @returns {Step}
 */
function resumed(machine, message, { now }) {
  const { data } = message;
  /** @type {Effect} */
  const tell = { kind: 'apply', message, replayed: false };
  if (machine.phase === 'reloading') return stay(machine, [tell]);
  if (!data.recovered) {
    const reason = data.reason ?? 'trimmed';
    return {
      machine: { ...machine, phase: 'reloading', attempt: machine.phase === 'live' ? 0 : machine.attempt, stale: reason, liveSince: null, buffer: [] },
      effects: [tell, { kind: 'fetchSnapshot', reason }],
    };
  }
  const replayed = data.replayed ?? 0;
  // What happened between the first snapshot and the first socket was never missed.
  const quiet = !machine.everLive;
  /** @type {Effect} */
  const caughtUp = { kind: 'caughtUp', replayed, offset: data.offset, quiet };
  return machine.phase === 'live' ? stay(machine, [caughtUp, tell]) : goLive(machine, now, [caughtUp, tell]);
}

/** @param {Machine} machine @param {number} now @param {Effect[]} effects @returns {Step} */
const goLive = (machine, now, effects) => ({
  machine: { ...machine, phase: 'live', liveSince: now, everLive: true, exhausted: false, error: null, stale: null, buffer: [] },
  effects,
});

/** @param {Machine} machine @param {Message} message @param {Circumstances} circumstances @returns {Step} */
function deliver(machine, message, circumstances) {
  if (machine.phase !== 'reloading') return stay(machine, [{ kind: 'apply', message, replayed: machine.phase === 'replaying' }]);
  if (machine.buffer.length >= bufferMessagesMax) return lose(machine, 'Too much happened while reloading', circumstances);
  const older = message.type === PRICE_UPDATE
    ? machine.buffer.filter(({ type, symbol }) => type !== PRICE_UPDATE || symbol !== message.symbol)
    : machine.buffer;
  return stay({ ...machine, buffer: [...older, message] });
}

/** @param {Machine} machine @param {number} sequence @param {Circumstances} circumstances @returns {Step} */
function hole(machine, sequence, circumstances) {
  /** @type {Effect} */
  const log = { kind: 'log', level: 'warn', text: 'A message is missing', details: { after: machine.lastSequence, got: sequence } };
  return lose(machine, 'A message was missing', circumstances, { code: HOLE_IN_SEQUENCE, effects: [log] });
}

/**
 * An unreadable message took its number, so that the next one is not mistaken for a hole: asking again would bring it again.
 * @param {Machine} machine @param {number|null} sequenceNumber @param {Circumstances} circumstances @returns {Step}
 */
function skipInvalid(machine, sequenceNumber, circumstances) {
  if (!socketPhases.includes(machine.phase)) return stay(machine);
  const counted = { ...machine, invalidMessages: machine.invalidMessages + 1 };
  const expected = machine.lastSequence === null ? 0 : machine.lastSequence + 1;
  // Without a good `connected` there is no connection to speak of.
  if (expected === 0) return lose(counted, 'The server cannot be understood', circumstances, { later: true });
  const sequence = sequenceNumber ?? expected;
  if (sequence < expected) return stay(counted);
  if (sequence > expected) return hole(counted, sequence, circumstances);
  return heardAt({ ...counted, lastSequence: expected }, circumstances.now);
}

// The snapshot

/** @param {Machine} machine @param {string} epoch @param {Circumstances} circumstances @returns {Step} */
function snapshotLoaded(machine, epoch, circumstances) {
  const current = { ...machine, stale: null };
  if (machine.phase === 'loading') {
    return circumstances.position === null ? lose(current, 'The snapshot has no position', circumstances) : open(current, circumstances.position, []);
  }
  if (machine.phase !== 'reloading') return stay(machine);
  if (epoch !== machine.epoch) return lose(current, 'The log was replaced', circumstances);
  /** @type {Effect[]} */
  const buffered = machine.buffer.map((message) => ({ kind: 'apply', message, replayed: true }));
  return goLive(current, circumstances.now, buffered);
}

/** @param {Machine} machine @param {string} message @param {boolean} permanent @param {Circumstances} circumstances @returns {Step} */
function snapshotFailed(machine, message, permanent, circumstances) {
  if (machine.phase !== 'loading' && machine.phase !== 'reloading') return stay(machine);
  return permanent ? refuse(machine, message) : lose(machine, message, circumstances);
}

// The heartbeat

/** @param {Machine} machine @param {number} now @returns {Step} */
const heardAt = (machine, now) => ({
  machine: { ...machine, lastHeardAt: now, pingedAt: null },
  effects: [{ kind: 'setTimer', name: 'heartbeat', delayMs: pingAfterMs }],
});

/** @param {Machine} machine @param {number} now @param {number} patienceMs @returns {Step} */
const ping = (machine, now, patienceMs) => ({
  machine: { ...machine, pingedAt: now, pingPatienceMs: patienceMs },
  effects: [{ kind: 'send', message: { type: PING } }, { kind: 'setTimer', name: 'heartbeat', delayMs: patienceMs }],
});

/**
 * A late timer (a sleeping laptop, a throttled tab) asks before it judges.
 * @param {Machine} machine @param {Circumstances} circumstances @returns {Step}
 */
function checkHeartbeat(machine, circumstances) {
  if (!socketPhases.includes(machine.phase)) return stay(machine);
  if (machine.lastSequence === null) {
    return lose(machine, 'The server did not answer', circumstances, { code: HEARTBEAT_MISSED });
  }
  const { now } = circumstances;
  if (machine.pingedAt === null) return ping(machine, now, pingPatienceMs);
  const leftMs = machine.pingedAt + machine.pingPatienceMs - now;
  if (leftMs > 0) return stay(machine, [{ kind: 'setTimer', name: 'heartbeat', delayMs: leftMs }]);
  return lose(machine, 'The connection had gone silent', circumstances, { code: HEARTBEAT_MISSED });
}

/** @param {Machine} machine @param {Effect[]} [effects] @returns {Step} */
const stay = (machine, effects = []) => ({ machine, effects });
