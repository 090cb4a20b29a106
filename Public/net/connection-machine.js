// @ts-check
// The life of the connection as an explicit machine: an input and a moment in, the next state and effects out.
// It never reads a clock, opens a socket or logs; live-connection.js does what the effects say.
//
//   idle ─connect▶ loading ─snapshot▶ open: greeting ▶ replaying ▶ live ◀▶ reloading
//                     ▲                ▲      │ lost, whatever it was
//             too old │                │      ▼
//                     └── checking ────┴── waiting ─▶ … ─▶ resting (attempts used up)
//
//   Any close code that means "don't" leads to `refused`; only the user leads out of it.
//   What has been applied is catch-up.js's to know, which way to go transport-policy.js's, whether anybody is there heartbeat.js's.
//   While `open` on a lower way, a better one is tried beside it (climb.js).

import { HEARTBEAT_MISSED, describeClose } from '../wire/close-codes.js';
import { isCritical } from '../wire/delivery-class.js';
import { ERROR, SUBSCRIBE } from '../wire/message-types.js';
import { freshAcknowledgement, makeDue, sayAgainMs, sayIfDue, unwanted } from './acknowledgement.js';
import { backoffCapMs, backoffDelayMs } from './backoff.js';
import {
  enterStream, isLive, leaveStream, nothingYet, reachEnd, receiveMessage, receivePage, skipUnreadable, takeSnapshot,
} from './catch-up.js';
import { beginClimb, hearClimb } from './climb.js';
import { hasCaughtUp, hasMain, isLoading, isOpen } from './connection-phase.js';
import { asked, askedInDoubt, doubtPatienceMs, heard, judge, noHeartbeat, opening, openPatienceMs, patienceMs } from './heartbeat.js';
import { climbFailed, climbSoonMs, climbed, failedToOpen, hopeful, lost, nextClimb, stableAfterMs, topOfLadder } from './transport-policy.js';

/**
 * @typedef {import('../wire/messages.js').Message} Message
 * @typedef {import('../wire/event-page.js').EventPage} EventPage
 * @typedef {import('./catch-up.js').Found} Found
 * @typedef {import('./catch-up.js').Finding} Finding
 * @typedef {import('./catch-up.js').Place} Place
 * @typedef {import('./heartbeat.js').Timed} Timed
 * @typedef {import('./connection-types.js').Machine} Machine
 * @typedef {import('./connection-types.js').Phase} Phase
 * @typedef {import('./connection-types.js').Input} Input
 * @typedef {import('./connection-types.js').TimerName} TimerName
 * @typedef {import('./connection-types.js').Circumstances} Circumstances
 * @typedef {import('./connection-types.js').Effect} Effect
 * @typedef {import('./connection-types.js').Step} Step
 */

/** @type {Machine} */
export const idleMachine = Object.freeze({
  phase: 'idle', attempt: 0, attemptsMax: 10, exhausted: false, retryAt: null, error: null, liveSince: null, reached: false, doubtful: false,
  policy: topOfLadder, climb: null, catchUp: nothingYet, heartbeat: noHeartbeat, acknowledgement: freshAcknowledgement(0),
});

/** @param {Machine} machine @param {Input} input @param {Circumstances} circumstances @returns {Step} */
export function transition(machine, input, circumstances) {
  return acknowledged(react(machine, input, circumstances), circumstances);
}

/** @param {Machine} machine @param {Input} input @param {Circumstances} circumstances @returns {Step} */
function react(machine, input, circumstances) {
  switch (input.kind) {
    case 'connect': return machine.phase === 'idle' || machine.phase === 'refused' ? startAfresh(machine, circumstances) : stay(machine);
    case 'disconnect': return disconnect(machine);
    case 'reconnectNow': return hasCaughtUp(machine) ? stay(machine) : startAfresh(machine, circumstances);
    case 'message': return input.role === 'climb' ? hearBetter(machine, input.message, circumstances) : hear(machine, input.message, circumstances);
    case 'invalid': return input.role === 'climb' ? giveUpClimb(machine, circumstances) : hearNoise(machine, input.sequenceNumber, circumstances);
    case 'page': return readPage(machine, input.page, circumstances);
    case 'tooOld': return placeTooOld(machine, input.reason, circumstances);
    case 'failed': return hasMain(machine) ? fail(machine, input.text, input.permanent ?? false, circumstances) : stay(machine);
    case 'closed':
      return input.role === 'climb' ? giveUpClimb(machine, circumstances) : closed(machine, input.code, input.reason ?? '', circumstances);
    case 'online': case 'woken': return wake(machine, circumstances, 0);
    case 'visible': return wake(machine, circumstances, doubtPatienceMs);
    case 'restored': return restored(machine, circumstances);
    case 'offline': return isOpen(machine) ? doubt(machine, circumstances) : stay(machine);
    case 'timer': return ring(machine, input.name, circumstances);
    case 'snapshotLoaded': return snapshotLoaded(machine, input, circumstances);
    case 'snapshotFailed': return isLoading(machine) ? fail(machine, input.text, input.permanent ?? false, circumstances) : stay(machine);
    case 'acknowledgementFailed':
      return input.unwanted ? stay(withAcknowledgement(machine, unwanted)) : stay(machine, [{ kind: 'setTimer', name: 'acknowledge', delayMs: sayAgainMs }]);
  }
}

// Starting and stopping

/** @param {Machine} machine @param {Circumstances} circumstances @returns {Step} */
function startAfresh(machine, circumstances) {
  const { machine: left, effects } = leave(machine, 1000, 'starting again');
  return attempt({ ...left, attempt: 0, exhausted: false, error: null, doubtful: false, policy: topOfLadder }, circumstances, effects);
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
 * One attempt: a snapshot first when there is nothing to resume from (REC-15); after one that did not open, a look whether the server
 * is there at all, which brings what was missed; else the way itself.
 * @param {Machine} machine @param {Circumstances} circumstances @param {Effect[]} [before] @returns {Step}
 */
function attempt(machine, circumstances, before = []) {
  const { catchUp, doubtful, policy } = machine;
  const trying = { ...machine, attemptsMax: circumstances.settings.reconnect.attempts_max, retryAt: null, reached: false };
  if (catchUp.place === null || catchUp.stale !== null) {
    return { machine: { ...trying, phase: 'loading' }, effects: [...before, { kind: 'fetchSnapshot', reason: catchUp.stale }] };
  }
  if (!doubtful || policy.transport === 'polling') return open(trying, catchUp.place, circumstances, before);
  return timed(trying, opening(trying.heartbeat, circumstances.now), 'checking', [
    ...before, { kind: 'open', transport: 'polling', place: catchUp.place, role: 'main' }, { kind: 'ask', place: catchUp.place },
  ]);
}

/** @param {Machine} machine @param {Place} place @param {Circumstances} circumstances @param {Effect[]} [before] @returns {Step} */
function open(machine, place, { now }, before = []) {
  const { transport } = machine.policy;
  const entered = { ...machine, catchUp: enterStream(machine.catchUp), acknowledgement: freshAcknowledgement(now) };
  /** @type {Effect[]} */
  const effects = [...before, { kind: 'open', transport, place, role: 'main' }];
  if (transport === 'polling') effects.push({ kind: 'ask', place });
  return timed(entered, opening(entered.heartbeat, now), 'open', effects);
}

/**
 * Lets go of the connections, the fetch and the timers, whichever there are.
 * @param {Machine} machine @param {number} code @param {string} reason @returns {Step}
 */
function leave(machine, code, reason) {
  /** @type {TimerName[]} */
  const timers = ['retry', 'heartbeat', 'climb', 'acknowledge'];
  /** @type {Effect[]} */
  const effects = timers.map((name) => ({ kind: 'clearTimer', name }));
  if (isLoading(machine)) effects.push({ kind: 'abandonSnapshot' });
  if (machine.climb) effects.push({ kind: 'close', role: 'climb', code: 1000, reason });
  if (hasMain(machine)) effects.push({ kind: 'close', role: 'main', code, reason });
  const { heartbeat: { heardAt } } = machine;
  return {
    machine: {
      ...machine, climb: null, liveSince: null, retryAt: null, catchUp: leaveStream(machine.catchUp), heartbeat: { ...noHeartbeat, heardAt },
    },
    effects,
  };
}

// Losing and retrying

/** @param {Machine} machine @param {number} code @param {string} reason @param {Circumstances} circumstances @returns {Step} */
function closed(machine, code, reason, circumstances) {
  if (!hasMain(machine)) return stay(machine);
  const meaning = describeClose(code, reason);
  /** @type {Effect} */
  const log = { kind: 'log', level: 'info', text: 'The connection was closed', details: { code, reason, transport: machine.policy.transport } };
  if (meaning.retry === 'never') return refuse(machine, meaning.text, [log]);
  return lose(machine, meaning.text, circumstances, { later: meaning.retry === 'later', blame: !meaning.byServer, effects: [log] });
}

/** @param {Machine} machine @param {string} text @param {boolean} permanent @param {Circumstances} circumstances @returns {Step} */
const fail = (machine, text, permanent, circumstances) => (permanent ? refuse(machine, text) : lose(machine, text, circumstances));

/** @param {Machine} machine @param {string} error @param {Effect[]} [effects] @returns {Step} */
function refuse(machine, error, effects = []) {
  const left = leave(machine, 1000, 'refused');
  return { machine: { ...left.machine, phase: 'refused', error }, effects: [...effects, ...left.effects] };
}

/**
 * REC-01: whatever it was, there is a next attempt; after the last one a slow probe (REC-06, C7). `blame`: it speaks against the way
 * that was taken.
 * @param {Machine} machine @param {string} error @param {Circumstances} circumstances
 * @param {{code?: number, later?: boolean, blame?: boolean, hung?: boolean, effects?: Effect[]}} [how] @returns {Step}
 */
function lose(machine, error, { now, random, settings }, how = {}) {
  const { code = 1000, later = false, blame = false, hung = false, effects = [] } = how;
  const { delays_ms: delays, attempts_max: attemptsMax, probe_interval_ms: probeMs } = settings.reconnect;
  const livedMs = machine.liveSince === null ? null : now - machine.liveSince;
  const count = (livedMs !== null && livedMs >= stableAfterMs ? 0 : machine.attempt) + 1;
  const exhausted = machine.exhausted || count > attemptsMax;
  const jittered = backoffDelayMs(count, delays, random);
  const delayMs = exhausted ? probeMs : later ? Math.max(jittered, backoffCapMs(1, delays)) : jittered;
  const left = leave(machine, code, error);
  return {
    machine: {
      ...left.machine, phase: exhausted ? 'resting' : 'waiting', attempt: Math.min(count, attemptsMax), attemptsMax, exhausted,
      retryAt: now + delayMs, error, ...judgeWay(machine, livedMs, blame, hung),
    },
    effects: [...effects, ...left.effects, { kind: 'setTimer', name: 'retry', delayMs }],
  };
}

/**
 * What the loss says of the way that was taken.
 * @param {Machine} machine @param {number|null} livedMs @param {boolean} blame @param {boolean} hung @returns {Pick<Machine, 'policy'|'doubtful'>}
 */
function judgeWay({ phase, policy, reached, doubtful, catchUp }, livedMs, blame, hung) {
  if (phase === 'open' && catchUp.stage === 'greeting') {
    return { doubtful: true, policy: blame ? failedToOpen(policy, { reached, hung }) : policy };
  }
  if (phase !== 'open') return { doubtful, policy };
  return { doubtful: false, policy: blame || (livedMs ?? 0) >= stableAfterMs ? lost(policy, livedMs ?? 0) : policy };
}

/**
 * The browser is online again, or the tab is seen again: no need to wait, and a reason to ask after a silence (REC-16).
 * @param {Machine} machine @param {Circumstances} circumstances @param {number} silence ms @returns {Step}
 */
function wake(machine, circumstances, silence) {
  if (machine.phase === 'waiting' || machine.phase === 'resting') {
    return attempt(machine, circumstances, [{ kind: 'clearTimer', name: 'retry' }]);
  }
  if (!isOpen(machine)) return stay(machine);
  const rising = climbAgainSoon(machine);
  const isQuiet = circumstances.now - (machine.heartbeat.heardAt ?? 0) >= silence;
  return isQuiet ? then(rising, (current) => doubt(current, circumstances)) : rising;
}

/**
 * A page from the browser's back/forward cache: its connections were closed under it.
 * @param {Machine} machine @param {Circumstances} circumstances @returns {Step}
 */
function restored(machine, circumstances) {
  if (!hasMain(machine)) return wake(machine, circumstances, 0);
  const left = leave(machine, 1000, 'the page was put away');
  return attempt(left.machine, circumstances, left.effects);
}

// Hearing

/** @param {Machine} machine @param {Message} message @param {Circumstances} circumstances @returns {Step} */
function hear(machine, message, circumstances) {
  if (machine.phase !== 'open') return stay(machine);
  const { type, code } = message;
  const unknown = type === ERROR && code === 'unknown_type' && machine.acknowledgement.said;
  const current = unknown ? withAcknowledgement(machine, unwanted) : machine;
  return act(current, receiveMessage(machine.catchUp, message), circumstances);
}

/** @param {Machine} machine @param {number|null} sequenceNumber @param {Circumstances} circumstances @returns {Step} */
const hearNoise = (machine, sequenceNumber, circumstances) =>
  machine.phase === 'open' ? act(machine, skipUnreadable(machine.catchUp, sequenceNumber), circumstances) : stay(machine);

/**
 * The answer to a question over REST. For polling it is all there is; a stream that had been silent about it is not to be trusted.
 * @param {Machine} machine @param {EventPage} page @param {Circumstances} circumstances @returns {Step}
 */
function readPage(machine, page, circumstances) {
  if (!hasMain(machine)) return stay(machine);
  const found = receivePage(machine.catchUp, page);
  const read = act(machine, found, circumstances);
  const { place } = read.machine.catchUp;
  if (!hasMain(read.machine) || place === null) return read;
  if (machine.phase === 'checking') {
    const { machine: left, effects } = leave(read.machine, 1000, 'the server is there');
    return open({ ...left, reached: true }, place, circumstances, [...read.effects, ...effects]);
  }
  if (machine.policy.transport === 'polling') {
    return page.hasMore
      ? then(read, (current) => ask(current, asked(current.heartbeat, circumstances.now, patienceMs('polling', circumstances.settings))))
      : then(read, (current) => act(current, reachEnd(current.catchUp), circumstances));
  }
  if (!isLive(machine.catchUp) || !found.findings.some(({ kind }) => kind === 'apply')) return read;
  return then(read, (current) => lose(current, 'The stream had stopped', circumstances, { code: HEARTBEAT_MISSED }));
}

/**
 * There is nothing to go on from: a snapshot, at once, unless the way did not even get that far since the last one.
 * @param {Machine} machine @param {string} reason @param {Circumstances} circumstances @returns {Step}
 */
function placeTooOld(machine, reason, circumstances) {
  if (!hasMain(machine)) return stay(machine);
  const stale = { ...machine, catchUp: { ...machine.catchUp, stale: reason } };
  if (machine.phase === 'open' && machine.liveSince === null) return lose(stale, 'The log cannot be read from here on', circumstances);
  const left = leave({ ...stale, attempt: machine.phase === 'open' ? 0 : machine.attempt }, 1000, 'the place is too old');
  return attempt(left.machine, circumstances, left.effects);
}

/**
 * Does what the catch-up found; the connection has been heard.
 * @param {Machine} machine @param {Found} found @param {Circumstances} circumstances @returns {Step}
 */
function act(machine, { catchUp, findings }, circumstances) {
  const { now, settings } = circumstances;
  const start = timed({ ...machine, catchUp }, heard(now, machine.policy.transport, settings));
  return findings.reduce((step, finding) => then(step, (current) => actOn(current, finding, circumstances)), start);
}

/** @param {Machine} machine @param {Finding} finding @param {Circumstances} circumstances @returns {Step} */
function actOn(machine, finding, circumstances) {
  switch (finding.kind) {
    case 'apply': return stay(isCritical(finding.message) ? withAcknowledgement(machine, makeDue) : machine, [finding]);
    // The server sends again what it believes unheard.
    case 'again': return stay(isCritical(finding.message) ? withAcknowledgement(machine, makeDue) : machine);
    case 'twice': return stay(machine, [{ kind: 'log', level: 'warn', text: 'A message came twice', details: finding.details }]);
    case 'greeted': return stay(machine, wantPrices(machine));
    case 'live': return becomeLive(machine, finding, circumstances);
    case 'reload': return reload(machine, finding.reason, circumstances);
    case 'broken': {
      /** @type {Effect} */
      const log = { kind: 'log', level: 'warn', text: finding.text, details: finding.details };
      return lose(machine, finding.text, circumstances, { code: finding.code, later: finding.later, effects: [log] });
    }
  }
}

/**
 * SUB-10: prices are the one thing that must be asked for; other ways ask in their address.
 * @param {Machine} machine @returns {Effect[]}
 */
const wantPrices = ({ policy }) => (policy.transport === 'websocket' ? [{ kind: 'send', message: { type: SUBSCRIBE, channel: 'prices' } }] : []);

/** @param {Machine} machine @param {Extract<Finding, {kind: 'live'}>} live @param {Circumstances} circumstances @returns {Step} */
function becomeLive(machine, { replayed, offset, quiet }, circumstances) {
  /** @type {Effect[]} */
  const told = replayed === null ? [] : [{ kind: 'caughtUp', replayed, offset, quiet }];
  const due = withAcknowledgement(machine, makeDue);
  if (machine.liveSince !== null) return stay(due, told);
  const live = { ...due, liveSince: circumstances.now, exhausted: false, error: null, doubtful: false };
  return scheduleClimb({ ...live, policy: { ...live.policy, failures: 0 } }, circumstances, told);
}

/**
 * The stream goes on meanwhile, unless there is none.
 * @param {Machine} machine @param {string} reason @param {Circumstances} circumstances @returns {Step}
 */
function reload(machine, reason, circumstances) {
  if (machine.catchUp.stage !== 'reloading') return placeTooOld(machine, reason, circumstances);
  const attempts = machine.liveSince === null ? machine.attempt : 0;
  const alone = dropClimb({ ...machine, attempt: attempts, liveSince: null });
  return stay(alone.machine, [...alone.effects, { kind: 'fetchSnapshot', reason }]);
}

// The snapshot

/** @param {Machine} machine @param {Place} snapshot @param {Circumstances} circumstances @returns {Step} */
function snapshotLoaded(machine, snapshot, circumstances) {
  if (!isLoading(machine)) return stay(machine);
  const found = takeSnapshot(machine.catchUp, { epoch: snapshot.epoch, offset: snapshot.offset });
  if (machine.phase === 'open') return act(machine, found, circumstances);
  const { place } = found.catchUp;
  const current = { ...machine, reached: true, catchUp: found.catchUp };
  return place === null ? stay(current) : open(current, place, circumstances);
}

// The timers

/** @param {Machine} machine @param {TimerName} name @param {Circumstances} circumstances @returns {Step} */
function ring(machine, name, circumstances) {
  switch (name) {
    case 'retry': return machine.phase === 'waiting' || machine.phase === 'resting' ? attempt(machine, circumstances) : stay(machine);
    case 'heartbeat': return hasMain(machine) ? checkHeartbeat(machine, circumstances) : stay(machine);
    case 'climb': return machine.climb ? giveUpClimb(machine, circumstances) : climb(machine, circumstances);
    case 'acknowledge': return stay(withAcknowledgement(machine, makeDue));
  }
}

/** @param {Machine} machine @param {Circumstances} circumstances @returns {Step} */
function checkHeartbeat(machine, circumstances) {
  const { now, settings } = circumstances;
  const { transport } = machine.policy;
  const { heartbeat } = machine;
  const verdict = judge(heartbeat, now);
  if (verdict === 'wait') {
    const leftMs = (heartbeat.askedAt ?? now) + heartbeat.patienceMs - now;
    return stay(machine, [{ kind: 'setTimer', name: 'heartbeat', delayMs: leftMs }]);
  }
  if (verdict === 'dead' || !isOpen(machine)) return silenced(machine, circumstances);
  return verdict === 'ask' ? ask(machine, asked(heartbeat, now, patienceMs(transport, settings))) : doubt(machine, circumstances);
}

/** @param {Machine} machine @param {Circumstances} circumstances @returns {Step} */
function silenced(machine, circumstances) {
  const text = isOpen(machine) ? 'The connection had gone silent' : 'The server did not answer';
  return lose(machine, text, circumstances, { code: HEARTBEAT_MISSED, blame: true, hung: !isOpen(machine) });
}

/**
 * There is a reason to ask now. Whoever has been asked so already, and has not answered in time, will not.
 * @param {Machine} machine @param {Circumstances} circumstances @returns {Step}
 */
function doubt(machine, circumstances) {
  const { heartbeat } = machine;
  const { now } = circumstances;
  const openForMs = heartbeat.askedAt === null ? null : now - heartbeat.askedAt;
  if (openForMs !== null && heartbeat.inDoubt) return openForMs < doubtPatienceMs ? stay(machine) : silenced(machine, circumstances);
  return ask(machine, askedInDoubt(heartbeat, now));
}

/** @param {Machine} machine @param {Timed} question @returns {Step} */
function ask(machine, question) {
  const { place } = machine.catchUp;
  return place === null ? stay(machine) : timed(machine, question, machine.phase, [{ kind: 'ask', place }]);
}

// The way up

/** @param {Machine} machine @param {Circumstances} circumstances @param {Effect[]} [before] @returns {Step} */
function scheduleClimb(machine, { random }, before = []) {
  const next = nextClimb(machine.policy, random);
  return stay(machine, [...before, next ? { kind: 'setTimer', name: 'climb', delayMs: next.delayMs } : { kind: 'clearTimer', name: 'climb' }]);
}

/** @param {Machine} machine @param {Circumstances} circumstances @returns {Step} */
function climb(machine, circumstances) {
  const next = nextClimb(machine.policy, circumstances.random);
  const { place } = machine.catchUp;
  if (!next || place === null || !hasCaughtUp(machine)) return stay(machine);
  return stay({ ...machine, climb: beginClimb(next.transport) }, [
    { kind: 'open', transport: next.transport, place, role: 'climb' }, { kind: 'setTimer', name: 'climb', delayMs: openPatienceMs },
  ]);
}

/**
 * The network has changed, or somebody looks: a better way is worth a try.
 * @param {Machine} machine @returns {Step}
 */
function climbAgainSoon(machine) {
  if (!hasCaughtUp(machine) || machine.climb || nextClimb(machine.policy, 0) === null) return stay(machine);
  return stay({ ...machine, policy: hopeful(machine.policy) }, [{ kind: 'setTimer', name: 'climb', delayMs: climbSoonMs }]);
}

/** @param {Machine} machine @param {Circumstances} circumstances @returns {Step} */
function giveUpClimb(machine, circumstances) {
  if (!machine.climb) return stay(machine);
  const dropped = dropClimb({ ...machine, policy: climbFailed(machine.policy) });
  return scheduleClimb(dropped.machine, circumstances, dropped.effects);
}

/** @param {Machine} machine @returns {Step} */
const dropClimb = (machine) => (machine.climb
  ? stay({ ...machine, climb: null }, [{ kind: 'close', role: 'climb', code: 1000, reason: 'not better' }])
  : stay(machine));

/** @param {Machine} machine @param {Message} message @param {Circumstances} circumstances @returns {Step} */
function hearBetter(machine, message, circumstances) {
  if (!machine.climb) return stay(machine);
  const next = hearClimb(machine.climb, message);
  if (next === null) return giveUpClimb(machine, circumstances);
  return next.ready ? changeOver(machine, next.climb, circumstances) : stay({ ...machine, climb: next.climb });
}

/**
 * The better way has caught up by itself: from here on it feeds the state, from its first message; what is known is dropped by offset.
 * @param {Machine} machine @param {import('./climb.js').Climb} better @param {Circumstances} circumstances @returns {Step}
 */
function changeOver(machine, better, circumstances) {
  const changed = stay(
    {
      ...machine, climb: null, liveSince: null, policy: climbed(machine.policy, better.transport), catchUp: enterStream(machine.catchUp),
      acknowledgement: freshAcknowledgement(circumstances.now),
    },
    [{ kind: 'close', role: 'main', code: 1000, reason: 'a better way' }, { kind: 'adopt' }],
  );
  return better.messages.reduce((step, message) => then(step, (current) => hear(current, message, circumstances)), changed);
}

// Acknowledging

/**
 * At the end of each turn in which the page has caught up.
 * @param {Step} step @param {Circumstances} circumstances @returns {Step}
 */
function acknowledged({ machine, effects }, { now, named, settings }) {
  const { place, connectionId } = machine.catchUp;
  if (!hasCaughtUp(machine) || place === null) return { machine, effects };
  const said = sayIfDue(machine.acknowledgement, { now, named, messagesPerMinuteMax: settings.messages_per_minute_max });
  /** @type {Effect[]} */
  const more = said.now ? [{ kind: 'acknowledge', offset: place.offset, connectionId }]
    : said.waitMs !== null ? [{ kind: 'setTimer', name: 'acknowledge', delayMs: said.waitMs }]
    : [];
  return { machine: { ...machine, acknowledgement: said.acknowledgement }, effects: [...effects, ...more] };
}

/** @param {Machine} machine @param {(before: Machine['acknowledgement']) => Machine['acknowledgement']} change @returns {Machine} */
const withAcknowledgement = (machine, change) => ({ ...machine, acknowledgement: change(machine.acknowledgement) });

// Putting together

/** @param {Machine} machine @param {Timed} beat @param {Phase} [phase] @param {Effect[]} [effects] @returns {Step} */
const timed = (machine, { heartbeat, delayMs }, phase = machine.phase, effects = []) => ({
  machine: { ...machine, phase, heartbeat }, effects: [...effects, { kind: 'setTimer', name: 'heartbeat', delayMs }],
});

/** @param {Machine} machine @param {Effect[]} [effects] @returns {Step} */
const stay = (machine, effects = []) => ({ machine, effects });

/** @param {Step} before @param {(machine: Machine) => Step} next @returns {Step} */
function then({ machine, effects }, next) {
  const step = next(machine);
  return { machine: step.machine, effects: [...effects, ...step.effects] };
}
