// @ts-check
/** What the team decided last: who, what, when. */
import { selectCards } from '../core/selectors.js';
import { timeOfDay } from '../view/clock-text.js';
import { recentDecisions } from '../view/recent-decisions.js';
import { icon } from '../view/icons.js';
import { make, setHidden } from '../view/make.js';
import { routePath } from '../view/router.js';
import { DeskElement } from './desk-element.js';

export class DecisionFeed extends DeskElement {
  #list = make('ol', { class: 'feed', role: 'list' });
  #empty = make('p', { class: 'panel-empty' }, 'Nobody has decided anything yet.');
  #text = '';

  build() {
    this.append(make('h2', { class: 'side-title' }, 'Recent decisions'), this.#empty, this.#list);
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch((state) => state.signals, signal);
  }

  update() {
    const decisions = recentDecisions(selectCards(this.state, { filter: 'decided' }).map(({ signal }) => signal));
    setHidden(this.#empty, decisions.length > 0);
    const text = JSON.stringify(decisions);
    if (text === this.#text) return;
    this.#text = text;
    this.#list.replaceChildren(...decisions.map(({ id, symbol, good, what, who, at, why }) => make('li', {
      class: 'feed-item', 'data-tone': good ? 'good' : 'bad',
    }, icon(good ? 'check' : 'cross'),
    make('p', {}, make('a', { href: routePath({ name: 'signal', id }, window.location.search) }, symbol), ` ${what} by ${who}`,
      why ? make('span', { class: 'feed-why' }, why) : null),
    make('time', { datetime: at }, timeOfDay(at)))));
  }
}

export function defineDecisionFeed() {
  customElements.define('decision-feed', DecisionFeed);
}
