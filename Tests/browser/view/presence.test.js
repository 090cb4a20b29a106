import test from 'node:test';
import assert from 'node:assert/strict';
import * as actions from '../../../Public/core/actions.js';
import { selectLookers, selectPresence } from '../../../Public/core/reduce-presence.js';
import { reducer } from '../../../Public/core/reducer.js';
import { initialState } from '../../../Public/core/state.js';
import { timeOfDay } from '../../../Public/view/clock-text.js';
import {
  hereText, lookersText, newLookersText, openForText, presentCount, presentNames, restText,
} from '../../../Public/view/presence.js';
import { readPresence } from '../../../Public/wire/snapshot.js';
import { toAction } from '../../../Public/wire/to-action.js';
import { golden, signalId } from '../support/messages.js';

const told = golden('presence-updated').data;
const id = told.looking[0].signal_id;
const since = told.looking[1].since;
const clock = (text) => timeOfDay(Date.parse(text)).slice(0, 5);
const look = (user, changes = {}) => ({ signal_id: id, user, tabs: 1, since, ...changes });
const seenBy = (me, presence = told, status = 'live') => reducer(
  { ...initialState, connection: { ...initialState.connection, status }, me }, toAction({ ...golden('presence-updated'), data: presence }, 0));
const named = (name) => ({ name, role: 'trader', named: true });
const nobody = { name: null, role: 'trader', named: false };

test('who looks at a signal is said with the name and the time, whoever began first coming first', () => {
  const lookers = selectLookers(seenBy(named('ann')), id);
  assert.deepEqual(lookers.map(({ user }) => user), ['bo', null]);
  assert.equal(lookersText(lookers), `bo and somebody without a name are looking at this (since ${clock(since)})`);
  assert.equal(lookersText([look('bo')]), `bo is looking at this (since ${clock(since)})`);
  assert.equal(lookersText([look(null)]), `Somebody without a name is looking at this (since ${clock(since)})`);
  assert.equal(lookersText(['a', 'b', 'c', 'd'].map((user) => look(user))), `a, b and 2 more are looking at this (since ${clock(since)})`);
  assert.equal(lookersText([]), '');
});

test('my own other tabs are not somebody else, nor am I myself without a name', () => {
  assert.deepEqual(selectLookers(seenBy(named('bo')), id).map(({ user }) => user), [null]);
  assert.deepEqual(selectLookers(seenBy(nobody), id).map(({ user }) => user), ['bo']);
  const two = { ...told, looking: [look(null, { tabs: 2 })] };
  assert.deepEqual(selectLookers(seenBy(nobody, two), id).map(({ tabs }) => tabs), [2]);
  assert.equal(selectLookers(seenBy(named('ann')), signalId(7)).length, 0);
});

test('while the page is cut off nobody is said to be here', () => {
  const state = seenBy(named('ann'), told, 'reconnecting');
  assert.equal(selectPresence(state), null);
  assert.equal(selectLookers(state, id).length, 0);
});

test('who decides is warned with how long another has had it open', () => {
  const at = (ms) => Date.parse(since) + ms;
  assert.equal(openForText([look('bo')], at(40_000)), 'bo has had this open for 40 s.');
  assert.equal(openForText([look('bo'), look('cy')], at(185_000)), 'bo has had this open for 3 min, and so has cy.');
  assert.equal(openForText([look('bo'), look('cy'), look(null)], at(7_200_000)), 'bo has had this open for 2 h, and so have 2 others.');
  assert.equal(openForText([look('bo')], at(-5_000)), 'bo has had this open for 0 s.');
  assert.equal(openForText([], at(0)), 'Nobody else has this open.');
});

test('a screen reader is told of each who comes once', () => {
  assert.equal(newLookersText('AAPL', [], [look('bo')]), 'bo is looking at AAPL, too');
  assert.equal(newLookersText('AAPL', [look('bo')], [look('bo'), look('cy')]), 'cy is looking at AAPL, too');
  assert.equal(newLookersText('AAPL', [look('bo'), look('cy')], [look('cy')]), '');
});

test('the header says how many are here, and the first others by name', () => {
  assert.equal(presentCount(told), 3);
  assert.equal(presentNames(told, 'ann'), 'bo');
  assert.equal(presentNames({ ...told, users: told.users.slice(0, 1), users_count: 1 }, 'ann'), '');
  assert.equal(presentNames({ ...told, users_count: 9 }, 'cy'), 'ann, bo +7');
  assert.equal(hereText(told.users[0]), `since ${clock(told.users[0].since)}, 2 tabs`);
  assert.equal(restText(told), '1 tab without a name');
  assert.equal(restText({ ...told, users_count: 9, anonymous_tabs: 2 }), '7 more and 2 tabs without a name');
});

test('an answer of REST is checked like a message', () => {
  assert.deepEqual(readPresence(told), { ok: true, presence: told });
  assert.equal(readPresence({ ...told, looking: [{ ...told.looking[0], since: 'now' }] }).ok, false);
  const state = reducer(initialState, actions.presenceChanged(told, { offset: null, at: 0, replayed: false }));
  assert.equal(state.presence, told);
});
