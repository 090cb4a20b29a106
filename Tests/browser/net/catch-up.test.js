import test from 'node:test';
import assert from 'node:assert/strict';
import {
  bufferMessagesMax, enterStream, isLive, leaveStream, nothingYet, reachEnd, receiveMessage, receivePage, skipUnreadable, takeSnapshot,
} from '../../../Public/net/catch-up.js';
import { ModelLog, ModelStream } from '../support/model-log.js';
import { seededRandom } from '../support/random.js';

const timestamp = '2026-01-23T10:30:00.000Z';
const logged = (offset) => ({ type: 'signal:new', timestamp, offset });
const connected = (epoch = 'E1', offset = 0) => ({ type: 'connected', timestamp, connection_id: 'c', epoch, offset });
const resumed = (offset, replayed = 0) => ({ type: 'resumed', timestamp, data: { recovered: true, replayed, offset } });
const refused = (reason, offset) => ({ type: 'resumed', timestamp, data: { recovered: false, reason, offset } });
const price = (value, symbol = 'AAPL') => ({ type: 'price_update', timestamp, symbol, value });
const page = (offsets, offset = offsets.at(-1), changes = {}) => ({
  epoch: 'E1', events: offsets.map((each) => ({ message: logged(each), known: true })), unreadable: [], offset, hasMore: false, ...changes,
});

const at = (offset, changes = {}) => ({ ...nothingYet, place: { epoch: 'E1', offset }, ...changes });

/** Feeds numbered messages and returns the state and everything that was found. */
function hear(catchUp, messages) {
  const findings = [];
  let current = catchUp;
  let sequence = current.lastSequence === null ? 0 : current.lastSequence + 1;
  for (const message of messages) {
    const found = receiveMessage(current, { ...message, sequence_number: message.sequence_number ?? sequence });
    sequence += 1;
    current = found.catchUp;
    findings.push(...found.findings);
  }
  return { catchUp: current, findings };
}

const applied = ({ findings }) => findings.flatMap(({ kind, message }) => (kind === 'apply' && message.type === 'signal:new' ? [message.offset] : []));
const kinds = ({ findings }) => findings.map(({ kind }) => kind);
const liveAt = (offset) => hear(enterStream(at(offset)), [connected('E1', offset), resumed(offset)]).catchUp;

test('REC-14: the replay is applied, what came with it dropped, and then the page is live and says how much it missed', () => {
  const before = at(5, { everLive: true });
  const heard = hear(enterStream(before), [connected('E1', 8), logged(6), logged(7), logged(7), logged(8), resumed(8, 3), logged(9)]);
  assert.deepEqual(applied(heard), [6, 7, 8, 9]);
  assert.equal(isLive(heard.catchUp), true);
  assert.deepEqual(heard.catchUp.place, { epoch: 'E1', offset: 9 });
  assert.deepEqual(heard.findings.find(({ kind }) => kind === 'live'), { kind: 'live', replayed: 3, offset: 8, quiet: false });
});

test('a hole is told at once and nothing behind it is applied', () => {
  const heard = hear(liveAt(5), [logged(6), { ...logged(8), sequence_number: 4 }]);
  assert.deepEqual(applied(heard), [6]);
  assert.equal(heard.findings.at(-1).kind, 'broken');
  assert.deepEqual(heard.findings.at(-1).details, { after: 2, got: 4 });
  assert.equal(heard.catchUp.place.offset, 6);
});

test('REC-11: a repeated number is nothing, a repeated offset under a new number is known', () => {
  const live = liveAt(5);
  assert.deepEqual(kinds(hear(live, [{ ...logged(6), sequence_number: 1 }])), ['twice']);
  assert.deepEqual(kinds(hear(live, [logged(6), logged(6)])), ['apply', 'again']);
});

test('REC-09: while reloading what comes is kept in order, of prices the newest, and applied on top of the snapshot', () => {
  const heard = hear(liveAt(5), [refused('too_many', 9), logged(10), price(1), price(2, 'MSFT'), price(3), logged(11)]);
  assert.deepEqual(applied(heard), []);
  const taken = takeSnapshot(heard.catchUp, { epoch: 'E1', offset: 10 });
  assert.deepEqual(applied(taken), [11]);
  assert.deepEqual(taken.findings.flatMap(({ message }) => message?.value ?? []), [2, 3]);
  assert.equal(taken.catchUp.stage, 'live');
  assert.equal(taken.findings.at(-1).replayed, null, 'the reload has been told already');
});

test('a snapshot from before what the stream left out is not enough: the page resumes from it instead of going live', () => {
  const { catchUp } = hear(liveAt(5), [refused('too_many', 9), logged(10)]);
  const taken = takeSnapshot(catchUp, { epoch: 'E1', offset: 8 });
  assert.deepEqual(applied(taken), []);
  assert.equal(taken.findings.at(-1).kind, 'broken');
  assert.deepEqual([taken.catchUp.place.offset, taken.catchUp.stale], [8, null]);
});

test('too slow a second time while reloading, the snapshot must reach as far as that', () => {
  const { catchUp } = hear(liveAt(5), [refused('too_many', 9), logged(10), refused('too_many', 20)]);
  assert.equal(takeSnapshot(catchUp, { epoch: 'E1', offset: 12 }).findings.at(-1).kind, 'broken');
  assert.equal(isLive(takeSnapshot(catchUp, { epoch: 'E1', offset: 20 }).catchUp), true);
});

test('another log is known by its name before anything of it could be taken for known', () => {
  const heard = hear(enterStream(at(50)), [connected('E2', 3), logged(2), refused('epoch_changed', 3)]);
  assert.deepEqual(kinds(heard), ['apply', 'greeted', 'reload', 'apply'], 'greeting, reload, and the refusal that follows');
  assert.deepEqual(applied(heard), []);
  assert.deepEqual(takeSnapshot(heard.catchUp, { epoch: 'E2', offset: 3 }).catchUp.place, { epoch: 'E2', offset: 3 });
  assert.equal(takeSnapshot(heard.catchUp, { epoch: 'E3', offset: 3 }).findings.at(-1).kind, 'broken');
});

test('a snapshot from before what the page has applied already does not take it back', () => {
  assert.equal(takeSnapshot(at(7), { epoch: 'E1', offset: 5 }).catchUp.place.offset, 7);
  assert.equal(takeSnapshot(at(7), { epoch: 'E2', offset: 5 }).catchUp.place.offset, 5);
});

test('too much to keep while reloading breaks the stream instead of growing without bound', () => {
  const many = Array.from({ length: bufferMessagesMax + 1 }, (_, index) => logged(10 + index));
  const heard = hear(liveAt(5), [refused('too_many', 9), ...many]);
  assert.equal(heard.findings.at(-1).kind, 'broken');
  assert.equal(heard.catchUp.buffer.length, bufferMessagesMax);
});

test('pages of the log are applied from the place on and end where they say, also when the end is for others', () => {
  const read = receivePage(enterStream(at(5)), page([5, 6, 7], 9));
  assert.deepEqual(applied(read), [6, 7]);
  assert.equal(read.catchUp.place.offset, 9);
  const end = reachEnd(read.catchUp);
  assert.equal(isLive(end.catchUp), true);
  assert.deepEqual(reachEnd(end.catchUp).findings, [], 'live is said once');
  assert.equal(receivePage(end.catchUp, page([10], 10)).findings[0].replayed, false);
});

test('a page of another log is no page, and one that comes while reloading says nothing', () => {
  assert.deepEqual(kinds(receivePage(at(5), page([6], 6, { epoch: 'E2' }))), ['reload']);
  const { catchUp } = hear(liveAt(5), [refused('too_many', 9)]);
  assert.deepEqual(receivePage(catchUp, page([6, 7])).catchUp, catchUp);
});

test('an unreadable message takes its number and is counted; without a greeting there is no stream', () => {
  const skipped = skipUnreadable(liveAt(5), null);
  assert.deepEqual([skipped.catchUp.lastSequence, skipped.catchUp.unreadable, skipped.findings.length], [2, 1, 0]);
  assert.equal(skipUnreadable(liveAt(5), 7).findings[0].kind, 'broken');
  assert.equal(skipUnreadable(enterStream(at(5)), 0).findings[0].kind, 'broken');
});

/** A page under random weather: whatever happens, what it has applied is what its place says. */
class ModelPage {
  applied = [];
  liveMoments = 0;
  #log;
  #random;
  #catchUp = nothingYet;
  #stream = null;
  #snapshots = [];
  #pages = [];

  constructor(log, random) {
    this.#log = log;
    this.#random = random;
    this.#load();
  }

  get catchUp() {
    return this.#catchUp;
  }

  step() {
    const dice = this.#random();
    if (dice < 0.3) this.#log.happen();
    else if (dice < 0.45) this.#stream?.flow();
    else if (dice < 0.75) this.#arrive();
    else if (dice < 0.8) this.#stream?.lose();
    else if (dice < 0.84) this.#stream?.repeat();
    else if (dice < 0.88) this.#reconnect();
    else if (dice < 0.92) this.#ask();
    else if (dice < 0.96) this.#answer();
    else if (dice < 0.97) this.#log.replace();
    else if (this.#snapshots.length > 0) this.#load();
    this.#check();
  }

  /** No more faults: everything that is under way arrives. */
  settle() {
    for (let round = 0; round < 60 && !(isLive(this.#catchUp) && this.#catchUp.place.offset === this.#log.offset); round += 1) {
      if (this.#snapshots.length > 0) this.#load();
      if (!this.#stream || this.#stream.epoch !== this.#log.epoch) this.#reconnect();
      this.#stream?.flow();
      while (this.#stream?.onTheWay.length) this.#arrive();
      this.#check();
    }
  }

  #check() {
    if (!isLive(this.#catchUp)) return;
    this.liveMoments += 1;
    if (this.#catchUp.place.epoch !== this.#log.epoch) return;
    assert.deepEqual(this.applied, this.#log.visible(0, this.#catchUp.place.offset), 'what was applied is the log up to the place');
  }

  #arrive() {
    const message = this.#stream?.onTheWay.shift();
    if (message) this.#take(receiveMessage(this.#catchUp, message));
  }

  /** Another way to the same log, from the place. What was on its way is lost. */
  #reconnect() {
    this.#stream = null;
    this.#snapshots = [];
    this.#catchUp = leaveStream(this.#catchUp);
    if (this.#catchUp.place === null || this.#catchUp.stale !== null) return this.#load();
    if (this.#random() < 0.3) {
      this.#catchUp = enterStream(this.#catchUp);
      this.#ask();
      return;
    }
    this.#stream = new ModelStream(this.#log, this.#catchUp.place, this.#random);
    this.#catchUp = enterStream(this.#catchUp);
  }

  /** Read at some moment, answered at another. */
  #ask() {
    const { place } = this.#catchUp;
    if (place === null || place.epoch !== this.#log.epoch) return;
    this.#pages.push(this.#log.page(place.offset));
  }

  #answer() {
    const next = this.#pages.shift();
    // An answer from before another log came, or that skips something, is one to a question that nobody asks any more.
    if (!next || next.epoch !== this.#catchUp.place?.epoch) return;
    this.#take(receivePage(this.#catchUp, next));
    if (!this.#stream && this.#catchUp.stage === 'replaying' && !next.hasMore) this.#take(reachEnd(this.#catchUp));
  }

  #load() {
    const snapshot = this.#snapshots.shift() ?? { epoch: this.#log.epoch, offset: this.#log.offset, applied: this.#log.visible(0) };
    const known = this.#catchUp.place;
    // As the state does: what is older than what it has says nothing new.
    if (known === null || known.epoch !== snapshot.epoch || snapshot.offset >= known.offset) this.applied = snapshot.applied;
    this.#take(takeSnapshot(this.#catchUp, snapshot));
  }

  #take({ catchUp, findings }) {
    this.#catchUp = catchUp;
    for (const { kind, message } of findings) {
      if (kind === 'apply' && message.type === 'signal:new') this.applied.push(message.offset);
      if (kind === 'broken') this.#reconnect();
      if (kind === 'reload') this.#snapshots.push({ epoch: this.#log.epoch, offset: this.#log.offset, applied: this.#log.visible(0) });
    }
  }
}

for (let seed = 1; seed <= 300; seed += 1) {
  test(`REC-09 … REC-14, TEST-17: whenever it says live, it has applied exactly the log up to its place (seed ${seed})`, () => {
    const random = seededRandom(seed);
    const log = new ModelLog(random);
    for (let count = Math.floor(random() * 5); count > 0; count -= 1) log.happen();
    const model = new ModelPage(log, random);
    for (let step = 0; step < 400; step += 1) model.step();
    model.settle();
    assert.equal(isLive(model.catchUp), true);
    assert.deepEqual(model.catchUp.place, { epoch: log.epoch, offset: log.offset });
    assert.deepEqual(model.applied, log.visible(0));
    assert.ok(model.liveMoments > 0);
  });
}
