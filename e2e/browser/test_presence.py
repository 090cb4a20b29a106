"""Two people at one desk see each other, and who has a signal open; it warns, and whoever is first decides."""

import re

import pytest
from playwright.sync_api import expect


def test_who_looks_at_a_signal_is_shown_to_others_and_locks_nothing(desk, live_tab):
    signal = desk.api.post_signal()
    alice, bob = live_tab("alice"), live_tab("bob", f"/signals/{signal['id']}")

    expect(alice.page.get_by_role("button", name="Here now: 2")).to_be_visible()
    expect(alice.card("AAPL")).to_contain_text(re.compile(r"bob is looking at this \(since \d\d:\d\d\)"))
    expect(bob.page.locator("signal-page .lookers")).to_be_hidden()

    alice.reject_button("AAPL").click()
    expect(alice.dialog).to_contain_text(re.compile(r"bob has had this open for \d+ s\."))
    expect(bob.page.locator("signal-page")).to_contain_text("alice is looking at this")
    alice.dialog.get_by_role("button", name="Poor structure").click()

    expect(alice.card("AAPL")).to_contain_text("Rejected")
    expect(alice.card("AAPL")).not_to_contain_text("is looking at this")
    bob.close()
    expect(alice.page.get_by_role("button", name="Here now: 1")).to_be_visible()


def test_my_own_other_tab_is_not_somebody_else(desk, live_tab):
    signal = desk.api.post_signal()
    alice = live_tab("alice")
    live_tab("alice", f"/signals/{signal['id']}")

    alice.page.get_by_role("button", name="Here now: 1").click()
    expect(alice.page.get_by_role("region", name="Who is here")).to_contain_text(re.compile(r"alice \(you\)since .*, 2 tabs"))
    live_tab("bob", f"/signals/{signal['id']}")
    expect(alice.card("AAPL")).to_contain_text("bob is looking at this")


@pytest.mark.parametrize("width", [320, 360, 390])
def test_what_comes_to_the_header_of_a_phone_does_not_move_the_page(desk, live_tab, width):
    desk.api.post_signal()
    tab = live_tab("a-trader-with-a-long-name", width=width, height=740)
    expect(tab.page.get_by_role("button", name="Here now: 1")).to_be_visible()

    middles = [box["y"] + box["height"] / 2 for box in
               (tab.page.locator(part).bounding_box() for part in (".brand", ".header-tools", ".present-button"))]
    assert max(middles) - min(middles) < 2, "the header is not one row of tools"
    assert tab.width_overflow() == 0
