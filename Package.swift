// swift-tools-version: 6.2
import PackageDescription

/// The rules every target is compiled under (docs/Architecture.md, "Walls").
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioWebSocket = Target.Dependency.product(name: "NIOWebSocket", package: "swift-nio")
let nioExtras = Target.Dependency.product(name: "NIOExtras", package: "swift-nio-extras")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP1 = Target.Dependency.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")

let package = Package(
    name: "Countersign",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "countersign", targets: ["Countersign"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .target(name: "Domain", swiftSettings: settings),
        .target(name: "Wire", dependencies: ["Domain", crypto], swiftSettings: settings),
        .target(
            name: "WebSockets",
            dependencies: [
                "CZlib", nioCore, nioHTTP1, nioPosix, nioExtras, nioWebSocket, nioHTTPTypes, nioHTTPTypesHTTP1,
                httpTypes,
                hummingbirdCore, logging, lifecycle,
            ],
            swiftSettings: settings
        ),
        .target(name: "Realtime", dependencies: ["Domain", "Wire"], swiftSettings: settings),
        .target(name: "PolicyFile", dependencies: ["Domain", yams, crypto], swiftSettings: settings),
        .target(name: "Prometheus", dependencies: [metrics], swiftSettings: settings),
        .target(name: "Storage", dependencies: ["Domain", crypto], swiftSettings: settings),
        .target(name: "StorageSQLite", dependencies: ["Domain", "Storage", grdb], swiftSettings: settings),
        .target(
            name: "Engine",
            dependencies: ["Domain", "Storage", "Realtime", deque, heap, logging, lifecycle],
            swiftSettings: settings
        ),
        .target(
            name: "Webhooks",
            dependencies: [
                "Domain", "Wire", "Realtime", "Storage", "Engine", httpClient, nioCore, nioHTTP1, crypto, logging,
                lifecycle,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Web",
            dependencies: [
                "CZlib", "Domain", "Wire", "WebSockets", "Realtime", "Storage", "Engine", "Prometheus", "Webhooks",
                hummingbird, hummingbirdCore, nioCore, nioHTTP1, nioPosix, nioHTTPTypes, httpTypes, logging, crypto,
                lifecycle, deque, metrics,
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "Countersign",
            dependencies: [
                "Domain", "Wire", "WebSockets", "Realtime", "Storage", "StorageSQLite", "Engine", "Prometheus",
                "PolicyFile", "Webhooks", "Web",
                hummingbird, nioCore, nioPosix, logging, metrics, lifecycle, unixSignals, configuration,
                argumentParser,
            ],
            swiftSettings: settings
        ),

        // Test support: an echo server for conformance suites. Not part of the product.
        .executableTarget(
            name: "EchoServer",
            dependencies: ["WebSockets", hummingbirdCore, nioCore, nioPosix, httpTypes, logging, argumentParser],
            path: "Tests/EchoServer",
            swiftSettings: settings
        ),
        .target(
            name: "StorageContract",
            dependencies: ["SeededRandom", "Domain", "Storage"],
            path: "Tests/StorageContract",
            swiftSettings: settings
        ),
        // Test support: the random source of the property tests. Not part of the product.
        .target(name: "SeededRandom", path: "Tests/SeededRandom", swiftSettings: settings),
        // Test support: a process that writes a log, to be killed or to be given a full disk. Not part of the product.
        .executableTarget(
            name: "StoreWriter",
            dependencies: [
                "SeededRandom", "Domain", "Storage", "StorageSQLite", "StorageContract", "Engine", "Realtime",
                argumentParser, logging,
            ],
            path: "Tests/StoreWriter",
            swiftSettings: settings
        ),

        // Test support: a WebSocket client that can do everything wrong. Not part of the product.
        .target(
            name: "SocketSupport",
            dependencies: ["CZlib", nioCore, nioPosix],
            path: "Tests/SocketSupport",
            swiftSettings: settings
        ),
        // Test support: what must hold for every byte stream, as libFuzzer and the tests ask it. Not part of the product.
        .target(
            name: "FrameFuzz",
            dependencies: [
                "SeededRandom", "SocketSupport", "CZlib", "WebSockets", nioCore, nioEmbedded, nioWebSocket,
            ],
            path: "Tests/FrameFuzz",
            swiftSettings: settings
        ),

        .testTarget(name: "ArchitectureTests", swiftSettings: settings),
        .testTarget(name: "DomainTests", dependencies: ["SeededRandom", "Domain"], swiftSettings: settings),
        .testTarget(name: "WireTests", dependencies: ["SeededRandom", "Domain", "Wire"], swiftSettings: settings),
        .testTarget(
            name: "WebSocketsTests",
            dependencies: [
                "SeededRandom", "SocketSupport", "FrameFuzz", "CZlib", "WebSockets", nioCore, nioHTTP1, nioPosix,
                nioEmbedded, nioWebSocket, hummingbirdCore, httpTypes, logging,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PolicyFileTests",
            dependencies: ["SeededRandom", "Domain", "PolicyFile"],
            swiftSettings: settings
        ),
        .testTarget(name: "PrometheusTests", dependencies: ["Prometheus", metrics], swiftSettings: settings),
        .testTarget(
            name: "RealtimeTests",
            dependencies: ["SeededRandom", "Domain", "Wire", "Realtime"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "StorageTests",
            dependencies: [
                "SeededRandom", "Domain", "Storage", "StorageSQLite", "StorageContract", "StoreWriter", "Engine",
                "Realtime", grdb, logging,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EngineTests",
            dependencies: [
                "SeededRandom", "Domain", "Storage", "StorageSQLite", "Realtime", "Engine", lifecycle, logging,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "WebhooksTests",
            dependencies: [
                "SeededRandom", "StorageContract", "Domain", "Wire", "Realtime", "Storage", "StorageSQLite", "Engine",
                "Webhooks", crypto, lifecycle, logging,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "WebTests",
            dependencies: [
                "SeededRandom", "SocketSupport", "StorageContract", "CZlib", "Domain", "Wire", "WebSockets", "Realtime",
                "Storage", "Engine", "Prometheus", "Web", "Webhooks", crypto,
                hummingbird, hummingbirdTesting, nioCore, nioPosix, httpTypes, logging, metrics, lifecycle,
            ],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)

// The benchmark and its load generator (Benchmarks/README.md). They speak to Linux directly.
#if os(Linux)
package.targets += [
    .systemLibrary(name: "CLinux", path: "Benchmarks/CLinux"),
    .target(
        name: "BenchKit",
        dependencies: ["CLinux", "CZlib", crypto],
        path: "Benchmarks/BenchKit",
        swiftSettings: settings
    ),
    .executableTarget(
        name: "Bench",
        dependencies: ["BenchKit", argumentParser],
        path: "Benchmarks/Bench",
        swiftSettings: settings
    ),
    .testTarget(name: "BenchTests", dependencies: ["BenchKit", "CZlib"], swiftSettings: settings),
]
#endif
