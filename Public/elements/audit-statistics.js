// @ts-check
/** How fast the team decides, and who approves at which hour of the day (APR-19, APR-20). */
import { delayText, heatLevel } from '../view/audit-words.js';
import { make, setHidden, setText } from '../view/make.js';
import { DeskElement } from './desk-element.js';

/** @typedef {import('../wire/audit.js').Statistics} Statistics */

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));

export class AuditStatistics extends DeskElement {
  /** @type {Statistics | null} */
  #statistics = null;
  #failed = false;
  /** @type {Statistics | null} */
  #painted = null;
  #figures = make('dl', { class: 'figures' });
  #note = make('p', { class: 'audit-status' });
  #body = make('tbody', {});
  #map = make('div', { class: 'heat-scroll', role: 'region', tabindex: 0, 'aria-label': 'Approvals by person and hour' },
    make('table', { class: 'heat-map' },
      make('caption', {}, 'Approvals by person and hour of the day, in your time'),
      make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, 'Who'), ...HOURS.map((hour) => make('th', { scope: 'col' }, hour)))),
      this.#body));

  build() {
    this.append(make('section', { class: 'page-section' }, make('h2', {}, 'How the team decides'), this.#figures, this.#map, this.#note));
  }

  /** @param {Statistics | null} statistics @param {boolean} failed */
  show(statistics, failed) {
    this.#statistics = statistics;
    this.#failed = failed;
    this.repaint();
  }

  update() {
    const statistics = this.#statistics;
    setHidden(this, !statistics && !this.#failed);
    setHidden(this.#figures, !statistics);
    setHidden(this.#map, !statistics || statistics.people.every(({ approved }) => approved === 0));
    setText(this.#note, noteText(statistics));
    setHidden(this.#note, this.#note.textContent === '');
    if (!statistics || statistics === this.#painted) return;
    this.#painted = statistics;
    const { approved, rejected, expired, time_to_decision: delays } = statistics;
    this.#figures.replaceChildren(...[
      ['Approved', String(approved)], ['Rejected', String(rejected)], ['Expired', String(expired)],
      ['Half decided within', delayText(delays.median_ms)], ['Nine of ten within', delayText(delays.p90_ms)],
    ].map(([name, value]) => make('div', { class: 'figure' }, make('dt', {}, name), make('dd', {}, value))));
    const most = Math.max(1, ...statistics.people.flatMap((person) => person.approvals_by_hour));
    this.#body.replaceChildren(...statistics.people.map((person) => make('tr', {}, make('th', { scope: 'row' }, person.user),
      ...person.approvals_by_hour.map((count) => make('td', { 'data-heat': heatLevel(count, most) }, count > 0 ? String(count) : '')))));
  }
}

/** @param {Statistics | null} statistics */
function noteText(statistics) {
  if (!statistics) return 'The statistics could not be read.';
  const { approved, rejected, is_whole: isWhole } = statistics;
  if (approved + rejected === 0) return 'Nobody decided anything in this time.';
  return isWhole ? '' : 'There were more decisions than are counted at once: these are the newest.';
}

export function defineAuditStatistics() {
  customElements.define('audit-statistics', AuditStatistics);
}
