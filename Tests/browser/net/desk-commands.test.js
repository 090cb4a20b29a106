import test from 'node:test';
import assert from 'node:assert/strict';
import { createDeskCommands } from '../../../Public/net/desk-commands.js';
import { createRest } from '../../../Public/net/rest.js';
import { selectIsStopped } from '../../../Public/core/desk-stop.js';
import { golden, snapshotBody } from '../support/messages.js';
import { jsonResponse, liveDesk, problemResponse } from '../support/desk.js';
import { settle } from '../support/virtual-time.js';

const stop = golden('desk-stopped').data;
const standing = { stopped: true, stop, acknowledgements: null };

async function makeDesk() {
  const desk = await liveDesk({ snapshot: snapshotBody() });
  let keys = 0;
  desk.commands = createDeskCommands({
    store: desk.store, rest: createRest({ ...desk.tools, timeoutMs: 60_000 }), now: desk.time.now, setTimeout: desk.time.setTimeout,
    clearTimeout: desk.time.clearTimeout, randomUUID: () => `key-${(keys += 1)}`,
  });
  desk.posts = () => desk.requests.filter(({ method }) => method === 'POST');
  desk.desk = () => desk.store.getState().desk;
  return desk;
}

const toasts = (desk) => desk.store.getState().toasts.shown.map(({ text, sticky }) => [text, sticky]);

test('GAP-07: a stop says why, is red at once, and is settled by the answer', async () => {
  const desk = await makeDesk();
  desk.respond = () => jsonResponse(standing);
  const answer = desk.commands.stop('  The feed is wrong ');
  assert.equal(selectIsStopped(desk.store.getState()), true);
  assert.deepEqual(await desk.commands.stop(), { ok: false, message: null }, 'a second press is none');
  assert.deepEqual(await answer, { ok: true, message: null });
  const [post] = desk.posts();
  assert.equal(post.path, '/api/v1/desk/stop?as=alice');
  assert.deepEqual(JSON.parse(post.body), { reason: 'The feed is wrong' });
  assert.deepEqual([desk.desk().stopped, desk.desk().stopping], [true, null]);
});

test('GAP-07, OPT-04: over a lost connection it is tried again under the same key, and never silently lost', async () => {
  const desk = await makeDesk();
  let count = 0;
  desk.respond = () => {
    count += 1;
    if (count < 3) throw new TypeError('network');
    return jsonResponse(standing);
  };
  const answer = desk.commands.stop();
  await desk.time.advance(2_000);
  assert.deepEqual(await answer, { ok: true, message: null });
  assert.deepEqual(new Set(desk.posts().map(({ headers }) => headers['idempotency-key'])), new Set(['key-1']));

  const lost = await makeDesk();
  lost.respond = () => { throw new TypeError('network'); };
  const nothing = lost.commands.stop();
  await lost.time.advance(12_000);
  assert.equal((await nothing).ok, false);
  assert.equal(selectIsStopped(lost.store.getState()), false, 'rolled back');
  assert.match(toasts(lost)[0][0], /not known whether it is stopped/);
  assert.equal(toasts(lost)[0][1], true, 'stays until it was read');
});

test('GAP-07: an attempt that hangs does not hold up the next', async () => {
  const desk = await makeDesk();
  let count = 0;
  desk.respond = (_path, { signal }) => {
    count += 1;
    if (count > 1) return jsonResponse(standing);
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
  };
  const answer = desk.commands.stop();
  await desk.time.advance(6_000);
  assert.deepEqual(await answer, { ok: true, message: null });
  assert.equal(count, 2);
});

test('GAP-07: what the live connection tells settles a stop whose answer was lost', async () => {
  const desk = await makeDesk();
  desk.respond = () => { throw new TypeError('network'); };
  const answer = desk.commands.stop();
  await settle();
  desk.socket.say(golden('desk-stopped'));
  await desk.time.advance(2_000);
  assert.deepEqual(await answer, { ok: true, message: null });
  assert.equal(desk.desk().stopped, true);
});

test('GAP-07: what a proxy says is no word of the desk\'s: it is tried again', async () => {
  const desk = await makeDesk();
  let count = 0;
  desk.respond = () => {
    count += 1;
    return count === 1 ? new Response(null, { status: 403 }) : jsonResponse(standing);
  };
  const answer = desk.commands.stop();
  await desk.time.advance(1_000);
  assert.deepEqual(await answer, { ok: true, message: null });
});

test('GAP-07: what the desk will not have is said and rolled back', async () => {
  const desk = await makeDesk();
  desk.respond = () => problemResponse(429, { code: 'rate_limited', detail: 'Try again in 3 s.' });
  assert.deepEqual(await desk.commands.stop(), { ok: false, message: 'Try again in 3 s.' });
  assert.equal(selectIsStopped(desk.store.getState()), false);
});

test('GAP-07: resuming names the stop that was on the screen, and a refusal is passed on', async () => {
  const desk = await makeDesk();
  desk.respond = () => jsonResponse({ ...standing, stop: golden('desk-resume_signed_off').data });
  assert.deepEqual(await desk.commands.resume(stop.id), { ok: true, message: null });
  assert.deepEqual(JSON.parse(desk.posts()[0].body), { stop_id: stop.id });
  assert.equal(desk.desk().stop.resume.signed_off[0].by, 'bo');
  desk.respond = () => problemResponse(409, { code: 'resume_adds_nothing', detail: 'Ask somebody else.' });
  assert.deepEqual(await desk.commands.resume(stop.id), { ok: false, message: 'Ask somebody else.' });
});

test('SES-04: what I tell a session goes to its address and comes back as it is then', async () => {
  const desk = await makeDesk();
  const { sequence_number: _number, type: _type, offset: _offset, ...session } = golden('session_status');
  desk.respond = () => jsonResponse({ ...session, sessionId: 'a/b', status: 'paused' });
  assert.deepEqual(await desk.commands.control('a/b', 'pause'), { ok: true, message: null });
  assert.equal(desk.posts()[0].path, '/api/v1/sessions/a%2Fb/pause?as=alice');
  assert.equal(desk.store.getState().sessions['a/b'].status, 'paused');
  desk.respond = () => { throw new TypeError('network'); };
  assert.match((await desk.commands.control('a/b', 'resume')).message, /not known/);
});
