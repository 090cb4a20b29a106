"""What decisions saved and cost, on the page (APR-19)."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

PLAN = {"entry_price": "150.25", "stop_loss": "149.50", "target_price": "152.75"}


def post_prices(desk, *prices: str) -> None:
    for price in prices:
        desk.api.post_event({"type": "price_update", "symbol": "AAPL", "data": {
            "price": price, "change": "0", "change_pct": "0", "volume": 1}})


@pytest.fixture
def rejected(desk):
    """One that would have won and one that would have lost, each with its reason, by bob."""
    ids = []
    for prices, reason in ((("150.25", "152.75"), "Risk too high"), (("150.25", "149.20"), "Against the trend")):
        signal = desk.api.post_signal(**PLAN)
        # Where the market is at the decision.
        post_prices(desk, "150.60")
        desk.api.reject(signal["id"], "bob", reason)
        post_prices(desk, *prices)
        ids.append(signal["id"])
    return ids


def test_the_page_of_a_rejected_signal_says_what_it_would_have_made_while_one_looks(desk, live_tab):
    signal = desk.api.post_signal(**PLAN)
    tab = live_tab("alice", f"/signals/{signal['id']}")
    desk.api.reject(signal["id"], "bob", "Risk too high")
    expect(tab.page.locator(".history")).to_contain_text("Rejected by bob")
    post_prices(desk, "150.25", "152.75")
    expect(tab.page.locator(".page-paper")).to_contain_text("Would have made +3.33 R: target after")
    expect(tab.page.locator(".history")).to_contain_text("Would have made +3.33 R")
    expect(tab.page.get_by_role("button", name="Approve")).to_have_count(0)


@pytest.mark.parametrize("theme, width", [("light", 1280), ("dark", 390)])
def test_the_ledger_says_what_rejections_cost_by_whatever_one_asks_for(desk, rejected, live_tab, theme, width):
    tab = live_tab("alice", f"/signals/{rejected[1]}", theme=theme, width=width, height=844)
    # Both are in the log: the second came behind the first.
    expect(tab.page.locator(".page-paper")).to_contain_text("stop after")
    tab.page.keyboard.press("l")
    ledger = tab.page.locator("decision-ledger")
    expect(ledger).to_contain_text("Rejections cost 1.93 R")
    expect(ledger).to_contain_text("2 of 2 filled")
    expect(ledger).to_contain_text("luck")
    table = ledger.get_by_role("table")
    expect(table.get_by_role("row").filter(has_text="bob")).to_contain_text("cost 1.93 R")
    ledger.get_by_label("By").select_option("Reason for rejecting")
    expect(table.get_by_role("row").filter(has_text="Risk too high")).to_contain_text("cost 3.33 R")
    expect(table.get_by_role("row").filter(has_text="Against the trend")).to_contain_text("saved 1.40 R")
    results = Axe().run(tab.page)
    assert results.violations_count == 0, results.generate_report()
    assert tab.width_overflow() == 0, "the page scrolls sideways"


def test_without_results_the_page_says_that_nothing_is_known_yet(desk, live_tab):
    tab = live_tab("alice")
    tab.page.keyboard.press("l")
    expect(tab.page.locator("decision-ledger")).to_contain_text("Nothing is known yet")
    expect(tab.page.locator("decision-ledger").get_by_role("table")).to_have_count(0)
