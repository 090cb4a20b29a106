"""The emergency stop in several tabs: red everywhere, acknowledged by all, resumed by two (GAP-07, SES-01, SES-04)."""

import re

import pytest
from playwright.sync_api import Locator, expect

from test_accessibility import DESKTOP, PHONE, assert_accessible


def banner(tab) -> Locator:
    return tab.page.get_by_role("group", name="Emergency stop")


def expect_stopped(tab) -> None:
    expect(banner(tab)).to_contain_text("The desk is stopped")
    expect(tab.page.locator("html")).to_have_attribute("data-stopped", "")
    expect(tab.page).to_have_title(re.compile("^■ STOPPED"))


def test_one_key_twice_turns_every_tab_red_and_each_acknowledges(desk, live_tab):
    desk.api.post_signal()
    tabs = [live_tab("ann"), live_tab("bo"), live_tab("ann"), live_tab("cy"), live_tab("bo"), live_tab("cy")]
    ann, bo = tabs[0], tabs[1]
    ann.page.keyboard.press("s")
    expect(ann.dialog).to_contain_text("Stop the desk?")
    ann.page.keyboard.press("s")

    for tab in tabs:
        expect_stopped(tab)
        expect(banner(tab)).to_contain_text(re.compile(r"by ann at \d\d:\d\d:\d\d"))
        expect(banner(tab)).to_contain_text("Acknowledged 6/6", timeout=20_000)
        expect(tab.card("AAPL")).to_contain_text("The desk is stopped: nothing can be approved.")
        expect(tab.approve_button("AAPL")).to_have_attribute("aria-disabled", "true")
        expect(tab.card("AAPL").locator(".expiry-text")).to_contain_text("paused")
        expect(tab.toast("The desk was stopped by")).to_be_visible()
    expect(bo.page.locator(".live-assertive")).to_contain_text("The desk is stopped by ann")
    bo.approve_button("AAPL").click(force=True)
    assert [event["type"] for event in desk.api.events()] == ["signal:new", "desk:stopped"]


def test_two_people_resume_and_rejecting_works_meanwhile(desk, live_tab):
    desk.api.post_signal(symbol="MSFT")
    desk.api.post_signal(symbol="AAPL")
    ann, bo = live_tab("ann"), live_tab("bo")
    ann.page.get_by_role("button", name="Stop the desk").click()
    ann.dialog.get_by_label("Why (optional)").fill("The feed is wrong")
    ann.dialog.get_by_role("button", name="Stop the desk now").click()
    expect(banner(bo)).to_contain_text("The feed is wrong")
    bo.reject("MSFT", "Poor structure")
    expect(ann.card("MSFT")).to_contain_text("Rejected")

    banner(ann).get_by_role("button", name="Resume the desk…").click()
    ann.dialog.get_by_role("button", name="Sign off resuming").click()

    for tab in (ann, bo):
        expect(banner(tab)).to_contain_text("Resuming: 1 of 2, by ann")
    expect(banner(ann).get_by_role("button", name="Resume the desk…")).to_be_hidden()
    banner(bo).get_by_role("button", name="Resume the desk…").click()
    expect(bo.dialog).to_contain_text("ann has signed off: with you the desk goes on")
    bo.dialog.get_by_role("button", name="Sign off resuming").click()

    for tab in (ann, bo):
        expect(banner(tab)).to_be_hidden()
        expect(tab.page.get_by_role("button", name="Stop the desk")).to_be_visible()
        expect(tab.page).not_to_have_title(re.compile("STOPPED"))
    expect(bo.toast("The desk goes on: resumed by ann and you")).to_be_visible()
    bo.approve("AAPL")
    expect(ann.card("AAPL")).to_contain_text("Approved BUY")


def test_who_sees_a_sign_off_can_keep_the_desk_stopped(desk, live_tab):
    ann, bo = live_tab("ann"), live_tab("bo")
    desk.api.request("POST", "/api/v1/desk/stop?as=ann", {})
    desk.api.request("POST", "/api/v1/desk/resume?as=ann", {})
    expect(banner(bo)).to_contain_text("1 of 2")

    banner(bo).get_by_role("button", name="Keep it stopped").click()

    expect(banner(ann)).to_contain_text("Resuming takes 2 people.")
    expect(banner(ann)).to_contain_text("by bo at")


def test_who_comes_later_and_who_loads_anew_finds_the_desk_red(desk, live_tab):
    desk.api.request("POST", "/api/v1/desk/stop?as=ann", {"reason": "The feed is wrong"})
    bo = live_tab("bo")
    expect_stopped(bo)
    expect(banner(bo)).to_contain_text("The feed is wrong")
    bo.page.reload()
    expect_stopped(bo)


def test_an_undo_window_stands_still_and_undo_works(desk, live_tab):
    signal = desk.api.post_signal()
    ann = live_tab("ann")
    ann.approve("AAPL")
    expect(ann.card("AAPL")).to_contain_text("Approved BUY")
    desk.api.request("POST", "/api/v1/desk/stop?as=bo", {})
    undo = ann.card("AAPL").get_by_role("button", name=re.compile("^Undo the approval"))
    expect(undo).to_contain_text("paused")

    undo.click()

    expect(ann.card("AAPL")).to_contain_text("Pending review")
    assert desk.api.signal(signal["id"])["status"] == "PENDING_REVIEW"


def test_a_stop_over_a_broken_line_is_tried_again_until_it_is_through(desk, live_tab, gateway):
    tab = live_tab("ann", through=gateway)
    tab.faults.expect_unreachable()
    tab.faults.expect_status(403)
    gateway.block("rest")
    tab.page.keyboard.press("s")
    tab.page.keyboard.press("Enter")
    expect(banner(tab)).to_contain_text("Stopping the desk…")

    gateway.let("rest")

    expect_stopped(tab)
    assert [event["type"] for event in desk.api.events()] == ["desk:stopped"]


def test_a_stop_that_does_not_come_through_is_rolled_back_and_said(desk, live_tab, gateway):
    tab = live_tab("ann", through=gateway)
    tab.faults.expect_unreachable()
    tab.faults.expect_status(403)
    gateway.block("rest")
    tab.page.keyboard.press("s")
    tab.page.keyboard.press("s")

    expect(tab.toast("The desk did not answer: it is not known whether it is stopped")).to_be_visible(timeout=30_000)
    expect(banner(tab)).to_be_hidden()


def test_people_pause_stop_and_resume_a_session(desk, live_tab):
    def report(state: str) -> None:
        desk.api.post_event({"type": "session_status", "sessionId": "s-1", "status": state, "data": {
            "currentPnL": "-12.50", "totalTrades": 3, "lossLimitUtilization": "40", "timeElapsed": 60}})

    report("active")
    ann, bo = live_tab("ann"), live_tab("bo")
    ann.page.get_by_role("button", name="Pause session s-1").click()
    expect(bo.toast("Session s-1 paused by ann")).to_be_visible()
    report("active")
    row = bo.page.locator("session-list li.session")
    expect(row).to_contain_text(re.compile(r"Paused by ann \d\d:\d\d:\d\d\. Its source says active"))

    bo.page.get_by_role("button", name="Stop session s-1").click()
    bo.dialog.get_by_role("button", name="Stop s-1 now").click()

    expect(ann.page.locator("session-list li.session")).to_contain_text("emergency stopped")
    expect(ann.toast("Session s-1 stopped in an emergency by bo")).to_be_visible()
    ann.page.get_by_role("button", name="Resume session s-1").click()
    expect(row).to_contain_text("active")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_stopped_page_is_accessible(desk, live_tab, theme, size, engine):
    if engine != "chromium":
        pytest.skip("axe judges the page, not the engine")
    desk.api.post_signal()
    desk.api.post_event({"type": "session_status", "sessionId": "s-1", "status": "active", "data": {
        "currentPnL": "-12.50", "totalTrades": 3, "lossLimitUtilization": "40", "timeElapsed": 60}})
    tab = live_tab("ann", theme=theme, width=size[0], height=size[1])
    desk.api.request("POST", "/api/v1/desk/stop?as=bo", {"reason": "The feed is wrong"})
    desk.api.request("POST", "/api/v1/desk/resume?as=bo", {})
    expect(banner(tab)).to_contain_text("1 of 2, by bo")
    assert_accessible(tab)
