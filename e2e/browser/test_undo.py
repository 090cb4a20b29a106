"""Taking an approval back, deciding several at once, and more time, in two tabs (C4, GAP-02, APR-13)."""

import re

import pytest
from playwright.sync_api import expect

# As long as it takes to find the button.
pytestmark = pytest.mark.serve("--undo-seconds", "600")


def test_undo_takes_the_approval_back_in_every_tab_and_nothing_is_released(desk, live_tab):
    signal = desk.api.post_signal()
    ann, bo = live_tab("ann"), live_tab("bo")
    ann.approve("AAPL")
    undo = bo.card("AAPL").get_by_role("button", name="Undo the approval")
    expect(undo).to_be_visible()
    expect(ann.card("AAPL").get_by_role("button", name="Undo the approval")).to_be_visible()

    undo.click()

    for tab in (ann, bo):
        expect(tab.card("AAPL")).to_contain_text("Pending review")
        expect(tab.card("AAPL")).to_contain_text("bo undid ann's approval")
        tab.expect_toast("bo undid ann's approval of AAPL")
        expect(tab.approve_button("AAPL")).to_be_visible()
    kinds = [event["type"] for event in desk.api.events()]
    assert kinds == ["signal:new", "approval_notification", "signal:undone"]
    assert desk.api.signal(signal["id"])["undone"]["undone_by"] == "bo"


def test_u_undoes_what_was_approved_last_though_the_focus_is_elsewhere(desk, live_tab):
    desk.api.post_signal()
    tab = live_tab("ann")
    tab.approve("AAPL")
    expect(tab.card("AAPL")).to_contain_text("Approved BUY")

    tab.page.locator("h1").first.click()
    tab.page.keyboard.press("u")

    expect(tab.card("AAPL")).to_contain_text("Pending review")


@pytest.mark.serve("--undo-seconds", "20")
def test_the_button_counts_down_and_goes_when_the_approval_has_left(desk, live_tab):
    desk.api.post_signal()
    tab = live_tab("ann")
    tab.approve("AAPL")

    button = tab.card("AAPL").get_by_role("button", name=re.compile("^(Undo|Leaving)"))
    expect(button).to_contain_text(re.compile(r"Undo · ([1-9]|1\d|20) s"))
    expect(button).to_be_hidden()
    assert desk.api.events()[-1]["type"] == "signal_approved"


def test_a_number_rejects_for_the_reason_beside_it(desk, live_tab):
    desk.api.post_signal()
    tab = live_tab("ann")
    tab.page.keyboard.press("j")
    tab.page.keyboard.press("r")
    expect(tab.dialog).to_be_visible()

    tab.page.keyboard.press("4")

    expect(tab.card("AAPL")).to_contain_text("Rejected")
    expect(tab.card("AAPL")).to_contain_text("Stale price")


def test_several_are_selected_by_mouse_and_keyboard_and_approved_together(desk, live_tab):
    ids = {symbol: desk.api.post_signal(symbol=symbol)["id"] for symbol in ("NVDA", "MSFT", "AAPL")}
    ann, bo = live_tab("ann"), live_tab("bo")
    expect(ann.cards).to_have_count(3)
    ann.page.keyboard.press("j")
    ann.page.keyboard.press("x")
    ann.card("NVDA").get_by_role("checkbox", name="Select NVDA").click(modifiers=["Shift"])
    expect(ann.page.get_by_text("3 signals selected")).to_be_visible()
    ann.card("MSFT").get_by_role("checkbox", name="Select MSFT").click()
    expect(ann.page.get_by_text("2 signals selected")).to_be_visible()

    ann.page.keyboard.press("Shift+A")
    expect(ann.dialog).to_contain_text("Approve 2 signals?")
    # Somebody else is quicker with one of them.
    desk.api.reject(ids["NVDA"], "bo", "Too late")
    ann.dialog.get_by_role("button", name="Approve all").click()

    expect(ann.dialog).to_contain_text("1 of 2 decided")
    expect(ann.dialog.get_by_role("listitem").filter(has_text="AAPL")).to_contain_text("Approved BUY")
    expect(ann.dialog.get_by_role("listitem").filter(has_text="NVDA")).to_contain_text("bo rejected this")
    ann.dialog.get_by_role("button", name="Close").click()
    expect(bo.card("AAPL")).to_contain_text("Approved BUY")
    expect(bo.card("MSFT")).to_contain_text("Pending review")
    expect(ann.page.get_by_text("selected")).to_be_hidden()


def test_more_time_shows_in_every_tab_with_who_gave_it(desk, live_tab):
    desk.api.post_signal(expires_in_seconds=50)
    ann, bo = live_tab("ann"), live_tab("bo")
    ann.expect_toast("AAPL expires in")

    ann.card("AAPL").get_by_role("button", name="Give AAPL 5 minutes more").click()

    bo.expect_toast("ann gave AAPL more time")
    for tab in (ann, bo):
        expect(tab.card("AAPL").locator(".expiry-text")).to_have_text(re.compile(r"^5:\d\d$"))
