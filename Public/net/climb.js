// @ts-check
// Trying a better way beside the one that works (C20). What it brings is kept until it has caught up by itself; only then does the
// page change over, in one step. So never do two ways feed the state, and the page does not stop being live. Pure.

import { CONNECTED, RESUMED } from '../wire/message-types.js';

/**
 * @typedef {import('../wire/messages.js').Message} Message
 * @typedef {import('./transport-policy.js').Transport} Transport
 * @typedef {{transport: Transport, messages: Message[]}} Climb
 */

/** What may be kept until the change; more is no small gap but a tab that should stay where it is. */
export const climbMessagesMax = 2_000;

/** @param {Transport} transport @returns {Climb} */
export const beginClimb = (transport) => ({ transport, messages: [] });

/**
 * The next message of the better way. `ready` once it has said `resumed`, however that went; null when it cannot be trusted.
 * @param {Climb} climb @param {Message} message @returns {{climb: Climb, ready: boolean}|null}
 */
export function hearClimb(climb, message) {
  const { messages } = climb;
  if (message.sequence_number !== messages.length || (messages.length === 0) !== (message.type === CONNECTED)) return null;
  if (messages.length >= climbMessagesMax) return null;
  return { climb: { ...climb, messages: [...messages, message] }, ready: message.type === RESUMED };
}
