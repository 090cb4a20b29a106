import test from 'node:test';
import assert from 'node:assert/strict';
import { createAuditApi } from '../../../Public/net/audit-api.js';
import { createAuditLoading } from '../../../Public/net/audit-loading.js';
import { auditEntry, auditPage, auditStatistics } from '../support/audit.js';

const anything = { type: '', user: '', from: '', to: '' };
const answer = (body) => ({ kind: 'answer', status: 200, body });

/** A log that answers each page with the next of `pages`; each may be an outcome or a promise of one. */
function makeLoading(pages, statistics = answer(auditStatistics())) {
  const asked = [];
  const views = [];
  const api = {
    page: async (filters, cursor) => { asked.push({ filters, cursor }); return pages.shift(); },
    statistics: async () => statistics,
    history: async () => { throw new Error('not asked for here'); },
  };
  return { asked, views, loading: createAuditLoading({ api, show: (view) => views.push(view), utcOffsetMinutes: () => 60 }) };
}

test('APR-18: what is asked for is shown, and more of it goes on where it ended', async () => {
  const { loading, asked, views } = makeLoading([answer(auditPage([auditEntry(9)], 'e:9')), answer(auditPage([auditEntry(8)]))]);
  await loading.ask({ ...anything, user: 'ann' });
  assert.equal(views[0].phase, 'loading');
  assert.deepEqual([loading.view().phase, loading.view().hasMore, loading.view().statistics?.approved], ['ready', true, 1]);
  await loading.more();
  assert.deepEqual(asked, [{ filters: { ...anything, user: 'ann' }, cursor: null }, { filters: { ...anything, user: 'ann' }, cursor: 'e:9' }]);
  assert.deepEqual(loading.view().entries.map(({ offset }) => offset), [9, 8]);
  await loading.more();
  assert.equal(asked.length, 2, 'there is no more');
});

test('pages on which nothing was wanted are passed over, but not for ever', async () => {
  const empty = (n) => answer(auditPage([], `e:${n}`));
  const found = makeLoading([empty(9), empty(8), answer(auditPage([auditEntry(7)]))]);
  await found.loading.ask(anything);
  assert.deepEqual([found.loading.view().entries.length, found.loading.view().phase], [1, 'ready']);
  const endless = makeLoading(Array.from({ length: 30 }, (_, n) => empty(n)));
  await endless.loading.ask(anything);
  assert.deepEqual([endless.asked.length, endless.loading.view().phase, endless.loading.view().hasMore], [10, 'ready', true]);
});

test('an answer to an earlier question is dropped', async () => {
  let answerFirst = () => {};
  const slow = new Promise((resolve) => { answerFirst = () => resolve(answer(auditPage([auditEntry(1)]))); });
  const { loading } = makeLoading([slow, answer(auditPage([auditEntry(2)]))]);
  const first = loading.ask(anything);
  await loading.ask({ ...anything, user: 'bo' });
  answerFirst();
  await first;
  assert.deepEqual(loading.view().entries.map(({ offset }) => offset), [2]);
});

test('a failure is said, in the words of the desk when there are any, keeps what was read and can be tried again', async () => {
  const problem = { kind: 'problem', problem: { detail: 'user= must be a name.' } };
  const { loading } = makeLoading([answer(auditPage([auditEntry(9)], 'e:9')), problem, { kind: 'unreachable', reason: 'x' }, answer({}), answer(auditPage([auditEntry(8)]))]);
  await loading.ask(anything);
  for (const reason of ['user= must be a name.', null, null]) {
    await loading.more();
    assert.deepEqual([loading.view().phase, loading.view().reason, loading.view().entries.length], ['failed', reason, 1]);
  }
  await loading.more();
  assert.deepEqual([loading.view().phase, loading.view().entries.length], ['ready', 2]);
});

test('APR-19: the entries stand without the statistics', async () => {
  for (const outcome of [{ kind: 'unreachable', reason: 'x' }, answer({ approved: 'many' })]) {
    const { loading } = makeLoading([answer(auditPage([auditEntry(9)]))], outcome);
    await loading.ask(anything);
    assert.deepEqual([loading.view().phase, loading.view().statistics, loading.view().statisticsFailed], ['ready', null, true]);
  }
});

test('the addresses carry what is said and nothing else', async () => {
  const paths = [];
  const api = createAuditApi(async (path) => { paths.push(path); return { kind: 'unreachable', reason: '' }; });
  await api.page({ type: 'signal_approved,signal_rejected', user: 'Zoë & co', from: '', to: '' }, 'e:4');
  await api.statistics({ ...anything, from: '2026-01-01T00:00:00.000Z' }, -300);
  await api.history('a/b');
  assert.deepEqual(paths, [
    '/api/v1/audit?limit=50&type=signal_approved%2Csignal_rejected&user=Zo%C3%AB+%26+co&cursor=e%3A4',
    '/api/v1/audit/statistics?from=2026-01-01T00%3A00%3A00.000Z&utc_offset_minutes=-300',
    '/api/v1/signals/a%2Fb/history?limit=500',
  ]);
});
