package import Domain

/// What follows from taking a signal (`GET /api/v1/signals/{id}/preview`), as the desk sees it now.
package struct SignalPreview: Sendable, WireEncodable {
    package var signal: Signal
    package var preview: Preview
    /// `nil` without a price, or for a signal without entry and stop.
    package var drift: Drift?

    package init(signal: Signal, preview: Preview, drift: Drift?) {
        self.signal = signal
        self.preview = preview
        self.drift = drift
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("signal_id", signal.id.description)
            json.text("terms", TermsHash(signal.terms).text)
            json.decimal("risk_amount", preview.riskAmount)
            json.decimal("risk_percentage", preview.riskPercentage)
            json.member("heat", preview.heat)
            json.text("campaign_id", preview.campaignID)
            json.member("campaign", preview.campaign)
            json.key("sessions")
            json.array(preview.sessions) { json, session in
                json.object { json in
                    json.text("session_id", session.sessionID)
                    json.member("loss_limit", session.lossLimit)
                }
            }
            json.member("drift", drift)
        }
    }
}

extension Preview.Use: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.decimal("before", before)
            json.decimal("after", after)
            json.texts("crosses", crosses.map(\.text))
        }
    }
}

/// Those of all signals that wait (`GET /api/v1/previews`), newest first.
package struct PreviewsPage: Sendable, WireEncodable {
    package var previews: [SignalPreview]
    package var offset: Offset

    package init(previews: [SignalPreview], offset: Offset) {
        self.previews = previews
        self.offset = offset
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.integer("offset", offset.value)
            json.list("previews", previews)
        }
    }
}
