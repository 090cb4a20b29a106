import test from 'node:test';
import assert from 'node:assert/strict';
import { describeUndo } from '../../../Public/view/undo.js';
import { signalHistory } from '../../../Public/view/history.js';
import { describeStatus, reportText } from '../../../Public/view/signal-words.js';
import { golden } from '../support/messages.js';

test('C4: the button counts whole seconds down, and says when it is too late', () => {
  assert.equal(describeUndo(4_001, false).text, 'Undo · 5 s');
  assert.equal(describeUndo(1, false).text, 'Undo · 1 s');
  assert.deepEqual([describeUndo(0, false).open, describeUndo(0, false).text], [false, 'Leaving…']);
  assert.deepEqual([describeUndo(3_000, true).open, describeUndo(3_000, true).text], [false, 'Undoing…']);
  assert.equal(describeUndo(null, true).shown, false);
});

test('C4: a signal that waits again says who approved and who undid', () => {
  const signal = golden('signal-undone').data;
  const titles = signalHistory(signal).map(({ title }) => title);
  assert.deepEqual(titles.slice(-2), ['Approved BUY by alice.smith', 'Approval undone by bo']);
  assert.match(describeStatus({ pending: null, shownStatus: signal.status, signal }).byline, /^bo undid alice.smith's approval/);
});

test('APR-10: what was reported of a signal is told with it', () => {
  const executed = golden('signal-executed').data;
  assert.equal(reportText(executed.report), '100 at 150.30, order A-4711');
  assert.match(describeStatus({ pending: null, shownStatus: 'EXECUTED', signal: executed }).quote, /100 at 150\.30/);
  assert.equal(signalHistory(executed).at(-1).title, 'Executed, reported by broker-bridge');
  const failed = golden('signal-failed').data;
  assert.match(describeStatus({ pending: null, shownStatus: 'FAILED', signal: failed }).quote, /halted/);
  const withdrawn = golden('signal-withdrawn').data;
  const { byline, quote } = describeStatus({ pending: null, shownStatus: 'WITHDRAWN', signal: withdrawn });
  assert.match(byline, /^by wyckoff-engine/);
  assert.equal(quote, 'The level broke.');
});

test('APR-13: more time stands in the history', () => {
  const steps = signalHistory(golden('signal-extended').data);
  assert.deepEqual([steps.at(-1).title, steps.at(-1).detail], ['More time, by bo', '5 min']);
});
