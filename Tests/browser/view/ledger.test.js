import test from 'node:test';
import assert from 'node:assert/strict';
import { cellWords, FEW, ledgerLines, ledgerNote } from '../../../Public/view/ledger-words.js';
import { paperWords, signedR, spanText, toneOfR } from '../../../Public/view/paper-words.js';
import { entryWords } from '../../../Public/view/audit-words.js';
import { signalHistory } from '../../../Public/view/history.js';
import { readAuditStatistics } from '../../../Public/wire/audit.js';
import { reducer } from '../../../Public/core/reducer.js';
import { initialState } from '../../../Public/core/state.js';
import { toAction } from '../../../Public/wire/to-action.js';
import { auditEntry, auditStatistics, ledger, tallies, tally } from '../support/audit.js';
import { golden } from '../support/messages.js';

const MINUS = '\u2212';
const measured = golden('signal-measured').data;
const words = (fields) => paperWords({ ...measured.paper_result, ...fields });

test('APR-19: a signal says what it would have made, how it ended and when', () => {
  assert.deepEqual(words({}), { tone: 'good', title: 'Would have made +3.33 R: target after 14 min', detail: 'BUY at 150.25, out at 152.75.' });
  assert.equal(words({ ending: 'stop', r: '-1.20', exit_price: '149.35' }).title, 'Would have lost 1.20 R: stop after 14 min');
  assert.equal(words({ ending: 'stop', r: '-1.20' }).tone, 'bad');
  assert.equal(words({ ending: 'time', r: '0.00' }).title, 'Would have stood at 0.00 R after 14 min');
  const none = { r: null, entry_price: null, entered_at: null, exit_price: null };
  assert.deepEqual(words({ ending: 'not_filled', ...none }), { tone: 'quiet', title: 'Would not have been filled within 14 min', detail: '' });
  assert.match(words({ ending: 'no_prices', ...none }).title, /^No price was seen .* not known$/);
  assert.equal(words({ ending: 'split' }).title, 'Would have made +3.33 R', 'an ending of a later server');
  assert.equal(paperWords(null), null);
});

test('what nobody watched is said', () => {
  assert.equal(words({ unwatched_seconds: 200 }).detail, 'BUY at 150.25, out at 152.75. Prices were not watched for 3 min of it.');
});

test('R has a sign, and minus is a minus', () => {
  assert.deepEqual(['3.33', '0.00', '-1.00', '1234.50'].map(signedR), ['+3.33 R', '0.00 R', `${MINUS}1.00 R`, '+1,234.50 R']);
  assert.deepEqual(['0.01', '-0.01', '0.00', null].map(toneOfR), ['good', 'bad', 'quiet', 'quiet']);
  assert.deepEqual([0, 59_400, 60_000, 3_600_000, 7_500_000, 86_400_000].map(spanText), ['0 s', '59 s', '1 min', '1 h', '2 h 05 min', '24 h']);
});

test('APR-19: what rejected signals would have lost was saved, what they would have made was missed', () => {
  const line = (sum) => ledgerLines(ledger({ total: tallies({ rejected: tally(12, sum) }) }))[0];
  assert.deepEqual([line('-4.20').title, line('-4.20').tone], ['Rejections saved 4.20 R', 'good']);
  assert.deepEqual([line('1.30').title, line('1.30').tone], ['Rejections cost 1.30 R', 'bad']);
  assert.deepEqual([line('0.00').title, line('0.00').tone], ['Rejections came out even', 'quiet']);
});

test('approved signals are the yardstick, and come first', () => {
  const lines = ledgerLines(ledger({ total: tallies({ expired: tally(1, '2.00'), approved: tally(3, '-0.50') }) }));
  assert.deepEqual(lines.map(({ title }) => title), ['Approved signals lost 0.50 R by their plans', 'Letting signals expire cost 2.00 R']);
  assert.deepEqual(ledgerLines(ledger()), []);
});

test('what does not count in R is counted beside it', () => {
  const [line] = ledgerLines(ledger({ total: tallies({ rejected: tally(9, '-2.00', { filled: 4, not_filled: 3, no_prices: 2, unwatched: 1, r_mean: '-0.50' }) }) }));
  assert.equal(line.detail, `4 of 9 filled, mean ${MINUS}0.50 R; 2 without prices; 1 not watched all the time`);
  const [none] = ledgerLines(ledger({ total: tallies({ rejected: tally(2, '0.00', { filled: 0, not_filled: 2, r_mean: null }) }) }));
  assert.equal(none.title, 'Of the rejected signals none would have been filled');
  assert.deepEqual(cellWords('rejected', tally(0)), { sum: '', counts: '', tone: 'quiet' });
  assert.deepEqual(cellWords('approved', tally(2, '-1.00', { filled: 1 })), { sum: `${MINUS}1.00 R`, counts: '1 of 2 filled', tone: 'bad' });
  assert.deepEqual(cellWords('rejected', tally(1, '-1.00')), { sum: 'saved 1.00 R', counts: '1 of 1 filled', tone: 'good' });
  assert.deepEqual(cellWords('expired', tally(1, '2.00')), { sum: 'cost 2.00 R', counts: '1 of 1 filled', tone: 'bad' });
  assert.equal(cellWords('rejected', tally(2, '0.00', { filled: 0 })).sum, '–');
});

test('few trades are said to be few', () => {
  const note = (count) => ledgerNote(ledger({ total: tallies({ rejected: tally(count, '1.00') }) }));
  assert.match(note(FEW - 1), /luck/);
  assert.equal(note(FEW), '');
  assert.match(ledgerNote(ledger()), /^Nothing is known yet/);
});

test('what is still followed, what was passed over and what was left out is said', () => {
  const total = tallies({ rejected: tally(FEW, '1.00') });
  assert.equal(ledgerNote(ledger({ total, following: 2 })), '2 signals are being followed, each for 24 h at most.');
  assert.match(ledgerNote(ledger({ total, passed_over: 1 })), /^1 was not followed/);
  assert.match(ledgerNote(ledger({ total, is_whole: false })), /newest/);
  assert.match(ledgerNote(ledger({ follow_ms: 0 })), /--ledger-hours 0/);
});

test('the log and the history of a signal tell what it would have made', () => {
  const entry = auditEntry(9, { type: 'signal_measured', signal: measured, message: null });
  assert.equal(entryWords(entry).title, 'Would have made +3.33 R: target after 14 min');
  const steps = signalHistory(measured);
  assert.deepEqual(steps.slice(-2).map(({ title }) => title), [`Rejected by ${measured.decision.decided_by}`, 'Would have made +3.33 R: target after 14 min']);
  const expired = signalHistory({ ...measured, status: 'EXPIRED', decision: null });
  assert.equal(expired.find(({ key }) => key === 'later')?.at, measured.paper_result.started_at, 'it did not expire when it was measured');
});

test('that a signal was measured is no news to anybody', () => {
  const message = golden('signal-measured');
  const state = reducer(initialState, toAction(message, 0));
  assert.equal(state.signals.byId[message.data.id].paper_result.r, '3.33');
  assert.deepEqual([state.notifications, state.toasts.shown], [[], []]);
});

test('SEC-07: a ledger that is none is refused', () => {
  assert.ok(readAuditStatistics(auditStatistics({ ledger: ledger({ total: tallies({ rejected: tally(1, '-1.00') }) }) })).ok);
  const bad = [ledger({ total: {} }), ledger({ by: {} }), ledger({ total: tallies({ expired: tally(1, 'much') }) }), null];
  for (const broken of bad) assert.ok(!readAuditStatistics(auditStatistics({ ledger: broken })).ok);
});
