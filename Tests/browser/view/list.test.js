import test from 'node:test';
import assert from 'node:assert/strict';
import { arrange, newlyUnwanted, waitingLabel } from '../../../Public/view/arrangement.js';
import { describeEmptyList } from '../../../Public/view/empty-list.js';
import { pageTitle } from '../../../Public/view/page-title.js';

const none = new Set();

test('a new signal comes on top when nobody is about to click', () => {
  const { ids, waiting } = arrange({ order: ['c', 'b', 'a'], wanted: new Set(['c', 'b', 'a']), shown: ['b', 'a'], lingering: none, held: false });
  assert.deepEqual(ids, ['c', 'b', 'a']);
  assert.deepEqual(waiting, []);
});

test('nothing moves under a pointer: new signals wait, decided ones stay', () => {
  const { ids, waiting } = arrange({ order: ['d', 'c', 'b', 'a'], wanted: new Set(['d', 'c', 'a']), shown: ['b', 'a'], lingering: none, held: true });
  assert.deepEqual(ids, ['b', 'a']);
  assert.deepEqual(waiting, ['d', 'c']);
});

test('an empty list has nothing to hold', () => {
  assert.deepEqual(arrange({ order: ['a'], wanted: new Set(['a']), shown: [], lingering: none, held: true }).ids, ['a']);
});

test('a decided card lingers in its place, so that its outcome is seen', () => {
  const input = { order: ['c', 'b', 'a'], wanted: new Set(['c', 'a']), shown: ['c', 'b', 'a'], held: false };
  assert.deepEqual(arrange({ ...input, lingering: new Set(['b']) }).ids, ['c', 'b', 'a']);
  assert.deepEqual(arrange({ ...input, lingering: none }).ids, ['c', 'a']);
  assert.deepEqual(newlyUnwanted(['c', 'b', 'a'], new Set(['c', 'a']), none), ['b']);
  assert.deepEqual(newlyUnwanted(['c', 'b', 'a'], new Set(['c', 'a']), new Set(['b'])), []);
});

test('a signal the desk no longer knows goes even from a held list', () => {
  assert.deepEqual(arrange({ order: ['a'], wanted: new Set(['a']), shown: ['b', 'a'], lingering: none, held: true }).ids, ['a']);
});

test('waiting signals are counted in words', () => {
  assert.equal(waitingLabel(1), '1 new signal');
  assert.equal(waitingLabel(3), '3 new signals');
});

test('an empty list says why, and what to do', () => {
  const list = { filter: 'pending', symbol: '', unreachable: false, counts: { pending: 0, decided: 0 } };
  assert.equal(describeEmptyList(list).title, 'No signals are waiting.');
  assert.equal(describeEmptyList(list).action, null);
  assert.equal(describeEmptyList({ ...list, counts: { pending: 0, decided: 2 } }).does, 'all');
  assert.equal(describeEmptyList({ ...list, symbol: 'ZZZ' }).does, 'clear');
  assert.equal(describeEmptyList({ ...list, unreachable: true, symbol: 'ZZZ' }).does, 'reconnect');
});

test('the tab says how many wait, first', () => {
  assert.equal(pageTitle(3, null), '(3) Countersign');
  assert.equal(pageTitle(0, null), 'Countersign');
  assert.equal(pageTitle(2, { symbol: 'AAPL', side: 'BUY' }), '(2) AAPL BUY · Countersign');
  assert.equal(pageTitle(0, { symbol: 'AAPL', side: null }), 'AAPL · Countersign');
});
