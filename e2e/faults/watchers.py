"""Everybody who would hear of an approval that leaves the desk: on a WebSocket, on an event stream, by polling, and as a
strategy that waits. They come back after a kill, at their place, as the page does."""

import http.client
import json
import threading
import time
import urllib.error
from abc import ABC, abstractmethod
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
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
        if self.has_started:
            self._thread.join()

    @property
    def has_started(self) -> bool:
        return self._thread.ident is not None

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
        self.note(message)

    def note(self, message: dict) -> None:
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


class WebhookWatcher(LogWatcher):
    """A program that is told by webhook, at least once; what comes again is known by its id."""

    transport = "webhook"

    def __init__(self, desk: DeskProcess):
        super().__init__(desk)
        self._ids: set[str] = set()
        self.posts = 0
        """Repetitions too."""
        self.answers = threading.Event()
        """While it is clear, whoever posts waits for an answer."""
        self.answers.set()
        watcher = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # noqa: N802
                body = self.rfile.read(int(self.headers["content-length"]))
                watcher.take(self.headers["webhook-id"], json.loads(body))
                watcher.answers.wait()
                try:
                    self.send_response(200)
                    self.send_header("content-length", "0")
                    self.end_headers()
                except OSError:
                    pass  # the desk was killed meanwhile

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    def settings(self, folder: Path) -> list[str]:
        """Makes the desk post to it what leaves, and what `Watchers.catch_up` sends."""
        (folder / "webhook.secret").write_text("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")
        endpoint = {"url": f"http://127.0.0.1:{self._server.server_port}/", "secret": {"file": "webhook.secret"},
                    "events": ["signal_approved", "notification"], "retry_after_seconds": [1] * 32}
        (folder / "webhooks.json").write_text(json.dumps({"endpoints": {"watcher": endpoint}}))
        return ["--webhooks", str(folder / "webhooks.json")]

    def take(self, webhook_id: str, message: dict) -> None:
        self.posts += 1
        if webhook_id in self._ids:
            return
        self._ids.add(webhook_id)
        self.note(message)

    def listen(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def end(self) -> None:
        self.answers.set()
        if self.has_started:
            self._server.shutdown()
        self._server.server_close()
        super().end()


class Watchers:
    """All of them, around one desk."""

    def __init__(self, desk: DeskProcess, folder: Path, *, has_webhooks: bool = False):
        self._desk = desk
        self._logs: list[LogWatcher] = [SocketWatcher(desk), StreamWatcher(desk), PollWatcher(desk)]
        self.webhook = WebhookWatcher(desk) if has_webhooks else None
        if self.webhook is not None:
            self._logs.append(self.webhook)
            desk.settings += tuple(self.webhook.settings(folder))
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

    def until_released(self, signal: dict) -> None:
        """Everybody was told once that this one has left, and of no other."""
        def have_all() -> bool:
            return all(ids == [signal["id"]] for ids in self.released.values())

        try:
            eventually(have_all, "the release, on every transport")
        except AssertionError as late:
            raise AssertionError(f"{self.released}, {self.faults}, log: {[event['type'] for event in self._desk.api.events()]}") from late

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
