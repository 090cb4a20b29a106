// @ts-check
/**
 * Where a signal is decided: the time left, the status, Approve and Reject, the note, and what went wrong. The same on a
 * card and on the signal page.
 */
import { limitNow, selectIsStopped } from '../core/desk-stop.js';
import { selectLookers } from '../core/reduce-presence.js';
import { selectCanExtend, selectUndoLeftMs } from '../core/selectors.js';
import { describeExpiry, EXTENSION_OFFERED_MS } from '../view/expiry.js';
import { drawIcon, icon } from '../view/icons.js';
import { make, makeButton, setAttribute, setHidden, setText, uniqueId } from '../view/make.js';
import { lookersText } from '../view/presence.js';
import { describeUndo } from '../view/undo.js';
import { policyReasons, policyText } from '../view/policy-words.js';
import { canDecide, describeStatus, oneClickStatus, sideTone } from '../view/signal-words.js';
import { previewLines } from '../view/preview-words.js';
import { DeskElement } from './desk-element.js';
import { TermChanges } from './term-changes.js';

/** @typedef {import('../view/signal-words.js').CardView} CardView */

export class DecisionPanel extends DeskElement {
  /** @type {CardView | null} */
  #view = null;
  #previewShown = '';
  /** Off screen the countdown rests. */
  awake = true;
  #expiry = make('p', { class: 'expiry' });
  #expiryText = make('span', { class: 'expiry-text' });
  #extend = makeButton('', { class: 'link-button extend', hidden: true, 'aria-keyshortcuts': 'e' });
  #statusIcon = icon('clock');
  #statusLabel = make('strong', { class: 'status-label' });
  #byline = make('span', { class: 'status-byline' });
  #status = make('p', { class: 'status' }, make('span', { class: 'status-badge' }, this.#statusIcon, this.#statusLabel),
    ' ', this.#byline);
  #lookersText = make('span', {});
  #lookers = make('p', { class: 'lookers', hidden: true }, icon('people'), this.#lookersText);
  #quote = make('blockquote', { class: 'status-quote' });
  #approveText = make('span', {});
  #approve = makeButton('', { class: 'button button-approve' },
    make('span', { class: 'bolt', 'aria-hidden': 'true' }, '⚡\uFE0E '), this.#approveText);
  #reject = makeButton('Reject', { class: 'button button-reject' });
  #note = /** @type {HTMLTextAreaElement} */ (make('textarea', { id: uniqueId('note'), rows: 2 }));
  #noteLabel = make('label', { for: this.#note.id }, 'Note (optional)');
  #noteField = make('div', { class: 'note-field', id: uniqueId('note-field'), hidden: true },
    this.#noteLabel, this.#note);
  #noteToggle = makeButton('', { class: 'button button-note', 'aria-expanded': 'false',
    'aria-controls': this.#noteField.id }, icon('note'), 'Note');
  #policyLine = make('p', { class: 'policy-line', id: uniqueId('policy'), hidden: true });
  #policyWhy = make('ul', { class: 'policy-why', role: 'list', 'aria-label': 'Rules that apply', hidden: true });
  #policyWhyShown = '';
  #actions = make('div', { class: 'decision-actions' }, this.#approve, this.#reject, this.#noteToggle);
  #stopped = make('p', { class: 'stopped-note', id: uniqueId('stopped'), hidden: true }, icon('stop'),
    'The desk is stopped: nothing can be approved.');
  #undo = makeButton('', { class: 'button button-undo', hidden: true });
  #changes = /** @type {TermChanges} */ (make('term-changes'));
  #changed = make('div', { class: 'terms-changed', hidden: true }, make('p', { class: 'terms-changed-title' }, icon('warning'),
    'Changed since you saw it'), this.#changes);
  #preview = make('ul', { class: 'preview', role: 'list', 'aria-label': 'If approved', hidden: true });
  #retry = makeButton('Try again', { class: 'button button-small', 'data-does': 'retry' });
  #failureText = make('p', { class: 'failure-text' });
  #failure = make('div', { class: 'failure', hidden: true }, icon('warning'), this.#failureText,
    this.#retry, makeButton('Dismiss', { class: 'link-button', 'data-does': 'forgive' }));

  build() {
    this.#expiry.append(icon('clock'), this.#expiryText);
    this.append(this.#expiry, this.#extend, this.#status, this.#quote, this.#undo, this.#changed, this.#stopped, this.#actions,
      this.#policyLine, this.#policyWhy, this.#preview, this.#noteField, this.#failure, this.#lookers);
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch((state) => (this.#view ? lookersText(selectLookers(state, this.#view.id)) : ''), signal);
    this.watch((state) => state.desk, signal);
    this.desk.ticker.subscribe(() => {
      if (!this.awake) return;
      this.#paintExpiry();
      this.#paintUndo();
    }, { signal });
    this.#approve.addEventListener('click', () => this.approve(), { signal });
    this.#reject.addEventListener('click', () => this.reject(), { signal });
    this.#extend.addEventListener('click', () => this.extend(), { signal });
    this.#undo.addEventListener('click', () => this.undo(), { signal });
    this.#noteToggle.addEventListener('click', () => this.#toggleNote(), { signal });
    this.#noteField.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      this.#toggleNote();
    }, { signal });
    this.#failure.addEventListener('click', (event) => this.#afterFailure(event), { signal });
  }

  /** @param {CardView} view */
  show(view) {
    if (view === this.#view) return;
    const sameSignal = view.id === this.#view?.id;
    this.#view = view;
    if (!sameSignal) {
      this.#note.value = '';
      this.#openNote(false);
    }
    this.update();
  }

  /** One click approves; only a signal without a clear side needs a second one. */
  approve() {
    const view = this.#view;
    if (!view || !canDecide(view) || selectIsStopped(this.state)) return;
    const verdict = this.#verdict;
    if (verdict?.approve.allowed === false) {
      this.desk.live.announce(verdict.approve.reason ?? '', 'assertive');
      return;
    }
    if (verdict?.approve.needs_note && !this.#note.value.trim()) {
      this.desk.live.announce('The policy asks why you approve: write a note first.', 'assertive');
      this.writeNote();
      return;
    }
    const status = oneClickStatus(view.signal.side);
    // The terms of what is painted here, whatever has come in since.
    const detail = { signalId: view.id, status, note: this.#note.value.trim() || null, terms: view.signal.terms };
    this.send(status ? 'approve' : 'ask-status', detail);
  }

  reject() {
    const view = this.#view;
    if (!view || !canDecide(view)) return;
    const { allowed = true, reason = null, reasons = null, veto = false } = this.#verdict?.reject ?? {};
    if (!allowed) {
      this.desk.live.announce(`You cannot reject it: ${reason}`, 'assertive');
      return;
    }
    this.send('ask-reason', { signalId: view.id, note: this.#note.value.trim() || null, reasons, veto });
  }

  /** Asks for more time. */
  extend() {
    const view = this.#view;
    if (view && canDecide(view) && selectCanExtend(this.state, /** @type {any} */ (view.signal))) this.send('extend', { signalId: view.id });
  }

  /** Takes the approval back, whoever made it. */
  undo() {
    if (this.#view && this.canUndo) this.send('undo', { signalId: this.#view.id });
  }

  /** @returns {boolean} */
  get canUndo() {
    return !this.#undo.hidden && this.#undo.getAttribute('aria-disabled') === null;
  }

  /** Opens the note and puts the cursor there. */
  writeNote() {
    if (!this.#view || !canDecide(this.#view)) return;
    this.#openNote(true);
    this.#note.focus();
  }

  update() {
    const view = this.#view;
    if (!view) return;
    const status = describeStatus(view);
    const undecided = view.pending !== null || view.shownStatus === 'PENDING_REVIEW';
    const busy = view.pending !== null;
    setAttribute(this, 'data-tone', status.tone);
    setAttribute(this, 'data-undecided', undecided);
    drawIcon(this.#statusIcon, status.icon);
    setText(this.#statusLabel, status.label);
    setText(this.#byline, status.byline);
    setText(this.#quote, status.quote ?? '');
    setHidden(this.#quote, !status.quote);
    setHidden(this.#expiry, !undecided);
    // A warning, never a lock: whoever is first decides.
    const lookers = undecided ? lookersText(selectLookers(this.state, view.id)) : '';
    setText(this.#lookersText, lookers);
    setAttribute(this.#lookers, 'title', lookers || null);
    setHidden(this.#lookers, lookers === '');
    this.#paintActions(view, undecided, busy);
    setText(this.#failureText, view.failure ?? '');
    setHidden(this.#failure, !view.failure || busy);
    // Somebody else was first: there is nothing left to try.
    setHidden(this.#retry, !undecided);
    this.#paintTerms(view, undecided);
    this.#paintExpiry();
    this.#paintUndo();
  }

  /** What has changed about it, and what it would do to the limits.
   * @param {CardView} view @param {boolean} undecided */
  #paintTerms({ changes, preview }, undecided) {
    this.#changes.show(changes);
    setHidden(this.#changed, !undecided || changes.length === 0);
    const lines = undecided ? previewLines(preview) : [];
    const wanted = lines.map(({ text }) => text).join('\n');
    setHidden(this.#preview, lines.length === 0);
    if (wanted === this.#previewShown) return;
    this.#previewShown = wanted;
    this.#preview.replaceChildren(...lines.map(({ text, crosses }) => make('li', { 'data-crosses': crosses },
      crosses ? icon('warning') : null, make('span', {}, text))));
  }

  /** @param {CardView} view @param {boolean} undecided @param {boolean} busy */
  #paintActions(view, undecided, busy) {
    const status = oneClickStatus(view.signal.side);
    setText(this.#approveText, status ? `Approve ${status}` : 'Approve as…');
    setAttribute(this.#approve, 'data-side', sideTone(status));
    // Not `disabled`: that would throw the focus of a keyboard user out of the card.
    for (const button of [this.#approve, this.#reject, this.#noteToggle]) {
      setAttribute(button, 'aria-disabled', busy ? 'true' : null);
    }
    this.#paintPolicy(view, undecided, busy);
    this.#paintStopped(undecided);
    setAttribute(this.#note, 'maxlength', this.state.settings.note_characters_max);
    if (!undecided) this.#handOnFocus();
    setHidden(this.#actions, !undecided);
    if (!undecided) this.#openNote(false);
    this.#note.readOnly = busy;
  }

  /** Why a button does nothing stands beside it, in the words in which the server would refuse (GAP-06).
   * @param {CardView} view @param {boolean} undecided @param {boolean} busy */
  #paintPolicy({ verdict: known }, undecided, busy) {
    const verdict = this.#verdict;
    const blocked = [[this.#approve, verdict?.approve], [this.#reject, verdict?.reject]];
    for (const [button, verdictOf] of /** @type {[Element, {allowed: boolean}|undefined][]} */ (blocked)) {
      const forbidden = verdictOf?.allowed === false;
      setAttribute(button, 'aria-disabled', busy || forbidden ? 'true' : null);
      setAttribute(button, 'aria-describedby', forbidden ? this.#policyLine.id : null);
    }
    setText(this.#reject, verdict?.reject.veto ? 'Veto' : 'Reject');
    setText(this.#noteLabel, verdict?.approve.needs_note ? 'Note (why you approve)' : 'Note (optional)');
    setText(this.#policyLine, policyText(known));
    setHidden(this.#policyLine, !undecided || busy || policyText(known) === '');
    const reasons = policyReasons(known);
    setHidden(this.#policyWhy, !undecided || reasons.length === 0);
    if (reasons.join('\n') === this.#policyWhyShown) return;
    this.#policyWhyShown = reasons.join('\n');
    this.#policyWhy.replaceChildren(...reasons.map((reason) => make('li', {}, reason)));
  }

  /** What the policy lets me do; whoever has no name yet is asked for one by a click. */
  get #verdict() {
    return this.state.me.named ? this.#view?.verdict ?? null : null;
  }

  /** Above whatever the policy says: while the desk is stopped nobody approves.
   * @param {boolean} undecided */
  #paintStopped(undecided) {
    const stopped = selectIsStopped(this.state);
    setHidden(this.#stopped, !stopped || !undecided);
    if (!stopped) return;
    setAttribute(this.#approve, 'aria-disabled', 'true');
    setAttribute(this.#approve, 'aria-describedby', this.#stopped.id);
  }

  /** The buttons go away once all is said; the card keeps the focus they had. */
  #handOnFocus() {
    const inside = this.#actions.contains(document.activeElement) || this.#noteField.contains(document.activeElement);
    if (inside) this.#handHome();
  }

  #handHome() {
    const home = this.closest('[tabindex="-1"]');
    if (home instanceof HTMLElement) home.focus({ preventScroll: true });
  }

  #paintExpiry() {
    const view = this.#view;
    if (!view || this.#expiry.hidden) {
      setHidden(this.#extend, true);
      return;
    }
    const { stopped } = this.state.desk;
    const now = limitNow(this.state, /** @type {any} */ (view.signal), this.desk.ticker.now());
    const { tone, text, label } = describeExpiry(view.signal.expires_at, now, stopped);
    const soon = Date.parse(view.signal.expires_at ?? '') - now <= EXTENSION_OFFERED_MS;
    const { minutes } = this.state.settings.extension;
    setHidden(this.#extend, !soon || view.pending !== null || !selectCanExtend(this.state, /** @type {any} */ (view.signal)));
    setText(this.#extend, `+${minutes} min`);
    setAttribute(this.#extend, 'aria-label', `Give ${view.signal.symbol} ${minutes} minutes more`);
    setAttribute(this.#expiry, 'data-tone', tone);
    setText(this.#expiryText, text);
    setAttribute(this.#expiry, 'title', label);
  }

  #paintUndo() {
    const view = this.#view;
    if (!view) return;
    const left = view.pending === null ? selectUndoLeftMs(this.state, /** @type {any} */ (view.signal), this.desk.ticker.now()) : null;
    const { shown, open, text, label } = describeUndo(left, view.undoing, this.state.desk.stopped);
    if (!shown && this.#undo === document.activeElement) this.#handHome();
    setHidden(this.#undo, !shown);
    setText(this.#undo, text);
    setAttribute(this.#undo, 'aria-label', label);
    setAttribute(this.#undo, 'aria-disabled', open ? null : 'true');
  }

  #toggleNote() {
    if (this.#noteToggle.getAttribute('aria-disabled') === 'true') return;
    const open = this.#noteField.hidden;
    this.#openNote(open);
    if (open) this.#note.focus();
    else this.#noteToggle.focus();
  }

  /** @param {boolean} open */
  #openNote(open) {
    setHidden(this.#noteField, !open);
    setAttribute(this.#noteToggle, 'aria-expanded', String(open));
    setAttribute(this.#noteToggle, 'data-filled', this.#note.value.trim() !== '');
  }

  /** @param {Event} event */
  #afterFailure(event) {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    if (!button || !this.#view) return;
    this.send(button.dataset.does === 'retry' ? 'retry' : 'dismiss-failure', { signalId: this.#view.id });
    if (!this.#actions.hidden) this.#approve.focus();
  }
}

export function defineDecisionPanel() {
  customElements.define('decision-panel', DecisionPanel);
}
