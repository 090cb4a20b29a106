"""axe finds nothing, and nothing is wider than a telephone: light and dark, wide and narrow (UI-15 … UI-18)."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from policies import EXAMPLE

# A reminder of what expires is shown, and does not expire while axe looks.
pytestmark = pytest.mark.serve("--expiry-reminder-seconds", "3600")
DESKTOP, PHONE = (1280, 900), (360, 740)
LOOKS = [pytest.param((theme, size), id=f"{theme}-{size[0]}") for theme in ("light", "dark") for size in (DESKTOP, PHONE)]
# Fades change colours; what is judged is what stays.
ANIMATIONS_DONE = """() => Promise.allSettled(document.getAnimations()
    .filter((animation) => animation.effect.getComputedTiming().endTime < Infinity)
    .map((animation) => animation.finished))"""


def assert_accessible(tab) -> None:
    tab.page.evaluate(ANIMATIONS_DONE)
    results = Axe().run(tab.page)
    assert results.violations_count == 0, results.generate_report()
    assert tab.width_overflow() == 0, "the page scrolls sideways"


@pytest.fixture(params=LOOKS)
def tab(request, desk, live_tab):
    """A desk with every kind of card, prices, a campaign and a hot portfolio."""
    theme, (width, height) = request.param
    api = desk.api
    api.reject(api.post_signal(symbol="TSLA", side="SELL", stop_loss="151.00", target_price="147.75")["id"], "bob", "Risk too high")
    api.approve(api.post_signal(symbol="NVDA")["id"], "bob", note="Volume confirms")
    api.post_signal(symbol="MSFT", side="NEUTRAL", confidence_score=71, expires_in_seconds=None)
    api.post_signal(symbol="AAPL", expires_in_seconds=3_000)
    api.post_event({"type": "portfolio:updated", "data": {"total_heat": "82", "available_capacity": "18"}})
    api.post_event({"type": "campaign:updated", "data": {
        "campaign_id": "C-123", "risk_allocated": "1700.00", "positions_count": 3, "risk_limit": "2000.00"}})
    tab = live_tab("alice", theme=theme, width=width, height=height)
    for symbol, change in (("AAPL", "2.30"), ("MSFT", "-1.10")):
        api.post_event({"type": "price_update", "symbol": symbol, "data": {
            "price": "151.10", "change": change, "change_pct": "1.26", "volume": 45_000_000}})
        expect(tab.card(symbol)).to_contain_text("151.10")
    return tab


def test_list_with_toasts(tab, desk):
    tab.show("All")
    expect(tab.cards).to_have_count(4)
    desk.api.post_signal(symbol="AMD")
    tab.expect_toast("New signal: SPRING on AMD")

    assert_accessible(tab)


def test_page_of_a_signal(tab):
    tab.card("AAPL").get_by_role("link", name="AAPL").click()
    expect(tab.page.get_by_role("heading", name="AAPL BUY", level=1)).to_be_visible()

    assert_accessible(tab)


def test_dialogs(tab):
    tab.reject_button("AAPL").click()
    expect(tab.dialog.get_by_label("Another reason")).to_be_visible()
    assert_accessible(tab)
    tab.page.keyboard.press("Escape")

    tab.card("MSFT").get_by_role("button", name="Approve as…").click()
    expect(tab.dialog.get_by_role("button", name="Approve HOLD")).to_be_visible()
    assert_accessible(tab)
    tab.page.keyboard.press("Escape")

    tab.page.keyboard.press("?")
    expect(tab.dialog).to_contain_text("Keyboard shortcuts")
    assert_accessible(tab)


def test_panels_and_a_note_being_written(tab):
    tab.write_note("AAPL", "Volume dried up")
    assert_accessible(tab)

    tab.page.get_by_role("button", name="You are alice").click()
    expect(tab.page.get_by_role("switch", name="Show toasts")).to_be_visible()
    assert_accessible(tab)
    tab.page.keyboard.press("Escape")

    tab.page.get_by_role("button", name="Notifications").click()
    expect(tab.page.get_by_role("region", name="Notifications")).to_be_visible()
    assert_accessible(tab)


def test_connection_lost(tab, desk):
    tab.faults.expect_unreachable()
    desk.kill()
    expect(tab.page.get_by_text("Connection lost, reconnecting…").locator("visible=true").first).to_be_visible()

    assert_accessible(tab)


@pytest.mark.serve("--policy", str(EXAMPLE))
@pytest.mark.parametrize("look", LOOKS)
def test_what_a_policy_says(look, desk, live_tab):
    theme, (width, height) = look
    signal = desk.api.post_signal(risk_percentage="2.5", confidence_score=71, source="wyckoff-engine")
    desk.api.approve(signal["id"], "cy", note="Volume confirms")
    bo = live_tab("bo", theme=theme, width=width, height=height)
    expect(bo.card("AAPL")).to_contain_text("1 of 2, by cy")
    expect(bo.card("AAPL")).to_contain_text("needs 1 risk officer; your source wyckoff-engine proposed this")
    assert_accessible(bo)

    ruth = live_tab("ruth", theme=theme, width=width, height=height)
    ruth.card("AAPL").get_by_role("link", name="AAPL").click()
    expect(ruth.page.get_by_role("list", name="Rules that apply")).to_contain_text("very large risk")
    assert_accessible(ruth)
    ruth.page.get_by_role("button", name="Veto").click()
    expect(ruth.dialog).to_contain_text("The policy takes one of these reasons only.")
    assert_accessible(ruth)
