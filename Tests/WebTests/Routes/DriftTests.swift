import Testing

/// The live price at the moment of the decision (issue 5, "Terms") and what follows from it (part 7), over REST.
@Suite struct DriftTests {
    private static func quote(_ desk: TestDesk, _ caller: Caller, _ price: String, at: String = "") async throws {
        let body = """
            {"type":"price_update","symbol":"AAPL"\(at),"data":{"price":"\(price)","change":"0","change_pct":"0","volume":1}}
            """
        try #require(try await caller.post("/api/v1/events", body).status == 202)
        // Prices take the way of the broadcasts.
        while try await caller.get("/api/v1/snapshot").json["prices"][0]["price"] != .string(price) {
            await Task.yield()
        }
    }

    @Test func `a price away from the entry is told, and taken only by who says so`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal(more: ",\(TermsTests.plan)")
            try await Self.quote(desk, caller, "150.60")
            let problem = try await caller.approve(id).isProblem(409, "price_moved")
            #expect(problem["differences"].items.count == 1)
            #expect(problem["differences"][0]["field"] == "price" && problem["differences"][0]["is"] == "150.60")
            #expect(problem["drift"]["drift_r"] == "0.4667" && problem["drift"]["drift_r_max"] == "0.25")
            #expect(try await caller.get("/api/v1/signals/\(id)").json["status"] == "PENDING_REVIEW")
            #expect(try await caller.reject(try await caller.signal(more: ",\(TermsTests.plan)")).status == 200)

            let taken = #"{"status":"BUY","accepted_price":"150.60"}"#
            #expect(try await caller.approve(id, taken).status == 200)
            let entry = try await caller.get("/api/v1/audit?type=signal_approved").json["entries"][0]
            #expect(entry["signal"]["decision"]["accepted_price"] == "150.60")
        }
    }

    @Test func `an old price, and one near the entry, are no obstacle`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal(more: ",\(TermsTests.plan)")
            try await Self.quote(desk, caller, "140")
            desk.clock.move(milliseconds: 60_001)
            #expect(try await caller.get("/api/v1/signals/\(id)/preview").json["drift"]["fresh"] == false)
            #expect(try await caller.approve(id).status == 200)
            let near = try await caller.signal(more: ",\(TermsTests.plan)")
            try await Self.quote(desk, caller, "150.30")
            #expect(try await caller.approve(near).status == 200)
        }
    }

    @Test func `a preview tells heat, campaign and price, and decides nothing`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal(
                more: #","risk_amount":"1350.00","campaign_id":"C-1",\#(TermsTests.plan)"#
            )
            let empty = try await caller.get("/api/v1/signals/\(id)/preview").json
            #expect(empty["heat"] == .null && empty["campaign"] == .null && empty["drift"] == .null)
            _ = try await caller.post(
                "/api/v1/events",
                """
                [{"type":"portfolio:updated","data":{"total_heat":"62.0","available_capacity":"38","heat_limit":"6.0","value":"250000.00"}},
                 {"type":"campaign:updated","data":{"campaign_id":"C-1","risk_allocated":"100","positions_count":1,"risk_limit":"2000.00"}}]
                """
            )
            try await Self.quote(desk, caller, "150.60")
            let preview = try await caller.get("/api/v1/signals/\(id)/preview").json
            #expect(preview["heat"]["before"] == "62" && preview["heat"]["after"] == "71")
            #expect(preview["heat"]["crosses"] == ["70"])
            #expect(preview["campaign"]["after"] == "72.5" && preview["campaign_id"] == "C-1")
            #expect(preview["drift"]["too_far"] == true)
            let signal = try await caller.get("/api/v1/signals/\(id)").json
            #expect(preview["terms"] == signal["terms"] && signal["version"] == 1)

            let all = try await caller.get("/api/v1/previews").json
            #expect(all["previews"].items == [preview] && all["offset"] == 3)
            _ = try await caller.reject(id)
            #expect(try await caller.get("/api/v1/previews").json["previews"].items.isEmpty)
            try await caller.get("/api/v1/signals/none/preview").isProblem(404, "signal_not_found")
        }
    }
}
