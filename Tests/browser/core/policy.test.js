import test from 'node:test';
import assert from 'node:assert/strict';
import * as actions from '../../../Public/core/actions.js';
import { reducer } from '../../../Public/core/reducer.js';
import { initialState } from '../../../Public/core/state.js';
import { selectCards } from '../../../Public/core/selectors.js';
import { signalHistory } from '../../../Public/view/history.js';
import { describeStatus } from '../../../Public/view/signal-words.js';
import { readPolicy } from '../../../Public/wire/policy.js';
import { alice, decidedSignal, makeDecision, makeSignal, settings, signalId } from '../support/messages.js';

const id = signalId(1);
const signOff = (user, changes = {}) => ({
  id: `click-${user}`, user, role: 'trader', status: 'BUY', at: '2026-01-23T10:30:30.000Z', note: null, needed: 2, ...changes,
});
const verdict = (changes = {}) => ({
  signal_id: id, version: 1, needed: 2, given: [], missing: '1 trader and 1 risk officer',
  approve: { allowed: true, reason: null, needs_note: false }, reject: { allowed: true, reason: null, veto: false, reasons: null }, ...changes,
});
const run = (...list) => list.reduce(reducer, { ...initialState, me: alice, settings });
const meta = (offset) => ({ offset, at: 0, replayed: false });
const received = actions.signalEvent('new', makeSignal(1), meta(1));
const signedOff = (user, version = 2) => ({ ...makeSignal(1), version, sign_offs: [signOff(user)] });

test('GAP-06: a sign-off of somebody else leaves the card pending and is told live', () => {
  const state = run(received, actions.signalEvent('signed_off', signedOff('ann'), meta(2)));
  const [card] = selectCards(state, { filter: 'pending' });
  assert.deepEqual([describeStatus(card).label, describeStatus(card).byline], ['Pending review', '1 of 2, by ann']);
  assert.equal(state.toasts.shown.at(-1).text, 'AAPL: 1 of 2 approvals, by ann');
});

test('GAP-06, OPT-02: my sign-off confirms my click, though the signal waits on', () => {
  const mine = { decisionId: 'click-alice', action: 'approve', status: 'BUY', note: null, reason: null, startedAt: 0, deadlineAt: 1, phase: 'sending' };
  const sent = run(received, actions.decisionStarted(id, mine));
  const state = reducer(sent, actions.signalRead(signedOff('alice'), 0));
  assert.deepEqual([state.decisions, state.failures], [{}, {}]);
  const others = reducer(sent, actions.signalRead(signedOff('ann'), 0));
  assert.equal(others.decisions[id].decisionId, 'click-alice', 'of another it settles nothing');
});

test('GAP-06: all who approved are named, and a veto is called one', () => {
  const both = { ...signedOff('ann'), sign_offs: [signOff('ann'), signOff('ruth', { role: 'risk', id: 'd-1' })] };
  const approved = decidedSignal(both, makeDecision({ id: 'd-1', decided_by: 'ruth' }), 3);
  assert.match(describeStatus({ signal: approved, shownStatus: 'APPROVED_BUY', pending: null }).byline, /^by ann and ruth /);
  assert.deepEqual(signalHistory(approved).map(({ title }) => title).slice(-2), [
    'Approved BUY by ann (trader), others to follow', 'Approved BUY by ruth']);
  const vetoed = decidedSignal(makeSignal(1), makeDecision({ outcome: 'rejected', status: null, reason: 'No', veto: true }));
  assert.equal(describeStatus({ signal: vetoed, shownStatus: 'REJECTED', pending: null }).label, 'Vetoed');
  assert.equal(signalHistory(vetoed).at(-1).title, 'Vetoed by bob');
});

test('what the policy lets me do is the server\'s word, and nothing is painted for what it has said before', () => {
  const state = run(received, actions.policyRead([verdict()]));
  assert.equal(selectCards(state, { filter: 'all' })[0].verdict.missing, '1 trader and 1 risk officer');
  assert.equal(reducer(state, actions.policyRead([verdict()])), state);
  const changed = reducer(state, actions.policyRead([verdict({ given: ['ann'], needed: 3 })]));
  assert.equal(describeStatus(selectCards(changed, { filter: 'all' })[0]).byline, '1 of 3, by ann');
  assert.deepEqual(reducer(state, actions.policyRead([])).verdicts, {});
});

test('SEC-07: an answer about the policy that is not one is not taken', () => {
  assert.deepEqual(readPolicy({ policy: null, signals: [] }), { ok: true, version: null, verdicts: [] });
  assert.equal(readPolicy({ policy: { version: 'v1', hash: 'h' }, signals: [verdict()] }).version, 'v1');
  for (const bad of [null, {}, { policy: null }, { policy: null, signals: [{}] }, { policy: {}, signals: [] },
    { policy: null, signals: [verdict({ approve: { allowed: 'no', reason: null, needs_note: false } })] }]) {
    assert.equal(readPolicy(bad).ok, false, JSON.stringify(bad));
  }
});
