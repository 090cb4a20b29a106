import test from 'node:test';
import assert from 'node:assert/strict';
import { reminded, signalRead } from '../../../Public/core/actions.js';
import { reducer } from '../../../Public/core/reducer.js';
import { dueReminders } from '../../../Public/core/reminders.js';
import { selectCanExtend } from '../../../Public/core/selectors.js';
import { initialState } from '../../../Public/core/state.js';
import { makeSignal, signalId, timeText } from '../support/messages.js';

const now = Date.parse('2026-01-23T10:30:00.000Z');
const expiring = (number, inMs, changes = {}) => makeSignal(number, { expires_at: timeText(now + inMs), ...changes });
const stateWith = (...signals) => signals.reduce((state, signal) => reducer(state, signalRead(signal, now)), initialState);
const texts = (state) => state.toasts.shown.map(({ text }) => text);

test('APR-13: what expires within a minute is reminded of, once in this tab', () => {
  const state = stateWith(expiring(1, 59_000), expiring(2, 61_000), expiring(3, -1), makeSignal(4, { expires_at: null }));
  assert.deepEqual(dueReminders(state, now), [signalId(1)]);
  const told = reducer(state, reminded(dueReminders(state, now), now));
  assert.deepEqual(texts(told), ['AAPL expires in 59 s']);
  assert.deepEqual(dueReminders(told, now), []);
  assert.deepEqual(dueReminders(told, now + 2_000), [signalId(2)]);
});

test('APR-13: more time is no second reminder', () => {
  const state = stateWith(expiring(1, 10_000));
  const told = reducer(state, reminded([signalId(1)], now));
  const extended = reducer(told, signalRead(expiring(1, 310_000, { version: 2 }), now));
  assert.deepEqual(dueReminders(extended, now + 300_000), []);
});

test('APR-13: the server\'s clock counts, and a desk may be set not to remind', () => {
  const state = stateWith(expiring(1, 59_000));
  assert.deepEqual(dueReminders({ ...state, serverAheadMs: -60_000 }, now), []);
  assert.deepEqual(dueReminders({ ...state, serverAheadMs: -60_000 }, now + 60_000), [signalId(1)]);
  assert.deepEqual(dueReminders({ ...state, settings: { ...state.settings, expiry_reminder_ms: 0 } }, now), []);
});

test('C16: many at once are one toast', () => {
  const state = stateWith(...[1, 2, 3, 4].map((number) => expiring(number, 30_000, { symbol: `S${number}` })));
  const told = reducer(state, reminded(dueReminders(state, now), now));
  assert.deepEqual(texts(told), ['4 signals expire soon']);
});

test('APR-13: more time is offered as long as the desk gives any', () => {
  const extended = (times, minutes) => expiring(1, 1_000, { extended: { extended_by: 'bo', extended_at: timeText(now), times, minutes } });
  assert.equal(selectCanExtend(initialState, expiring(1, 1_000)), true);
  assert.equal(selectCanExtend(initialState, extended(2, 10)), true);
  assert.equal(selectCanExtend(initialState, extended(3, 15)), false);
  assert.equal(selectCanExtend(initialState, extended(1, 26)), false);
  assert.equal(selectCanExtend(initialState, makeSignal(1, { expires_at: null })), false);
  assert.equal(selectCanExtend(initialState, { ...expiring(1, 1_000), awaiting_approval: false }), false);
});
