// @ts-check
// What this page has applied, and up to where. The place only moves over what has been applied, so whoever says "live"
// shows exactly what the log holds up to there (REC-09 … REC-14, REC-22). Pure: what it finds is for the connection to act on.
//
// The strategy, in the documents' eight steps: a loss or a hole is noticed (1), the connection is made again from the place (2),
// what arrives before the page has caught up is kept in order (3, 6), what was missed is replayed or a snapshot taken (4, 5),
// what is known by its offset is dropped and the rest applied (7), and the page is live (8).

import { HOLE_IN_SEQUENCE } from '../wire/close-codes.js';
import { CONNECTED, PRICE_UPDATE, RESUMED } from '../wire/message-types.js';
import { unpack } from '../wire/messages.js';

/**
 * @typedef {import('../wire/messages.js').Message} Message
 * @typedef {import('../wire/event-page.js').EventPage} EventPage
 * @typedef {{epoch: string, offset: number}} Place
 * @typedef {'apart'|'greeting'|'replaying'|'reloading'|'live'} Stage
 *
 * `apart` is without a stream. `stale` is why the place cannot be resumed from, so that a snapshot must come first. `streamEpoch`
 * and `lastSequence` belong to one stream. While `reloading`, the stream goes on behind `goesOnAfter` and `buffer` holds what it
 * brings. `missed` counts what was applied since the page was last live, `reloaded` whether a snapshot was among it.
 * @typedef {{stage: Stage, place: Place|null, stale: string|null, connectionId: string|null, streamEpoch: string|null,
 *   lastSequence: number|null, goesOnAfter: number, buffer: Message[], missed: number, reloaded: boolean, everLive: boolean,
 *   unreadable: number}} CatchUp
 *
 * `again` is a message whose offset is known. `broken`: this stream cannot be trusted any more, resume with another, `later` if the same
 * would happen again.
 * @typedef {{kind: 'apply', message: Message, replayed: boolean}|{kind: 'again', message: Message}
 *   |{kind: 'greeted'}|{kind: 'live', replayed: number|null, offset: number, quiet: boolean}|{kind: 'reload', reason: string}
 *   |{kind: 'broken', text: string, code: number, later?: boolean, details?: object}|{kind: 'twice', details: object}} Finding
 * @typedef {{catchUp: CatchUp, findings: Finding[]}} Found
 */

/** What may arrive while a snapshot is loaded. */
export const bufferMessagesMax = 5_000;

/** @type {CatchUp} */
export const nothingYet = Object.freeze({
  stage: 'apart', place: null, stale: null, connectionId: null, streamEpoch: null, lastSequence: null, goesOnAfter: 0, buffer: [],
  missed: 0, reloaded: false, everLive: false, unreadable: 0,
});

/** @param {CatchUp} catchUp */
export const isLive = ({ stage }) => stage === 'live';

/**
 * Without anything that belonged to one stream. The place stays.
 * @param {CatchUp} catchUp @returns {CatchUp}
 */
export const leaveStream = (catchUp) => ({ ...catchUp, stage: 'apart', connectionId: null, streamEpoch: null, lastSequence: null, buffer: [] });

/**
 * A new stream, from its first message.
 * @param {CatchUp} catchUp @returns {CatchUp}
 */
export const enterStream = (catchUp) => ({ ...leaveStream(catchUp), stage: 'greeting' });

/**
 * A message of the stream. Its number shows what the stream lost, its offset what the page knows already (REC-11).
 * @param {CatchUp} catchUp @param {Message} message @returns {Found}
 */
export function receiveMessage(catchUp, message) {
  const sequence = message.sequence_number ?? -1;
  const expected = nextSequence(catchUp);
  if (sequence < expected) return found(catchUp, { kind: 'twice', details: { sequence, type: message.type } });
  if (sequence > expected || (sequence === 0) !== (message.type === CONNECTED)) return hole(catchUp, sequence);
  const heard = { ...catchUp, lastSequence: sequence };
  if (message.type === CONNECTED) return greeted(heard, message);
  if (message.type === RESUMED) return resumed(heard, message);
  // A batch is its events: each is known or new by its own offset (GAP-16).
  return inTurn(heard, unpack(message), heard.stage === 'reloading' ? keep : deliver);
}

/**
 * An unreadable message took its number, so that the next one is not mistaken for a hole: asking again would bring it again.
 * @param {CatchUp} catchUp @param {number|null} sequenceNumber @returns {Found}
 */
export function skipUnreadable(catchUp, sequenceNumber) {
  const counted = { ...catchUp, unreadable: catchUp.unreadable + 1 };
  const expected = nextSequence(catchUp);
  // Without a good `connected` there is no connection to speak of.
  if (expected === 0) return found(counted, { kind: 'broken', text: 'The server cannot be understood', code: 1000, later: true });
  const sequence = sequenceNumber ?? expected;
  if (sequence < expected) return found(counted);
  return sequence > expected ? hole(counted, sequence) : found({ ...counted, lastSequence: expected });
}

/**
 * A page of the log, read from the place on: what the page does not have yet, and then the place is the page's end. The stream,
 * if there is one, may bring the same later.
 * @param {CatchUp} catchUp @param {EventPage} page @returns {Found}
 */
export function receivePage(catchUp, page) {
  const { place } = catchUp;
  if (place === null || catchUp.stage === 'reloading') return found(catchUp);
  if (page.epoch !== place.epoch) return found(catchUp, { kind: 'reload', reason: 'epoch_changed' });
  // Polling has no greeting but its first page.
  const stage = catchUp.stage === 'greeting' ? 'replaying' : catchUp.stage;
  const start = { ...catchUp, stage, unreadable: catchUp.unreadable + page.unreadable.length };
  return moveTo(inTurn(start, page.events.map(({ message }) => message), deliver), page.offset);
}

/**
 * There is nothing more to read: what polling has instead of `resumed`.
 * @param {CatchUp} catchUp @returns {Found}
 */
export const reachEnd = (catchUp) => (isLive(catchUp) ? found(catchUp) : goLive(catchUp));

/**
 * The whole truth at one offset. One from before what was applied already says nothing new.
 * @param {CatchUp} catchUp @param {Place} snapshot @returns {Found}
 */
export function takeSnapshot(catchUp, { epoch, offset }) {
  const { place } = catchUp;
  const isOlder = place !== null && place.epoch === epoch && offset < place.offset;
  const taken = {
    ...catchUp, place: isOlder ? place : { epoch, offset }, stale: null, missed: 0, reloaded: catchUp.reloaded || catchUp.stale !== null,
  };
  if (catchUp.stage !== 'reloading') return found(taken);
  if (epoch !== catchUp.streamEpoch) return found(taken, { kind: 'broken', text: 'The log was replaced', code: 1000 });
  if (taken.place.offset < catchUp.goesOnAfter) {
    return found(taken, { kind: 'broken', text: 'The snapshot was older than what follows it', code: 1000 });
  }
  const applied = inTurn({ ...taken, stage: 'replaying', buffer: [] }, catchUp.buffer, deliver);
  return andThen(applied, goLive);
}

// Hearing

/** @param {CatchUp} catchUp @param {Message} message @returns {Found} */
function greeted(catchUp, message) {
  /** @type {CatchUp} */
  const named = { ...catchUp, stage: 'replaying', connectionId: message.connection_id, streamEpoch: message.epoch };
  const told = found(named, { kind: 'apply', message, replayed: false }, { kind: 'greeted' });
  // Offsets of another log say nothing about this one: nothing of it may be taken for known.
  return message.epoch === catchUp.place?.epoch ? told : andThen(told, (current) => reload(current, 'epoch_changed', message.offset ?? 0));
}

/**
 * The replay is over, or there cannot be one (REC-10, REC-14). Both also come in the middle of the life of a tab that was too slow.
 * @param {CatchUp} catchUp @param {Message} message @returns {Found}
 */
function resumed(catchUp, message) {
  const { data } = message;
  /** @type {Found} */
  const told = found(catchUp, { kind: 'apply', message, replayed: false });
  if (!data.recovered) return andThen(told, (current) => reload(current, data.reason ?? 'trimmed', data.offset));
  // What was left out was sent again, and lies in the buffer.
  if (catchUp.stage === 'reloading') return told;
  if (isLive(catchUp)) return andThen(moveTo(told, data.offset), (current) => found(current, liveFinding(current, data.replayed ?? 0)));
  return andThen(moveTo(told, data.offset), goLive);
}

/** @param {CatchUp} catchUp @param {string} reason @param {number} goesOnAfter @returns {Found} */
function reload(catchUp, reason, goesOnAfter) {
  // A second time before the snapshot has come: it must now reach further.
  if (catchUp.stage === 'reloading') return found({ ...catchUp, goesOnAfter: Math.max(catchUp.goesOnAfter, goesOnAfter) });
  return found({ ...catchUp, stage: 'reloading', stale: reason, goesOnAfter, buffer: [] }, { kind: 'reload', reason });
}

/**
 * Nothing is applied to a state that is behind (REC-09). Of prices the newest are enough.
 * @param {CatchUp} catchUp @param {Message} message @returns {Found}
 */
function keep(catchUp, message) {
  if (message.offset === undefined && message.type !== PRICE_UPDATE) return deliver(catchUp, message);
  if (catchUp.buffer.length >= bufferMessagesMax) {
    return found(catchUp, { kind: 'broken', text: 'Too much happened while reloading', code: 1000 });
  }
  const older = message.type === PRICE_UPDATE
    ? catchUp.buffer.filter(({ type, symbol }) => type !== PRICE_UPDATE || symbol !== message.symbol)
    : catchUp.buffer;
  return found({ ...catchUp, buffer: [...older, message] });
}

/** @param {CatchUp} catchUp @param {Message} message @returns {Found} */
function deliver(catchUp, message) {
  const { place, stage } = catchUp;
  const replayed = stage !== 'live';
  if (message.offset === undefined || place === null) return found(catchUp, { kind: 'apply', message, replayed });
  if (message.offset <= place.offset) return found(catchUp, { kind: 'again', message });
  const next = { ...catchUp, place: { ...place, offset: message.offset }, missed: catchUp.missed + (replayed ? 1 : 0) };
  return found(next, { kind: 'apply', message, replayed });
}

/** @param {CatchUp} catchUp @returns {Found} */
function goLive(catchUp) {
  const { missed, reloaded } = catchUp;
  /** @type {CatchUp} */
  const live = { ...catchUp, stage: 'live', stale: null, everLive: true, missed: 0, reloaded: false, buffer: [] };
  // Of a reload the page has told already. What happened between the first snapshot and the first stream was never missed.
  return found(live, { ...liveFinding(catchUp, reloaded ? null : missed), quiet: !catchUp.everLive });
}

/** @param {CatchUp} catchUp @param {number|null} replayed @returns {Extract<Finding, {kind: 'live'}>} */
const liveFinding = ({ place }, replayed) => ({ kind: 'live', replayed, offset: place?.offset ?? 0, quiet: false });

/** @param {CatchUp} catchUp @param {number} sequence @returns {Found} */
const hole = (catchUp, sequence) => found(catchUp, {
  kind: 'broken', text: 'A message was missing', code: HOLE_IN_SEQUENCE, details: { after: catchUp.lastSequence, got: sequence },
});

/** @param {CatchUp} catchUp */
const nextSequence = ({ lastSequence }) => (lastSequence === null ? 0 : lastSequence + 1);

// Putting together

/** @param {CatchUp} catchUp @param {Finding[]} findings @returns {Found} */
const found = (catchUp, ...findings) => ({ catchUp, findings });

/** @param {Found} before @param {(catchUp: CatchUp) => Found} step @returns {Found} */
function andThen(before, step) {
  const { catchUp, findings } = step(before.catchUp);
  return { catchUp, findings: [...before.findings, ...findings] };
}

/** @param {CatchUp} catchUp @param {Message[]} messages @param {(catchUp: CatchUp, message: Message) => Found} step @returns {Found} */
function inTurn(catchUp, messages, step) {
  /** @type {Finding[]} */
  const findings = [];
  let current = catchUp;
  for (const message of messages) {
    const next = step(current, message);
    current = next.catchUp;
    findings.push(...next.findings);
  }
  return { catchUp: current, findings };
}

/**
 * Everything up to there is here, also what was not for this page.
 * @param {Found} before @param {number} offset @returns {Found}
 */
function moveTo({ catchUp, findings }, offset) {
  const { place } = catchUp;
  if (place === null || offset <= place.offset) return { catchUp, findings };
  return { catchUp: { ...catchUp, place: { ...place, offset } }, findings };
}
