import test from 'node:test';
import assert from 'node:assert/strict';
import { entrySubject, entryWords } from '../../../Public/view/audit-words.js';
import { describeExpiry } from '../../../Public/view/expiry.js';
import { intentForKey } from '../../../Public/view/hotkeys.js';
import { pageTitle } from '../../../Public/view/page-title.js';
import { stopWords } from '../../../Public/view/stop-words.js';
import { describeUndo } from '../../../Public/view/undo.js';
import { auditEntry } from '../support/audit.js';
import { golden } from '../support/messages.js';

const stop = golden('desk-stopped').data;
const desk = (changes = {}) => ({ stopped: true, stop, acknowledgements: null, stopping: null, ...changes });
const bo = { name: 'bo' };

test('GAP-07: the banner says who, when and why, who knows, and how far resuming is', () => {
  assert.equal(stopWords(desk({ stopped: false }), bo), null);
  const words = stopWords(desk({ acknowledgements: golden('desk-acknowledged').data }), bo);
  assert.match(words.who, /^by ann at \d\d:\d\d:\d\d/);
  assert.equal(words.reason, 'The feed is wrong');
  assert.deepEqual([words.acknowledged, words.missing], ['Acknowledged 5/6', 'Not yet: bo, gone']);
  assert.deepEqual([words.resume, words.canSignOff, words.canKeep], ['Resuming takes 2 people.', true, false]);
});

test('GAP-07: after the first sign-off another person is asked for', () => {
  const signedOff = desk({ stop: golden('desk-resume_signed_off').data });
  assert.match(stopWords(signedOff, { name: 'Bo' }).resume, /1 of 2, by bo\. Somebody else/);
  assert.deepEqual([stopWords(signedOff, { name: 'Bo' }).canSignOff, stopWords(signedOff, { name: 'cy' }).canSignOff], [false, true]);
  assert.equal(stopWords(signedOff, { name: 'cy' }).canKeep, true);
  const forRisk = desk({ stop: { ...stop, resume: { ...stop.resume, role: 'risk' } } });
  assert.equal(stopWords(forRisk, bo).resume, 'Resuming takes 2 risk officers.');
  assert.deepEqual(['trader', 'risk'].map((role) => stopWords(forRisk, { name: 'cy', role }).canSignOff), [false, true]);
});

test('OPT-06: while my stop is on its way the banner says so', () => {
  assert.equal(stopWords(desk({ stopped: false, stopping: { at: 1 } }), bo).title, 'Stopping the desk…');
});

test('GAP-07: times stand still, the tab is named', () => {
  const now = Date.parse('2026-01-23T10:31:00.000Z');
  assert.deepEqual(describeExpiry('2026-01-23T10:31:30.000Z', now, true), { tone: 'paused', text: '0:30 paused', label: '0:30 are left when the desk goes on' });
  assert.deepEqual([describeUndo(3_000, false, true).open, describeUndo(3_000, false, true).text], [true, 'Undo · 3 s, paused']);
  assert.equal(pageTitle(3, null, true), '■ STOPPED (3) Countersign');
});

test('GAP-07: one key asks, also while another question is open, never while somebody writes or holds it down', () => {
  const key = { key: 's', ctrlKey: false, metaKey: false, altKey: false, repeat: false, defaultPrevented: false };
  const focus = { tag: 'body', editable: false, inCard: false, dialogOpen: false };
  assert.equal(intentForKey(key, focus), 'stop');
  assert.equal(intentForKey(key, { ...focus, dialogOpen: true }), 'stop');
  assert.equal(intentForKey({ ...key, key: 'a' }, { ...focus, dialogOpen: true }), null);
  for (const tag of ['input', 'textarea', 'select']) assert.equal(intentForKey(key, { ...focus, tag }), null);
  assert.equal(intentForKey({ ...key, repeat: true }, focus), null);
  assert.equal(intentForKey({ ...key, ctrlKey: true }, focus), null);
});

test('APR-18: the audit has words for stops and for what people told sessions', () => {
  const entry = (type, message, user = 'ann') => auditEntry(1, { type, user, message });
  assert.deepEqual(entryWords(entry('desk_stopped', golden('desk-stopped'))), { tone: 'bad', title: 'Desk stopped by ann', detail: 'The feed is wrong' });
  assert.equal(entryWords(entry('desk_resume_signed_off', golden('desk-resume_signed_off'), 'bo')).title, 'Resuming signed off by bo, 1 of 2');
  assert.equal(entryWords(entry('desk_resumed', golden('desk-resumed'), 'cy')).title, 'Desk resumed by bo and cy');
  const control = { action: 'stop', by: 'bo', at: '2026-01-06T12:00:00.000Z', reason: 'Losses', id: 'c' };
  const session = entry('session_controlled', { ...golden('session_status'), control }, 'bo');
  assert.deepEqual(entryWords(session), { tone: 'bad', title: 'Session stopped by bo', detail: 'Losses' });
  assert.equal(entrySubject(session), 'session-1');
});
