// @ts-check
/** Shows what is about to be decided together, and afterwards what became of each. */
import { signalCount, signalLine } from '../view/bulk.js';
import { icon } from '../view/icons.js';
import { make, setText } from '../view/make.js';
import { AskDialog } from './ask-dialog.js';

/** @extends {AskDialog<true>} */
export class BulkDialog extends AskDialog {
  #hint = make('p', { class: 'dialog-hint', tabindex: -1, autofocus: true });
  #list = make('ul', { class: 'bulk-list', role: 'list' });
  #left = make('ul', { class: 'bulk-list bulk-left', role: 'list' });

  fields() {
    return [this.#hint, this.#list, this.#left];
  }

  answerLabel() {
    return 'Approve all';
  }

  read() {
    return /** @type {const} */ (true);
  }

  /**
   * @param {import('../core/types.js').Signal[]} signals @param {{ symbol: string, why: string }[]} left those that are not in it
   * @returns {Promise<true | null>}
   */
  ask(signals, left) {
    setText(this.#hint, 'Each is approved as its source says, and can be undone on its own.');
    this.#list.replaceChildren(...signals.map((signal) => make('li', {}, signalLine(signal))));
    this.#left.replaceChildren(...left.map(({ symbol, why }) => make('li', {}, `${symbol} ${why}`)));
    return this.open(`Approve ${signalCount(signals.length)}?`);
  }
}

/** @extends {AskDialog<never>} */
export class BulkOutcomeDialog extends AskDialog {
  #list = make('ul', { class: 'bulk-list', role: 'list' });

  fields() {
    return [this.#list];
  }

  answerLabel() {
    return null;
  }

  cancelLabel() {
    return 'Close';
  }

  /** @param {import('../view/bulk.js').BulkOutcome[]} outcomes */
  show(outcomes) {
    const done = outcomes.filter(({ ok }) => ok).length;
    this.#list.replaceChildren(...outcomes.map(({ symbol, ok, text }) => make('li', { 'data-ok': ok }, icon(ok ? 'check' : 'warning'),
      make('strong', {}, symbol), ' ', text)));
    return this.open(done === outcomes.length ? `All ${done} decided` : `${done} of ${outcomes.length} decided`);
  }
}

export function defineBulkDialogs() {
  customElements.define('bulk-dialog', BulkDialog);
  customElements.define('bulk-outcome-dialog', BulkOutcomeDialog);
}
