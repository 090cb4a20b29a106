// @ts-check
// From a text frame to a message that can be trusted, or the reason why not (ENV-05, TEST-15).

import { BATCH_UPDATE } from './message-types.js';
import { envelope, messages } from './shapes.js';

/**
 * A message whose fields have been checked against its shape. `known` is false for a type that this page does not know: it has
 * a good envelope and is to be ignored. `dropped` says what was wrong with events of a batch, whose message has only the good ones.
 *
 * @typedef {{type: string, timestamp: string, sequence_number?: number, offset?: number, data?: any, [field: string]: any}} Message
 * @typedef {{ok: true, known: boolean, message: Message, dropped?: string[]}} Parsed
 * @typedef {{ok: false, reason: string, sequenceNumber: number|null, offset: number|null}} Refused
 */

/**
 * A message of the socket.
 * @param {unknown} text @returns {Parsed|Refused}
 */
export function parseMessage(text) {
  if (typeof text !== 'string') return refused('not a text frame');
  const value = parseJSON(text);
  if (value === undefined) return refused('not JSON');
  const result = checkMessage(value);
  if (!result.ok || result.message.sequence_number !== undefined) return result;
  return refused('/sequence_number is missing', value);
}

/**
 * A message that is already JSON, of the socket or of REST, where it has no sequence number.
 * @param {unknown} value @returns {Parsed|Refused}
 */
export function checkMessage(value) {
  const fault = envelope(value, '');
  if (fault !== null) return refused(fault, value);
  const message = /** @type {Message} */ (value);
  if (!Object.hasOwn(messages, message.type)) return { ok: true, known: false, message };
  const shapeFault = messages[message.type](message, '');
  if (shapeFault !== null) return refused(`${message.type}: ${shapeFault}`, value);
  return message.type === BATCH_UPDATE ? checkBatch(message) : { ok: true, known: true, message };
}

/**
 * What a message brings: the events of a batch, or itself.
 * @param {Message} message checked @returns {Message[]}
 */
export const unpack = (message) => (message.type === BATCH_UPDATE ? message.events : [message]);

/**
 * One event that is not understood does not take the others with it: they will not come again. No server puts a batch into a batch.
 * @param {Message} batch @returns {Parsed}
 */
function checkBatch(batch) {
  const checked = batch.events.map((/** @type {any} */ event) =>
    event?.type === BATCH_UPDATE ? refused('a batch in a batch') : checkMessage(event));
  const good = checked.filter((/** @type {Parsed|Refused} */ result) => result.ok);
  const dropped = checked.filter((/** @type {Parsed|Refused} */ result) => !result.ok).map((/** @type {Refused} */ { reason }) => reason);
  return { ok: true, known: true, message: { ...batch, events: good.map((/** @type {Parsed} */ { message }) => message) }, dropped };
}

/**
 * Undefined when it is none; JSON itself knows no undefined.
 * @param {string} text @returns {unknown}
 */
function parseJSON(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The numbers are kept where they can be read, so that one bad message does not look like a hole in the sequence.
 * @param {string} reason @param {unknown} [value] @returns {Refused} */
function refused(reason, value) {
  const { sequence_number: sequenceNumber, offset } = /** @type {any} */ (value ?? {});
  return { ok: false, reason, sequenceNumber: numberOrNull(sequenceNumber), offset: numberOrNull(offset) };
}

/** @param {unknown} value @returns {number|null} */
const numberOrNull = (value) => (Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : null);
