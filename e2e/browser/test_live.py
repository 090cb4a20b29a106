"""The page comes up and is live (TEST-27, EP-11)."""

import time

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("path", ["/", "/signals"])
def test_page_loads_connects_and_says_live(open_tab, measurements, engine, path):
    started = time.monotonic()
    tab = open_tab("alice", path)

    tab.expect_live()
    measurements.append(f"{engine}: {path} live {1000 * (time.monotonic() - started):.0f} ms after the address was entered")

    expect(tab.page.get_by_role("heading", name="Signals", level=1)).to_be_visible()
    expect(tab.page.get_by_role("button", name="You are alice")).to_be_visible()
    expect(tab.page.get_by_text("No signals are waiting.")).to_be_visible()


def test_page_shows_what_arrived_before_it_was_opened(desk, live_tab):
    for symbol in ("AAPL", "MSFT", "NVDA"):
        desk.api.post_signal(symbol=symbol)

    tab = live_tab("alice")

    expect(tab.cards).to_have_count(3)
    expect(tab.cards.first).to_have_accessible_name("NVDA BUY")


def test_details_of_the_connection_are_told_on_request(live_tab):
    tab = live_tab("alice")

    tab.indicator.click()

    for label in ("Connection", "Last message", "Sequence number"):
        expect(tab.page.get_by_role("term").filter(has_text=label)).to_be_visible()


def test_prices_move(desk, live_tab):
    desk.api.post_signal()
    tab = live_tab("alice")

    for price in ("150.75", "151.40"):
        desk.api.post_event({"type": "price_update", "symbol": "AAPL", "data": {
            "price": price, "change": "1.15", "change_pct": "0.77", "volume": 45_000_000, "bid": price, "ask": price}})
        expect(tab.card("AAPL")).to_contain_text(price)
