import test from 'node:test';
import assert from 'node:assert/strict';
import * as actions from '../../../Public/core/actions.js';
import { reducer } from '../../../Public/core/reducer.js';
import { selectReceipts } from '../../../Public/core/selectors.js';
import { initialState } from '../../../Public/core/state.js';
import { createStore } from '../../../Public/core/store.js';
import { askAgainMs, keepReceipts } from '../../../Public/net/receipts.js';
import { golden } from '../support/messages.js';
import { settle, VirtualTime } from '../support/virtual-time.js';

const told = golden('receipts-updated').data;
const id = told.signal_id;

async function makePage({ transport = 'polling', shown = id } = {}) {
  const time = new VirtualTime();
  const store = createStore(reducer, { ...initialState, loaded: true });
  store.dispatch(actions.connectionChanged({ status: 'live', transport }));
  const page = { time, store, shown, hidden: false, asked: 0, delivered: 1, aborting: new AbortController() };
  const getReceipts = async () => {
    page.asked += 1;
    page.before?.();
    return { kind: 'answer', body: { ...told, delivered: page.delivered } };
  };
  page.receipts = keepReceipts({
    store, api: /** @type {any} */ ({ getReceipts }), shown: () => page.shown, isHidden: () => page.hidden, now: time.now,
    setTimeout: time.setTimeout, clearTimeout: time.clearTimeout,
  }, { signal: page.aborting.signal });
  await settle();
  return page;
}

const delivered = (page) => selectReceipts(page.store.getState(), id)?.delivered;

test('DLV-05, C20: a page that polls asks again who has seen the decision it shows', async () => {
  const page = await makePage();
  page.receipts.check();
  await settle();
  assert.equal(delivered(page), 1);
  page.delivered = 3;
  await page.time.advance(askAgainMs);
  assert.equal(delivered(page), 3);
  await page.time.advance(askAgainMs * 3);
  assert.equal(page.asked, 5);
});

test('a page that hears messages asks once', async () => {
  for (const transport of ['websocket', 'events']) {
    const page = await makePage({ transport });
    page.receipts.check();
    await page.time.advance(askAgainMs * 4);
    assert.equal(page.asked, 1, transport);
    assert.equal(page.time.pendingTimers, 0);
  }
});

test('a page on another way begins to ask, and stops when messages come again', async () => {
  const page = await makePage({ transport: 'websocket' });
  page.store.dispatch(actions.connectionChanged({ transport: 'polling' }));
  await page.time.advance(askAgainMs * 2);
  assert.equal(page.asked, 2);
  page.store.dispatch(actions.connectionChanged({ transport: 'websocket' }));
  await page.time.advance(askAgainMs * 4);
  assert.equal(page.asked, 2);
});

test('nobody asks while no signal is open, while the page is hidden, or once it is gone', async () => {
  const page = await makePage({ shown: null });
  page.receipts.check();
  await page.time.advance(askAgainMs * 2);
  page.shown = id;
  page.hidden = true;
  await page.time.advance(askAgainMs * 2);
  assert.equal(page.asked, 0);
  page.aborting.abort();
  page.hidden = false;
  await page.time.advance(askAgainMs * 2);
  assert.equal(page.asked, 0);
});

test('what was told while the question was on its way is newer than the answer', async () => {
  const page = await makePage({ transport: 'websocket' });
  page.before = () => page.store.dispatch(actions.receiptsChanged({ ...told, delivered: 2 }, { offset: null, at: 0, replayed: false }));
  page.receipts.check();
  await settle();
  assert.equal(delivered(page), 2);
});
