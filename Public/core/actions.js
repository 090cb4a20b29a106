// @ts-check
// Every way in which the state may change, as a function that names it.

/**
 * @typedef {import('./types.js').Action} Action
 * @typedef {import('./types.js').Meta} Meta
 * @typedef {import('./types.js').Severity} Severity
 */

// What the server says

/** The whole truth at one offset. `reason` says why a page that had one already needed another.
 * @param {import('./types.js').Snapshot} snapshot @param {number} at @param {string|null} [reason] @returns {Action} */
export const snapshotLoaded = (snapshot, at, reason = null) => ({ type: 'snapshot-loaded', snapshot, at, reason });

/** @param {import('./types.js').ConnectionPatch} patch @returns {Action} */
export const connectionChanged = (patch) => ({ type: 'connection-changed', patch });

/** `serverAheadMs`: by how much the server's clock is ahead of this one; null when nothing was learned of it.
 * @param {import('./types.js').User} user @param {import('./types.js').Settings} settings @param {number|null} [serverAheadMs] @returns {Action} */
export const identified = (user, settings, serverAheadMs = null) => ({ type: 'identified', user, settings, serverAheadMs });

/** What is ticked to be decided together.
 * @param {string[]} ids @returns {Action} */
export const selected = (ids) => ({ type: 'selected', ids });

/** These signals expire soon.
 * @param {string[]} ids @param {number} at @returns {Action} */
export const reminded = (ids, at) => ({ type: 'reminded', ids, at });

/** @param {string} signalId @returns {Action} */
export const undoStarted = (signalId) => ({ type: 'undo-started', signalId });

/** @param {string} signalId @returns {Action} */
export const undoEnded = (signalId) => ({ type: 'undo-ended', signalId });

/**
 * The replay is over; `catchUp` is `quiet` when nobody needs to be told.
 * @param {import('./types.js').CatchUp} catchUp @param {number|null} offset @returns {Action}
 */
export const caughtUp = (catchUp, offset) => ({ type: 'caught-up', catchUp, offset });

/** @param {import('./types.js').SignalEvent} event @param {import('./types.js').Signal} signal @param {Meta} meta @returns {Action} */
export const signalEvent = (event, signal, meta) => ({ type: 'signal-event', event, signal, meta });

/** @param {import('./types.js').Approval} approval @param {Meta} meta @returns {Action} */
export const signalApproved = (approval, meta) => ({ type: 'signal-approved', approval, meta });

/** @param {import('./types.js').Release} release @param {Meta} meta @returns {Action} */
export const signalReleased = (release, meta) => ({ type: 'signal-released', release, meta });

/** @param {import('./types.js').Receipts} receipts @param {Meta} meta @returns {Action} */
export const receiptsChanged = (receipts, meta) => ({ type: 'receipts-changed', receipts, meta });

/** @param {import('./types.js').Presence} presence @param {Meta} meta @returns {Action} */
export const presenceChanged = (presence, meta) => ({ type: 'presence-changed', presence, meta });
/** What the policy lets me do about each pending signal.
 * @param {import('./types.js').Verdict[]} verdicts @returns {Action} */
export const policyRead = (verdicts) => ({ type: 'policy-read', verdicts });

/** @param {import('./types.js').Portfolio} portfolio @param {Meta} meta @returns {Action} */
export const portfolioUpdated = (portfolio, meta) => ({ type: 'portfolio-updated', portfolio, meta });

/** @param {import('./types.js').Campaign} campaign @param {Meta} meta @returns {Action} */
export const campaignUpdated = (campaign, meta) => ({ type: 'campaign-updated', campaign, meta });

/** @param {import('./types.js').Pattern} pattern @param {Meta} meta @returns {Action} */
export const patternDetected = (pattern, meta) => ({ type: 'pattern-detected', pattern, meta });

/** @param {import('./types.js').PriceData & {symbol: string}} price @param {string} timestamp @param {Meta} meta @returns {Action} */
export const priceUpdated = (price, timestamp, meta) => ({ type: 'price-updated', price, timestamp, meta });

/** @param {import('./types.js').Session} session @param {Meta} meta @returns {Action} */
export const sessionChanged = (session, meta) => ({ type: 'session-changed', session, meta });

/** A session as REST answered it; it has no place in the log.
 * @param {import('./types.js').Session} session @param {number} at @returns {Action} */
export const sessionRead = (session, at) => ({ type: 'session-read', session, at });

/** The desk was stopped, somebody signed off that it goes on, or it goes on.
 * @param {import('./types.js').DeskStop} stop @param {Meta} meta @returns {Action} */
export const stopChanged = (stop, meta) => ({ type: 'stop-changed', stop, meta });

/** @param {import('./types.js').StopAcknowledgements} acknowledgements @param {Meta} meta @returns {Action} */
export const stopAcknowledged = (acknowledgements, meta) => ({ type: 'stop-acknowledged', acknowledgements, meta });

/** How the desk stands, as REST answered it.
 * @param {import('./types.js').DeskStanding} standing @returns {Action} */
export const deskRead = (standing) => ({ type: 'desk-read', standing });

/** @param {import('./types.js').AlgorithmDecision} decision @param {Meta} meta @returns {Action} */
export const algorithmDecided = (decision, meta) => ({ type: 'algorithm-decided', decision, meta });

/**
 * An alert, a notification or a risk alert.
 * @param {import('./types.js').Notice} notice @param {Meta} meta @returns {Action}
 */
export const noticed = (notice, meta) => ({ type: 'noticed', notice, meta });

/**
 * A logged message that the page has no use for: only the place in the log moves.
 * @param {number} offset @returns {Action}
 */
export const positionAdvanced = (offset) => ({ type: 'position-advanced', offset });

/** A signal as REST answered it; it has a version but no place in the log.
 * @param {import('./types.js').Signal} signal @param {number} at @returns {Action} */
export const signalRead = (signal, at) => ({ type: 'signal-read', signal, at });

/** @param {import('./types.js').Preview[]} previews of all waiting signals @returns {Action} */
export const previewsLoaded = (previews) => ({ type: 'previews-loaded', previews });

// What the trader does

/** @param {string} signalId @param {import('./types.js').PendingDecision} decision @returns {Action} */
export const decisionStarted = (signalId, decision) => ({ type: 'decision-started', signalId, decision });

/**
 * The request broke off; the decision may or may not have been recorded.
 * @param {string} signalId @param {string} decisionId @returns {Action}
 */
export const decisionUnknown = (signalId, decisionId) => ({ type: 'decision-unknown', signalId, decisionId });

/** @param {string} signalId @param {string} decisionId @param {string} message @param {number} at @returns {Action} */
export const decisionFailed = (signalId, decisionId, message, at) => ({ type: 'decision-failed', signalId, decisionId, message, at });

/** @param {string} signalId @param {string} decisionId @param {string} message @param {number} at @returns {Action} */
export const decisionTimedOut = (signalId, decisionId, message, at) => ({ type: 'decision-timed-out', signalId, decisionId, message, at });

/** What asking after a timed-out decision brought; `message` null when there is nothing to complain about.
 * @param {string} signalId @param {string} decisionId @param {string|null} message @param {number} at @returns {Action} */
export const lateDecisionSettled = (signalId, decisionId, message, at) => ({ type: 'late-decision-settled', signalId, decisionId, message, at });

/** My stop of the desk is on its way.
 * @param {number} at @returns {Action} */
export const stopStarted = (at) => ({ type: 'stop-started', at });

/** It did not come through, as far as anybody knows.
 * @param {string} message @param {number} at @returns {Action} */
export const stopFailed = (message, at) => ({ type: 'stop-failed', message, at });

/** @param {string} signalId @returns {Action} */
export const failureDismissed = (signalId) => ({ type: 'failure-dismissed', signalId });

// What the page does

/**
 * A toast of the page's own.
 * @param {Severity} severity @param {string} text @param {number} at @param {string|null} [signalId] @returns {Action}
 */
export const toastRequested = (severity, text, at, signalId = null) => ({ type: 'toast-requested', severity, text, signalId, at });

/** @param {string} id @returns {Action} */
export const toastDismissed = (id) => ({ type: 'toast-dismissed', id });

/**
 * The page's one ticker: lets toasts expire. Dispatch it about once a second.
 * @param {number} now @returns {Action}
 */
export const ticked = (now) => ({ type: 'ticked', now });

/** @param {string|null} [id] one, or all @returns {Action} */
export const notificationsRead = (id = null) => ({ type: 'notifications-read', id });

/** @param {string|null} [id] one, or all @returns {Action} */
export const notificationsCleared = (id = null) => ({ type: 'notifications-cleared', id });

/** @param {keyof import('./types.js').Preferences} key @param {any} value @returns {Action} */
export const preferenceChanged = (key, value) => ({ type: 'preference-changed', key, value });
