import test from 'node:test';
import assert from 'node:assert/strict';
import { checkMessage, parseMessage } from '../../../Public/wire/messages.js';
import * as types from '../../../Public/wire/message-types.js';
import { toAction } from '../../../Public/wire/to-action.js';
import { golden, goldenNames } from '../support/messages.js';

const serverNames = goldenNames().filter((name) => !name.startsWith('client-'));

for (const name of serverNames) {
  test(`ENV-01, ENV-12: the golden ${name} is understood`, () => {
    const message = golden(name);
    const result = parseMessage(JSON.stringify(message));
    assert.equal(result.ok, true, result.reason);
    assert.equal(result.known, true);
    assert.deepEqual(result.message, message);
  });

  test(`ENV-05: the golden ${name} is refused without its time or its number`, () => {
    for (const field of ['timestamp', 'sequence_number', 'type']) {
      const { [field]: _gone, ...rest } = golden(name);
      assert.equal(parseMessage(JSON.stringify(rest)).ok, false, field);
    }
  });

  test(`SEC-07: no missing or mistyped field of the golden ${name} gets through or throws`, () => {
    const optionalFields = ['data.symbol of subscription_confirmed', 'data of error'];
    for (const path of pathsOf(golden(name))) {
      const label = `${path.join('.')} of ${golden(name).type}`;
      if (optionalFields.includes(label) || path[0] === 'oldest_offset') continue;
      if (path.some((step) => /^\d+$/.test(step))) continue;
      assert.equal(checkWith(name, path, undefined).ok, path[0] === 'sequence_number' && name !== 'connected', `${label} missing`);
      assert.equal(checkWith(name, path, { odd: true }).ok, false, `${label} mistyped`);
    }
  });
}

test('every type of the protocol has a golden message', () => {
  const { SUBSCRIBE: _subscribe, PING: _ping, ACK: _ack, LOOKING: _looking, ...server } = types;
  const expected = Object.values(server).map((type) => type.replace(':', '-'));
  assert.deepEqual([...expected, 'resumed-not-recovered'].sort(), [...serverNames].sort());
});

test('ENV-11: the constants that documents name exist', () => {
  assert.deepEqual(
    [types.SIGNAL_NEW, types.SIGNAL_EXECUTED, types.SIGNAL_REJECTED, types.PORTFOLIO_UPDATED, types.CAMPAIGN_UPDATED, types.PATTERN_DETECTED],
    ['signal:new', 'signal:executed', 'signal:rejected', 'portfolio:updated', 'campaign:updated', 'pattern_detected'],
  );
});

test('ENV-07: amounts stay the strings they came as', () => {
  const { message } = parseMessage(JSON.stringify(golden('price_update')));
  assert.equal(toAction(message, 0).price.price, '185.50');
  assert.equal(checkWith('price_update', ['data', 'price'], 185.5).ok, false);
  for (const bad of ['1e5', '', '.5', '5.', '+1', '1,5', 'NaN', '123456789012345678901']) {
    assert.equal(checkWith('price_update', ['data', 'price'], bad).ok, false, bad);
  }
});

test('ENV-06: only UTC times with milliseconds that exist are times', () => {
  for (const bad of ['2024-03-15T14:30:00Z', '2024-03-15 14:30:00.000Z', '2024-03-15T14:30:00.000+02:00', '2024-13-15T14:30:00.000Z', 5]) {
    assert.equal(checkWith('pong', ['timestamp'], bad).ok, false, String(bad));
  }
});

test('TEST-15, OBS-13: garbage is refused with a reason, never thrown', () => {
  for (const text of ['', '{', 'null', '[]', '5', '"x"', '{"type":5}', undefined, new ArrayBuffer(2)]) {
    const result = parseMessage(text);
    assert.equal(result.ok, false);
    assert.ok(result.reason.length > 0);
  }
});

test('an unreadable message still says its number and offset when those are readable', () => {
  const result = parseMessage(JSON.stringify({ ...golden('signal-new'), data: null }));
  assert.equal(result.ok, false);
  assert.equal(result.sequenceNumber, 7);
  assert.equal(result.offset, 4711);
});

test('a type of a later server is known by its envelope only, even one that is the name of a method', () => {
  for (const type of ['weather:updated', 'constructor', '__proto__']) {
    const result = parseMessage(JSON.stringify({ sequence_number: 3, type, timestamp: '2026-01-23T10:30:00.000Z' }));
    assert.deepEqual([result.ok, result.known], [true, false]);
  }
});

/** Every path to a field of the message. */
function pathsOf(value, before = []) {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...before, key], ...pathsOf(inner, [...before, key])]);
}

function checkWith(name, path, replacement) {
  const message = golden(name);
  const holder = path.slice(0, -1).reduce((inner, key) => inner[key], message);
  if (replacement === undefined) delete holder[path.at(-1)];
  else holder[path.at(-1)] = replacement;
  return checkMessage(message);
}
