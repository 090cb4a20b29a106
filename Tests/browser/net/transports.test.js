import test from 'node:test';
import assert from 'node:assert/strict';
import { golden, makeSignal, signalId, signalMessage, snapshotBody } from '../support/messages.js';
import { eventsResponse, jsonResponse, makeDesk, problemResponse } from '../support/desk.js';
import { settle } from '../support/virtual-time.js';

const signalNew = (number) => signalMessage('new', makeSignal(number), number);
const order = (desk) => desk.store.getState().signals.order;
const shown = ({ shown: { status, transport } }) => [status, transport];

/** A network that lets through what it lets through, in front of a server with a log. */
class Gateway {
  log = [];
  desk;
  #open;
  #served = new Set();

  constructor(...open) {
    this.#open = new Set(open);
    this.desk = makeDesk();
    this.desk.respondEvents = (path) => eventsResponse(path, this.log);
  }

  let(...open) {
    this.#open = new Set(open);
  }

  happen() {
    const message = signalNew(this.log.length + 1);
    this.log.push(message);
    for (const stream of this.#served) if (!stream.closed) stream.say(message);
  }

  /** Time passes, and whatever the page opens meanwhile gets through or does not. */
  async pass(ms) {
    for (let left = ms; left > 0; left -= 250) {
      await this.desk.time.advance(Math.min(left, 250));
      for (const stream of [...this.desk.sockets, ...this.desk.streams]) {
        if (stream.closed || this.#served.has(stream)) continue;
        this.#served.add(stream);
        if (this.#open.has(stream.kind)) stream.catchUp(this.log, 'E1');
        else stream.drop();
      }
      await settle();
    }
  }
}

async function begin(...open) {
  const gateway = new Gateway(...open);
  gateway.desk.connection.connect();
  await settle();
  await gateway.pass(8_000);
  return gateway;
}

test('C20: without WebSockets the page lives over server-sent events, without these by polling', async () => {
  assert.deepEqual(shown((await begin('websocket', 'events')).desk), ['live', 'websocket']);
  assert.deepEqual(shown((await begin('events')).desk), ['live', 'events']);
  const polling = await begin();
  await polling.pass(10_000);
  assert.deepEqual(shown(polling.desk), ['live', 'polling']);
});

test('C20: the event stream begins at the place, with prices, and tells what a socket tells', async () => {
  const { desk, ...gateway } = await begin('events');
  const { url } = desk.stream;
  assert.equal(url.pathname, '/api/v1/events/stream');
  assert.deepEqual(Object.fromEntries(url.searchParams), { as: 'alice', epoch: 'E1', since: '0', channels: 'prices,presence', ack: '1', batch: '1' });
  desk.stream.say(signalNew(1));
  desk.stream.say(golden('price_update'));
  assert.deepEqual(order(desk), [signalId(1)]);
  assert.equal(desk.store.getState().prices.AAPL.price, '185.50');
  assert.equal(desk.connection.send({ type: 'ping' }), false, 'nothing can be sent over it');
  assert.ok(gateway);
});

test('C20: while polling, events come within five seconds, page by page when there are many', async () => {
  const gateway = await begin();
  const { desk } = gateway;
  await gateway.pass(10_000);
  desk.respondEvents = (path) => eventsResponse(path, gateway.log, 'E1', 2);
  for (let count = 0; count < 5; count += 1) gateway.happen();
  await gateway.pass(5_000);
  assert.equal(order(desk).length, 5);
  assert.equal(desk.shown.offset, 5);
  const asked = desk.requests.filter(({ path }) => path.startsWith('/api/v1/events?')).slice(-3).map(({ path }) => path);
  assert.deepEqual(asked.map((path) => new URL(path, 'https://desk.example').searchParams.get('after')), ['0', '2', '4']);
});

test('C20: the way up is taken without leaving off: nothing missing, nothing twice, live all the time', async () => {
  const gateway = await begin();
  const { desk } = gateway;
  await gateway.pass(10_000);
  const heard = [];
  const statuses = new Set();
  desk.connection.subscribe('signal:new', ({ offset }) => heard.push(offset));
  desk.store.subscribe((state) => state.connection.status, (status) => statuses.add(status));
  gateway.let('events');
  for (let round = 0; round < 400 && desk.shown.transport !== 'events'; round += 1) {
    if (round % 3 === 0) gateway.happen();
    await gateway.pass(250);
  }
  assert.deepEqual(shown(desk), ['live', 'events']);
  gateway.let('events', 'websocket');
  for (let round = 0; round < 400 && desk.shown.transport !== 'websocket'; round += 1) {
    if (round % 3 === 0) gateway.happen();
    await gateway.pass(250);
  }
  gateway.happen();
  await settle();
  assert.deepEqual(shown(desk), ['live', 'websocket']);
  assert.deepEqual(heard, gateway.log.map(({ offset }) => offset));
  assert.deepEqual([...statuses], []);
  assert.equal(desk.stream.closed, true, 'the lower way is let go of');
  assert.deepEqual(desk.socket.sent[0], { type: 'subscribe', channel: 'prices' });
});

test('a better way that opens but does not catch up, or is not to be trusted, is let go of, and nothing is lost', async () => {
  const gateway = await begin('events');
  const { desk } = gateway;
  const before = desk.sockets.length;
  await desk.time.advance(5_000);
  assert.equal(desk.sockets.length, before + 1);
  desk.socket.greet();
  await desk.time.advance(10_000);
  assert.equal(desk.socket.closed, true);
  assert.deepEqual(shown(desk), ['live', 'events']);
  await desk.time.advance(15_000);
  desk.socket.greet();
  desk.socket.skipNumber();
  desk.socket.say(signalNew(1));
  assert.equal(desk.socket.closed, true);
  desk.stream.say(signalNew(1));
  assert.deepEqual(order(desk), [signalId(1)]);
});

test('the lower way is lost while the better one is tried: the page begins again from its place', async () => {
  const gateway = await begin('events');
  const { desk } = gateway;
  desk.stream.say(signalNew(1));
  await desk.time.advance(5_000);
  const tried = desk.socket;
  assert.equal(tried.closed, false);
  desk.stream.drop();
  assert.equal(tried.closed, true);
  await desk.time.advance(1_000);
  assert.equal(desk.stream.url.searchParams.get('since'), '1');
});

test('a server that is away and comes back finds its pages at the top of the ladder', async () => {
  const gateway = await begin('websocket', 'events');
  const { desk } = gateway;
  gateway.let();
  desk.away = true;
  desk.socket.drop();
  await gateway.pass(40_000);
  assert.equal(desk.shown.status, 'reconnecting');
  assert.equal(desk.streams.length, 0);
  gateway.let('websocket', 'events');
  desk.away = false;
  await gateway.pass(31_000);
  assert.deepEqual(shown(desk), ['live', 'websocket']);
  assert.equal(desk.streams.length, 0, 'no other way was tried');
});

test('REC-09: after an attempt that did not open, what was missed is read over REST before the next one', async () => {
  const gateway = await begin('websocket');
  const { desk } = gateway;
  gateway.let();
  desk.socket.drop();
  gateway.happen();
  gateway.happen();
  await gateway.pass(4_000);
  assert.equal(desk.shown.status, 'reconnecting');
  assert.deepEqual(order(desk), [signalId(2), signalId(1)]);
  gateway.let('websocket');
  await gateway.pass(5_000);
  assert.deepEqual(shown(desk), ['live', 'websocket']);
  assert.equal(desk.shown.catchUp.replayed, 2);
});

test('an event stream that has died in silence is found out over REST, and what it kept back is shown', async () => {
  const gateway = await begin('events');
  const { desk } = gateway;
  const { stream } = desk;
  stream.say(golden('price_update'));
  gateway.log.push(signalNew(1));
  await desk.time.advance(29_000);
  assert.equal(stream.closed, false);
  await desk.time.advance(2_000);
  assert.equal(stream.closed, true);
  assert.deepEqual(order(desk), [signalId(1)]);
  await gateway.pass(2_000);
  assert.deepEqual(shown(desk), ['live', 'events']);
});

test('an event stream on which nothing happens is asked after, and left alone', async () => {
  const gateway = await begin('events');
  const { desk } = gateway;
  const { stream } = desk;
  desk.refuseSockets = true;
  await gateway.pass(120_000);
  assert.equal(desk.stream, stream);
  assert.deepEqual(shown(desk), ['live', 'events']);
});

test('polling too old to go on loads the snapshot, says so, and is live again', async () => {
  const gateway = await begin();
  const { desk } = gateway;
  await gateway.pass(10_000);
  desk.respond = () => jsonResponse(snapshotBody({ epoch: 'E2', offset: 7, signals: [makeSignal(7)] }));
  desk.respondEvents = (path) => (path.includes('epoch=E2') ? eventsResponse(path, new Array(7), 'E2') : problemResponse(410, { code: 'epoch_changed' }));
  await gateway.pass(6_000);
  assert.deepEqual(shown(desk), ['live', 'polling']);
  assert.deepEqual(order(desk), [signalId(7)]);
  assert.deepEqual([desk.shown.catchUp.kind, desk.shown.catchUp.reason], ['reloaded', 'epoch_changed']);
});

test('a log that is refused again right after its snapshot is not asked for without a pause', async () => {
  const gateway = await begin();
  const { desk } = gateway;
  await gateway.pass(10_000);
  desk.respondEvents = () => problemResponse(410, { code: 'trimmed' });
  const before = desk.requests.length;
  await gateway.pass(20_000);
  assert.ok(desk.requests.length - before < 20, `${desk.requests.length - before}`);
  assert.equal(desk.shown.status, 'reconnecting');
});

test('a browser without event streams goes on to polling', async () => {
  const gateway = new Gateway();
  delete gateway.desk.tools.EventSource;
  const { createLiveConnection } = await import('../../../Public/net/live-connection.js');
  createLiveConnection(gateway.desk.tools).connect();
  await settle();
  await gateway.pass(20_000);
  assert.deepEqual(shown(gateway.desk), ['live', 'polling']);
});

test('REC-16: online again, or awake again, the page asks at once and tries the better way soon', async () => {
  for (const signal of ['online', 'woken', 'visible']) {
    const gateway = await begin('events');
    const { desk } = gateway;
    await gateway.pass(100_000);
    const [asked, tried] = [desk.requests.length, desk.sockets.length];
    desk.connection[signal]();
    await desk.time.advance(600);
    assert.ok(desk.requests.length > asked, signal);
    assert.ok(desk.sockets.length > tried, signal);
  }
});

test('a computer that slept asks at once, and waits no longer than five seconds for the answer', async () => {
  const gateway = await begin('websocket');
  const { desk } = gateway;
  const { socket } = desk;
  desk.time.sleep(3_600_000);
  desk.connection.woken();
  assert.equal(socket.sent.at(-1).type, 'ping');
  await desk.time.advance(4_900);
  assert.equal(desk.shown.status, 'live');
  await desk.time.advance(200);
  assert.equal(desk.shown.status, 'reconnecting');
});

test('in a hidden tab, where every timer is late, a dead connection is found out all the same', async () => {
  for (const rings of [['woken'], []]) {
    const gateway = await begin('websocket');
    const { desk } = gateway;
    for (let minute = 0; minute < 3; minute += 1) {
      desk.time.sleep(60_000);
      for (const ring of rings) desk.connection[ring]();
      await desk.time.advance(1);
    }
    assert.equal(desk.sockets[0].closed, true, rings.join());
  }
});

test('a page out of the back/forward cache connects anew from its place', async () => {
  const gateway = await begin('websocket');
  const { desk } = gateway;
  gateway.happen();
  const before = desk.socket;
  desk.connection.restored();
  assert.equal(before.closed, true);
  assert.equal(desk.socket.url.searchParams.get('since'), '1');
});

test('a proxy that forbids is no desk that refuses: the page goes on trying', async () => {
  const gateway = await begin('websocket');
  const { desk } = gateway;
  gateway.let();
  desk.respondEvents = () => new Response('<h1>Forbidden</h1>', { status: 403, headers: { 'content-type': 'text/html' } });
  desk.socket.drop();
  await gateway.pass(8_000);
  assert.equal(desk.shown.status, 'reconnecting');
  desk.respondEvents = () => problemResponse(400, { code: 'invalid_request', detail: 'That is not a name.' });
  await gateway.pass(10_000);
  assert.deepEqual([desk.shown.status, desk.shown.error], ['disconnected', 'That is not a name.']);
});
