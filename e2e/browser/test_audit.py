"""The audit log on the page: who did what, filtered, paged, on a phone too (APR-18 … APR-20)."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

NOTICES = 130


@pytest.fixture
def decided(desk):
    """A rejection by bob and an approval by ann, on top of more notices than a page holds. The release follows by itself."""
    notice = {"type": "notification", "data": {"id": "n", "message": "Opening auction", "type": "info"}}
    assert desk.api.request("POST", "/api/v1/events", [notice] * NOTICES).status == 202
    desk.api.reject(desk.api.post_signal(symbol="TSLA")["id"], "bob", "Risk too high")
    desk.api.approve(desk.api.post_signal(symbol="AAPL")["id"], "ann", note="Volume confirms")
    return desk


def rows(tab):
    return tab.page.locator("audit-page").get_by_role("listitem")


def test_the_log_is_reached_by_key_and_by_menu_and_left_again(decided, live_tab):
    tab = live_tab("alice")
    tab.page.keyboard.press("l")
    expect(tab.page.get_by_role("heading", name="Audit log", level=1)).to_be_focused()
    expect(tab.page).to_have_url(re.compile(r"/audit\?as=alice$"))
    tab.page.keyboard.press("Escape")
    expect(tab.page.get_by_role("heading", name="Signals", level=1)).to_be_visible()
    tab.page.get_by_role("button", name="You are alice").click()
    tab.page.get_by_role("link", name="Audit log").click()
    expect(rows(tab).filter(has_text="Approved BUY by ann")).to_have_count(1)
    tab.page.reload()
    expect(rows(tab).filter(has_text="Volume confirms")).not_to_have_count(0)


def test_older_entries_come_as_one_scrolls_down_to_the_first(decided, live_tab):
    tab = live_tab("alice")
    tab.page.keyboard.press("l")
    expect(rows(tab)).to_have_count(50)
    tab.page.mouse.wheel(0, 100_000)
    expect(rows(tab)).to_have_count(100)
    tab.page.mouse.wheel(0, 100_000)
    expect(tab.page.locator("audit-page")).to_contain_text("This is all there is.")
    # The approval is released at some moment, and not all pages were fetched before or behind it.
    assert rows(tab).count() in (NOTICES + 4, NOTICES + 5)


def test_filters_narrow_down_and_say_when_nothing_fits(decided, live_tab):
    tab = live_tab("alice")
    tab.page.keyboard.press("l")
    tab.page.get_by_label("What").select_option("Rejections")
    expect(rows(tab)).to_have_count(1)
    expect(rows(tab)).to_contain_text("Rejected by bob")
    expect(rows(tab)).to_contain_text("Risk too high")
    tab.page.get_by_label("Who", exact=True).fill("ann")
    tab.page.get_by_role("button", name="Show", exact=True).click()
    expect(tab.page.locator("audit-page")).to_contain_text("Nothing in the log fits these filters.")
    tab.page.get_by_role("button", name="Clear filters").click()
    expect(rows(tab)).to_have_count(50)


def test_a_desk_that_does_not_answer_is_told_and_asked_again(decided, live_tab):
    tab = live_tab("alice")
    tab.page.route("**/api/v1/audit?*", lambda route: route.fulfill(
        status=503, content_type="application/problem+json",
        body='{"code":"store_unavailable","title":"t","detail":"The desk cannot read its store.","status":503}'))
    tab.faults.expect_status(503)
    tab.page.keyboard.press("l")
    expect(tab.page.locator("audit-page")).to_contain_text("The desk cannot read its store.")
    tab.page.unroute("**/api/v1/audit?*")
    tab.page.get_by_role("button", name="Try again").click()
    expect(rows(tab)).to_have_count(50)


def test_the_page_of_a_signal_tells_its_history_from_the_log(decided, live_tab):
    tab = live_tab("alice")
    tab.page.keyboard.press("l")
    tab.page.get_by_role("link", name="TSLA BUY").first.click()
    history = tab.page.locator(".history")
    expect(history).to_contain_text("Received by the desk")
    expect(history).to_contain_text("Rejected by bob")


@pytest.mark.parametrize("theme, width", [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(decided, live_tab, theme, width):
    tab = live_tab("alice", theme=theme, width=width, height=844)
    tab.page.keyboard.press("l")
    expect(rows(tab)).to_have_count(50)
    expect(tab.page.get_by_role("table")).to_contain_text("ann")
    rows(tab).first.get_by_text("Entry").click()
    results = Axe().run(tab.page)
    assert results.violations_count == 0, results.generate_report()
    assert tab.width_overflow() == 0, "the page scrolls sideways"
