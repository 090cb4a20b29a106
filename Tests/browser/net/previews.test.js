import test from 'node:test';
import assert from 'node:assert/strict';
import { createApprovalsApi } from '../../../Public/net/approvals-api.js';
import { askIntervalMs, askSpreadMs, keepPreviews } from '../../../Public/net/previews.js';
import { createRest } from '../../../Public/net/rest.js';
import { golden, makeSignal, signalMessage, snapshotBody } from '../support/messages.js';
import { jsonResponse, liveDesk } from '../support/desk.js';

const signal = makeSignal(1);
const use = { before: '62', after: '71', crosses: ['70'] };
const preview = {
  signal_id: signal.id, terms: signal.terms, risk_amount: null, risk_percentage: null, heat: use, campaign_id: null, campaign: null,
  sessions: [], drift: null,
};

async function makeDesk({ signals = [signal], hidden = false } = {}) {
  const desk = await liveDesk({ snapshot: snapshotBody({ signals }) });
  desk.respond = () => jsonResponse({ previews: [preview] });
  desk.hidden = hidden;
  desk.previews = keepPreviews({
    store: desk.store, api: createApprovalsApi(createRest({ ...desk.tools, timeoutMs: 60_000 })), now: desk.time.now,
    setTimeout: desk.time.setTimeout, random: () => 0.5, isHidden: () => desk.hidden,
  });
  desk.asked = () => desk.requests.filter(({ path }) => path.startsWith('/api/v1/previews')).length;
  return desk;
}

const heat = (offset, total) => {
  const message = { ...golden('portfolio-updated'), offset };
  return { ...message, data: { ...message.data, total_heat: total } };
};

test('issue 5, part 7: previews are asked for once the desk is live, and shown', async () => {
  const desk = await makeDesk();
  desk.previews.check();
  await desk.time.advance(askSpreadMs);
  assert.equal(desk.asked(), 1);
  assert.deepEqual(desk.store.getState().previews[signal.id], preview);
  await desk.time.advance(60_000 / 6);
  assert.equal(desk.asked(), 1, 'nothing has changed');
});

test('issue 5, part 7: however much changes, a tab asks once in so long, and again at the end', async () => {
  const desk = await makeDesk();
  desk.previews.check();
  await desk.time.advance(askSpreadMs);
  for (let offset = 1; offset <= 10; offset += 1) {
    desk.socket.say(heat(offset, String(60 + offset)));
    await desk.time.advance(100);
  }
  assert.equal(desk.asked(), 1);
  await desk.time.advance(askIntervalMs + askSpreadMs);
  assert.equal(desk.asked(), 2);
  await desk.time.advance(askIntervalMs * 3);
  assert.equal(desk.asked(), 2);
});

test('issue 5, part 7: nobody asks while nothing waits, while the page is hidden, or while it is cut off', async () => {
  const none = await makeDesk({ signals: [] });
  none.previews.check();
  await none.time.advance(askIntervalMs);
  assert.equal(none.asked(), 0);
  none.socket.say(signalMessage('new', signal, 1));
  await none.time.advance(askIntervalMs);
  assert.equal(none.asked(), 1);

  const hidden = await makeDesk({ hidden: true });
  hidden.previews.check();
  await hidden.time.advance(askIntervalMs);
  assert.equal(hidden.asked(), 0);
  hidden.hidden = false;
  hidden.previews.check();
  await hidden.time.advance(askIntervalMs);
  assert.equal(hidden.asked(), 1);
});
