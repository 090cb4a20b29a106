import test from 'node:test';
import assert from 'node:assert/strict';
import { patternText, recommendationText, signalFacts } from '../../../Public/view/facts.js';
import { signalHistory } from '../../../Public/view/history.js';
import { ladderMarks, priceZone } from '../../../Public/view/ladder.js';
import { signalParticulars } from '../../../Public/view/particulars.js';
import { recipientsHint, recipientsText } from '../../../Public/view/recipients.js';
import { recentDecisions } from '../../../Public/view/recent-decisions.js';
import { canDecide, describeStatus, oneClickStatus } from '../../../Public/view/signal-words.js';

const decision = { id: 'd', outcome: 'approved', status: 'BUY', decided_by: 'bob', decided_at: '2026-01-23T10:31:02.000Z', note: 'Strong.', reason: null };
const signal = {
  id: 's1', symbol: 'AAPL', side: 'BUY', status: 'PENDING_REVIEW', source: 'wyckoff-engine', ts: '2026-01-23T10:30:00.000Z',
  received_at: '2026-01-23T10:30:00.120Z', updated_at: '2026-01-23T10:30:00.120Z', expires_at: null, pattern_type: 'SPRING', phase: 'C',
  test_confirmed: true, confidence_score: 92.5, confidence_grade: 'A+', entry_price: '150.25', stop_loss: '149.50',
  target_price: '152.75', quantity: '100', risk_amount: '75.00', risk_percentage: '1.5', r_multiple: '3.33', campaign_id: null,
  reasoning: null, unslug_score: 0.75, fear_score: 0.65, combined_trust: 0.7, recommendation: { suggested: 'BUY', unslug: 0.75, fear: 0.65 },
  decision: null,
};
const short = { ...signal, side: 'SELL', stop_loss: '151.00', target_price: '147.75' };

test('OPT-01: a decision on its way says which, at once', () => {
  const view = { signal, shownStatus: 'APPROVED_BUY', pending: /** @type {const} */ ('sending') };
  assert.equal(describeStatus(view).label, 'Sending approval…');
  assert.equal(describeStatus({ ...view, shownStatus: 'REJECTED' }).label, 'Sending rejection…');
  assert.match(describeStatus({ ...view, pending: 'unknown' }).label, /^Asking the server/);
  assert.equal(canDecide(view), false);
});

test('APR-16: what was decided says who, when and why', () => {
  const shown = describeStatus({ signal: { ...signal, decision }, shownStatus: 'APPROVED_BUY', pending: null });
  assert.equal(shown.label, 'Approved BUY');
  assert.match(shown.byline, /^by bob \d\d:\d\d:\d\d$/);
  assert.equal(shown.quote, 'Strong.');
  const rejected = { ...decision, outcome: 'rejected', status: null, reason: 'Risk too high', note: 'Late.' };
  assert.equal(describeStatus({ signal: { ...signal, decision: rejected }, shownStatus: 'REJECTED', pending: null }).quote, 'Risk too high · Late.');
});

test('every status has words, even one we do not know yet', () => {
  const labels = { PENDING_REVIEW: 'Pending review', EXPIRED: 'Expired', WITHDRAWN: 'Withdrawn', EXECUTED: 'Executed', FAILED: 'Failed', ON_HOLD: 'on hold' };
  for (const [status, label] of Object.entries(labels)) {
    assert.equal(describeStatus({ signal, shownStatus: status, pending: null }).label, label);
  }
});

test('CON-18: a signal says whom it is for, me first, and of many names some', () => {
  const me = { name: 'ann', named: true };
  const words = (recipients, who = me, shownMax = undefined) => recipientsText({ recipients }, who, shownMax);
  assert.equal(words(null), '');
  assert.equal(words(['ann']), 'For you');
  assert.equal(words(['bo', 'ann']), 'For you and bo');
  assert.equal(words(['bo', 'ann'], { name: null, named: false }), 'For bo and ann');
  assert.equal(words(['bo', 'cy', 'di', 'ed', 'ann']), 'For you, bo, cy and 2 more');
  assert.equal(words(['bo', 'cy', 'di', 'ed'], me, 4), 'For bo, cy, di and ed');
});

test('what being for somebody means is said for as long as there is a plan', () => {
  const hint = (status, releasedAt = null) => recipientsHint({ status, released_at: releasedAt });
  assert.match(hint('PENDING_REVIEW'), /^When approved, the plan goes to nobody else\. Anyone on the desk may decide\.$/);
  assert.equal(hint('APPROVED_BUY'), 'The plan goes to nobody else.');
  for (const status of ['APPROVED_BUY', 'EXECUTED']) assert.equal(hint(status, '2026-01-23T10:31:07.000Z'), 'The plan went to nobody else.');
  for (const status of ['REJECTED', 'EXPIRED']) assert.equal(hint(status), '');
});

test('APR-02: one click approves a signal as its side; without a side the trader chooses', () => {
  assert.equal(oneClickStatus('SELL'), 'SELL');
  assert.equal(oneClickStatus('NEUTRAL'), null);
  assert.equal(oneClickStatus(null), null);
});

test('the ladder runs from stop to target, whichever is the higher price', () => {
  for (const plan of [signal, short]) {
    const marks = /** @type {any[]} */ (ladderMarks(plan, plan.entry_price));
    assert.deepEqual(marks.map(({ kind }) => kind), ['stop', 'entry', 'target', 'price']);
    assert.ok(Math.abs(marks[1].at - 0.2308) < 0.001);
    assert.equal(marks[3].at, marks[1].at);
  }
  assert.equal(ladderMarks({ ...signal, target_price: null }, '150'), null);
});

test('a price beyond the plan is hinted at, not drawn far away', () => {
  const marks = /** @type {any[]} */ (ladderMarks(signal, '500'));
  assert.equal(marks[3].at, 1);
  assert.equal(marks[3].beyond, true);
});

test('a price is told against the plan, for long and for short', () => {
  const zones = [['149.50', 'past-stop'], ['150', 'risk'], ['150.25', 'at-entry'], ['151', 'reward'], ['152.75', 'past-target']];
  for (const [price, zone] of zones) assert.equal(priceZone(signal, price), zone);
  assert.equal(priceZone(short, '152'), 'past-stop');
  assert.equal(priceZone(short, '149'), 'reward');
  assert.equal(priceZone(signal, null), null);
});

test('APR-12: the facts of a card', () => {
  const facts = Object.fromEntries(signalFacts(signal, { price: '150.61' }).map((fact) => [fact.key, fact]));
  assert.equal(facts.entry.value, '150.25');
  assert.equal(facts.stop.detail, '−0.50%');
  assert.equal(facts.target.detail, '+1.66%');
  assert.equal(facts.reward.value, '3.33R');
  assert.equal(facts.risk.value, '$75.00');
  assert.equal(facts.risk.detail, '1.5%');
  assert.equal(facts.price.detail, '+0.24% from entry');
  assert.equal(facts.price.tone, 'good');
  assert.equal(facts.price.label, 'Price now');
  assert.equal(signalFacts(signal, { price: '150.61' }, false)[0].label, 'Last price', 'while prices are not live');
});

test('a signal that says almost nothing still has all its facts, as dashes', () => {
  const bare = Object.fromEntries(Object.keys(signal).map((key) => [key, null]));
  assert.ok(signalFacts(bare, null).every(({ value }) => value === '–'));
  assert.equal(patternText(bare), '–');
  assert.equal(recommendationText(bare), null);
});

test('APR-11: the recommendation comes with its scores', () => {
  assert.equal(recommendationText(signal), 'Suggested BUY · unslug 0.75 · fear 0.65 · trust 0.7');
  assert.equal(patternText(signal), 'SPRING · Phase C · test confirmed');
});

test('the history tells a signal from its source to its execution', () => {
  const executed = { ...signal, decision, status: 'EXECUTED', updated_at: '2026-01-23T10:32:00.000Z' };
  assert.deepEqual(signalHistory(executed).map(({ title }) => title),
    ['Made by wyckoff-engine', 'Received by the desk', 'Approved BUY by bob', 'Executed']);
  assert.deepEqual(signalHistory({ ...signal, ts: null }).map(({ key }) => key), ['received']);
});

test('the particulars leave out what was not said', () => {
  const labels = signalParticulars(signal).map(([label]) => label);
  assert.ok(labels.includes('Combined trust'));
  assert.ok(!labels.includes('Campaign') && !labels.includes('Expires'));
});

test('recent decisions are the newest, and only decisions', () => {
  const decided = (at) => ({ ...signal, id: at, decision: { ...decision, decided_at: at } });
  const many = Array.from({ length: 12 }, (_, at) => decided(`2026-01-23T10:31:${10 + at}.000Z`));
  const recent = recentDecisions([signal, ...many]);
  assert.equal(recent.length, 8);
  assert.equal(recent[0].at, '2026-01-23T10:31:21.000Z');
  assert.equal(recent[0].what, 'approved BUY');
});
