import Testing
import WebSockets

@Suite struct ExtensionOfferTests {
    private func parse(_ values: String...) -> [ExtensionOffer]? {
        ExtensionOffer.parse(headerValues: values)
    }

    @Test func `no header is no offer`() {
        #expect(ExtensionOffer.parse(headerValues: []) == [])
    }

    @Test func `names, parameters and values are read in order`() {
        let expected = [
            ExtensionOffer(
                name: "permessage-deflate",
                parameters: [
                    .init(name: "client_max_window_bits", value: nil),
                    .init(name: "server_max_window_bits", value: "10"),
                ]
            ),
            ExtensionOffer(name: "x-other"),
        ]
        #expect(parse("permessage-deflate; client_max_window_bits; server_max_window_bits=10, x-other") == expected)
        #expect(parse("permessage-deflate;client_max_window_bits;server_max_window_bits = 10", "x-other") == expected)
        #expect(
            parse(" permessage-deflate\t; client_max_window_bits ;server_max_window_bits=\"10\" ,, x-other,")
                == expected
        )
        #expect(
            parse("permessage-deflate;client_max_window_bits;server_max_window_bits=\"1\\0\"", "x-other") == expected
        )
    }

    @Test(arguments: [
        "a;", "a;;b", "a; =1", "a; b=", "a; b=\"", "a; b=\"\"", "a; b=\"c", "a; b=\"c d\"", "a; b=\"c\\", "a b", "=",
        ";", "a; b=c d",
        "a; b=\"c\"d", "a(b)", "ä",
    ])
    func `what does not conform to the grammar is refused as a whole`(_ value: String) {
        #expect(parse("permessage-deflate", value) == nil)
    }
}
