// @ts-check
/** The bell with its unread count, and the list behind it (TST-12, TST-13). */
import { selectNotifications, selectUnreadCount } from '../core/selectors.js';
import { timeOfDay } from '../view/clock-text.js';
import { icon } from '../view/icons.js';
import { reconcile } from '../view/keyed-list.js';
import { make, makeButton, setAttribute, setHidden, setText, uniqueId } from '../view/make.js';
import { severityIcon, severityWord } from '../view/severity.js';
import { DeskElement } from './desk-element.js';

/** @typedef {import('../core/types.js').Notification} Notification */

const UNREAD_SHOWN_MAX = 99;

export class NotificationCenter extends DeskElement {
  #count = make('span', { class: 'bell-count', 'aria-hidden': 'true' });
  #panel = make('div', { class: 'panel notification-panel', id: uniqueId('notifications'), popover: 'auto',
    role: 'region', 'aria-label': 'Notifications' });
  #bell = makeButton('', { class: 'icon-button', popovertarget: this.#panel.id }, icon('bell'), this.#count);
  #markRead = makeButton('Mark all read', { class: 'link-button' });
  #clear = makeButton('Clear all', { class: 'link-button' });
  #list = make('ul', { class: 'notification-list', role: 'list' });
  #empty = make('p', { class: 'panel-empty' }, 'Nothing to report. Alerts and decisions are listed here.');
  /** @type {Map<string, Element>} */
  #nodes = new Map();

  build() {
    this.#panel.append(
      make('div', { class: 'panel-head' }, make('h2', { class: 'panel-title' }, 'Notifications'),
        this.#markRead, this.#clear),
      this.#empty, this.#list);
    this.append(this.#bell, this.#panel);
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch(selectNotifications, signal);
    this.#markRead.addEventListener('click', () => this.send('mark-read'), { signal });
    this.#clear.addEventListener('click', () => this.send('clear-notifications'), { signal });
    this.#list.addEventListener('click', (event) => this.#follow(event), { signal });
    this.#panel.addEventListener('toggle', () => this.repaint(), { signal });
  }

  /** Opens the panel, for the "+7 more" of the toasts. */
  open() {
    this.#panel.showPopover();
    this.#markRead.focus();
  }

  update() {
    const unread = selectUnreadCount(this.state);
    setAttribute(this.#bell, 'aria-label', unread === 0 ? 'Notifications' : `Notifications, ${unread} unread`);
    setText(this.#count, unread > UNREAD_SHOWN_MAX ? `${UNREAD_SHOWN_MAX}+` : String(unread));
    setHidden(this.#count, unread === 0);
    if (!this.#panel.matches(':popover-open')) return;
    const notifications = selectNotifications(this.state);
    setHidden(this.#empty, notifications.length > 0);
    setHidden(this.#clear, notifications.length === 0);
    setHidden(this.#markRead, unread === 0);
    reconcile(this.#list, this.#nodes, notifications, { key: ({ id }) => id, create: createRow, update: updateRow });
  }

  /** @param {Event} event */
  #follow(event) {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    const row = button?.closest('li');
    if (!button || !row) return;
    const { id, signalId } = row.dataset;
    if (button.dataset.does === 'dismiss') {
      this.#focusNeighbour(row);
      this.send('clear-notifications', { id });
      return;
    }
    this.send('mark-read', { id });
    this.#panel.hidePopover();
    this.send('open-signal', { id: signalId });
  }

  /**
   * The dismissed row takes the focus with it; the next one receives it.
   * @param {Element} row
   */
  #focusNeighbour(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    const button = next?.querySelector('[data-does="dismiss"]') ?? this.#clear;
    if (button instanceof HTMLElement) button.focus();
  }
}

/** @param {Notification} notification */
function createRow({ id, severity, title, message, signalId, at }) {
  const row = make('li', { class: 'notification', 'data-id': id, 'data-signal-id': signalId, 'data-severity': severity },
    icon(severityIcon(severity)),
    make('div', { class: 'notification-body' },
      make('p', { class: 'notification-title' },
        make('span', { class: 'visually-hidden' }, `${severityWord(severity)}: `), title),
      message && message !== title ? make('p', { class: 'notification-message' }, message) : null,
      make('p', { class: 'notification-foot' }, make('time', {}, timeOfDay(at)),
        signalId ? makeButton('View Details', { class: 'link-button' }) : null)),
    makeButton('', { class: 'icon-button icon-button-small', 'data-does': 'dismiss', 'aria-label': `Dismiss: ${title}` },
      icon('cross')));
  return row;
}

/** @param {HTMLElement} row @param {Notification} notification */
function updateRow(row, { read }) {
  setAttribute(row, 'data-unread', !read);
}

export function defineNotificationCenter() {
  customElements.define('notification-center', NotificationCenter);
}
