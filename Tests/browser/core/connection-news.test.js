import test from 'node:test';
import assert from 'node:assert/strict';
import { describeStrip, graceMs, newsShownMs, spokenConnection } from '../../../Public/core/connection-news.js';
import { initialState } from '../../../Public/core/state.js';

const connection = (changes) => ({ ...initialState.connection, status: 'live', ...changes });
const resumed = (replayed, changes = {}) => ({ kind: 'resumed', replayed, at: 0, quiet: false, ...changes });
const reloaded = (reason) => ({ kind: 'reloaded', reason, at: 0 });
const strip = (changes, nowMs = 0, lostAt = null) => describeStrip(connection(changes), nowMs, lostAt);
const words = (changes, ...when) => {
  const shown = strip(changes, ...when);
  return shown && `${shown.title} ${shown.text}`;
};

test('a page that is live and missed nothing says nothing', () => {
  assert.equal(strip({}), null);
  assert.equal(strip({ catchUp: resumed(0) }), null);
  assert.equal(strip({ catchUp: resumed(5, { quiet: true }) }), null, 'what happened before the page was there was not missed');
  assert.equal(strip({ transport: 'events' }), null);
});

test('REC-13: how it caught up stands for some seconds, the reason of a reload beside it', () => {
  assert.equal(words({ catchUp: resumed(37) }), 'Caught up: 37 events. Nothing is missing.');
  assert.equal(words({ catchUp: resumed(1) }, newsShownMs - 1), 'Caught up: 1 event. Nothing is missing.');
  assert.equal(strip({ catchUp: resumed(37) }, newsShownMs), null);
  assert.match(words({ catchUp: reloaded('too_many') }), /^Too old: reloaded\. More was missed than could be replayed\.$/);
  assert.match(words({ catchUp: reloaded('trimmed') }), /^Too old: reloaded\. What was missed is not kept/);
  assert.match(words({ catchUp: reloaded('epoch_changed') }), /^The log was replaced: reloaded\./);
});

test('TST-15: a loss is told after a grace, a connection that is given up at once, and it goes before all else', () => {
  assert.equal(strip({ status: 'reconnecting' }, graceMs - 1, 0), null);
  assert.equal(strip({ status: 'reconnecting' }, graceMs, 0).title, 'Connection lost, reconnecting…');
  assert.equal(strip({ status: 'reconnecting', invalidMessages: 1, catchUp: resumed(3) }, graceMs, 0).title, 'Connection lost, reconnecting…');
  assert.equal(strip({ status: 'catching-up' }, graceMs, 0).title, 'Catching up…');
  assert.deepEqual(strip({ status: 'disconnected', error: 'The desk is full' }, 0, 0).title, 'Disconnected: The desk is full.');
});

test('what could not be read is not kept from the reader', () => {
  assert.equal(strip({ invalidMessages: 1 }).title, '1 message could not be read.');
  assert.equal(strip({ invalidMessages: 2, catchUp: resumed(3) }).title, '2 messages could not be read.');
});

test('C20: a page that polls says what that means, once it has said how it caught up', () => {
  assert.match(words({ transport: 'polling' }), /^Prices are not updated/);
  assert.match(words({ transport: 'polling', catchUp: resumed(3) }), /^Caught up/);
  assert.equal(strip({ transport: 'polling', status: 'connecting' }), null);
});

test('a screen reader hears each change once, and how the page caught up with it', () => {
  assert.equal(spokenConnection(connection({})), 'The connection is live.');
  assert.equal(spokenConnection(connection({ catchUp: resumed(37) })), 'The connection is live. Caught up: 37 events.');
  assert.equal(spokenConnection(connection({ lastMessageAt: 5, catchUp: resumed(37) })), 'The connection is live. Caught up: 37 events.');
  assert.match(spokenConnection(connection({ transport: 'polling' })), /polling every 5 seconds/);
  assert.equal(spokenConnection(connection({ status: 'reconnecting', attempt: 3 })), spokenConnection(connection({ status: 'reconnecting', attempt: 4 })));
  assert.equal(spokenConnection(connection({ status: 'connecting' })), '');
});
