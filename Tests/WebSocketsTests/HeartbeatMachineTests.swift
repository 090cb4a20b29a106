import NIOCore
import Testing
import WebSockets

@Suite struct HeartbeatMachineTests {
    private func at(_ seconds: Int64) -> NIODeadline { NIODeadline.uptimeNanoseconds(0) + .seconds(seconds) }

    private func machine() -> HeartbeatMachine { HeartbeatMachine(intervalMs: 30_000, now: at(0)) }

    @Test func `a peer is pinged every interval`() {
        var machine = machine()
        #expect(machine.firstTick == at(30))
        machine.heard(at: at(29))
        let first = machine.tick(at: at(30))
        machine.heard(at: at(31))
        let second = machine.tick(at: at(60))
        #expect(first == .ping(next: at(60)))
        #expect(second == .ping(next: at(90)))
    }

    @Test func `a peer silent for two intervals is dropped`() {
        var machine = machine()
        let first = machine.tick(at: at(30))
        let second = machine.tick(at: at(60))
        #expect(first == .ping(next: at(60)))
        #expect(second == .drop)
    }

    @Test func `the silence counts from the last sign of life`() {
        var machine = machine()
        machine.heard(at: at(5))
        _ = machine.tick(at: at(30))
        let alive = machine.tick(at: at(60))
        let lost = machine.tick(at: at(65))
        #expect(alive == .ping(next: at(65)))
        #expect(lost == .drop)
    }

    @Test func `a late sign of life saves the peer without a ping too many`() {
        var machine = machine()
        machine.heard(at: at(5))
        _ = machine.tick(at: at(30))
        _ = machine.tick(at: at(60))
        machine.heard(at: at(64))
        let saved = machine.tick(at: at(65))
        let next = machine.tick(at: at(90))
        #expect(saved == .wait(next: at(90)))
        #expect(next == .ping(next: at(120)))
    }
}
