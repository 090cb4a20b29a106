// @ts-check
/** Everything about one signal, at `/signals/{id}`, with the same Approve and Reject as on its card. */
import { isForMe } from '../core/recipients.js';
import { selectCards, selectMe, selectPricesMove, selectReceipts } from '../core/selectors.js';
import { fullMoment } from '../view/clock-text.js';
import { patternText } from '../view/facts.js';
import { loggedHistory, signalHistory } from '../view/history.js';
import { paperWords } from '../view/paper-words.js';
import { receiptsText } from '../view/receipts.js';
import { recipientsHint, recipientsText } from '../view/recipients.js';
import { drawIcon, icon } from '../view/icons.js';
import { make, setAttribute, setHidden, setText } from '../view/make.js';
import { routePath } from '../view/router.js';
import { signalParticulars } from '../view/particulars.js';
import { sideTone } from '../view/signal-words.js';
import { DecisionPanel } from './decision-panel.js';
import { DeskElement } from './desk-element.js';
import { FactList } from './fact-list.js';
import { PriceLadder } from './price-ladder.js';

/** Recipients by name; of more the number. */
const pageNamesMax = 12;
const SIDE_ICONS = { buy: 'up', sell: 'down', flat: 'same' };

export class SignalPage extends DeskElement {
  /** @type {string | null} */
  #id = null;
  /** @type {'loading' | 'missing' | 'failed'} what it means when the signal is not in the store */
  #absence = 'loading';
  #back = make('a', { class: 'back-link' }, icon('back'), 'All signals');
  #symbol = make('span', {});
  #sideIcon = icon('same');
  #sideText = make('span', {});
  #side = make('span', { class: 'side-badge' }, this.#sideIcon, this.#sideText);
  #grade = make('span', { class: 'grade' });
  #title = make('h1', { class: 'page-title', tabindex: -1 }, this.#symbol, ' ', this.#side);
  #pattern = make('p', { class: 'page-pattern' });
  #recipientsText = make('strong', {});
  #recipientsChip = make('span', { class: 'recipients' }, icon('user'), this.#recipientsText);
  #recipientsHint = make('span', {});
  #recipients = make('p', { class: 'page-recipients', hidden: true }, this.#recipientsChip, ' ', this.#recipientsHint);
  #decision = /** @type {DecisionPanel} */ (make('decision-panel'));
  #facts = /** @type {FactList} */ (make('fact-list'));
  #ladder = /** @type {PriceLadder} */ (make('price-ladder', { labelled: true }));
  #reasoning = make('p', { class: 'page-reasoning' });
  #why = make('section', { class: 'page-section' }, make('h2', {}, 'Reasoning'), this.#reasoning);
  #particulars = make('dl', { class: 'details-grid' });
  #delivered = make('span', {});
  #undelivered = make('strong', { class: 'page-undelivered' });
  #receipts = make('p', { class: 'page-receipts', hidden: true }, this.#delivered, this.#undelivered);
  #paper = make('p', { class: 'page-paper', hidden: true });
  #history = make('ol', { class: 'history', role: 'list' });
  #body = make('div', { class: 'page-body', hidden: true },
    make('div', { class: 'page-main' },
      make('section', { class: 'page-section page-plan' }, make('h2', {}, 'Plan'), this.#ladder, this.#facts), this.#why,
      make('section', { class: 'page-section page-particulars' }, make('h2', {}, 'Particulars'), this.#particulars)),
    make('div', { class: 'page-aside' },
      make('section', { class: 'page-section page-decision', 'aria-label': 'Decision', tabindex: -1 }, this.#decision, this.#paper),
      make('section', { class: 'page-section page-history' }, make('h2', {}, 'History'), this.#history, this.#receipts)));
  #absentTitle = make('h1', { class: 'page-title', tabindex: -1 });
  #absentText = make('p', { class: 'empty-text' });
  #absent = make('div', { class: 'empty' }, this.#absentTitle, this.#absentText,
    make('a', { class: 'button', href: '/signals' }, 'Back to all signals'));
  #head = make('div', { class: 'page-head' }, this.#title, this.#grade, this.#pattern, this.#recipients);
  #painted = '';
  #asked = '';
  /** @type {{ id: string, entries: import('../wire/audit.js').AuditEntry[] }} */
  #logged = { id: '', entries: [] };

  build() {
    this.append(this.#back, this.#head, this.#body, this.#absent);
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch((state) => selectCards(state, { filter: 'all' }), signal);
    this.watch((state) => state.loaded, signal);
    this.watch(selectPricesMove, signal);
    this.watch((state) => state.receipts, signal);
    this.watch(selectMe, signal);
  }

  /** @param {string} id */
  open(id) {
    this.#id = id;
    this.#absence = 'loading';
    this.update();
  }

  /**
   * Says why there is nothing to show.
   * @param {'missing' | 'failed'} absence
   */
  showAbsence(absence) {
    this.#absence = absence;
    this.update();
  }

  /**
   * What the log says of a signal, which is more than the signal knows of itself.
   * @param {string} id @param {import('../wire/audit.js').AuditEntry[]} entries
   */
  showHistory(id, entries) {
    this.#logged = { id, entries };
    this.#painted = '';
    this.update();
  }

  /** Puts the reader, and a screen reader with them, at the top of the page. */
  focusTitle() {
    const title = this.#head.hidden ? this.#absentTitle : this.#title;
    title.focus({ preventScroll: true });
  }

  /** @returns {DecisionPanel} */
  get decision() {
    return this.#decision;
  }

  update() {
    const view = this.#id === null ? null : selectCards(this.state, { filter: 'all' }).find(({ id }) => id === this.#id) ?? null;
    setAttribute(this.#back, 'href', routePath({ name: 'desk' }, window.location.search));
    setAttribute(this.#absent.querySelector('a') ?? this.#back, 'href', routePath({ name: 'desk' }, window.location.search));
    setHidden(this.#head, !view);
    setHidden(this.#body, !view);
    setHidden(this.#absent, view !== null);
    if (view) this.#paint(view);
    else this.#paintAbsence();
  }

  /** @param {import('../view/signal-words.js').CardView} view */
  #paint(view) {
    const { signal, price } = view;
    const tone = sideTone(signal.side);
    setText(this.#symbol, signal.symbol);
    setText(this.#sideText, signal.side ?? 'NO SIDE');
    setAttribute(this.#side, 'data-side', tone);
    drawIcon(this.#sideIcon, SIDE_ICONS[tone]);
    setText(this.#grade, [signal.confidence_grade, signal.confidence_score].filter((part) => part !== null).join(' '));
    setAttribute(this.#grade, 'data-grade', signal.confidence_grade);
    setHidden(this.#grade, signal.confidence_grade === null);
    setText(this.#pattern, patternText(signal));
    this.#paintRecipients(signal);
    this.#ladder.show(signal, price?.price ?? null);
    this.#facts.show(signal, /** @type {any} */ (price), selectPricesMove(this.state), view.changes);
    setText(this.#reasoning, signal.reasoning ?? '');
    setHidden(this.#why, !signal.reasoning);
    this.#decision.show(view);
    const { delivered, undelivered } = receiptsText(selectReceipts(this.state, signal.id), this.desk.ticker.now());
    setText(this.#delivered, delivered);
    setText(this.#undelivered, undelivered && ` · ${undelivered}`);
    setHidden(this.#receipts, delivered === '');
    const paper = paperWords(/** @type {any} */ (signal).paper_result);
    setText(this.#paper, paper ? [`${paper.title}.`, paper.detail].filter(Boolean).join(' ') : '');
    setAttribute(this.#paper, 'data-tone', paper?.tone ?? null);
    setHidden(this.#paper, paper === null);
    const version = `${signal.id} ${signal.version} ${signal.updated_at}`;
    if (version === this.#painted) return;
    this.#painted = version;
    this.#particulars.replaceChildren(...signalParticulars(signal).flatMap(([label, value]) => [
      make('dt', {}, label), make('dd', {}, value)]));
    const logged = this.#logged.id === signal.id ? loggedHistory(signal, this.#logged.entries) : null;
    if (!logged) this.#askHistory(`${signal.id} ${signal.version}`, signal.id);
    this.#history.replaceChildren(...(logged ?? signalHistory(signal)).map(({ tone: stepTone, title, at, detail }) => make('li', {
      class: 'step', 'data-tone': stepTone,
    }, make('p', { class: 'step-title' }, title), detail ? make('blockquote', { class: 'status-quote' }, detail) : null,
    make('time', { class: 'step-time', datetime: at }, fullMoment(at)))));
  }

  /** @param {import('../view/signal-words.js').Signal} signal */
  #paintRecipients(signal) {
    const me = selectMe(this.state);
    const text = recipientsText(signal, me, pageNamesMax);
    setText(this.#recipientsText, text);
    setHidden(this.#recipients, text === '');
    setText(this.#recipientsHint, recipientsHint(signal));
    setAttribute(this.#recipientsChip, 'data-mine', isForMe(signal, me) ? '' : null);
  }

  /**
   * Once for each version.
   * @param {string} version @param {string} signalId
   */
  #askHistory(version, signalId) {
    if (this.#asked === version) return;
    this.#asked = version;
    this.send('ask-history', { signalId });
  }

  #paintAbsence() {
    const words = ABSENCES[this.#absence];
    setText(this.#absentTitle, words.title);
    setText(this.#absentText, words.text);
  }
}

const ABSENCES = {
  loading: { title: 'Loading the signal…', text: '' },
  missing: { title: 'There is no such signal.', text: 'The address may be mistyped, or the signal belongs to another desk.' },
  failed: { title: 'The signal could not be loaded.', text: 'The desk did not answer. Reload the page to try again.' },
};

export function defineSignalPage() {
  customElements.define('signal-page', SignalPage);
}
