"""Who is here and who looks at a signal: a claim goes with its connection, however that ends."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack

from websockets.sync.client import ClientConnection, connect

from patience import PATIENCE_SECONDS

# A tab in a process of its own, so that it can be killed. It says when it is looking.
LOOKER = """
import json, sys
from websockets.sync.client import connect
with connect(sys.argv[1]) as tab:
    tab.recv()
    tab.send(json.dumps({"type": "looking", "signal_id": sys.argv[2]}))
    tab.send('{"type":"ping"}')
    while json.loads(tab.recv())["type"] != "pong":
        pass
    print("looking", flush=True)
    sys.stdin.read()
"""


def address(desk, name: str) -> str:
    return f"{desk.url.replace('http', 'ws')}/ws?as={name}"


def lookers(presence: dict, signal: dict) -> list[str]:
    return [look["user"] for look in presence["looking"] if look["signal_id"] == signal["id"]]


def told(tab: ClientConnection, is_so: Callable[[dict], bool]) -> dict:
    """The first `presence:updated` that is so."""
    while True:
        message = json.loads(tab.recv(timeout=PATIENCE_SECONDS))
        if message["type"] == "presence:updated" and is_so(message["data"]):
            return message["data"]


def test_a_claim_drops_when_its_client_is_killed_or_its_socket_closed(desk):
    signal = desk.api.post_signal()
    with connect(address(desk, "ann")) as ann:
        ann.send('{"type":"subscribe","channel":"presence"}')
        command = [sys.executable, "-c", LOOKER, address(desk, "bo"), signal["id"]]
        bo = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            assert bo.stdout.readline().strip() == b"looking"
            told(ann, lambda data: lookers(data, signal) == ["bo"])
        finally:
            bo.kill()
            bo.communicate()
        seen = told(ann, lambda data: not data["looking"])
        assert [user["user"] for user in seen["users"]] == ["ann"]

        with connect(address(desk, "cy")) as cy:
            cy.send(json.dumps({"type": "looking", "signal_id": signal["id"]}))
            told(ann, lambda data: lookers(data, signal) == ["cy"])
            cy.socket.shutdown(socket.SHUT_RDWR)
        told(ann, lambda data: not data["looking"] and data["users_count"] == 1)


def test_a_decision_ends_all_claims_and_was_held_up_by_none(desk):
    signal = desk.api.post_signal()
    with connect(address(desk, "ann")) as ann:
        ann.send('{"type":"subscribe","channel":"presence"}')
        ann.send(json.dumps({"type": "looking", "signal_id": signal["id"]}))
        told(ann, lambda data: lookers(data, signal) == ["ann"])
        assert desk.api.approve(signal["id"], "bo").status == 200
        told(ann, lambda data: not data["looking"] and data["users_count"] == 1)


def test_tabs_that_come_together_are_told_together(desk, measurements):
    count = 200
    begin = time.monotonic()
    with ExitStack() as end:
        tabs = []
        for number in range(count):
            tab = end.enter_context(connect(address(desk, f"user{number}")))
            tabs.append(tab)
            tab.send('{"type":"subscribe","channel":"presence"}')
        heard = 0
        for tab in tabs:
            while True:
                message = json.loads(tab.recv(timeout=PATIENCE_SECONDS))
                heard += message["type"] == "presence:updated"
                if message["type"] == "presence:updated" and message["data"]["users_count"] == count:
                    break
        seconds = time.monotonic() - begin
    measurements.append(f"{count} tabs in {seconds:.1f} s: {heard} of presence:updated, one each for each would be {count * count}")
    # Each hears of it four times a second at most, and once more at the end.
    assert heard <= count * (4 * seconds + 2)
