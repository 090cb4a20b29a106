import test from 'node:test';
import assert from 'node:assert/strict';
import * as actions from '../../../Public/core/actions.js';
import { reducer } from '../../../Public/core/reducer.js';
import { initialState } from '../../../Public/core/state.js';
import { createStore } from '../../../Public/core/store.js';
import { createLooking, dwellMs, renewalMs, spacingMs } from '../../../Public/net/looking.js';
import { golden, signalId } from '../support/messages.js';

const told = golden('presence-updated').data;
const [one, two] = [signalId(1), signalId(2)];

/** A page whose connection, requests and clock are the test's. */
function page(me = { name: 'ann', role: 'trader', named: true }) {
  const store = createStore(reducer, { ...initialState, me }, { defer: (run) => run() });
  const timers = new Map();
  const sent = [];
  const requests = [];
  let at = 0;
  let lastTimer = 0;
  const looking = createLooking({
    store,
    connection: { send: (message) => sent.push(message) > 0 },
    rest: async (path, request = {}) => {
      requests.push(request.body ?? 'GET');
      return { kind: 'answer', status: 200, body: told };
    },
    now: () => at,
    setTimeout: (run, ms) => timers.set(lastTimer += 1, { run, due: at + ms }) && lastTimer,
    clearTimeout: (id) => timers.delete(id),
  }, { signal: new AbortController().signal });
  return {
    looking, sent, requests, store,
    link: (status, transport = 'websocket', connectionId = 'c1') => store.dispatch(actions.connectionChanged({ status, transport, connectionId })),
    pass(ms) {
      const end = at + ms;
      for (;;) {
        const [id, next] = [...timers].sort(([, a], [, b]) => a.due - b.due)[0] ?? [];
        if (!next || next.due > end) break;
        at = next.due;
        timers.delete(id);
        next.run();
      }
      at = end;
    },
  };
}

test('on a socket it asks who is here and says what is looked at, after a moment', () => {
  const { looking, link, sent, pass } = page();
  looking.look(one);
  pass(dwellMs);
  assert.deepEqual(sent, [], 'there is no connection yet');
  link('live');
  pass(0);
  assert.deepEqual(sent, [{ type: 'subscribe', channel: 'presence' }, { type: 'looking', signal_id: one }]);
});

test('whoever passes over signals says only where they stay, and not too often', () => {
  const { looking, link, sent, pass } = page();
  link('live');
  sent.length = 0;
  for (let step = 0; step < 50; step += 1) {
    looking.look(signalId(step));
    pass(dwellMs / 2);
  }
  pass(dwellMs);
  assert.deepEqual(sent, [{ type: 'looking', signal_id: signalId(49) }]);
  for (let step = 0; step < 120; step += 1) {
    looking.look(step % 2 ? one : two);
    pass(500);
  }
  assert.ok(sent.length <= 2 + 60_000 / spacingMs, String(sent.length));
});

test('who looks away says so, and who was back at once says nothing', () => {
  const { looking, link, sent, pass } = page();
  link('live');
  looking.look(one);
  pass(spacingMs + dwellMs);
  looking.look(null);
  looking.look(one);
  pass(dwellMs);
  looking.look(null);
  pass(spacingMs);
  assert.deepEqual(sent.slice(1).map(({ signal_id }) => signal_id), [one, null]);
});

test('a new connection is told anew, for claims go with the old one', () => {
  const { looking, link, sent, pass } = page();
  link('live');
  looking.look(one);
  pass(10_000);
  link('reconnecting');
  link('live', 'websocket', 'c2');
  pass(10_000);
  assert.deepEqual(sent.slice(2), [{ type: 'subscribe', channel: 'presence' }, { type: 'looking', signal_id: one }]);
});

test('C20: on an event stream it is said over REST for that connection, and the answer is shown', async () => {
  const { looking, link, requests, pass, store } = page();
  link('live', 'events');
  looking.look(one);
  pass(dwellMs);
  await new Promise(setImmediate);
  assert.deepEqual(requests, ['GET', { signal_id: one, connection_id: 'c1' }]);
  assert.deepEqual(store.getState().presence, told);
});

test('C20: a tab that polls renews what it says; without a name it only asks', () => {
  const named = page();
  named.link('live', 'polling', null);
  named.looking.look(one);
  named.pass(2 * renewalMs);
  assert.deepEqual(named.requests, ['GET', ...Array(3).fill({ signal_id: one, connection_id: null })]);
  named.link('live', 'websocket', 'c1');
  named.pass(10 * renewalMs);
  assert.equal(named.requests.length, 4);
  const unnamed = page({ name: null, role: 'trader', named: false });
  unnamed.link('live', 'polling', null);
  unnamed.pass(renewalMs);
  assert.deepEqual(unnamed.requests, ['GET', 'GET']);
});
