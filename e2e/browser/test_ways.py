"""WebSocket → server-sent events → polling, and up again, through a proxy that lets less through (C20, REC-15 … REC-17)."""

import re
import time

import pytest
from playwright.sync_api import expect

EVENTS, POLLING = "Live (events)", "Polling every 5 s"
LOWER_WAYS = {EVENTS: ["websocket"], POLLING: ["websocket", "events"]}
RECONNECTING = re.compile(r"^Reconnecting")
# Chromium and Firefox each write to the console what a proxy refused.
REFUSED = r"status of 403|status of 404|MIME type|can.t establish a connection|WebSocket connection to|ERR_|interrupted"


@pytest.fixture
def proxied_tab(open_tab, gateway):
    """A tab behind the proxy."""

    def proxied_tab(name="alice", **look):
        tab = open_tab(name, through=gateway, **look)
        tab.faults.expect(REFUSED)
        tab.faults.expect_unreachable()
        return tab

    return proxied_tab


@pytest.mark.parametrize("way", LOWER_WAYS)
def test_signals_and_decisions_go_both_ways_without_websocket(desk, gateway, proxied_tab, live_tab, way):
    gateway.block(*LOWER_WAYS[way])
    alice, bob = proxied_tab(), live_tab("bob")
    alice.expect_connection(way)

    desk.api.post_signal(symbol="AAPL")
    desk.api.post_signal(symbol="MSFT")
    expect(alice.card("AAPL")).to_be_visible()
    alice.approve("AAPL", note="Over whatever gets through")
    bob.approve("MSFT")

    for tab in (alice, bob):
        tab.show("All")
        expect(tab.card("AAPL")).to_contain_text("Approved BUY")
        expect(tab.card("AAPL")).to_contain_text("Over whatever gets through")
        expect(tab.card("MSFT")).to_contain_text("by bob")
        expect(tab.cards).to_have_count(2)
    assert [event["type"] for event in desk.api.events()].count("approval_notification") == 2


def test_all_the_way_down_and_up_again_without_losing_the_place(desk, gateway, proxied_tab):
    tab = proxied_tab()
    tab.expect_live()
    symbols = []

    def happen(symbol):
        symbols.append(symbol)
        desk.api.post_signal(symbol=symbol)

    for way, change in (
        (EVENTS, lambda: gateway.block("websocket")),
        (POLLING, lambda: gateway.block("events")),
        (EVENTS, lambda: gateway.let("events")),
        ("Live", lambda: gateway.let("websocket")),
    ):
        happen(f"BEFORE{len(symbols)}")
        change()
        happen(f"DURING{len(symbols)}")
        # The ways up are tried ever less often, but at once when the network has changed.
        tab.page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(tab.indicator).to_have_accessible_name(way, timeout=300_000)
        happen(f"AFTER{len(symbols)}")
        expect(tab.cards).to_have_count(len(symbols))
        for symbol in symbols:
            expect(tab.card(symbol)).to_have_count(1)


def test_polling_says_what_it_cannot_do(desk, gateway, proxied_tab):
    desk.api.post_signal(symbol="AAPL")
    desk.api.post_event({"type": "price_update", "symbol": "AAPL", "data": {
        "price": "150.75", "change": "1.15", "change_pct": "0.77", "volume": 1, "bid": None, "ask": None}})
    gateway.block("websocket", "events")
    tab = proxied_tab()

    tab.expect_connection(POLLING)

    expect(tab.banner).to_contain_text("Prices are not updated")
    expect(tab.page.get_by_text("not updated", exact=True)).to_be_visible()
    expect(tab.card("AAPL")).to_contain_text("Last price")
    gateway.let("websocket")
    tab.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(tab.card("AAPL")).to_contain_text("Price now")


@pytest.mark.parametrize("way", ["Live", EVENTS])
def test_half_open_connection_is_found_out_in_time(desk, gateway, proxied_tab, measurements, engine, way):
    gateway.block(*LOWER_WAYS.get(way, []))
    tab = proxied_tab()
    tab.expect_connection(way)

    gateway.silence("websocket", "events")
    started = time.monotonic()
    desk.api.post_signal(symbol="AAPL")

    expect(tab.card("AAPL")).to_be_visible(timeout=180_000)
    measurements.append(f"{engine}: what a half-open connection ({way}) kept back is shown after {time.monotonic() - started:.0f} s")
    tab.expect_connection(way)
    expect(tab.cards).to_have_count(1)


def test_page_that_was_cut_off_says_how_much_it_caught_up(desk, gateway, proxied_tab):
    tab = proxied_tab(jitter=0.99)
    tab.expect_live()
    gateway.block("rest", "websocket", "events")
    expect(tab.indicator).to_have_accessible_name(RECONNECTING)
    for symbol in ("AAPL", "MSFT", "NVDA"):
        desk.api.post_signal(symbol=symbol)

    gateway.let("rest", "websocket", "events")

    tab.expect_live()
    expect(tab.banner).to_contain_text("Caught up: 3 events.")
    expect(tab.banner).to_be_hidden()
    expect(tab.cards).to_have_count(3)


def test_browser_that_goes_offline_and_online_again_is_live_at_once(desk, proxied_tab):
    tab = proxied_tab(jitter=0.99)
    tab.expect_live()

    tab.page.context.set_offline(True)
    desk.api.post_signal(symbol="AAPL")
    tab.page.wait_for_timeout(1_000)
    tab.page.context.set_offline(False)

    tab.expect_live()
    expect(tab.card("AAPL")).to_have_count(1)


def test_tab_that_slept_shows_what_it_slept_through(desk, proxied_tab):
    tab = proxied_tab()
    tab.expect_live()

    tab.sleep(7)
    for symbol in ("AAPL", "MSFT"):
        desk.api.post_signal(symbol=symbol)

    expect(tab.cards).to_have_count(2)
    tab.expect_live()


def test_many_tabs_of_one_browser_leave_it_connections_to_decide_with(desk, gateway, proxied_tab):
    """Over HTTP/1.1 a browser makes six connections to one server, and each event stream holds one."""
    gateway.block("websocket")
    first = proxied_tab()
    tabs = [first, *(proxied_tab(beside=first) for _ in range(6))]
    for tab in tabs:
        expect(tab.indicator).to_have_accessible_name(re.compile(r"^(Live \(events\)|Polling every 5 s)$"), timeout=180_000)

    for number, tab in enumerate(tabs):
        desk.api.post_signal(symbol=f"S{number}")
        tab.approve(f"S{number}")
        expect(tab.card(f"S{number}")).to_contain_text("Approved BUY")

    for tab in tabs:
        tab.show("All")
        expect(tab.cards).to_have_count(len(tabs))
        expect(tab.page.get_by_text("Approved BUY", exact=True)).to_have_count(len(tabs))
