import test from 'node:test';
import assert from 'node:assert/strict';
import * as actions from '../../../Public/core/actions.js';
import { limitNow, selectIsStopped, standstillMs } from '../../../Public/core/desk-stop.js';
import { dueReminders } from '../../../Public/core/reminders.js';
import { reducer } from '../../../Public/core/reducer.js';
import { selectUndoLeftMs } from '../../../Public/core/selectors.js';
import { initialState } from '../../../Public/core/state.js';
import { isCritical } from '../../../Public/wire/delivery-class.js';
import { readSnapshot } from '../../../Public/wire/snapshot.js';
import { toAction } from '../../../Public/wire/to-action.js';
import { decidedSignal, golden, makeDecision, makeSignal, running, snapshotBody } from '../support/messages.js';

const at = Date.parse('2026-01-23T10:31:10.000Z');
const run = (state, ...list) => list.reduce(reducer, state);
const loaded = (changes = {}) => actions.snapshotLoaded(readSnapshot(snapshotBody({ server_time: '2026-01-23T10:31:10.000Z', ...changes })).snapshot, at);
const start = run(initialState, loaded());
const say = (name, changes = {}) => toAction({ ...golden(name), ...changes }, at);
const stop = golden('desk-stopped').data;
const stopped = run(start, say('desk-stopped'));
const toasts = (state) => state.toasts.shown.map(({ text, severity }) => `${severity}: ${text}`);

test('GAP-07: a stop, the first sign-off and the end are told, each once, whichever way they come first', () => {
  assert.equal(stopped.desk.stopped, true);
  assert.deepEqual(toasts(stopped), ['critical: The desk was stopped by ann']);
  assert.equal(stopped.notifications[0].message, 'The feed is wrong');
  const signedOff = run(stopped, say('desk-resume_signed_off'));
  assert.equal(signedOff.desk.stop.resume.signed_off.length, 1);
  assert.ok(toasts(signedOff).includes('warn: Resuming the desk: 1 of 2, by bo'));
  const over = run(signedOff, say('desk-resumed'));
  assert.deepEqual([over.desk.stopped, over.desk.acknowledgements], [false, null]);
  assert.ok(over.notifications.some(({ title }) => title === 'The desk goes on: resumed by bo and cy'));
  const read = run(start, actions.deskRead({ stopped: true, stop, acknowledgements: null }), say('desk-stopped'));
  assert.equal(read.notifications.filter(({ kind }) => kind === 'desk:stopped').length, 1);
});

test('GAP-07: what is told late changes nothing back', () => {
  const over = run(stopped, say('desk-resume_signed_off'), say('desk-resumed'));
  const late = run(over, actions.deskRead({ stopped: true, stop: golden('desk-resume_signed_off').data, acknowledgements: null }));
  assert.equal(late.desk.stopped, false);
  const earlier = run(run(stopped, say('desk-resume_signed_off')), actions.deskRead({ stopped: true, stop, acknowledgements: null }));
  assert.equal(earlier.desk.stop.resume.signed_off.length, 1);
  const anew = run(over, say('desk-stopped', { offset: 4740, data: { ...stop, id: 'another', stopped_at: '2026-01-23T10:40:00.000Z' } }));
  assert.equal(anew.desk.stopped, true);
});

test('GAP-07: the snapshot says it to who comes late, and ends it for who missed the end', () => {
  const acknowledgements = golden('desk-acknowledged').data;
  const late = run(initialState, loaded({ desk: { stopped: true, stop, acknowledgements } }));
  assert.deepEqual([late.desk.stopped, late.desk.acknowledgements], [true, acknowledgements]);
  const ended = { ...stop, resumed_at: '2026-01-23T10:33:00.000Z' };
  assert.equal(run(late, loaded({ offset: 9_999, desk: { stopped: false, stop: ended, acknowledgements: null } })).desk.stopped, false);
  assert.equal(run(late, loaded({ epoch: 'E2', desk: running })).desk.stopped, false, 'another log was never stopped');
});

test('GAP-07: how many tabs know is shown while it lasts', () => {
  const told = run(stopped, say('desk-acknowledged'));
  assert.equal(told.desk.acknowledgements.acknowledged, 5);
  assert.equal(run(start, say('desk-acknowledged')).desk.acknowledgements, null);
  const signedOff = run(told, say('desk-resume_signed_off'));
  assert.equal(signedOff.desk.acknowledgements.acknowledged, 5, 'a sign-off is no other stop');
});

test('OPT-01, OPT-03: my own stop is red at once, and rolled back with a word that stays', () => {
  const stopping = run(start, actions.stopStarted(at));
  assert.deepEqual([selectIsStopped(stopping), stopping.desk.stopped], [true, false]);
  assert.equal(run(stopping, say('desk-stopped')).desk.stopping, null);
  const failed = run(stopping, actions.stopFailed('The desk did not answer', at));
  assert.equal(selectIsStopped(failed), false);
  assert.deepEqual(failed.toasts.shown.map(({ text, sticky }) => [text, sticky]), [['The desk did not answer', true]]);
});

test('GAP-07: a time limit stands still from the stop on, or from when the signal came', () => {
  const early = makeSignal(1, { received_at: '2026-01-23T10:00:00.000Z' });
  const late = makeSignal(2, { received_at: '2026-01-23T10:31:05.000Z' });
  assert.equal(limitNow(start, early, at), at);
  assert.equal(limitNow(stopped, early, at + 60_000), Date.parse(stop.since));
  assert.equal(limitNow(stopped, late, at + 60_000), Date.parse(late.received_at));
});

test('GAP-07: nothing is reminded of while the desk is stopped', () => {
  const soon = makeSignal(1, { expires_at: '2026-01-23T10:31:40.000Z' });
  assert.equal(dueReminders(run(start, actions.signalRead(soon, at)), at).length, 1);
  assert.deepEqual(dueReminders(run(stopped, actions.signalRead(soon, at)), at), []);
});

test('GAP-07: an undo window stands still, stays open, and goes on with what was left', () => {
  const approved = decidedSignal(makeSignal(1), makeDecision({ decided_at: '2026-01-23T10:30:58.000Z' }));
  const since = Date.parse(stop.since);
  assert.equal(selectUndoLeftMs(stopped, approved, since), 3_000);
  assert.equal(selectUndoLeftMs(stopped, approved, since + 3_600_000), 3_000);
  const over = run(stopped, say('desk-resume_signed_off'), say('desk-resumed'));
  const resumedAt = Date.parse(golden('desk-resumed').data.resumed_at);
  assert.equal(selectUndoLeftMs(over, approved, resumedAt + 1_000), 2_000);
  assert.equal(selectUndoLeftMs(over, approved, resumedAt + 9_000), 0);
  const leaving = decidedSignal(makeSignal(2), makeDecision({ decided_at: '2026-01-23T10:30:50.000Z' }));
  assert.ok(selectUndoLeftMs(stopped, leaving, since) > 0, 'what was about to leave does not');
});

test('how much of a span the desk stood still', () => {
  const ended = { ...stop, resumed_at: '2026-01-23T10:33:00.000Z' };
  const from = Date.parse('2026-01-23T10:30:00.000Z');
  assert.equal(standstillMs(null, from, from + 600_000), 0);
  assert.equal(standstillMs(ended, from, from + 600_000), 120_000);
  assert.equal(standstillMs(stop, from, from + 600_000), 540_000);
  assert.equal(standstillMs(ended, from + 90_000, from + 100_000), 10_000);
});

test('GAP-14: a stop and its end are acknowledged, and a session that stops, once', () => {
  for (const name of ['desk-stopped', 'desk-resumed']) assert.equal(isCritical(golden(name)), true, name);
  for (const name of ['desk-resume_signed_off', 'desk-acknowledged', 'signal-postponed', 'session_status']) assert.equal(isCritical(golden(name)), false, name);
  const session = golden('session_status');
  assert.equal(isCritical({ ...session, status: 'emergency_stopped', previousStatus: 'active' }), true);
  assert.equal(isCritical({ ...session, status: 'emergency_stopped' }), false);
});

test('a limit that was put off is taken over without a toast of its own', () => {
  const before = run(start, actions.signalRead(golden('signal-new').data, at));
  const after = run(before, say('signal-postponed'));
  assert.equal(after.signals.byId[golden('signal-new').data.id].expires_at, '2026-01-23T10:37:00.000Z');
  assert.deepEqual(toasts(after), toasts(before));
});
