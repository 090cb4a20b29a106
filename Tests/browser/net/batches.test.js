// A batch is unpacked where the page catches up (GAP-16): what a page shows after it, over the whole way from the frame.

import test from 'node:test';
import assert from 'node:assert/strict';
import { checkMessage, parseMessage, unpack } from '../../../Public/wire/messages.js';
import { liveDesk } from '../support/desk.js';
import { approvalMessage, decidedSignal, golden, makeDecision, makeSignal, signalId, signalMessage } from '../support/messages.js';

const batch = (events) => ({ ...golden('batch_update'), batch_size: events.length, patterns_detected: [], signals_generated: [], events });

const events = () => [
  signalMessage('new', makeSignal(1), 11), signalMessage('new', makeSignal(2), 12), golden('pattern_detected'), golden('alert_triggered'),
].map(({ sequence_number: _none, ...event }, index) => ({ ...event, offset: 11 + index }));

/** A live page that has heard these. */
async function pageThatHeard(...messages) {
  const desk = await liveDesk();
  for (const message of messages) desk.socket.say(message);
  return desk;
}

/** What a page shows, whatever brought it there. */
function shown(desk) {
  const { connection: { offset }, signals, patterns, notifications, announced } = desk.store.getState();
  return { offset, signals, patterns, notifications, announced };
}

test('MSG-09: the golden batch_update is its three events, and they carry no number', () => {
  const { message } = parseMessage(JSON.stringify(golden('batch_update')));
  assert.deepEqual(unpack(message).map(({ type, offset }) => [type, offset]), [['signal:new', 4711], ['pattern_detected', 4718], ['alert_triggered', 4721]]);
  assert.ok(unpack(message).every((event) => event.sequence_number === undefined));
  assert.equal(message.batch_size, 3);
});

test('any other message is itself', () => {
  const message = golden('signal-new');
  assert.deepEqual(unpack(message), [message]);
});

test('C10: a batch does what its events would have done one by one', async () => {
  const joined = await pageThatHeard(batch(events()));
  assert.deepEqual(shown(joined), shown(await pageThatHeard(...events())));
  assert.equal(joined.shown.offset, 14);
  assert.deepEqual(joined.store.getState().signals.order, [signalId(2), signalId(1)]);
});

test('REC-11, GAP-16: of a batch that overlaps what is known only the rest is applied', async () => {
  const all = shown(await pageThatHeard(...events()));
  assert.deepEqual(shown(await pageThatHeard(...events().slice(0, 2), batch(events()))), all);
  assert.deepEqual(shown(await pageThatHeard(...events(), batch(events()))), all);
});

test('what follows a batch is applied, and what a batch says of a signal is its newest version', async () => {
  const approved = decidedSignal(makeSignal(1), makeDecision());
  const desk = await pageThatHeard(batch(events()), approvalMessage(approved, 15), batch(events()));
  assert.equal(desk.store.getState().signals.byId[signalId(1)].status, 'APPROVED_BUY');
  assert.equal(desk.shown.offset, 15);
});

test('SEC-07: an event that is not understood is dropped and told, the others are not lost', async () => {
  const [first, second] = events();
  const bad = [{ ...second, data: { ...second.data, id: 7 } }, null, 5, batch([first]), { ...first, timestamp: 'today' }];
  const message = batch([first, ...bad, { ...events()[3], offset: 20 }]);
  const result = checkMessage(message);
  assert.deepEqual([result.ok, result.dropped.length], [true, bad.length]);
  assert.ok(result.dropped.every((reason) => reason.length > 0));
  const desk = await pageThatHeard(message);
  assert.deepEqual(desk.store.getState().signals.order, [signalId(1)]);
  assert.equal(desk.shown.offset, 20);
  assert.equal(desk.log.filter(({ details }) => details?.reasons?.length === bad.length).length, 1);
});

test('a type of a later server in a batch moves only the place in the log', async () => {
  const later = { type: 'weather:updated', timestamp: '2026-01-23T10:30:00.000Z', offset: 30 };
  const desk = await pageThatHeard(batch([...events(), later]));
  assert.equal(desk.shown.offset, 30);
  assert.deepEqual({ ...shown(desk), offset: 14 }, shown(await pageThatHeard(...events())));
});

test('an empty batch changes nothing', async () => {
  assert.deepEqual(shown(await pageThatHeard(batch([]))), shown(await pageThatHeard()));
});
