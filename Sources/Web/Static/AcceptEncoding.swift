/// What a client's `Accept-Encoding` says about gzip (RFC 9110, 12.5.3).
struct AcceptEncoding: Hashable, Sendable {
    /// Whether gzip is acceptable and not less welcome than the plain bytes.
    let prefersGzip: Bool

    /// - Parameter field: nil when the client sent none: it gets plain bytes, which every client can read.
    init(_ field: String?) {
        var weights: [String: Int] = [:]
        for element in (field ?? "").split(separator: ",") {
            let parts = element.split(separator: ";").map(Self.trimmed)
            guard let coding = parts.first?.lowercased(), !coding.isEmpty else { continue }
            weights[coding] = Self.weight(parts.dropFirst())
        }
        let gzip = weights["gzip"] ?? weights["x-gzip"] ?? weights["*"] ?? 0
        prefersGzip = gzip > 0 && gzip >= weights["identity", default: 0]
    }

    /// The quality in thousandths; 1000 when there is none, 0 (refused) when it is not a quality.
    private static func weight(_ parameters: ArraySlice<String>) -> Int {
        for parameter in parameters {
            let pair = parameter.split(separator: "=", maxSplits: 1).map(trimmed)
            guard pair.first?.lowercased() == "q" else { continue }
            return pair.count == 2 ? thousandths(pair[1]) ?? 0 : 0
        }
        return 1000
    }

    /// `0`, `1`, `0.5`, `1.000`: at most three decimals.
    private static func thousandths(_ text: String) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first, whole == "0" || whole == "1", parts.count <= 2 else { return nil }
        let decimals = parts.count == 2 ? String(parts[1]) : ""
        guard decimals.utf8.count <= 3, decimals.utf8.allSatisfy({ (48...57).contains($0) }),
            let fraction = Int(decimals.padding(to: 3))
        else { return nil }
        let value = (whole == "1" ? 1000 : 0) + fraction
        return value <= 1000 ? value : nil
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}

extension String {
    fileprivate func padding(to count: Int) -> String {
        self + String(repeating: "0", count: max(0, count - utf8.count))
    }
}
