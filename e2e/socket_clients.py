"""WebSocket clients of many makers, all used alike: `next_message` gives the messages one by one, as JSON."""

import json
import os
import socket
import subprocess
import threading
from contextlib import ExitStack
from pathlib import Path

from websockets.sync.client import connect

from frame_stream import FrameStream
from patience import PATIENCE_SECONDS

NODE_PROGRAM = Path(__file__).parent / "node_client.js"
# Debian's own node looks there by itself; any other must be told.
NODE_MODULES = "/usr/share/nodejs"

HANDSHAKE_HEADERS = {
    "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Extensions": "permessage-deflate",
}
ACCEPTED_KEY = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # the example of RFC 6455, section 1.3


class PythonClient:
    """The package `websockets`."""

    def __init__(self, port: int, path: str):
        self._end = ExitStack()
        self._connection = self._end.enter_context(
            connect(f"ws://127.0.0.1:{port}{path}", open_timeout=PATIENCE_SECONDS))
        self.extensions = self._connection.response.headers.get("Sec-WebSocket-Extensions", "")

    def next_message(self) -> dict:
        return json.loads(self._connection.recv(timeout=PATIENCE_SECONDS))

    def close(self) -> None:
        self._end.close()


class ProcessClient:
    """A program that writes what it hears to its standard output. One that goes silent is killed, which ends the reading."""

    def __init__(self, *command: str):
        environment = {**os.environ, "NODE_PATH": NODE_MODULES}
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment)
        self._watchdog = threading.Timer(PATIENCE_SECONDS, self._process.kill)
        self._watchdog.start()

    @property
    def output(self):
        return self._process.stdout

    def close(self) -> None:
        self._watchdog.cancel()
        self._process.kill()
        self._process.wait()
        self.output.close()


class NodeClient(ProcessClient):
    """The module `ws`. Its program writes the extensions, then each message, on a line of its own."""

    def __init__(self, port: int, path: str):
        super().__init__("node", str(NODE_PROGRAM), f"ws://127.0.0.1:{port}{path}")
        self.extensions = json.loads(self._line())["extensions"]

    def next_message(self) -> dict:
        return json.loads(self._line())

    def _line(self) -> bytes:
        line = self.output.readline()
        assert line, "node ended"
        return line


class StreamClient:
    """One that reads frames by hand."""

    stream: FrameStream

    def _shake_hands(self) -> None:
        status, self.headers = self.stream.handshake()
        assert status == "HTTP/1.1 101 Switching Protocols", status
        assert self.headers["sec-websocket-accept"] == ACCEPTED_KEY
        self.extensions = self.headers.get("sec-websocket-extensions", "")

    def next_message(self) -> dict:
        return self.stream.next_message()


class CurlClient(StreamClient):
    """curl, which knows the upgrade but no frames: it writes them out as they come."""

    def __init__(self, port: int, path: str):
        headers = [part for name, value in HANDSHAKE_HEADERS.items() for part in ("--header", f"{name}: {value}")]
        self._program = ProcessClient("curl", "--silent", "--include", "--no-buffer", "--http1.1", *headers,
                                      f"http://127.0.0.1:{port}{path}")
        self.stream = FrameStream(lambda: self._program.output.read1(65536))
        self._shake_hands()

    def close(self) -> None:
        self._program.close()


class RawClient(StreamClient):
    """A bare socket, with the extension offered as one likes."""

    def __init__(self, port: int, path: str, offer: str | None = "permessage-deflate"):
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
        headers = {"Host": f"127.0.0.1:{port}", **HANDSHAKE_HEADERS, "Sec-WebSocket-Extensions": offer}
        lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
        self._socket.sendall("\r\n".join([f"GET {path} HTTP/1.1", *lines, "", ""]).encode())
        self.stream = FrameStream(lambda: self._socket.recv(65536))
        self._shake_hands()

    def close(self) -> None:
        self._socket.close()
