import Glibc

extension Load {
    private static let whileShaking = Poller.readable | Poller.writable | Poller.ended | Poller.onChange

    func startTab(_ index: Int) throws {
        tabs[index].descriptor = try Socket.connect(port: options.port)
        tabs[index].state = .connecting
        connectingTabs += 1
        try poller.add(tabs[index].descriptor, Self.whileShaking, key: UInt64(index))
    }

    func handle(_ events: UInt32, tab index: Int) throws {
        let tab = tabs + index
        if tab.pointee.state == .connecting {
            if let fault = Socket.fault(of: tab.pointee.descriptor) { return lose(tab, "\(fault)") }
            guard events & Poller.writable != 0 else { return }
            tab.pointee.state = .shaking
            send(request.bytes, on: tab)
        } else if events & Poller.writable != 0, let unsent = tab.pointee.unsent {
            guard let sent = Socket.send(tab.pointee.descriptor, unsent.bytes) else { return lose(tab, "gone") }
            unsent.removeFirst(sent)
            if unsent.isEmpty { tab.pointee.unsent = nil }
        }
        if events & (Poller.readable | Poller.ended) != 0 {
            receive(tab, index, hasEnded: events & Poller.ended != 0)
        }
    }

    /// Reads what has come. The set reports changes only, so it reads until the socket is empty: less than there is room for.
    private func receive(_ tab: UnsafeMutablePointer<Tab>, _ index: Int, hasEnded: Bool) {
        while tab.pointee.state == .open || tab.pointee.state == .shaking {
            do throws(FrameFault) {
                let have = try tab.pointee.reader.unload(into: buffer)
                let room = buffer.count - have
                let count = recv(tab.pointee.descriptor, buffer.baseAddress! + have, room, 0)
                guard count > 0 else {
                    tab.pointee.reader.wait(for: UnsafeRawBufferPointer(rebasing: buffer[..<have]))
                    if count < 0, errno == EINTR { continue }
                    if count == 0 || errno != EAGAIN { lose(tab, "closed by the server without a word") }
                    return
                }
                let input = UnsafeRawBufferPointer(rebasing: buffer[..<(have + count)])
                if tab.pointee.state == .open {
                    phase.wireBytes += count
                    try read(input, of: tab)
                } else {
                    try readAnswer(input, of: tab, index)
                }
                if count < room, !hasEnded { return }
            } catch {
                lose(tab, error.description)
            }
        }
    }

    @inline(__always)
    private func read(_ input: UnsafeRawBufferPointer, of tab: UnsafeMutablePointer<Tab>) throws(FrameFault) {
        var rest = input
        while let message = try tab.pointee.reader.next(in: &rest) {
            switch message.kind {
            case .text, .binary:
                guard try isBroadcast(message, tab) else { continue }
                tab.pointee.delivered += 1
                phase.deliver(count: Int(tab.pointee.delivered), tabs: options.tabs)
            case .ping:
                let pong = FrameWriter.control(.pong, message.bytes)
                withExtendedLifetime(pong) { send(pong.bytes, on: tab) }
            case .pong: break
            case .close:
                let code = message.bytes.count < 2 ? 1005 : Int(message.bytes[0]) << 8 | Int(message.bytes[1])
                let reason = message.bytes.dropping(min(2, message.bytes.count)).text
                throw FrameFault("closed by the server with \(code) \(reason)")
            }
        }
        tab.pointee.reader.wait(for: rest)
    }

    private func isBroadcast(
        _ message: FrameReader.Message,
        _ tab: UnsafeMutablePointer<Tab>
    ) throws(FrameFault) -> Bool {
        guard tab.pointee.sample >= 0 else {
            return message.isCompressed || DeskMessage.kind(of: message.bytes) == .signal
        }
        let read = try sampled[Int(tab.pointee.sample)].take(message, isNumbered: options.server == .desk)
        if read.kind == .resumed {
            resumedTabs += 1
            let (replayed, missed) = (read.replayed ?? -1, options.resume?.missed ?? 0)
            guard replayed == missed || (options.othersWrite && replayed > missed) else {
                throw FrameFault("replayed \(replayed) messages, not \(missed)")
            }
        }
        guard read.kind == .signal else { return false }
        phase.deliver(number: read.number)
        return true
    }

    /// The answer to the handshake, and what may come right behind it.
    private func readAnswer(
        _ input: UnsafeRawBufferPointer,
        of tab: UnsafeMutablePointer<Tab>,
        _ index: Int
    ) throws(FrameFault) {
        let answer = tab.pointee.answer ?? Bytes()
        answer.append(input)
        tab.pointee.answer = answer
        guard let head = HTTPHead(startOf: answer.bytes) else {
            guard answer.count <= HTTPHead.bytesMax else { throw FrameFault("an endless answer to the handshake") }
            return
        }
        guard head.status == 101, head.value(of: "Sec-WebSocket-Accept")?.text == expectedAccept else {
            throw FrameFault("the handshake was answered \(head.firstLine.text)")
        }
        let agreed = head.value(of: "Sec-WebSocket-Extensions")
        tab.pointee.reader.allowsCompression = agreed?.firstOffset(of: "permessage-deflate") != nil
        tab.pointee.state = .open
        connectingTabs -= 1
        openTabs += 1
        if index % stride == stride - 1 {
            let startsAfresh = agreed?.firstOffset(of: "server_no_context_takeover") != nil
            tab.pointee.sample = Int32(sampled.count)
            let sample = SampledTab(startsAfresh: startsAfresh)
            sample.ledger.begin(at: phase.firstNumber)
            sampled.append(sample)
        }
        tab.pointee.answer = nil
        try withExtendedLifetime(answer) { () throws(FrameFault) in
            try read(answer.bytes.dropping(head.bytes.count), of: tab)
        }
    }

    private func send(_ bytes: UnsafeRawBufferPointer, on tab: UnsafeMutablePointer<Tab>) {
        var sent = 0
        if tab.pointee.unsent == nil {
            guard let count = Socket.send(tab.pointee.descriptor, bytes) else { return lose(tab, "gone") }
            sent = count
        }
        guard sent < bytes.count else { return }
        let unsent = tab.pointee.unsent ?? Bytes()
        unsent.append(bytes.dropping(sent))
        tab.pointee.unsent = unsent
    }

    private func lose(_ tab: UnsafeMutablePointer<Tab>, _ why: String) {
        guard tab.pointee.state != .lost else { return }
        if tab.pointee.state == .open { openTabs -= 1 } else { connectingTabs -= 1 }
        phase.accounts.lostTabs += 1
        phase.note(why)
        Socket.abort(tab.pointee.descriptor)
        tab.pointee.descriptor = -1
        tab.pointee.state = .lost
    }
}
