import CLinux
import Glibc

/// Opens tabs, posts signals and counts every delivery. One thread, raw sockets, one epoll set.
///
/// Every tab counts what it gets; every `sampleEvery`-th inflates and reads each message too, which finds out which one is
/// missing or came twice, and how long it took. A compressed message is a broadcast (messages for one tab alone are never
/// compressed); of one that is not, the type tells.
package final class Load {
    /// Whom it talks to.
    package enum Server: Sendable {
        case desk, floor

        var postPath: String { self == .desk ? "/api/v1/signals" : "/pub" }
    }

    /// Where tabs go on that were cut off.
    package struct ResumePoint: Sendable {
        package let epoch: String
        package let offset: Int
        /// How many signals were logged behind it.
        package let missed: Int
    }

    package struct Options: Sendable {
        package var server: Server
        package var port: UInt16
        package var tabs: Int
        package var sampleEvery = 50
        /// Nothing new for so long: what is missing will not come.
        package var silenceSecondsMax = 30.0
        package var offersDeflate = true
        package var connectsAtOnceMax = 128
        /// Connections that post, each one request at a time.
        package var posters = 8
        package var resume: ResumePoint?
        /// Whether somebody else writes to the log meanwhile, so that tabs have more to catch up with than they missed.
        package var othersWrite = false

        package init(_ server: Server, port: UInt16, tabs: Int) {
            self.server = server
            self.port = port
            self.tabs = tabs
        }
    }

    /// Why nothing could be measured.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
        package init(description: String) { self.description = description }
    }

    static let connectSecondsMax = 60.0
    static let receiveBytesMax = 1 << 20
    static let posterBit: UInt64 = 1 << 32

    let options: Options
    let poller: Poller
    /// `sampleEvery`, but never so many that no tab is sampled.
    let stride: Int
    let tabs: UnsafeMutablePointer<Tab>
    var sampled: [SampledTab] = []
    /// Opened when they are needed: a server may close a connection on which nothing is said.
    var posters: [Poster?]
    var phase: PhaseLog
    var openTabs = 0
    var connectingTabs = 0
    var resumedTabs = 0
    let request: Bytes
    let expectedAccept: String
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: receiveBytesMax, alignment: 64)
    package private(set) var signals: SignalMaker

    /// - Parameter signals: What is posted; taken over from an earlier load, the numbers go on.
    package init(_ options: Options, signals: SignalMaker) throws {
        self.options = options
        self.signals = signals
        poller = try Poller()
        stride = max(1, min(options.sampleEvery, options.tabs))
        tabs = .allocate(capacity: options.tabs)
        tabs.initialize(repeating: Tab(), count: options.tabs)
        posters = Array(repeating: nil, count: options.posters)
        let missed = options.resume?.missed ?? 0
        phase = PhaseLog(firstNumber: signals.nextNumber - UInt32(missed))
        let path = options.resume.map { "/ws?epoch=\($0.epoch)&since=\($0.offset)" } ?? "/ws"
        let key = "Y291bnRlcnNpZ24tYmVuYw=="
        request = Bytes()
        request.append(
            Handshake.request(path: path, port: options.port, key: key, offersDeflate: options.offersDeflate)
        )
        expectedAccept = Handshake.accept(for: key)
        for _ in 0..<missed { phase.post(dueNs: phase.startNs) }
        for place in 0..<missed {
            phase.answer(phase.firstNumber + UInt32(place), isAccepted: true, tookNs: 0)
        }
    }

    deinit {
        for index in 0..<options.tabs where tabs[index].descriptor >= 0 { Socket.abort(tabs[index].descriptor) }
        tabs.deinitialize(count: options.tabs)
        tabs.deallocate()
        buffer.deallocate()
    }

    /// Opens all tabs, and returns the seconds until the last was open; with a place to resume from, until the last had
    /// all it had missed.
    package func connect() throws -> Double {
        let startNs = Moment.nowNs
        var next = 0
        while true {
            while next < options.tabs, connectingTabs < options.connectsAtOnceMax {
                try startTab(next)
                next += 1
            }
            let isDone = options.resume == nil ? openTabs == options.tabs : resumedTabs == options.tabs
            if isDone { return Moment.secondsSince(startNs) }
            try failIfATabIsLost()
            guard Moment.secondsSince(startNs) < Self.connectSecondsMax else {
                throw Failure(
                    description:
                        "after \(Int(Self.connectSecondsMax)) s only \(openTabs) of \(options.tabs) tabs are open"
                        + (options.resume == nil ? "" : ", and \(resumedTabs) of them up to date")
                )
            }
            try pump(waitNs: 20_000_000)
        }
    }

    /// Lets the connections be for a while.
    package func rest(seconds: Double) throws {
        let endNs = Moment.nowNs + UInt64(seconds * 1e9)
        while true {
            let nowNs = Moment.nowNs
            guard nowNs < endNs else { return }
            try pump(waitNs: endNs - nowNs)
        }
    }

    /// The place before the last `missed` signals of the log, for tabs of another load to resume from.
    package func resumePoint(missing missed: Int) throws -> ResumePoint {
        guard let tab = sampled.first, let epoch = tab.epoch, tab.offset >= missed else {
            throw Failure(description: "no tab was told the epoch, or fewer than \(missed) signals were posted")
        }
        return ResumePoint(epoch: epoch, offset: tab.offset - missed, missed: missed)
    }

    func pump(waitNs: UInt64) throws {
        for event in try poller.wait(waitNs) {
            let key = event.data.u64
            if key & Self.posterBit == 0 {
                try handle(event.events, tab: Int(key))
            } else {
                try handle(event.events, poster: Int(key & ~Self.posterBit))
            }
        }
    }

    /// Writes the next signal as this server wants it.
    func writeSignal(to json: Bytes) {
        switch options.server {
        case .desk: signals.writeProposal(to: json, at: SignalText.nowMs)
        case .floor: signals.writeBroadcast(to: json, at: SignalText.nowMs)
        }
    }

    private func failIfATabIsLost() throws {
        guard phase.accounts.lostTabs > 0 else { return }
        throw Failure(description: "a tab could not stay: \(phase.accounts.summary)")
    }
}
