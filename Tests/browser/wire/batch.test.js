import test from 'node:test';
import assert from 'node:assert/strict';
import { initialState } from '../../../Public/core/state.js';
import { reducer } from '../../../Public/core/reducer.js';
import { checkMessage, parseMessage, unpack } from '../../../Public/wire/messages.js';
import { toAction } from '../../../Public/wire/to-action.js';
import { approvalMessage, decidedSignal, golden, makeDecision, makeSignal, signalId, signalMessage } from '../support/messages.js';

const at = Date.parse('2026-01-23T10:31:00.000Z');
const batch = (events) => ({ ...golden('batch_update'), batch_size: events.length, patterns_detected: [], signals_generated: [], events });
const apply = (state, message) => {
  const result = checkMessage(message);
  assert.equal(result.ok, true, result.reason);
  const action = toAction(result.message, at);
  return action === null ? state : reducer(state, action);
};
const each = (events) => events.reduce(apply, initialState);
const joined = (events) => apply(initialState, batch(events));

const events = () => [
  signalMessage('new', makeSignal(1), 11), signalMessage('new', makeSignal(2), 12), golden('pattern_detected'), golden('alert_triggered'),
].map(({ sequence_number: _none, ...event }, index) => ({ ...event, offset: 11 + index }));

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

test('C10: a batch does what its events would have done one by one', () => {
  assert.deepEqual(joined(events()), each(events()));
  assert.equal(joined(events()).connection.offset, 14);
  assert.deepEqual(joined(events()).signals.order, [signalId(2), signalId(1)]);
});

test('REC-11, GAP-16: of a batch that overlaps what is known only the rest is applied', () => {
  const known = each(events().slice(0, 2));
  assert.deepEqual(apply(known, batch(events())), each(events()));
  const all = each(events());
  assert.equal(apply(all, batch(events())), all, 'the same object when nothing is new');
});

test('what follows a batch is applied, and what a batch says of a signal is its newest version', () => {
  const approved = decidedSignal(makeSignal(1), makeDecision());
  const state = apply(joined(events()), approvalMessage(approved, 15));
  assert.equal(state.signals.byId[signalId(1)].status, 'APPROVED_BUY');
  assert.equal(apply(state, batch(events())), state);
});

test('SEC-07: an event that is not understood is dropped and told, the others are not lost', () => {
  const [first, second] = events();
  const bad = [{ ...second, data: { ...second.data, id: 7 } }, null, 5, batch([first]), { ...first, timestamp: 'today' }];
  const result = checkMessage(batch([first, ...bad, { ...events()[3], offset: 20 }]));
  assert.deepEqual([result.ok, result.dropped.length], [true, bad.length]);
  assert.ok(result.dropped.every((reason) => reason.length > 0));
  const state = reducer(initialState, toAction(result.message, at));
  assert.deepEqual(state.signals.order, [signalId(1)]);
  assert.equal(state.connection.offset, 20);
});

test('a type of a later server in a batch moves only the place in the log', () => {
  const later = { type: 'weather:updated', timestamp: '2026-01-23T10:30:00.000Z', offset: 30 };
  const state = joined([...events(), later]);
  assert.equal(state.connection.offset, 30);
  assert.deepEqual(state.signals, each(events()).signals);
});

test('an empty batch changes nothing', () => {
  assert.equal(joined([]), initialState);
});
