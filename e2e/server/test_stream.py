"""The event stream as a program without WebSockets uses it: the same promise, by `Last-Event-ID`."""

import http.client
import json

import pytest

from event_stream import EventStream, StreamEnded
from patience import eventually
from socket_clients import PythonClient
from told_alike import heard_by, make_history, without_numbers



def streams(desk) -> int:
    return desk.api.request("GET", "/health").body["event_stream"]["connections"]


def symbols(heard: list[dict]) -> list[str]:
    return [message["data"]["symbol"] for message in heard if message["type"] == "signal:new"]


def test_stream_begins_where_the_desk_is_and_tells_what_comes(desk):
    with EventStream(desk.port, "?as=alice") as stream:
        assert (stream.answer.status, stream.answer.headers["content-type"]) == (200, "text/event-stream")
        identity, connected = stream.next_event()
        assert connected["type"] == "connected" and connected["user"]["name"] == "alice"
        assert identity == f"{connected['epoch']}:{connected['offset']}"

        signal = desk.api.post_signal()

        identity, message = stream.next_event()
        assert (message["type"], message["data"], message["sequence_number"]) == ("signal:new", signal, 1)
        assert identity == f"{connected['epoch']}:{message['offset']}"


def test_stream_and_socket_are_told_the_same(desk):
    socket = PythonClient(desk.port, "/ws")
    try:
        with EventStream(desk.port) as stream:
            assert socket.next_message()["type"] == stream.next_message()["type"] == "connected"
            make_history(desk.api)

            assert without_numbers(heard_by(stream)) == without_numbers(heard_by(socket))
    finally:
        socket.close()


def test_after_sigkill_a_stream_goes_on_where_it_was(desk):
    with EventStream(desk.port) as stream:
        assert stream.next_message()["type"] == "connected"
        for symbol in ("AAPL", "MSFT", "NVDA"):
            desk.api.post_signal(symbol=symbol)
        assert symbols([stream.next_message()]) == ["AAPL"]
        last_event_id = stream.last_event_id

        desk.kill()

        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            while True:
                stream.next_event()

    desk.start()
    desk.api.post_signal(symbol="AMD")
    with EventStream(desk.port, last_event_id=last_event_id) as stream:
        heard = stream.until("resumed")
        desk.api.post_signal(symbol="INTC")
        heard.append(stream.next_message())

    assert symbols(heard) == ["MSFT", "NVDA", "AMD", "INTC"]
    assert heard[-2]["data"] | {"offset": None} == {"recovered": True, "replayed": 3, "offset": None}
    assert [message["sequence_number"] for message in heard] == list(range(6))


def test_sigterm_ends_the_stream_whole(desk):
    with EventStream(desk.port) as stream:
        assert stream.next_message()["type"] == "connected"

        assert desk.stop() == 0

        with pytest.raises(StreamEnded):
            stream.next_event()


def test_who_goes_away_leaves_no_stream_behind(desk):
    with EventStream(desk.port) as stream:
        assert stream.next_message()["type"] == "connected"
        assert streams(desk) == 1

    eventually(lambda: streams(desk) == 0, "the end of the stream")


def test_wrong_last_id_is_a_problem_that_names_it(desk):
    with EventStream(desk.port, last_event_id="yesterday") as stream:
        assert (stream.answer.status, stream.answer.headers["content-type"]) == (400, "application/problem+json")
        problem = json.load(stream.answer)

    assert problem["code"] == "invalid_request" and "Last-Event-ID" in problem["detail"]


def test_place_in_another_log_is_told_to_reload(desk):
    with EventStream(desk.port, last_event_id="nonsense:1") as stream:
        resumed = stream.until("resumed")[-1]["data"]

    assert (resumed["recovered"], resumed["reason"]) == (False, "epoch_changed")


def test_one_cursor_leads_on_over_all_transports(desk):
    """The stream's id in a list of events, the list's cursor in a list of signals, that one's halves on a socket."""
    with EventStream(desk.port) as stream:
        stream.next_message()
        desk.api.post_signal(symbol="AAPL")
        stream.next_message()
        cursor = stream.last_event_id

    desk.api.post_signal(symbol="MSFT")
    page = desk.api.request("GET", f"/api/v1/events?after={cursor}").body
    assert symbols(page["events"]) == ["MSFT"]

    desk.api.post_signal(symbol="NVDA")
    page = desk.api.request("GET", f"/api/v1/signals?since={page['cursor']}").body
    assert [signal["symbol"] for signal in page["signals"]] == ["NVDA"]

    desk.api.post_signal(symbol="AMD")
    epoch, _, since = page["cursor"].rpartition(":")
    socket = PythonClient(desk.port, f"/ws?epoch={epoch}&since={since}")
    try:
        assert symbols([socket.next_message() for _ in range(2)][1:]) == ["AMD"]
    finally:
        socket.close()
