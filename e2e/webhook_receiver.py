"""A program that receives the desk's webhooks, checks every signature by itself, and misbehaves as it is told."""

import base64
import hashlib
import hmac
import json
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from patience import PATIENCE_SECONDS, eventually

HANG_SECONDS_MAX = PATIENCE_SECONDS
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def documented(name: str, language: str) -> str:
    """An example of docs/Webhooks.md."""
    page = (Path(__file__).parents[1] / "docs/Webhooks.md").read_text()
    return page.split(f"<!-- {name} -->")[1].split(f"```{language}")[1].split("```")[0]


def documented_check() -> Callable[[Mapping[str, str], bytes, str], bool]:
    """The function that docs/Webhooks.md gives to receivers."""
    names: dict = {}
    exec(documented("receiver", "python"), names)
    return names["is_from_the_desk"]


class Post(NamedTuple):
    id: str
    path: str
    body: dict
    answered: int | str


def signature(secret: str, webhook_id: str, timestamp: str, body: bytes) -> str:
    """Standard Webhooks, as the specification has it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    code = hmac.new(key, f"{webhook_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(code.digest()).decode()


class Receiver:
    """Takes everything (200), unless `behave` says what to do with the next ones: a status, or

    - "hold": takes it, and answers when `let_go` is called; "hang": never answers; "cut": hangs up;
    - "endless", "drip": a good answer whose body does not end, fast or slowly; "flood": an answer whose head does not end.

    :param certificate: a file with a certificate and its key, for TLS.
    """

    def __init__(self, certificate: Path | None = None) -> None:
        self._behaviours: list[int | str] = []
        self._posts: list[Post] = []
        self._lock = threading.Lock()
        self._is_from_the_desk = documented_check()
        self.faults: list[str] = []
        self._ending = threading.Event()
        self._letting_go = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._scheme = "http"
        if certificate is not None:
            self._scheme = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}/hook"

    @property
    def posts(self) -> list[Post]:
        with self._lock:
            return list(self._posts)

    def behave(self, *behaviours: int | str) -> None:
        with self._lock:
            self._behaviours = list(behaviours)

    def let_go(self) -> None:
        self._letting_go.set()

    def until(self, count: int) -> list[Post]:
        """Waits until so many posts have come; there may be more."""
        eventually(lambda: len(self.posts) >= count, f"one of {count} posts")
        return self.posts

    def close(self) -> None:
        self._ending.set()
        self._letting_go.set()
        self._server.shutdown()
        self._server.server_close()
        assert self.faults == [], "a post was not what it must be"

    def _take(self, handler: BaseHTTPRequestHandler) -> int | str:
        body = handler.rfile.read(int(handler.headers["content-length"]))
        webhook_id, timestamp = handler.headers["webhook-id"], handler.headers["webhook-timestamp"]
        signatures = (handler.headers["webhook-signature"] or "").split()
        with self._lock:
            if signature(SECRET, webhook_id, timestamp, body) not in signatures:
                self.faults.append(f"{webhook_id}: the signature does not fit")
            if not self._is_from_the_desk({name.lower(): value for name, value in handler.headers.items()}, body, SECRET):
                self.faults.append(f"{webhook_id}: the check of docs/Webhooks.md refuses it")
            if abs(time.time() - int(timestamp)) > 60:
                self.faults.append(f"{webhook_id}: the timestamp is {timestamp}")
            if handler.headers["content-type"] != "application/json":
                self.faults.append(f"{webhook_id}: {handler.headers['content-type']}")
            behaviour = self._behaviours.pop(0) if self._behaviours else 200
            self._posts.append(Post(webhook_id, handler.path, json.loads(body), behaviour))
        return behaviour

    def _handler(receiver) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                behaviour = receiver._take(self)
                if behaviour == "cut":
                    self.close_connection = True
                elif behaviour == "hang":
                    receiver._ending.wait(HANG_SECONDS_MAX)
                    self.close_connection = True
                elif behaviour == "hold":
                    receiver._letting_go.wait(HANG_SECONDS_MAX)
                    self._answer(200)
                elif behaviour == "endless":
                    self._say_without_end(b"x" * 0x4000, 0)
                elif behaviour == "drip":
                    self._say_without_end(b"x", 0.1)
                elif behaviour == "flood":
                    self._flood()
                else:
                    self._answer(behaviour)

            def _answer(self, status: int) -> None:
                try:
                    self.send_response(status)
                    if 300 <= status < 400:
                        self.send_header("location", "/elsewhere")
                    self.send_header("content-length", "2")
                    self.end_headers()
                    self.wfile.write(b"ok")
                except OSError:
                    # The desk was killed meanwhile.
                    self.close_connection = True

            def do_GET(self) -> None:
                receiver.faults.append(f"GET {self.path}: a redirect was followed")
                self.send_error(404)

            def _say_without_end(self, part: bytes, pause_seconds: float) -> None:
                self.send_response(200)
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()
                self.close_connection = True
                try:
                    while not receiver._ending.wait(pause_seconds):
                        self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
                except OSError:
                    pass

            def _flood(self) -> None:
                self.close_connection = True
                try:
                    self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                    while not receiver._ending.is_set():
                        self.wfile.write(b"x-more: " + b"x" * 1_000 + b"\r\n")
                except OSError:
                    pass

            def log_message(self, *arguments: object) -> None:
                pass

        return Handler
