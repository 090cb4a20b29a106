// @ts-check
/** One signal in the list: what it is, what it risks, how long it waits, and the buttons that decide it. */
import { isForMe } from '../core/recipients.js';
import { selectMe, selectPricesMove } from '../core/selectors.js';
import { ageText, fullMoment, toMs } from '../view/clock-text.js';
import { patternText, recommendationText } from '../view/facts.js';
import { drawIcon, icon } from '../view/icons.js';
import { make, setAttribute, setHidden, setText, uniqueId } from '../view/make.js';
import { recipientsHint, recipientsText } from '../view/recipients.js';
import { patternName, sideTone } from '../view/signal-words.js';
import { DecisionPanel } from './decision-panel.js';
import { DeskElement } from './desk-element.js';
import { FactList } from './fact-list.js';
import { PriceLadder } from './price-ladder.js';

/** @typedef {import('../view/signal-words.js').CardView} CardView */

const SIDE_ICONS = { buy: 'up', sell: 'down', flat: 'same' };

export class SignalCard extends DeskElement {
  /** @type {CardView | null} */
  #view = null;
  #awake = true;
  #select = /** @type {HTMLInputElement} */ (make('input', { type: 'checkbox', class: 'card-select' }));
  #link = /** @type {HTMLAnchorElement} */ (make('a', { class: 'card-symbol' }));
  #sideIcon = icon('same');
  #sideText = make('span', {});
  #side = make('span', { class: 'side-badge' }, this.#sideIcon, this.#sideText);
  #grade = make('strong', {});
  #score = make('span', {});
  #gradeChip = make('span', { class: 'grade' }, make('span', { class: 'visually-hidden' }, 'Grade '), this.#grade, ' ', this.#score);
  #pattern = make('span', { class: 'card-pattern' });
  #recipientsText = make('span', {});
  #recipients = make('span', { class: 'recipients', hidden: true }, icon('user'), this.#recipientsText);
  #age = make('time', { class: 'card-age' });
  #ladder = /** @type {PriceLadder} */ (make('price-ladder'));
  #facts = /** @type {FactList} */ (make('fact-list'));
  #reasoning = make('p', { class: 'card-reasoning' });
  #origin = make('p', { class: 'card-origin' });
  #decision = /** @type {DecisionPanel} */ (make('decision-panel'));
  #title = make('h2', { class: 'card-title', id: uniqueId('signal') }, this.#link, ' ', this.#side);
  #article = make('article', { class: 'card', tabindex: -1, 'aria-labelledby': this.#title.id },
    make('div', { class: 'card-head' }, this.#select, this.#title, this.#gradeChip, this.#pattern, this.#recipients, this.#age),
    make('div', { class: 'card-plan' }, this.#facts, this.#ladder),
    make('div', { class: 'card-context' }, this.#reasoning, this.#origin),
    this.#decision);

  build() {
    this.append(this.#article);
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch(selectPricesMove, signal);
    this.watch(selectMe, signal);
    this.desk.ticker.subscribe((nowMs) => this.#paintAge(nowMs), { signal });
    this.#select.addEventListener('click', (event) => this.#toggle(event), { signal });
  }

  /** @param {CardView} view @param {string} href */
  show(view, href) {
    const before = this.#view;
    if (before && sameView(before, view)) return;
    this.#view = view;
    setAttribute(this.#link, 'href', href);
    if (this.isConnected && (this.#awake || !before || before.signal !== view.signal || !sameDecision(before, view))) this.update();
  }

  /** Off screen neither price nor age is painted: with a hundred cards that is most of each second's work. Decisions are.
   * @param {boolean} awake */
  set awake(awake) {
    if (awake === this.#awake) return;
    this.#awake = awake;
    this.#decision.awake = awake;
    if (awake) this.update();
  }

  /** @returns {CardView | null} */
  get view() {
    return this.#view;
  }

  /** @returns {DecisionPanel} */
  get decision() {
    return this.#decision;
  }

  /** @param {FocusOptions} [options] */
  focus(options) {
    this.#article.focus(options);
  }

  /** Ticks the card, or takes the tick away; with Shift all from the last one ticked on.
   * @param {boolean} [range] */
  toggleSelected(range = false) {
    const view = this.#view;
    if (view && view.signal.awaiting_approval && view.pending === null) this.send('select', { id: view.id, on: !view.selected, range });
  }

  /** @param {MouseEvent} event */
  #toggle(event) {
    // The tick is painted from the state.
    event.preventDefault();
    this.toggleSelected(event.shiftKey);
  }

  openDetails() {
    if (this.#view) this.send('open-signal', { id: this.#view.id });
  }

  update() {
    const view = this.#view;
    if (!view) return;
    const { signal, price } = view;
    const tone = sideTone(signal.side);
    setAttribute(this.#article, 'data-side', tone);
    this.#paintSelect(view);
    setText(this.#link, signal.symbol);
    drawIcon(this.#sideIcon, SIDE_ICONS[tone]);
    setText(this.#sideText, signal.side ?? 'NO SIDE');
    setAttribute(this.#side, 'data-side', tone);
    setText(this.#grade, signal.confidence_grade ?? '');
    setText(this.#score, signal.confidence_score === null ? '' : String(signal.confidence_score));
    setHidden(this.#gradeChip, signal.confidence_grade === null);
    setAttribute(this.#gradeChip, 'data-grade', signal.confidence_grade);
    setText(this.#pattern, patternText(signal));
    setAttribute(this.#pattern, 'title', patternName(signal.pattern_type));
    this.#ladder.show(signal, price?.price ?? null);
    this.#facts.show(signal, /** @type {any} */ (price), selectPricesMove(this.state), view.changes);
    this.#paintRecipients(signal);
    this.#paintContext(signal);
    this.#decision.show(view);
    this.#paintAge(this.desk.ticker.now());
  }

  /** @param {CardView} view */
  #paintSelect({ signal, pending, selected }) {
    setHidden(this.#select, !signal.awaiting_approval || pending !== null);
    setAttribute(this.#select, 'aria-label', `Select ${signal.symbol}`);
    setAttribute(this.#article, 'data-selected', selected);
    // A checkbox that is being clicked takes its own mark back after the click; this is painted a frame later.
    this.#select.checked = selected;
  }

  /** @param {import('../view/signal-words.js').Signal} signal */
  #paintRecipients(signal) {
    const me = selectMe(this.state);
    const text = recipientsText(signal, me);
    setText(this.#recipientsText, text);
    setHidden(this.#recipients, text === '');
    setAttribute(this.#recipients, 'title', recipientsHint(signal) || null);
    setAttribute(this.#recipients, 'data-mine', isForMe(signal, me) ? '' : null);
  }

  /** @param {import('../view/signal-words.js').Signal} signal */
  #paintContext(signal) {
    setText(this.#reasoning, signal.reasoning ?? '');
    setHidden(this.#reasoning, !signal.reasoning);
    const origin = [signal.source, signal.campaign_id ? `Campaign ${signal.campaign_id}` : null, recommendationText(signal)];
    setText(this.#origin, origin.filter(Boolean).join(' · '));
    setAttribute(this.#age, 'datetime', signal.received_at);
    setAttribute(this.#age, 'title', `Received ${fullMoment(signal.received_at)}`);
  }

  /** @param {number} nowMs */
  #paintAge(nowMs) {
    if (!this.#awake) return;
    const at = toMs(this.#view?.signal.received_at);
    if (at !== null) setText(this.#age, ageText(nowMs - at));
  }
}

/**
 * Selectors may wrap an unchanged signal anew; that is no reason to paint.
 * @param {CardView} a @param {CardView} b
 */
function sameView(a, b) {
  return a === b || (a.signal === b.signal && a.price === b.price && sameDecision(a, b));
}

/** @param {CardView} a @param {CardView} b */
function sameDecision(a, b) {
  return a.shownStatus === b.shownStatus && a.pending === b.pending && a.failure === b.failure && a.undoing === b.undoing &&
    a.selected === b.selected && a.changes === b.changes && a.preview === b.preview &&
    a.verdict === b.verdict;
}

export function defineSignalCard() {
  customElements.define('signal-card', SignalCard);
}
