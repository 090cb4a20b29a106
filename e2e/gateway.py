"""A proxy between the browser and the desk, as companies have them: it refuses WebSockets or event streams, cuts
connections, or leaves them standing half-open."""

import re
import socket
import threading
from typing import Literal

Way = Literal["websocket", "events", "rest"]
HEAD_BYTES_MAX = 65_536
REFUSAL = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
UPGRADE = re.compile(rb"\r\nupgrade: *websocket", re.IGNORECASE)


class Gateway:
    """Lets everything through until told otherwise. What it refuses also ends where it is open."""

    def __init__(self, port: int):
        self._upstream_port = port
        self._blocked: set[Way] = set()
        self._links: set[_Link] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept)
        self._acceptor.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def block(self, *ways: Way) -> None:
        self._blocked.update(ways)
        self._end([link for link in self._open() if link.way in self._blocked])

    def let(self, *ways: Way) -> None:
        self._blocked.difference_update(ways)

    def is_blocked(self, way: Way) -> bool:
        return way in self._blocked

    def cut(self) -> None:
        """Every connection ends; new ones are welcome."""
        self._end(self._open())

    def silence(self, *ways: Way) -> None:
        """These connections stay, and nothing goes through them any more; new ones are welcome."""
        for link in self._open():
            if link.way in ways:
                link.flowing.clear()

    def close(self) -> None:
        # A listener that is only closed does not wake the thread that accepts.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join()
        self._end(self._open())

    def _open(self) -> "list[_Link]":
        with self._lock:
            return list(self._links)

    def _end(self, links: "list[_Link]") -> None:
        for link in links:
            link.close()
        for link in links:
            link.join()
        with self._lock:
            self._links.difference_update(links)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            link = _Link(self, client, self._upstream_port)
            with self._lock:
                self._links = {each for each in self._links if each.is_alive} | {link}


class _Link:
    """One connection of the browser and its counterpart to the desk."""

    def __init__(self, gateway: Gateway, client: socket.socket, port: int):
        self.way: Way = "rest"
        self.flowing = threading.Event()
        self.flowing.set()
        self._gateway, self._client = gateway, client
        self._closed = False
        self._desk: socket.socket | None = None
        self._back: threading.Thread | None = None
        self._forth = threading.Thread(target=self._run, args=(port,))
        self._forth.start()

    @property
    def is_alive(self) -> bool:
        return self._forth.is_alive()

    def close(self) -> None:
        self._closed = True
        self.flowing.set()
        for end in (self._client, self._desk):
            if end is not None:
                _shut(end)

    def join(self) -> None:
        self._forth.join()

    def _run(self, port: int) -> None:
        try:
            self._desk = socket.create_connection(("127.0.0.1", port))
            self._back = threading.Thread(target=self._pump, args=(self._desk, self._client))
            self._back.start()
            self._serve_requests()
        except OSError:
            pass
        finally:
            self.close()
            if self._back is not None:
                self._back.join()
            for end in (self._client, self._desk):
                if end is not None:
                    end.close()

    def _serve_requests(self) -> None:
        """Each head is looked at; a WebSocket's frames are not."""
        data = b""
        while True:
            while b"\r\n\r\n" not in data:
                more = self._client.recv(HEAD_BYTES_MAX)
                if not more or len(data) > HEAD_BYTES_MAX:
                    return
                data += more
            head, _, rest = data.partition(b"\r\n\r\n")
            self.way = _way_of(head)
            if self._gateway.is_blocked(self.way):
                self._client.sendall(REFUSAL)
                return
            length = CONTENT_LENGTH.search(head)
            left = int(length[1]) if length else 0
            while len(rest) < left:
                rest += self._client.recv(HEAD_BYTES_MAX)
            self._pass_on(self._desk, head + b"\r\n\r\n" + rest[:left])
            data = rest[left:]
            if self.way == "websocket":
                self._pass_on(self._desk, data)
                return self._pump(self._client, self._desk)

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(HEAD_BYTES_MAX):
                self._pass_on(sink, data)
        except OSError:
            pass
        # Whoever ends one side ends the other.
        for end in (source, sink):
            _shut(end)

    def _pass_on(self, sink: socket.socket, data: bytes) -> None:
        self.flowing.wait()
        if self._closed:
            raise ConnectionAbortedError
        sink.sendall(data)


def _way_of(head: bytes) -> Way:
    if UPGRADE.search(head):
        return "websocket"
    return "events" if b" /api/v1/events/stream" in head.split(b"\r\n", 1)[0] else "rest"


def _shut(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
