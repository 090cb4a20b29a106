"""Two people at one desk: what one decides the other sees at once (TEST-33, APR-01 … APR-17, GAP-09)."""

from playwright.sync_api import Route, expect

APPROVALS = "**/api/v1/signals/*/approve**"
REJECTIONS = "**/api/v1/signals/*/reject**"


def test_approval_goes_from_sending_to_approved_and_the_other_tab_follows(desk, live_tab):
    desk.api.post_signal()
    alice, bob = live_tab("alice"), live_tab("bob")
    bob.page.evaluate("window.wasHereBefore = true")
    held: list[Route] = []
    alice.page.route(APPROVALS, lambda route: held.append(route))

    alice.approve("AAPL", note="Technicals look strong. RSI oversold.")

    expect(alice.card("AAPL")).to_contain_text("Sending approval…")
    expect(bob.card("AAPL")).to_contain_text("Pending review")
    held[0].continue_()
    for tab in (alice, bob):
        expect(tab.card("AAPL")).to_contain_text("Approved BUY")
        expect(tab.card("AAPL")).to_contain_text("by alice")
        expect(tab.card("AAPL")).to_contain_text("Technicals look strong. RSI oversold.")
        expect(tab.approve_button("AAPL")).to_be_hidden()
    alice.expect_toast("AAPL approved as BUY")
    bob.expect_toast("AAPL approved as BUY by alice")
    assert bob.page.evaluate("window.wasHereBefore"), "bob's page was reloaded"


def test_time_and_author_of_a_decision_are_the_same_in_both_tabs(desk, live_tab):
    desk.api.post_signal()
    alice, bob = live_tab("alice"), live_tab("bob")

    alice.approve("AAPL")

    expect(bob.card("AAPL")).to_contain_text("Approved BUY")
    expect(alice.card("AAPL")).to_contain_text("Approved BUY")
    bylines = [tab.card("AAPL").get_by_text("by alice").inner_text() for tab in (alice, bob)]
    assert bylines[0] == bylines[1]
    assert bylines[0].removeprefix("by alice ").count(":") == 2, bylines


def test_rejection_tells_both_tabs_the_reason(desk, live_tab):
    desk.api.post_signal()
    alice, bob = live_tab("alice"), live_tab("bob")

    bob.reject("AAPL", "Poor structure")

    for tab in (alice, bob):
        expect(tab.card("AAPL")).to_contain_text("Rejected")
        expect(tab.card("AAPL")).to_contain_text("by bob")
        expect(tab.card("AAPL")).to_contain_text("Poor structure")
    alice.expect_toast("AAPL rejected by bob")


def test_of_two_decisions_at_once_one_wins_and_the_other_hears_who_was_first(desk, live_tab):
    signal = desk.api.post_signal()
    alice, bob = live_tab("alice"), live_tab("bob")
    held: list[Route] = []
    alice.page.route(APPROVALS, lambda route: held.append(route))
    bob.page.route(REJECTIONS, lambda route: held.append(route))
    alice.approve("AAPL")
    bob.reject("AAPL", "Risk too high")
    for tab in (alice, bob):
        tab.faults.expect_status(409)
        expect(tab.card("AAPL")).to_contain_text("Sending")

    for route in held:
        route.continue_()

    expect(alice.card("AAPL")).not_to_contain_text("Sending")
    expect(bob.card("AAPL")).not_to_contain_text("Sending")
    decision = desk.api.signal(signal["id"])["decision"]
    winner, loser = (alice, bob) if decision["decided_by"] == "alice" else (bob, alice)
    outcome = "Approved BUY" if winner is alice else "Rejected"
    for tab in (alice, bob):
        expect(tab.card("AAPL")).to_contain_text(outcome)
        expect(tab.card("AAPL")).to_contain_text(f"by {winner.name}")
    expect(loser.card("AAPL").get_by_role("button", name="Dismiss")).to_be_visible()
    expect(winner.card("AAPL").get_by_role("button", name="Dismiss")).to_be_hidden()
    decisions = [event for event in desk.api.events() if event["type"] in ("approval_notification", "signal:rejected")]
    assert len(decisions) == 1


def test_tab_without_a_name_asks_for_one_and_then_decides(desk, live_tab):
    signal = desk.api.post_signal()
    tab = live_tab(None)

    tab.approve("AAPL")
    expect(tab.dialog.get_by_role("heading", name="Who is deciding?")).to_be_visible()
    tab.dialog.get_by_label("Your name").fill("carol")
    tab.dialog.get_by_role("button", name="Continue").click()

    expect(tab.card("AAPL")).to_contain_text("Approved BUY")
    expect(tab.page.get_by_role("button", name="You are carol")).to_be_visible()
    assert desk.api.signal(signal["id"])["decision"]["decided_by"] == "carol"


def test_signal_without_a_side_asks_which(desk, live_tab):
    signal = desk.api.post_signal(side="NEUTRAL")
    tab = live_tab("alice")

    tab.card("AAPL").get_by_role("button", name="Approve as…").click()
    tab.dialog.get_by_role("button", name="Approve HOLD").click()

    expect(tab.card("AAPL")).to_contain_text("Approved HOLD")
    assert desk.api.signal(signal["id"])["status"] == "APPROVED_HOLD"


def test_decision_on_the_page_of_a_signal_shows_in_its_history(desk, live_tab):
    signal = desk.api.post_signal()
    tab = live_tab("alice", f"/signals/{signal['id']}")

    tab.page.get_by_role("button", name="Approve BUY").click()

    expect(tab.page.get_by_role("listitem").filter(has_text="Approved BUY by alice")).to_be_visible()
