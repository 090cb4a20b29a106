/// The table of docs/Architecture.md: what each module may import. Beyond it, every module may use what comes with Swift.
enum Walls {
    static let everywhere: Set<String> = ["Foundation", "Synchronization", "Glibc", "Musl", "Darwin"]

    private static let nio: Set<String> = ["NIOCore", "NIOPosix", "NIOHTTP1", "NIOHTTPTypes", "HTTPTypes"]

    static let mayImport: [String: Set<String>] = [
        "Domain": [],
        "Wire": ["Domain", "Crypto"],
        "WebSockets": nio.union([
            "CZlib", "NIOWebSocket", "NIOHTTPTypesHTTP1", "NIOExtras", "HummingbirdCore", "Logging", "ServiceLifecycle",
        ]),
        "Realtime": ["Domain", "Wire"],
        "Prometheus": ["Metrics"],
        "Storage": ["Domain", "Crypto"],
        "PolicyFile": ["Domain", "Yams", "Crypto"],
        "StorageSQLite": ["Domain", "Storage", "GRDB"],
        "Engine": ["Domain", "Storage", "Realtime", "DequeModule", "HeapModule", "Logging", "ServiceLifecycle"],
        "Webhooks": [
            "Domain", "Wire", "Realtime", "Storage", "Engine", "AsyncHTTPClient", "NIOCore", "NIOHTTP1", "Crypto",
            "Logging", "ServiceLifecycle",
        ],
        "Web": nio.union([
            "CZlib", "Domain", "Wire", "WebSockets", "Realtime", "Storage", "Engine", "Prometheus", "Hummingbird",
            "HummingbirdCore", "Logging", "Crypto", "ServiceLifecycle", "DequeModule", "Metrics", "Webhooks",
        ]),
        "Countersign": [
            "Domain", "Wire", "WebSockets", "Realtime", "Storage", "StorageSQLite", "Engine", "Prometheus",
            "PolicyFile", "Webhooks", "Web",
            "Hummingbird", "NIOCore", "NIOPosix", "Logging", "Metrics", "ServiceLifecycle", "UnixSignals",
            "Configuration", "ArgumentParser",
        ],
    ]

    static let linesMax = 500
}
