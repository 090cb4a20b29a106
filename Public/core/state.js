// @ts-check
// What the page knows before it has heard anything.

/** @typedef {import('./types.js').State} State */

/** What to go by until the server has said its own settings (C7, C18). */
export const defaultSettings = Object.freeze({
  heartbeat_interval_ms: 30_000,
  reconnect: Object.freeze({
    delays_ms: Object.freeze([1_000, 2_000, 4_000, 8_000, 16_000, 30_000]),
    attempts_max: 10,
    probe_interval_ms: 60_000,
  }),
  decision_timeout_ms: 10_000,
  message_bytes_max: 65_536,
  note_characters_max: 500,
  messages_per_minute_max: 100,
  undo_window_ms: 5_000,
  reject_reasons: Object.freeze(['Risk too high', 'Poor structure', 'Against the trend', 'Stale price', 'Duplicate']),
  bulk_items_max: 20,
  expiry_reminder_ms: 60_000,
  extension: Object.freeze({ minutes: 5, times_max: 3, minutes_max: 30 }),
});

/** @type {State} */
export const initialState = {
  connection: {
    status: 'connecting',
    transport: 'websocket',
    connectionId: null,
    epoch: null,
    offset: null,
    lastSequenceNumber: null,
    lastMessageAt: null,
    attempt: 0,
    attemptsMax: defaultSettings.reconnect.attempts_max,
    retryAt: null,
    error: null,
    invalidMessages: 0,
    catchUp: null,
  },
  loaded: false,
  me: { name: null, role: 'viewer', named: false },
  settings: /** @type {import('./types.js').Settings} */ (/** @type {unknown} */ (defaultSettings)),
  signals: { byId: {}, order: [] },
  decisions: {},
  failures: {},
  late: {},
  receipts: {},
  undoing: {},
  serverAheadMs: 0,
  selection: [],
  reminded: [],
  presence: null,
  shownFirst: {},
  previews: {},
  verdicts: {},
  announced: [],
  portfolio: null,
  campaigns: {},
  patterns: {},
  sessions: {},
  prices: {},
  algorithmDecisions: [],
  notifications: [],
  desk: { stopped: false, stop: null, acknowledgements: null, stopping: null },
  toasts: { shown: [], collapsed: 0, recent: [] },
  preferences: { toasts: true, sounds: true, theme: 'system' },
  nextId: 1,
};
