// @ts-check
/** What decisions saved and cost, in R: what signals that were let go would have made, beside those that were approved (APR-19). */
import { cellWords, GROUPINGS, ledgerLines, ledgerNote, VERDICTS } from '../view/ledger-words.js';
import { make, setHidden, setText, uniqueId } from '../view/make.js';
import { DeskElement } from './desk-element.js';

/** @typedef {import('../wire/audit.js').Ledger} Ledger */

/** @type {Record<string, string>} */
const COLUMNS = { approved: 'Approved', rejected: 'Rejected', expired: 'Expired', withdrawn: 'Withdrawn' };

export class DecisionLedger extends DeskElement {
  /** @type {Ledger | null} */
  #ledger = null;
  #lines = make('ul', { class: 'ledger-lines', role: 'list' });
  #grouping = /** @type {HTMLSelectElement} */ (make('select', { id: uniqueId('ledger-by') },
    ...GROUPINGS.map(([value, words]) => make('option', { value }, words))));
  #choice = make('div', { class: 'audit-field ledger-choice' }, make('label', { for: this.#grouping.id }, 'By'), this.#grouping);
  #caption = make('caption', {});
  #columns = make('tr', {});
  #rows = make('tbody', {});
  #table = make('div', { class: 'ledger-scroll', role: 'region', tabindex: 0, 'aria-label': 'Signals on paper' },
    make('table', { class: 'ledger-table' }, this.#caption, make('thead', {}, this.#columns), this.#rows));
  #note = make('p', { class: 'audit-status' });

  build() {
    this.append(make('section', { class: 'page-section' }, make('h2', {}, 'What signals would have made'), this.#lines, this.#choice,
      this.#table, this.#note));
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.#grouping.addEventListener('change', () => this.repaint(), { signal });
  }

  /** @param {Ledger | null} ledger */
  show(ledger) {
    this.#ledger = ledger;
    this.repaint();
  }

  update() {
    const ledger = this.#ledger;
    setHidden(this, ledger === null);
    if (!ledger) return;
    const lines = ledgerLines(ledger);
    this.#lines.replaceChildren(...lines.map(({ tone, title, detail }) => make('li', { class: 'ledger-line', 'data-tone': tone },
      make('strong', {}, title), ' ', make('span', { class: 'ledger-detail' }, detail))));
    setHidden(this.#lines, lines.length === 0);
    setHidden(this.#choice, lines.length === 0);
    setText(this.#note, ledgerNote(ledger));
    setHidden(this.#note, this.#note.textContent === '');
    this.#paintTable(ledger);
  }

  /** @param {Ledger} ledger */
  #paintTable(ledger) {
    const [key, words] = GROUPINGS.find(([value]) => value === this.#grouping.value) ?? GROUPINGS[0];
    const { lines, left_out: leftOut } = ledger.by[key];
    const verdicts = VERDICTS.filter((verdict) => lines.some((line) => line[verdict].signals > 0));
    setHidden(this.#table, lines.length === 0);
    setText(this.#caption, `In R, by ${words.toLowerCase()}${leftOut > 0 ? `; ${leftOut} with fewer signals are left out` : ''}`);
    this.#columns.replaceChildren(make('th', { scope: 'col' }, words), ...verdicts.map((verdict) => make('th', { scope: 'col' }, COLUMNS[verdict])));
    this.#rows.replaceChildren(...lines.map((line) => make('tr', {}, make('th', { scope: 'row' }, line.name),
      ...verdicts.map((verdict) => {
        const { sum, counts, tone } = cellWords(verdict, line[verdict]);
        return make('td', { 'data-tone': tone }, make('span', { class: 'ledger-sum' }, sum), make('span', { class: 'ledger-counts' }, counts));
      }))));
  }
}

export function defineDecisionLedger() {
  customElements.define('decision-ledger', DecisionLedger);
}
