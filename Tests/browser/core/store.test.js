import test from 'node:test';
import assert from 'node:assert/strict';
import { createStore } from '../../../Public/core/store.js';
import { settle } from '../support/virtual-time.js';

const sum = (state, { add, other }) => (add || other ? { total: state.total + (add ?? 0), other: state.other + (other ?? 0) } : state);
const makeStore = (logger = console) => createStore(sum, { total: 0, other: 0 }, { logger });

test('UI-18: listeners hear once per microtask, with what they selected now and before', async () => {
  const store = makeStore();
  const heard = [];
  store.subscribe(({ total }) => total, (now, before) => heard.push([now, before]));
  store.dispatch({ add: 1 });
  store.dispatch({ add: 2 });
  assert.deepEqual(heard, []);
  await settle();
  assert.deepEqual(heard, [[3, 0]]);
});

test('a listener does not hear of what it did not select', async () => {
  const store = makeStore();
  const heard = [];
  store.subscribe(({ total }) => total, (now) => heard.push(now));
  store.dispatch({ other: 1 });
  store.dispatch({});
  await settle();
  assert.deepEqual(heard, []);
});

test('SUB-08, SUB-09: a throwing listener is logged, the next one runs, and an aborted one is gone', async () => {
  const errors = [];
  const store = makeStore({ error: (...details) => errors.push(details) });
  const heard = [];
  const leaving = new AbortController();
  store.subscribe(({ total }) => total, () => { throw new Error('broken'); });
  store.subscribe(({ total }) => total, () => heard.push('left'), { signal: leaving.signal });
  store.subscribe(({ total }) => total, () => heard.push('stayed'));
  leaving.abort();
  store.dispatch({ add: 1 });
  await settle();
  assert.deepEqual(heard, ['stayed']);
  assert.equal(errors.length, 1);
});

test('unsubscribing in the middle of a round is respected', async () => {
  const store = makeStore();
  const heard = [];
  let leave = () => {};
  store.subscribe(({ total }) => total, () => leave());
  leave = store.subscribe(({ total }) => total, () => heard.push('second'));
  store.dispatch({ add: 1 });
  await settle();
  assert.deepEqual(heard, []);
});
