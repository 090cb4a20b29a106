import test from 'node:test';
import assert from 'node:assert/strict';
import { freshAcknowledgement, makeDue, sayIfDue, unwanted } from '../../../Public/net/acknowledgement.js';
import { approvalMessage, decidedSignal, golden, makeDecision, makeSignal, signalMessage, snapshotBody } from '../support/messages.js';
import { jsonResponse, liveDesk, makeDesk, problemResponse } from '../support/desk.js';
import { settle } from '../support/virtual-time.js';

const at = (now, changes = {}) => ({ now, named: true, messagesPerMinuteMax: 100, ...changes });
const approval = (number, offset = number) => approvalMessage(decidedSignal(makeSignal(number), makeDecision({ id: `d-${number}` })), offset);
const riskAlert = (alertLevel, offset) => ({ ...golden('risk_alert'), alertLevel, offset });

/** A page that polls, as where nothing else gets through. */
async function pollingDesk(options = {}) {
  const desk = makeDesk(options);
  desk.connection.connect();
  await settle();
  for (let round = 0; round < 60 && !(desk.shown.transport === 'polling' && desk.shown.status === 'live'); round += 1) {
    for (const stream of [...desk.sockets, ...desk.streams]) if (!stream.closed) stream.drop();
    await desk.time.advance(500);
  }
  return desk;
}

const posted = (desk) => desk.requests.filter(({ path }) => path.startsWith('/api/v1/acks')).map(({ path, body }) => [path, JSON.parse(body)]);

test('nothing is said when nothing is due, nobody has a name, or the server does not want it', () => {
  const fresh = freshAcknowledgement(0);
  assert.equal(sayIfDue(fresh, at(0)).now, false);
  assert.equal(sayIfDue(makeDue(fresh), at(0, { named: false })).now, false);
  assert.equal(sayIfDue(unwanted(makeDue(fresh)), at(0)).now, false);
  assert.equal(sayIfDue(makeDue(fresh), at(0)).now, true);
});

test('however much is critical, acknowledging leaves a minute\'s messages for the trader', () => {
  let acknowledgement = freshAcknowledgement(0);
  let said = 0;
  let waits = 0;
  for (let now = 0; now < 60_000; now += 100) {
    const step = sayIfDue(makeDue(acknowledgement), at(now));
    acknowledgement = step.acknowledgement;
    said += step.now ? 1 : 0;
    waits += step.waitMs === null ? 0 : 1;
  }
  assert.ok(said >= 50 && said <= 76, `${said}`);
  assert.ok(waits > 0, 'and what has to wait has its time');
});

test('DLV-05: critical messages are acknowledged once applied, the others are not', async () => {
  const desk = await liveDesk();
  assert.deepEqual(desk.socket.acknowledged, [0], 'where the page stands after resuming');
  desk.socket.say(signalMessage('new', makeSignal(1), 1));
  desk.socket.say(riskAlert('warning', 2));
  assert.deepEqual(desk.socket.acknowledged, [0]);
  desk.socket.say(approval(1, 3));
  desk.socket.say(riskAlert('critical', 4));
  desk.socket.say(riskAlert('emergency', 5));
  desk.socket.say({ ...golden('signal_approved'), offset: 6 });
  assert.deepEqual(desk.socket.acknowledged, [0, 3, 4, 5, 6]);
});

test('DLV-02: what comes again under its old offset is dropped and acknowledged again', async () => {
  const desk = await liveDesk();
  desk.socket.say(signalMessage('new', makeSignal(1), 1));
  desk.socket.say(approval(1, 2));
  desk.socket.say(signalMessage('new', makeSignal(3), 3));
  desk.socket.say(approval(1, 2));
  assert.deepEqual(desk.socket.acknowledged, [0, 2, 3], 'by the place, which is cumulative');
  assert.equal(desk.store.getState().notifications.filter(({ kind }) => kind === 'approval_notification').length, 1);
});

test('a replay is acknowledged once, at its end; a reload, where it led to', async () => {
  const desk = await liveDesk();
  desk.socket.drop();
  await desk.time.advance(1_000);
  desk.socket.greet({ offset: 3 });
  for (const offset of [1, 2, 3]) desk.socket.say(riskAlert('critical', offset));
  assert.deepEqual(desk.socket.acknowledged, []);
  desk.socket.resumed(3, 3);
  assert.deepEqual(desk.socket.acknowledged, [3]);
  desk.respond = () => jsonResponse(snapshotBody({ offset: 50 }));
  desk.socket.tooOld('too_many', 50);
  desk.socket.say(riskAlert('critical', 51));
  await settle();
  assert.deepEqual(desk.socket.acknowledged, [3, 51]);
});

test('a server that does not know of acknowledging is left in peace until the next connection', async () => {
  const desk = await liveDesk();
  desk.socket.say({ type: 'error', error: 'Unknown message type: ack', code: 'unknown_type', data: null });
  desk.socket.say(riskAlert('critical', 1));
  assert.deepEqual(desk.socket.acknowledged, [0]);
  desk.socket.drop();
  await desk.time.advance(1_000);
  desk.socket.greet({ offset: 1 });
  desk.socket.resumed(0, 1);
  assert.deepEqual(desk.socket.acknowledged, [1]);
});

test('only who has a name acknowledges, and only who acknowledges asks for it', async () => {
  const desk = await liveDesk({ name: null, snapshot: snapshotBody({ user: { name: null, role: 'viewer', named: false } }) });
  desk.socket.say(riskAlert('critical', 1));
  assert.deepEqual(desk.socket.acknowledged, []);
  assert.equal(desk.socket.url.searchParams.has('ack'), false);
});

test('C20: while polling it goes by REST', async () => {
  const desk = await pollingDesk();
  assert.deepEqual(posted(desk), [['/api/v1/acks?as=alice', { offset: 0, connection_id: null }]]);
  desk.respondEvents = (path) => jsonResponse({
    epoch: 'E1', events: path.includes('after=0') ? [riskAlert('critical', 1)] : [], offset: 1, oldest: 1, has_more: false,
  });
  await desk.time.advance(5_000);
  assert.deepEqual(posted(desk).at(-1), ['/api/v1/acks?as=alice', { offset: 1, connection_id: null }]);
});

test('a lost acknowledgement is said again, a refused one is not', async () => {
  const desk = await pollingDesk();
  const before = posted(desk).length;
  let offset = 0;
  desk.respondEvents = () => jsonResponse({ epoch: 'E1', events: [riskAlert('critical', (offset += 1))], offset, oldest: 1, has_more: false });
  desk.respondAcks = () => new TypeError('network');
  await desk.time.advance(5_000);
  desk.respondEvents = () => jsonResponse({ epoch: 'E1', events: [], offset, oldest: 1, has_more: false });
  desk.respondAcks = () => problemResponse(404, { code: 'not_found' });
  await desk.time.advance(6_000);
  assert.equal(posted(desk).length, before + 2);
  desk.respondEvents = () => jsonResponse({ epoch: 'E1', events: [riskAlert('critical', (offset += 1))], offset, oldest: 1, has_more: false });
  await desk.time.advance(20_000);
  assert.equal(posted(desk).length, before + 2);
});
