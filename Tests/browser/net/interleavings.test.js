import test from 'node:test';
import assert from 'node:assert/strict';
import * as actions from '../../../Public/core/actions.js';
import { initialState } from '../../../Public/core/state.js';
import { reducer } from '../../../Public/core/reducer.js';
import { readSnapshot } from '../../../Public/wire/snapshot.js';
import { toAction } from '../../../Public/wire/to-action.js';
import { approvalMessage, decidedSignal, golden, makeDecision, makeSignal, signalMessage, snapshotBody, timeText } from '../support/messages.js';
import { jsonResponse, makeDesk } from '../support/desk.js';
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

  /** What applying the log in order gives. */
  state() {
    return this.log.reduce((state, message) => reducer(state, toAction(message, 0)), start);
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

/** Answers what the page does to its sockets, so that it gets live however the connection was lost. */
class ModelNetwork {
  #desk;
  #server;
  #random;
  #served = 0;
  #delivered = new WeakMap();

  constructor(desk, server, random) {
    this.#desk = desk;
    this.#server = server;
    this.#random = random;
  }

  /** New sockets are greeted and resumed, or told that they are too old. */
  serve() {
    for (; this.#served < this.#desk.sockets.length; this.#served += 1) {
      const socket = this.#desk.sockets[this.#served];
      if (socket.closedWith) continue;
      const since = Number(socket.url.searchParams.get('since'));
      const { log, epoch, offset } = this.#server;
      socket.greet({ epoch, offset });
      this.#delivered.set(socket, offset);
      if (socket.url.searchParams.get('epoch') !== epoch) socket.tooOld('epoch_changed', offset);
      else if (this.#random() < 0.2) socket.tooOld(pick(this.#random, ['trimmed', 'too_many']), offset);
      else {
        for (const message of log.slice(since)) socket.say(message);
        socket.resumed(offset - since, offset);
      }
    }
  }

  /** Something without a place in the log, so that a hole at the very end shows. */
  pong() {
    const { socket } = this.#desk;
    if (socket && !socket.closedWith && this.#delivered.has(socket)) socket.say(golden('pong'));
  }

  /** Live messages, some of them twice. */
  deliver() {
    const { socket } = this.#desk;
    if (!socket || socket.closedWith || !this.#delivered.has(socket)) return;
    const { log } = this.#server;
    for (const message of log.slice(this.#delivered.get(socket))) {
      socket.say(message);
      if (this.#random() < 0.1) socket.say(pick(this.#random, log));
    }
    this.#delivered.set(socket, log.length);
  }

  fault() {
    const { socket } = this.#desk;
    if (!socket || socket.closedWith) return;
    switch (pick(this.#random, ['drop', 'hole', 'repeat', 'garbage'])) {
      case 'drop': return socket.drop(pick(this.#random, [1001, 1006, 4000, 4001]));
      case 'hole': // What happens now is lost on the way.
        if (!this.#delivered.has(socket)) return;
        this.deliver();
        this.#server.happen();
        this.#delivered.set(socket, this.#server.offset);
        return socket.skipNumber();
      case 'repeat':
        this.pong();
        if (socket.closedWith || !this.#delivered.has(socket)) return;
        socket.repeatNumber();
        return socket.say(signalMessage('new', makeSignal(900_000), 900_000));
      default:
        socket.sayRaw('}');
        return socket.skipNumber();
    }
  }
}

for (let seed = 1; seed <= 60; seed += 1) {
  test(`REC-09 … REC-14, REC-22, TEST-17: however it is interrupted, the page ends where the log does (seed ${seed})`, async () => {
    const random = seededRandom(seed);
    const server = new ModelServer(random);
    for (let count = Math.floor(random() * 6); count > 0; count -= 1) server.happen();
    const desk = makeDesk({ random });
    const snapshots = [];
    desk.respond = () => {
      if (random() < 0.15) return new TypeError('network');
      const body = server.snapshot();
      // Some answers are on their way for a while, and the desk goes on meanwhile.
      return random() < 0.5 ? jsonResponse(body) : new Promise((resolve) => snapshots.push(() => resolve(jsonResponse(body))));
    };
    const network = new ModelNetwork(desk, server, random);
    desk.connection.connect();

    for (let step = 0; step < 80; step += 1) {
      const dice = random();
      if (dice < 0.45) server.happen();
      else if (dice < 0.6) network.fault();
      else if (dice < 0.7) snapshots.shift()?.();
      else if (dice < 0.75) desk.connection.online();
      else if (dice < 0.8) await desk.time.advance(Math.floor(random() * 3_000));
      network.serve();
      network.deliver();
      await settle();
    }
    await comeToRest(desk, network, snapshots);
    assert.equal(desk.shown.status, 'live');
    assert.equal(desk.shown.offset, server.offset);
    assert.deepEqual(truthOf(desk.store.getState()), truthOf(server.state()));
  });
}

/** No more faults: everything that is under way arrives. */
async function comeToRest(desk, network, snapshots) {
  for (let round = 0; round < 60; round += 1) {
    if (desk.shown.retryAt !== null) await desk.time.advance(desk.shown.retryAt - desk.time.now());
    await settle();
    while (snapshots.length > 0) snapshots.shift()();
    await settle();
    network.serve();
    network.deliver();
    network.pong();
    await settle();
    if (desk.shown.status === 'disconnected') desk.connection.reconnectNow();
  }
}
