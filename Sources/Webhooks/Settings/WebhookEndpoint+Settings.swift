import Foundation
import Wire

// An endpoint as the file of settings describes it.

extension WebhookEndpoint {
    /// `nil` only after a fault was noted.
    init?(name: String, _ settings: SettingsObject, _ secrets: SecretSources) {
        WebhookSettings.check(name, settings)
        let url = Self.url(settings)
        let secret = secrets.secret(settings, as: .standardWebhooks)
        let events = Self.events(settings)
        var schedule = DeliverySchedule()
        schedule.pausesSeconds = settings.numbers(
            "retry_after_seconds",
            in: 0...3_600,
            countMax: DeliverySchedule.pausesMax,
            default: schedule.pausesSeconds
        )
        schedule.timeoutSeconds = settings.number("timeout_seconds", in: 1...60, default: schedule.timeoutSeconds)
        schedule.releaseWithinSeconds = settings.number(
            "release_within_seconds",
            in: 1...86_400,
            default: schedule.releaseWithinSeconds
        )
        settings.refuseUnknown()
        guard let url, let secret, let events else { return nil }
        self.init(name: name, url: url, secret: secret, events: events, schedule: schedule)
    }

    /// The operator chooses the address, so it may be one of this machine or network; what it may not hold is a password,
    /// which logs would show.
    private static func url(_ settings: SettingsObject) -> String? {
        guard let text = settings.text("url", isRequired: true) else { return nil }
        guard let url = URLComponents(string: text), ["http", "https"].contains(url.scheme?.lowercased()),
            url.host?.isEmpty == false, url.user == nil, url.password == nil, url.fragment == nil
        else {
            settings.fault("url", "must be an http or https address without a user, a password or a fragment")
            return nil
        }
        return text
    }

    private static func events(_ settings: SettingsObject) -> Set<MessageType>? {
        guard let texts = settings.texts("events") else { return [.signalApproved] }
        let types = texts.compactMap { text in
            let type = MessageType(rawValue: text)
            if type == nil || !deliverable.contains(type!) {
                let known = deliverable.map(\.rawValue).sorted().joined(separator: ", ")
                settings.fault("events", "must hold types of the log, of \(known); not \(text)")
            }
            return type
        }
        return Set(types)
    }
}
