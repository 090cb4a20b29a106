import test from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const site = fileURLToPath(new URL('../../../Public/', import.meta.url));
const html = readFileSync(join(site, 'index.html'), 'utf8');
const attributes = (pattern) => [...html.matchAll(pattern)].map((match) => match[1]);

/** Every module that main.js needs, by its address. */
function moduleGraph(address, seen = new Set()) {
  if (seen.has(address)) return seen;
  seen.add(address);
  const source = readFileSync(join(site, address), 'utf8');
  for (const [, from] of source.matchAll(/^(?:import|export)[^;]*?from '(\.[^']+)';/gm)) {
    moduleGraph(normalize(join(dirname(address), from)), seen);
  }
  return seen;
}

test('PERF: every module is preloaded, and nothing else is', () => {
  const preloaded = attributes(/rel="modulepreload" href="([^"]+)"/g);
  const needed = [...moduleGraph('/main.js')].filter((address) => address !== '/main.js');
  assert.deepEqual([...preloaded].sort(), needed.sort());
});

test('every style sheet is linked, opens one layer, and the layers come first', () => {
  const linked = attributes(/rel="stylesheet" href="\/styles\/([^"]+)"/g);
  assert.equal(linked[0], 'layers.css');
  assert.deepEqual([...linked].sort(), readdirSync(join(site, 'styles')).sort());
  for (const name of linked.slice(1)) {
    const css = readFileSync(join(site, 'styles', name), 'utf8');
    assert.equal([...css.matchAll(/@layer/g)].length, 1, name);
  }
});

test('the page lives under a strict policy: no inline script, style or handler, and no markup from strings', () => {
  assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/);
  // Named here only to be kept out of every module.
  for (const folder of ['core', 'wire', 'net', 'view', 'elements']) {
    for (const name of readdirSync(join(site, folder))) {
      const source = readFileSync(join(site, folder, name), 'utf8');
      assert.doesNotMatch(source, /\.(innerHTML|outerHTML)|insertAdjacentHTML|document\.write|\beval\(|setAttribute\([^)]*'style'/, name);
    }
  }
});

test('what the page refers to is there, by absolute address, so that it also works below /signals', () => {
  for (const address of attributes(/(?:src|href)="([^"#]+)"/g).filter((each) => each !== '/signals')) {
    assert.ok(address.startsWith('/'), address);
    assert.ok(existsSync(join(site, address)), address);
  }
});

test('important is for the reset only, and ids are not for styling', () => {
  for (const name of readdirSync(join(site, 'styles'))) {
    const css = readFileSync(join(site, 'styles', name), 'utf8').replace(/\/\*[^]*?\*\//g, '');
    if (name !== 'reset.css') assert.doesNotMatch(css, /!important/, name);
    assert.doesNotMatch(css, /(^|[\s,>+~])#[a-z][\w-]*[^;{}]*\{/m, name);
  }
});
