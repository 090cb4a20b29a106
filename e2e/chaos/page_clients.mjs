// The page's own core and network under node, many in one process: the same store, reducer and connection as in the browser,
// on Debian's `ws`. Says what happens to each page as lines of JSON; told `reconnect` and `report` on standard input.
//
//   node page_clients.mjs '{"pages": [{"name": "page-0", "port": 9001, "seed": 7, "compressed": true, "trades": true}]}'

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

import { createStore } from '../../Public/core/store.js';
import { initialState } from '../../Public/core/state.js';
import { reducer } from '../../Public/core/reducer.js';
import { createApprovalsApi } from '../../Public/net/approvals-api.js';
import { createDecisionCommands } from '../../Public/net/decision-commands.js';
import { createLiveConnection } from '../../Public/net/live-connection.js';
import { createRest } from '../../Public/net/rest.js';
import { seededRandom } from '../../Tests/browser/support/random.js';
import { eventSourceOf } from './event_source.mjs';

const WebSocket = createRequire(import.meta.url)('ws');
/** Of the page's back-off, so that a short run has many connections. */
const backoffShare = 0.1;
/** Of the signals that a trading page sees; slow enough for 20 decisions a minute. */
const shareDecided = 0.02;

/** @param {{name: string, port: number, seed: number, compressed: boolean, trades: boolean}} configuration */
function openPage({ name, port, seed, compressed, trades }) {
  const random = seededRandom(seed);
  const log = chronicle(name);
  const store = watched(createStore(reducer, initialState), log);
  const origin = `http://127.0.0.1:${port}`;
  const tools = {
    fetch: (path, request) => fetch(new URL(path, origin), request),
    setTimeout, clearTimeout, now: Date.now, identity: { name: () => name },
  };
  const connection = createLiveConnection({
    ...tools, store, WebSocket: recorded(log, compressed), EventSource: eventSourceOf(origin), random: () => random() * backoffShare,
    location: { protocol: 'http:', host: `127.0.0.1:${port}` }, logger: loggerOf(name),
  });
  store.subscribe((state) => state.connection.status, (status) => write({ page: name, status }));
  connection.subscribe('resumed', ({ data }) => write({ page: name, resumed: data }));
  if (trades) startTrading(name, { store, connection, random, tools });
  connection.connect();
  return { connection, report: () => ({ page: name, report: { ...log.result(), state: stateOf(store.getState()) } }) };
}

/** What the page would say in the browser's console goes into a file beside the server's log. */
function loggerOf(name) {
  const say = (level) => (text, details) =>
    process.stderr.write(`${new Date().toISOString()} ${name} ${level} ${text} ${JSON.stringify(details) ?? ''}\n`);
  return { info: say('info'), warn: say('warn'), error: say('error') };
}

/** What the checks need: every snapshot taken, every offset applied, and what was wrong with the numbers of a socket. */
function chronicle(name) {
  const chapters = [];
  const counts = { messages: 0, duplicates: 0, sockets: 0, gaps: 0 };
  const faults = [];
  const last = () => chapters.at(-1);
  const end = () => last()?.spans.at(-1)?.[1] ?? last()?.after ?? 0;
  return {
    counts,
    fault: (text) => faults.push(text),
    end,
    load(offset, reason) {
      if (offset < end()) faults.push(`the snapshot is at ${offset}, but ${end()} was heard before`);
      chapters.push({ after: offset, reason, spans: [] });
    },
    /** Spans are [first, last] without a hole: a hole or a repetition begins another. */
    apply(offset) {
      const span = last()?.spans.at(-1);
      if (span && span[1] + 1 === offset) span[1] = offset;
      else last()?.spans.push([offset, offset]);
    },
    result: () => ({ name, chapters, counts, faults, end: end() }),
  };
}

/** The store, with a look at every action that moves the page's place in the log. */
function watched(store, log) {
  const { dispatch } = store;
  store.dispatch = (action) => {
    const before = store.getState().connection;
    dispatch(action);
    const { offset, epoch } = store.getState().connection;
    if (action.type === 'snapshot-loaded') {
      if (action.snapshot.epoch !== before.epoch || action.snapshot.offset >= before.offset) log.load(offset, action.reason);
    } else if (offset !== before.offset || epoch !== before.epoch) {
      if (action.type === 'caught-up') log.fault(`moved on from ${before.offset} to ${offset} without a message`);
      else log.apply(offset);
    }
  };
  return store;
}

/** A `ws` that keeps its own count of the numbers: the page must let go of a socket that has a hole in them. */
function recorded(log, compressed) {
  return class extends RecordedSocket {
    constructor(url) {
      super(url, log, compressed);
    }
  };
}

class RecordedSocket extends WebSocket {
  #log;
  #expected = 0;
  #hole = null;
  #isLetGo = false;

  constructor(url, log, compressed) {
    super(url, { perMessageDeflate: compressed });
    this.#log = log;
    log.counts.sockets += 1;
    this.on('message', (data) => this.#note(String(data)));
    // In a browser an error that nobody listens to is nothing; here it would end the process, and with it every page. A page
    // that lets go of a socket before it is open hears no more of it, and `ws` calls that an error.
    this.on('error', () => {});
  }

  close(code, reason) {
    this.#isLetGo = true;
    super.close(code, reason);
  }

  #note(text) {
    if (this.#isLetGo) return;
    if (this.#hole !== null) this.#log.fault(`went on after a hole in the numbers: ${this.#hole}`);
    const number = Number(/^\{"sequence_number":\s*(\d+)/.exec(text)?.[1] ?? NaN);
    if (number !== this.#expected) {
      this.#log.counts.gaps += 1;
      this.#hole = `${number} instead of ${this.#expected}`;
    }
    this.#expected = number + 1;
    this.#log.counts.messages += 1;
    const offset = Number(/"offset":(\d+)/.exec(text)?.[1] ?? NaN);
    if (offset <= this.#log.end() && /"type":"(signal:|approval)/.test(text)) this.#log.counts.duplicates += 1;
  }
}

/** Clicks on some of the signals as they come, by the page's own commands; each is said before it is sent. */
function startTrading(name, { store, connection, random, tools }) {
  const api = createApprovalsApi(createRest(tools));
  let clicked = null;
  const commands = createDecisionCommands({
    store, api, now: Date.now, setTimeout, clearTimeout,
    randomUUID: () => {
      const key = `${name}/${clicked.signal}`;
      write({ page: name, clicked: { ...clicked, key } });
      return key;
    },
  });
  connection.subscribe('signal:new', async ({ data }, { replayed }) => {
    if (replayed || random() >= shareDecided) return;
    clicked = { signal: data.id, action: random() < 0.6 ? 'approve' : 'reject' };
    const { signal, action } = clicked;
    const key = `${name}/${signal}`;
    const result = action === 'approve'
      ? await commands.approve(signal, { status: 'BUY', note: 'From a page.' })
      : await commands.reject(signal, { reason: 'Too thin' });
    write({ page: name, decided: { key, signal, ok: result.ok, code: result.code } });
  });
}

/** In the shape of a snapshot, so that both are read alike. */
const stateOf = (state) => ({
  signals: Object.values(state.signals.byId),
  portfolio: state.portfolio,
  campaigns: Object.values(state.campaigns),
  sessions: Object.values(state.sessions),
  patterns: Object.values(state.patterns),
  prices: Object.values(state.prices),
  notices: state.notifications.map(({ id }) => id).filter((id) => id.startsWith('e')).map((id) => Number(id.slice(1))),
  connection: state.connection,
});

function write(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const { pages: configurations } = JSON.parse(process.argv[2]);
const pages = configurations.map(openPage);

createInterface({ input: process.stdin }).on('line', (command) => {
  if (command === 'reconnect') pages.forEach(({ connection }) => connection.reconnectNow());
  if (command === 'report') pages.forEach(({ report }) => write(report()));
}).on('close', () => process.exit(0));
