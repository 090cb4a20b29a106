import test from 'node:test';
import assert from 'node:assert/strict';
import { compareDecimals, fractionBetween, percentDistance, roundDecimal, subtractDecimals } from '../../../Public/core/decimal.js';
import { formatMoney, formatPercent, formatPrice, formatQuantity, formatRMultiple, formatSignedMoney, formatSignedPercent,
  formatTilePrice } from '../../../Public/view/format.js';
import { seededRandom } from '../support/random.js';

test('ENV-07: a price keeps every digit it came with, and at least two', () => {
  const cases = [['150.25', '150.25'], ['1.08425', '1.08425'], ['7', '7.00'], ['68000.5', '68,000.50'],
    ['12345678901234567890.123456789012', '12,345,678,901,234,567,890.123456789012'], ['-0.5', '−0.50']];
  for (const [value, text] of cases) assert.equal(formatPrice(value), text);
});

test('what is no decimal is shown as a dash, never as NaN', () => {
  for (const value of [null, undefined, '', 'abc', '1e5', '1.', '.5', NaN, Infinity, {}]) {
    for (const format of [formatPrice, formatMoney, formatPercent, formatTilePrice, formatQuantity, formatRMultiple]) {
      assert.equal(format(value), '–', `${String(value)}`);
    }
  }
});

test('money has its sign before the dollar', () => {
  assert.equal(formatMoney('1234.5'), '$1,234.50');
  assert.equal(formatMoney('-1234.5'), '−$1,234.50');
  assert.equal(formatSignedMoney('12'), '+$12.00');
  assert.equal(formatSignedMoney('-12'), '−$12.00');
  assert.equal(formatSignedMoney('0'), '$0.00');
});

test('UI-15: a tile has two decimals and a signed change', () => {
  assert.equal(formatTilePrice('185.505'), '$185.50');
  assert.equal(formatTilePrice('185.515'), '$185.52');
  assert.equal(formatTilePrice('9'), '$9.00');
  assert.equal(formatSignedPercent('1.26'), '+1.26%');
  assert.equal(formatSignedPercent('-0.4'), '−0.40%');
  assert.equal(formatSignedPercent('0'), '0.00%');
});

test('percentages and counts are shown as they came', () => {
  assert.equal(formatPercent('1.5'), '1.5%');
  assert.equal(formatPercent('62.5'), '62.5%');
  assert.equal(formatQuantity('1500'), '1,500');
  assert.equal(formatQuantity(12), '12');
  assert.equal(formatRMultiple('3.33'), '3.33R');
});

test('rounding is half to even, as on the server', () => {
  const cases = [['0.125', '0.12'], ['0.135', '0.14'], ['-0.125', '-0.12'], ['2.5', '2.50'], ['0.1251', '0.13'], ['999.995', '1000.00']];
  for (const [value, rounded] of cases) assert.equal(roundDecimal(value, 2), rounded, value);
});

test('the distance of a price is exact', () => {
  assert.equal(percentDistance('150.25', '149.50'), '-0.50');
  assert.equal(percentDistance('150.25', '152.75'), '1.66');
  assert.equal(percentDistance('-10', '-9'), '10.00');
  assert.equal(percentDistance('0', '1'), null);
  assert.equal(percentDistance(null, '1'), null);
  assert.equal(subtractDecimals('0.3', '0.1'), '0.2');
});

test('comparing and placing agree with scaled integers for any prices', () => {
  const random = seededRandom(11);
  const price = () => { const scale = Math.floor(random() * 5); return (random() * 1000).toFixed(scale); };
  for (let round = 0; round < 1000; round += 1) {
    const [low, high, value] = [price(), price(), price()];
    assert.equal(compareDecimals(low, high), Math.sign(Number(low) - Number(high)));
    const at = fractionBetween(low, high, value);
    if (Number(low) === Number(high)) assert.equal(at, null);
    else assert.ok(Math.abs(/** @type {number} */ (at) - (Number(value) - Number(low)) / (Number(high) - Number(low))) < 1e-4);
  }
});
