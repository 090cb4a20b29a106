import test from 'node:test';
import assert from 'node:assert/strict';
import { backoffCapMs, backoffDelayMs } from '../../../Public/net/backoff.js';
import { seededRandom } from '../support/random.js';

const delaysMs = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];

test('REC-02, TEST-12, C7: the delays are 1, 2, 4, 8, 16, 30, 30 … s', () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7, 10, 99].map((attempt) => backoffCapMs(attempt, delaysMs)),
    [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000]);
});

test('C7: full jitter spreads over the whole of a delay', () => {
  const random = seededRandom(1);
  const delays = Array.from({ length: 2_000 }, () => backoffDelayMs(3, delaysMs, random()));
  assert.ok(delays.every((delay) => Number.isInteger(delay) && delay >= 0 && delay < 4_000));
  const [low, high] = [Math.min(...delays), Math.max(...delays)];
  assert.ok(low < 100 && high > 3_900, `${low} … ${high}`);
  const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
  assert.ok(Math.abs(mean - 2_000) < 100, String(mean));
});
