import test from 'node:test';
import assert from 'node:assert/strict';
import { describeConnection } from '../../../Public/core/indicator.js';
import { selectPricesMove } from '../../../Public/core/selectors.js';
import { initialState } from '../../../Public/core/state.js';

const shown = (changes, now = 0) => describeConnection({ ...initialState.connection, ...changes }, now);

test('IND-02, IND-03, TEST-20, C20: every status and way has its tone, icon and documented text', () => {
  const cases = [
    ['live', {}, 'good', 'check', 'Live', false],
    ['live', { transport: 'events' }, 'good', 'check', 'Live (events)', false],
    ['live', { transport: 'polling' }, 'busy', 'clock', 'Polling every 5 s', false],
    ['connecting', {}, 'busy', 'spinner', 'Connecting...', true],
    ['catching-up', {}, 'busy', 'spinner', 'Catching up...', true],
    ['reconnecting', { attempt: 3 }, 'busy', 'spinner', 'Reconnecting (attempt 3/10)', true],
    ['disconnected', {}, 'bad', 'cross', 'Disconnected', false],
  ];
  for (const [status, changes, tone, icon, text, pulsing] of cases) {
    const { tone: t, icon: i, text: x, pulsing: p } = shown({ status, ...changes });
    assert.deepEqual([t, i, x, p], [tone, icon, text, pulsing]);
  }
});

test('IND-05: the countdown counts whole seconds down and never below zero', () => {
  assert.equal(shown({ status: 'reconnecting', retryAt: 8_000 }, 0).countdown, 'Retrying in 8s...');
  assert.equal(shown({ status: 'reconnecting', retryAt: 8_000 }, 7_001).countdown, 'Retrying in 1s...');
  assert.equal(shown({ status: 'reconnecting', retryAt: 8_000 }, 9_000).countdown, 'Retrying in 0s...');
  assert.equal(shown({ status: 'live', retryAt: null }, 0).countdown, null);
});

test('IND-06, REC-08: reconnecting by hand is offered when it would change something', () => {
  assert.equal(shown({ status: 'disconnected' }).canReconnect, true);
  assert.equal(shown({ status: 'reconnecting', retryAt: 5 }).canReconnect, true);
  assert.equal(shown({ status: 'reconnecting' }).canReconnect, false);
  assert.equal(shown({ status: 'live' }).canReconnect, false);
});

test('IND-04: the tooltip tells connection, last message and number, and what is wrong', () => {
  const plain = Object.fromEntries(shown({ status: 'live', connectionId: 'c-1', lastMessageAt: 0, lastSequenceNumber: 7 }).tooltip);
  assert.deepEqual(Object.keys(plain), ['Way', 'Connection', 'Last message', 'Sequence number']);
  assert.equal(plain.Connection, 'c-1');
  assert.equal(plain['Sequence number'], '7');
  const troubled = Object.fromEntries(shown({ error: 'Gone', invalidMessages: 2, catchUp: { kind: 'resumed', replayed: 37, at: 0, quiet: false } }).tooltip);
  assert.equal(troubled.Problem, 'Gone');
  assert.equal(troubled['Unreadable messages'], '2');
  assert.match(troubled['Caught up'], /^37 at /);
});

test('C20: prices are live only on a live stream', () => {
  const move = (changes) => selectPricesMove({ ...initialState, connection: { ...initialState.connection, ...changes } });
  assert.equal(move({ status: 'live', transport: 'websocket' }), true);
  assert.equal(move({ status: 'live', transport: 'events' }), true);
  assert.equal(move({ status: 'live', transport: 'polling' }), false);
  assert.equal(move({ status: 'reconnecting', transport: 'websocket' }), false);
});
