import test from 'node:test';
import assert from 'node:assert/strict';
import * as actions from '../../../Public/core/actions.js';
import { reducer } from '../../../Public/core/reducer.js';
import { initialState } from '../../../Public/core/state.js';
import { selectCards, selectUndoLeftMs } from '../../../Public/core/selectors.js';
import { forApproval, forRejection, offeredReasons } from '../../../Public/view/bulk.js';
import { policyReasons, policyText } from '../../../Public/view/policy-words.js';
import { toAction } from '../../../Public/wire/to-action.js';
import { signalHistory } from '../../../Public/view/history.js';
import { describeStatus } from '../../../Public/view/signal-words.js';
import { readPolicy } from '../../../Public/wire/policy.js';
import { alice, approvalMessage, decidedSignal, makeDecision, makeSignal, settings, signalId } from '../support/messages.js';

const id = signalId(1);
const signOff = (user, changes = {}) => ({
  id: `click-${user}`, user, role: 'trader', status: 'BUY', at: '2026-01-23T10:30:30.000Z', note: null, needed: 2, ...changes,
});
const verdict = (changes = {}) => ({
  signal_id: id, version: 1, rules: [{ name: 'large risk', because: ['its risk, 1.5 %, is above 1 %'] }, { name: 'all', because: [] }], needed: 2, given: [], missing: '1 trader and 1 risk officer',
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

test('GAP-06, OPT-02: my sign-off was mine though the page hears of it only with the approval that another completed', () => {
  const mine = { decisionId: 'click-alice', action: 'approve', status: 'BUY', note: null, reason: null, startedAt: 0, deadlineAt: 1, phase: 'sending' };
  const both = { ...signedOff('alice'), sign_offs: [signOff('alice'), signOff('ruth', { id: 'd-1' })] };
  const state = reducer(run(received, actions.decisionStarted(id, mine)), actions.signalRead(decidedSignal(both, makeDecision({ decided_by: 'ruth' }), 3), 0));
  assert.deepEqual([state.decisions, state.failures], [{}, {}]);
});

test('an approval has the undo window of the policy it was given under, in every tab', () => {
  const signal = makeSignal(1);
  const approved = decidedSignal(signal, makeDecision({ undo_window_ms: 60_000, policy: { version: 'v1', hash: 'h' } }), 2);
  const heard = toAction(approvalMessage(approved, 2), 0);
  const state = run(received, heard);
  const at = Date.parse(approved.decision.decided_at);
  assert.equal(selectUndoLeftMs(state, state.signals.byId[id], at + 1_000), 59_000);
  assert.equal(state.signals.byId[id].decision.policy.version, 'v1');
  assert.equal(selectUndoLeftMs(state, decidedSignal(signal, makeDecision(), 2), at), settings.undo_window_ms);
});

test('the line under the buttons is the server\'s reason, or what is missing where one click is not all', () => {
  assert.equal(policyText(null), '');
  assert.equal(policyText(verdict({ needed: 1, missing: '1 trader' })), '');
  assert.equal(policyText(verdict({ needed: 1, missing: '1 risk officer' })), 'needs 1 risk officer');
  const words = 'needs 1 risk officer; you proposed this';
  assert.equal(policyText(verdict({ approve: { allowed: false, reason: words, needs_note: true } })), words);
  assert.equal(policyText(verdict({ approve: { allowed: true, reason: null, needs_note: true } })),
    'needs 1 trader and 1 risk officer; write a note to approve it');
  assert.equal(policyText(verdict({ needed: 1, missing: '1 trader', reject: { allowed: false, reason: 'you are a viewer', veto: false, reasons: null } })),
    'you cannot reject it: you are a viewer');
  const viewer = { approve: { allowed: false, reason: 'needs 1 trader; you are a viewer', needs_note: false }, reject: { allowed: false, reason: 'you are a viewer', veto: false, reasons: null } };
  assert.equal(policyText(verdict(viewer)), 'needs 1 trader; you are a viewer');
  assert.deepEqual(policyReasons(verdict()), ['large risk: its risk, 1.5 %, is above 1 %', 'all']);
  assert.deepEqual(policyReasons(null), []);
});

test('what is decided together leaves out what the policy would refuse, and says why', () => {
  const signals = [makeSignal(1), makeSignal(2, { symbol: 'MSFT' }), makeSignal(3, { symbol: 'TSLA' })];
  const verdicts = {
    [signalId(1)]: verdict({ approve: { allowed: false, reason: 'needs 1 risk officer; you have approved', needs_note: false } }),
    [signalId(2)]: verdict({ approve: { allowed: true, reason: null, needs_note: true }, reject: { allowed: false, reason: 'you are a viewer', veto: false, reasons: null } }),
  };
  const { taken, left } = forApproval(signals, 10, verdicts);
  assert.deepEqual([taken.map(({ symbol }) => symbol), left], [['TSLA'], [
    { symbol: 'AAPL', why: 'needs 1 risk officer; you have approved' },
    { symbol: 'MSFT', why: 'is approved with a note only: write it on its card' }]]);
  assert.deepEqual(forRejection(signals, 10, verdicts).left, [{ symbol: 'MSFT', why: 'cannot be rejected by you: you are a viewer' }]);
  assert.equal(forApproval(signals, 10).taken.length, 3);
});

test('the reasons offered are the desk\'s own, or those that the policy takes for all of them', () => {
  const usual = ['Stale price'];
  const any = { reasons: null, veto: false };
  const some = { reasons: ['Too large', 'Poor structure'], veto: true };
  assert.deepEqual(offeredReasons([any], usual), { reasons: usual, only: false, veto: false });
  assert.deepEqual(offeredReasons([some], usual), { reasons: some.reasons, only: true, veto: true });
  assert.deepEqual(offeredReasons([some, any, { reasons: ['Poor structure'], veto: true }], usual), { reasons: ['Poor structure'], only: true, veto: false });
  assert.deepEqual(offeredReasons([some, { reasons: ['Other'], veto: true }], usual), {
    reasons: ['Too large', 'Poor structure', 'Other'], only: false, veto: true });
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
