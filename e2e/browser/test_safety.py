"""What comes from outside is text and nothing else; the page keeps to its own policy (UI-20, UI-25)."""

import unicodedata
import uuid

import pytest
from playwright.sync_api import expect

MARKUP = '<img src=x onerror="window.harmed = 1"><script>window.harmed = 1</script><b>bold</b> &amp; {{7*7}}'
LONG_WORD = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 6
EMOJI = "🚀👩‍👩‍👧‍👦 العربية e\u0301"


@pytest.mark.parametrize("text", [MARKUP, LONG_WORD, EMOJI], ids=["markup", "long-word", "emoji"])
def test_hostile_reasoning_and_note_are_shown_as_text(desk, live_tab, text):
    signal = desk.api.post_signal(reasoning=text)
    shown = unicodedata.normalize("NFC", text)
    tab = live_tab("alice", width=360, height=740)
    expect(tab.card("AAPL").get_by_text(shown, exact=True)).to_be_visible()

    assert desk.api.approve(signal["id"], "bob", note=text).status == 200

    expect(tab.card("AAPL")).to_contain_text("Approved BUY")
    expect(tab.card("AAPL").get_by_text(shown, exact=True)).to_have_count(2)
    assert tab.width_overflow() == 0
    tab.card("AAPL").get_by_role("link", name="AAPL").click()
    expect(tab.page.get_by_role("heading", name="AAPL BUY", level=1)).to_be_visible()
    expect(tab.page.get_by_text(shown, exact=True).locator("visible=true")).not_to_have_count(0)
    assert tab.width_overflow() == 0
    expect(tab.page.locator("main").locator("img, script, b")).to_have_count(0)
    assert tab.page.evaluate("window.harmed") is None


def test_hostile_name_is_shown_as_text(desk, live_tab):
    signal = desk.api.post_signal()
    tab = live_tab("alice")

    assert desk.api.approve(signal["id"], "<b>Mallory</b>").status == 200

    expect(tab.card("AAPL").get_by_text("by <b>Mallory</b>")).to_be_visible()
    tab.expect_toast("AAPL approved as BUY by <b>Mallory</b>")


def test_policy_is_strict_and_the_page_never_breaks_it(desk, live_tab):
    desk.api.post_signal()
    tab = live_tab("alice")
    policy = desk.api.request("GET", "/").headers["content-security-policy"]
    for directive in ("default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'",
                      "frame-ancestors 'none'", "base-uri 'none'"):
        assert directive in policy
    assert "unsafe" not in policy

    # Everything that makes nodes or styles, once; a violation would be a fault, and faults fail the test.
    tab.page.get_by_role("button", name="Notifications").click()
    tab.page.keyboard.press("Escape")
    tab.indicator.click()
    tab.card("AAPL").get_by_role("link", name="AAPL").click()
    tab.page.get_by_role("button", name="Reject").click()
    tab.dialog.get_by_role("button", name="Duplicate").click()
    expect(tab.page.get_by_text("Rejected by alice", exact=True)).to_be_visible()

    assert tab.faults.unexpected == []


def test_broken_policy_would_have_been_noticed(live_tab):
    tab = live_tab("alice")

    with tab.faults.provoked() as found:
        tab.page.evaluate("""() => new Promise((resolve) => {
            document.addEventListener('securitypolicyviolation', resolve, { once: true });
            document.body.setAttribute('style', 'color: red');
        })""")
        # Complaints travel in order: once this one is here, the one before it is too.
        with tab.page.expect_console_message(lambda message: message.text == "done"):
            tab.page.evaluate("console.info('done')")

    assert any("Content Security Policy" in fault or "blocked an inline style" in fault for fault in found), found


@pytest.mark.parametrize("unknown", [str(uuid.UUID(int=7)), "no-such-thing"])
def test_unknown_signal_is_said_to_be_unknown(live_tab, unknown):
    tab = live_tab("alice")
    tab.faults.expect_status(404)
    tab.faults.expect_status(400)

    tab.visit(f"/signals/{unknown}")

    expect(tab.page.get_by_role("heading", name="There is no such signal.")).to_be_visible()
    tab.page.get_by_role("link", name="Back to all signals").click()
    expect(tab.page.get_by_text("No signals are waiting.")).to_be_visible()
