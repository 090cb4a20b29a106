// @ts-check
// One REST request and what may come of it: an answer, a problem (RFC 9457), or nobody knows.

/**
 * `problem`: the server said no, and why. `unreachable`: no word from the server itself, so the request may have been carried
 * out all the same.
 *
 * @typedef {{code: string, status: number, title: string, detail: string, retryAfterMs: number|null, body: Record<string, any>}} Problem
 * @typedef {{kind: 'answer', status: number, body: any}|{kind: 'problem', problem: Problem}|{kind: 'unreachable', reason: string}} Outcome
 * @typedef {(path: string, request?: {method?: string, body?: object, idempotencyKey?: string, signal?: AbortSignal}) => Promise<Outcome>} Rest
 */

export const requestTimeoutMs = 15_000;

/**
 * The desk itself will not have it, and asking again will not help. What a proxy says is no word of the desk's.
 * @param {Problem} problem
 */
export const isRefusal = ({ code, status }) => code !== unknownCode && [400, 401, 403].includes(status);

/** The code of a problem that the desk itself did not say. */
export const unknownCode = 'unknown';

/**
 * @param {{fetch: typeof fetch, setTimeout: (run: () => void, ms: number) => any, clearTimeout: (id: any) => void,
 *   identity?: {name(): string|null}, timeoutMs?: number}} tools `identity` names the trader while the desk is open (C12)
 * @returns {Rest}
 */
export function createRest({ fetch, setTimeout, clearTimeout, identity, timeoutMs = requestTimeoutMs }) {
  return async (path, { method = 'GET', body, idempotencyKey, signal } = {}) => {
    const controller = new AbortController();
    const abort = () => controller.abort();
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    const timer = setTimeout(abort, timeoutMs);
    try {
      const response = await fetch(withIdentity(path, identity?.name() ?? null), {
        method,
        headers: headersOf(body, idempotencyKey),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        credentials: 'same-origin',
        cache: 'no-store',
        signal: controller.signal,
      });
      return await outcomeOf(response);
    } catch (error) {
      return { kind: 'unreachable', reason: error instanceof Error ? error.message : String(error) };
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  };
}

/** @param {object|undefined} body @param {string|undefined} idempotencyKey @returns {Record<string, string>} */
const headersOf = (body, idempotencyKey) => ({
  accept: 'application/json, application/problem+json',
  ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
});

/** @param {Response} response @returns {Promise<Outcome>} */
async function outcomeOf(response) {
  if (response.status === 204) return { kind: 'answer', status: 204, body: null };
  const body = await jsonOf(response);
  if (response.ok && body !== undefined) return { kind: 'answer', status: response.status, body };
  if (isProblem(response, body)) return { kind: 'problem', problem: problemOf(response, body) };
  // A proxy's 502 says nothing of whether the server behind it acted; nor does an answer that cannot be read.
  if (response.ok || response.status >= 500) return { kind: 'unreachable', reason: `HTTP ${response.status} without an answer of the desk` };
  return { kind: 'problem', problem: problemOf(response, {}) };
}

/** @param {Response} response @returns {Promise<any>} undefined when it is not JSON */
async function jsonOf(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param {Response} response @param {any} body */
const isProblem = (response, body) =>
  (response.headers.get('content-type') ?? '').startsWith('application/problem+json') && typeof body === 'object' && body !== null;

/** @param {Response} response @param {Record<string, any>} body @returns {Problem} */
function problemOf(response, body) {
  const title = typeof body.title === 'string' ? body.title : `HTTP ${response.status}`;
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  return {
    code: typeof body.code === 'string' ? body.code : unknownCode,
    status: response.status,
    title,
    detail: typeof body.detail === 'string' ? body.detail : title,
    retryAfterMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null,
    body,
  };
}

/** @param {string} path @param {string|null} name */
function withIdentity(path, name) {
  if (name === null) return path;
  return `${path}${path.includes('?') ? '&' : '?'}as=${encodeURIComponent(name)}`;
}
