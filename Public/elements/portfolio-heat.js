// @ts-check
/** How much of the portfolio's risk limit is used, and what is left (UI-26). */
import { compareDecimals, fractionBetween } from '../core/decimal.js';
import { formatPercent } from '../view/format.js';
import { icon } from '../view/icons.js';
import { make, setAttribute, setHidden, setText } from '../view/make.js';
import { selectPortfolio } from '../core/selectors.js';
import { DeskElement } from './desk-element.js';

/** Above this the desk warns (TST-04). */
const HOT_PERCENT = '80';

export class PortfolioHeat extends DeskElement {
  #value = make('strong', { class: 'heat-value' });
  #free = make('span', { class: 'heat-free' });
  #fill = make('span', { class: 'meter-fill' });
  #warning = icon('warning');
  #meter = make('span', { class: 'meter', role: 'meter', 'aria-label': 'Portfolio heat', 'aria-valuemin': 0,
    'aria-valuemax': 100, 'aria-valuenow': 0 }, this.#fill);

  build() {
    this.append(make('span', { class: 'heat-label' }, 'Heat'), this.#meter, this.#warning, this.#value, this.#free);
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch(selectPortfolio, signal);
  }

  update() {
    const portfolio = selectPortfolio(this.state);
    setHidden(this, !portfolio);
    if (!portfolio) return;
    const { total_heat: heat, available_capacity: free } = portfolio;
    const hot = compareDecimals(heat, HOT_PERCENT) === 1;
    const part = Math.min(1, Math.max(0, fractionBetween('0', '100', heat) ?? 0));
    setAttribute(this, 'data-hot', hot);
    setHidden(this.#warning, !hot);
    setText(this.#value, formatPercent(heat));
    setText(this.#free, `${formatPercent(free)} free`);
    setAttribute(this.#meter, 'aria-valuenow', String(Math.round(part * 100)));
    setAttribute(this.#meter, 'aria-valuetext',
      `${formatPercent(heat)} of the limit${hot ? ', high' : ''}, ${formatPercent(free)} free`);
    this.#fill.style.setProperty('--part', String(part));
  }
}

export function definePortfolioHeat() {
  customElements.define('portfolio-heat', PortfolioHeat);
}
