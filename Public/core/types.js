// @ts-check
// The shapes that the dashboard passes around. Only types: nothing here runs.

/**
 * Times in a `Signal` are the wire's own strings (RFC 3339, UTC, milliseconds, so they sort as text); money is a decimal
 * string and stays one (ENV-07). Everything else that is a time is a number of milliseconds since 1970.
 *
 * @typedef {'BUY'|'SELL'|'HOLD'|'NEUTRAL'|'RISK'} Side
 * @typedef {{id: string, outcome: 'approved'|'rejected', status: Side|null, decided_by: string, decided_at: string,
 *   note: string|null, reason: string|null, accepted_price: string|null, veto: boolean, undo_window_ms: number|null,
 *   policy: {version: string, hash: string}|null}} Decision
 * @typedef {{id: string, user: string, role: string, status: Side, at: string, note: string|null, needed: number}} SignOff
 * @typedef {{signal_id: string, version: number, rules: {name: string, because: string[]}[], needed: number, given: string[], missing: string,
 *   approve: {allowed: boolean, reason: string|null, needs_note: boolean},
 *   reject: {allowed: boolean, reason: string|null, accepted_price: string|null, veto: boolean, reasons: string[]|null}}} Verdict
 * @typedef {{id: string, undone_by: string, undone_at: string, approved_status: Side, approved_by: string, approved_at: string}} Undoing
 * @typedef {{extended_by: string, extended_at: string, times: number, minutes: number}} Extension
 * @typedef {{reported_by: string, reported_at: string, reason: string|null, price: string|null, quantity: string|null,
 *   order_id: string|null}} Report
 * @typedef {{ending: string, side: Side, r: string|null, started_at: string, ended_at: string, entry_price: string|null,
 *   entered_at: string|null, exit_price: string|null, unwatched_seconds: number}} PaperResult
 * @typedef {{suggested: string, unslug: number|null, fear: number|null}} Recommendation
 * @typedef {{id: string, symbol: string, side: Side|null, status: string, awaiting_approval: boolean, version: number, terms: string,
 *   source: string|null, proposed_by: string|null, ts: string|null, received_at: string, updated_at: string, expires_at: string|null, released_at: string|null,
 *   recipients: string[]|null,
 *   pattern_type: string|null, phase: string|null, test_confirmed: boolean|null,
 *   confidence_score: number|null, confidence_grade: string|null,
 *   entry_price: string|null, stop_loss: string|null, target_price: string|null, quantity: string|null,
 *   risk_amount: string|null, risk_percentage: string|null, r_multiple: string|null, campaign_id: string|null,
 *   reasoning: string|null, unslug_score: number|null, fear_score: number|null, combined_trust: number|null,
 *   recommendation: Recommendation|null, decision: Decision|null, sign_offs: SignOff[], undone: Undoing|null,
 *   extended: Extension|null, report: Report|null, paper_result: PaperResult|null}} Signal
 */

/**
 * What is not as it was; null where there was, or is, nothing.
 * @typedef {{field: string, was: string|null, is: string|null}} Difference
 * @typedef {{before: string, after: string, crosses: string[]}} LimitUse per cent of a limit
 * @typedef {{signal_id: string, terms: string, risk_amount: string|null, risk_percentage: string|null, heat: LimitUse|null,
 *   campaign_id: string|null, campaign: LimitUse|null, sessions: {session_id: string, loss_limit: LimitUse}[],
 *   drift: {price: string, at: string, fresh: boolean, drift_r: string, drift_r_max: string|null, too_far: boolean}|null}} Preview
 */

/**
 * @typedef {{name: string|null, role: string, named: boolean}} User
 * @typedef {{heartbeat_interval_ms: number, reconnect: {delays_ms: number[], attempts_max: number, probe_interval_ms: number},
 *   decision_timeout_ms: number, message_bytes_max: number, note_characters_max: number, messages_per_minute_max: number,
 *   undo_window_ms: number, reject_reasons: string[], bulk_items_max: number, expiry_reminder_ms: number,
 *   extension: {minutes: number, times_max: number, minutes_max: number}}} Settings
 * @typedef {'connecting'|'catching-up'|'live'|'reconnecting'|'disconnected'} ConnectionStatus
 * @typedef {'websocket'|'events'|'polling'} Transport
 * @typedef {{kind: 'resumed', replayed: number, at: number, quiet: boolean}|{kind: 'reloaded', reason: string, at: number}} CatchUp
 * @typedef {{status: ConnectionStatus, transport: Transport, connectionId: string|null, epoch: string|null, offset: number|null,
 *   lastSequenceNumber: number|null, lastMessageAt: number|null, attempt: number, attemptsMax: number, retryAt: number|null,
 *   error: string|null, invalidMessages: number, catchUp: CatchUp|null}} Connection
 */

/**
 * @typedef {{total_heat: string, available_capacity: string, timestamp: string, heat_limit: string|null, value: string|null,
 *   session_pnl: string|null}} Portfolio
 * @typedef {{campaign_id: string, risk_allocated: string, positions_count: number, risk_limit: string|null,
 *   utilisation_pct: string|null}} Campaign
 * @typedef {{id: string, symbol: string, pattern_type: string, confidence_score: number|null, phase: string|null,
 *   test_confirmed: boolean|null}} Pattern
 * @typedef {{price: string, change: string|null, change_pct: string|null, volume: number|null, bid: string|null,
 *   ask: string|null}} PriceData
 * @typedef {PriceData & {symbol: string, direction: 'up'|'down'|'same', at: string|null}} Price
 * @typedef {{sessionId: string, status: string, timestamp: string,
 *   control: {action: 'pause'|'resume'|'stop', by: string, at: string, reason: string|null, id: string}|null, reportedStatus: string|null, data: {currentPnL: string, totalTrades: number,
 *   lossLimitUtilization: string, timeElapsed: number, performanceScore: string|null}}} Session
 * @typedef {{sessionId: string, algorithmId: string, decision: string, reasoning: string|null, confidence: number|null,
 *   marketData: {symbol: string, price: string, volume: number|null}|null, timestamp: string}} AlgorithmDecision
 */

/**
 * The emergency stop; `since` is when the desk came to a standstill, `stopped_at` when it was said last.
 * @typedef {{id: string, since: string, stopped_by: string, stopped_at: string, reason: string|null,
 *   resume: {people: number, role: string, signed_off: {by: string, at: string}[]}, resumed_at: string|null}} DeskStop
 * @typedef {{offset: number, tabs: number, acknowledged: number, waiting: {user: string, tabs: number, connected: boolean}[]}} StopAcknowledgements
 * `stop` is the one in force or the last one there was; `stopping` is there while my own stop is on its way.
 * @typedef {{stopped: boolean, stop: DeskStop|null, acknowledgements: StopAcknowledgements|null}} DeskStanding
 * @typedef {DeskStanding & {stopping: {at: number}|null}} DeskView
 */

/**
 * My own decision on its way. `sending` until the answer; `unknown` when the request failed without one (C18).
 * @typedef {{decisionId: string, action: 'approve'|'reject', status: Side|null, note: string|null, reason: string|null,
 *   startedAt: number, deadlineAt: number, phase: 'sending'|'unknown'}} PendingDecision
 * @typedef {{message: string, at: number}} Failure
 * @typedef {'info'|'success'|'warn'|'error'|'critical'} Severity
 * @typedef {{id: string, kind: string, severity: Severity, title: string, message: string, signalId: string|null, at: number,
 *   read: boolean}} Notification
 * @typedef {{id: string, severity: Severity, text: string, signalId: string|null, sticky: boolean, at: number,
 *   expiresAt: number|null}} Toast
 * @typedef {{shown: Toast[], collapsed: number, recent: number[]}} Toasts
 * @typedef {{toasts: boolean, sounds: boolean, theme: 'system'|'light'|'dark'}} Preferences
 * @typedef {{byId: Record<string, Signal>, order: string[]}} Signals
 */

/**
 * `late` remembers decisions of mine that were rolled back unanswered, by signal; `announced` the decisions that already had
 * their toast, whichever of REST and WebSocket told of them first; `undoing` the signals that I am taking an approval back of;
 * `selection` what is ticked to be decided together; `reminded` whose time limit this tab has reminded of;
 * `serverAheadMs` by how much the server's clock is ahead of this browser's; `shownFirst` waiting signals with other terms than
 * now, as this tab showed them first; `nextId` numbers toasts and notifications.
 *
 * @typedef {{connection: Connection, loaded: boolean, me: User, settings: Settings, signals: Signals,
 *   decisions: Record<string, PendingDecision>, failures: Record<string, Failure>, late: Record<string, string>,
 *   receipts: Record<string, Receipts>, presence: Presence|null, undoing: Record<string, true>, serverAheadMs: number,
 *   selection: string[], reminded: string[], shownFirst: Record<string, Signal>, previews: Record<string, Preview>,
 *   verdicts: Record<string, Verdict>,
 *   announced: string[], portfolio: Portfolio|null, campaigns: Record<string, Campaign>, patterns: Record<string, Pattern>,
 *   sessions: Record<string, Session>, prices: Record<string, Price>, algorithmDecisions: AlgorithmDecision[],
 *   notifications: Notification[], desk: DeskView, toasts: Toasts, preferences: Preferences, nextId: number}} State
 */

/**
 * Where a message came from: `offset` is null for what is not in the log.
 * @typedef {{offset: number|null, at: number, replayed: boolean}} Meta
 * @typedef {{id: string, kind: string, severity: Severity, title: string, message: string, at: number}} Notice
 * @typedef {{epoch: string, offset: number, serverTime: number, user: User, settings: Settings, desk: DeskStanding, signals: Signal[], portfolio: Portfolio|null,
 *   campaigns: Campaign[], patterns: Pattern[], sessions: Session[], prices: (PriceData & {symbol: string})[],
 *   notices: Notice[]}} Snapshot
 * @typedef {{symbol: string, approved_status: Side, approved_by: string, approved_at: string, note: string|null,
 *   accepted_price: string|null, signal_id: string, decision_id: string, status: string, version: number, sign_offs: SignOff[],
 *   undo_window_ms: number|null, policy: {version: string, hash: string}|null}} Approval
 * @typedef {{signal_id: string, version: number, released_at: string}} Release
 * @typedef {{signal_id: string, offset: number|null, sent_at: string|null, recipients: number, delivered: number,
 *   seen: {user: string, seen_at: string|null, attempt: number|null, latency_ms: number|null}[],
 *   waiting: {user: string, offline_since: string|null}[]}} Receipts
 * @typedef {{signal_id: string, user: string|null, tabs: number, since: string}} Look
 * @typedef {{users: {user: string, tabs: number, since: string}[], users_count: number, anonymous_tabs: number,
 *   looking: Look[], looking_count: number}} Presence
 * @typedef {'new'|'signed_off'|'rejected'|'executed'|'failed'|'expired'|'withdrawn'|'undone'|'extended'|'amended'|'postponed'|'measured'} SignalEvent
 * @typedef {Partial<Omit<Connection, 'epoch'|'offset'|'catchUp'>>} ConnectionPatch
 */

/**
 * @typedef {{type: 'snapshot-loaded', snapshot: Snapshot, at: number, reason: string|null}
 *   | {type: 'connection-changed', patch: ConnectionPatch}
 *   | {type: 'identified', user: User, settings: Settings, serverAheadMs: number|null}
 *   | {type: 'caught-up', catchUp: CatchUp, offset: number|null}
 *   | {type: 'signal-event', event: SignalEvent, signal: Signal, meta: Meta}
 *   | {type: 'signal-approved', approval: Approval, meta: Meta}
 *   | {type: 'signal-released', release: Release, meta: Meta}
 *   | {type: 'receipts-changed', receipts: Receipts, meta: Meta}
 *   | {type: 'presence-changed', presence: Presence, meta: Meta}
 *   | {type: 'policy-read', verdicts: Verdict[]}
 *   | {type: 'portfolio-updated', portfolio: Portfolio, meta: Meta}
 *   | {type: 'campaign-updated', campaign: Campaign, meta: Meta}
 *   | {type: 'pattern-detected', pattern: Pattern, meta: Meta}
 *   | {type: 'price-updated', price: PriceData & {symbol: string}, timestamp: string, meta: Meta}
 *   | {type: 'session-changed', session: Session, meta: Meta}
 *   | {type: 'session-read', session: Session, at: number}
 *   | {type: 'stop-changed', stop: DeskStop, meta: Meta}
 *   | {type: 'stop-acknowledged', acknowledgements: StopAcknowledgements, meta: Meta}
 *   | {type: 'desk-read', standing: DeskStanding}
 *   | {type: 'stop-started', at: number}
 *   | {type: 'stop-failed', message: string, at: number}
 *   | {type: 'algorithm-decided', decision: AlgorithmDecision, meta: Meta}
 *   | {type: 'noticed', notice: Notice, meta: Meta}
 *   | {type: 'position-advanced', offset: number}
 *   | {type: 'previews-loaded', previews: Preview[]}
 *   | {type: 'signal-read', signal: Signal, at: number}
 *   | {type: 'selected', ids: string[]}
 *   | {type: 'reminded', ids: string[], at: number}
 *   | {type: 'undo-started', signalId: string}
 *   | {type: 'undo-ended', signalId: string}
 *   | {type: 'decision-started', signalId: string, decision: PendingDecision}
 *   | {type: 'decision-unknown', signalId: string, decisionId: string}
 *   | {type: 'decision-failed', signalId: string, decisionId: string, message: string, at: number}
 *   | {type: 'decision-timed-out', signalId: string, decisionId: string, message: string, at: number}
 *   | {type: 'late-decision-settled', signalId: string, decisionId: string, message: string|null, at: number}
 *   | {type: 'failure-dismissed', signalId: string}
 *   | {type: 'toast-requested', severity: Severity, text: string, signalId: string|null, at: number}
 *   | {type: 'toast-dismissed', id: string}
 *   | {type: 'ticked', now: number}
 *   | {type: 'notifications-read', id: string|null}
 *   | {type: 'notifications-cleared', id: string|null}
 *   | {type: 'preference-changed', key: keyof Preferences, value: any}} Action
 */

export {};
