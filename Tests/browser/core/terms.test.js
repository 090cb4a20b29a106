import test from 'node:test';
import assert from 'node:assert/strict';
import * as actions from '../../../Public/core/actions.js';
import { initialState } from '../../../Public/core/state.js';
import { reducer } from '../../../Public/core/reducer.js';
import { selectCards, selectPreviewInputs } from '../../../Public/core/selectors.js';
import { describeDifference } from '../../../Public/view/term-words.js';
import { previewLines } from '../../../Public/view/preview-words.js';
import { readPreviews } from '../../../Public/wire/previews.js';
import { readSnapshot } from '../../../Public/wire/snapshot.js';
import { toAction } from '../../../Public/wire/to-action.js';
import { decidedSignal, makeDecision, makeSignal, signalMessage, snapshotBody } from '../support/messages.js';

const at = Date.parse('2026-01-23T10:31:00.000Z');
const run = (state, ...list) => list.reduce(reducer, state);
const loaded = (changes, reason = null) => actions.snapshotLoaded(readSnapshot(snapshotBody(changes)).snapshot, at, reason);
const signal = makeSignal(1);
const amend = (version, changes, before = signal) => ({ ...before, version, terms: `t${version}`, ...changes });
const told = (after, offset) => toAction({ ...signalMessage('amended', after, offset), changes: [] }, at);
const card = (state) => selectCards(state, { filter: 'all' })[0];
const shown = run(initialState, loaded({ signals: [signal] }));

test('issue 5, Terms: an amendment shows what changed since this tab first showed the signal, and says so once', () => {
  const once = run(shown, told(amend(2, { stop_loss: '149.10' }), 1));
  assert.deepEqual(card(once).changes, [{ field: 'stop_loss', was: '149.50', is: '149.10' }]);
  assert.equal(card(once).signal.stop_loss, '149.10');
  assert.deepEqual(once.toasts.shown.map(({ text }) => text), ['AAPL amended: stop loss 149.50 → 149.10']);
  const twice = run(once, told(amend(3, { stop_loss: '149.20', target_price: null }), 2));
  assert.deepEqual(card(twice).changes.map(({ field, was, is }) => [field, was, is]), [
    ['stop_loss', '149.50', '149.20'], ['target_price', '152.75', null],
  ]);
  assert.equal(twice.toasts.shown.length, 2);
});

test('issue 5, Terms: terms that come back to what was shown are no change, nor is another way to write an amount', () => {
  const there = run(shown, told(amend(2, { stop_loss: '149.10' }), 1));
  const back = run(there, told(amend(3, { stop_loss: '149.5', terms: signal.terms }), 2));
  assert.deepEqual(card(back).changes, []);
  assert.deepEqual(run(shown, told(amend(2, { stop_loss: '149.500', terms: 'other' }), 1)).shownFirst, {});
});

test('issue 5, Terms: a change is seen whatever brought it: a message, REST or a snapshot after a gap', () => {
  const amended = amend(2, { quantity: '65' });
  for (const action of [told(amended, 1), actions.signalRead(amended, at), loaded({ signals: [amended], offset: 5 }, 'trimmed')]) {
    assert.deepEqual(card(run(shown, action)).changes, [{ field: 'quantity', was: '100', is: '65' }], action.type);
  }
  const byRest = run(shown, actions.signalRead(amended, at), told(amended, 1));
  assert.equal(byRest.toasts.shown.length, 1, 'said once');
});

test('issue 5, Terms: more time is shown as a change, and said by the message about it alone', () => {
  const extension = { extended_by: 'bo', extended_at: '2026-01-23T10:34:00.000Z', times: 1, minutes: 5 };
  const extended = amend(2, { expires_at: '2026-01-23T10:40:00.000Z', extended: extension });
  const mine = run(shown, actions.signalRead(extended, at));
  assert.deepEqual(card(mine).changes.map(({ field, is }) => [field, is]), [['expires_at', extended.expires_at]]);
  assert.deepEqual(mine.toasts.shown, []);
  const amended = run(shown, actions.signalRead({ ...extended, version: 3, quantity: '65' }, at));
  assert.deepEqual(amended.toasts.shown.map(({ text }) => text), ['AAPL amended: quantity 100 → 65']);
});

test('issue 5, Terms: a tab that opens later has nothing to compare, and what is decided is compared no more', () => {
  assert.deepEqual(card(run(initialState, loaded({ signals: [amend(2, { quantity: '65' })] }))).changes, []);
  const amended = amend(2, { quantity: '65' });
  const decided = run(shown, told(amended, 1), actions.signalRead(decidedSignal(amended, makeDecision()), at));
  assert.deepEqual(decided.shownFirst, {});
  assert.deepEqual(card(decided).changes, []);
});

test('issue 5, Terms: words for every field', () => {
  assert.deepEqual(describeDifference({ field: 'stop_loss', was: '149.5', is: null }), { label: 'Stop', was: '149.50', is: 'none' });
  assert.deepEqual(describeDifference({ field: 'risk_amount', was: '75', is: '80' }), { label: 'Risk', was: '$75.00', is: '$80.00' });
  assert.deepEqual(describeDifference({ field: 'of_a_later_server', was: null, is: 'x' }), { label: 'of a later server', was: 'none', is: 'x' });
});

const preview = (changes = {}) => ({
  signal_id: signal.id, terms: signal.terms, risk_amount: '1350', risk_percentage: '0.54',
  heat: { before: '62', after: '71', crosses: ['70'] }, campaign_id: 'C-123', campaign: { before: '79', after: '79.5', crosses: [] },
  sessions: [], drift: null, ...changes,
});

test('issue 5, part 7: a preview is said in a line for each limit, with the lines it crosses', () => {
  assert.deepEqual(previewLines(preview()), [
    { text: 'Heat 62% → 71%, crosses 70%', crosses: true }, { text: 'Campaign C-123 79% → 79.5%', crosses: false },
  ]);
  assert.deepEqual(previewLines(preview({ heat: null, campaign: null })), []);
  assert.deepEqual(previewLines(null), []);
});

test('issue 5, part 7: a preview of other terms is not shown, and one that says the same paints nothing anew', () => {
  const state = run(shown, actions.previewsLoaded([preview()]));
  assert.equal(card(state).preview.heat.after, '71');
  assert.equal(card(run(state, actions.previewsLoaded([preview()]))), card(state));
  assert.equal(card(run(state, told(amend(2, { risk_amount: '5000.00' }), 1))).preview, null);
});

test('issue 5, part 7: previews are asked for anew when what they are made of changes, and for prices never', () => {
  const inputs = selectPreviewInputs(shown);
  const price = toAction({ type: 'price_update', timestamp: '2026-01-23T10:31:00.000Z', symbol: 'AAPL', data: { price: '151' } }, at);
  assert.equal(selectPreviewInputs(run(shown, price)), inputs);
  const heat = { total_heat: '63', available_capacity: '37', timestamp: '2026-01-23T10:31:00.000Z', heat_limit: null, value: null, session_pnl: null };
  assert.notEqual(selectPreviewInputs(run(shown, actions.portfolioUpdated(heat, { offset: 1, at, replayed: false }))), inputs);
  assert.notEqual(selectPreviewInputs(run(shown, told(amend(2, { quantity: '65' }), 1))), inputs);
});

test('SEC-07: a preview that cannot be read is left out, and an answer that is none is refused', () => {
  assert.deepEqual(readPreviews({ previews: [preview(), { ...preview(), heat: 5 }, null] }), [preview()]);
  for (const answer of [null, [], {}, { previews: {} }]) assert.equal(readPreviews(answer), null);
});
