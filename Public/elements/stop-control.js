// @ts-check
/** The one control that stops the whole desk, always in the header (GAP-07). While the desk is stopped the banner takes its place. */
import { selectIsStopped } from '../core/desk-stop.js';
import { icon } from '../view/icons.js';
import { make, makeButton, setHidden } from '../view/make.js';
import { DeskElement } from './desk-element.js';

export class StopControl extends DeskElement {
  #button = makeButton('', { class: 'button stop-button', 'aria-label': 'Stop the desk', title: 'Stop the desk (s s)', 'aria-keyshortcuts': 's' },
    icon('stop'), make('span', { class: 'stop-text' }, 'Stop the desk'));

  build() {
    this.append(this.#button);
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch(selectIsStopped, signal);
    this.#button.addEventListener('click', () => this.send('ask-stop'), { signal });
  }

  update() {
    setHidden(this, selectIsStopped(this.state));
  }
}

export function defineStopControl() {
  customElements.define('stop-control', StopControl);
}
