// A server in the smallest form that matters to catching up: a log, of which some events are for others, and its streams.

import { pick } from './random.js';

const timestamp = '2026-01-23T10:30:00.000Z';

export class ModelLog {
  epoch = 'E1';
  /** The offsets; `false` where the event is for somebody else. */
  events = [];
  #random;

  constructor(random) {
    this.#random = random;
  }

  get offset() {
    return this.events.length;
  }

  happen() {
    this.events.push(this.#random() < 0.85);
  }

  /** Another log takes its place, as after a restore. */
  replace() {
    this.epoch = `${this.epoch}+`;
    this.events = this.events.slice(0, Math.floor(this.#random() * (this.offset + 1)));
  }

  /** What this page must have applied to be at an offset. */
  visible(from, to = this.offset) {
    return this.events.flatMap((isOurs, index) => (isOurs && index >= from && index < to ? [index + 1] : []));
  }

  messages(from, to = this.offset) {
    return this.visible(from, to).map((offset) => ({ type: 'signal:new', timestamp, offset }));
  }

  page(after) {
    const end = Math.min(this.offset, after + Math.floor(this.#random() * 6));
    return {
      epoch: this.epoch, events: this.messages(after, end).map((message) => ({ message, known: true })), unreadable: [],
      offset: this.visible(after, end).at(-1) ?? after, hasMore: end < this.offset,
    };
  }
}

/** One connection to it: numbered messages on their way, in order. */
export class ModelStream {
  epoch;
  onTheWay = [];
  #log;
  #sent;
  #sequence = 0;
  #random;

  constructor(log, place, random) {
    this.#log = log;
    this.#random = random;
    this.epoch = log.epoch;
    this.#sent = log.offset;
    this.#say({ type: 'connected', connection_id: 'c', epoch: log.epoch, offset: log.offset });
    if (place.epoch !== log.epoch || place.offset > log.offset) return this.#tooOld('epoch_changed');
    if (random() < 0.15) return this.#tooOld(pick(random, ['trimmed', 'too_many']));
    for (const message of log.messages(place.offset)) this.#say(message);
    this.#resumed(log.offset - place.offset);
  }

  /** What has happened since goes out; some of it again, some of it only after a while. */
  flow() {
    if (this.#log.epoch !== this.epoch) return;
    const dice = this.#random();
    const missed = this.#log.offset - this.#sent;
    if (dice < 0.05) return this.#skipTo();
    for (const message of this.#log.messages(this.#sent)) this.#say(message);
    this.#sent = this.#log.offset;
    if (dice < 0.15 && this.#sent > 0) for (const message of this.#log.messages(0).slice(-2)) this.#say(message);
    if (dice < 0.2 && missed > 0) this.#resumed(missed);
    this.#say({ type: 'pong', data: {} });
  }

  /** A proxy loses one. */
  lose() {
    this.onTheWay.splice(Math.floor(this.#random() * this.onTheWay.length), 1);
  }

  /** A proxy says one again. */
  repeat() {
    if (this.onTheWay.length > 0) this.onTheWay.splice(1, 0, this.onTheWay[0]);
  }

  /** Too slow, and too much to send again. */
  #skipTo() {
    this.#sent = this.#log.offset;
    this.#tooOld('too_many');
  }

  #tooOld(reason) {
    this.#say({ type: 'resumed', data: { recovered: false, reason, offset: this.#sent } });
  }

  #resumed(replayed) {
    this.#say({ type: 'resumed', data: { recovered: true, replayed, offset: this.#sent } });
  }

  #say(message) {
    this.onTheWay.push({ timestamp, ...message, sequence_number: this.#sequence });
    this.#sequence += 1;
  }
}
