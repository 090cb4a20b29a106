import test from 'node:test';
import assert from 'node:assert/strict';
import * as actions from '../../../Public/core/actions.js';
import { initialState } from '../../../Public/core/state.js';
import { reducer } from '../../../Public/core/reducer.js';
import { decidedSignalsMax } from '../../../Public/core/reduce-signals.js';
import { selectCards, selectCounts, selectSignal } from '../../../Public/core/selectors.js';
import { readSnapshot } from '../../../Public/wire/snapshot.js';
import { toAction } from '../../../Public/wire/to-action.js';
import { approvalMessage, decidedSignal, golden, makeDecision, makeSignal, signalId, signalMessage, snapshotBody } from '../support/messages.js';

const at = Date.parse('2026-01-23T10:31:00.000Z');
const run = (state, ...list) => list.reduce(reducer, state);
const message = (value, replayed = false) => toAction(value, at, replayed);
const loaded = (changes = {}, reason = null) => actions.snapshotLoaded(readSnapshot(snapshotBody(changes)).snapshot, at, reason);
const start = run(initialState, loaded());

test('APR-01, TEST-22: a new signal goes on top of the list', () => {
  const state = run(start, message(signalMessage('new', makeSignal(1), 1)), message(signalMessage('new', makeSignal(2), 2)));
  assert.deepEqual(state.signals.order, [signalId(2), signalId(1)]);
  assert.equal(state.connection.offset, 2);
});

test('REC-11, REC-22, TEST-14: what was applied is not applied again, and the state stays the same object', () => {
  const once = run(start, message(signalMessage('new', makeSignal(1), 5)));
  assert.equal(run(once, message(signalMessage('new', makeSignal(1), 5))), once);
  assert.equal(run(once, message(signalMessage('new', makeSignal(9), 4))), once);
});

test('APR-06, TEST-22: an approval changes status, awaiting_approval, version and decision of the card', () => {
  const approved = decidedSignal(makeSignal(1), makeDecision());
  const state = run(start, message(signalMessage('new', makeSignal(1), 1)), message(approvalMessage(approved, 2)));
  assert.deepEqual(state.signals.byId[signalId(1)], approved);
  assert.deepEqual(selectCounts(state), { pending: 0, decided: 1 });
});

test('an older version never overwrites a newer one, whichever way it comes', () => {
  const approved = decidedSignal(makeSignal(1), makeDecision(), 3);
  const state = run(start, actions.signalRead(approved, at));
  const later = run(state, message(signalMessage('new', makeSignal(1), 1)), actions.signalRead(makeSignal(1), at));
  assert.equal(later.signals.byId[signalId(1)].status, 'APPROVED_BUY');
  assert.equal(later.connection.offset, 1);
});

test('an approval of a signal that is not on the page is told, not invented', () => {
  const state = run(start, message(approvalMessage(decidedSignal(makeSignal(1), makeDecision()), 2)));
  assert.deepEqual(state.signals.order, []);
  assert.equal(state.notifications.length, 1);
});

test('TST-16: all pending signals stay, and of the decided ones those that changed last', () => {
  let state = start;
  let offset = 0;
  const say = (value) => { state = run(state, message({ ...value, offset: (offset += 1) })); };
  say(signalMessage('new', makeSignal(0), 0));
  for (let number = 1; number <= decidedSignalsMax + 5; number += 1) {
    const signal = makeSignal(number);
    say(signalMessage('new', signal, 0));
    say(signalMessage('expired', { ...signal, status: 'EXPIRED', awaiting_approval: false, version: 2 }, 0));
  }
  assert.deepEqual(selectCounts(state), { pending: 1, decided: decidedSignalsMax });
  assert.ok(state.signals.byId[signalId(0)], 'the oldest pending one is still there');
  assert.equal(state.signals.byId[signalId(5)], undefined);
  assert.ok(state.signals.byId[signalId(6)]);
});

test('a snapshot keeps a newer signal that REST told of meanwhile, within its epoch only', () => {
  const approved = decidedSignal(makeSignal(1), makeDecision());
  const state = run(start, actions.signalRead(approved, at));
  assert.equal(run(state, loaded({ signals: [makeSignal(1)] })).signals.byId[signalId(1)].status, 'APPROVED_BUY');
  assert.equal(run(state, loaded({ epoch: 'E2', signals: [makeSignal(1)] })).signals.byId[signalId(1)].status, 'PENDING_REVIEW');
});

test('a snapshot from before what was applied changes nothing of it', () => {
  const state = run(start, message(signalMessage('new', makeSignal(1), 9)));
  const after = run(state, loaded({ offset: 4 }));
  assert.deepEqual(after.signals, state.signals);
  assert.equal(after.connection.offset, 9);
});

test('UI-03, UI-04, SES-05: portfolio, campaigns, patterns, sessions, algorithm decisions and prices each find their place', () => {
  const names = ['pattern_detected', 'portfolio-updated', 'campaign-updated', 'session_status', 'algorithm_decision', 'price_update'];
  const state = run(start, ...names.map((name) => message(golden(name))));
  assert.equal(state.portfolio.total_heat, '62.5');
  assert.equal(state.campaigns['C-123'].positions_count, 3);
  assert.equal(Object.values(state.patterns)[0].pattern_type, 'SPRING');
  assert.equal(state.sessions['session-1'].data.currentPnL, '1250.50');
  assert.equal(state.algorithmDecisions[0].reasoning, 'Strong bullish momentum...');
  assert.equal(state.prices.AAPL.price, '185.50');
});

test('UI-15: a price knows whether it went up or down, exactly', () => {
  const priced = (price) => ({ ...golden('price_update'), data: { ...golden('price_update').data, price } });
  const directions = ['185.50', '185.500000000001', '185.5', '185.50', '9.99'].reduce(
    ([state, list], price) => {
      const next = run(state, message(priced(price)));
      return [next, [...list, next.prices.AAPL.direction]];
    },
    [start, []],
  )[1];
  assert.deepEqual(directions, ['same', 'up', 'down', 'same', 'down']);
});

test('names that are also methods of objects are ordinary names', () => {
  const campaign = (id) => ({ ...golden('campaign-updated'), data: { ...golden('campaign-updated').data, campaign_id: id } });
  const state = run(start, message({ ...campaign('constructor'), offset: 1 }), message({ ...campaign('__proto__'), offset: 2 }));
  assert.deepEqual(Object.keys(state.campaigns), ['constructor', '__proto__']);
  assert.equal(state.notifications.length, 2);
});

test('nothing changes the state object that changes nothing', () => {
  const same = [
    actions.connectionChanged({ status: start.connection.status, attempt: 0 }),
    actions.ticked(at), actions.toastDismissed('none'), actions.notificationsRead(), actions.notificationsCleared(),
    actions.failureDismissed('none'), actions.preferenceChanged('toasts', true), actions.positionAdvanced(0),
    actions.decisionUnknown('s', 'd'), actions.decisionFailed('s', 'd', 'x', at), { type: 'from-the-future' },
  ];
  for (const action of same) assert.equal(reducer(start, action), start, action.type);
});

test('UI-18: cards and their list are the same objects until something of theirs changes', () => {
  const state = run(start, message(signalMessage('new', makeSignal(1), 1)), message(signalMessage('new', makeSignal(2, { symbol: 'MSFT' }), 2)));
  const cards = selectCards(state, { filter: 'pending' });
  const priced = run(state, message({ ...golden('price_update'), symbol: 'TSLA' }));
  assert.equal(selectCards(priced, { filter: 'pending' }), cards);
  const moved = selectCards(run(state, message(golden('price_update'))), { filter: 'pending' });
  assert.equal(moved[0], cards[0]);
  assert.notEqual(moved[1], cards[1]);
  assert.deepEqual(selectCards(state, { filter: 'all', symbol: 'MSFT' }).map(({ id }) => id), [signalId(2)]);
  assert.deepEqual(selectCards(state, { filter: 'decided' }), []);
});

test('OPT-01, OPT-05: a decision on its way shows at once, and the signal stays where it was', () => {
  const decision = { decisionId: 'd-1', action: 'approve', status: 'BUY', note: null, reason: null, startedAt: at, deadlineAt: at + 10_000, phase: 'sending' };
  const state = run(start, message(signalMessage('new', makeSignal(1), 1)), actions.decisionStarted(signalId(1), decision));
  const [card] = selectCards(state, { filter: 'pending' });
  assert.deepEqual([card.shownStatus, card.pending, card.signal.status], ['APPROVED_BUY', 'sending', 'PENDING_REVIEW']);
  assert.equal(selectSignal(state, signalId(1)).pending, 'sending');
  assert.equal(selectSignal(state, signalId(1)), selectSignal(state, signalId(1)));
  assert.equal(selectSignal(state, 'none'), null);
});
