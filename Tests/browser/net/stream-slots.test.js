import test from 'node:test';
import assert from 'node:assert/strict';
import { streamsPerBrowserMax, takeSlot } from '../../../Public/net/stream-slots.js';
import { makeDesk } from '../support/desk.js';
import { settle } from '../support/virtual-time.js';

/** A browser's locks, as far as `ifAvailable` goes. */
class FakeLocks {
  held = new Set();

  async request(name, { ifAvailable }, callback) {
    assert.equal(ifAvailable, true);
    if (this.held.has(name)) return callback(null);
    this.held.add(name);
    await callback({ name });
    this.held.delete(name);
  }
}

test('a browser has only so many event streams, and each that ends makes room for another', async () => {
  const locks = new FakeLocks();
  const slots = [];
  for (let count = 0; count < streamsPerBrowserMax; count += 1) slots.push(await takeSlot(locks));
  assert.equal(await takeSlot(locks), null);
  slots[1]();
  await settle();
  assert.notEqual(await takeSlot(locks), null);
});

test('C20: a tab for which no event stream is left polls, and takes one when it can', async () => {
  const locks = new FakeLocks();
  const slots = [];
  for (let count = 0; count < streamsPerBrowserMax; count += 1) slots.push(await takeSlot(locks));
  const desk = makeDesk({ tools: { locks } });
  const pass = async (rounds) => {
    for (let round = 0; round < rounds; round += 1) {
      for (const socket of desk.sockets) if (!socket.closed) socket.drop();
      for (const stream of desk.streams) if (!stream.closed && !stream.greeted) stream.catchUp([], 'E1');
      await desk.time.advance(500);
    }
  };
  desk.connection.connect();
  await pass(60);
  assert.deepEqual([desk.shown.status, desk.shown.transport, desk.streams.length], ['live', 'polling', 0]);
  slots[0]();
  await pass(200);
  assert.deepEqual([desk.shown.status, desk.shown.transport], ['live', 'events']);
  assert.equal(locks.held.size, streamsPerBrowserMax);
  desk.connection.disconnect();
  await settle();
  assert.equal(locks.held.size, streamsPerBrowserMax - 1);
});

test('a stream that was let go of before it had its slot gives it back', async () => {
  const locks = new FakeLocks();
  const desk = makeDesk({ tools: { locks } });
  desk.connection.connect();
  for (let round = 0; round < 40 && locks.held.size === 0; round += 1) {
    for (const socket of desk.sockets) if (!socket.closed) socket.drop();
    await desk.time.advance(250);
  }
  assert.equal(locks.held.size, 1);
  desk.connection.disconnect();
  await settle();
  assert.equal(locks.held.size, 0);
});
