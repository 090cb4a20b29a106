"""A signal reaches the page: toast, card, details, expiry (TEST-28, TEST-31, TST-02 … TST-07)."""

import re

from playwright.sync_api import expect


def test_new_signal_is_announced_and_stands_on_top(desk, live_tab):
    desk.api.post_signal(symbol="MSFT")
    tab = live_tab("alice")
    expect(tab.cards).to_have_count(1)

    desk.api.post_signal(symbol="AAPL")

    tab.expect_toast("New signal: SPRING on AAPL")
    expect(tab.cards).to_have_count(2)
    expect(tab.cards.first).to_have_accessible_name("AAPL BUY")
    for fact in ("150.25", "149.50", "152.75", "3.33", "A+", "SPRING", "Spring below support, low volume, test held."):
        expect(tab.card("AAPL")).to_contain_text(fact)


def test_toast_goes_by_itself_after_five_seconds(desk, live_tab):
    tab = live_tab("alice")
    tab.point_elsewhere()

    desk.api.post_signal()

    tab.expect_toast("New signal: SPRING on AAPL")
    expect(tab.toast("New signal: SPRING on AAPL")).to_have_count(0)


def test_view_details_opens_the_page_of_the_signal(desk, live_tab):
    tab = live_tab("alice")
    signal = desk.api.post_signal()

    tab.toast("New signal: SPRING on AAPL").get_by_role("button", name="View Details").click()

    expect(tab.page).to_have_url(re.compile(rf"/signals/{signal['id']}\?as=alice$"))
    expect(tab.page.get_by_role("heading", name="AAPL BUY", level=1)).to_be_visible()
    expect(tab.page.get_by_text("Received by the desk")).to_be_visible()

    tab.page.get_by_role("link", name="All signals", exact=True).click()
    expect(tab.card("AAPL")).to_be_visible()


def test_page_of_a_signal_can_be_opened_by_its_address(desk, live_tab):
    signal = desk.api.post_signal()

    tab = live_tab("alice", f"/signals/{signal['id']}")

    expect(tab.page.get_by_role("heading", name="AAPL BUY", level=1)).to_be_visible()
    expect(tab.page.get_by_role("button", name="Approve BUY")).to_be_visible()


def test_expiry_counts_down_and_takes_the_buttons_away(desk, live_tab):
    tab = live_tab("alice")
    desk.api.post_signal(expires_in_seconds=20)

    expect(tab.card("AAPL").get_by_text(re.compile(r"^0:[01]\d$"))).to_be_visible()
    expect(tab.approve_button("AAPL")).to_be_visible()

    expect(tab.card("AAPL")).to_contain_text("Expired")
    expect(tab.approve_button("AAPL")).to_be_hidden()
    expect(tab.reject_button("AAPL")).to_be_hidden()


def test_hot_portfolio_and_full_campaign_are_announced(desk, live_tab):
    tab = live_tab("alice")

    desk.api.post_event({"type": "portfolio:updated", "data": {"total_heat": "82", "available_capacity": "18"}})
    desk.api.post_event({"type": "campaign:updated", "data": {
        "campaign_id": "C-123", "risk_allocated": "1700.00", "positions_count": 3, "risk_limit": "2000.00"}})

    tab.expect_toast("Portfolio heat at 82%")
    tab.expect_toast("Campaign C-123 at 85%")


def test_busy_minute_is_summed_up_and_nothing_is_lost(desk, live_tab):
    tab = live_tab("alice")

    for number in range(10):
        desk.api.post_signal(symbol=f"SYM{number}")

    expect(tab.cards).to_have_count(10)
    expect(tab.page.get_by_role("button", name="+7 more")).to_be_visible()
    tab.page.get_by_role("button", name="+7 more").click()
    notices = tab.page.get_by_role("region", name="Notifications").get_by_role("listitem")
    expect(notices).to_have_count(10)
