import test from 'node:test';
import assert from 'node:assert/strict';
import { ageText, countdownText, durationText, timeOfDay, toMs } from '../../../Public/view/clock-text.js';
import { describeExpiry } from '../../../Public/view/expiry.js';
import { createPainter } from '../../../Public/view/painter.js';
import { createTicker } from '../../../Public/view/ticker.js';

/** A clock whose timers run when told. */
function handClock() {
  let at = 500;
  let lastId = 0;
  const timers = new Map();
  return {
    now: () => at,
    setTimeout: (run, ms) => { lastId += 1; timers.set(lastId, { due: at + ms, run }); return lastId; },
    clearTimeout: (id) => timers.delete(id),
    timerCount: () => timers.size,
    advance(ms) {
      const end = at + ms;
      for (;;) {
        const next = [...timers].filter(([, { due }]) => due <= end).sort((a, b) => a[1].due - b[1].due)[0];
        if (!next) break;
        timers.delete(next[0]);
        at = next[1].due;
        next[1].run();
      }
      at = end;
    },
  };
}

test('a countdown shows the second that is running, and never goes below zero', () => {
  const cases = [[272_000, '4:32'], [9_000, '0:09'], [8_001, '0:09'], [0, '0:00'], [-5_000, '0:00'], [3_723_000, '1:02:03'], [183_600_000, '2d 3h']];
  for (const [ms, text] of cases) assert.equal(countdownText(ms), text);
});

test('an age is told in its largest unit', () => {
  const cases = [[0, 'now'], [-50, 'now'], [12_000, '12s ago'], [61_000, '1m ago'], [7_200_000, '2h ago'], [432_000_000, '5d ago']];
  for (const [ms, text] of cases) assert.equal(ageText(ms), text);
  assert.equal(durationText(9_400), '2h 36m');
  assert.equal(durationText(59), '0m');
});

test('what is no time is a dash', () => {
  assert.equal(timeOfDay(null), '–');
  assert.equal(timeOfDay('yesterday'), '–');
  assert.equal(toMs('2026-01-23T10:30:00.000Z'), 1_769_164_200_000);
});

test('APR-13: the last minute is urgent, and after it the time is up', () => {
  const at = Date.parse('2026-01-23T10:35:00.000Z');
  const expires = '2026-01-23T10:35:00.000Z';
  assert.equal(describeExpiry(expires, at - 61_000).tone, 'calm');
  assert.deepEqual(describeExpiry(expires, at - 60_000), { tone: 'urgent', text: '1:00', label: 'Expires in 1:00' });
  assert.equal(describeExpiry(expires, at).tone, 'over');
  assert.equal(describeExpiry(null, at).tone, 'none');
});

test('one timer drives every clock, on whole seconds, and rests when nobody listens', () => {
  const clock = handClock();
  const ticker = createTicker(clock);
  const [one, two] = [new AbortController(), new AbortController()];
  const heard = [];
  ticker.subscribe((at) => heard.push(['one', at]), { signal: one.signal });
  ticker.subscribe((at) => heard.push(['two', at]), { signal: two.signal });
  assert.equal(clock.timerCount(), 1);
  clock.advance(600);
  assert.deepEqual(heard, [['one', 1000], ['two', 1000]]);
  one.abort();
  clock.advance(1000);
  assert.deepEqual(heard.slice(2), [['two', 2000]]);
  two.abort();
  assert.equal(clock.timerCount(), 0);
});

test('however often a job is asked for between two frames, it is painted once', () => {
  const clock = handClock();
  const frames = [];
  const paint = createPainter({ requestAnimationFrame: (run) => frames.push(run), setTimeout: clock.setTimeout, isHidden: () => false });
  let painted = 0;
  const job = () => { painted += 1; };
  paint(job); paint(job); paint(job);
  assert.equal(frames.length, 1);
  frames[0]();
  assert.equal(painted, 1);
  clock.advance(2000);
  assert.equal(painted, 1);
});

test('a hidden tab, which gets no frames, is painted all the same', () => {
  const clock = handClock();
  let painted = 0;
  const hidden = createPainter({ requestAnimationFrame: () => {}, setTimeout: clock.setTimeout, isHidden: () => true });
  hidden(() => { painted += 1; });
  clock.advance(300);
  assert.equal(painted, 1);
  const hiddenMeanwhile = createPainter({ requestAnimationFrame: () => {}, setTimeout: clock.setTimeout, isHidden: () => false });
  hiddenMeanwhile(() => { painted += 1; });
  clock.advance(600);
  assert.equal(painted, 2);
});
