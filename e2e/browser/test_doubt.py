"""A decision that fails or goes unanswered is taken back, and the trader is told (OPT-03, OPT-04, C18)."""

import json

from playwright.sync_api import Route, expect

APPROVALS = "**/api/v1/signals/*/approve**"
DECISION_TIMEOUT_MS = 10_000


def test_refused_decision_is_taken_back_with_the_reason(desk, live_tab):
    desk.api.post_signal()
    tab = live_tab("alice")
    tab.faults.expect_status(503)
    problem = {"type": "urn:countersign:problem:store-unavailable", "title": "The store is unavailable", "status": 503,
               "code": "store_unavailable", "detail": "The log cannot be written. Try again in a moment."}
    tab.page.route(APPROVALS, lambda route: route.fulfill(
        status=503, content_type="application/problem+json", body=json.dumps(problem)))

    tab.approve("AAPL")

    expect(tab.card("AAPL")).to_contain_text("The log cannot be written. Try again in a moment.")
    expect(tab.card("AAPL")).to_contain_text("Pending review")
    tab.page.unroute(APPROVALS)
    tab.card("AAPL").get_by_role("button", name="Try again").click()
    expect(tab.card("AAPL")).to_contain_text("Approved BUY")
    expect(tab.card("AAPL")).not_to_contain_text("The log cannot be written.")


def test_unanswered_decision_is_taken_back_after_ten_seconds(desk, live_tab):
    signal = desk.api.post_signal()
    tab = live_tab("alice")
    held: list[Route] = []
    tab.page.route(APPROVALS, lambda route: held.append(route))

    tab.approve("AAPL")

    expect(tab.card("AAPL")).to_contain_text("Sending approval…")
    expect(tab.card("AAPL")).to_contain_text(
        "Your decision was not recorded; you can try again.", timeout=DECISION_TIMEOUT_MS + 60_000)
    expect(tab.card("AAPL")).to_contain_text("Pending review")
    assert desk.api.signal(signal["id"])["status"] == "PENDING_REVIEW"


def test_retry_after_silence_cannot_become_a_second_decision(desk, live_tab):
    desk.api.post_signal()
    tab = live_tab("alice")
    held: list[Route] = []
    tab.page.route(APPROVALS, lambda route: held.append(route))
    tab.approve("AAPL")
    retry = tab.card("AAPL").get_by_role("button", name="Try again")
    expect(retry).to_be_visible(timeout=DECISION_TIMEOUT_MS + 60_000)

    retry.click()
    expect(tab.card("AAPL")).to_contain_text("Sending approval…")
    for route in held:
        route.continue_()

    expect(tab.card("AAPL")).to_contain_text("Approved BUY")
    assert len(held) == 2
    assert held[0].request.headers["idempotency-key"] == held[1].request.headers["idempotency-key"]
    assert [event["type"] for event in desk.api.events()].count("approval_notification") == 1


def test_decision_too_late_says_that_the_signal_expired(desk, live_tab):
    tab = live_tab("alice")
    tab.faults.expect_status(410)
    # Long enough to be approved first, and so short that it ends before the decision is given up.
    desk.api.post_signal(expires_in_seconds=9)
    held: list[Route] = []
    tab.page.route(APPROVALS, lambda route: held.append(route))
    tab.approve("AAPL")

    expect(tab.card("AAPL")).to_contain_text("Expired")
    held[0].continue_()

    expect(tab.card("AAPL")).to_contain_text("expired")
    assert "approval_notification" not in [event["type"] for event in desk.api.events()]
