import test from 'node:test';
import assert from 'node:assert/strict';
import { createApprovalsApi } from '../../../Public/net/approvals-api.js';
import { createUndoCommands } from '../../../Public/net/undo-commands.js';
import { createRest } from '../../../Public/net/rest.js';
import { identified } from '../../../Public/core/actions.js';
import { selectLastUndoable, selectUndoLeftMs } from '../../../Public/core/selectors.js';
import { decidedSignal, makeDecision, makeSignal, signalId, signalMessage, snapshotBody, timeText } from '../support/messages.js';
import { jsonResponse, liveDesk, problemResponse } from '../support/desk.js';

const id = signalId(1);
const pending = makeSignal(1);
const approved = decidedSignal(pending, makeDecision({ id: 'ann-1', decided_by: 'ann' }));
const undone = {
  ...pending, version: 3, undone: {
    id: 'key-1', undone_by: 'bo', undone_at: '2026-01-23T10:31:04.000Z', approved_status: 'BUY', approved_by: 'ann', approved_at: '2026-01-23T10:31:02.000Z',
  },
};

async function makeUndoing(signal = approved) {
  const desk = await liveDesk({ snapshot: snapshotBody({ signals: [signal] }) });
  let keys = 0;
  desk.commands = createUndoCommands({
    store: desk.store, api: createApprovalsApi(createRest({ ...desk.tools, timeoutMs: 60_000 })), now: desk.time.now,
    randomUUID: () => `key-${(keys += 1)}`,
  });
  desk.posts = () => desk.requests.filter(({ method }) => method === 'POST');
  desk.signal = () => desk.store.getState().signals.byId[id];
  return desk;
}

test('C4, GAP-02: undoing names the version that was seen, under a key of its own, and the signal waits again', async () => {
  const desk = await makeUndoing();
  desk.respond = () => jsonResponse(undone);
  const running = desk.commands.undo(id);
  assert.equal(desk.store.getState().undoing[id], true);
  assert.deepEqual(await desk.commands.undo(id), { ok: false, message: null }, 'a second click is none');
  assert.deepEqual(await running, { ok: true, message: null });
  const [post] = desk.posts();
  assert.equal(post.path, `/api/v1/signals/${id}/undo?as=alice`);
  assert.equal(post.headers['idempotency-key'], 'key-1');
  assert.deepEqual(JSON.parse(post.body), { version: 2 });
  assert.equal(desk.signal().awaiting_approval, true);
  assert.equal(desk.store.getState().undoing[id], undefined);
});

test('GAP-09: too late is said with the words of the desk, and the signal shown as it is', async () => {
  const desk = await makeUndoing();
  const released = { ...approved, version: 3, released_at: '2026-01-23T10:31:07.000Z' };
  desk.respond = () => problemResponse(409, { code: 'undo_window_over', detail: 'It has left.', signal: released });
  assert.deepEqual(await desk.commands.undo(id), { ok: false, message: 'It has left.' });
  assert.equal(desk.signal().released_at, released.released_at);
});

test('C18: without an answer it is asked once more under the same key, and then said that nobody knows', async () => {
  const desk = await makeUndoing();
  desk.respond = () => new TypeError('network');
  const { ok, message } = await desk.commands.undo(id);
  assert.equal(ok, false);
  assert.match(message, /not known whether the approval of AAPL was undone/);
  assert.deepEqual(desk.posts().map(({ headers }) => headers['idempotency-key']), ['key-1', 'key-1']);
});

test('APR-13: more time is asked for in the same way', async () => {
  const desk = await makeUndoing(pending);
  desk.respond = () => jsonResponse({ ...pending, version: 2, expires_at: '2026-01-23T10:40:00.000Z' });
  assert.equal((await desk.commands.extend(id)).ok, true);
  assert.equal(desk.posts()[0].path, `/api/v1/signals/${id}/extend?as=alice`);
  assert.equal(desk.signal().expires_at, '2026-01-23T10:40:00.000Z');
});

test('C4: every tab counts the same seconds, whatever its own clock says', async () => {
  const desk = await makeUndoing();
  const state = desk.store.getState();
  const decidedAt = Date.parse(approved.decision.decided_at);
  for (const serverAheadMs of [0, 3_600_000, -90_000]) {
    const skewed = { ...state, serverAheadMs };
    const browserNow = decidedAt - serverAheadMs;
    assert.equal(selectUndoLeftMs(skewed, approved, browserNow + 1_500), 3_500);
    assert.equal(selectUndoLeftMs(skewed, approved, browserNow + 5_001), 0);
    assert.equal(selectUndoLeftMs(skewed, approved, browserNow - 60_000), 5_000, 'never more than the whole window');
    assert.equal(selectLastUndoable(skewed, browserNow + 1_500), id);
    assert.equal(selectLastUndoable(skewed, browserNow + 5_001), null);
  }
  assert.equal(selectUndoLeftMs(state, { ...approved, released_at: timeText(decidedAt + 5_000) }, decidedAt), null);
  assert.equal(selectUndoLeftMs(state, pending, decidedAt), null);
});

test('C4: the difference between the clocks is learned from the snapshot', async () => {
  const desk = await liveDesk({ snapshot: snapshotBody({ server_time: '2026-01-23T10:30:00.000Z' }) });
  desk.store.dispatch(identified(desk.store.getState().me, desk.store.getState().settings));
  const ahead = desk.store.getState().serverAheadMs;
  desk.store.dispatch(identified(desk.store.getState().me, desk.store.getState().settings, 5));
  assert.equal(desk.store.getState().serverAheadMs, 5);
  assert.equal(ahead, Date.parse('2026-01-23T10:30:00.000Z') - desk.time.now());
});

test('C4, APR-16: everybody is told who undid whose approval, once', async () => {
  const desk = await makeUndoing();
  desk.socket.say({ ...signalMessage('undone', undone, 1), timestamp: undone.undone.undone_at });
  assert.deepEqual(desk.toastTexts, ["bo undid ann's approval of AAPL"]);
  assert.equal(desk.signal().awaiting_approval, true);
});
