// @ts-check
/**
 * Where a signal is decided: the time left, the status, Approve and Reject, the note, and what went wrong. The same on a
 * card and on the signal page.
 */
import { describeExpiry } from '../view/expiry.js';
import { drawIcon, icon } from '../view/icons.js';
import { make, makeButton, setAttribute, setHidden, setText, uniqueId } from '../view/make.js';
import { canDecide, describeStatus, oneClickStatus, sideTone } from '../view/signal-words.js';
import { DeskElement } from './desk-element.js';

/** @typedef {import('../view/signal-words.js').CardView} CardView */

export class DecisionPanel extends DeskElement {
  /** @type {CardView | null} */
  #view = null;
  /** Off screen the countdown rests. */
  awake = true;
  #expiry = make('p', { class: 'expiry' });
  #expiryText = make('span', { class: 'expiry-text' });
  #statusIcon = icon('clock');
  #statusLabel = make('strong', { class: 'status-label' });
  #byline = make('span', { class: 'status-byline' });
  #status = make('p', { class: 'status' }, make('span', { class: 'status-badge' }, this.#statusIcon, this.#statusLabel),
    ' ', this.#byline);
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
  #actions = make('div', { class: 'decision-actions' }, this.#approve, this.#reject, this.#noteToggle);
  #retry = makeButton('Try again', { class: 'button button-small', 'data-does': 'retry' });
  #failureText = make('p', { class: 'failure-text' });
  #failure = make('div', { class: 'failure', hidden: true }, icon('warning'), this.#failureText,
    this.#retry, makeButton('Dismiss', { class: 'link-button', 'data-does': 'forgive' }));

  build() {
    this.#expiry.append(icon('clock'), this.#expiryText);
    this.append(this.#expiry, this.#status, this.#quote, this.#actions, this.#policyLine, this.#noteField, this.#failure);
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.desk.ticker.subscribe(() => {
      if (this.awake) this.#paintExpiry();
    }, { signal });
    this.#approve.addEventListener('click', () => this.approve(), { signal });
    this.#reject.addEventListener('click', () => this.reject(), { signal });
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
    if (!view || !canDecide(view)) return;
    if (view.verdict?.approve.allowed === false) {
      this.desk.live.announce(view.verdict.approve.reason ?? '', 'assertive');
      return;
    }
    if (view.verdict?.approve.needs_note && !this.#note.value.trim()) {
      this.desk.live.announce('The policy asks why you approve: write a note first.', 'assertive');
      this.writeNote();
      return;
    }
    const status = oneClickStatus(view.signal.side);
    const detail = { signalId: view.id, status, note: this.#note.value.trim() || null };
    this.send(status ? 'approve' : 'ask-status', detail);
  }

  reject() {
    const view = this.#view;
    if (!view || !canDecide(view)) return;
    const { allowed = true, reason = null, reasons = null, veto = false } = view.verdict?.reject ?? {};
    if (!allowed) {
      this.desk.live.announce(reason ?? '', 'assertive');
      return;
    }
    this.send('ask-reason', { signalId: view.id, note: this.#note.value.trim() || null, reasons, veto });
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
    this.#paintActions(view, undecided, busy);
    setText(this.#failureText, view.failure ?? '');
    setHidden(this.#failure, !view.failure || busy);
    // Somebody else was first: there is nothing left to try.
    setHidden(this.#retry, !undecided);
    this.#paintExpiry();
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
    setAttribute(this.#note, 'maxlength', this.state.settings.note_characters_max);
    if (!undecided) this.#handOnFocus();
    setHidden(this.#actions, !undecided);
    if (!undecided) this.#openNote(false);
    this.#note.readOnly = busy;
  }

  /** Why a button does nothing stands beside it, in the words in which the server would refuse (GAP-06).
   * @param {CardView} view @param {boolean} undecided @param {boolean} busy */
  #paintPolicy({ verdict }, undecided, busy) {
    const blocked = [[this.#approve, verdict?.approve], [this.#reject, verdict?.reject]];
    for (const [button, verdictOf] of /** @type {[Element, {allowed: boolean}|undefined][]} */ (blocked)) {
      const forbidden = verdictOf?.allowed === false;
      setAttribute(button, 'aria-disabled', busy || forbidden ? 'true' : null);
      setAttribute(button, 'aria-describedby', forbidden ? this.#policyLine.id : null);
    }
    setText(this.#reject, verdict?.reject.veto ? 'Veto' : 'Reject');
    setText(this.#noteLabel, verdict?.approve.needs_note ? 'Note (why you approve)' : 'Note (optional)');
    setText(this.#policyLine, verdict ? verdict.approve.reason ?? `needs ${verdict.missing}` : '');
    setHidden(this.#policyLine, !undecided || busy || !verdict || (verdict.approve.allowed && verdict.needed === 1));
  }

  /** The buttons go away once all is said; the card keeps the focus they had. */
  #handOnFocus() {
    const inside = this.#actions.contains(document.activeElement) || this.#noteField.contains(document.activeElement);
    if (!inside) return;
    const home = this.closest('[tabindex="-1"]');
    if (home instanceof HTMLElement) home.focus({ preventScroll: true });
  }

  #paintExpiry() {
    const view = this.#view;
    if (!view || this.#expiry.hidden) return;
    const { tone, text, label } = describeExpiry(view.signal.expires_at, this.desk.ticker.now());
    setAttribute(this.#expiry, 'data-tone', tone);
    setText(this.#expiryText, text);
    setAttribute(this.#expiry, 'title', label);
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
