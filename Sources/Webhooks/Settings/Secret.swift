import Crypto
package import Foundation

/// What a sender and a receiver know and nobody else. Never shown: not in a log, not in an error.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The newest first; more than one while a secret is being replaced.
    let keys: [SymmetricKey]

    package var description: String { "secret" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// What must be true of the text.
    enum Form {
        /// `whsec_` and base64 of 24 to 64 bytes; several apart by white space (Standard Webhooks).
        case standardWebhooks
        /// One line of 16 bytes or more, taken as it is.
        case line
    }

    static let lineBytesMin = 16
    static let keysMax = 4

    struct Unusable: Error {
        let detail: String
    }

    init(_ text: String, as form: Form) throws(Unusable) {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        switch form {
        case .line:
            guard (Self.lineBytesMin...1024).contains(text.utf8.count), !text.contains(where: \.isNewline) else {
                throw Unusable(detail: "must hold one line of \(Self.lineBytesMin) to 1024 bytes")
            }
            keys = [SymmetricKey(data: Data(text.utf8))]
        case .standardWebhooks:
            let words = text.split(whereSeparator: \.isWhitespace)
            keys = words.compactMap { Self.key(String($0)) }
            guard keys.count == words.count, (1...Self.keysMax).contains(keys.count) else {
                throw Unusable(
                    detail:
                        "must hold whsec_ and the base64 of 24 to 64 bytes (1 to \(Self.keysMax) of them, apart by spaces)"
                )
            }
        }
    }

    private static func key(_ word: String) -> SymmetricKey? {
        let prefix = "whsec_"
        guard word.hasPrefix(prefix), let data = Data(base64Encoded: String(word.dropFirst(prefix.count))),
            (24...64).contains(data.count)
        else { return nil }
        return SymmetricKey(data: data)
    }
}

/// Where secrets are read from. The program hands in its environment; nothing else reads it.
package struct SecretSources: Sendable {
    let environment: @Sendable (String) -> String?
    /// What relative paths begin at.
    let folder: URL

    package init(folder: URL, environment: @escaping @Sendable (String) -> String?) {
        self.folder = folder
        self.environment = environment
    }

    static let fileBytesMax = 16_384

    /// `{"env": NAME}` or `{"file": PATH}`, never the secret itself.
    func secret(_ settings: SettingsObject, as form: Secret.Form) -> Secret? {
        guard let place = settings.nested("secret", isRequired: true) else { return nil }
        defer { place.refuseUnknown() }
        let (variable, path) = (place.text("env"), place.text("file"))
        guard (variable == nil) != (path == nil) else {
            settings.fault("secret", #"must be {"env": "NAME"} or {"file": "PATH"}"#)
            return nil
        }
        let text: String?
        if let variable {
            text = environment(variable)
            if text == nil { place.fault("env", "names \(variable), which is not set in the environment") }
        } else {
            text = self.text(of: path ?? "")
            if text == nil { place.fault("file", "names a file that cannot be read") }
        }
        guard let text else { return nil }
        do throws(Secret.Unusable) {
            return try Secret(text, as: form)
        } catch {
            place.fault(variable == nil ? "file" : "env", error.detail)
            return nil
        }
    }

    private func text(of path: String) -> String? {
        let file = URL(fileURLWithPath: path, relativeTo: folder)
        guard let data = try? Data(contentsOf: file), data.count <= Self.fileBytesMax else { return nil }
        return String(data: data, encoding: .utf8)
    }
}
