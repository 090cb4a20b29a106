// @ts-check
/** Trading sessions: status, profit and loss, how much of the loss limit is used (UI-10), and what their algorithms did. */
import { selectDecisionFeed, selectSessions } from '../core/selectors.js';
import { durationText, timeOfDay } from '../view/clock-text.js';
import { compareDecimals } from '../core/decimal.js';
import { directionOf, formatPercent, formatQuantity, formatSignedMoney } from '../view/format.js';
import { icon } from '../view/icons.js';
import { reconcile } from '../view/keyed-list.js';
import { make, makeButton, setAttribute, setHidden } from '../view/make.js';
import { DeskElement } from './desk-element.js';

/** @typedef {import('../core/types.js').Session} Session */
/** @typedef {import('../core/types.js').AlgorithmDecision} AlgorithmDecision */

/** UI-10: high alert above this. */
const HIGH_RISK_PERCENT = '80';
const ALGORITHM_DECISIONS_SHOWN_MAX = 5;

export class SessionList extends DeskElement {
  #list = make('ul', { class: 'sessions', role: 'list' });
  #feedTitle = make('h3', { class: 'side-subtitle' }, 'Algorithm decisions');
  #feed = make('ul', { class: 'feed', role: 'list' });
  /** @type {Map<string, Element>} */
  #nodes = new Map();
  /** @type {readonly AlgorithmDecision[] | null} */
  #fed = null;

  build() {
    this.append(make('h2', { class: 'side-title' }, 'Sessions'), this.#list, this.#feedTitle, this.#feed);
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch(selectSessions, signal);
    this.watch(selectDecisionFeed, signal);
    this.#list.addEventListener('click', (event) => this.#tell(event), { signal });
  }

  /** @param {Event} event */
  #tell(event) {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    const row = button?.closest('[data-session]');
    if (!(button instanceof HTMLElement) || !(row instanceof HTMLElement)) return;
    this.send('control-session', { sessionId: row.dataset.session, action: button.dataset.does });
  }

  update() {
    const sessions = selectSessions(this.state);
    const decisions = selectDecisionFeed(this.state);
    setHidden(this, sessions.length === 0 && decisions.length === 0);
    reconcile(this.#list, this.#nodes, sessions, {
      key: ({ sessionId }) => sessionId, create: () => make('li', { class: 'session' }), update: paintSession,
    });
    setHidden(this.#feedTitle, decisions.length === 0);
    if (this.#fed === decisions) return;
    this.#fed = decisions;
    this.#feed.replaceChildren(...decisions.slice(0, ALGORITHM_DECISIONS_SHOWN_MAX).map(createAlgorithmDecision));
  }
}

/** @type {WeakMap<Element, Session>} */
const painted = new WeakMap();

/** @param {HTMLElement} row @param {Session} session */
function paintSession(row, session) {
  if (painted.get(row) === session) return;
  painted.set(row, session);
  const { sessionId, status, data } = session;
  const focused = row.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.does : undefined;
  setAttribute(row, 'data-session', sessionId);
  const high = compareDecimals(data.lossLimitUtilization, HIGH_RISK_PERCENT) === 1;
  setAttribute(row, 'data-status', status);
  setAttribute(row, 'data-high', high);
  row.replaceChildren(
    make('div', { class: 'session-head' }, make('span', { class: 'dot', 'aria-hidden': 'true' }), make('strong', {}, sessionId),
      make('span', { class: 'session-status' }, status.replaceAll('_', ' '))),
    make('dl', { class: 'session-facts' },
      pair('P&L', formatSignedMoney(data.currentPnL), directionOf(data.currentPnL)),
      pair('Loss limit', `${formatPercent(data.lossLimitUtilization)}${high ? ' high' : ''}`, high ? 'down' : 'same'),
      pair('Trades', formatQuantity(data.totalTrades), 'same'),
      pair('Running', durationText(data.timeElapsed), 'same')),
    controlText(session) === '' ? '' : make('p', { class: 'session-control' }, controlText(session)),
    make('div', { class: 'session-actions' }, ...CONTROLS.filter(({ from }) => from.includes(status)).map(({ action, label, drawn }) =>
      makeButton('', { class: 'link-button', 'data-does': action, 'aria-label': `${label} session ${sessionId}` }, icon(drawn), label))));
  if (focused === undefined) return;
  const again = row.querySelector(`[data-does="${focused}"]`) ?? row.querySelector('[data-does]');
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
}

/** What people may tell a session, and when.
 * @type {{ action: string, label: string, drawn: string, from: string[] }[]} */
const CONTROLS = [
  { action: 'pause', label: 'Pause', drawn: 'pause', from: ['active'] },
  { action: 'resume', label: 'Resume', drawn: 'play', from: ['paused', 'emergency_stopped'] },
  { action: 'stop', label: 'Stop', drawn: 'stop', from: ['active', 'paused'] },
];

/** Whose word holds, and what the source says besides.
 * @param {Session} session @returns {string} */
function controlText({ control, reportedStatus }) {
  if (!control || control.action === 'resume') return '';
  const did = control.action === 'pause' ? 'Paused' : 'Stopped';
  const why = control.reason ? `: ${control.reason}` : '';
  const says = reportedStatus ? `. Its source says ${reportedStatus.replaceAll('_', ' ')}` : '';
  return `${did} by ${control.by} ${timeOfDay(control.at)}${why}${says}`;
}

/** @param {string} label @param {string} value @param {string} direction */
function pair(label, value, direction) {
  return make('div', {}, make('dt', {}, label), make('dd', { 'data-direction': direction }, value));
}

/** @param {AlgorithmDecision} decision */
function createAlgorithmDecision({ algorithmId, decision, reasoning, marketData, timestamp }) {
  return make('li', { class: 'feed-item' }, icon('bolt'),
    make('p', {}, make('strong', {}, `${decision.replaceAll('_', ' ').toUpperCase()}${marketData ? ` ${marketData.symbol}` : ''}`),
      ` ${algorithmId}${reasoning ? `: ${reasoning}` : ''}`),
    make('time', { datetime: timestamp }, timeOfDay(timestamp)));
}

export function defineSessionList() {
  customElements.define('session-list', SessionList);
}
