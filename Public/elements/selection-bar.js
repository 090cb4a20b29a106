// @ts-check
/** What is ticked, and the buttons that decide it together. There only while something is ticked. */
import { selectIsStopped } from '../core/desk-stop.js';
import { selectSelection } from '../core/selectors.js';
import { make, makeButton, setAttribute, setHidden, setText } from '../view/make.js';
import { signalCount } from '../view/bulk.js';
import { DeskElement } from './desk-element.js';

export class SelectionBar extends DeskElement {
  #count = make('strong', { class: 'selection-count', role: 'status' });
  #approve = makeButton('Approve…', { class: 'button button-approve', 'aria-keyshortcuts': 'Shift+A' });
  #reject = makeButton('Reject…', { class: 'button button-reject', 'aria-keyshortcuts': 'Shift+R' });
  #clear = makeButton('Clear', { class: 'button' });

  build() {
    this.append(this.#count, this.#approve, this.#reject, this.#clear);
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch(selectSelection, signal);
    this.watch(selectIsStopped, signal);
    this.#approve.addEventListener('click', () => this.send('approve-selection'), { signal });
    this.#reject.addEventListener('click', () => this.send('reject-selection'), { signal });
    this.#clear.addEventListener('click', () => this.send('clear-selection'), { signal });
  }

  update() {
    const { length } = selectSelection(this.state);
    setHidden(this, length === 0);
    const stopped = selectIsStopped(this.state);
    setAttribute(this.#approve, 'aria-disabled', stopped ? 'true' : null);
    setAttribute(this.#approve, 'title', stopped ? 'The desk is stopped: nothing can be approved' : null);
    setText(this.#count, length === 0 ? '' : `${signalCount(length)} selected`);
  }
}

export function defineSelectionBar() {
  customElements.define('selection-bar', SelectionBar);
}
