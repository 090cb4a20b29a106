import test from 'node:test';
import assert from 'node:assert/strict';
import { createLiveRegion } from '../../../Public/view/live-region.js';
import { severityIcon, severityUrgency, severityWord } from '../../../Public/view/severity.js';

function scene() {
  let at = 0;
  /** @type {{ due: number, run: () => void }[]} */
  let timers = [];
  const polite = { textContent: '' };
  const assertive = { textContent: '' };
  const region = createLiveRegion({ polite, assertive, now: () => at, setTimeout: (run, ms) => timers.push({ due: at + ms, run }) });
  const advance = (ms) => {
    at += ms;
    const due = timers.filter((timer) => timer.due <= at);
    timers = timers.filter((timer) => timer.due > at);
    for (const { run } of due) run();
  };
  return { region, polite, assertive, advance };
}

test('a busy market does not talk over a trader: only the newest polite text is said', () => {
  const { region, polite, advance } = scene();
  region.announce('one');
  advance(0);
  assert.equal(polite.textContent, 'one');
  region.announce('two');
  region.announce('three');
  advance(1000);
  assert.equal(polite.textContent, 'one');
  advance(600);
  assert.equal(polite.textContent, 'three');
});

test('urgent texts are all said, one after the other', () => {
  const { region, assertive, advance } = scene();
  const said = [];
  for (const text of ['a', 'b', 'c']) region.announce(text, 'assertive');
  for (let step = 0; step < 4; step += 1) { advance(500); said.push(assertive.textContent); }
  assert.deepEqual(said.slice(0, 3), ['a', 'b', 'c']);
});

test('the same text twice is spoken twice', () => {
  const { region, polite, advance } = scene();
  region.announce('again');
  advance(0);
  region.announce('again');
  advance(2000);
  assert.notEqual(polite.textContent, 'again');
  assert.equal(polite.textContent.trim(), 'again');
});

test('a severity never stands by its colour alone', () => {
  for (const severity of ['info', 'success', 'warn', 'error', 'critical']) {
    assert.ok(severityIcon(severity) && severityWord(severity));
  }
  assert.equal(severityUrgency('critical'), 'assertive');
  assert.equal(severityUrgency('success'), 'polite');
});
