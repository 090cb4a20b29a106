// @ts-check
/**
 * The confirmations around stopping: one that a hurried hand can make (the key again, Enter, or one tap), and one that it cannot
 * make by accident, for resuming.
 */
import { make, uniqueId } from '../view/make.js';
import { AskDialog } from './ask-dialog.js';

const REASON_CHARACTERS_MAX = 500;

/** @extends {AskDialog<{ reason: string | null }>} */
export class StopDialog extends AskDialog {
  #hint = make('p', { class: 'dialog-hint' });
  #stop = /** @type {HTMLButtonElement} */ (make('button', { type: 'submit', class: 'button stop-now', autofocus: true }));
  #reason = /** @type {HTMLInputElement} */ (make('input', { type: 'text', id: uniqueId('stop-reason'), maxlength: REASON_CHARACTERS_MAX,
    autocomplete: 'off' }));

  fields() {
    this.addEventListener('keydown', (event) => this.#confirmByKey(event));
    return [this.#hint, this.#stop, make('label', { for: this.#reason.id }, 'Why (optional)'), this.#reason];
  }

  answerLabel() {
    return null;
  }

  read() {
    return { reason: this.#reason.value.trim() || null };
  }

  /** The whole desk. */
  ask() {
    return this.#askFor('Stop the desk?', 'At once, for everybody: nothing is approved and nothing leaves until two people resume. Press s again, or Enter.',
      'Stop the desk now');
  }

  /** @param {string} sessionId */
  askForSession(sessionId) {
    return this.#askFor(`Stop session ${sessionId}?`, 'It stays stopped whatever its source reports, until somebody resumes it.', `Stop ${sessionId} now`);
  }

  /** @param {string} title @param {string} hint @param {string} label */
  #askFor(title, hint, label) {
    this.#reason.value = '';
    this.#hint.textContent = hint;
    this.#stop.textContent = label;
    return this.open(title);
  }

  /** The key that asked confirms, unless it is still held down or somebody is writing.
   * @param {KeyboardEvent} event */
  #confirmByKey(event) {
    if (event.key !== 's' || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target === this.#reason) return;
    event.preventDefault();
    this.#stop.click();
  }
}

/** @extends {AskDialog<true>} */
export class ResumeDialog extends AskDialog {
  #hint = make('p', { class: 'dialog-hint', tabindex: -1, autofocus: true });

  fields() {
    return [this.#hint];
  }

  answerLabel() {
    return 'Sign off resuming';
  }

  read() {
    return /** @type {const} */ (true);
  }

  /** @param {import('../core/types.js').DeskStop} stop */
  ask({ stopped_by: by, reason, resume }) {
    const first = resume.signed_off[0]?.by;
    const why = reason ? ` (“${reason}”)` : '';
    this.#hint.textContent = first
      ? `${by} stopped it${why}. ${first} has signed off: with you the desk goes on, time limits run and approvals leave.`
      : `${by} stopped it${why}. It goes on when somebody else signs off, too.`;
    return this.open('Resume the desk?');
  }
}

export function defineStopDialogs() {
  customElements.define('stop-dialog', StopDialog);
  customElements.define('resume-dialog', ResumeDialog);
}
