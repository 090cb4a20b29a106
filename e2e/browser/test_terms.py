"""What is approved is what was on the screen: amendments, prices, and what a trade would do to the limits (issue 5)."""

from playwright.sync_api import Route, expect

APPROVALS = "**/api/v1/signals/*/approve**"


def amend(desk, signal, **terms):
    answer = desk.api.request("POST", f"/api/v1/signals/{signal['id']}/amend?source=wyckoff-engine", terms)
    assert answer.status == 200, answer


def quote(desk, price, symbol="AAPL"):
    desk.api.post_event({"type": "price_update", "symbol": symbol, "data": {
        "price": price, "change": "0", "change_pct": "0", "volume": 1}})


def test_an_amendment_shows_in_every_tab_and_takes_a_second_look(desk, live_tab):
    signal = desk.api.post_signal()
    alice, bob = live_tab("alice"), live_tab("bob")

    amend(desk, signal, stop_loss="149.10", quantity="65")

    for tab in (alice, bob):
        card = tab.card("AAPL")
        expect(card.locator(".terms-changed")).to_contain_text("Changed since you saw it")
        expect(card.locator(".terms-changed del")).to_have_text(["149.50", "100"])
        expect(card.locator(".terms-changed ins")).to_have_text(["149.10", "65"])
        tab.expect_toast("AAPL amended: stop loss 149.50 → 149.10 and 1 more")
    expect(alice.page.locator(".live-polite, .live-assertive").filter(has_text="AAPL amended")).to_have_count(1)

    alice.approve("AAPL")
    dialog = alice.dialog
    expect(dialog).to_contain_text("These are not the terms you saw. Nothing has been approved.")
    assert desk.api.signal(signal["id"])["status"] == "PENDING_REVIEW"

    amend(desk, signal, stop_loss="149.20")
    expect(dialog).to_contain_text("It has just changed again. Look once more.")
    expect(dialog.locator("ins")).to_have_text(["149.20", "65"])
    confirm = dialog.get_by_role("button", name="Approve BUY on the new terms")
    expect(confirm).not_to_have_attribute("aria-disabled", "true")
    confirm.click()

    for tab in (alice, bob):
        expect(tab.card("AAPL")).to_contain_text("Approved BUY")
        expect(tab.card("AAPL").locator(".terms-changed")).to_be_hidden()
    assert desk.api.signal(signal["id"])["stop_loss"] == "149.20"


def test_an_amendment_that_overtakes_the_click_approves_nothing(desk, live_tab):
    signal = desk.api.post_signal()
    tab = live_tab("alice")
    held: list[Route] = []
    tab.page.route(APPROVALS, lambda route: held.append(route))
    tab.faults.expect_status(409)

    tab.approve("AAPL")
    expect(tab.card("AAPL")).to_contain_text("Sending approval…")
    amend(desk, signal, stop_loss="149.10")
    held[0].continue_()

    expect(tab.dialog.locator("del")).to_have_text(["149.50"])
    tab.page.keyboard.press("Escape")
    expect(tab.card("AAPL")).to_contain_text("Pending review")
    expect(tab.card("AAPL").locator(".terms-changed ins")).to_have_text(["149.10"])
    assert [event["type"] for event in desk.api.events()] == ["signal:new", "signal:amended"]


def test_a_price_that_has_left_the_entry_is_asked_about(desk, live_tab):
    signal = desk.api.post_signal()
    tab = live_tab("alice")
    quote(desk, "150.60")
    expect(tab.card("AAPL")).to_contain_text("150.60")
    tab.faults.expect_status(409)

    tab.approve("AAPL")
    expect(tab.dialog).to_contain_text("The price has moved away from the entry.")
    expect(tab.dialog.locator("ins")).to_have_text(["150.60"])
    confirm = tab.dialog.get_by_role("button", name="Approve BUY at this price")
    expect(confirm).not_to_have_attribute("aria-disabled", "true")
    confirm.click()

    expect(tab.card("AAPL")).to_contain_text("Approved BUY")
    assert desk.api.signal(signal["id"])["decision"]["decided_by"] == "alice"


def test_what_a_trade_would_do_to_the_limits_stands_beside_the_button_and_follows_the_portfolio(desk, live_tab):
    desk.api.post_signal(risk_amount="1350.00", campaign_id="C-123")
    desk.api.post_event({"type": "campaign:updated", "data": {
        "campaign_id": "C-123", "risk_allocated": "400.00", "positions_count": 1, "risk_limit": "2000.00"}})
    tab = live_tab("alice")

    def heat(total):
        desk.api.post_event({"type": "portfolio:updated", "data": {
            "total_heat": total, "available_capacity": "38", "heat_limit": "6.0", "value": "250000.00"}})

    heat("62")
    preview = tab.card("AAPL").get_by_role("list", name="If approved")
    expect(preview.get_by_role("listitem")).to_have_text([
        "Heat 62% → 71%, crosses 70%", "Campaign C-123 20% → 87.5%, crosses 70% and 80%"])
    heat("50")
    expect(preview.get_by_role("listitem").first).to_have_text("Heat 50% → 59%")
