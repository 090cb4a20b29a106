"""Two people under a policy: partial approvals are live, and a button that does nothing says why (issue 5, part 1)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from desk_process import DeskProcess
from policies import four_eyes


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskProcess]:
    policy = tmp_path / "policy.yaml"
    policy.write_text(four_eyes(undo="5m"))
    desk = DeskProcess(tmp_path)
    desk.start("--policy", str(policy))
    yield desk
    desk.discard()


def test_approval_takes_two_and_both_see_how_far_it_is(desk, live_tab):
    desk.api.post_signal(risk_percentage="1.5", source="engine")
    ann, ruth = live_tab("ann"), live_tab("ruth")
    expect(ann.card("AAPL")).to_contain_text("needs 1 trader and 1 risk officer")

    ann.approve("AAPL")

    for tab in (ann, ruth):
        tab.expect_toast("AAPL: 1 of 2 approvals, by ann")
        expect(tab.card("AAPL")).to_contain_text("Pending review")
        expect(tab.card("AAPL")).to_contain_text("1 of 2, by ann")
    expect(ann.approve_button("AAPL")).to_have_attribute("aria-disabled", "true")
    expect(ann.approve_button("AAPL")).to_have_accessible_description("needs 1 risk officer; you have approved")
    ruth.approve("AAPL")
    for tab in (ann, ruth):
        expect(tab.card("AAPL")).to_contain_text("Approved BUY")
        expect(tab.card("AAPL")).to_contain_text("by ann and ruth")
    # The policy's window of 5 min, not the desk's of 5 s.
    button = ann.card("AAPL").get_by_role("button", name="Undo the approval")
    expect(button).to_contain_text(re.compile(r"Undo · \d{2,3} s"))
    button.click()
    for tab in (ann, ruth):
        expect(tab.card("AAPL")).to_contain_text("ann undid ruth's approval")
    expect(ruth.card("AAPL")).to_contain_text("needs 1 trader and 1 risk officer")


def test_page_of_a_signal_says_which_rules_apply_and_a_key_says_why_not(desk, live_tab):
    signal = desk.api.post_signal(risk_percentage="1.5", source="engine")
    bo = live_tab("bo")
    bo.visit(f"/signals/{signal['id']}")
    expect(bo.page.get_by_role("list", name="Rules that apply")).to_have_text("large risk: its risk, 1.5 %, is above 1 %")
    bo.visit("/")
    words = "needs 1 trader and 1 risk officer; your source engine proposed this"
    expect(bo.approve_button("AAPL")).to_have_accessible_description(words)

    bo.page.keyboard.press("j")
    bo.page.keyboard.press("a")

    expect(bo.page.locator(".live-assertive")).to_have_text(words)
    assert desk.api.signal(signal["id"])["version"] == 1


def test_approval_that_needs_a_reason_opens_the_note(tmp_path, desk, live_tab):
    (tmp_path / "policy.yaml").write_text(four_eyes("v2").replace("veto: risk", "reasons: {approve: required}"))
    desk.hang_up()
    signal = desk.api.post_signal(risk_percentage="0.5")
    ann = live_tab("ann")
    expect(ann.card("AAPL")).to_contain_text("write a note to approve it")

    ann.approve_button("AAPL").click()
    note = ann.card("AAPL").get_by_label("Note (why you approve)")
    expect(note).to_be_focused()
    note.fill("Volume confirms.")
    ann.approve_button("AAPL").click()

    expect(ann.card("AAPL")).to_contain_text("Approved BUY")
    assert desk.api.signal(signal["id"])["decision"]["note"] == "Volume confirms."


def test_what_is_approved_together_leaves_out_what_the_policy_would_refuse(desk, live_tab):
    desk.api.post_signal(symbol="AAPL", risk_percentage="1.5", source="engine")
    desk.api.post_signal(symbol="MSFT", risk_percentage="0.5")
    ids = {symbol: desk.api.post_signal(symbol=symbol, risk_percentage="1.5")["id"] for symbol in ("NVDA", "TSLA")}
    desk.api.approve(ids["TSLA"], "ruth")
    bo = live_tab("bo")
    expect(bo.card("AAPL")).to_contain_text("your source engine proposed this")
    expect(bo.card("TSLA")).to_contain_text("1 of 2, by ruth")
    expect(bo.card("NVDA")).to_contain_text("needs 1 trader and 1 risk officer")
    for symbol in ("AAPL", "MSFT", "NVDA", "TSLA"):
        bo.card(symbol).get_by_role("checkbox", name=f"Select {symbol}").click()

    bo.page.keyboard.press("Shift+A")
    expect(bo.dialog).to_contain_text("Approve 3 signals?")
    expect(bo.dialog).to_contain_text("AAPL needs 1 trader and 1 risk officer; your source engine proposed this")
    # A sign-off of somebody else changes nothing of what is on the screen.
    desk.api.approve(ids["NVDA"], "ruth")
    bo.dialog.get_by_role("button", name="Approve all").click()

    expect(bo.dialog).to_contain_text("All 3 decided")
    for symbol in ("MSFT", "NVDA", "TSLA"):
        expect(bo.dialog.get_by_role("listitem").filter(has_text=symbol)).to_contain_text("Approved BUY")


def test_whoever_has_no_name_is_asked_for_one_and_a_viewer_is_told(desk, live_tab):
    desk.api.post_signal(risk_percentage="0.5")
    zoe = live_tab("zoe")
    for button in (zoe.approve_button("AAPL"), zoe.reject_button("AAPL")):
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(button).to_have_accessible_description("needs 1 trader; you are a viewer")
    nobody = live_tab(None)
    expect(nobody.card("AAPL")).to_contain_text("say who you are")
    nobody.approve_button("AAPL").click()
    expect(nobody.dialog).to_be_visible()


def test_proposer_is_told_why_not_and_a_veto_gives_one_of_the_reasons(desk, live_tab):
    signal = desk.api.post_signal(risk_percentage="1.5", source="engine")
    bo, ruth = live_tab("bo"), live_tab("ruth")
    words = "needs 1 trader and 1 risk officer; your source engine proposed this"
    expect(bo.approve_button("AAPL")).to_have_accessible_description(words)

    bo.approve_button("AAPL").click(force=True)
    ruth.card("AAPL").get_by_role("button", name="Veto").click()
    expect(ruth.dialog.get_by_role("heading", name="Veto AAPL BUY")).to_be_visible()
    expect(ruth.dialog.get_by_label("Another reason")).to_be_hidden()
    ruth.dialog.get_by_role("button", name="Poor structure").click()

    for tab in (bo, ruth):
        expect(tab.card("AAPL")).to_contain_text("Vetoed")
        expect(tab.card("AAPL")).to_contain_text("Poor structure")
    decision = desk.api.signal(signal["id"])["decision"]
    assert (decision["decided_by"], decision["veto"]) == ("ruth", True)
