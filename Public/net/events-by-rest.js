// @ts-check
// Reading the log over REST from a place on, and acknowledging over REST: for the ways that cannot be spoken over (C20).

import { readEventPage } from '../wire/event-page.js';
import { isRefusal } from './rest.js';

/**
 * @typedef {import('./rest.js').Rest} Rest
 * @typedef {import('./rest.js').Outcome} Outcome
 * @typedef {import('./catch-up.js').Place} Place
 * @typedef {import('./transports.js').Ear} Ear
 */

/** Events of one request; there may be more, and then the page asks again. */
export const pageEventsMax = 500;

/** A reader that has one question open at a time: a new one takes the place of the last.
 * @param {Rest} rest @param {Ear} ear */
export function createLogReader(rest, ear) {
  /** @type {AbortController|null} */
  let open = null;
  return {
    /** @param {Place} place */
    async ask({ epoch, offset }) {
      open?.abort();
      const mine = new AbortController();
      open = mine;
      const query = new URLSearchParams({ after: String(offset), epoch, limit: String(pageEventsMax) });
      const outcome = await rest(`/api/v1/events?${query}`, { signal: mine.signal });
      if (open !== mine) return;
      open = null;
      tell(outcome, ear);
    },
    close() {
      open?.abort();
      open = null;
    },
  };
}

/** @param {Outcome} outcome @param {Ear} ear */
function tell(outcome, ear) {
  if (outcome.kind === 'unreachable') return ear.failed('The server cannot be reached', false);
  if (outcome.kind === 'problem') {
    const { status, code, detail } = outcome.problem;
    return status === 410 ? ear.tooOld(code) : ear.failed(detail, isRefusal(outcome.problem));
  }
  const result = readEventPage(outcome.body);
  return result.ok ? ear.page(result.page) : ear.failed('The server cannot be understood', false);
}

/**
 * @param {Rest} rest @param {Ear} ear @param {number} offset @param {string|null} connectionId of the stream that brought it; null when polling
 */
export async function acknowledgeByRest(rest, ear, offset, connectionId) {
  const outcome = await rest('/api/v1/acks', { method: 'POST', body: { offset, connection_id: connectionId } });
  if (outcome.kind === 'unreachable') ear.acknowledgementFailed(false);
  // A server that does not know of it says so by 404; one that is busy or failing is asked again.
  if (outcome.kind === 'problem') ear.acknowledgementFailed(outcome.problem.status < 429);
}
