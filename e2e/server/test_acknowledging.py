"""Who has read what outlives the process (DLV-01, DLV-05): what was not acknowledged comes to the user's next connection."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from websockets.sync.client import ClientConnection, connect

from patience import PATIENCE_SECONDS, eventually

# Nothing is released while these tests look.
pytestmark = pytest.mark.serve("--undo-seconds", "600")


class Reader:
    """A tab that acknowledges only what it is told to."""

    def __init__(self, connection: ClientConnection):
        self._connection = connection

    def next(self) -> dict:
        return json.loads(self._connection.recv(timeout=PATIENCE_SECONDS))

    def until(self, wanted: str) -> list[dict]:
        """Everything up to the first message of a type."""
        heard = [self.next()]
        while heard[-1]["type"] != wanted:
            heard.append(self.next())
        return heard

    def acknowledge(self, message: dict) -> None:
        self._connection.send(json.dumps({"type": "ack", "offset": message["offset"]}))

    def heard_before_pong(self) -> list[str]:
        """The types of what the server has sent by now."""
        self._connection.send('{"type":"ping"}')
        return [message["type"] for message in self.until("pong")]


@contextmanager
def reader(desk, name: str) -> Iterator[Reader]:
    with connect(f"{desk.url.replace('http', 'ws')}/ws?ack=1&as={name}") as connection:
        yield Reader(connection)


def receipts(desk, signal: dict) -> dict:
    return desk.api.request("GET", f"/api/v1/signals/{signal['id']}/receipts").body


def has_saved(desk, name: str, offset: int = 0) -> bool:
    """Whether the database knows this reader, and that they acknowledged so much."""
    with sqlite3.connect(desk.database) as database:
        row = database.execute("SELECT acknowledged FROM reader WHERE user = ?", [name]).fetchone()
    database.close()
    return row is not None and row[0] >= offset


def approved(desk, ann: Reader) -> dict:
    """An approval that Ann has acknowledged."""
    signal = desk.api.post_signal()
    assert desk.api.approve(signal["id"], "alice").status == 200
    approval = ann.until("approval_notification")[-1]
    ann.acknowledge(approval)
    eventually(lambda: receipts(desk, signal)["delivered"] == 1)
    return approval


def test_sigkill_leaves_what_waits_for_whom(desk):
    with reader(desk, "ann") as ann, reader(desk, "bo") as bo:
        approval = approved(desk, ann)
        signal = {"id": approval["data"]["signal_id"]}
        assert bo.until("approval_notification")[-1]["data"]["signal_id"] == signal["id"]
        eventually(lambda: has_saved(desk, "ann", approval["offset"]) and has_saved(desk, "bo"))
        desk.kill()
    desk.start()

    told = receipts(desk, signal)
    assert [(by["user"], by["seen_at"]) for by in told["seen"]] == [("ann", None)]
    assert [waiting["user"] for waiting in told["waiting"]] == ["bo"]
    assert told["sent_at"] is not None and told["waiting"][0]["offline_since"] is not None

    with reader(desk, "ann") as ann:
        assert ann.heard_before_pong() == ["connected", "pong"]
    with reader(desk, "bo") as bo:
        missed = bo.until("approval_notification")[-1]
        assert missed["data"]["signal_id"] == signal["id"] and missed["sequence_number"] == 1
        bo.acknowledge(missed)
        eventually(lambda: receipts(desk, signal)["delivered"] == 2)
    with reader(desk, "bo") as bo:
        assert bo.heard_before_pong() == ["connected", "pong"]


def test_what_was_decided_while_a_reader_was_away_waits_over_a_kill(desk):
    with reader(desk, "bo") as bo:
        bo.until("connected")
        eventually(lambda: has_saved(desk, "bo"))
    signals = [desk.api.post_signal(symbol=f"SYM{number}") for number in range(5)]
    for signal in signals:
        assert desk.api.approve(signal["id"], "alice").status == 200
    desk.kill()
    desk.start()

    with reader(desk, "bo") as bo:
        heard = [bo.until("approval_notification")[-1]["data"]["signal_id"] for _ in signals]
    assert heard == [signal["id"] for signal in signals]


def test_an_orderly_end_saves_what_was_acknowledged_last(desk):
    with reader(desk, "ann") as ann:
        approved(desk, ann)
        assert desk.stop() == 0
    desk.start()

    with reader(desk, "ann") as ann:
        assert ann.heard_before_pong() == ["connected", "pong"]
