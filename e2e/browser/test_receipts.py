"""Who has seen a decision, and whom its plan is for (DLV-03, CON-18, SEC-14, TEST-40)."""

import json
import re

from playwright.sync_api import expect

EVERY_WAY = ("websocket", "events", "rest")


# Not every browser tells its driver of frames.
LISTEN_IN = """window.heardFrames = [];
window.WebSocket = class extends window.WebSocket {
    constructor(...address) {
        super(...address);
        this.addEventListener('message', ({ data }) => window.heardFrames.push(data));
    }
};"""


def listen_in(tab) -> None:
    """From its next loading on, every frame that the tab is sent is kept."""
    tab.page.add_init_script(LISTEN_IN)
    tab.page.reload()
    tab.expect_live()


def heard_by(tab) -> list[dict]:
    return [json.loads(frame) for frame in tab.page.evaluate("window.heardFrames")]


def test_receipts_follow_who_goes_away_and_comes_back(desk, gateway, live_tab):
    signal = desk.api.post_signal()
    ann = live_tab("ann", f"/signals/{signal['id']}")
    bo = live_tab("bo", through=gateway)
    bo.faults.expect_unreachable()
    bo.faults.expect_status(403)
    receipts = ann.page.get_by_role("paragraph").filter(has_text="Delivered")

    # A tunnel: bo's tab is there, and hears nothing.
    gateway.silence("websocket")
    ann.page.get_by_role("button", name="Approve BUY").click()
    expect(receipts).to_have_text("Delivered 1/2 · seen by ann · bo has not confirmed yet")

    gateway.block(*EVERY_WAY)
    expect(receipts).to_have_text(re.compile(r"^Delivered 1/2 · seen by ann · bo offline since \d\d:\d\d:\d\d$"))

    gateway.let(*EVERY_WAY)
    bo.expect_live()
    expect(bo.page.get_by_role("button", name="You are bo")).to_be_visible()
    expect(receipts).to_have_text("Delivered 2/2 · seen by ann, bo")


def test_receipts_move_on_a_page_that_polls(desk, gateway, open_tab, live_tab):
    signal = desk.api.post_signal()
    gateway.block("websocket", "events")
    ann = open_tab("ann", f"/signals/{signal['id']}", through=gateway)
    ann.faults.expect(r"status of 403|MIME type|can.t establish a connection|WebSocket connection to|ERR_|interrupted")
    ann.faults.expect_unreachable()
    ann.expect_connection("Polling every 5 s")
    bo = live_tab("bo")
    bo.expect_live()
    assert desk.api.approve(signal["id"], "cy").status == 200
    # Nobody tells ann's page: it asks again and again.
    receipts = ann.page.get_by_role("paragraph").filter(has_text="Delivered")
    expect(receipts).to_contain_text("bo", timeout=30_000)
    expect(receipts).to_contain_text("ann", timeout=30_000)


def test_plan_of_a_signal_for_ann_reaches_ann_alone_and_both_show_the_same(desk, live_tab):
    signal = desk.api.post_signal(recipients=["ann"])
    ann, bo = live_tab("ann"), live_tab("bo", f"/signals/{signal['id']}")
    for tab in (ann, bo):
        listen_in(tab)
    expect(ann.card("AAPL")).to_contain_text("For you")
    expect(bo.page.get_by_role("strong").filter(has_text="For ann")).to_be_visible()

    # Whom it is for says nothing about who decides.
    bo.page.get_by_role("button", name="Approve BUY").click()

    ann.expect_toast("AAPL BUY is released to you")
    expect(bo.page.get_by_role("listitem").filter(has_text="Released for execution")).to_be_visible()
    expect(bo.toast("released")).to_have_count(0)
    heard_by_ann, heard_by_bo = heard_by(ann), heard_by(bo)
    plan = next(message for message in heard_by_ann if message["type"] == "signal_approved")
    assert (plan["signal_id"], plan["entry_price"]) == (signal["id"], "150.25")
    assert {message["type"] for message in heard_by_ann if message.get("offset") == plan["offset"]} == {"signal_approved"}
    released = desk.api.signal(signal["id"])
    heard = [message for message in heard_by_bo if message.get("offset") == plan["offset"] and "data" in message]
    assert [(message["type"], message["data"]) for message in heard] == [("signal:released", {
        "signal_id": signal["id"], "version": released["version"], "released_at": released["released_at"]})]
    assert "signal_approved" not in {message["type"] for message in heard_by_bo}
