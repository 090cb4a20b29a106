package import Logging
internal import NIOPosix
internal import Synchronization

/// The files of the page: read at start, compressed once, answered from memory.
///
/// Hummingbird's `FileMiddleware` does not suffice (2.28): it reads from disk for every answer, has no gzip, and its tag
/// is a weak one of time and size, compared to one `If-None-Match` field as a whole, so neither lists nor `*` match.
///
/// There is no build step, so names carry no hashes and everything is `no-cache`: a browser asks each time and is
/// answered 304. While `checkIntervalMs` is set, the directory is looked at again by a request that comes at least that
/// long after the last look, and what changed is read again; so a saved file shows at the next reload of the page.
///
/// Isolation: a `Mutex` around the current index, held for a copy of a reference; the disk is read outside it, on NIO's
/// thread pool, by one request at a time while others are answered from the index there is.
package final class StaticFiles: Sendable {
    package struct Limits: Hashable, Sendable {
        /// A larger file is not served.
        package var fileBytesMax = 4 << 20
        package var filesMax = 2_000
        /// Plain and compressed bytes together.
        package var totalBytesMax = 64 << 20
        package var depthMax = 16

        package init() {}
    }

    private struct State {
        var index: StaticIndex
        var lookedAt: ContinuousClock.Instant
        var isLooking = false
    }

    private let directory: StaticDirectory
    private let checkInterval: Duration?
    private let now: @Sendable () -> ContinuousClock.Instant
    private let logger: Logger
    private let state: Mutex<State>

    /// Reads the directory; blocks on the disk.
    ///
    /// - Parameter checkIntervalMs: how often at most the directory is looked at again; nil for never.
    /// - Throws: `StaticFilesError` when the directory or its `index.html` is missing.
    package init(
        directory path: String,
        limits: Limits = Limits(),
        checkIntervalMs: Int? = 1_000,
        logger: Logger,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) throws(StaticFilesError) {
        directory = try StaticDirectory(path, limits: limits)
        checkInterval = checkIntervalMs.map { .milliseconds($0) }
        self.now = now
        self.logger = logger
        let index = try directory.read()
        guard index.files[.indexPage] != nil else {
            throw StaticFilesError(.noIndexPage, "There is no index.html in \(path).")
        }
        state = Mutex(State(index: index, lookedAt: now()))
        report(index, butNot: [:])
    }

    /// The file that answers for a request's path, or nil where there is none.
    func file(forRequestPath requestPath: String) async -> StaticFile? {
        let index = await currentIndex()
        if let path = StaticPath(requestPath: requestPath), let file = index.files[path] { return file }
        return Self.isPage(requestPath) ? index.files[.indexPage] : nil
    }

    /// Addresses that the page itself interprets: `/`, `/signals`, `/signals/{id}` and `/audit`.
    private static func isPage(_ requestPath: String) -> Bool {
        if ["/", "/signals", "/signals/", "/audit", "/audit/"].contains(requestPath) { return true }
        guard let path = StaticPath(requestPath: requestPath), path.text.hasPrefix("/signals/") else { return false }
        return !path.text.dropFirst("/signals/".count).contains("/")
    }

    private func currentIndex() async -> StaticIndex {
        let (index, isMine) = state.withLock { state in
            guard let checkInterval, !state.isLooking, now() - state.lookedAt >= checkInterval else {
                return (state.index, false)
            }
            state.isLooking = true
            return (state.index, true)
        }
        guard isMine else { return index }

        let fresh = await readAgain(reusing: index)
        state.withLock { state in
            state.index = fresh
            state.lookedAt = now()
            state.isLooking = false
        }
        return fresh
    }

    private func readAgain(reusing index: StaticIndex) async -> StaticIndex {
        do {
            let directory = directory
            let fresh = try await NIOThreadPool.singleton.runIfActive { try directory.read(reusing: index) }
            report(fresh, butNot: index.skipped)
            return fresh
        } catch {
            logger.warning(
                "The page cannot be read again; serving what was read before",
                metadata: ["error": "\(error)"]
            )
            return index
        }
    }

    private func report(_ index: StaticIndex, butNot known: [String: String]) {
        for (path, reason) in index.skipped.sorted(by: { $0.key < $1.key }) where known[path] != reason {
            logger.warning("A file is not served", metadata: ["path": "\(path)", "reason": "\(reason)"])
        }
    }
}

extension StaticPath {
    fileprivate static let indexPage = StaticPath(fromDisk: "/index.html")
}
