package import Domain

extension Epoch {
    /// The name of a new log: 96 random bits as 16 characters that need no escaping in a URL.
    package static func random(using generator: inout some RandomNumberGenerator) -> Epoch {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        return Epoch(String((0..<16).map { _ in alphabet[Int.random(in: 0..<64, using: &generator)] }))
    }

    package static func random() -> Epoch {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }
}
