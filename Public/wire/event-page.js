// @ts-check
// A page of the log as REST answers it (`GET /api/v1/events`), checked like the stream's messages are.

import { count, flag, listOf, object, text } from './checks.js';
import { checkMessage } from './messages.js';

/**
 * `offset` is where the page ends in the log: everything after the place it was asked for, up to there, is in it.
 * `unreadable` are the reasons of those that are left out.
 *
 * @typedef {import('./messages.js').Message} Message
 * @typedef {{epoch: string, events: {message: Message, known: boolean}[], unreadable: string[], offset: number, hasMore: boolean}} EventPage
 */

const frame = object({ epoch: text, events: listOf(() => null), offset: count, has_more: flag });

/** @param {unknown} value @returns {{ok: true, page: EventPage}|{ok: false, reason: string}} */
export function readEventPage(value) {
  const fault = frame(value, '');
  if (fault !== null) return { ok: false, reason: fault };
  const body = /** @type {any} */ (value);
  /** @type {EventPage} */
  const page = { epoch: body.epoch, events: [], unreadable: [], offset: body.offset, hasMore: body.has_more };
  for (const [index, event] of body.events.entries()) {
    const result = checkMessage(event);
    if (!result.ok) page.unreadable.push(`/events/${index}: ${result.reason}`);
    else if (result.message.offset === undefined) page.unreadable.push(`/events/${index}/offset is missing`);
    else page.events.push({ message: result.message, known: result.known });
  }
  return { ok: true, page };
}
