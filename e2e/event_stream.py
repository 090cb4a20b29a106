"""Server-sent events, read with the standard library as the HTML Living Standard says."""

import http.client
import json
from typing import NamedTuple

from patience import PATIENCE_SECONDS


class Event(NamedTuple):
    id: str | None
    data: dict


class StreamEnded(Exception):
    """The answer is complete: the desk ended the stream by itself."""


class EventStream:
    def __init__(self, port: int, query: str = "", last_event_id: str | None = None):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        headers = {} if last_event_id is None else {"Last-Event-ID": last_event_id}
        self._connection.request("GET", f"/api/v1/events/stream{query}", headers=headers)
        self.answer = self._connection.getresponse()
        self._bytes = b""
        # What a browser would say when it reconnects.
        self.last_event_id = last_event_id

    def next_event(self) -> Event:
        """Raises `StreamEnded` at the end, and what `http.client` raises when the connection breaks within the answer."""
        identity, data = None, []
        while True:
            name, _, value = self._line().partition(":")
            match name:
                case "id":
                    identity = self.last_event_id = value.removeprefix(" ")
                case "data":
                    data.append(value.removeprefix(" "))
                case "" if not value and data:
                    return Event(identity, json.loads("\n".join(data)))

    def _line(self) -> str:
        # Not `readline`, which takes a broken connection for the end of the answer.
        while b"\n" not in self._bytes:
            more = self.answer.read1(65536)
            if not more:
                raise StreamEnded
            self._bytes += more
        line, _, self._bytes = self._bytes.partition(b"\n")
        return line.decode()

    def next_message(self) -> dict:
        return self.next_event().data

    def until(self, wanted: str) -> list[dict]:
        """Everything up to the first message of a type."""
        heard = [self.next_message()]
        while heard[-1]["type"] != wanted:
            heard.append(self.next_message())
        return heard

    def close(self) -> None:
        self.answer.close()
        self._connection.close()

    def __enter__(self) -> "EventStream":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
