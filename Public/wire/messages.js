// @ts-check
// From a text frame to a message that can be trusted, or the reason why not (ENV-05, TEST-15).

import { envelope, messages } from './shapes.js';

/**
 * A message whose fields have been checked against its shape. `known` is false for a type that this page does not know: it has
 * a good envelope and is to be ignored.
 *
 * @typedef {{type: string, timestamp: string, sequence_number?: number, offset?: number, data?: any, [field: string]: any}} Message
 * @typedef {{ok: true, known: boolean, message: Message}} Parsed
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
  return shapeFault === null ? { ok: true, known: true, message } : refused(`${message.type}: ${shapeFault}`, value);
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
