// @ts-check
// The names of the protocol's messages (ENV-11).

export const CONNECTED = 'connected';
export const RESUMED = 'resumed';
export const SUBSCRIPTION_CONFIRMED = 'subscription_confirmed';
export const PONG = 'pong';
export const ERROR = 'error';
export const BATCH_UPDATE = 'batch_update';
export const SIGNAL_NEW = 'signal:new';
export const SIGNAL_SIGNED_OFF = 'signal:signed_off';
export const SIGNAL_REJECTED = 'signal:rejected';
export const SIGNAL_EXECUTED = 'signal:executed';
export const SIGNAL_FAILED = 'signal:failed';
export const SIGNAL_EXPIRED = 'signal:expired';
export const SIGNAL_WITHDRAWN = 'signal:withdrawn';
export const SIGNAL_UNDONE = 'signal:undone';
export const SIGNAL_EXTENDED = 'signal:extended';
export const SIGNAL_AMENDED = 'signal:amended';
export const SIGNAL_MEASURED = 'signal:measured';
export const APPROVAL_NOTIFICATION = 'approval_notification';
export const SIGNAL_APPROVED = 'signal_approved';
export const SIGNAL_RELEASED = 'signal:released';
export const SIGNAL_POSTPONED = 'signal:postponed';
export const DESK_STOPPED = 'desk:stopped';
export const DESK_RESUME_SIGNED_OFF = 'desk:resume_signed_off';
export const DESK_RESUMED = 'desk:resumed';
export const DESK_ACKNOWLEDGED = 'desk:acknowledged';
export const PATTERN_DETECTED = 'pattern_detected';
export const PORTFOLIO_UPDATED = 'portfolio:updated';
export const CAMPAIGN_UPDATED = 'campaign:updated';
export const PRICE_UPDATE = 'price_update';
export const ALERT_TRIGGERED = 'alert_triggered';
export const NOTIFICATION = 'notification';
export const SESSION_STATUS = 'session_status';
export const ALGORITHM_DECISION = 'algorithm_decision';
export const RISK_ALERT = 'risk_alert';
export const RECEIPTS_UPDATED = 'receipts:updated';
export const PRESENCE_UPDATED = 'presence:updated';

/** What the page says itself. */
export const SUBSCRIBE = 'subscribe';
export const PING = 'ping';
export const ACK = 'ack';
export const LOOKING = 'looking';
