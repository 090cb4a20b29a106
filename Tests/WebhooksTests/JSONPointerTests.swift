import Testing
import Wire

@testable import Webhooks

/// RFC 6901.
struct JSONPointerTests {
    /// The document of section 5.
    private static let document: JSONValue = [
        "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, #"i\j"#: 5, #"k"l"#: 6, " ": 7, "m~n": 8,
    ]

    @Test(
        arguments: [
            ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/foo/1", "baz"), ("/", 0), ("/a~1b", 1), ("/c%d", 2),
            ("/e^f", 3), ("/g|h", 4), (#"/i\j"#, 5), (#"/k"l"#, 6), ("/ ", 7), ("/m~0n", 8), ("", document),
        ] as [(String, JSONValue)]
    )
    func `the examples of the RFC are found`(_ text: String, _ value: JSONValue) throws {
        #expect(try #require(JSONPointer(text)).value(in: Self.document) == value)
    }

    @Test(arguments: ["/foo/2", "/foo/-", "/foo/01", "/foo/+1", "/foo/", "/nothing", "/foo/0/x", "/a/b", "/m~0n/0"])
    func `what is not there is not found`(_ text: String) throws {
        #expect(try #require(JSONPointer(text)).value(in: Self.document) == nil)
    }

    @Test(arguments: ["foo", "/a~", "/a~2b", "/~~01", "/~"])
    func `what is no pointer is none`(_ text: String) {
        #expect(JSONPointer(text) == nil)
    }
}
