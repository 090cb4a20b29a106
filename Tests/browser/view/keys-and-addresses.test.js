import test from 'node:test';
import assert from 'node:assert/strict';
import { intentForKey, SHORTCUTS } from '../../../Public/view/hotkeys.js';
import { renamedAddress } from '../../../Public/view/named-address.js';
import { parseRoute, routePath } from '../../../Public/view/router.js';

const key = (name, more = {}) => ({ key: name, ctrlKey: false, metaKey: false, altKey: false, repeat: false, defaultPrevented: false, ...more });
const onCard = { tag: 'article', editable: false, inCard: true, dialogOpen: false };
const onPage = { tag: 'body', editable: false, inCard: false, dialogOpen: false };

test('the keys of a card', () => {
  const intents = { j: 'next', k: 'previous', ArrowDown: 'next', ArrowUp: 'previous', a: 'approve', r: 'reject', n: 'note', Enter: 'open', '/': 'search', '?': 'help', '.': 'show-new', l: 'audit', Escape: 'back' };
  for (const [name, intent] of Object.entries(intents)) assert.equal(intentForKey(key(name), onCard), intent);
});

test('a browser or system shortcut is never taken', () => {
  for (const modifier of ['ctrlKey', 'metaKey', 'altKey']) {
    for (const name of ['a', 'r', 'n', 'j', 'k', '/', 'Enter']) assert.equal(intentForKey(key(name, { [modifier]: true }), onCard), null);
  }
});

test('typing decides nothing', () => {
  for (const tag of ['input', 'textarea', 'select']) assert.equal(intentForKey(key('a'), { ...onCard, tag }), null);
  assert.equal(intentForKey(key('a'), { ...onCard, editable: true }), null);
  assert.equal(intentForKey(key('a', { isComposing: true }), onCard), null);
  assert.equal(intentForKey(key('a'), { ...onCard, dialogOpen: true }), null);
});

test('a key held down decides one signal, not one after the other', () => {
  for (const name of ['a', 'r', 'n', 'Enter']) assert.equal(intentForKey(key(name, { repeat: true }), onCard), null);
  assert.equal(intentForKey(key('j', { repeat: true }), onCard), 'next');
});

test('Enter on a button or link presses it; arrows scroll the page outside of the list', () => {
  for (const tag of ['button', 'a', 'summary']) assert.equal(intentForKey(key('Enter'), { ...onCard, tag }), null);
  assert.equal(intentForKey(key('Enter'), onPage), null);
  assert.equal(intentForKey(key('ArrowDown'), onPage), null);
  assert.equal(intentForKey(key('j'), onPage), 'next');
});

test('every key that does something is listed in the help', () => {
  const listed = new Set(SHORTCUTS.flatMap(({ keys }) => keys));
  for (const name of ['j', '↓', 'k', '↑', 'a', 'r', 'n', 'Enter', '.', '/', 'l', 'Esc', '?']) assert.ok(listed.has(name), name);
});

test('EP-11: the addresses of the dashboard', () => {
  for (const path of ['/', '', '/signals', '/signals/', '/index.html']) assert.deepEqual(parseRoute(path), { name: 'desk' });
  assert.deepEqual(parseRoute('/signals/550E8400-e29b-41d4-a716-446655440000'), { name: 'signal', id: '550e8400-e29b-41d4-a716-446655440000' });
  for (const path of ['/audit', '/audit/']) assert.deepEqual(parseRoute(path), { name: 'audit' });
  for (const path of ['/audit/x', '/signals/a/b', '/nowhere', '/signals/%E0%A4%A', `/signals/${'x'.repeat(200)}`]) assert.deepEqual(parseRoute(path), { name: 'unknown' });
});

test('an address keeps who this tab is', () => {
  assert.equal(routePath({ name: 'signal', id: 'abc' }, '?as=bob'), '/signals/abc?as=bob');
  assert.equal(routePath({ name: 'audit' }, '?as=bob'), '/audit?as=bob');
  assert.equal(routePath({ name: 'desk' }, '?as=bob'), '/signals?as=bob');
});

test('a rename replaces the name in the address, or leaves the address alone', () => {
  assert.equal(renamedAddress('http://desk/signals?as=bob', 'Zoë & co'), '/signals?as=Zo%C3%AB+%26+co');
  assert.equal(renamedAddress('http://desk/signals', 'zoe'), null);
});
