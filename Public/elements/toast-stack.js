// @ts-check
/** Toasts, top right. Which are shown, and for how long, is decided in `core/toast-policy.js`; this paints and speaks. */
import { selectToasts } from '../core/selectors.js';
import { icon } from '../view/icons.js';
import { reconcile } from '../view/keyed-list.js';
import { make, makeButton, setHidden, setText } from '../view/make.js';
import { severityIcon, severityUrgency, severityWord } from '../view/severity.js';
import { DeskElement } from './desk-element.js';

/** @typedef {import('../core/types.js').Toast} Toast */

export class ToastStack extends DeskElement {
  #list = make('ul', { class: 'toast-list', role: 'list' });
  #more = makeButton('', { class: 'toast-more', hidden: true });
  /** @type {Map<string, Element>} */
  #nodes = new Map();
  /** @type {Set<string>} */
  #spoken = new Set();
  #held = false;

  build() {
    this.append(this.#list, this.#more);
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch(selectToasts, signal);
    this.#list.addEventListener('click', (event) => this.#follow(event), { signal });
    this.#more.addEventListener('click', () => this.send('open-notifications'), { signal });
    for (const type of ['pointerenter', 'pointerleave', 'focusin', 'focusout']) {
      this.addEventListener(type, () => queueMicrotask(() => this.#hold()), { signal });
    }
  }

  update() {
    const { shown, collapsed } = selectToasts(this.state);
    reconcile(this.#list, this.#nodes, shown, { key: ({ id }) => id, create: createToast, update: () => {} });
    setText(this.#more, `+${collapsed} more`);
    setHidden(this.#more, collapsed === 0);
    this.#speak(shown);
    this.#hold();
  }

  /** Whoever points at a toast or has the focus in it is reading: none of them goes until they are done. */
  #hold() {
    const held = this.childElementCount > 0 && (this.matches(':hover') || this.matches(':focus-within'));
    if (held === this.#held) return;
    this.#held = held;
    this.send('hold-toasts', { held });
  }

  /** @param {readonly Toast[]} shown */
  #speak(shown) {
    for (const { id, severity, text } of shown) {
      if (this.#spoken.has(id)) continue;
      this.desk.live.announce(text, severityUrgency(severity));
    }
    this.#spoken = new Set(shown.map(({ id }) => id));
  }

  /** @param {Event} event */
  #follow(event) {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    const toast = button?.closest('li');
    if (!button || !toast) return;
    this.send('dismiss-toast', { id: toast.dataset.id });
    if (button.dataset.does === 'view') this.send('open-signal', { id: toast.dataset.signalId });
  }
}

/** @param {Toast} toast */
function createToast({ id, severity, text, signalId }) {
  return make('li', { class: 'toast', 'data-id': id, 'data-severity': severity, 'data-signal-id': signalId },
    make('span', { class: 'toast-icon' }, icon(severityIcon(severity))),
    make('div', { class: 'toast-body' },
      make('p', { class: 'toast-text' }, make('span', { class: 'visually-hidden' }, `${severityWord(severity)}: `), text),
      signalId ? makeButton('View Details', { class: 'link-button', 'data-does': 'view' }) : null),
    makeButton('', { class: 'icon-button icon-button-small', 'data-does': 'dismiss', 'aria-label': 'Dismiss' },
      icon('cross')));
}

export function defineToastStack() {
  customElements.define('toast-stack', ToastStack);
}
