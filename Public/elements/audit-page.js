// @ts-check
/** The log of the desk, newest first, with filters, at `/audit` (APR-18): who did what, when, and the hash that proves it. */
import { nothingRead } from '../net/audit-loading.js';
import { ENTRY_KINDS, entrySubject, entryWords, filtersOf } from '../view/audit-words.js';
import { fullMoment } from '../view/clock-text.js';
import { icon } from '../view/icons.js';
import { reconcile } from '../view/keyed-list.js';
import { make, makeButton, setAttribute, setHidden, setText, uniqueId } from '../view/make.js';
import { routePath } from '../view/router.js';
import { AuditStatistics } from './audit-statistics.js';
import { DecisionLedger } from './decision-ledger.js';
import { DeskElement } from './desk-element.js';

/** @typedef {import('../wire/audit.js').AuditEntry} AuditEntry */

export class AuditPage extends DeskElement {
  #view = nothingRead;
  #title = make('h1', { class: 'page-title', tabindex: -1 }, 'Audit log');
  #back = make('a', { class: 'back-link' }, icon('back'), 'All signals');
  #kind = /** @type {HTMLSelectElement} */ (make('select', { id: uniqueId('kind') },
    ...ENTRY_KINDS.map(([value, words]) => make('option', { value }, words))));
  #user = /** @type {HTMLInputElement} */ (make('input', { type: 'text', id: uniqueId('user'), maxlength: 64,
    autocomplete: 'off', spellcheck: 'false', placeholder: 'Anybody' }));
  #from = /** @type {HTMLInputElement} */ (make('input', { type: 'date', id: uniqueId('from') }));
  #to = /** @type {HTMLInputElement} */ (make('input', { type: 'date', id: uniqueId('to') }));
  #form = make('form', { class: 'audit-filters', role: 'search', 'aria-label': 'Filter the log' },
    field('What', this.#kind), field('Who', this.#user), field('From', this.#from), field('To', this.#to),
    make('div', { class: 'audit-buttons' }, make('button', { type: 'submit', class: 'button' }, 'Show'),
      make('button', { type: 'reset', class: 'link-button' }, 'Clear filters')));
  #statistics = /** @type {AuditStatistics} */ (make('audit-statistics', {}));
  #ledger = /** @type {DecisionLedger} */ (make('decision-ledger', { hidden: true }));
  #head = make('p', { class: 'audit-head' });
  #list = make('ol', { class: 'audit-list', role: 'list', 'aria-label': 'Entries of the log, newest first' });
  #status = make('p', { class: 'audit-status', role: 'status' });
  #again = makeButton('Try again', { class: 'button' });
  #older = makeButton('Show older entries', { class: 'button audit-older' });
  /** @type {Map<string, Element>} */
  #nodes = new Map();

  build() {
    this.append(this.#back, make('div', { class: 'page-head' }, this.#title), this.#form, this.#statistics,
      this.#ledger,
      make('section', { class: 'page-section', 'aria-label': 'Entries' }, this.#head, this.#list, this.#status, this.#again,
        this.#older));
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.open();
    }, { signal });
    this.#kind.addEventListener('change', () => this.open(), { signal });
    this.#form.addEventListener('reset', (event) => this.#clear(event), { signal });
    this.#older.addEventListener('click', () => this.send('audit-more'), { signal });
    this.#again.addEventListener('click', () => this.send('audit-more'), { signal });
    const seen = new IntersectionObserver((changes) => {
      if (changes.some(({ isIntersecting }) => isIntersecting) && this.#view.phase === 'ready') this.send('audit-more');
    }, { rootMargin: '0px 0px 400px 0px' });
    seen.observe(this.#older);
    signal.addEventListener('abort', () => seen.disconnect(), { once: true });
  }

  /** Asks for what the form says, from the newest entry on. */
  open() {
    const form = { type: this.#kind.value, user: this.#user.value, fromDay: this.#from.value, toDay: this.#to.value };
    this.send('audit-ask', { filters: filtersOf(form) });
  }

  /**
   * By hand: the browser empties the fields only after the event.
   * @param {Event} event
   */
  #clear(event) {
    event.preventDefault();
    for (const input of [this.#kind, this.#user, this.#from, this.#to]) input.value = '';
    this.open();
  }

  /** @param {import('../net/audit-loading.js').AuditView} view */
  show(view) {
    this.#view = view;
    this.repaint();
  }

  focusTitle() {
    this.#title.focus({ preventScroll: true });
  }

  update() {
    const { phase, entries, hasMore, head, reason, statistics, statisticsFailed } = this.#view;
    setAttribute(this.#back, 'href', routePath({ name: 'desk' }, window.location.search));
    setAttribute(this.#list, 'aria-busy', phase === 'loading' || phase === 'loading-more' ? 'true' : 'false');
    reconcile(this.#list, this.#nodes, entries, { key: ({ offset }) => String(offset), create: createEntry, update: () => {} });
    setHidden(this.#list, entries.length === 0);
    setText(this.#head, head && head.offset > 0 ? `The log ends with entry ${head.offset}, hash ${head.hash.slice(0, 16)}…` : '');
    setHidden(this.#head, !head || head.offset === 0);
    setText(this.#status, statusText(this.#view));
    setHidden(this.#again, phase !== 'failed');
    setHidden(this.#older, phase === 'failed' || phase === 'loading' || !hasMore);
    setAttribute(this.#older, 'aria-disabled', phase === 'loading-more');
    setAttribute(this.#status, 'data-tone', phase === 'failed' ? 'bad' : null);
    setAttribute(this.#status, 'title', reason);
    this.#statistics.show(statistics, statisticsFailed);
    this.#ledger.show(statistics?.ledger ?? null);
  }
}

/** @param {import('../net/audit-loading.js').AuditView} view @returns {string} */
function statusText({ phase, entries, hasMore, reason }) {
  if (phase === 'failed') return reason ?? 'The desk did not answer. Nothing is lost: try again.';
  if (phase === 'loading' || phase === 'loading-more') return 'Reading the log…';
  if (entries.length === 0) return hasMore ? 'Nothing so far. There are older entries.' : 'Nothing in the log fits these filters.';
  return hasMore ? '' : 'This is all there is.';
}

/** @param {AuditEntry} entry */
function createEntry(entry) {
  const { tone, title, detail } = entryWords(entry);
  const subject = entrySubject(entry);
  const about = entry.signal_id === null ? subject : make('a', {
    href: routePath({ name: 'signal', id: entry.signal_id }, window.location.search),
  }, subject);
  return make('li', { class: 'audit-entry', 'data-tone': tone },
    make('time', { class: 'audit-time', datetime: entry.recorded_at }, fullMoment(entry.recorded_at)),
    make('p', { class: 'audit-what' }, about, about ? ' ' : null, make('span', { class: 'audit-title' }, title)),
    detail ? make('p', { class: 'audit-detail' }, detail) : null,
    make('details', { class: 'audit-proof' }, make('summary', {}, `Entry ${entry.offset}`),
      make('dl', { class: 'details-grid' }, make('dt', {}, 'Hash'), make('dd', { class: 'hash' }, entry.hash),
        make('dt', {}, 'Follows'), make('dd', { class: 'hash' }, entry.previous_hash))));
}

/** @param {string} label @param {HTMLElement} input */
function field(label, input) {
  return make('div', { class: 'audit-field' }, make('label', { for: input.id }, label), input);
}

export function defineAuditPage() {
  customElements.define('audit-page', AuditPage);
}
