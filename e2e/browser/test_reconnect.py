"""The server goes away and comes back (TEST-29, TEST-30, TEST-34, REC-21, REC-22, IND-03 … IND-06)."""

import re

import pytest
from playwright.sync_api import expect

from desk_process import DeskProcess

# Nothing is released while these tests look.
pytestmark = pytest.mark.serve("--undo-seconds", "600")
RECONNECTING = re.compile(r"^Reconnecting \(attempt \d+/10\)")
COUNTING_DOWN = re.compile(r"Retrying in \d+s\.\.\.")


@pytest.fixture
def two_tabs(desk, live_tab):
    """Two people with a signal before them, and a server about to be killed."""
    desk.api.post_signal(symbol="MSFT")
    tabs = live_tab("alice"), live_tab("bob")
    for tab in tabs:
        expect(tab.card("MSFT")).to_be_visible()
        tab.faults.expect_unreachable()
    return tabs


def test_killed_server_is_noticed_counted_down_to_and_found_again(desk, two_tabs):
    desk.kill()

    for tab in two_tabs:
        expect(tab.indicator).to_have_accessible_name(RECONNECTING)
        expect(tab.indicator).to_have_accessible_name(COUNTING_DOWN)
        expect(tab.page.get_by_text("Connection lost, reconnecting…").first).to_be_visible()
        expect(tab.card("MSFT")).to_be_visible()
    desk.start()
    for tab in two_tabs:
        tab.expect_live()
        expect(tab.page.get_by_text("Connection lost, reconnecting…").locator("visible=true")).to_have_count(0)


def test_what_happened_meanwhile_is_there_once_and_nothing_is_missing(desk, two_tabs):
    signal = desk.api.post_signal(symbol="NVDA")
    for tab in two_tabs:
        expect(tab.card("NVDA")).to_be_visible()
    desk.kill()
    for tab in two_tabs:
        expect(tab.indicator).to_have_accessible_name(RECONNECTING)

    # The same desk, where the tabs do not look for it.
    elsewhere = DeskProcess(desk.database.parent, desk.settings)
    elsewhere.start()
    elsewhere.api.post_signal(symbol="AAPL")
    elsewhere.api.post_signal(symbol="TSLA")
    assert elsewhere.api.approve(signal["id"], "carol", note="While you were away").status == 200
    elsewhere.kill()
    desk.start()

    for tab in two_tabs:
        tab.expect_live()
        expect(tab.page.get_by_text("Caught up: 3 events").first).to_be_attached()
        tab.show("All")
        expect(tab.cards).to_have_count(4)
        for symbol in ("MSFT", "NVDA", "AAPL", "TSLA"):
            expect(tab.card(symbol)).to_have_count(1)
        expect(tab.card("NVDA")).to_contain_text("Approved BUY")
        expect(tab.card("NVDA")).to_contain_text("While you were away")

    desk.api.post_signal(symbol="AMD")
    for tab in two_tabs:
        expect(tab.card("AMD")).to_have_count(1)
        expect(tab.cards).to_have_count(5)


def test_reconnect_now_does_not_wait_for_the_countdown(desk, live_tab):
    tab = live_tab("alice", jitter=0.99)
    tab.faults.expect_unreachable()
    # No countdown of eight seconds or more ever ends: only the button can end it.
    tab.page.add_init_script("""(() => {
        const setTimeout = window.setTimeout;
        window.setTimeout = (run, ms, ...rest) => setTimeout(run, ms >= 7_000 && ms < 8_100 ? 3_600_000 : ms, ...rest);
    })()""")
    tab.page.reload()
    tab.expect_live()
    desk.kill()
    expect(tab.indicator).to_have_accessible_name(re.compile(r"^Reconnecting \(attempt 4/10\) Retrying in \d+s\.\.\.$"))

    desk.start()
    tab.page.get_by_role("button", name="Reconnect Now").click()

    tab.expect_live()


def test_page_opened_while_the_desk_is_away_fills_when_it_comes(desk, live_tab):
    desk.api.post_signal()
    tab = live_tab("alice")
    tab.faults.expect_unreachable()
    # A page that its browser has, but whose data cannot be had.
    tab.page.route("**/api/v1/snapshot**", lambda route: route.abort())
    tab.page.reload()
    expect(tab.page.get_by_text("The desk cannot be reached.")).to_be_visible()

    tab.page.unroute("**/api/v1/snapshot**")

    tab.expect_live()
    expect(tab.card("AAPL")).to_be_visible()


def test_desk_with_another_log_is_loaded_anew(desk, two_tabs, tmp_path):
    for tab in two_tabs:
        tab.faults.expect_status(410)
    desk.kill()
    desk.database = tmp_path / "another.sqlite"
    desk.start()
    desk.api.post_signal(symbol="AAPL")

    for tab in two_tabs:
        tab.expect_live()
        expect(tab.banner).to_contain_text("The log was replaced: reloaded.")
        expect(tab.card("AAPL")).to_be_visible()
        expect(tab.card("MSFT")).to_have_count(0)


def test_attempts_used_up_mean_disconnected_until_someone_says_so(desk, live_tab):
    tab = live_tab("alice", jitter=0)
    tab.faults.expect_unreachable()

    desk.kill()

    # Firefox adds waiting of its own between attempts that fail at once, half a minute in all.
    expect(tab.indicator).to_have_accessible_name(re.compile("^Disconnected"), timeout=300_000)
    expect(tab.page.get_by_text("Prices and signals may be old.")).to_be_visible()
    desk.start()
    tab.page.get_by_role("button", name="Reconnect Now").click()
    tab.expect_live()
