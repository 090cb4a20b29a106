import test from 'node:test';
import assert from 'node:assert/strict';
import { createApprovalsApi } from '../../../Public/net/approvals-api.js';
import { createBulkCommand } from '../../../Public/net/bulk-commands.js';
import { createRest } from '../../../Public/net/rest.js';
import { forApproval, forRejection, signalLine } from '../../../Public/view/bulk.js';
import { signalRead } from '../../../Public/core/actions.js';
import { rangeOf } from '../../../Public/view/arrangement.js';
import { decidedSignal, makeDecision, makeSignal, signalId, snapshotBody } from '../support/messages.js';
import { jsonResponse, liveDesk, problemResponse } from '../support/desk.js';

const signals = [makeSignal(1), makeSignal(2, { symbol: 'MSFT' })];
const [one, other] = signals.map(({ id }) => id);
const mine = decidedSignal(signals[0], makeDecision({ id: 'key-1', decided_by: 'alice' }));
const bobs = decidedSignal(signals[1], makeDecision({ id: 'b', outcome: 'rejected', status: null, decided_by: 'bob', reason: 'No.' }));
const both = [{ signalId: one, action: 'approve', status: 'BUY', terms: signals[0].terms }, { signalId: other, action: 'reject', reason: 'Stale price', note: null }];

async function makeBulk() {
  const desk = await liveDesk({ snapshot: snapshotBody({ signals }) });
  let keys = 0;
  desk.decideAll = createBulkCommand({
    store: desk.store, api: createApprovalsApi(createRest({ ...desk.tools, timeoutMs: 60_000 })), now: desk.time.now,
    randomUUID: () => `key-${(keys += 1)}`,
  });
  desk.posts = () => desk.requests.filter(({ method }) => method === 'POST');
  desk.state = () => desk.store.getState();
  return desk;
}

test('GAP-02: each decision goes out with its own id and what was seen of it, and has an outcome of its own', async () => {
  const desk = await makeBulk();
  desk.respond = () => jsonResponse({
    done: 1, refused: 1, outcomes: [
      { signal_id: one, decision_id: 'key-1', status: 200, signal: mine, problem: null },
      { signal_id: other, decision_id: 'key-2', status: 409, signal: null, problem: { detail: 'bob decided first.', signal: bobs } },
    ],
  }, 207);
  const running = desk.decideAll(both);
  assert.deepEqual(Object.values(desk.state().decisions).map(({ phase }) => phase), ['sending', 'sending']);
  assert.deepEqual(await running, [
    { signalId: one, symbol: 'AAPL', ok: true, text: 'Approved BUY' },
    { signalId: other, symbol: 'MSFT', ok: false, text: 'bob decided first.' },
  ]);
  const [post] = desk.posts();
  assert.equal(post.path, '/api/v1/decisions/bulk?as=alice');
  assert.deepEqual(JSON.parse(post.body), { items: [
    { signal_id: one, action: 'approve', decision_id: 'key-1', terms: signals[0].terms, status: 'BUY' },
    { signal_id: other, action: 'reject', decision_id: 'key-2', version: 1, reason: 'Stale price' },
  ] });
  assert.deepEqual(desk.state().decisions, {});
  assert.equal(desk.state().signals.byId[one].status, 'APPROVED_BUY');
  assert.equal(desk.state().signals.byId[other].status, 'REJECTED');
  assert.equal(desk.state().failures[other].message, 'bob decided first.');
});

test('GAP-06: an approval that others have to follow says how far it is', async () => {
  const desk = await makeBulk();
  const signOff = { id: 'key-1', user: 'alice', role: 'trader', status: 'BUY', at: signals[0].received_at, note: null, needed: 2 };
  desk.respond = () => jsonResponse({ outcomes: [
    { signal_id: one, decision_id: 'key-1', status: 200, signal: { ...signals[0], version: 2, sign_offs: [signOff] }, problem: null }] }, 207);
  assert.deepEqual(await desk.decideAll([both[0]]), [{ signalId: one, symbol: 'AAPL', ok: true, text: 'Approved by 1 of 2, waits for the others' }]);
  assert.deepEqual(desk.state().decisions, {});
});

test('GAP-09: a refused request decides nothing, and every card says why', async () => {
  const desk = await makeBulk();
  desk.respond = () => problemResponse(400, { code: 'invalid_request', detail: 'The body has 1 fault.' });
  assert.deepEqual((await desk.decideAll(both)).map(({ ok, text }) => [ok, text]), [[false, 'The body has 1 fault.'], [false, 'The body has 1 fault.']]);
  assert.deepEqual(desk.state().decisions, {});
  assert.equal(Object.keys(desk.state().failures).length, 2);
});

test('C18: without an answer it is asked once more under the same ids, and what nobody knows is said and kept in mind', async () => {
  const desk = await makeBulk();
  desk.respond = () => new TypeError('network');
  const outcomes = await desk.decideAll(both);
  assert.deepEqual(outcomes.map(({ ok }) => ok), [false, false]);
  const [first, again] = desk.posts();
  assert.equal(first.body, again.body);
  assert.deepEqual(desk.state().late, { [one]: 'key-1', [other]: 'key-2' });
});

test('GAP-09: what somebody decided while the question stood on the screen is not sent, and told', async () => {
  const desk = await makeBulk();
  desk.store.dispatch(signalRead(bobs, 0));
  const [{ symbol, ok, text }] = await desk.decideAll([both[1]]);
  assert.deepEqual([symbol, ok], ['MSFT', false]);
  assert.match(text, /^bob rejected this at /);
  assert.deepEqual(await desk.decideAll([{ signalId: signalId(9), action: 'approve', status: 'BUY' }]), []);
  assert.deepEqual(desk.posts(), []);
});

test('only what has a side is approved together, and no more than one request may carry', () => {
  const unsided = makeSignal(3, { symbol: 'TSLA', side: 'NEUTRAL' });
  const { taken, left } = forApproval([unsided, ...signals], 1);
  assert.deepEqual(taken.map(({ id }) => id), [one]);
  assert.deepEqual(left.map(({ symbol }) => symbol), ['TSLA', 'MSFT']);
  assert.deepEqual(forRejection([unsided, ...signals], 2).left.map(({ symbol }) => symbol), ['MSFT']);
  assert.equal(signalLine(signals[0]), 'AAPL BUY · 100 at 150.25 · risk 75.00');
});

test('a Shift-click ticks all from the card that was ticked last', () => {
  const shown = ['a', 'b', 'c', 'd'];
  assert.deepEqual(rangeOf(shown, 'b', 'd'), ['b', 'c', 'd']);
  assert.deepEqual(rangeOf(shown, 'd', 'b'), ['b', 'c', 'd']);
  assert.deepEqual(rangeOf(shown, null, 'c'), ['c']);
  assert.deepEqual(rangeOf(shown, 'gone', 'c'), ['c']);
});
