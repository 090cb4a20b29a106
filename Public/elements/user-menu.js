// @ts-check
/** Who I am on this desk, and how I like it: name, toasts, theme, shortcuts. */
import { selectMe, selectPreferences } from '../core/selectors.js';
import { icon } from '../view/icons.js';
import { routePath } from '../view/router.js';
import { make, makeButton, setAttribute, setText, uniqueId } from '../view/make.js';
import { DeskElement } from './desk-element.js';

const NAME_CHARACTERS_MAX = 64;
const THEMES = /** @type {const} */ ([['system', 'System'], ['light', 'Light'], ['dark', 'Dark']]);

export class UserMenu extends DeskElement {
  #name = make('span', { class: 'user-name' });
  #panel = make('div', { class: 'panel user-panel', id: uniqueId('user'), popover: 'auto', role: 'region',
    'aria-label': 'You and your settings' });
  #button = makeButton('', { class: 'user-button', popovertarget: this.#panel.id }, icon('user'), this.#name);
  #who = make('p', { class: 'user-who' });
  #input = /** @type {HTMLInputElement} */ (make('input', { type: 'text', id: uniqueId('name'), required: true,
    maxlength: NAME_CHARACTERS_MAX, autocomplete: 'username', spellcheck: 'false' }));
  #form = make('form', { class: 'user-form' },
    make('label', { for: this.#input.id }, 'Your name on decisions'),
    make('div', { class: 'field-row' }, this.#input, make('button', { type: 'submit', class: 'button' }, 'Save')));
  #toasts = /** @type {HTMLInputElement} */ (make('input', { type: 'checkbox', role: 'switch', class: 'switch' }));
  #sounds = /** @type {HTMLInputElement} */ (make('input', { type: 'checkbox', role: 'switch', class: 'switch' }));
  /** @type {HTMLInputElement[]} */
  #themes = [];
  #audit = make('a', { class: 'user-shortcuts' }, icon('clock'), 'Audit log');
  #shortcuts = makeButton('', { class: 'link-button user-shortcuts' }, icon('keyboard'), 'Keyboard shortcuts');

  build() {
    const group = uniqueId('theme');
    const themes = THEMES.map(([value, label]) => {
      const radio = /** @type {HTMLInputElement} */ (make('input', { type: 'radio', name: group, value }));
      this.#themes.push(radio);
      return make('label', { class: 'segment' }, radio, make('span', {}, label));
    });
    this.#panel.append(
      make('h2', { class: 'panel-title' }, 'You'), this.#who, this.#form,
      make('label', { class: 'setting' }, make('span', {}, 'Show toasts'), this.#toasts),
      make('label', { class: 'setting' }, make('span', {}, 'Sound before a signal expires'), this.#sounds),
      make('fieldset', { class: 'setting setting-themes' }, make('legend', {}, 'Theme'),
        make('div', { class: 'segments' }, ...themes)),
      this.#audit, this.#shortcuts);
    this.append(this.#button, this.#panel);
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch(selectMe, signal);
    this.watch(selectPreferences, signal);
    this.#form.addEventListener('submit', (event) => this.#rename(event), { signal });
    this.#toasts.addEventListener('change',
      () => this.send('preference', { key: 'toasts', value: this.#toasts.checked }), { signal });
    this.#sounds.addEventListener('change',
      () => this.send('preference', { key: 'sounds', value: this.#sounds.checked }), { signal });
    for (const radio of this.#themes) {
      radio.addEventListener('change', () => this.send('preference', { key: 'theme', value: radio.value }), { signal });
    }
    this.#shortcuts.addEventListener('click', () => {
      this.#panel.hidePopover();
      this.send('ask-shortcuts');
    }, { signal });
    this.#audit.addEventListener('click', () => this.#panel.hidePopover(), { signal });
    // Before it opens: `toggle` comes later, when somebody may have begun to type.
    this.#panel.addEventListener('beforetoggle', (event) => this.#fillName(/** @type {any} */ (event).newState), { signal });
  }

  update() {
    const { name, role, named } = selectMe(this.state);
    const { toasts, sounds, theme } = selectPreferences(this.state);
    setText(this.#name, named && name ? name : 'No name');
    setAttribute(this.#button, 'aria-label', named && name ? `You are ${name}` : 'You have no name yet');
    setAttribute(this.#button, 'data-named', named);
    setText(this.#who, named && name ? `${name}, ${role}` : 'You see everything. To decide, say who you are.');
    setAttribute(this.#audit, 'href', routePath({ name: 'audit' }, window.location.search));
    this.#toasts.checked = toasts;
    this.#sounds.checked = sounds;
    for (const radio of this.#themes) radio.checked = radio.value === theme;
  }

  /** @param {'open' | 'closed'} newState */
  #fillName(newState) {
    if (newState === 'open') this.#input.value = selectMe(this.state).name ?? '';
  }

  /** @param {Event} event */
  #rename(event) {
    event.preventDefault();
    const name = this.#input.value.trim();
    if (!name) return;
    this.send('rename', { name });
    this.#panel.hidePopover();
  }
}

export function defineUserMenu() {
  customElements.define('user-menu', UserMenu);
}
