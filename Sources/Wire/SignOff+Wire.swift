import Domain

// The approvals of a signal that takes several people. They stand last in what they belong to, where it is known how much room
// is left: every message stays below 10 KB (ENV-09).

extension JSONWriter {
    /// Of a message, without its envelope.
    private static let contentBytesMax = 9_700

    /// As many as fit, the newest first to be in, each with its note where there is room; the log has all of everything. Those
    /// of a signal that waits always fit.
    ///
    /// - Parameter start: where the content of the message begins.
    mutating func signOffs(_ signOffs: [SignOff]?, from start: Int) {
        var room = Self.contentBytesMax - (bytes.count - start)
        var shown: [WireSignOff] = []
        for signOff in (signOffs ?? []).reversed() {
            let bare = WireSignOff(signOff: signOff, showsNote: false)
            let size = bare.encoded.count + 1
            guard size <= room else { break }
            room -= size
            shown.append(bare)
        }
        for index in shown.indices {
            let whole = WireSignOff(signOff: shown[index].signOff, showsNote: true)
            let more = whole.encoded.count - shown[index].encoded.count
            guard more <= room else { continue }
            room -= more
            shown[index] = whole
        }
        list("sign_offs", shown.reversed())
    }
}

private struct WireSignOff: WireEncodable {
    let signOff: SignOff
    let showsNote: Bool

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("id", signOff.id.text)
            json.text("user", signOff.user.text)
            json.text("role", signOff.role.rawValue)
            json.text("status", signOff.side.rawValue)
            json.time("at", signOff.at)
            json.text("note", showsNote ? signOff.note : nil)
            json.integer("needed", signOff.needed)
        }
    }
}
