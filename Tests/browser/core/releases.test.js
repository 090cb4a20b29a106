// What a page makes of a release: the same signal whoever hears of it, and a word to those whom it is for (CON-18, MSG-26).

import test from 'node:test';
import assert from 'node:assert/strict';
import * as actions from '../../../Public/core/actions.js';
import { initialState } from '../../../Public/core/state.js';
import { reducer } from '../../../Public/core/reducer.js';
import { checkMessage } from '../../../Public/wire/messages.js';
import { readSnapshot } from '../../../Public/wire/snapshot.js';
import { toAction } from '../../../Public/wire/to-action.js';
import { decidedSignal, golden, makeDecision, makeSignal, settings, snapshotBody } from '../support/messages.js';

const at = Date.parse('2026-01-23T10:31:10.000Z');
const releasedAt = '2026-01-23T10:31:07.000Z';
const id = golden('signal_approved').signal_id;
const approved = (recipients) => decidedSignal({ ...makeSignal(1), id, recipients }, makeDecision());
const plan = { ...golden('signal_approved'), timestamp: releasedAt, offset: 3 };
const bare = { ...golden('signal-released'), timestamp: releasedAt, offset: 3, data: { signal_id: id, version: 3, released_at: releasedAt } };

function pageOf(name, recipients, message, replayed = false) {
  const { snapshot } = readSnapshot(snapshotBody({ offset: 2, signals: [approved(recipients)], user: { name, role: 'trader', named: true } }));
  const result = checkMessage(message);
  assert.equal(result.ok, true, result.reason);
  return [actions.snapshotLoaded(snapshot, at), toAction(result.message, at, replayed)].reduce(reducer, initialState);
}

test('CON-18: who hears the plan and who hears only of it hold the same signal at the same place', () => {
  const [ann, bo] = [pageOf('ann', ['ann'], plan), pageOf('bo', ['ann'], bare)];
  assert.deepEqual(ann.signals, bo.signals);
  const { version, released_at: released, updated_at: updated, status } = bo.signals.byId[id];
  assert.deepEqual([version, released, updated, status], [3, releasedAt, releasedAt, 'APPROVED_BUY']);
  assert.deepEqual([ann.connection.offset, bo.connection.offset], [3, 3]);
});

test('MSG-26: a plan that is for me is said to me, once; what is for others or for everybody is not', () => {
  const ann = pageOf('ann', ['ann', 'cy'], plan);
  assert.deepEqual(ann.toasts.shown.map(({ text }) => text), ['AAPL BUY is released to you']);
  assert.deepEqual(ann.notifications.map(({ kind, message }) => [kind, message]), [['signal_approved', 'Approved by bob']]);
  assert.equal(reducer(ann, toAction(plan, at)), ann);
  for (const page of [pageOf('bo', ['ann'], bare), pageOf('ann', null, plan)]) assert.deepEqual(page.notifications, []);
});

test('caught up later it is in the notification centre, without a toast', () => {
  const ann = pageOf('ann', ['ann'], plan, true);
  assert.deepEqual([ann.toasts.shown.length, ann.notifications.length], [0, 1]);
});

test('a page without a name is nobody whom a plan is for', () => {
  const unnamed = reducer(pageOf('ann', ['ann'], { ...bare, offset: 2 }), actions.identified({ name: null, role: 'viewer', named: false }, settings));
  assert.deepEqual(reducer(unnamed, toAction(plan, at)).notifications, []);
});
