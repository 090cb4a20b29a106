"""The whole desk without a mouse (UI-16, UI-23)."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

TABS_MAX = 25


@pytest.fixture
def tab(desk, live_tab):
    """Three signals, newest on top: AAPL, MSFT, NVDA."""
    for symbol in ("NVDA", "MSFT", "AAPL"):
        desk.api.post_signal(symbol=symbol)
    tab = live_tab("alice")
    expect(tab.cards).to_have_count(3)
    return tab


def press_tab_until_focused(page: Page, wanted: Locator) -> None:
    for _ in range(TABS_MAX):
        if wanted.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} was not reached with {TABS_MAX} Tabs")


def test_j_and_k_move_among_the_cards(tab):
    for key, symbol in (("j", "AAPL"), ("j", "MSFT"), ("ArrowDown", "NVDA"), ("k", "MSFT"), ("ArrowUp", "AAPL")):
        tab.page.keyboard.press(key)
        expect(tab.card(symbol)).to_be_focused()


def test_a_approves_and_the_focus_stays_where_it_was(tab):
    tab.page.keyboard.press("j")
    tab.page.keyboard.press("j")

    tab.page.keyboard.press("a")

    expect(tab.card("MSFT")).to_contain_text("Approved BUY")
    expect(tab.card("MSFT")).to_be_focused()
    for symbol in ("AAPL", "NVDA"):
        expect(tab.card(symbol)).to_contain_text("Pending review")


def test_n_writes_a_note_that_goes_with_the_approval(tab):
    tab.page.keyboard.press("j")
    tab.page.keyboard.press("n")
    tab.page.keyboard.type("Volume dried up")
    tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("a")

    expect(tab.card("AAPL")).to_contain_text("Approved BUY")
    expect(tab.card("AAPL")).to_contain_text("Volume dried up")


def test_r_rejects_with_a_reason_in_ones_own_words(tab):
    tab.page.keyboard.press("j")
    tab.page.keyboard.press("r")
    expect(tab.dialog.get_by_role("heading", name="Reject AAPL BUY")).to_be_visible()

    press_tab_until_focused(tab.page, tab.dialog.get_by_label("Another reason"))
    tab.page.keyboard.type("Earnings tomorrow")
    tab.page.keyboard.press("Enter")

    expect(tab.dialog).to_be_hidden()
    expect(tab.card("AAPL")).to_contain_text("Rejected")
    expect(tab.card("AAPL")).to_contain_text("Earnings tomorrow")


def test_escape_rejects_nothing_and_gives_the_focus_back(tab):
    tab.page.keyboard.press("j")
    tab.page.keyboard.press("r")
    expect(tab.dialog).to_be_visible()

    tab.page.keyboard.press("Escape")

    expect(tab.dialog).to_be_hidden()
    expect(tab.card("AAPL")).to_be_focused()
    expect(tab.card("AAPL")).to_contain_text("Pending review")


def test_question_mark_shows_the_keys(tab):
    tab.page.keyboard.press("?")

    expect(tab.dialog.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    expect(tab.dialog).to_contain_text("Approve the focused signal")
    tab.page.keyboard.press("Escape")
    expect(tab.dialog).to_be_hidden()


def test_slash_searches_and_letters_are_letters_there(tab):
    tab.page.keyboard.press("/")
    tab.page.keyboard.type("aa")

    expect(tab.cards).to_have_count(1)
    expect(tab.card("AAPL")).to_contain_text("Pending review")
    tab.page.keyboard.press("Escape")
    expect(tab.cards).to_have_count(3)


def test_enter_opens_the_details_and_escape_leads_back(tab):
    tab.page.keyboard.press("j")
    tab.page.keyboard.press("Enter")
    expect(tab.page).to_have_url(re.compile(r"/signals/[0-9a-f-]{36}"))
    expect(tab.page.get_by_role("heading", name="AAPL BUY", level=1)).to_be_visible()

    tab.page.keyboard.press("Escape")

    expect(tab.cards).to_have_count(3)


def test_keys_do_not_decide_while_a_question_is_open(tab):
    tab.page.keyboard.press("j")
    tab.page.keyboard.press("?")
    tab.page.keyboard.press("a")
    tab.page.keyboard.press("Escape")

    expect(tab.dialog).to_be_hidden()
    expect(tab.card("AAPL")).to_contain_text("Pending review")
