import Foundation
import Wire

/// Who may send webhooks to the desk, and to whom it sends them (docs/Webhooks.md): one file of JSON, read once at the start.
package struct WebhookSettings: Sendable {
    /// By name.
    package var sources: [String: WebhookSource] = [:]
    package var endpoints: [WebhookEndpoint] = []

    package static let none = WebhookSettings()
    package static let fileBytesMax = 1 << 20
    /// Each has its own series of metrics, and each endpoint its own task.
    package static let sourcesMax = 32
    package static let endpointsMax = 32

    private init() {}

    /// - Parameter environment: where secrets may stand.
    /// - Throws: with everything that is wrong; nothing of a broken file is used.
    package init(
        file: String,
        environment: @escaping @Sendable (String) -> String?
    ) throws(SettingsFault) {
        let url = URL(fileURLWithPath: file)
        guard let data = try? Data(contentsOf: url) else {
            throw SettingsFault(file: file, faults: ["it cannot be read"])
        }
        guard data.count <= Self.fileBytesMax else {
            throw SettingsFault(file: file, faults: ["it is larger than \(Self.fileBytesMax) bytes"])
        }
        try self.init(
            Array(data),
            named: file,
            secrets: SecretSources(folder: url.deletingLastPathComponent(), environment: environment)
        )
    }

    /// - Parameter name: what faults call the file.
    package init(_ bytes: [UInt8], named name: String, secrets: SecretSources) throws(SettingsFault) {
        let value: JSONValue
        do throws(JSONFault) {
            value = try JSONParser.parse(bytes)
        } catch {
            throw SettingsFault(file: name, faults: [error.description])
        }
        guard case .object(let object) = value else {
            throw SettingsFault(file: name, faults: ["it must hold an object, not \(value.kind)"])
        }
        let faults = SettingsObject.Faults()
        let file = SettingsObject(object, at: "", faults: faults)
        for (name, settings) in file.nested("sources")?.members() ?? [] {
            sources[name] = WebhookSource(name: name, settings, secrets)
        }
        for (name, settings) in file.nested("endpoints")?.members() ?? [] {
            if let endpoint = WebhookEndpoint(name: name, settings, secrets) { endpoints.append(endpoint) }
        }
        file.refuseUnknown()
        if file.nested("sources")?.names.count ?? 0 > Self.sourcesMax {
            file.fault("sources", "must hold at most \(Self.sourcesMax)")
        }
        if file.nested("endpoints")?.names.count ?? 0 > Self.endpointsMax {
            file.fault("endpoints", "must hold at most \(Self.endpointsMax)")
        }
        guard faults.list.isEmpty else { throw SettingsFault(file: name, faults: faults.list) }
    }

    /// Taken by the desk's own addresses.
    private static let reservedNames: Set<String> = ["dead-letters"]

    /// A name stands in addresses, logs and metrics.
    static func check(_ name: String, _ settings: SettingsObject) {
        let isPlain = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
        guard isPlain, (1...64).contains(name.utf8.count), !reservedNames.contains(name) else {
            settings.fault(nil, "must be a name of 1 to 64 of a-z 0-9 - _, other than dead-letters")
            return
        }
    }
}
