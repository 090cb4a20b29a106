// A page's core and network against a server that the test plays: sockets, REST and time are all fake.

import { createLiveConnection } from '../../../Public/net/live-connection.js';
import { createStore } from '../../../Public/core/store.js';
import { initialState } from '../../../Public/core/state.js';
import { reducer } from '../../../Public/core/reducer.js';
import { alice, running, settings, snapshotBody } from './messages.js';
import { VirtualTime, settle } from './virtual-time.js';

/** What a socket and an event stream have in common: numbered messages from the server that the test plays. */
class FakeStream {
  #sequence = 0;

  constructor(url) {
    this.url = new URL(url, 'https://desk.example:8000');
  }

  /** One message with the next number of this connection. */
  say(message) {
    this.sayRaw(JSON.stringify({ timestamp: '2026-01-23T10:30:00.000Z', ...message, sequence_number: this.#sequence }));
    this.#sequence += 1;
  }

  sayRaw(text) {
    this.onmessage?.({ data: text });
  }

  skipNumber() {
    this.#sequence += 1;
  }

  repeatNumber() {
    this.#sequence -= 1;
  }

  greet({ epoch = 'E1', offset = 0, user = alice } = {}) {
    this.greeted = true;
    this.onopen?.({});
    this.say({
      type: 'connected', connection_id: '6ba7b810-9dad-11d1-80b4-00c04fd430c8', epoch, offset, oldest_offset: 1, user, settings, desk: running,
    });
  }

  resumed(replayed, offset) {
    this.say({ type: 'resumed', data: { recovered: true, replayed, offset } });
  }

  tooOld(reason, offset) {
    this.say({ type: 'resumed', data: { recovered: false, reason, offset } });
  }

  /** Whether its events are the log's up to this offset, and it says how many it replayed. */
  catchUp(log, epoch, offset = log.length) {
    const since = Number(this.url.searchParams.get('since'));
    this.greet({ epoch, offset });
    for (const message of log.slice(since, offset)) this.say(message);
    this.resumed(offset - since, offset);
  }
}

export class FakeSocket extends FakeStream {
  kind = 'websocket';
  sent = [];
  closedWith = null;

  get closed() {
    return this.closedWith !== null;
  }

  get acknowledged() {
    return this.sent.filter(({ type }) => type === 'ack').map(({ offset }) => offset);
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close(code, reason) {
    // As browsers have it.
    if (code !== 1000 && !(code >= 3000 && code <= 4999)) throw new Error(`InvalidAccessError: ${code}`);
    this.closedWith = { code, reason };
  }

  drop(code = 1006, reason = '') {
    this.onclose?.({ code, reason });
  }
}

export class FakeEventSource extends FakeStream {
  kind = 'events';
  closed = false;

  close() {
    this.closed = true;
  }

  drop() {
    this.onerror?.({});
  }
}

export const jsonResponse = (body, status = 200, headers = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

export const problemResponse = (status, body, headers = {}) =>
  new Response(JSON.stringify({ type: 'urn:countersign:problem:x', title: 'No', status, ...body }), {
    status, headers: { 'content-type': 'application/problem+json', ...headers },
  });

/** A page of the log after the place that was asked for. */
export const eventsResponse = (path, log = [], epoch = 'E1', pageMax = Infinity) => {
  const after = Number(new URL(path, 'https://desk.example').searchParams.get('after'));
  const events = log.slice(after, after + pageMax);
  const offset = after + events.length;
  return jsonResponse({ epoch, events, offset, oldest: 1, has_more: offset < log.length });
};

/**
 * `respond(path, request)` answers REST: a Response, an Error to fail with, or a promise of either. The log and the
 * acknowledgements have answers of their own. While `desk.away`, nothing of the server can be reached over REST.
 */
export function makeDesk({ respond = () => jsonResponse(snapshotBody()), random = () => 1, name = 'alice', state = initialState, tools: more = {} } = {}) {
  const time = new VirtualTime();
  const sockets = [];
  const streams = [];
  const requests = [];
  const log = [];
  const write = (level) => (text, details) => log.push({ level, text, details });
  const logger = { info: write('info'), warn: write('warn'), error: write('error') };
  const store = createStore(reducer, state, { logger });
  const desk = {
    time, sockets, streams, requests, log, store, logger, respond,
    respondEvents: (path) => eventsResponse(path),
    respondAcks: () => new Response(null, { status: 204 }),
    away: false,
  };
  const answerTo = (path, request) => {
    if (desk.away) return new TypeError('network');
    if (path.startsWith('/api/v1/events?')) return desk.respondEvents(path, request);
    return path.startsWith('/api/v1/acks') ? desk.respondAcks(path, request) : desk.respond(path, request);
  };
  const fetch = async (path, request) => {
    requests.push({ path, ...request });
    const answer = await answerTo(path, request);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  class WebSocket extends FakeSocket {
    constructor(url) {
      super(url);
      if (desk.refuseSockets) throw new Error('no sockets here');
      sockets.push(this);
    }
  }
  class EventSource extends FakeEventSource {
    constructor(url) {
      super(url);
      streams.push(this);
    }
  }
  const tools = {
    store, WebSocket, EventSource, fetch, setTimeout: time.setTimeout, clearTimeout: time.clearTimeout, now: time.now, random: () => desk.random(),
    location: { protocol: 'https:', host: 'desk.example:8000' }, logger, identity: { name: () => name },
    ...more,
  };
  desk.random = random;
  desk.tools = tools;
  desk.connection = createLiveConnection(tools);
  Object.defineProperties(desk, {
    socket: { get: () => sockets.at(-1) },
    stream: { get: () => streams.at(-1) },
    shown: { get: () => store.getState().connection },
    toastTexts: { get: () => store.getState().toasts.shown.map(({ text }) => text) },
  });
  return desk;
}

/** A desk that is live at the snapshot's offset. */
export async function liveDesk(options = {}) {
  const body = options.snapshot ?? snapshotBody();
  const desk = makeDesk({ respond: () => jsonResponse(body), ...options });
  desk.connection.connect();
  await settle();
  desk.socket.greet({ epoch: body.epoch, offset: body.offset, user: body.user });
  desk.socket.resumed(0, body.offset);
  await settle();
  return desk;
}
