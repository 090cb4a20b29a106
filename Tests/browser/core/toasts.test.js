import test from 'node:test';
import assert from 'node:assert/strict';
import * as actions from '../../../Public/core/actions.js';
import { initialState } from '../../../Public/core/state.js';
import { reducer } from '../../../Public/core/reducer.js';
import { notificationsMax } from '../../../Public/core/reduce-notifications.js';
import { selectUnreadCount } from '../../../Public/core/selectors.js';
import { toastsShownMax } from '../../../Public/core/toast-policy.js';
import { readSnapshot } from '../../../Public/wire/snapshot.js';
import { toAction } from '../../../Public/wire/to-action.js';
import { approvalMessage, decidedSignal, golden, makeDecision, makeSignal, signalMessage, snapshotBody } from '../support/messages.js';

const at = Date.parse('2026-01-23T10:31:00.000Z');
const run = (state, ...list) => list.reduce(reducer, state);
const loaded = (changes = {}, reason = null) => actions.snapshotLoaded(readSnapshot(snapshotBody(changes)).snapshot, at, reason);
const start = run(initialState, loaded());
const texts = (state) => state.toasts.shown.map(({ text, severity }) => `${severity}: ${text}`);
const said = (value, { when = at, replayed = false, from = start } = {}) => run(from, toAction(value, when, replayed));
const heat = (total_heat, offset) => ({ ...golden('portfolio-updated'), offset, data: { ...golden('portfolio-updated').data, total_heat } });
const campaign = (utilisation_pct, offset) => ({ ...golden('campaign-updated'), offset, data: { ...golden('campaign-updated').data, utilisation_pct } });
const rejected = (by) => decidedSignal(makeSignal(1), makeDecision({ outcome: 'rejected', status: null, decided_by: by, reason: 'Volume too low.' }));
const approved = (by) => decidedSignal(makeSignal(1), makeDecision({ decided_by: by }));

test('TST-02 … TST-06, TST-10, TEST-19: the documented texts and severities', () => {
  const cases = [
    [signalMessage('new', makeSignal(1), 1), 'info: New signal: SPRING on AAPL'],
    [signalMessage('new', makeSignal(1, { pattern_type: null }), 1), 'info: New signal: BUY on AAPL'],
    [golden('signal-executed'), 'success: Signal executed: AAPL'],
    [golden('signal-failed'), 'error: Signal failed: AAPL'],
    [golden('signal-expired'), 'warn: Signal expired: AAPL'],
    [heat('82', 1), 'warn: Portfolio heat at 82%'],
    [campaign('85.00', 1), 'warn: Campaign C-123 at 85%'],
    [signalMessage('rejected', rejected('alice'), 1), 'error: AAPL rejected'],
    [signalMessage('rejected', rejected('bob'), 1), 'error: AAPL rejected by bob'],
    [approvalMessage(approved('alice'), 1), 'success: AAPL approved as BUY'],
    [approvalMessage(approved('bob'), 1), 'success: AAPL approved as BUY by bob'],
    [golden('risk_alert'), 'critical: Loss limit almost reached'],
    [golden('alert_triggered'), 'info: AAPL crossed $185'],
    [golden('notification'), 'success: Model training completed'],
  ];
  for (const [message, text] of cases) assert.deepEqual(texts(said(message)), [text]);
});

test('TST-04, TST-05: heat and campaigns are worth a toast on crossing 80 %, not with every update above it', () => {
  let state = start;
  const shownAfter = (value) => { state = said(value, { from: state }); return state.toasts.shown.length; };
  assert.deepEqual([heat('80', 1), heat('80.000000000001', 2), heat('82', 3), heat('79.9', 4), heat('95.5', 5)].map(shownAfter), [0, 1, 1, 1, 2]);
  assert.deepEqual([campaign('81', 6), campaign('99', 7), campaign(null, 8), campaign('80.5', 9)].map(shownAfter), [3, 3, 3, 4]);
});

test('TST-01: a toast goes after 5 s, a critical one stays until dismissed', () => {
  const both = said({ ...golden('risk_alert'), offset: 2 }, { from: said(signalMessage('new', makeSignal(1), 1)) });
  assert.equal(run(both, actions.ticked(at + 4_999)), both);
  const after = run(both, actions.ticked(at + 5_000));
  assert.deepEqual(texts(after), ['critical: Loss limit almost reached']);
  assert.equal(after.toasts.shown[0].sticky, true);
  assert.deepEqual(texts(run(after, actions.ticked(at + 86_400_000), actions.toastDismissed(after.toasts.shown[0].id))), []);
});

test('TST-08, C16: three info and success toasts in 10 s, the rest collapsed; critical ones bypass it', () => {
  let state = start;
  for (let number = 1; number <= 10; number += 1) state = said(signalMessage('new', makeSignal(number), number), { from: state });
  assert.equal(state.toasts.shown.length, 3);
  assert.equal(state.toasts.collapsed, 7);
  state = said({ ...golden('risk_alert'), offset: 11 }, { from: state });
  assert.equal(state.toasts.shown.length, 4);
  assert.equal(state.notifications.length, 11);
  state = run(state, actions.ticked(at + 10_000));
  assert.equal(state.toasts.collapsed, 0);
  assert.equal(said(signalMessage('new', makeSignal(12), 12), { from: state, when: at + 10_000 }).toasts.shown.length, 2);
});

test('a burst of errors cannot fill the screen', () => {
  let state = said(golden('risk_alert'));
  for (let number = 1; number <= 30; number += 1) {
    const signal = decidedSignal(makeSignal(number), makeDecision({ id: `d-${number}`, outcome: 'rejected', status: null, reason: 'no' }));
    state = said(signalMessage('rejected', signal, 5_000 + number), { from: state });
  }
  assert.equal(state.toasts.shown.length, toastsShownMax);
  assert.equal(state.toasts.collapsed, 31 - toastsShownMax);
  assert.equal(state.toasts.shown[0].severity, 'critical');
});

test('TST-09: switched off, toasts are gone but notifications and critical toasts are not', () => {
  const off = run(start, actions.preferenceChanged('toasts', false));
  const state = said({ ...golden('risk_alert'), offset: 2 }, { from: said(signalMessage('new', makeSignal(1), 1), { from: off }) });
  assert.deepEqual(texts(state), ['critical: Loss limit almost reached']);
  assert.equal(state.notifications.length, 2);
});

test('TST-12, TST-16: the notification centre counts unread ones, is bounded, and can be read and cleared', () => {
  let state = start;
  for (let number = 1; number <= notificationsMax + 10; number += 1) state = said(signalMessage('new', makeSignal(number), number), { from: state });
  assert.equal(selectUnreadCount(state), notificationsMax);
  const [newest] = state.notifications;
  assert.equal(newest.signalId, makeSignal(notificationsMax + 10).id);
  assert.equal(selectUnreadCount(run(state, actions.notificationsRead(newest.id))), notificationsMax - 1);
  assert.equal(selectUnreadCount(run(state, actions.notificationsRead())), 0);
  assert.equal(run(state, actions.notificationsCleared(newest.id)).notifications.length, notificationsMax - 1);
  assert.deepEqual(run(state, actions.notificationsCleared()).notifications, []);
});

test('what is caught up makes no toasts; critical ones are shown all the same', () => {
  let state = said(signalMessage('new', makeSignal(1), 1), { replayed: true });
  state = said({ ...golden('risk_alert'), offset: 2 }, { replayed: true, from: state });
  assert.deepEqual(texts(state), ['critical: Loss limit almost reached']);
  assert.equal(state.notifications.length, 2);
  state = run(state, actions.caughtUp({ kind: 'resumed', replayed: 37, at, quiet: false }, 38));
  assert.deepEqual(texts(state), ['critical: Loss limit almost reached']);
  assert.equal(state.connection.offset, 38);
});

test('how the page caught up is kept for the strip under the header, a reload with its reason', () => {
  const resumed = { kind: 'resumed', replayed: 37, at, quiet: false };
  assert.deepEqual(run(start, actions.caughtUp(resumed, 38)).connection.catchUp, resumed);
  const old = run(start, loaded({ offset: 9 }, 'trimmed'));
  assert.deepEqual(old.connection.catchUp, { kind: 'reloaded', reason: 'trimmed', at });
});

test('notifications of a first load are history, those that a reload brings are news, none comes twice', () => {
  const { sequence_number: _n, ...alert } = golden('alert_triggered');
  const first = run(initialState, loaded({ offset: 5_000, notifications: [alert] }));
  assert.equal(selectUnreadCount(first), 0);
  const again = run(first, loaded({ offset: 6_000, notifications: [{ ...alert, offset: 5_500 }, alert] }, 'trimmed'));
  assert.deepEqual(again.notifications.map(({ id, read }) => [id, read]).sort(), [['e4721', true], ['e5500', false]]);
});

test('TST-14: a session is told of when its status changes, an emergency stop critically', () => {
  const session = (status, offset) => ({ ...golden('session_status'), status, offset });
  let state = start;
  for (const [index, status] of ['active', 'active', 'paused', 'active', 'emergency_stopped'].entries()) {
    state = said(session(status, index + 1), { from: state });
  }
  assert.deepEqual(texts(state), [
    'info: Session session-1 started', 'warn: Session session-1 paused', 'info: Session session-1 resumed',
    'critical: Session session-1 stopped in an emergency',
  ]);
});
