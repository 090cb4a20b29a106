import test from 'node:test';
import assert from 'node:assert/strict';
import { compareDecimals, trimDecimal } from '../../../Public/core/decimal.js';
import { seededRandom } from '../support/random.js';

test('ENV-07: decimals compare exactly where binary floats would not', () => {
  const cases = [
    ['80', '80.000', 0], ['80.0000000000001', '80', 1], ['9', '10', -1], ['-1', '1', -1], ['-2', '-10', 1], ['-0', '0', 0], ['0.0', '-0.00', 0],
    ['0', '-5', 1], ['-5', '0', -1], ['007', '7', 0], ['0.1', '0.09', 1], ['12345678901234567890.000000000001', '12345678901234567890', 1],
  ];
  for (const [a, b, sign] of cases) {
    assert.equal(Math.sign(compareDecimals(a, b)), sign, `${a} ${b}`);
    assert.equal(Math.sign(compareDecimals(b, a)), sign === 0 ? 0 : -sign, `${b} ${a}`);
  }
});

test('ENV-07: comparing agrees with scaled integers for any amounts', () => {
  const random = seededRandom(7);
  const amount = () => BigInt(Math.floor((random() - 0.5) * 4_000));
  const text = (value) => {
    const digits = String(value < 0n ? -value : value).padStart(4, '0');
    return `${value < 0n ? '-' : ''}${digits.slice(0, -3)}.${digits.slice(-3)}`;
  };
  for (let round = 0; round < 2_000; round += 1) {
    const [a, b] = [amount(), amount()];
    assert.equal(Math.sign(compareDecimals(text(a), text(b))), a < b ? -1 : a > b ? 1 : 0, `${text(a)} ${text(b)}`);
  }
});

test('decimals are shown without needless zeros', () => {
  assert.deepEqual(['82', '82.50', '85.00', '0.0', '-0.0', '-1.10', '00.5'].map(trimDecimal), ['82', '82.5', '85', '0', '0', '-1.1', '0.5']);
});
