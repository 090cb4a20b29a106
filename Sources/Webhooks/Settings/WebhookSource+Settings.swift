import Wire

// A source as the file of settings describes it.

extension WebhookSource {
    private enum Proof: String, CaseIterable {
        case standardWebhooks = "standard_webhooks"
        case timestamped
        case passphrase
    }

    private enum Takes: String, CaseIterable {
        case messages
        case signal
        case tradingView = "tradingview"
        case mapped
    }

    private static let secondsMax = 7 * 86_400

    /// `nil` only after a fault was noted.
    init?(name: String, _ settings: SettingsObject, _ secrets: SecretSources) {
        WebhookSettings.check(name, settings)
        let takes = settings.choice("takes", of: Takes.self)
        let verification = Self.verification(settings, secrets, isTradingView: takes == .tradingView)
        let format = takes.flatMap { Self.format($0, settings) }
        let sentAt = takes == .tradingView ? TradingView.sentAt : Self.sentAt(settings)
        if case .passphrase = verification, takes != .tradingView, !settings.has("sent_at") {
            settings.fault("sent_at", "is missing: a passphrase proves no time, so the body must say when it was sent")
        }
        let key = (settings.texts("key") ?? []).compactMap { text in
            let pointer = JSONPointer(text)
            if pointer == nil { settings.fault("key", "must hold JSON pointers such as /id") }
            return pointer
        }
        let perMinute = settings.number(
            "requests_per_minute_max",
            in: 1...60_000,
            default: Self.requestsPerMinuteDefault
        )
        settings.refuseUnknown()
        guard let verification, let format else { return nil }
        self.init(
            name: name,
            verification: verification,
            format: format,
            keyPointers: key,
            sentAt: sentAt,
            requestsPerMinuteMax: perMinute
        )
    }

    private static func verification(
        _ settings: SettingsObject,
        _ secrets: SecretSources,
        isTradingView: Bool
    ) -> Verification? {
        switch settings.choice("verify", of: Proof.self) {
        case .standardWebhooks:
            return secrets.secret(settings, as: .standardWebhooks).map(Verification.standardWebhooks)
        case .timestamped:
            let field = settings.text("header", isRequired: true)?.lowercased()
            guard let secret = secrets.secret(settings, as: .line), let field else { return nil }
            return .timestamped(secret, field: field)
        case .passphrase:
            let pointer = settings.pointer("passphrase", isRequired: !isTradingView) ?? TradingView.passphrase
            return secrets.secret(settings, as: .line).map { .passphrase($0, at: pointer) }
        case nil:
            _ = secrets.secret(settings, as: .line)
            return nil
        }
    }

    /// `"/sent"`, or an object with `pointer` and `time`.
    private static func sentAt(_ settings: SettingsObject) -> SignalMapping.SentAt? {
        switch settings.value("sent_at") {
        case nil: return nil
        case .object:
            guard let place = settings.nested("sent_at") else { return nil }
            defer { place.refuseUnknown() }
            guard let pointer = place.pointer("pointer", isRequired: true),
                let time = place.choice("time", of: SignalMapping.TimeForm.self)
            else { return nil }
            return SignalMapping.SentAt(pointer: pointer, time: time)
        default:
            return settings.pointer("sent_at").map { SignalMapping.SentAt(pointer: $0, time: .rfc3339) }
        }
    }

    private static func format(_ takes: Takes, _ settings: SettingsObject) -> Format? {
        switch takes {
        case .messages: return .messages
        case .signal: return .signal
        case .tradingView:
            let seconds = settings.number(
                "expires_after_seconds",
                in: 1...secondsMax,
                default: TradingView.expiresAfterSecondsDefault
            )
            return .mapped(TradingView.mapping(expiresAfterSeconds: seconds))
        case .mapped:
            return settings.nested("mapping", isRequired: true).flatMap { SignalMapping($0) }.map(Format.mapped)
        }
    }
}

extension SignalMapping {
    /// `nil` only after a fault was noted.
    fileprivate init?(_ settings: SettingsObject) {
        var members: [(name: String, place: Place)] = []
        for name in settings.names {
            guard SourceMessage.signalMembers.contains(name) else {
                _ = settings.value(name)
                let known = SourceMessage.signalMembers.sorted().joined(separator: ", ")
                settings.fault(name, "is not a member of a signal that a source may say; those are \(known)")
                continue
            }
            if let place = Self.place(name, in: settings) { members.append((name, place)) }
        }
        guard settings.has("symbol") else {
            settings.fault("symbol", "is missing: every signal has one")
            return nil
        }
        self.init(members)
    }

    /// `"/ticker"`, or an object with `pointer`, `value` or `seconds_from_now`.
    private static func place(_ name: String, in settings: SettingsObject) -> Place? {
        if case .string = settings.value(name) {
            return settings.pointer(name, isRequired: true).map { .pointer($0, Reading()) }
        }
        guard let place = settings.nested(name) else { return nil }
        defer { place.refuseUnknown() }
        guard ["pointer", "value", "seconds_from_now"].filter(place.has).count == 1 else {
            settings.fault(name, "must have one of pointer, value and seconds_from_now")
            return nil
        }
        if place.has("value") { return place.value("value").map(Place.constant) }
        if place.has("seconds_from_now") {
            return .secondsFromNow(place.number("seconds_from_now", in: 1...7 * 86_400, default: 1))
        }
        guard let pointer = place.pointer("pointer") else { return nil }
        var reading = Reading()
        reading.isOptional = place.flag("optional")
        if place.has("time") { reading.time = place.choice("time", of: TimeForm.self) ?? .rfc3339 }
        if let words = place.nested("words") {
            reading.words = Dictionary(
                words.names.compactMap { word in words.text(word).map { (word.lowercased(), $0) } },
                uniquingKeysWith: { first, _ in first }
            )
        }
        return .pointer(pointer, reading)
    }
}
