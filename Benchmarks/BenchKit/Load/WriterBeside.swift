import Foundation
import Synchronization

/// Posts one message after the other on a connection of its own while something else is measured: how long the writer lets
/// a source wait meanwhile. What it posts are notices, which the load's tabs hear and do not count.
///
/// A thread of its own, beside the load's; what it notes is behind a mutex, for the end.
package final class WriterBeside: Sendable {
    private struct Noted {
        var tookNs: [UInt64] = []
        var fault: String?
    }

    private static let pauseNs: UInt64 = 5_000_000
    private static let answerSecondsMax = 60.0

    private let noted = Mutex(Noted())
    private let isOver = Atomic(false)
    private let end = DispatchSemaphore(value: 0)

    package init(port: UInt16) {
        Thread.detachNewThread { [self] in
            do { try postAll(port) } catch { noted.withLock { $0.fault = "\(error)" } }
            end.signal()
        }
    }

    /// Ends it, and tells how long each post took.
    package func finish() throws -> Percentiles {
        isOver.store(true, ordering: .relaxed)
        end.wait()
        return try noted.withLock { noted in
            if let fault = noted.fault { throw Load.Failure(description: "the writer beside: \(fault)") }
            return Percentiles(noted.tookNs)
        }
    }

    private func postAll(_ port: UInt16) throws {
        let poller = try Poller()
        let poster = try Poster(port: port, path: "/api/v1/events")
        let interest = Poller.readable | Poller.writable | Poller.ended | Poller.onChange
        try poller.add(poster.descriptor, interest, key: 0)
        var number: UInt32 = 0
        while !isOver.load(ordering: .relaxed) {
            number += 1
            try poster.post(number) { body in
                body.append(
                    "{\"type\":\"notification\",\"data\":{\"id\":\"beside-\(number)\",\"message\":\"A notice.\",\"type\":\"info\"}}"
                )
            }
            let tookNs = try answer(of: poster, poller)
            noted.withLock { $0.tookNs.append(tookNs) }
            _ = try poller.wait(Self.pauseNs)
        }
    }

    private func answer(of poster: Poster, _ poller: Poller) throws -> UInt64 {
        let startNs = Moment.nowNs
        while Moment.secondsSince(startNs) < Self.answerSecondsMax {
            try poster.flush()
            switch try poster.receive() {
            case .answer(let answer):
                guard answer.isAccepted else { throw Load.Failure(description: "refused: \(answer.text)") }
                return answer.tookNs
            case .closed: throw Load.Failure(description: "the server closed the connection")
            case .nothing: _ = try poller.wait(100_000_000)
            }
        }
        throw Load.Failure(description: "a post was not answered")
    }
}
