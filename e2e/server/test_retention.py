"""What the running desk lets go of and what it keeps for ever (GAP-12), with a log that is made old while it is away."""

import json
import sqlite3
import subprocess

import pytest
from websockets.sync.client import connect

from desk_process import PROGRAM
from patience import PATIENCE_SECONDS, eventually

# Nothing is released while these tests look.
pytestmark = pytest.mark.serve("--undo-seconds", "600")
DAY_MS = 24 * 3_600_000
NOTICES = 1_500
KEPT = 1_000


def change(desk, statement: str) -> None:
    """In the database of a desk that does not run."""
    with sqlite3.connect(desk.database) as database:
        database.execute(statement)
    database.close()


def post_notices(desk, count: int) -> int:
    """The offset of the last one."""
    notice = {"type": "notification", "data": {"id": "n", "message": "m", "type": "info"}}
    offset = 0
    while count > 0:
        answer = desk.api.request("POST", "/api/v1/events", [notice] * min(count, 1_000))
        assert answer.status == 202, answer
        offset = answer.body["offset"]
        count -= 1_000
    return offset


def oldest(desk) -> int:
    return desk.api.request("GET", "/api/v1/snapshot").body["oldest_offset"]


def trimmed(desk) -> tuple[dict, dict, int]:
    """A pending signal, a decided one, and the newest offset of a log of which all but the newest events were let go."""
    pending = desk.api.post_signal(expires_in_seconds=None)
    decided = desk.api.post_signal(symbol="MSFT")
    assert desk.api.approve(decided["id"], "alice", note="Kept").status == 200
    newest = post_notices(desk, NOTICES)
    assert desk.stop() == 0
    change(desk, f"UPDATE event SET recorded_at = recorded_at - {40 * DAY_MS}")
    desk.start("--keep-events", str(KEPT))
    eventually(lambda: oldest(desk) == newest - KEPT + 1)
    return pending, decided, newest


def test_old_events_go_and_signals_stay_across_restarts(desk):
    pending, decided, newest = trimmed(desk)
    for _ in range(2):
        assert desk.api.request("GET", "/health").body["pending"] == 1
        assert desk.api.signal(decided["id"])["decision"]["note"] == "Kept"
        assert desk.api.signal(pending["id"]) == pending
        assert oldest(desk) == newest - KEPT + 1
        desk.kill()
        desk.start("--keep-events", str(KEPT))

    assert desk.api.approve(pending["id"], "bob").status == 200
    assert desk.api.approve(decided["id"], "bob").status == 409


def test_whoever_comes_from_before_the_log_is_told(desk):
    _, _, newest = trimmed(desk)
    first = newest - KEPT + 1

    refused = desk.api.request("GET", f"/api/v1/events?after={first - 2}")
    assert (refused.status, refused.body["code"]) == (410, "trimmed")
    page = desk.api.request("GET", f"/api/v1/events?after={first - 1}&limit=1000").body
    assert page["oldest"] == first
    assert [event["offset"] for event in page["events"]] == list(range(first, newest + 1))

    epoch = page["epoch"]
    with connect(f"{desk.url.replace('http', 'ws')}/ws?epoch={epoch}&since={first - 2}") as connection:
        heard = [json.loads(connection.recv(timeout=PATIENCE_SECONDS)) for _ in range(2)]
    assert heard[0]["oldest_offset"] == first
    assert heard[1]["data"] == {"recovered": False, "reason": "trimmed", "offset": newest}


def test_trimmed_log_without_checkpoints_is_refused_with_what_to_do(desk):
    trimmed(desk)
    assert desk.stop() == 0
    change(desk, "UPDATE checkpoint SET body = replace(body, '\"', '')")

    ended = subprocess.run([PROGRAM, "serve", "--port", "0", "--database", str(desk.database)],
                           capture_output=True, text=True, timeout=PATIENCE_SECONDS)

    assert ended.returncode == 2
    assert "Restore the database from a backup" in ended.stderr
    assert "Fatal error" not in ended.stderr


def test_key_older_than_a_day_is_forgotten(desk):
    notice = {"type": "notification", "data": {"id": "n", "message": "m", "type": "info"}}

    def offset() -> int:
        answer = desk.api.request("POST", "/api/v1/events", notice, {"idempotency-key": "once"})
        assert answer.status == 202
        return answer.body["offset"]

    first = offset()
    assert offset() == first
    assert desk.stop() == 0
    change(desk, f"UPDATE receipt SET recorded_at = recorded_at - {DAY_MS}")
    desk.start()

    eventually(lambda: offset() != first)
