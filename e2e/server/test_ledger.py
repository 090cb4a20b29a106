"""What a rejected signal would have made, from prices posted to the real server, over restarts and in exports (APR-19)."""

import csv
import io
import subprocess
import time

from desk_process import PROGRAM

PATIENCE_SECONDS = 30


def post_price(desk, price: str, symbol: str = "AAPL") -> None:
    desk.api.post_event({"type": "price_update", "symbol": symbol, "data": {
        "price": price, "change": "0", "change_pct": "0", "volume": 1}})


def result_of(desk, signal_id: str) -> dict:
    """Once the log has it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (result := desk.api.signal(signal_id)["paper_result"]) is None:
        assert time.monotonic() < deadline, "nothing was measured"
        time.sleep(0.05)
    return result


def rejected(desk, **fields) -> str:
    signal = desk.api.post_signal(**fields)
    assert desk.api.reject(signal["id"], "bob", "Risk too high").status == 200
    return signal["id"]


def test_a_rejected_signal_tells_what_it_would_have_made_and_stays_rejected(desk):
    winner, loser = rejected(desk), rejected(desk, symbol="MSFT", side="SELL", stop_loss="151.00", target_price="147.75")
    for price in ("150.60", "150.20", "151.00", "152.80"):
        post_price(desk, price)
    for price in ("150.25", "151.30"):
        post_price(desk, price, "MSFT")

    won, lost = result_of(desk, winner), result_of(desk, loser)
    assert (won["ending"], won["r"], won["entry_price"], won["exit_price"]) == ("target", "3.33", "150.25", "152.75")
    assert (lost["ending"], lost["r"], lost["side"]) == ("stop", "-1.40", "SELL")
    assert won["unwatched_seconds"] == 0
    now = desk.api.signal(winner)
    assert (now["status"], now["version"], now["decision"]["decided_by"]) == ("REJECTED", 3, "bob")
    refused = desk.api.approve(winner, "alice")
    assert (refused.status, refused.body["code"]) == (409, "already_decided")

    told = [event for event in desk.api.events() if event["type"] == "signal:measured"]
    assert sorted(event["data"]["id"] for event in told) == sorted([winner, loser])
    ledger = desk.api.request("GET", "/api/v1/audit/statistics").body["ledger"]
    assert ledger["total"]["rejected"] | {"signals": 2, "filled": 2, "r_sum": "1.93"} == ledger["total"]["rejected"]
    assert [line["name"] for line in ledger["by"]["person"]["lines"]] == ["bob"]
    assert ledger["following"] == 0

    exported = subprocess.run([PROGRAM, "audit", "export", "--database", str(desk.database), "--format", "csv",
                               "--signal", winner], capture_output=True, timeout=60)
    last = list(csv.DictReader(io.StringIO(exported.stdout.decode(), newline="")))[-1]
    assert (last["type"], last["paper_ending"], last["paper_r"]) == ("signal_measured", "target", "3.33")


def test_what_is_followed_outlives_a_restart_and_a_kill(desk):
    for end in (desk.stop, desk.kill):
        post_price(desk, "150.60")
        signal = rejected(desk)
        post_price(desk, "150.25")
        end()
        time.sleep(1.1)
        desk.start()
        # Killed before anything was saved it begins anew, where the market is at the entry again.
        post_price(desk, "150.25")
        post_price(desk, "149.20")
        result = result_of(desk, signal)
        assert (result["ending"], result["r"]) == ("stop", "-1.40")
        assert result["unwatched_seconds"] >= 1


def test_how_long_a_signal_is_followed_is_a_setting_and_none_is_possible(desk):
    desk.stop()
    desk.start("--ledger-hours", "0")
    signal = rejected(desk)
    post_price(desk, "150.25")
    post_price(desk, "152.75")
    ledger = desk.api.request("GET", "/api/v1/audit/statistics").body["ledger"]
    assert (ledger["follow_ms"], ledger["following"]) == (0, 0)
    assert desk.api.signal(signal)["paper_result"] is None
    refused = subprocess.run([PROGRAM, "serve", "--ledger-hours", "169"], capture_output=True, text=True, timeout=60)
    assert refused.returncode != 0 and "--ledger-hours must be between 0 and 168." in refused.stderr
