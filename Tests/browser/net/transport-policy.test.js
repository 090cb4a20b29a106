import test from 'node:test';
import assert from 'node:assert/strict';
import {
  climbDelaysMs, climbFailed, climbed, failedToOpen, failuresMax, hopeful, lost, nextClimb, shortLivesMax, stableAfterMs, topOfLadder,
} from '../../../Public/net/transport-policy.js';

const repeat = (times, policy, step) => Array.from({ length: times }).reduce((current) => step(current), policy);
const blocked = (policy) => failedToOpen(policy, { reached: true, hung: false });
const at = (transport) => ({ ...topOfLadder, transport });

test('C20: a way that does not open although the server is there makes room for the next one down, and the last stays', () => {
  assert.equal(repeat(failuresMax - 1, topOfLadder, blocked).transport, 'websocket');
  const events = repeat(failuresMax, topOfLadder, blocked);
  assert.deepEqual(events, at('events'));
  const polling = repeat(failuresMax, events, blocked);
  assert.equal(polling.transport, 'polling');
  assert.equal(repeat(10, polling, blocked).transport, 'polling');
});

test('a server that is away is no reason to leave a way', () => {
  const away = (policy) => failedToOpen(policy, { reached: false, hung: true });
  assert.deepEqual(repeat(50, topOfLadder, away), topOfLadder);
});

test('one that hangs while the server is there is not waited for twice', () => {
  assert.equal(failedToOpen(topOfLadder, { reached: true, hung: true }).transport, 'events');
});

test('a way that opens and is lost at once, again and again, is left; one that lasted is not', () => {
  const short = (policy) => lost(policy, 100);
  assert.equal(repeat(shortLivesMax - 1, topOfLadder, short).transport, 'websocket');
  const left = repeat(shortLivesMax, topOfLadder, short);
  assert.deepEqual([left.transport, left.climbs], ['events', 1], 'and tried again later');
  const long = (policy) => lost(short(short(policy)), stableAfterMs);
  assert.equal(repeat(20, topOfLadder, long).transport, 'websocket');
});

test('the way up is tried ever less often, always the best first, and at once when there is reason to hope', () => {
  assert.equal(nextClimb(topOfLadder, 1), null);
  const tries = [];
  for (let policy = at('polling'); tries.length < 6; policy = climbFailed(policy)) tries.push(nextClimb(policy, 1));
  assert.deepEqual(tries.map(({ transport }) => transport), ['websocket', 'events', 'websocket', 'events', 'websocket', 'events']);
  assert.deepEqual(tries.map(({ delayMs }) => delayMs), [...climbDelaysMs, 60_000, 60_000]);
  assert.deepEqual(nextClimb(at('events'), 0), { transport: 'websocket', delayMs: climbDelaysMs[0] / 2 });
  const tired = repeat(9, at('events'), climbFailed);
  assert.equal(nextClimb(hopeful(tired), 1).delayMs, climbDelaysMs[0]);
});

test('up there the page starts anew only once the way has lasted', () => {
  const tired = repeat(3, at('events'), climbFailed);
  const up = climbed(tired, 'websocket');
  assert.deepEqual([up.transport, up.climbs], ['websocket', 3]);
  assert.equal(lost(up, 1_000).climbs, 3);
  assert.equal(lost(up, stableAfterMs).climbs, 0);
});
