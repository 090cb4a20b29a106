import test from 'node:test';
import assert from 'node:assert/strict';
import { delayText, entrySubject, entryWords, filtersOf, heatLevel } from '../../../Public/view/audit-words.js';
import { loggedHistory } from '../../../Public/view/history.js';
import { readAuditPage, readAuditStatistics } from '../../../Public/wire/audit.js';
import { auditEntry, auditPage, auditStatistics, rejectionEntry } from '../support/audit.js';

test('APR-18: an entry says who did what, about what, and why', () => {
  const entry = rejectionEntry(7);
  const { decision, symbol } = entry.signal;
  assert.equal(entryWords(entry).title, `Rejected by ${decision.decided_by}`);
  assert.ok(entryWords(entry).detail?.includes(decision.reason));
  assert.ok(entrySubject(entry)?.startsWith(symbol));
});

test('APR-18: undoing, more time and what a program reported have words of their own', () => {
  const { signal } = rejectionEntry(7);
  const report = { reported_by: 'broker-bridge', reported_at: signal.updated_at, reason: 'Halted', price: null, quantity: null, order_id: 'A-1' };
  const of = (/** @type {string} */ type, /** @type {object} */ more) => entryWords(auditEntry(8, { type, user: 'bo', message: null, signal: { ...signal, ...more } }));
  assert.deepEqual(of('signal_undone', {}), { tone: 'bad', title: 'Approval undone by bo', detail: null });
  assert.equal(of('signal_extended', { extended: { minutes: 10 } }).detail, '10 min in all');
  assert.deepEqual(of('signal_failed', { report }), { tone: 'bad', title: 'Failed, reported by broker-bridge', detail: 'Halted, order A-1' });
  assert.equal(of('signal_executed', { report: null }).title, 'Executed');
  assert.equal(of('signal_withdrawn', { report }).title, 'Withdrawn by broker-bridge');
});

test('APR-18, GAP-06: a sign-off says how far the approval is, a decision by which policy, and a veto is called one', () => {
  const { signal } = rejectionEntry(7);
  const of = (/** @type {string} */ type, /** @type {object} */ more) => entryWords(auditEntry(8, { type, user: 'ruth', message: null, signal: { ...signal, ...more } }));
  const signOffs = [{ user: 'ann', role: 'trader', needed: 3 }, { user: 'ruth', role: 'risk', status: 'BUY', needed: 3, note: 'Volume' }];
  assert.deepEqual(of('signal_signed_off', { sign_offs: signOffs }), {
    tone: 'good', title: 'Signed off BUY by ruth: 2 of 3', detail: 'as risk officer · Volume' });
  const decision = { ...signal.decision, veto: true, note: null, policy: { version: 'v7', hash: 'h' } };
  assert.deepEqual([of('signal_rejected', { decision }).title, of('signal_rejected', { decision }).detail], [
    'Vetoed by ruth', `${decision.reason} · policy v7`]);
});

test('an entry of a type that this page does not know is named as the log names it', () => {
  assert.equal(entryWords(auditEntry(1, { type: 'desk_moved', user: 'ann', message: null })).title, 'Desk moved by ann');
  assert.equal(entryWords(auditEntry(1, { type: 'toString' })).title, 'ToString');
  assert.deepEqual([entryWords(auditEntry(1)).title, entryWords(auditEntry(1)).detail], ['Notice', 'hello']);
});

test('a day of the form is the whole day where the reader is', () => {
  const { from, to } = filtersOf({ type: '', user: ' ann ', fromDay: '2026-01-23', toDay: '2026-01-23' });
  assert.equal(from, new Date(2026, 0, 23).toISOString());
  assert.equal(to, new Date(2026, 0, 24).toISOString());
  assert.deepEqual(filtersOf({ type: 'notice', user: '', fromDay: '', toDay: 'soon' }), { type: 'notice', user: '', from: '', to: '' });
});

test('APR-19: delays in the unit that fits them', () => {
  const texts = [[null, '–'], [0, '0 ms'], [999, '999 ms'], [4_200, '4.2 s'], [200_000, '3 min 20 s'], [7_500_000, '2 h 05 min']];
  for (const [ms, text] of texts) assert.equal(delayText(/** @type {any} */ (ms)), text);
});

test('APR-20: the most is warmest, and one is never cold', () => {
  assert.deepEqual([0, 1, 25, 26, 100].map((count) => heatLevel(count, 100)), [0, 1, 1, 2, 4]);
  assert.equal(heatLevel(1, 1), 4);
});

test('the history of a signal is the log\'s, unless the signal has gone on since', () => {
  const entry = rejectionEntry(7);
  const received = { ...entry, offset: 3, type: 'signal_received', user: null, version: 1 };
  const steps = loggedHistory(entry.signal, [received, entry]);
  assert.deepEqual(steps?.slice(-2).map(({ title }) => title), ['Received by the desk', `Rejected by ${entry.user}`]);
  assert.equal(loggedHistory({ ...entry.signal, version: entry.version + 1 }, [received, entry]), null);
  assert.equal(loggedHistory(entry.signal, []), null);
});

test('SEC-07: answers that are not the audit\'s are refused with the reason', () => {
  assert.ok(readAuditPage(auditPage([rejectionEntry(7), auditEntry(6)], 'e:6')).ok);
  assert.deepEqual(readAuditPage({ ...auditPage([]), entries: [auditEntry(1, { hash: 'x' })] }), { ok: false, reason: '/entries/0/hash is not a hash' });
  for (const broken of [null, [], {}, auditPage([auditEntry(-1)]), auditPage([auditEntry(1, { recorded_at: 'noon' })])]) assert.ok(!readAuditPage(broken).ok);
  assert.ok(readAuditStatistics(auditStatistics()).ok);
  const person = auditStatistics().people[0];
  for (const broken of [null, {}, auditStatistics({ people: [{ ...person, approvals_by_hour: [1] }] })]) assert.ok(!readAuditStatistics(broken).ok);
});
