import test from 'node:test';
import assert from 'node:assert/strict';
import * as actions from '../../../Public/core/actions.js';
import { receiptsMax } from '../../../Public/core/reduce-receipts.js';
import { reducer } from '../../../Public/core/reducer.js';
import { selectReceipts } from '../../../Public/core/selectors.js';
import { initialState } from '../../../Public/core/state.js';
import { fullMoment, timeOfDay } from '../../../Public/view/clock-text.js';
import { receiptsText as partsOf } from '../../../Public/view/receipts.js';
import { checkMessage } from '../../../Public/wire/messages.js';
import { readReceipts } from '../../../Public/wire/snapshot.js';
import { toAction } from '../../../Public/wire/to-action.js';
import { golden, signalId } from '../support/messages.js';

const told = golden('receipts-updated').data;
const now = Date.parse('2026-01-23T10:30:00.000Z');
const receiptsText = (receipts, nowMs) => Object.values(partsOf(receipts, nowMs)).filter(Boolean).join(' · ');
const meta = { offset: null, at: 0, replayed: false };
const after = (state, ...list) => list.reduce((one, receipts) => reducer(one, actions.receiptsChanged(receipts, meta)), state);

test('DLV-03: who has seen a decision, who has not and since when they are away, in words', () => {
  assert.equal(receiptsText(told, now),
    `Delivered 1/3 · seen by ann · bo offline since ${timeOfDay('2026-01-23T10:25:00.000Z')}, cy has not confirmed yet`);
  assert.equal(receiptsText({ ...told, recipients: 1, waiting: [] }, now), 'Delivered 1/1 · seen by ann');
  assert.equal(receiptsText({ ...told, recipients: 0, delivered: 0, seen: [], waiting: [] }, now), '');
  assert.equal(receiptsText(null, now), '');
  assert.equal(partsOf(told, now).delivered, 'Delivered 1/3 · seen by ann', 'what is missing stands out by itself');
});

test('who has been away since another day is told with the day', () => {
  const [bo] = told.waiting;
  const since = '2026-01-21T10:25:00.000Z';
  const text = receiptsText({ ...told, recipients: 2, waiting: [{ ...bo, offline_since: since }] }, now);
  assert.ok(text.endsWith(`bo offline since 21 Jan, ${timeOfDay(since)}`), text);
  assert.ok(fullMoment(since).startsWith('21 Jan'));
});

test('DLV-03: who goes away and comes back is told, though nobody has seen more', () => {
  const back = { ...told, waiting: told.waiting.map((who) => ({ ...who, offline_since: null })) };
  const state = after(initialState, told, back);
  assert.match(receiptsText(selectReceipts(state, told.signal_id), now), /bo has not confirmed yet/);
  assert.match(receiptsText(selectReceipts(after(state, told), told.signal_id), now), /bo offline since/);
});

test('of many names some are said, of all the number', () => {
  const seen = Array.from({ length: 20 }, (_, index) => ({ ...told.seen[0], user: `u${index}` }));
  assert.equal(receiptsText({ ...told, recipients: 45, delivered: 45, seen, waiting: [] }, now),
    'Delivered 45/45 · seen by u0, u1, u2, u3, u4 and 40 more');
});

test('the message of the socket and the answer of REST say the same', () => {
  const { message } = checkMessage(golden('receipts-updated'));
  const state = reducer(initialState, toAction(message, 0));
  assert.deepEqual(selectReceipts(state, told.signal_id), told);
  assert.deepEqual(readReceipts(told), { ok: true, receipts: told });
  assert.equal(readReceipts({ ...told, seen: 'ann' }).ok, false);
  assert.equal(selectReceipts(state, signalId(9)), null);
});

test('an answer that is older than what came by itself changes nothing', () => {
  const newer = { ...told, delivered: 2 };
  const state = after(initialState, newer, told);
  assert.equal(selectReceipts(state, told.signal_id).delivered, 2);
  assert.equal(selectReceipts(after(state, { ...told, offset: 4718, delivered: 0 }), told.signal_id).offset, 4718);
});

test('a page that stays open for weeks does not grow', () => {
  const many = Array.from({ length: receiptsMax + 5 }, (_, index) => ({ ...told, signal_id: signalId(index) }));
  const state = after(initialState, ...many);
  assert.equal(Object.keys(state.receipts).length, receiptsMax);
  assert.equal(selectReceipts(state, signalId(0)), null);
});
