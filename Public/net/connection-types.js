// @ts-check
// The shapes of the connection machine. Only types: nothing here runs.

/**
 * @typedef {import('../wire/messages.js').Message} Message
 * @typedef {import('../wire/event-page.js').EventPage} EventPage
 * @typedef {import('../core/types.js').Settings} Settings
 * @typedef {import('./catch-up.js').CatchUp} CatchUp
 * @typedef {import('./catch-up.js').Place} Place
 * @typedef {import('./transport-policy.js').Transport} Transport
 * @typedef {'idle'|'loading'|'checking'|'open'|'waiting'|'resting'|'refused'} Phase
 *
 * `attempt` counts the attempts since the connection was last good. `reached`: the server has answered over REST in this attempt;
 * `doubtful`: the last attempt did not open, so the next one asks over REST first.
 * @typedef {{phase: Phase, attempt: number, attemptsMax: number, exhausted: boolean, retryAt: number|null, error: string|null,
 *   liveSince: number|null, reached: boolean, doubtful: boolean, policy: import('./transport-policy.js').Policy,
 *   climb: import('./climb.js').Climb|null, catchUp: CatchUp, heartbeat: import('./heartbeat.js').Heartbeat,
 *   acknowledgement: import('./acknowledgement.js').Acknowledgement}} Machine
 *
 * `main` is the way that feeds the state, `climb` the better one that is tried beside it.
 * @typedef {'main'|'climb'} Role
 * @typedef {{kind: 'connect'}|{kind: 'disconnect'}|{kind: 'reconnectNow'}
 *   |{kind: 'message', message: Message, role?: Role}|{kind: 'invalid', sequenceNumber: number|null, role?: Role}
 *   |{kind: 'page', page: EventPage}|{kind: 'tooOld', reason: string}|{kind: 'failed', text: string, permanent?: boolean}
 *   |{kind: 'closed', code: number, reason?: string, role?: Role}
 *   |{kind: 'online'}|{kind: 'offline'}|{kind: 'visible'}|{kind: 'woken'}|{kind: 'restored'}
 *   |{kind: 'timer', name: TimerName}|{kind: 'snapshotLoaded', epoch: string, offset: number}
 *   |{kind: 'snapshotFailed', text: string, permanent?: boolean}
 *   |{kind: 'acknowledgementFailed', unwanted: boolean}} Input
 * @typedef {'retry'|'heartbeat'|'climb'|'acknowledge'} TimerName
 * @typedef {{now: number, random: number, settings: Settings, named: boolean}} Circumstances
 *
 * `ask`: give a sign of life, and what there is after the place. `adopt`: the climb is the main way from now on.
 * @typedef {{kind: 'fetchSnapshot', reason: string|null}|{kind: 'abandonSnapshot'}
 *   |{kind: 'open', transport: Transport, place: Place, role: Role}|{kind: 'close', role: Role, code: number, reason: string}|{kind: 'adopt'}
 *   |{kind: 'ask', place: Place}|{kind: 'send', message: object}|{kind: 'acknowledge', offset: number, connectionId: string|null}
 *   |{kind: 'setTimer', name: TimerName, delayMs: number}|{kind: 'clearTimer', name: TimerName}
 *   |{kind: 'apply', message: Message, replayed: boolean}
 *   |{kind: 'caughtUp', replayed: number, offset: number, quiet: boolean}
 *   |{kind: 'log', level: 'info'|'warn', text: string, details?: object}} Effect
 * @typedef {{machine: Machine, effects: Effect[]}} Step
 */

export {};
