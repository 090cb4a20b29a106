import test from 'node:test';
import assert from 'node:assert/strict';
import * as actions from '../../../Public/core/actions.js';
import { reducer } from '../../../Public/core/reducer.js';
import { sessionMilestones } from '../../../Public/core/session-milestones.js';
import { initialState } from '../../../Public/core/state.js';
import { toAction } from '../../../Public/wire/to-action.js';
import { golden } from '../support/messages.js';

const at = Date.parse('2026-01-06T12:00:00.000Z');
const session = (data = {}, changes = {}) => ({ ...golden('session_status'), ...changes, data: { ...golden('session_status').data, ...data } });
const titles = (before, after) => sessionMilestones(before && session(before), session(after)).map(({ severity, title }) => `${severity}: ${title}`);
const say = (state, message) => reducer(state, toAction(message, at));

test('SES-02, SES-03: lines of the loss limit are told when they are crossed, the limit itself as an error', () => {
  assert.deepEqual(titles({ lossLimitUtilization: '49.9' }, { lossLimitUtilization: '50' }), ['warn: Session session-1 has used 50% of its loss limit']);
  assert.deepEqual(titles({ lossLimitUtilization: '20' }, { lossLimitUtilization: '85.50' }), ['warn: Session session-1 has used 85.5% of its loss limit']);
  assert.deepEqual(titles({ lossLimitUtilization: '85' }, { lossLimitUtilization: '101' }), ['error: Session session-1 has reached its loss limit (101%)']);
  assert.deepEqual(titles({ lossLimitUtilization: '85' }, { lossLimitUtilization: '90' }), []);
  assert.deepEqual(titles({ lossLimitUtilization: '90' }, { lossLimitUtilization: '10' }), []);
});

test('SES-02: from profit to loss and back, and a better performance, are milestones', () => {
  assert.deepEqual(titles({ currentPnL: '10.00' }, { currentPnL: '-0.50' }), ['warn: Session session-1 is now at a loss: -0.5']);
  assert.deepEqual(titles({ currentPnL: '-10.00' }, { currentPnL: '3' }), ['success: Session session-1 is now in profit: 3']);
  assert.deepEqual(titles({ currentPnL: '0' }, { currentPnL: '3' }), []);
  assert.deepEqual(titles({ performanceScore: '71.5' }, { performanceScore: '90' }), ['success: Session session-1 performs at 90']);
  assert.deepEqual(titles({ performanceScore: null }, { performanceScore: '90' }), []);
  assert.deepEqual(titles(null, { lossLimitUtilization: '99' }), [], 'of what is heard of for the first time there is nothing to compare');
});

test('TST-14, SES-04: who paused or stopped a session is said, once, whether REST or the socket is first', () => {
  const control = { action: 'pause', by: 'ann', at: '2026-01-06T12:01:00.000Z', reason: 'Lunch', id: 'c-1' };
  const told = session({}, { offset: 4_800, timestamp: control.at, status: 'paused', control, reportedStatus: 'active', previousStatus: 'active' });
  const before = say(initialState, session());
  const live = say(before, told);
  assert.equal(live.notifications[0].title, 'Session session-1 paused by ann');
  assert.equal(live.notifications[0].message, 'Lunch');
  const { sessionId, status, timestamp, data, reportedStatus } = told;
  const read = reducer(before, actions.sessionRead({ sessionId, status, timestamp, data, control, reportedStatus }, at));
  assert.equal(read.sessions['session-1'].status, 'paused');
  assert.equal(say(read, told).notifications.filter(({ title }) => title.includes('paused')).length, 1);
  const later = say(live, session({ totalTrades: 13 }, { offset: 4_801, status: 'paused', control, timestamp: '2026-01-06T12:02:00.000Z' }));
  assert.equal(later.notifications.length, live.notifications.length, 'figures of a paused session are no news of the pause');
});
