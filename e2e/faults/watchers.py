"""Everybody who would hear of an approval that leaves the desk: on a WebSocket, on an event stream, by polling, and as a
strategy that waits. They come back after a kill, at their place, as the page does."""

import http.client
import json
import threading
import time
import urllib.error
from abc import ABC, abstractmethod
from urllib.parse import urlencode

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from desk_process import DeskProcess
from event_stream import EventStream, StreamEnded
from patience import eventually

BETWEEN_ATTEMPTS_SECONDS = 0.1
SILENCE_SECONDS_MAX = 1.0
RELEASES = ("signal_approved", "signal:released")
BROKEN = (OSError, EOFError, http.client.HTTPException, urllib.error.URLError, WebSocketException, StreamEnded)


class Watcher(ABC):
    """One way of hearing; on a thread of its own."""

    transport: str

    def __init__(self, desk: DeskProcess):
        self.desk = desk
        self.released: list[str] = []
        """The ids of the signals of which it was told that they have left, as often as it was told."""
        self.faults: list[str] = []
        self.over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """When the desk is no more, so that nothing is waited for."""
        self.over.set()
        if self._thread.ident is not None:
            self._thread.join()

    @abstractmethod
    def listen(self) -> None:
        """Until the connection is lost."""

    def _run(self) -> None:
        while not self.over.is_set():
            try:
                self.listen()
            except BROKEN:
                time.sleep(BETWEEN_ATTEMPTS_SECONDS)
            except Exception as fault:  # told by the test
                self.faults.append(f"{self.transport}: {fault!r}")
                return


class LogWatcher(Watcher):
    """One that hears the messages of the log, each once and in order, over all restarts."""

    def __init__(self, desk: DeskProcess):
        super().__init__(desk)
        self.heard: list[tuple[str, str]] = []
        """The type and the text of each."""
        self.epoch: str | None = None
        self.offset = 0

    def hear(self, message: dict) -> None:
        if message["type"] == "connected" and self.epoch is None:
            self.epoch, self.offset = message["epoch"], message["offset"]
        if message["type"] == "resumed" and not message["data"]["recovered"]:
            self.faults.append(f"{self.transport}: it had to reload: {message}")
        if "offset" not in message or message["type"] == "connected":
            return
        if message["offset"] != self.offset + 1:
            self.faults.append(f"{self.transport}: {message['offset']} came after {self.offset}")
        self.offset = message["offset"]
        self.heard.append((message["type"], json.dumps(message)))
        if message["type"] in RELEASES:
            self.released.append(message.get("signal_id") or message["data"]["signal_id"])

    def has_heard(self, wanted: str, text: str) -> bool:
        """A message of this type that has this text in it somewhere."""
        return any(kind == wanted and text in said for kind, said in list(self.heard))


class SocketWatcher(LogWatcher):
    transport = "WebSocket"

    def listen(self) -> None:
        place = "" if self.epoch is None else "?" + urlencode({"epoch": self.epoch, "since": self.offset})
        with connect(f"ws://127.0.0.1:{self.desk.port}/ws{place}") as connection:
            while not self.over.is_set():
                try:
                    text = connection.recv(timeout=SILENCE_SECONDS_MAX)
                except TimeoutError:
                    continue
                message = json.loads(text)
                # What was resumed begins behind the place, not where the desk is now.
                self.hear(message)


class StreamWatcher(LogWatcher):
    transport = "event stream"

    def __init__(self, desk: DeskProcess):
        super().__init__(desk)
        self._last_event_id: str | None = None

    def listen(self) -> None:
        with EventStream(self.desk.port, last_event_id=self._last_event_id) as stream:
            while not self.over.is_set():
                message = stream.next_message()
                self.hear(message)
                if self.epoch is not None:
                    self._last_event_id = f"{self.epoch}:{self.offset}"


class PollWatcher(LogWatcher):
    transport = "polling"

    def listen(self) -> None:
        while not self.over.is_set():
            answer = self.desk.api.request("GET", f"/api/v1/events?after={self.offset}&limit=1000")
            if answer.status != 200:
                raise ConnectionError(answer.status)
            for message in answer.body["events"]:
                self.hear(message)
            self.over.wait(BETWEEN_ATTEMPTS_SECONDS)


class StrategyWatcher(Watcher):
    transport = "decision?wait"

    def __init__(self, desk: DeskProcess, signal_id: str):
        super().__init__(desk)
        self.signal_id = signal_id

    def listen(self) -> None:
        while not self.over.is_set():
            answer = self.desk.api.request("GET", f"/api/v1/signals/{self.signal_id}/decision?wait=5")
            if answer.status == 200 and answer.body["released"]:
                self.released.append(self.signal_id)
                self.over.set()
                return
            if answer.status != 200 or answer.body["settled"]:
                self.over.wait(BETWEEN_ATTEMPTS_SECONDS)


class Watchers:
    """All of them, around one desk."""

    def __init__(self, desk: DeskProcess):
        self._desk = desk
        self._logs: list[LogWatcher] = [SocketWatcher(desk), StreamWatcher(desk), PollWatcher(desk)]
        self._strategies: list[StrategyWatcher] = []
        self._markers = 0

    def start(self) -> None:
        for watcher in self._logs:
            watcher.start()
        eventually(lambda: all(watcher.epoch for watcher in self._logs[:2]), "the connections")

    def wait_for(self, signal: dict) -> None:
        """A strategy waits for what becomes of it."""
        self._strategies.append(StrategyWatcher(self._desk, signal["id"]))
        self._strategies[-1].start()

    def catch_up(self) -> None:
        """Returns when everybody has heard everything that was published until now."""
        self._markers += 1
        text = f"marker-{self._markers}"
        self._desk.api.post_event({"type": "notification", "data": {"id": text, "message": text, "type": "info"}})
        for watcher in self._logs:
            eventually(lambda watcher=watcher: watcher.has_heard("notification", text) or watcher.faults, f"{text} by {watcher.transport}")

    def have_heard(self, wanted: str, text: str) -> list[str]:
        """The transports that were told."""
        return [watcher.transport for watcher in self._logs if watcher.has_heard(wanted, text)]

    @property
    def everybody(self) -> list[Watcher]:
        return [*self._logs, *self._strategies]

    @property
    def released(self) -> dict[str, list[str]]:
        """What has left, by transport."""
        told: dict[str, list[str]] = {}
        for watcher in self.everybody:
            told.setdefault(watcher.transport, []).extend(watcher.released)
        return told

    @property
    def faults(self) -> list[str]:
        return [fault for watcher in self.everybody for fault in watcher.faults]

    def end(self) -> None:
        for watcher in self.everybody:
            watcher.over.set()
        for watcher in self.everybody:
            watcher.end()
