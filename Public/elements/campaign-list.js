// @ts-check
/** Campaigns with the risk they hold and how much of their limit that is (UI-25). */
import { selectCampaigns } from '../core/selectors.js';
import { compareDecimals, fractionBetween } from '../core/decimal.js';
import { formatMoney, formatPercent } from '../view/format.js';
import { icon } from '../view/icons.js';
import { reconcile } from '../view/keyed-list.js';
import { make, setAttribute, setHidden, setText } from '../view/make.js';
import { DeskElement } from './desk-element.js';

/** @typedef {import('../core/types.js').Campaign} Campaign */

/** Above this the desk warns (TST-05). */
const HOT_PERCENT = '80';

export class CampaignList extends DeskElement {
  #list = make('ul', { class: 'campaigns', role: 'list' });
  /** @type {Map<string, Element>} */
  #nodes = new Map();

  build() {
    this.append(make('h2', { class: 'side-title' }, 'Campaigns'), this.#list);
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch(selectCampaigns, signal);
  }

  update() {
    const campaigns = selectCampaigns(this.state);
    setHidden(this, campaigns.length === 0);
    reconcile(this.#list, this.#nodes, campaigns, {
      key: ({ campaign_id }) => campaign_id, create: () => make('li', { class: 'campaign' }), update: paintCampaign,
    });
  }
}

/** @type {WeakMap<Element, Campaign>} */
const painted = new WeakMap();

/** @param {HTMLElement} row @param {Campaign} campaign */
function paintCampaign(row, campaign) {
  if (painted.get(row) === campaign) return;
  painted.set(row, campaign);
  const { campaign_id: id, risk_allocated: risk, positions_count: positions, risk_limit: limit, utilisation_pct: used } = campaign;
  const hot = compareDecimals(used, HOT_PERCENT) === 1;
  setAttribute(row, 'data-hot', hot);
  row.replaceChildren(
    make('div', { class: 'campaign-head' }, make('strong', {}, id), hot ? icon('warning') : null,
      make('span', { class: 'campaign-used' }, used === null ? '' : formatPercent(used))),
    ...(used === null ? [] : [meter(id, used, hot)]),
    make('p', { class: 'campaign-detail' },
      `${formatMoney(risk)}${limit === null ? ' at risk' : ` of ${formatMoney(limit)}`} · ${positionsText(positions)}`));
}

/** @param {string} id @param {string} used @param {boolean} hot */
function meter(id, used, hot) {
  const part = Math.min(1, Math.max(0, fractionBetween('0', '100', used) ?? 0));
  const fill = make('span', { class: 'meter-fill' });
  fill.style.setProperty('--part', String(part));
  return make('span', { class: 'meter', role: 'meter', 'aria-label': `Risk used by campaign ${id}`, 'aria-valuemin': 0,
    'aria-valuemax': 100, 'aria-valuenow': Math.round(part * 100),
    'aria-valuetext': `${formatPercent(used)} of the limit${hot ? ', high' : ''}` }, fill);
}

/** @param {number} count */
function positionsText(count) {
  return count === 1 ? '1 position' : `${count} positions`;
}

export function defineCampaignList() {
  customElements.define('campaign-list', CampaignList);
}
