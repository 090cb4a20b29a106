// @ts-check
/** Who is here: a count and the first names in the header, everybody behind it. */
import { selectPresence } from '../core/reduce-presence.js';
import { selectMe } from '../core/selectors.js';
import { icon } from '../view/icons.js';
import { make, makeButton, setAttribute, setHidden, setText, uniqueId } from '../view/make.js';
import { hereText, presentCount, presentNames, restText } from '../view/presence.js';
import { DeskElement } from './desk-element.js';

export class PresenceList extends DeskElement {
  #count = make('span', { class: 'present-count' });
  #names = make('span', { class: 'present-names' });
  #panel = make('div', { class: 'panel present-panel', id: uniqueId('present'), popover: 'auto', role: 'region',
    'aria-label': 'Who is here' });
  #button = makeButton('', { class: 'present-button', popovertarget: this.#panel.id }, icon('people'), this.#count, this.#names);
  #list = make('ul', { class: 'present-list', role: 'list' });
  #rest = make('p', { class: 'present-rest' });

  build() {
    this.#panel.append(make('h2', { class: 'panel-title' }, 'Here now'), this.#list, this.#rest);
    this.append(this.#button, this.#panel);
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch(selectPresence, signal);
    this.watch(selectMe, signal);
  }

  update() {
    const presence = selectPresence(this.state);
    setHidden(this, presence === null);
    if (presence === null) return;
    const { name, named } = selectMe(this.state);
    const me = named ? name : null;
    const count = presentCount(presence);
    setText(this.#count, String(count));
    setText(this.#names, presentNames(presence, me));
    setAttribute(this.#button, 'aria-label', `Here now: ${count}. Who is here`);
    this.#list.replaceChildren(...presence.users.map((user) => make('li', {},
      make('span', { class: 'present-name' }, user.user === me ? `${user.user} (you)` : user.user),
      make('span', { class: 'present-since' }, hereText(user)))));
    setText(this.#rest, restText(presence));
    setHidden(this.#rest, this.#rest.textContent === '');
  }
}

export function definePresenceList() {
  customElements.define('presence-list', PresenceList);
}
