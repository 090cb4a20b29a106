import test from 'node:test';
import assert from 'node:assert/strict';
import { createRest } from '../../../Public/net/rest.js';
import { jsonResponse, problemResponse } from '../support/desk.js';
import { VirtualTime, settle } from '../support/virtual-time.js';

function makeRest(answer, { name = null } = {}) {
  const time = new VirtualTime();
  const requests = [];
  const fetch = async (path, request) => {
    requests.push({ path, ...request });
    const result = await answer(request);
    if (result instanceof Error) throw result;
    return result;
  };
  const rest = createRest({ fetch, setTimeout: time.setTimeout, clearTimeout: time.clearTimeout, identity: { name: () => name } });
  return { rest, requests, time };
}

test('an answer, a problem and silence are three things', async () => {
  assert.deepEqual(await makeRest(() => jsonResponse({ a: 1 }, 201)).rest('/x'), { kind: 'answer', status: 201, body: { a: 1 } });
  const refused = await makeRest(() => problemResponse(429, { code: 'rate_limited', detail: 'Wait.' }, { 'retry-after': '7' })).rest('/x');
  assert.deepEqual([refused.kind, refused.problem.code, refused.problem.detail, refused.problem.retryAfterMs], ['problem', 'rate_limited', 'Wait.', 7_000]);
  assert.equal((await makeRest(() => new TypeError('no route')).rest('/x')).kind, 'unreachable');
});

test('an answer that cannot be read is no answer, a refusal without a body still is one', async () => {
  assert.equal((await makeRest(() => new Response('<html>', { status: 200 })).rest('/x')).kind, 'unreachable');
  assert.equal((await makeRest(() => new Response('<html>', { status: 504 })).rest('/x')).kind, 'unreachable');
  const refused = await makeRest(() => new Response('no', { status: 403 })).rest('/x');
  assert.deepEqual([refused.kind, refused.problem.status, refused.problem.detail], ['problem', 403, 'HTTP 403']);
  const stopped = await makeRest(() => problemResponse(503, { code: 'store_unavailable', detail: 'The store is away.' })).rest('/x');
  assert.equal(stopped.kind, 'problem');
});

test('C12: the name goes with every request, escaped', async () => {
  const { rest, requests } = makeRest(() => jsonResponse({}), { name: 'Zoë & co' });
  await rest('/x');
  await rest('/x?y=1');
  assert.deepEqual(requests.map(({ path }) => path), ['/x?as=Zo%C3%AB%20%26%20co', '/x?y=1&as=Zo%C3%AB%20%26%20co']);
});

test('a request ends when its time is up, and leaves no timer behind when it is not', async () => {
  const hanging = makeRest(({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(new Error('aborted')))));
  const outcome = hanging.rest('/x');
  await hanging.time.advance(15_000);
  assert.equal((await outcome).kind, 'unreachable');
  const quick = makeRest(() => jsonResponse({}));
  await quick.rest('/x');
  await settle();
  assert.equal(quick.time.pendingTimers, 0);
});
