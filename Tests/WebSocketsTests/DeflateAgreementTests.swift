import Testing
import WebSockets

@Suite struct DeflateAgreementTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let offer: String
        /// The answer, or `nil` for no extension.
        let answer: String?
        var testDescription: String { offer }

        init(_ offer: String, _ answer: String?) {
            self.offer = offer
            self.answer = answer
        }
    }

    static let cases: [Case] = [
        .init("permessage-deflate", "permessage-deflate"),
        .init("PerMessage-Deflate", "permessage-deflate"),
        .init("permessage-deflate; client_max_window_bits", "permessage-deflate"),
        .init("permessage-deflate; client_max_window_bits=8", "permessage-deflate; client_max_window_bits=8"),
        .init("permessage-deflate; client_max_window_bits=15", "permessage-deflate; client_max_window_bits=15"),
        .init("permessage-deflate; server_max_window_bits=8", "permessage-deflate; server_max_window_bits=8"),
        .init("permessage-deflate; server_max_window_bits=\"12\"", "permessage-deflate; server_max_window_bits=12"),
        .init("permessage-deflate; server_no_context_takeover", "permessage-deflate; server_no_context_takeover"),
        .init("permessage-deflate; client_no_context_takeover", "permessage-deflate; client_no_context_takeover"),
        .init(
            "permessage-deflate; server_max_window_bits=9; client_max_window_bits=10; client_no_context_takeover; server_no_context_takeover",
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9; client_max_window_bits=10"
        ),
        // The next offer is taken when one cannot be.
        .init("permessage-deflate; server_max_window_bits=7, permessage-deflate", "permessage-deflate"),
        .init(
            "x-webkit-deflate-frame, permessage-deflate; foo, permessage-deflate; server_no_context_takeover",
            "permessage-deflate; server_no_context_takeover"
        ),
        // None can be.
        .init("x-webkit-deflate-frame", nil),
        .init("permessage-deflate; foo", nil),
        .init("permessage-deflate; foo=1", nil),
        .init("permessage-deflate; server_max_window_bits", nil),
        .init("permessage-deflate; server_max_window_bits=7", nil),
        .init("permessage-deflate; server_max_window_bits=16", nil),
        .init("permessage-deflate; server_max_window_bits=010", nil),
        .init("permessage-deflate; server_max_window_bits=1x", nil),
        .init("permessage-deflate; client_max_window_bits=0", nil),
        .init("permessage-deflate; client_max_window_bits=16", nil),
        .init("permessage-deflate; client_max_window_bits=+9", nil),
        .init("permessage-deflate; server_no_context_takeover=1", nil),
        .init("permessage-deflate; client_no_context_takeover=true", nil),
        .init("permessage-deflate; client_max_window_bits; client_max_window_bits", nil),
        .init("permessage-deflate; server_no_context_takeover; server_no_context_takeover", nil),
        .init("permessage-deflate; server_max_window_bits=9; server_max_window_bits=9", nil),
    ]

    private func answer(_ offer: String, _ policy: DeflatePolicy) throws -> String? {
        let offers = try #require(ExtensionOffer.parse(headerValues: [offer]))
        return DeflateAgreement(answering: offers, policy: policy)?.headerValue
    }

    @Test(arguments: cases)
    func `an offer has its answer`(_ example: Case) throws {
        #expect(try answer(example.offer, DeflatePolicy(allowsClientContextTakeover: true)) == example.answer)
    }

    @Test func `a server short of memory demands no context takeover, offered or not`() throws {
        let policy = DeflatePolicy(allowsClientContextTakeover: false)
        #expect(try answer("permessage-deflate", policy) == "permessage-deflate; client_no_context_takeover")
    }

    @Test func `a smaller client window is demanded only of a client that understands it`() throws {
        let policy = DeflatePolicy(clientWindowBitsMax: 10, allowsClientContextTakeover: true)
        let limited = "permessage-deflate; client_max_window_bits=10"
        #expect(try answer("permessage-deflate", policy) == "permessage-deflate")
        #expect(try answer("permessage-deflate; client_max_window_bits", policy) == limited)
        #expect(try answer("permessage-deflate; client_max_window_bits=12", policy) == limited)
        #expect(
            try answer("permessage-deflate; client_max_window_bits=9", policy)
                == "permessage-deflate; client_max_window_bits=9"
        )
    }

    /// Nothing that RFC 7692 allows is declined, in whatever order it is asked for.
    @Test(arguments: [nil, 8, 9, 10, 11, 12, 13, 14, 15] as [Int?], [nil, 0, 8, 9, 10, 11, 12, 13, 14, 15] as [Int?])
    func `every combination of valid parameters is granted`(_ serverBits: Int?, _ clientBits: Int?) throws {
        for flags in 0..<4 {
            var parameters: [String] = []
            if flags & 1 != 0 { parameters.append("server_no_context_takeover") }
            if flags & 2 != 0 { parameters.append("client_no_context_takeover") }
            if let serverBits { parameters.append("server_max_window_bits=\(serverBits)") }
            let expected = parameters + (clientBits ?? 0 > 0 ? ["client_max_window_bits=\(clientBits!)"] : [])
            // 0 stands for the parameter without a value: the client would understand one in the answer.
            if let clientBits {
                parameters.append(clientBits == 0 ? "client_max_window_bits" : "client_max_window_bits=\(clientBits)")
            }
            let policy = DeflatePolicy(allowsClientContextTakeover: true)
            for order in [parameters, parameters.reversed()] {
                let offer = (["permessage-deflate"] + order).joined(separator: "; ")
                let answer = try answer(
                    "x-unknown; a=1, permessage-deflate; server_max_window_bits=7, " + offer,
                    policy
                )
                #expect(answer == (["permessage-deflate"] + expected).joined(separator: "; "), "\(offer)")
            }
        }
    }
}
