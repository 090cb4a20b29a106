internal import NIOCore
internal import NIOWebSocket

/// What the channel tells a connection, and what follows from it.
extension WebSocketConnection {
    func open(with handler: any WebSocketHandler) {
        self.handler = handler
        if let intervalMs = configuration.pingIntervalMs {
            let machine = HeartbeatMachine(intervalMs: intervalMs, now: eventLoop.now, earlyMs: earlyMs(of: intervalMs))
            heartbeat = machine
            nextHeartbeat = round.heartbeat(of: self, at: machine.firstTick)
        }
        handler.opened(self)
    }

    /// Takes the next bytes of the stream, however they were cut.
    func receive(_ bytes: ByteBuffer) {
        heartbeat?.heard(at: eventLoop.now)
        var bytes = bytes
        // Each action may end the connection, and with it the reading.
        while life.isListening {
            let action = inbound.next(&bytes)
            guard action != .wait else { return }
            run(action)
        }
    }

    func writabilityChanged() {
        if channel.isWritable, let ping = unansweredPing {
            unansweredPing = nil
            if life.isOpen { writeControl(.pong, ping) }
        }
        if life.isOpen { handler?.writabilityChanged(isWritable: channel.isWritable, on: self) }
    }

    /// TCP is gone.
    func disconnected() {
        guard !isGone else { return }
        isGone = true
        if let nextHeartbeat { round.cancelHeartbeat(of: self, at: nextHeartbeat) }
        lanes.close(lane)
        closeTask?.cancel()
        closeTask = nil
        guard let close = life.disconnected() else { return }
        let handler = handler
        self.handler = nil
        handler?.closed(close, on: self)
    }

    /// Closes TCP. What has not been flushed is lost.
    func disconnect() {
        guard !isGone else { return }
        context.close(promise: nil)
    }

    private func run(_ action: InboundMachine.Action) {
        switch action {
        case .wait: break
        case .text(let text): if life.isOpen { handler?.received(text: text, on: self) }
        case .binary(let binary): if life.isOpen { handler?.received(binary: binary, on: self) }
        case .ping(let payload): answer(ping: payload)
        case .pong(let payload): if life.isOpen { handler?.receivedPong(payload, on: self) }
        case .close(let payload): run(life.peerClosed(payload))
        case .fail(let error): run(life.fail(error))
        }
    }

    private func answer(ping payload: ByteBuffer) {
        guard life.isOpen else { return }
        if channel.isWritable {
            writeControl(.pong, payload)
        } else {
            unansweredPing = payload
        }
    }

    private func run(_ action: CloseMachine.PeerCloseAction) {
        switch action {
        case .answerThenDisconnect(let payload):
            writeClose(payload)
            disconnectWhenFlushed()
        // Our own close frame may still be waiting for the end of the round.
        case .disconnect: disconnectWhenFlushed()
        case .none: break
        }
    }

    private func run(_ action: CloseMachine.FailAction) {
        switch action {
        case .sendThenEndOutput(let payload):
            writeClose(payload)
            endOutputWhenFlushed()
        case .disconnect: disconnectWhenFlushed()
        case .none: break
        }
    }

    func disconnectWhenFlushed() {
        startCloseTimer()
        whenFlushed { $0.disconnect() }
    }

    /// The peer sees the end of our half and closes its own; the timer is for one that does not.
    private func endOutputWhenFlushed() {
        startCloseTimer()
        whenFlushed { connection in
            guard !connection.isGone else { return }
            let ended = connection.eventLoop.makePromise(of: Void.self)
            ended.futureResult.assumeIsolated().whenFailure { _ in connection.disconnect() }
            connection.context.close(mode: .output, promise: ended)
        }
    }

    /// Flushes, then calls `next` once the kernel has everything; not at all if the channel closes before.
    private func whenFlushed(_ next: @escaping (WebSocketConnection) -> Void) {
        flush()
        guard !isGone else { return }
        let written = eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess { next(self) }
        context.writeAndFlush(WebSocketChannelHandler.wrapOutboundOut(ByteBuffer()), promise: written)
    }

    func startCloseTimer() {
        guard closeTask == nil else { return }
        closeTask = eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(configuration.closeTimeoutMs))) {
            self.disconnect()
        }
    }

    /// Thousands of tabs that come back in one moment must not all be pinged in one moment ever after: their first pings are
    /// spread over half an interval.
    private func earlyMs(of intervalMs: Int) -> Int { lane.value % 64 * intervalMs / 128 }

    func tick() {
        nextHeartbeat = nil
        guard life.isOpen, let action = heartbeat?.tick(at: eventLoop.now) else { return }
        switch action {
        case .ping(let next):
            ping()
            nextHeartbeat = round.heartbeat(of: self, at: next)
        case .wait(let next): nextHeartbeat = round.heartbeat(of: self, at: next)
        case .drop: drop()
        }
    }

    /// Tells the silent peer why, should it still listen, and does not wait for its answer.
    private func drop() {
        let error = WebSocketError(configuration.silentPeerCloseCode, "nothing heard for two heartbeats")
        guard case .sendThenEndOutput(let payload) = life.fail(error) else { return }
        writeClose(payload)
        disconnectWhenFlushed()
    }
}
