/// How large request bodies may be (docs/Protocol.md, "REST").
enum RouteLimits {
    static let bodyBytesMax = 1 << 20
    static let eventBytesMax = 64 << 10
    static let decisionBytesMax = 16 << 10
}
