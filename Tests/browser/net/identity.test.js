import test from 'node:test';
import assert from 'node:assert/strict';
import { acceptableName, createIdentity, nameKey } from '../../../Public/net/identity.js';
import { loadPreferences, preferencesKey, savePreferences } from '../../../Public/net/preferences.js';

function fakeStorage(content = {}) {
  const items = new Map(Object.entries(content));
  return { items, getItem: (key) => items.get(key) ?? null, setItem: (key, value) => items.set(key, value), removeItem: (key) => items.delete(key) };
}
const forbidden = () => { throw new Error('denied'); };

test("C12: I am whom the page's address names, else whom this browser remembers, else nobody", () => {
  const storage = fakeStorage({ [nameKey]: 'bob' });
  assert.equal(createIdentity({ location: { search: '?as=alice' }, storage: () => storage }).name(), 'alice');
  assert.equal(createIdentity({ location: { search: '?as=%20' }, storage: () => storage }).name(), 'bob');
  assert.equal(createIdentity({ location: { search: '' }, storage: () => fakeStorage() }).name(), null);
  assert.equal(createIdentity({ location: { search: '' }, storage: forbidden }).name(), null);
});

test('C12: a new name is checked, kept and can be taken back', () => {
  const storage = fakeStorage();
  const identity = createIdentity({ location: { search: '' }, storage: () => storage });
  assert.equal(identity.setName('  carol '), true);
  assert.deepEqual([identity.name(), storage.items.get(nameKey)], ['carol', 'carol']);
  assert.equal(identity.setName('x'.repeat(65)), false);
  assert.equal(identity.name(), 'carol');
  assert.equal(identity.setName(null), true);
  assert.deepEqual([identity.name(), storage.items.has(nameKey)], [null, false]);
});

test('a name works for this visit where the browser forbids storage', () => {
  const identity = createIdentity({ location: { search: '' }, storage: forbidden });
  assert.equal(identity.setName('alice'), true);
  assert.equal(identity.name(), 'alice');
});

test('a name has 1 to 64 characters and none that control', () => {
  assert.equal(acceptableName('a\u0000b'), null);
  assert.equal(acceptableName('\n'), null);
  assert.equal(acceptableName('🦊'.repeat(64)), '🦊'.repeat(64));
  assert.equal(acceptableName(null), null);
});

test('TST-09: preferences survive a reload, and anything odd in storage reads as the default', () => {
  const storage = fakeStorage();
  assert.deepEqual(loadPreferences(() => storage), { toasts: true, sounds: true, theme: 'system' });
  assert.equal(savePreferences(() => storage, { toasts: false, sounds: false, theme: 'dark' }), true);
  assert.deepEqual(loadPreferences(() => storage), { toasts: false, sounds: false, theme: 'dark' });
  for (const odd of ['{', 'null', '5', '{"toasts":"no","theme":"pink"}']) {
    assert.deepEqual(loadPreferences(() => fakeStorage({ [preferencesKey]: odd })), { toasts: true, sounds: true, theme: 'system' });
  }
  assert.deepEqual(loadPreferences(forbidden), { toasts: true, sounds: true, theme: 'system' });
  assert.equal(savePreferences(forbidden, { toasts: true, sounds: true, theme: 'light' }), false);
});
