import test from 'node:test';
import assert from 'node:assert/strict';
import * as actions from '../../../Public/core/actions.js';
import { initialState } from '../../../Public/core/state.js';
import { reducer } from '../../../Public/core/reducer.js';
import { readSnapshot } from '../../../Public/wire/snapshot.js';
import { toAction } from '../../../Public/wire/to-action.js';
import { approvalMessage, decidedSignal, golden, makeDecision, makeSignal, signalMessage, snapshotBody, timeText } from '../support/messages.js';
import { eventsResponse, jsonResponse, makeDesk, problemResponse } from '../support/desk.js';
import { pick, seededRandom } from '../support/random.js';
import { settle } from '../support/virtual-time.js';

/** The server in the test: its log, and the projection that its snapshot shows. */
class ModelServer {
  epoch = 'E1';
  log = [];
  #random;
  #numbers = 0;

  constructor(random) {
    this.#random = random;
  }

  get offset() {
    return this.log.length;
  }

  /** Something happens on the desk. */
  happen() {
    const pending = this.signals().filter(({ awaiting_approval }) => awaiting_approval);
    const kind = pending.length === 0 ? 'new' : pick(this.#random, ['new', 'approve', 'reject', 'expire', 'heat', 'campaign']);
    const message = this.#make(kind, pick(this.#random, pending), this.offset + 1);
    this.log.push(message);
    return message;
  }

  signals() {
    return Object.values(this.state().signals.byId);
  }

  /** What applying the log in order gives, up to an offset. */
  state(offset = this.offset) {
    return this.log.slice(0, offset).reduce((state, message) => reducer(state, toAction(message, 0)), start);
  }

  snapshot() {
    const { signals, portfolio, campaigns } = this.state();
    return snapshotBody({
      epoch: this.epoch, offset: this.offset, signals: signals.order.map((id) => signals.byId[id]), portfolio, campaigns: Object.values(campaigns),
    });
  }

  #make(kind, signal, offset) {
    const decision = { id: `d-${offset}`, decided_at: timeText(Date.parse('2026-01-23T11:00:00.000Z') + offset * 1_000) };
    switch (kind) {
      case 'new': return signalMessage('new', makeSignal((this.#numbers += 1)), offset);
      case 'approve': return approvalMessage(decidedSignal(signal, makeDecision(decision)), offset);
      case 'reject':
        return signalMessage('rejected', decidedSignal(signal, makeDecision({ ...decision, outcome: 'rejected', status: null, reason: 'no' })), offset);
      case 'expire':
        return signalMessage('expired', { ...signal, status: 'EXPIRED', awaiting_approval: false, version: signal.version + 1, updated_at: decision.decided_at }, offset);
      case 'heat': return { ...golden('portfolio-updated'), offset, data: { ...golden('portfolio-updated').data, total_heat: String(offset % 100) } };
      default: return { ...golden('campaign-updated'), offset };
    }
  }
}

const start = reducer(initialState, actions.snapshotLoaded(readSnapshot(snapshotBody()).snapshot, 0));
const truthOf = ({ signals, portfolio, campaigns }) => ({ signals, portfolio, campaigns });

/** Answers what the page does, in all weathers: ways may be blocked, silent, cut, lossy; answers may take their time. */
class ModelNetwork {
  blocked = new Set();
  #desk;
  #server;
  #random;
  #served = new Map();
  #silent = new WeakSet();
  #answers = [];

  constructor(desk, server, random) {
    this.#desk = desk;
    this.#server = server;
    this.#random = random;
    desk.respond = () => this.#slowly(jsonResponse(server.snapshot()));
    desk.respondEvents = (path) => this.#slowly(this.#page(path));
  }

  get #streams() {
    return [...this.#desk.sockets, ...this.#desk.streams].filter(({ closed }) => !closed);
  }

  get #open() {
    return this.#streams.filter((stream) => this.#served.has(stream) && !this.#silent.has(stream));
  }

  /** New streams are greeted and resumed, told that they are too old, or do not get through. */
  serve() {
    for (const stream of this.#streams) {
      if (this.#served.has(stream)) continue;
      const { log, epoch, offset } = this.#server;
      this.#served.set(stream, offset);
      if (this.#desk.away || this.blocked.has(stream.kind)) this.#end(stream);
      else if (this.#random() < 0.1) {
        stream.greet({ epoch, offset });
        stream.tooOld(pick(this.#random, ['trimmed', 'too_many']), offset);
      } else stream.catchUp(log, epoch);
    }
  }

  /** Live messages, some of them twice. */
  deliver() {
    for (const stream of this.#open) {
      const { log } = this.#server;
      const sent = this.#served.get(stream);
      this.#served.set(stream, log.length);
      for (const message of log.slice(sent)) {
        stream.say(message);
        if (this.#random() < 0.1) stream.say(pick(this.#random, log));
      }
    }
  }

  /** Something without a place in the log, so that a hole at the very end shows. */
  pong() {
    for (const stream of this.#open) stream.say(golden('pong'));
  }

  answer() {
    this.#answers.shift()?.();
  }

  answerAll() {
    while (this.#answers.length > 0) this.answer();
  }

  fault() {
    const stream = pick(this.#random, this.#open);
    if (!stream) return;
    switch (pick(this.#random, ['drop', 'silence', 'hole', 'repeat', 'garbage'])) {
      case 'drop': return this.#end(stream);
      case 'silence': return this.#silent.add(stream);
      case 'hole': // What happens now is lost on the way.
        this.deliver();
        this.#server.happen();
        this.#served.set(stream, this.#server.offset);
        return stream.skipNumber();
      case 'repeat':
        this.pong();
        if (stream.closed) return;
        stream.repeatNumber();
        return stream.say(signalMessage('new', makeSignal(900_000), 900_000));
      default:
        stream.sayRaw('}');
        return stream.skipNumber();
    }
  }

  /** A way closes or opens, and what is open over a closed one ends. */
  weather() {
    const kind = pick(this.#random, ['websocket', 'events', 'rest']);
    if (kind === 'rest') this.#desk.away = !this.#desk.away;
    else if (!this.blocked.delete(kind)) this.blocked.add(kind);
    for (const stream of this.#streams) if (this.blocked.has(stream.kind) || this.#desk.away) this.#end(stream);
  }

  clearUp() {
    this.blocked.clear();
    this.#desk.away = false;
    this.answerAll();
  }

  #end(stream) {
    stream.drop(pick(this.#random, [1001, 1006, 1006, 4000, 4001]));
    stream.closed || (this.#silent.add(stream));
  }

  #page(path) {
    const { log, epoch } = this.#server;
    const asked = new URL(path, 'https://desk.example').searchParams;
    if (asked.get('epoch') !== epoch || Number(asked.get('after')) > log.length) return problemResponse(410, { code: 'epoch_changed' });
    return this.#random() < 0.05 ? problemResponse(410, { code: 'trimmed' }) : eventsResponse(path, log, epoch, 3);
  }

  /** Some answers are on their way for a while, and the desk goes on meanwhile. */
  #slowly(answer) {
    return this.#random() < 0.7 ? answer : new Promise((resolve) => this.#answers.push(() => resolve(answer)));
  }
}

/** How often a live page was seen, by its way, over all seeds. */
const liveMoments = { websocket: 0, events: 0, polling: 0 };

/** Whatever it has gone through: a page that says live shows what the log says up to its place. */
function assertTruthful(desk, server) {
  if (desk.shown.status !== 'live' || desk.shown.epoch !== server.epoch) return;
  liveMoments[desk.shown.transport] += 1;
  assert.deepEqual(truthOf(desk.store.getState()), truthOf(server.state(desk.shown.offset)));
}

for (let seed = 1; seed <= 120; seed += 1) {
  test(`C20, REC-09 … REC-16, REC-22, TEST-17: however it is interrupted, a page that says live shows the log (seed ${seed})`, async () => {
    const random = seededRandom(seed);
    const server = new ModelServer(random);
    for (let count = Math.floor(random() * 6); count > 0; count -= 1) server.happen();
    const desk = makeDesk({ random });
    const network = new ModelNetwork(desk, server, random);
    // A third of the pages begin with everything, a third without WebSocket, a third with polling alone.
    for (const kind of ['websocket', 'events'].slice(0, seed % 3)) network.blocked.add(kind);
    desk.connection.connect();

    for (let step = 0; step < 100; step += 1) {
      const dice = random();
      if (dice < 0.4) server.happen();
      else if (dice < 0.48) network.fault();
      else if (dice < 0.5) network.weather();
      else if (dice < 0.68) network.answer();
      else if (dice < 0.72) desk.connection[pick(random, ['online', 'offline', 'visible', 'woken', 'restored', 'reconnectNow'])]();
      else if (dice < 0.76) desk.time.sleep(Math.floor(random() * 90_000));
      else if (dice < 0.92) await desk.time.advance(Math.floor(random() * 12_000));
      network.serve();
      await settle();
      network.deliver();
      await settle();
      assertTruthful(desk, server);
    }
    await comeToRest(desk, network, server);
    assert.deepEqual([desk.shown.status, desk.shown.transport], ['live', 'websocket']);
    assert.equal(desk.shown.offset, server.offset);
    assert.deepEqual(truthOf(desk.store.getState()), truthOf(server.state()));
  });
}

test('C20: the weather was such that pages were live over every way', () => {
  for (const [transport, moments] of Object.entries(liveMoments)) assert.ok(moments > 100, `${transport}: ${moments}`);
});

/** No more faults: everything that is under way arrives, and the page finds its way up again. */
async function comeToRest(desk, network, server) {
  const atRest = () => desk.shown.status === 'live' && desk.shown.transport === 'websocket' && desk.shown.offset === server.offset;
  for (let round = 0; round < 120 && !atRest(); round += 1) {
    network.clearUp();
    if (desk.shown.status === 'disconnected') desk.connection.reconnectNow();
    await desk.time.advance(2_000);
    network.clearUp();
    network.serve();
    network.deliver();
    network.pong();
    await settle();
    assertTruthful(desk, server);
  }
}
