import test from 'node:test';
import assert from 'node:assert/strict';
import { createApprovalsApi } from '../../../Public/net/approvals-api.js';
import { createDecisionCommands } from '../../../Public/net/decision-commands.js';
import { createRest } from '../../../Public/net/rest.js';
import { timeOfDay } from '../../../Public/core/clock-text.js';
import { approvalMessage, decidedSignal, makeDecision, makeSignal, nobody, signalId, signalMessage, snapshotBody, timeText } from '../support/messages.js';
import { jsonResponse, liveDesk, problemResponse } from '../support/desk.js';
import { settle } from '../support/virtual-time.js';

const id = signalId(1);
const signal = makeSignal(1);

/** A live desk with one pending signal and commands on it; REST answers are given when the test says so. */
async function makeDeciding({ user } = {}) {
  const desk = await liveDesk({ snapshot: snapshotBody({ signals: [signal], ...(user ? { user } : {}) }) });
  const waiting = [];
  desk.respond = () => new Promise((resolve) => waiting.push(resolve));
  desk.answer = async (response) => {
    waiting.shift()(response);
    await settle();
  };
  let keys = 0;
  const rest = createRest({ ...desk.tools, timeoutMs: 60_000 });
  desk.commands = createDecisionCommands({
    store: desk.store, api: createApprovalsApi(rest), now: desk.time.now, setTimeout: desk.time.setTimeout,
    clearTimeout: desk.time.clearTimeout, randomUUID: () => `key-${(keys += 1)}`,
  });
  desk.posts = () => desk.requests.filter(({ method }) => method === 'POST');
  desk.state = () => desk.store.getState();
  desk.failure = () => desk.state().failures[id]?.message;
  return desk;
}

const mine = (key = 'key-1', changes = {}) => decidedSignal(signal, makeDecision({ id: key, decided_by: 'alice', ...changes }));
const bobs = decidedSignal(signal, makeDecision({ id: 'bobs', outcome: 'rejected', status: null, decided_by: 'bob', reason: 'No volume.' }));
const bobWasFirst = `bob rejected this at ${timeOfDay(Date.parse('2026-01-23T10:31:02.000Z'))}`;
const approve = (desk, decision = { status: 'BUY' }) => desk.commands.approve(id, decision);

test('OPT-01, OPT-06, APR-05: a click shows at once and is sent with its key, note and the version that was seen', async () => {
  const desk = await makeDeciding();
  approve(desk, { status: 'BUY', note: ' Technicals look strong. ' });
  const pending = desk.state().decisions[id];
  assert.deepEqual([pending.decisionId, pending.phase, pending.deadlineAt - pending.startedAt], ['key-1', 'sending', 10_000]);
  const [post] = desk.posts();
  assert.equal(post.path, `/api/v1/signals/${id}/approve?as=alice`);
  assert.equal(post.headers['idempotency-key'], 'key-1');
  assert.deepEqual(JSON.parse(post.body), { status: 'BUY', note: 'Technicals look strong.', version: 1 });
});

test('APR-09: a rejection says why', async () => {
  const desk = await makeDeciding();
  assert.equal((await desk.commands.reject(id, { reason: '  ' })).code, 'reason_required');
  desk.commands.reject(id, { reason: 'Volume too low.', note: null });
  assert.equal(desk.posts()[0].path, `/api/v1/signals/${id}/reject?as=alice`);
  assert.deepEqual(JSON.parse(desk.posts()[0].body), { reason: 'Volume too low.', version: 1 });
});

test('OPT-02, TEST-18, C18: the REST answer confirms, and the message that follows adds no second toast', async () => {
  const desk = await makeDeciding();
  const result = approve(desk);
  await desk.answer(jsonResponse(mine()));
  assert.deepEqual(await result, { ok: true, code: 'confirmed', message: null });
  assert.deepEqual(desk.state().decisions, {});
  assert.equal(desk.state().signals.byId[id].status, 'APPROVED_BUY');
  desk.socket.say(approvalMessage(mine(), 1));
  assert.deepEqual(desk.toastTexts, ['AAPL approved as BUY']);
});

test('OPT-02, C18: the message confirms before the REST answer comes', async () => {
  const desk = await makeDeciding();
  const result = approve(desk);
  desk.socket.say(approvalMessage(mine(), 1));
  assert.deepEqual(desk.state().decisions, {});
  assert.deepEqual(desk.toastTexts, ['AAPL approved as BUY']);
  await desk.answer(jsonResponse(mine()));
  assert.equal((await result).code, 'confirmed');
  assert.deepEqual(desk.toastTexts, ['AAPL approved as BUY']);
});

test('C18: a rejection of mine is recognised by data.decision.id', async () => {
  const desk = await makeDeciding();
  desk.commands.reject(id, { reason: 'Volume too low.' });
  desk.socket.say(signalMessage('rejected', decidedSignal(signal, makeDecision({
    id: 'key-1', outcome: 'rejected', status: null, decided_by: 'alice', reason: 'Volume too low.',
  })), 1));
  assert.deepEqual(desk.state().decisions, {});
  assert.equal(desk.failure(), undefined);
  assert.deepEqual(desk.toastTexts, ['AAPL rejected']);
});

test('GAP-09: somebody else was first, and the card says who and when', async () => {
  const desk = await makeDeciding();
  const result = approve(desk);
  desk.socket.say(signalMessage('rejected', bobs, 1));
  assert.deepEqual(desk.state().decisions, {});
  assert.equal(desk.failure(), bobWasFirst);
  await desk.answer(problemResponse(409, { code: 'already_decided', detail: 'Too late.', signal: bobs }));
  assert.deepEqual(await result, { ok: false, code: 'already_decided', message: bobWasFirst });
});

test('OPT-03, TEST-18: a problem rolls back with its detail and takes the signal it brings', async () => {
  const desk = await makeDeciding();
  const result = approve(desk);
  await desk.answer(problemResponse(409, { code: 'already_decided', detail: 'bob rejected it at 10:31:02.', signal: bobs }));
  assert.deepEqual(await result, { ok: false, code: 'already_decided', message: 'bob rejected it at 10:31:02.' });
  assert.equal(desk.failure(), 'bob rejected it at 10:31:02.');
  assert.equal(desk.state().signals.byId[id].status, 'REJECTED');
});

test('OPT-03: a signal that expired under the click', async () => {
  const desk = await makeDeciding();
  approve(desk);
  desk.socket.say(signalMessage('expired', { ...signal, status: 'EXPIRED', awaiting_approval: false, version: 2, updated_at: timeText(desk.time.now()) }, 1));
  assert.equal(desk.failure(), `This signal expired at ${timeOfDay(desk.time.now())}`);
});

test('a second click while one is in flight is ignored, and sends nothing', async () => {
  const desk = await makeDeciding();
  const first = approve(desk);
  assert.equal((await approve(desk)).code, 'ignored');
  assert.equal((await desk.commands.reject(id, { reason: 'changed my mind' })).code, 'ignored');
  assert.equal(desk.posts().length, 1);
  await desk.answer(jsonResponse(mine()));
  await first;
  assert.equal((await approve(desk)).code, 'not_pending');
});

test('one who has not said who they are is asked, and nothing is sent', async () => {
  const desk = await makeDeciding({ user: nobody });
  assert.equal((await approve(desk)).code, 'identity_required');
  assert.equal(desk.posts().length, 0);
  assert.equal((await makeDeciding().then(({ commands }) => commands.approve(signalId(9), { status: 'BUY' }))).code, 'not_found');
});

test('a request that breaks off is in doubt, not failed: the message may still confirm it', async () => {
  const desk = await makeDeciding();
  const result = approve(desk);
  await desk.answer(new TypeError('network'));
  assert.equal(desk.state().decisions[id].phase, 'unknown');
  desk.socket.say(approvalMessage(mine(), 1));
  await desk.time.advance(10_000);
  assert.equal((await result).code, 'confirmed');
  assert.equal(desk.posts().length, 1);
  assert.equal(desk.failure(), undefined);
});

test("a proxy's 502 is in doubt too", async () => {
  const desk = await makeDeciding();
  approve(desk);
  await desk.answer(new Response('<html>Bad gateway</html>', { status: 502 }));
  assert.equal(desk.state().decisions[id].phase, 'unknown');
});

test('OPT-04, C18: unanswered for 10 s it is rolled back, said, and asked about; it had been recorded', async () => {
  const desk = await makeDeciding();
  const result = approve(desk);
  await desk.time.advance(9_999);
  assert.equal(desk.state().decisions[id].phase, 'sending');
  await desk.time.advance(1);
  assert.deepEqual(desk.state().decisions, {});
  assert.equal(desk.failure(), 'No answer within 10 s. Asking the desk what happened.');
  assert.equal(desk.requests.at(-1).path, `/api/v1/signals/${id}?as=alice`);
  await skipPost(desk);
  await desk.answer(jsonResponse(mine()));
  assert.equal((await result).code, 'confirmed');
  assert.equal(desk.failure(), undefined);
  assert.deepEqual(desk.toastTexts, ['AAPL approved as BUY (confirmed late)']);
});

test('C18: asked about, it turns out that somebody else decided', async () => {
  const desk = await makeDeciding();
  const result = approve(desk);
  await desk.time.advance(10_000);
  await skipPost(desk);
  await desk.answer(jsonResponse(bobs));
  assert.deepEqual(await result, { ok: false, code: 'already_decided', message: bobWasFirst });
  assert.equal(desk.failure(), bobWasFirst);
});

test('C18: asked about, it was not recorded; trying again uses the same key, deciding otherwise another', async () => {
  const desk = await makeDeciding();
  const result = approve(desk);
  await desk.time.advance(10_000);
  assert.equal((await approve(desk)).code, 'ignored', 'not while the desk is being asked');
  await skipPost(desk);
  await desk.answer(jsonResponse(signal));
  assert.equal((await result).code, 'unconfirmed');
  assert.equal(desk.failure(), 'No answer within 10 s. Your decision was not recorded; you can try again.');
  approve(desk);
  assert.equal(desk.failure(), undefined);
  assert.deepEqual(desk.posts().map(({ headers }) => headers['idempotency-key']), ['key-1', 'key-1']);
  const other = await makeDeciding();
  approve(other);
  await other.time.advance(10_000);
  await skipPost(other);
  await other.answer(jsonResponse(signal));
  other.commands.reject(id, { reason: 'no' });
  assert.deepEqual(other.posts().map(({ headers }) => headers['idempotency-key']), ['key-1', 'key-2']);
});

test('C18: when nobody can be asked the card says that nobody knows, and a late message is applied and said', async () => {
  const desk = await makeDeciding();
  const result = approve(desk);
  await desk.time.advance(10_000);
  await skipPost(desk);
  await desk.answer(new TypeError('network'));
  assert.equal((await result).code, 'unconfirmed');
  assert.match(desk.failure(), /may or may not have been recorded/);
  desk.socket.say(approvalMessage(mine(), 1));
  assert.equal(desk.failure(), undefined);
  assert.equal(desk.state().signals.byId[id].status, 'APPROVED_BUY');
  assert.deepEqual(desk.toastTexts, ['AAPL approved as BUY (confirmed late)']);
});

test('C18: a late confirmation that comes with a replay is said too', async () => {
  const desk = await makeDeciding();
  approve(desk);
  desk.socket.drop();
  await desk.time.advance(10_000);
  desk.socket.greet({ offset: 1 });
  desk.socket.say(approvalMessage(mine(), 1));
  desk.socket.resumed(1, 1);
  assert.ok(desk.toastTexts.includes('AAPL approved as BUY (confirmed late)'), desk.toastTexts.join());
});

test('C18: a REST answer after the deadline is still welcome', async () => {
  const desk = await makeDeciding();
  approve(desk);
  await desk.time.advance(10_000);
  await desk.answer(jsonResponse(mine()));
  assert.equal(desk.failure(), undefined);
  assert.equal(desk.state().signals.byId[id].status, 'APPROVED_BUY');
});

/** The request itself never gets an answer; the next one in line is the question. */
async function skipPost(desk) {
  const unanswered = new Promise(() => {});
  await desk.answer(unanswered);
}

test('issue 5: an approval says which terms were on the screen, not which version, and which price was taken', async () => {
  const desk = await makeDeciding();
  desk.commands.approve(id, { status: 'BUY', terms: 'a'.repeat(64), acceptedPrice: '150.60' });
  assert.deepEqual(JSON.parse(desk.posts()[0].body), { status: 'BUY', terms: 'a'.repeat(64), accepted_price: '150.60' });
});

test('issue 5, Terms: terms that have changed roll back, with the differences and the signal as it is now', async () => {
  const desk = await makeDeciding();
  const result = approve(desk, { status: 'BUY', terms: signal.terms });
  const amended = { ...signal, version: 2, terms: 'b'.repeat(64), stop_loss: '149.10' };
  const differences = [{ field: 'stop_loss', was: '149.50', is: '149.10' }];
  await desk.answer(problemResponse(409, { code: 'terms_changed', detail: 'Look again.', differences, signal: amended }));
  assert.deepEqual(await result, { ok: false, code: 'terms_changed', message: 'Look again.', differences });
  assert.equal(desk.state().signals.byId[id].stop_loss, '149.10');
  assert.equal(desk.state().shownFirst[id].stop_loss, '149.50');
  assert.deepEqual(desk.state().decisions, {});
});
