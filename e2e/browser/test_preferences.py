"""What a browser remembers for its trader: name, toasts, theme (TST-09, C12)."""

import pytest
from playwright.sync_api import expect


def test_toasts_switched_off_stay_off(desk, live_tab):
    tab = live_tab("alice")
    tab.page.get_by_role("button", name="You are alice").click()
    tab.page.get_by_role("switch", name="Show toasts").click()
    tab.page.reload()
    tab.expect_live()

    desk.api.post_signal()

    expect(tab.card("AAPL")).to_be_visible()
    expect(tab.page.get_by_role("button", name="Notifications, 1 unread")).to_be_visible()
    expect(tab.toast("New signal: SPRING on AAPL")).to_have_count(0)


def test_name_said_once_is_remembered(live_tab):
    tab = live_tab()
    tab.page.get_by_role("button", name="You have no name yet").click()
    tab.page.get_by_label("Your name on decisions").fill("  dora  ")
    tab.page.get_by_role("button", name="Save").click()
    expect(tab.page.get_by_role("button", name="You are dora")).to_be_visible()

    tab.page.reload()

    expect(tab.page.get_by_role("button", name="You are dora")).to_be_visible()
    tab.expect_live()


@pytest.mark.parametrize(("theme", "scheme"), [("Dark", "dark"), ("Light", "light")])
def test_theme_is_kept(live_tab, theme, scheme):
    tab = live_tab("alice")
    tab.page.get_by_role("button", name="You are alice").click()
    tab.page.get_by_role("radio", name=theme).check(force=True)
    tab.page.reload()
    tab.expect_live()

    expect(tab.page.locator("html")).to_have_css("color-scheme", scheme)


def test_mark_read_dismiss_and_clear_the_notifications(desk, live_tab):
    tab = live_tab("alice")
    for symbol in ("AAPL", "MSFT", "NVDA"):
        desk.api.post_signal(symbol=symbol)
    tab.page.get_by_role("button", name="Notifications, 3 unread").click()
    panel = tab.page.get_by_role("region", name="Notifications")
    expect(panel.get_by_role("listitem")).to_have_count(3)

    panel.get_by_role("button", name="Mark all read").click()
    expect(tab.page.get_by_role("button", name="Notifications", exact=True)).to_be_visible()
    panel.get_by_role("button", name="Dismiss: New signal: SPRING on MSFT").click()
    expect(panel.get_by_role("listitem")).to_have_count(2)
    panel.get_by_role("button", name="Clear all").click()

    expect(panel.get_by_role("listitem")).to_have_count(0)
    expect(panel.get_by_text("Nothing to report.")).to_be_visible()
