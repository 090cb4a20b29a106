/// How large request bodies may be (docs/Protocol.md, "REST").
enum RouteLimits {
    static let bodyBytesMax = 1 << 20
    static let eventBytesMax = 64 << 10
    static let decisionBytesMax = 16 << 10
    static let bulkBytesMax = 256 << 10
    /// Of one source: as many as a busy desk's broker has to report, no more than a runaway program would.
    static let reportsPerMinuteMax = 600
    /// Of one person: stopping, resuming, and what they tell sessions.
    static let stopsPerMinuteMax = 60
}
