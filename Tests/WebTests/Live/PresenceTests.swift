import HTTPTypes
import Synchronization
import Testing

@testable import Web

/// Who is here and who looks at what: it comes to those who ask, bounded, and goes with the connection.
@Suite(.timeLimit(.minutes(5))) struct PresenceTests {
    private static let ask = #"{"type":"subscribe","channel":"presence"}"#
    private static func look(at id: String) -> String { #"{"type":"looking","signal_id":"\#(id)"}"# }

    /// The time between two messages passes, as often as it takes; with a pause, so that others get to do something in it.
    private static func passTime(_ desk: LiveDesk) -> Task<Void, Never> {
        Task {
            while !Task.isCancelled {
                desk.test.clock.move(milliseconds: 250)
                try? await Task.sleep(for: .milliseconds(2))
            }
        }
    }

    /// What the tab is told first that is so.
    private static func told(_ desk: LiveDesk, _ tab: inout Tab, _ isSo: (JSON) -> Bool) async throws -> JSON {
        let time = passTime(desk)
        defer { time.cancel() }
        while true {
            let message = try await tab.next()
            if message["type"] == "presence:updated", isSo(message["data"]) { return message["data"] }
        }
    }

    /// How many tabs have come so far.
    private final class Counter: Sendable {
        private let count = Atomic(0)
        var value: Int { count.load(ordering: .acquiring) }
        func add() { count.add(1, ordering: .acquiringAndReleasing) }
    }

    private static func presence(_ desk: LiveDesk) async throws -> JSON {
        try await desk.caller.get("/api/v1/presence").json
    }

    @Test func `others see who is here and who looks at a signal, until the connection ends`() async throws {
        try await TestDesk.live { desk in
            let id = try await desk.caller.signal()
            try await Tab.greeted(desk, "/ws?as=bo") { bo in
                try await bo.say(Self.ask)
                try await Tab.greeted(desk, "/ws?as=ann") { ann in
                    try await ann.say(Self.look(at: id))
                    let seen = try await Self.told(desk, &bo) { !$0["looking"].items.isEmpty }
                    #expect(seen["users"].items.map { $0["user"].text } == ["ann", "bo"])
                    #expect(seen["looking"][0]["signal_id"] == .string(id) && seen["looking"][0]["user"] == "ann")
                    #expect(seen["looking_count"] == 1 && seen["users_count"] == 2 && seen["anonymous_tabs"] == 0)
                }
                let alone = try await Self.told(desk, &bo) { $0["looking"].items.isEmpty && $0["users_count"] == 1 }
                #expect(alone["users"].items.map { $0["user"].text } == ["bo"])
            }
        }
    }

    @Test func `a claim ends with the decision, and who decides need not ask who looks`() async throws {
        try await TestDesk.live { desk in
            let id = try await desk.caller.signal()
            try await Tab.greeted(desk, "/ws?as=ann") { ann in
                try await ann.say(Self.ask)
                try await ann.say(Self.look(at: id))
                _ = try await Self.told(desk, &ann) { $0["looking_count"] == 1 }
                // It warns, and locks nothing.
                #expect(try await desk.caller.approve(id, as: "bo").status == 200)
                _ = try await Self.told(desk, &ann) { $0["looking_count"] == 0 && $0["users_count"] == 1 }
            }
        }
    }

    @Test func `who has not asked hears nothing of it`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { plain in
                try await Tab.greeted(desk, "/ws?as=ann") { ann in
                    try await ann.say(Self.ask)
                    let seen = try await Self.told(desk, &ann) { $0["users_count"] == 1 }
                    #expect(seen["anonymous_tabs"] == 1)
                }
                try await plain.say(#"{"type":"ping"}"#)
                #expect(try await plain.next()["type"] == "pong")
            }
        }
    }

    @Test func `tabs that come at once cost each tab one message, not one for each of the others`() async throws {
        let tabsCount = 64
        try await TestDesk.live { desk in
            let here = Counter()
            let messages = try await withThrowingTaskGroup(of: Int.self, returning: [Int].self) { group in
                for number in 0..<tabsCount {
                    group.addTask {
                        try await Tab.greeted(desk, "/ws?as=user\(number)") { tab in
                            try await tab.say(Self.ask)
                            try await tab.say(Self.look(at: "00000000-0000-4000-8000-000000000000"))
                            try await tab.say(#"{"type":"ping"}"#)
                            _ = try await tab.until("pong")
                            here.add()
                            var count = 0
                            var isComplete = false
                            while !isComplete {
                                let message = try await tab.next()
                                guard message["type"] == "presence:updated" else { continue }
                                count += 1
                                isComplete = message["data"]["users_count"] == .number(Double(tabsCount))
                            }
                            try await tab.say(#"{"type":"ping"}"#)
                            count += try await tab.until("pong").filter { $0["type"] == "presence:updated" }.count
                            // Nobody leaves before all have counted.
                            here.add()
                            while here.value < 2 * tabsCount { await Task.yield() }
                            return count
                        }
                    }
                }
                while here.value < tabsCount { await Task.yield() }
                let time = Self.passTime(desk)
                defer { time.cancel() }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(messages == Array(repeating: 1, count: tabsCount))
        }
    }

    @Test func `a tab on an event stream says over REST what it looks at, for itself only (C20)`() async throws {
        try await TestDesk.live { desk in
            let id = try await desk.caller.signal()
            try await StreamTab.open(desk, "?as=ann&channels=presence") { stream in
                let connection = try await stream.next()["connection_id"].text
                let body = #"{"signal_id":"\#(id)","connection_id":"\#(connection)"}"#
                try await desk.caller.post("/api/v1/presence?as=bo", body).isProblem(404, "not_found")
                let answer = try await desk.caller.post("/api/v1/presence?as=ann", body)
                #expect(answer.status == 200 && answer.json["looking"][0]["user"] == "ann")
                #expect(try await Self.presence(desk) == answer.json)
            }
            while try await Self.presence(desk)["users_count"] != 0 { await Task.yield() }
            #expect(try await Self.presence(desk)["looking_count"] == 0)
        }
    }

    @Test func `who polls is here as long as they ask again (C20)`() async throws {
        try await TestDesk.live { desk in
            let id = try await desk.caller.signal()
            let body = #"{"signal_id":"\#(id)","connection_id":null}"#
            let answer = try await desk.caller.post("/api/v1/presence?as=ann", body)
            #expect(answer.json["looking"][0]["user"] == "ann" && answer.json["users_count"] == 1)
            let time = Self.passTime(desk)
            defer { time.cancel() }
            while try await Self.presence(desk)["users_count"] != 0 { await Task.yield() }
            #expect(try await Self.presence(desk)["looking_count"] == 0)
        }
    }

    @Test func `what is no question about presence is refused`() async throws {
        try await TestDesk.routed { _, caller in
            let nobody = try await caller.post("/api/v1/presence", #"{"signal_id":null}"#)
            nobody.isProblem(401, "identity_required")
            let odd = try await caller.post("/api/v1/presence?as=ann", #"{"signal_id":"AAPL","connection_id":7}"#)
            odd.isProblem(400, "invalid_request")
            #expect(odd.pointers == ["/signal_id", "/connection_id"])
            let gone = try await caller.post("/api/v1/presence?as=ann", #"{"connection_id":"gone"}"#)
            gone.isProblem(404, "not_found")
            #expect(try await caller.get("/api/v1/presence").json["users"].items == [])
        }
    }
}
