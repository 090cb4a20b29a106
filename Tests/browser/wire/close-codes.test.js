import test from 'node:test';
import assert from 'node:assert/strict';
import { describeClose } from '../../../Public/wire/close-codes.js';

test('the close code decides whether to try again', () => {
  for (const code of [1000, 1001, 1006, 4000, 4001, 4007, 4499]) assert.equal(describeClose(code).retry, 'soon', String(code));
  for (const code of [1002, 1003, 1007, 1009, 4002, 4003]) assert.equal(describeClose(code).retry, 'later', String(code));
  for (const code of [4500, 4501, 4999]) assert.equal(describeClose(code).retry, 'never', String(code));
});

test("the server's own words are shown when the user must act", () => {
  assert.equal(describeClose(4500, 'The name is too long').text, 'The name is too long');
  assert.equal(describeClose(4500).text, 'The server refused this connection');
});
