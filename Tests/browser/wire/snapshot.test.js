import test from 'node:test';
import assert from 'node:assert/strict';
import { readSignal, readSnapshot } from '../../../Public/wire/snapshot.js';
import { golden, makeSignal, snapshotBody } from '../support/messages.js';

const noNumber = (name) => {
  const { sequence_number: _number, ...message } = golden(name);
  return message;
};

test('REC-15: a full snapshot is read', () => {
  const { type: _type, ...session } = noNumber('session_status');
  const result = readSnapshot(snapshotBody({
    signals: [makeSignal(1)],
    portfolio: golden('portfolio-updated').data,
    campaigns: [golden('campaign-updated').data],
    patterns: [golden('pattern_detected').data],
    sessions: [session],
    prices: [{ symbol: 'AAPL', ...golden('price_update').data }],
    notifications: [noNumber('risk_alert'), noNumber('alert_triggered'), noNumber('notification')],
  }));
  assert.equal(result.ok, true, result.reason);
  assert.deepEqual(result.dropped, []);
  assert.deepEqual(result.snapshot.notices.map(({ severity }) => severity), ['critical', 'info', 'success']);
  assert.equal(result.snapshot.sessions[0].sessionId, 'session-1');
});

test('SEC-07: one unreadable signal costs that signal, not the page', () => {
  const result = readSnapshot(snapshotBody({ signals: [makeSignal(1), { ...makeSignal(2), entry_price: 5 }] }));
  assert.equal(result.snapshot.signals.length, 1);
  assert.deepEqual(result.dropped, ['/signals/1/entry_price is not a decimal string']);
});

test('a snapshot without its frame is refused with a reason', () => {
  for (const body of [null, 5, [], {}, { ...snapshotBody(), offset: -1 }, { ...snapshotBody(), signals: {} }]) {
    assert.equal(readSnapshot(body).ok, false);
  }
});

test('a signal of REST is checked like one of the socket', () => {
  assert.equal(readSignal(makeSignal(1)).ok, true);
  assert.equal(readSignal({ ...makeSignal(1), status: 'MAYBE' }).ok, false);
});
