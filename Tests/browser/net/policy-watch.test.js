import test from 'node:test';
import assert from 'node:assert/strict';
import * as actions from '../../../Public/core/actions.js';
import { reducer } from '../../../Public/core/reducer.js';
import { initialState } from '../../../Public/core/state.js';
import { createStore } from '../../../Public/core/store.js';
import { gapMs, renewMs, renewWithoutPolicyMs, settleMs, watchPolicy } from '../../../Public/net/policy-watch.js';
import { alice, makeSignal, settings, snapshotBody } from '../support/messages.js';
import { readSnapshot } from '../../../Public/wire/snapshot.js';
import { VirtualTime, settle } from '../support/virtual-time.js';

/** A loaded page that watches a policy of this version; counts its questions. */
async function watching(version) {
  const time = new VirtualTime();
  const store = createStore(reducer, { ...initialState, me: alice, settings });
  const lifetime = new AbortController();
  const page = { store, time, lifetime, asked: 0, hidden: false, version, step: async (ms) => { await time.advance(ms); } };
  const api = { getPolicy: async () => {
    page.asked += 1;
    return { kind: 'answer', status: 200, body: { policy: page.version === null ? null : { version: page.version, hash: 'h' }, signals: [] } };
  } };
  page.watch = watchPolicy({
    store, api, now: time.now, setTimeout: time.setTimeout, clearTimeout: time.clearTimeout, random: () => 0, isHidden: () => page.hidden,
  }, { signal: lifetime.signal });
  await page.step(renewWithoutPolicyMs);
  assert.equal(page.asked, 0, 'before it is loaded it asks nothing');
  store.dispatch(actions.snapshotLoaded(readSnapshot(snapshotBody()).snapshot, 0));
  await page.step(settleMs);
  assert.equal(page.asked, 1);
  return page;
}

const change = (page, number) => page.store.dispatch(actions.signalEvent('new', makeSignal(number), { offset: number, at: 0, replayed: false }));

test('what the policy says is asked for again when something changes, a burst at once and not too often', async () => {
  const page = await watching('v1');
  for (let number = 1; number <= 20; number += 1) change(page, number);
  await page.step(settleMs);
  assert.equal(page.asked, 1, 'the gap holds');
  await page.step(gapMs);
  assert.equal(page.asked, 2);
  await page.step(renewMs);
  assert.equal(page.asked, 3, 'the policy itself may have changed');
});

test('a desk without a policy is hardly asked, whatever happens on it', async () => {
  const page = await watching(null);
  change(page, 1);
  await page.step(renewMs);
  assert.equal(page.asked, 1);
  await page.step(renewWithoutPolicyMs);
  assert.equal(page.asked, 2);
});

test('a page that is gone asks no more', async () => {
  const page = await watching('v1');
  page.lifetime.abort();
  change(page, 1);
  await page.step(renewWithoutPolicyMs);
  assert.equal(page.asked, 1);
});

test('a page that nobody sees asks nothing, and asks once it is seen', async () => {
  const page = await watching('v1');
  page.hidden = true;
  change(page, 1);
  await page.step(renewWithoutPolicyMs);
  assert.equal(page.asked, 1);
  page.hidden = false;
  page.watch.check();
  await page.step(settleMs);
  assert.equal(page.asked, 2);
});
