"""The emergency stop of a real desk: over SIGKILL, against approvals that race it, and on an event stream (GAP-07)."""

import threading
import time

from desk_api import Answer

PATIENCE_SECONDS = 30


def ask(desk, path: str, body: dict | None = None, key: str | None = None) -> Answer:
    return desk.api.request("POST", path, body or {}, {"idempotency-key": key} if key else None)


def kinds(desk) -> list[str]:
    return [event["type"] for event in desk.api.events()]


def test_a_stopped_desk_is_stopped_after_sigkill_and_nothing_leaves(desk):
    approved, waiting = desk.api.post_signal(symbol="AAPL"), desk.api.post_signal(symbol="MSFT", expires_in_seconds=120)
    assert desk.api.approve(approved["id"], "ann").status == 200
    stopped = ask(desk, "/api/v1/desk/stop?as=ann", {"reason": "The feed is wrong"})
    assert stopped.status == 200, stopped
    assert ask(desk, "/api/v1/desk/resume?as=ann").body["stop"]["resume"]["signed_off"][0]["by"] == "ann"

    desk.kill()
    desk.start()

    standing = desk.api.request("GET", "/api/v1/desk").body
    assert standing["stopped"] and standing["stop"]["id"] == stopped.body["stop"]["id"]
    assert [by["by"] for by in standing["stop"]["resume"]["signed_off"]] == ["ann"]
    refused = desk.api.approve(waiting["id"], "bo")
    assert refused.status == 423 and refused.body["code"] == "desk_stopped" and "ann" in refused.body["detail"]
    assert desk.api.request("GET", "/health").body["desk"]["stopped"] is True
    # Longer than an undo window: the approval does not leave.
    time.sleep(6)
    assert "signal_approved" not in kinds(desk)

    assert ask(desk, "/api/v1/desk/resume?as=bo").body["stopped"] is False
    assert desk.api.approve(waiting["id"], "bo").status == 200
    deadline = time.monotonic() + PATIENCE_SECONDS
    while kinds(desk).count("signal_approved") < 2:
        assert time.monotonic() < deadline, kinds(desk)
        time.sleep(0.1)
    assert desk.api.signal(waiting["id"])["version"] == 4, "received, postponed, approved, released"


def test_of_twenty_approvals_that_race_a_stop_none_is_committed_behind_it(desk):
    ids = [desk.api.post_signal(symbol=f"SYM{number}")["id"] for number in range(20)]
    start = threading.Barrier(21)
    answers: dict[str, Answer] = {}

    def approve(signal: str) -> None:
        start.wait()
        answers[signal] = desk.api.approve(signal, "bo")

    def stop() -> None:
        start.wait()
        answers["stop"] = ask(desk, "/api/v1/desk/stop?as=ann")

    threads = [threading.Thread(target=approve, args=(signal,)) for signal in ids] + [threading.Thread(target=stop)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers["stop"].status == 200
    events = desk.api.events()
    stopped_at = next(event["offset"] for event in events if event["type"] == "desk:stopped")
    approvals = [event for event in events if event["type"] == "approval_notification"]
    assert all(event["offset"] < stopped_at for event in approvals)
    statuses = [answers[signal].status for signal in ids]
    assert statuses.count(200) == len(approvals)
    # At most 20 decisions a minute: all of these may be made.
    assert set(statuses) <= {200, 423}, statuses
    for signal in ids:
        assert desk.api.approve(signal, "cy").status == 423


def test_the_key_of_an_approval_from_before_the_stop_keeps_its_answer_over_sigkill(desk):
    signal = desk.api.post_signal()
    path = f"/api/v1/signals/{signal['id']}/approve?as=ann"
    first = ask(desk, path, {"status": "BUY"}, key="click-1")
    assert ask(desk, "/api/v1/desk/stop?as=bo").status == 200
    desk.kill()
    desk.start()

    again = ask(desk, path, {"status": "BUY"}, key="click-1")

    assert (again.status, again.body) == (200, first.body)


def test_a_session_that_people_stopped_is_stopped_after_sigkill_whatever_its_source_says(desk):
    def report(state: str) -> None:
        desk.api.post_event({"type": "session_status", "sessionId": "s-1", "status": state, "data": {
            "currentPnL": "-12.50", "totalTrades": 3, "lossLimitUtilization": "40", "timeElapsed": 60}})

    report("active")
    assert ask(desk, "/api/v1/sessions/s-1/stop?as=ann", {"reason": "Losses"}).body["status"] == "emergency_stopped"
    desk.kill()
    desk.start()
    report("active")

    session = desk.api.request("GET", "/api/v1/sessions/s-1").body
    assert (session["status"], session["reportedStatus"], session["control"]["by"]) == ("emergency_stopped", "active", "ann")
    assert ask(desk, "/api/v1/sessions/s-1/pause?as=ann").status == 409
    assert ask(desk, "/api/v1/sessions/none/pause?as=ann").status == 404
