// @ts-check
/** Says in red that the desk is stopped: by whom, why, which tabs know, and how far people are with resuming (GAP-07). */
import { selectDesk } from '../core/desk-stop.js';
import { selectMe } from '../core/selectors.js';
import { icon } from '../view/icons.js';
import { make, makeButton, setAttribute, setHidden, setText } from '../view/make.js';
import { stopWords } from '../view/stop-words.js';
import { DeskElement } from './desk-element.js';

export class StopBanner extends DeskElement {
  #title = make('strong', { class: 'stop-title' });
  #who = make('span', { class: 'stop-who' });
  #reason = make('q', { class: 'stop-reason', hidden: true });
  #acknowledged = make('span', { class: 'stop-acknowledged', hidden: true });
  #resume = make('span', { class: 'stop-resume' });
  #signOff = makeButton('Resume the desk…', { class: 'button stop-sign-off' });
  #keep = makeButton('Keep it stopped', { class: 'button stop-keep' });
  #said = '';

  build() {
    this.append(make('div', { class: 'stop-row', role: 'group', 'aria-label': 'Emergency stop' }, icon('stop'),
      make('p', { class: 'stop-words' }, this.#title, ' ', this.#who, ' ', this.#reason),
      make('p', { class: 'stop-state' }, this.#acknowledged, ' ', this.#resume), make('div', { class: 'stop-buttons' }, this.#keep, this.#signOff)));
  }

  /** @param {AbortSignal} signal */
  connected(signal) {
    this.watch(selectDesk, signal);
    this.watch(selectMe, signal);
    this.#signOff.addEventListener('click', () => this.send('ask-resume'), { signal });
    this.#keep.addEventListener('click', () => this.send('keep-stopped'), { signal });
  }

  update() {
    const words = stopWords(selectDesk(this.state), selectMe(this.state));
    setHidden(this, words === null);
    if (words === null) {
      if (this.#said !== '') this.desk.live.announce('The desk goes on.', 'assertive');
      this.#said = '';
      return;
    }
    setText(this.#title, words.title);
    setText(this.#who, words.who);
    setText(this.#reason, words.reason);
    setHidden(this.#reason, words.reason === '');
    setText(this.#acknowledged, words.acknowledged);
    setAttribute(this.#acknowledged, 'title', words.missing || null);
    setHidden(this.#acknowledged, words.acknowledged === '');
    setText(this.#resume, words.resume);
    setHidden(this.#signOff, !words.canSignOff);
    setHidden(this.#keep, !words.canKeep);
    // Who acknowledges one by one is there to be read.
    const said = [words.title, words.who, words.reason, words.canKeep ? words.resume : ''].filter(Boolean).join(' ');
    if (said !== this.#said) this.desk.live.announce(said, 'assertive');
    this.#said = said;
  }
}

export function defineStopBanner() {
  customElements.define('stop-banner', StopBanner);
}
