"""The live connection as another program uses it: numbers without a hole, compressed by RFC 7692."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.sync.client import ClientConnection, connect

from patience import PATIENCE_SECONDS


# Nothing is released while these tests look.
pytestmark = pytest.mark.serve("--undo-seconds", "600")


class Socket:
    def __init__(self, connection: ClientConnection):
        self.connection = connection

    def next(self) -> dict:
        return json.loads(self.connection.recv(timeout=PATIENCE_SECONDS))

    def until(self, wanted: str) -> list[dict]:
        """Everything up to the first message of a type."""
        heard = [self.next()]
        while heard[-1]["type"] != wanted:
            heard.append(self.next())
        return heard


@contextmanager
def socket(desk, query: str = "", **options: object) -> Iterator[Socket]:
    with connect(f"{desk.url.replace('http', 'ws')}/ws{query}", **options) as connection:
        yield Socket(connection)


def test_compression_is_negotiated_and_long_messages_survive_it(desk):
    reasoning = ("Spring below support, low volume, test held. " * 80).strip()
    with socket(desk, "?as=alice") as live:
        assert any(isinstance(extension, PerMessageDeflate) for extension in live.connection.protocol.extensions)
        assert live.next()["type"] == "connected"

        desk.api.post_signal(reasoning=reasoning)

        assert live.until("signal:new")[-1]["data"]["reasoning"] == reasoning


def test_client_without_compression_gets_the_same(desk):
    with socket(desk, compression=None) as plain, socket(desk) as deflated:
        assert plain.connection.protocol.extensions == []
        desk.api.post_signal()

        heard = [live.until("signal:new")[-1] for live in (plain, deflated)]

    assert heard[0]["data"] == heard[1]["data"]
    assert heard[0]["offset"] == heard[1]["offset"]


def test_connected_comes_first_and_numbers_have_no_hole(desk):
    with socket(desk, "?as=alice") as live:
        first = live.next()
        assert (first["type"], first["sequence_number"], first["user"]["name"]) == ("connected", 0, "alice")

        for number in range(20):
            signal = desk.api.post_signal(symbol=f"SYM{number}")
            desk.api.approve(signal["id"], f"trader-{number}", note="Fine")
        heard = []
        while [message["type"] for message in heard].count("approval_notification") < 20:
            heard.append(live.next())

    assert [message["sequence_number"] for message in heard] == list(range(1, len(heard) + 1))
    offsets = [message["offset"] for message in heard if "offset" in message]
    assert offsets == list(range(first["offset"] + 1, first["offset"] + 41))


def test_approval_tells_who_what_when_and_why(desk):
    signal = desk.api.post_signal()
    with socket(desk) as live:
        assert desk.api.approve(signal["id"], "alice.smith", note="RSI oversold.").status == 200

        message = live.until("approval_notification")[-1]

    data = message["data"]
    assert (data["symbol"], data["approved_status"], data["approved_by"], data["note"]) == (
        "AAPL", "BUY", "alice.smith", "RSI oversold.")
    assert data["approved_at"].endswith("Z") and data["signal_id"] == signal["id"] and data["version"] == 2


def test_resuming_replays_what_was_missed_then_goes_live(desk):
    with socket(desk) as live:
        first = live.next()
    for symbol in ("AAPL", "MSFT", "NVDA"):
        desk.api.post_signal(symbol=symbol)

    with socket(desk, f"?epoch={first['epoch']}&since={first['offset']}") as live:
        heard = live.until("resumed")
        desk.api.post_signal(symbol="AMD")
        after = live.until("signal:new")[-1]

    assert [message["data"]["symbol"] for message in heard if message["type"] == "signal:new"] == ["AAPL", "MSFT", "NVDA"]
    assert heard[-1]["data"] | {"offset": None} == {"recovered": True, "replayed": 3, "offset": None}
    assert [message["sequence_number"] for message in heard] == [0, 1, 2, 3, 4]
    assert after["sequence_number"] == 5


def test_another_epoch_is_told_to_reload(desk):
    with socket(desk, "?epoch=nonsense&since=1") as live:
        resumed = live.until("resumed")[-1]["data"]

    assert (resumed["recovered"], resumed["reason"]) == (False, "epoch_changed")


def test_prices_come_only_to_who_asked(desk):
    price = {"type": "price_update", "symbol": "AAPL", "data": {"price": "185.50", "change": "2.30", "change_pct": "1.26",
                                                                "volume": 45_000_000}}
    with socket(desk) as silent, socket(desk) as asking:
        asking.connection.send(json.dumps({"type": "subscribe", "channel": "prices", "symbols": ["AAPL"]}))
        assert asking.until("subscription_confirmed")[-1]["data"]["symbols"] == ["AAPL"]

        desk.api.post_event(price)
        desk.api.post_signal()

        assert asking.until("price_update")[-1]["data"]["price"] == "185.50"
        assert "price_update" not in [message["type"] for message in silent.until("signal:new")]


@pytest.mark.parametrize(("frame", "code"), [
    (b"binary", 1003), ("x" * 100_000, 1009),
], ids=["binary", "too big"])
def test_bad_frames_close_this_connection_and_no_other(desk, frame, code):
    with socket(desk) as good, socket(desk) as bad:
        bad.connection.send(frame)
        with pytest.raises(ConnectionClosed) as closed:
            bad.until("never")
        assert closed.value.rcvd.code == code

        desk.api.post_signal()
        assert good.until("signal:new")[-1]["data"]["symbol"] == "AAPL"


@pytest.mark.parametrize(("text", "code"), [
    ('{"type":', "malformed_message"), ('{"type":"shout"}', "unknown_type"),
    ('{"type":"subscribe","channel":"invalid_channel"}', "unknown_channel"),
])
def test_nonsense_is_answered_and_the_connection_stays(desk, text, code):
    with socket(desk) as live:
        live.connection.send(text)
        assert live.until("error")[-1]["code"] == code

        live.connection.send('{"type":"ping"}')
        assert live.until("pong")[-1]["data"]["timestamp"]
