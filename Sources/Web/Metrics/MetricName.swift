import Metrics

/// Every metric of the desk, by the name that Prometheus knows (docs/Operations.md). A raw value is forever.
package enum MetricName: String, CaseIterable, Sendable {
    case notificationsSent = "signal_notifications_sent_total"
    case notificationLatency = "signal_notification_latency_ms"
    case notificationBroadcast = "signal_notification_broadcast_ms"
    case notificationFailures = "signal_notification_failures_total"
    case notificationRetries = "signal_notification_retries_total"

    case connections = "countersign_connections"
    case connectionsOpened = "countersign_connections_opened_total"
    case connectionsClosed = "countersign_connections_closed_total"
    case connectionsRefused = "countersign_connections_refused_total"
    case resumes = "countersign_resumes_total"
    case messagesSent = "countersign_messages_sent_total"
    case outboxBytes = "countersign_outbox_bytes"

    case decisions = "countersign_decisions_total"
    case deskStopped = "countersign_desk_stopped"
    case stops = "countersign_stops_total"
    case posts = "countersign_posts_total"
    case signalsPending = "countersign_signals_pending"
    case requestsQueued = "countersign_requests_queued"
    case paperTrades = "countersign_paper_trades"
    case paperTradesPassedOver = "countersign_paper_trades_passed_over"
    case logOffset = "countersign_log_offset"
    case logOldestOffset = "countersign_log_oldest_offset"
    case storeAppend = "countersign_store_append_ms"
    case storeFailures = "countersign_store_failures_total"
    case policyFault = "countersign_policy_fault"

    case webhookRequests = "countersign_webhook_requests_total"
    case webhookAttempts = "countersign_webhook_attempts_total"
    case webhookDead = "countersign_webhook_dead_total"
    case webhookDeadLetters = "countersign_webhook_dead_letters"
    case webhookBacklog = "countersign_webhook_backlog"

    case processStart = "process_start_time_seconds"
    case build = "countersign_build_info"

    /// For whoever reads the page itself.
    var help: String {
        switch self {
        case .notificationsSent: "Critical messages that a tab has acknowledged."
        case .notificationLatency: "From the decision to the acknowledgement of each tab."
        case .notificationBroadcast: "From the decision until it was handed to the sockets of all tabs."
        case .notificationFailures: "Critical messages that a tab has not acknowledged after the last attempt."
        case .notificationRetries: "Critical messages that were sent to a tab again."
        case .connections: "Tabs that are connected."
        case .connectionsOpened: "Tabs that have connected."
        case .connectionsClosed: "Tabs that have left, by the close code."
        case .connectionsRefused: "Connections that were refused or turned away, by the reason."
        case .resumes: "Tabs that came back from a place in the log, by what became of it."
        case .messagesSent: "Messages sent to tabs, by their type."
        case .outboxBytes: "What was sent to tabs and is not yet taken by the kernel."
        case .decisions: "Clicks on approve, reject, undo and +5 min, by what became of them."
        case .deskStopped: "1 while the desk is stopped, else 0."
        case .stops: "Stops and resumes of the desk and of sessions, by what became of them."
        case .posts: "Requests of sources, by what became of them."
        case .signalsPending: "Signals that wait for a decision."
        case .requestsQueued: "Requests that wait for the writer."
        case .paperTrades: "Decided signals that are followed on paper."
        case .paperTradesPassedOver: "Decided signals since the start that were not followed, because too many were."
        case .logOffset: "The newest event that was published."
        case .logOldestOffset: "The first event that the log leads on from."
        case .storeAppend: "How long a transaction of the log takes until it is durable."
        case .storeFailures: "Calls of the store that failed."
        case .policyFault: "1 while the policy file as it is now is broken and the one before it is in force."
        case .webhookRequests: "Webhooks that came in, by what became of them."
        case .webhookAttempts: "Attempts to give an endpoint an event, by what became of them."
        case .webhookDead: "Events that became dead letters."
        case .webhookDeadLetters: "Dead letters that wait for somebody to have them sent again."
        case .webhookBacklog: "Events of the log that an endpoint has not come to."
        case .processStart: "When the process started, since 1970."
        case .build: "Always 1; the version is its label."
        }
    }

    /// By name.
    package static let help = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0.help) })
}

extension Counter {
    convenience init(_ name: MetricName, _ factory: any MetricsFactory, _ labels: [(String, String)] = []) {
        self.init(label: name.rawValue, dimensions: labels, factory: factory)
    }
}

extension Recorder {
    convenience init(_ name: MetricName, _ factory: any MetricsFactory) {
        self.init(label: name.rawValue, factory: factory)
    }
}

extension Meter {
    convenience init(_ name: MetricName, _ factory: any MetricsFactory, _ labels: [(String, String)] = []) {
        self.init(label: name.rawValue, dimensions: labels, factory: factory)
    }
}

extension Metrics.Timer {
    convenience init(_ name: MetricName, _ factory: any MetricsFactory) {
        self.init(label: name.rawValue, factory: factory)
    }
}
