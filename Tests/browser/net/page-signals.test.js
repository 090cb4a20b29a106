import test from 'node:test';
import assert from 'node:assert/strict';
import { sleptMs, watchPage } from '../../../Public/net/page-signals.js';

/** A page that is watched, and what its connection was told. */
function watchedPage() {
  const heard = [];
  const leaving = new AbortController();
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: 'hidden' });
  let tick = () => {};
  let now = 0;
  const ticker = { now: () => now, subscribe: (listener, { signal }) => {
    tick = listener;
    signal.addEventListener('abort', () => { tick = () => {}; });
  } };
  const tell = (name) => () => heard.push(name);
  const connection = { online: tell('online'), offline: tell('offline'), visible: tell('visible'), woken: tell('woken'), restored: tell('restored') };
  watchPage({ window, document, ticker }, connection, { signal: leaving.signal });
  return { heard, leaving, window, document, pass: (ms) => { now += ms; tick(now); } };
}

test('REC-16: online, offline and a tab that is seen again are told, until the page leaves', () => {
  const { heard, leaving, window, document } = watchedPage();
  window.dispatchEvent(new Event('offline'));
  window.dispatchEvent(new Event('online'));
  document.dispatchEvent(new Event('visibilitychange'));
  document.visibilityState = 'visible';
  document.dispatchEvent(new Event('visibilitychange'));
  leaving.abort();
  window.dispatchEvent(new Event('online'));
  assert.deepEqual(heard, ['offline', 'online', 'visible']);
});

test('REC-16: a page out of the back/forward cache is told of, the first showing is not', () => {
  const { heard, window } = watchedPage();
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
  assert.deepEqual(heard, []);
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  assert.deepEqual(heard, ['restored']);
});

test('a clock that jumps was asleep, and so was a tab that is thawed', () => {
  const { heard, leaving, document, pass } = watchedPage();
  pass(1_000);
  pass(sleptMs);
  assert.deepEqual(heard, []);
  pass(sleptMs + 1);
  pass(1_000);
  assert.deepEqual(heard, ['woken']);
  document.dispatchEvent(new Event('resume'));
  assert.equal(heard.length, 2);
  leaving.abort();
  pass(60_000);
  assert.equal(heard.length, 2);
});
