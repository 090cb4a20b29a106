/// Where and why bytes are not the JSON this desk accepts.
package struct JSONFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Bytes before the fault.
    package let offset: Int
    /// From 1.
    package let line: Int
    /// From 1, in Unicode scalars.
    package let column: Int
    /// A sentence.
    package let reason: String

    package var description: String { "Line \(line), column \(column): \(reason)" }

    init(_ reason: String, at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.offset = offset
        self.line = line
        self.column = column
        self.reason = reason
    }
}
