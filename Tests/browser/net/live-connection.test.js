import test from 'node:test';
import assert from 'node:assert/strict';
import { golden, makeSignal, signalId, signalMessage, snapshotBody } from '../support/messages.js';
import { jsonResponse, liveDesk, makeDesk, problemResponse } from '../support/desk.js';
import { settle } from '../support/virtual-time.js';

const signalNew = (number, offset = number) => signalMessage('new', makeSignal(number), offset);
const order = (desk) => desk.store.getState().signals.order;

/** The server is away: plays the failures of the attempts that follow, and returns what the page showed before each. */
async function failAttempts(desk, count) {
  const shown = [];
  desk.away = true;
  for (let attempt = 0; attempt < count; attempt += 1) {
    shown.push({ ...desk.shown });
    await desk.time.advance(desk.shown.retryAt - desk.time.now());
    if (!desk.socket.closed) desk.socket.drop();
    await settle();
  }
  desk.away = false;
  return shown;
}

test('REC-15, CON-12: the snapshot shows before there is a socket, and the socket resumes from it', async () => {
  const desk = makeDesk({ respond: () => jsonResponse(snapshotBody({ offset: 5, signals: [makeSignal(1)] })) });
  assert.equal(desk.shown.status, 'connecting');
  desk.connection.connect();
  assert.equal(desk.sockets.length, 0);
  await settle();
  assert.equal(desk.requests[0].path, '/api/v1/snapshot?as=alice');
  assert.deepEqual(order(desk), [signalId(1)]);
  assert.equal(desk.store.getState().loaded, true);
  assert.equal(desk.socket.url.href, 'wss://desk.example:8000/ws?as=alice&epoch=E1&since=5&batch=1&ack=1');
});

test('TEST-09, TEST-10, REC-12, UI-01: connected is kept, and after resumed the page is live', async () => {
  const desk = await liveDesk();
  assert.equal(desk.shown.status, 'live');
  assert.equal(desk.connection.isConnected(), true);
  assert.equal(desk.shown.connectionId, '6ba7b810-9dad-11d1-80b4-00c04fd430c8');
  assert.equal(desk.shown.lastSequenceNumber, 1);
  assert.equal(desk.shown.lastMessageAt, desk.time.now());
  assert.equal(desk.shown.catchUp.replayed, 0);
  assert.deepEqual(desk.toastTexts, []);
});

test('SUB-10: prices are subscribed to after every connect', async () => {
  const desk = await liveDesk();
  assert.deepEqual(desk.socket.sent[0], { type: 'subscribe', channel: 'prices' });
  desk.socket.drop();
  await desk.time.advance(1_000);
  desk.socket.greet();
  assert.deepEqual(desk.socket.sent, [{ type: 'subscribe', channel: 'prices' }]);
});

test('REC-01, REC-10, TEST-23: after a loss the page resumes from the last applied offset and says how much it caught up', async () => {
  const desk = await liveDesk();
  desk.socket.say(signalNew(1));
  desk.socket.drop();
  assert.equal(desk.shown.status, 'reconnecting');
  await desk.time.advance(1_000);
  assert.equal(desk.socket.url.searchParams.get('since'), '1');
  desk.socket.greet({ offset: 3 });
  desk.socket.say(signalNew(2));
  desk.socket.say(signalNew(3));
  assert.notEqual(desk.shown.status, 'live');
  desk.socket.resumed(2, 3);
  assert.equal(desk.shown.status, 'live');
  assert.deepEqual(order(desk), [signalId(3), signalId(2), signalId(1)]);
  assert.deepEqual(desk.shown.catchUp, { kind: 'resumed', replayed: 2, at: desk.time.now(), quiet: false });
  assert.equal(desk.requests.length, 1, 'no snapshot was needed');
});

test('REC-09, REC-10: too old to resume, the page reloads, buffers what arrives meanwhile, and says so', async () => {
  const desk = await liveDesk({ snapshot: snapshotBody({ offset: 1, signals: [makeSignal(1)] }) });
  desk.socket.drop();
  await desk.time.advance(1_000);
  let answer;
  desk.respond = () => new Promise((resolve) => { answer = resolve; });
  desk.socket.greet({ offset: 9 });
  desk.socket.tooOld('trimmed', 9);
  desk.socket.say(signalNew(9));
  desk.socket.say(signalNew(10));
  desk.socket.say(golden('price_update'));
  await settle();
  assert.deepEqual(order(desk), [signalId(1)], 'nothing is applied to a state that is behind');
  answer(jsonResponse(snapshotBody({ offset: 9, signals: [makeSignal(9), makeSignal(8)] })));
  await settle();
  assert.equal(desk.shown.status, 'live');
  assert.deepEqual(order(desk), [signalId(10), signalId(9), signalId(8)]);
  assert.equal(desk.shown.offset, 10);
  assert.equal(desk.shown.catchUp.kind, 'reloaded');
  assert.equal(desk.shown.catchUp.reason, 'trimmed');
  assert.equal(desk.store.getState().prices.AAPL.price, '185.50');
});

test('a tab that was too slow is told so in the middle of its life, both ways', async () => {
  const desk = await liveDesk();
  desk.socket.say(signalNew(1));
  desk.socket.resumed(1, 1);
  assert.equal(desk.shown.status, 'live');
  assert.equal(desk.shown.catchUp.replayed, 1);
  desk.respond = () => jsonResponse(snapshotBody({ offset: 50, signals: [makeSignal(50)] }));
  desk.socket.tooOld('too_many', 50);
  assert.equal(desk.shown.status, 'catching-up');
  await settle();
  assert.equal(desk.shown.status, 'live');
  assert.deepEqual(order(desk), [signalId(50)]);
});

test('a reload that fails is retried with back-off, the snapshot first', async () => {
  const desk = await liveDesk();
  desk.respond = () => new TypeError('network');
  desk.socket.tooOld('trimmed', 9);
  await settle();
  assert.equal(desk.shown.status, 'reconnecting');
  desk.respond = () => jsonResponse(snapshotBody({ offset: 9, signals: [makeSignal(9)] }));
  const before = desk.sockets.length;
  await desk.time.advance(1_000);
  assert.equal(desk.sockets.length, before + 1);
  assert.equal(desk.socket.url.searchParams.get('since'), '9');
  assert.equal(desk.shown.catchUp.reason, 'trimmed');
});

test('a log that was replaced between connecting and reloading leads to a new start', async () => {
  const desk = await liveDesk();
  desk.respond = () => jsonResponse(snapshotBody({ epoch: 'E3', offset: 2 }));
  desk.socket.tooOld('epoch_changed', 1);
  await settle();
  await desk.time.advance(1_000);
  assert.equal(desk.socket.url.searchParams.get('epoch'), 'E3');
});

test('C7, REC-02, REC-06, TEST-16: ten attempts with growing delays, then Disconnected and a slow probe', async () => {
  const desk = await liveDesk();
  desk.socket.drop();
  const shown = await failAttempts(desk, 10);
  assert.deepEqual(shown.map(({ attempt }) => attempt), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.ok(shown.every(({ status }) => status === 'reconnecting'));
  assert.equal(desk.shown.status, 'disconnected');
  assert.equal(desk.shown.error, 'The server cannot be reached');
  assert.equal(desk.shown.transport, 'websocket', 'no way is to blame for a server that is away');
  assert.equal(desk.shown.retryAt - desk.time.now(), 60_000);
  await failAttempts(desk, 2);
  assert.equal(desk.shown.status, 'disconnected');
  await desk.time.advance(60_000);
  desk.socket.greet();
  desk.socket.resumed(0, 0);
  assert.equal(desk.shown.status, 'live');
  assert.equal(desk.shown.attempt, 0);
});

test('REC-07: a good connection starts counting afresh, one that is lost at once does not', async () => {
  const desk = await liveDesk();
  const reconnect = async () => {
    await desk.time.advance(desk.shown.retryAt - desk.time.now());
    desk.socket.greet();
    desk.socket.resumed(0, 0);
  };
  desk.socket.drop();
  await reconnect();
  desk.socket.drop();
  assert.equal(desk.shown.attempt, 2);
  await reconnect();
  await desk.time.advance(6_000);
  desk.socket.drop();
  assert.equal(desk.shown.attempt, 1);
});

test('IND-06, C7: Reconnect Now, online and a tab that is seen again do not wait', async () => {
  for (const wake of ['reconnectNow', 'online', 'visible']) {
    const desk = await liveDesk();
    desk.socket.drop();
    await failAttempts(desk, 10);
    const before = desk.sockets.length;
    desk.connection[wake]();
    await settle();
    assert.equal(desk.sockets.length, before + 1, wake);
    assert.equal(desk.shown.retryAt, null);
    await desk.time.advance(9_000);
    assert.equal(desk.sockets.length, before + 1, 'the timer that was waited for is gone');
  }
});

test('Reconnect Now gives a full set of attempts', async () => {
  const desk = await liveDesk();
  desk.socket.drop();
  await failAttempts(desk, 10);
  desk.connection.reconnectNow();
  assert.equal(desk.shown.status, 'connecting');
  desk.socket.drop();
  assert.equal(desk.shown.attempt, 1);
});

test('a close code from 4500 up is not retried, and the page says why', async () => {
  const desk = await liveDesk();
  const before = desk.sockets.length;
  desk.socket.drop(4500, 'That name is too long');
  assert.equal(desk.shown.status, 'disconnected');
  assert.equal(desk.shown.error, 'That name is too long');
  desk.connection.online();
  await desk.time.advance(600_000);
  assert.equal(desk.sockets.length, before);
  desk.connection.reconnectNow();
  assert.equal(desk.sockets.length, before + 1);
});

test('after "the desk is full" the page waits a delay even with the luckiest jitter', async () => {
  const desk = await liveDesk({ random: () => 0 });
  desk.socket.drop(4003);
  assert.equal(desk.shown.retryAt - desk.time.now(), 1_000);
  const other = await liveDesk({ random: () => 0 });
  other.socket.drop(1001);
  assert.equal(other.shown.retryAt - other.time.now(), 0);
});

test('CON-13, TEST-11: an explicit disconnect closes and stays disconnected; connect resumes', async () => {
  const desk = await liveDesk();
  desk.socket.say(signalNew(1));
  const { socket } = desk;
  desk.connection.disconnect();
  assert.equal(socket.closedWith.code, 1000);
  assert.equal(desk.shown.status, 'disconnected');
  assert.equal(desk.connection.isConnected(), false);
  assert.equal(desk.connection.send({ type: 'ping' }), false);
  assert.equal(desk.time.pendingTimers, 0);
  await desk.time.advance(600_000);
  assert.equal(desk.sockets.length, 1);
  desk.connection.disconnect();
  desk.connection.connect();
  desk.connection.connect();
  assert.equal(desk.sockets.length, 2);
  assert.equal(desk.socket.url.searchParams.get('since'), '1');
});

test('a socket that was let go of is not listened to any more', async () => {
  const desk = await liveDesk();
  const old = desk.socket;
  desk.connection.restart();
  old.say(signalNew(1));
  old.drop(4500);
  assert.deepEqual(order(desk), []);
  assert.equal(desk.shown.status, 'connecting');
});

test('a hole in the sequence numbers closes the connection and resumes', async () => {
  const desk = await liveDesk();
  desk.socket.say(signalNew(1));
  desk.socket.skipNumber();
  desk.socket.say(signalNew(3));
  assert.deepEqual(order(desk), [signalId(1)], 'what follows the hole is not applied');
  assert.equal(desk.sockets[0].closedWith.code, 4001);
  await desk.time.advance(1_000);
  assert.equal(desk.socket.url.searchParams.get('since'), '1');
});

test('REC-11, TEST-14: a repeated sequence number is ignored', async () => {
  const desk = await liveDesk();
  desk.socket.say(signalNew(1));
  desk.socket.repeatNumber();
  desk.socket.say(signalNew(2));
  assert.deepEqual(order(desk), [signalId(1)]);
  assert.equal(desk.shown.status, 'live');
});

test('TEST-15, OBS-13: an unreadable message is logged and counted, and takes its number', async () => {
  const desk = await liveDesk();
  desk.socket.say({ ...signalNew(1), data: { symbol: 5 } });
  desk.socket.sayRaw('{');
  desk.socket.skipNumber();
  desk.socket.say(signalNew(2));
  assert.equal(desk.shown.status, 'live');
  assert.equal(desk.shown.invalidMessages, 2);
  assert.deepEqual(order(desk), [signalId(2)]);
  assert.equal(desk.log.filter(({ text }) => text === 'A message was not understood').length, 2);
});

test('an unknown type is ignored with one log line, but moves the place in the log and reaches its subscribers', async () => {
  const desk = await liveDesk();
  const heard = [];
  desk.connection.subscribe('weather:updated', ({ offset }) => heard.push(offset));
  desk.socket.say({ type: 'weather:updated', offset: 1, data: {} });
  desk.socket.say({ type: 'weather:updated', offset: 2, data: {} });
  assert.equal(desk.log.filter(({ text }) => text.includes('not known')).length, 1);
  assert.equal(desk.shown.offset, 2);
  assert.deepEqual(heard, [1, 2]);
});

test('SUB-07, TEST-13: many subscribers per type, each with its own way out', async () => {
  const desk = await liveDesk();
  const heard = [];
  const first = () => heard.push('first');
  const leave = desk.connection.subscribe('signal:new', first);
  desk.connection.subscribe('signal:new', () => heard.push('second'));
  desk.connection.subscribe('*', ({ type }) => heard.push(type));
  desk.socket.say(signalNew(1));
  assert.deepEqual(heard, ['first', 'second', 'signal:new']);
  leave();
  desk.connection.unsubscribe('signal:new', first);
  desk.socket.say(signalNew(2));
  assert.deepEqual(heard.slice(3), ['second', 'signal:new']);
});

test('REC-11: subscribers are not told twice of what was applied', async () => {
  const desk = await liveDesk();
  const heard = [];
  desk.connection.subscribe('signal:new', ({ offset }) => heard.push(offset));
  desk.socket.say(signalNew(1));
  desk.socket.say(signalNew(1));
  assert.deepEqual(heard, [1]);
});

test('SUB-08: a subscriber that throws is logged and the next one still runs', async () => {
  const desk = await liveDesk();
  const heard = [];
  desk.connection.subscribe('signal:new', () => { throw new Error('broken'); });
  desk.connection.subscribe('signal:new', () => heard.push('next'));
  desk.socket.say(signalNew(1));
  desk.socket.say(signalNew(2));
  assert.deepEqual(heard, ['next', 'next']);
  assert.equal(desk.log.filter(({ level }) => level === 'error').length, 2);
  assert.equal(desk.shown.status, 'live');
});

test('HB-03: 30 s of silence are asked about, 40 s are the end', async () => {
  const desk = await liveDesk();
  const pings = () => desk.sockets[0].sent.filter(({ type }) => type === 'ping').length;
  await desk.time.advance(29_999);
  assert.equal(pings(), 0);
  await desk.time.advance(1);
  assert.equal(pings(), 1);
  desk.socket.say(golden('pong'));
  await desk.time.advance(30_000);
  assert.equal(pings(), 2);
  await desk.time.advance(9_999);
  assert.equal(desk.shown.status, 'live');
  await desk.time.advance(1);
  assert.equal(desk.shown.status, 'reconnecting');
  assert.equal(desk.sockets[0].closedWith.code, 4000);
});

test('a socket that opens but says nothing, or does not open, is given up', async () => {
  const desk = makeDesk();
  desk.connection.connect();
  await desk.time.advance(10_000);
  assert.equal(desk.shown.status, 'reconnecting');
  assert.equal(desk.shown.error, 'The server did not answer');
});

test('REC-16: gone offline, the page asks whether this server is gone too', async () => {
  const desk = await liveDesk();
  desk.connection.offline();
  assert.equal(desk.socket.sent.at(-1).type, 'ping');
  desk.socket.say(golden('pong'));
  await desk.time.advance(10_000);
  assert.equal(desk.shown.status, 'live', 'a server on this machine is still there');
  desk.connection.offline();
  await desk.time.advance(5_000);
  assert.equal(desk.shown.status, 'reconnecting');
});

test('a snapshot that fails is tried again with back-off; one that is refused is not', async () => {
  const desk = makeDesk({ respond: () => new TypeError('network') });
  desk.connection.connect();
  await settle();
  assert.equal(desk.shown.status, 'reconnecting');
  assert.equal(desk.shown.attempt, 1);
  assert.equal(desk.shown.error, 'The server cannot be reached');
  await desk.time.advance(1_000);
  assert.equal(desk.shown.attempt, 2);
  desk.respond = () => jsonResponse({ not: 'a snapshot' });
  await desk.time.advance(2_000);
  assert.equal(desk.shown.error, 'The server cannot be understood');
  desk.respond = () => problemResponse(400, { code: 'invalid_request', detail: 'That is not a name.' });
  await desk.time.advance(4_000);
  assert.equal(desk.shown.status, 'disconnected');
  assert.equal(desk.shown.error, 'That is not a name.');
  assert.equal(desk.time.pendingTimers, 0);
});

test('a snapshot that comes after the page has disconnected is not taken', async () => {
  let answer;
  const desk = makeDesk({ respond: () => new Promise((resolve) => { answer = resolve; }) });
  desk.connection.connect();
  await settle();
  desk.connection.disconnect();
  assert.equal(desk.requests[0].signal.aborted, true);
  answer(jsonResponse(snapshotBody({ signals: [makeSignal(1)] })));
  await settle();
  assert.equal(desk.store.getState().loaded, false);
  assert.equal(desk.sockets.length, 0);
});

test('sockets that cannot even be made are lost connections', async () => {
  const desk = makeDesk();
  desk.refuseSockets = true;
  desk.connection.connect();
  await settle();
  assert.equal(desk.shown.status, 'reconnecting');
  assert.equal(desk.shown.attempt, 1);
  assert.deepEqual(desk.store.getState().loaded, true);
});

test('a first message that is not connected is no connection', async () => {
  const desk = makeDesk();
  desk.connection.connect();
  await settle();
  desk.socket.say(signalNew(1));
  assert.deepEqual(order(desk), []);
  assert.equal(desk.shown.status, 'reconnecting');
});

test('TEST-26: a thousand messages leave bounded state and no timers behind', async () => {
  const desk = await liveDesk();
  for (let number = 1; number <= 1_000; number += 1) {
    desk.socket.say({ ...golden('price_update'), data: { ...golden('price_update').data, price: `${number}.50` } });
    desk.socket.say(signalMessage('expired', { ...makeSignal(number), status: 'EXPIRED', awaiting_approval: false }, number));
  }
  const state = desk.store.getState();
  assert.deepEqual([state.signals.order.length, state.notifications.length, Object.keys(state.prices).length], [200, 50, 1]);
  assert.equal(desk.time.pendingTimers, 1);
});
