package import Domain

// What has changed about a signal, and where the market is (docs/Protocol.md, "Terms").

extension Difference: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("field", field.rawValue)
            json.text("was", was)
            json.text("is", self.is)
        }
    }
}

extension Drift: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.decimal("price", price)
            json.time("at", at)
            json.flag("fresh", isFresh)
            json.decimal("drift_r", r)
            json.decimal("drift_r_max", rMax)
            json.flag("too_far", isTooFar)
        }
    }
}
