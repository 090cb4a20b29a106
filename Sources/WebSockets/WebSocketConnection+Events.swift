internal import NIOCore
internal import NIOWebSocket

/// What the channel tells a connection, and what follows from it.
extension WebSocketConnection {
    func open(with handler: any WebSocketHandler) {
        self.handler = handler
        if let intervalMs = configuration.pingIntervalMs {
            let machine = HeartbeatMachine(intervalMs: intervalMs, now: eventLoop.now)
            heartbeat = machine
            scheduleHeartbeat(at: machine.firstTick)
        }
        handler.opened(self)
    }

    func receive(_ frame: WebSocketFrame) {
        heartbeat?.heard(at: eventLoop.now)
        guard life.isListening else { return }
        run(inbound.receive(frame))
    }

    func receive(_ error: NIOWebSocketError) {
        guard life.isListening else { return }
        run(inbound.receive(error))
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
        lanes.close(lane)
        heartbeatTask?.cancel()
        closeTask?.cancel()
        heartbeatTask = nil
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
        case .pong: if life.isOpen { handler?.receivedPong(on: self) }
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

    private func scheduleHeartbeat(at deadline: NIODeadline) {
        heartbeatTask = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.tick() }
    }

    private func tick() {
        guard life.isOpen, let action = heartbeat?.tick(at: eventLoop.now) else { return }
        switch action {
        case .ping(let next):
            ping()
            scheduleHeartbeat(at: next)
        case .wait(let next): scheduleHeartbeat(at: next)
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
