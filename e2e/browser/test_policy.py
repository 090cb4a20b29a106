"""Two people under a policy: partial approvals are live, and a button that does nothing says why (issue 5, part 1)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from desk_process import DeskProcess
from policies import four_eyes


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskProcess]:
    policy = tmp_path / "policy.yaml"
    policy.write_text(four_eyes(undo="60s"))
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
        expect(tab.card("AAPL")).to_contain_text("Pending review")
        expect(tab.card("AAPL")).to_contain_text("1 of 2, by ann")
    expect(ann.approve_button("AAPL")).to_have_attribute("aria-disabled", "true")
    expect(ann.approve_button("AAPL")).to_have_accessible_description("needs 1 risk officer; you have approved")
    ruth.approve("AAPL")
    for tab in (ann, ruth):
        expect(tab.card("AAPL")).to_contain_text("Approved BUY")
        expect(tab.card("AAPL")).to_contain_text("by ann and ruth")


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
