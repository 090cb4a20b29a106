// @ts-check
// Stopping the desk, resuming it, and what people tell sessions. A stop is never silently lost (GAP-07, SES-04).

import * as actions from '../core/actions.js';
import { unknownCode } from './rest.js';
import { readSession, readStanding } from '../wire/desk.js';

/**
 * @typedef {import('../core/types.js').State} State
 * @typedef {import('../core/types.js').Action} Action
 * @typedef {import('./rest.js').Outcome} Outcome
 * @typedef {{ok: boolean, message: string|null}} DeskResult `message` is null when there is nothing to say
 * @typedef {'pause'|'resume'|'stop'} SessionAction
 *
 * @typedef {{store: import('../core/store.js').Store<State, Action>, rest: import('./rest.js').Rest, now: () => number,
 *   setTimeout: (run: () => void, ms: number) => any, clearTimeout: (id: any) => void, randomUUID: () => string}} Tools
 */

/** One attempt has so long: a connection that hangs must not hold up a stop. */
export const attemptTimeoutMs = 4_000;
/** Between the attempts of a stop; the last goes on until the deadline. */
export const stopRetryDelaysMs = Object.freeze([250, 500, 1_000, 2_000]);

const unknownStop = 'The desk did not answer: it is not known whether it is stopped. Stop it again, or where its approvals are carried out.';

/**
 * @param {Tools} tools
 * @returns {{stop(reason?: string|null): Promise<DeskResult>, resume(stopId: string): Promise<DeskResult>,
 *   control(sessionId: string, action: SessionAction, reason?: string|null): Promise<DeskResult>, refresh(): Promise<void>}}
 */
export function createDeskCommands({ store, rest, now, setTimeout, clearTimeout, randomUUID }) {
  /** What is on its way.
   * @type {Set<string>} */
  const busy = new Set();

  /** @param {string} path @param {object} body @param {string} idempotencyKey @returns {Promise<Outcome>} */
  async function attempt(path, body, idempotencyKey) {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), attemptTimeoutMs);
    try {
      const outcome = await rest(path, { method: 'POST', body, idempotencyKey, signal: controller.signal });
      // What a proxy says is no word of the desk's.
      const isForeign = outcome.kind === 'problem' && outcome.problem.code === unknownCode;
      return isForeign ? { kind: 'unreachable', reason: outcome.problem.detail } : outcome;
    } finally {
      clearTimeout(timer);
    }
  }

  /** @template T @param {string} what @param {() => Promise<T>} run @returns {Promise<T|DeskResult>} */
  async function alone(what, run) {
    if (busy.has(what)) return { ok: false, message: null };
    busy.add(what);
    try {
      return await run();
    } finally {
      busy.delete(what);
    }
  }

  /** @param {number} ms */
  const pause = (ms) => new Promise((resolve) => setTimeout(() => resolve(null), ms));

  /** Again and again under one key, until the desk has answered or the deadline has passed.
   * @param {string|null} reason @returns {Promise<DeskResult>} */
  async function stop(reason) {
    const startedAt = now();
    const deadlineAt = startedAt + store.getState().settings.decision_timeout_ms;
    const key = randomUUID();
    store.dispatch(actions.stopStarted(startedAt));
    for (let count = 0; ; count += 1) {
      const outcome = await attempt('/api/v1/desk/stop', reason === null ? {} : { reason }, key);
      if (outcome.kind === 'answer' && take(outcome.body)) return { ok: true, message: null };
      if (outcome.kind === 'problem' && outcome.problem.status < 500) return failed(outcome.problem.detail);
      // Somebody else's stop, or the live connection telling of mine.
      if (store.getState().desk.stopped) return { ok: true, message: null };
      const delay = stopRetryDelaysMs[Math.min(count, stopRetryDelaysMs.length - 1)];
      if (now() + delay >= deadlineAt) return failed(outcome.kind === 'problem' ? `The desk is not stopped: ${outcome.problem.detail}` : unknownStop);
      await pause(delay);
    }
  }

  /** @param {string} message @returns {DeskResult} */
  function failed(message) {
    store.dispatch(actions.stopFailed(message, now()));
    return { ok: false, message };
  }

  /** @param {string} path @param {object} body @param {(body: unknown) => boolean} takeAnswer @param {string} unknown
   * @returns {Promise<DeskResult>} */
  async function twice(path, body, takeAnswer, unknown) {
    const key = randomUUID();
    const first = await attempt(path, body, key);
    const outcome = first.kind === 'unreachable' ? await attempt(path, body, key) : first;
    if (outcome.kind === 'answer' && takeAnswer(outcome.body)) return { ok: true, message: null };
    return { ok: false, message: outcome.kind === 'problem' ? outcome.problem.detail : unknown };
  }

  /** @param {unknown} body */
  function take(body) {
    const standing = readStanding(body);
    if (standing) store.dispatch(actions.deskRead(standing));
    return standing !== null;
  }

  return {
    stop: (reason = null) => alone('stop', () => stop(reason?.trim() || null)),
    resume: (stopId) => alone('resume', () =>
      twice('/api/v1/desk/resume', { stop_id: stopId }, take, 'The desk did not answer: it is not known whether you have signed off.')),
    control: (sessionId, action, reason = null) => alone(`session ${sessionId}`, () => {
      const path = `/api/v1/sessions/${encodeURIComponent(sessionId)}/${action}`;
      const takeSession = (/** @type {unknown} */ body) => {
        const session = readSession(body);
        if (session) store.dispatch(actions.sessionRead(session, now()));
        return session !== null;
      };
      return twice(path, reason?.trim() ? { reason: reason.trim() } : {}, takeSession,
        `The desk did not answer: it is not known whether session ${sessionId} heard it.`);
    }),
    refresh: async () => {
      const outcome = await rest('/api/v1/desk');
      if (outcome.kind === 'answer') take(outcome.body);
    },
  };
}
