"""Several tabs of one browser share their preferences and nothing else, and never disagree."""

import json
import random

import pytest
from playwright.sync_api import expect

STEPS = 24
# Every card as a tab shows it: its symbol, what became of it, and by whom.
SHOWN = """() => [...document.querySelectorAll('article')].map((card) => [
    card.querySelector('h2 a').textContent, card.querySelector('.status-label').textContent,
    card.querySelector('.status-byline').textContent.trim().replace(/ [\\d:]+$/, ''),
]).sort((a, b) => (String(a) < String(b) ? -1 : 1))"""


@pytest.mark.parametrize("seed", [1, 2])
def test_tabs_of_one_browser_never_disagree(desk, live_tab, seed):
    chance = random.Random(seed)
    first = live_tab("alice")
    tabs = [first, live_tab("alice", beside=first), live_tab("bob", beside=first)]
    for tab in tabs:
        tab.show("All")
    pending = []

    for step in range(STEPS):
        tab = chance.choice(tabs)
        tab.point_elsewhere()
        match chance.choice(["signal", "signal", "approve", "reject", "elsewhere", "reload", "sleep"]):
            case "signal":
                pending.append(f"S{step}")
                desk.api.post_signal(symbol=pending[-1])
            case "approve" if pending:
                tab.approve(pending.pop(0))
            case "reject" if pending:
                tab.reject(pending.pop(0), "Duplicate")
            case "elsewhere" if pending:
                symbol = pending.pop(0)
                signal = next(event["data"] for event in desk.api.events()
                              if event["type"] == "signal:new" and event["data"]["symbol"] == symbol)
                assert desk.api.approve(signal["id"], "carol").status == 200
            case "reload":
                tab.page.reload()
                tab.expect_live()
                tab.show("All")
            case "sleep":
                tab.sleep(chance.uniform(0.5, 3))

    for tab in tabs:
        tab.point_elsewhere()
        tab.expect_live()
        expect(tab.page.get_by_text("Sending")).to_have_count(0)
    # A reload may have taken a click with it, so the desk alone says what was decided.
    expected = cards_of(desk)
    for tab in tabs:
        tab.page.wait_for_function(f"(expected) => JSON.stringify(({SHOWN})()) === expected", arg=json.dumps(expected, separators=(',', ':')))
    assert len(expected) > STEPS / 6


def cards_of(desk):
    """What any page must show, by the log alone."""
    cards = {}
    for event in desk.api.events():
        data = event.get("data", {})
        match event["type"]:
            case "signal:new":
                cards[data["id"]] = [data["symbol"], "Pending review", ""]
            case "approval_notification":
                cards[data["signal_id"]][1:] = ["Approved BUY", f"by {data['approved_by']}"]
            case "signal:rejected":
                cards[data["id"]][1:] = ["Rejected", f"by {data['decision']['decided_by']}"]
    return sorted(cards.values())


def test_decision_on_its_way_in_one_tab_is_not_shown_as_made_in_another(desk, live_tab):
    desk.api.post_signal()
    first = live_tab("alice")
    second = live_tab("alice", beside=first)
    held = []
    first.page.route("**/api/v1/signals/*/approve**", lambda route: held.append(route))

    first.approve("AAPL")

    expect(first.card("AAPL")).to_contain_text("Sending approval…")
    expect(second.card("AAPL")).to_contain_text("Pending review")
    held[0].continue_()
    for tab in (first, second):
        expect(tab.card("AAPL")).to_contain_text("Approved BUY")


def test_two_tabs_that_decide_at_once_make_one_decision(desk, live_tab):
    desk.api.post_signal()
    first = live_tab("alice")
    second = live_tab("bob", beside=first)
    for tab in (first, second):
        tab.faults.expect_status(409)

    # Both clicks are on their way before either is answered.
    first.approve_button("AAPL").evaluate("(button) => void setTimeout(() => button.click(), 200)")
    second.approve_button("AAPL").evaluate("(button) => void setTimeout(() => button.click(), 200)")

    for tab in (first, second):
        expect(tab.card("AAPL")).to_contain_text("Approved BUY")
    winner = next(event["data"]["approved_by"] for event in desk.api.events() if event["type"] == "approval_notification")
    assert [event["type"] for event in desk.api.events()].count("approval_notification") == 1
    for tab in (first, second):
        expect(tab.card("AAPL")).to_contain_text(f"by {winner}")


def test_name_of_one_tab_stays_when_another_takes_another(desk, live_tab):
    first = live_tab("alice")
    second = live_tab("bob", beside=first)

    desk.api.post_signal()
    first.approve("AAPL")

    expect(second.card("AAPL")).to_contain_text("by alice")
    expect(first.page.get_by_role("button", name="You are alice")).to_be_visible()
    expect(second.page.get_by_role("button", name="You are bob")).to_be_visible()
