extension SeededGenerator {
    package mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next()) }

    package mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in byte() } }

    /// Text with the repetitions of JSON and some characters of several bytes.
    package mutating func text(words: Int) -> String {
        let vocabulary = ["\"symbol\":", "\"AAPL\",", "150.25", "{", "}", "é", "€", "😀", "PENDING_REVIEW", " "]
        return (0..<words).map { _ in vocabulary.randomElement(using: &self)! }.joined()
    }
}
