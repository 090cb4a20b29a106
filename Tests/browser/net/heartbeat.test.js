import test from 'node:test';
import assert from 'node:assert/strict';
import {
  asked, askedInDoubt, heard, judge, lateTimerMs, noHeartbeat, openPatienceMs, opening, patienceMs, pollIntervalMs, silenceMs, silenceMsMin,
} from '../../../Public/net/heartbeat.js';

const settings = (heartbeat) => ({ heartbeat_interval_ms: heartbeat });

test('HB-03: a half-open connection is known in less than 45 s, by the server\'s own interval', () => {
  for (const transport of ['websocket', 'events']) {
    assert.equal(silenceMs(transport, settings(30_000)), 30_000);
    assert.ok(silenceMs(transport, settings(30_000)) + patienceMs(transport, settings(30_000)) < 45_000);
  }
  assert.ok(silenceMs('polling', settings(30_000)) + patienceMs('polling', settings(30_000)) < 45_000);
});

test('HB-04: a longer interval is heeded, a silly one is not', () => {
  assert.equal(silenceMs('websocket', settings(120_000)), 120_000);
  assert.equal(silenceMs('websocket', settings(0)), silenceMsMin);
  assert.equal(silenceMs('polling', settings(120_000)), pollIntervalMs);
});

test('silence leads to a question, an unanswered question to the end, and an answer to silence again', () => {
  const quiet = heard(1_000, 'websocket', settings(30_000));
  assert.equal(quiet.delayMs, 30_000);
  assert.equal(judge(quiet.heartbeat, 31_000), 'ask');
  const open = asked(quiet.heartbeat, 31_000, 10_000);
  assert.equal(open.delayMs, 10_000);
  assert.equal(judge(open.heartbeat, 40_999), 'wait');
  assert.equal(judge(open.heartbeat, 41_000), 'dead');
  assert.equal(judge(heard(40_000, 'websocket', settings(30_000)).heartbeat, 70_000), 'ask');
});

test('a timer that rings late was asleep: it asks again before it judges', () => {
  const open = asked(heard(0, 'websocket', settings(30_000)).heartbeat, 30_000, 10_000);
  assert.equal(judge(open.heartbeat, 40_000 + lateTimerMs), 'dead');
  assert.equal(judge(open.heartbeat, 40_000 + lateTimerMs + 1), 'ask-in-doubt');
  const doubted = askedInDoubt(open.heartbeat, 50_000);
  assert.equal(judge(doubted.heartbeat, 110_000), 'dead', 'but once only');
});

test('a connection that does not open has its time, too', () => {
  const { heartbeat, delayMs } = opening(noHeartbeat, 5_000);
  assert.equal(delayMs, openPatienceMs);
  assert.equal(judge(heartbeat, 5_000 + openPatienceMs), 'dead');
});
