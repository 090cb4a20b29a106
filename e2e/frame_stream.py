"""A WebSocket connection read by hand (RFC 6455, RFC 7692): what came on the wire, and what it means."""

import json
import zlib
from collections.abc import Callable
from typing import NamedTuple

DEFLATE_TAIL = b"\x00\x00\xff\xff"
TEXT, CLOSE, PING = 1, 8, 9


class Frame(NamedTuple):
    opcode: int
    is_compressed: bool
    payload: bytes


class FrameStream:
    """Reads the answer to a handshake, then frames. The inflater lives as long as the connection: a message may refer to
    earlier ones unless the answer says `server_no_context_takeover`."""

    def __init__(self, read: Callable[[], bytes]):
        self._read = read
        self._bytes = b""
        self._inflater: zlib._Decompress | None = None
        self.compressed_messages = 0

    def handshake(self) -> tuple[str, dict[str, str]]:
        """The status line and the headers, by lower-case name."""
        while b"\r\n\r\n" not in self._bytes:
            self._more()
        head, self._bytes = self._bytes.split(b"\r\n\r\n", 1)
        status, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
        self._agree(headers.get("sec-websocket-extensions"))
        return status, headers

    def next_message(self) -> dict:
        """The next JSON message; pings and pongs are passed over."""
        while True:
            frame = self._next_frame()
            assert frame.opcode != CLOSE, f"closed: {frame.payload!r}"
            if frame.opcode == TEXT:
                return json.loads(self._content(frame))

    def _agree(self, extension: str | None) -> None:
        if extension is None:
            return
        name, *parameters = [part.strip() for part in extension.split(";")]
        assert name == "permessage-deflate"
        values = dict((parameter.split("=") + [""])[:2] for parameter in parameters)
        self._window_bits = int(values.get("server_max_window_bits") or 15)
        self._forgets = "server_no_context_takeover" in values
        self._inflater = zlib.decompressobj(-self._window_bits)

    def _content(self, frame: Frame) -> bytes:
        if not frame.is_compressed:
            return frame.payload
        assert self._inflater is not None, "compressed, though nobody agreed on it"
        if self._forgets:
            self._inflater = zlib.decompressobj(-self._window_bits)
        self.compressed_messages += 1
        # A byte at a time: what refers further back than the window that was agreed on is then an error.
        payload = frame.payload + DEFLATE_TAIL
        return b"".join(self._inflater.decompress(payload[at:at + 1]) for at in range(len(payload)))

    def _next_frame(self) -> Frame:
        first, second = self._take(2)
        assert first & 0xB0 == 0x80, f"not whole, or RSV2 or RSV3: {first:#x}"
        assert second < 0x80, "a server's frame must not be masked"
        length = second
        if length == 126:
            length = int.from_bytes(self._take(2))
            assert length > 125
        elif length == 127:
            length = int.from_bytes(self._take(8))
            assert length > 0xFFFF
        return Frame(first & 0x0F, bool(first & 0x40), self._take(length))

    def _take(self, count: int) -> bytes:
        while len(self._bytes) < count:
            self._more()
        taken, self._bytes = self._bytes[:count], self._bytes[count:]
        return taken

    def _more(self) -> None:
        piece = self._read()
        assert piece, "the server ended the connection"
        self._bytes += piece
