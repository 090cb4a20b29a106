"""HTTP/1.1 over one connection at a time (RFC 9112), as far as the desk speaks it; what breaks is told as `NoAnswer`."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from typing import Any, NamedTuple, TypeVar

ANSWER_SECONDS_MAX = 5
LINE_BYTES_MAX = 64 << 10

Value = TypeVar("Value")


class NoAnswer(Exception):
    """Nobody knows whether the request was carried out."""


class HttpAnswer(NamedTuple):
    status: int
    headers: dict[str, str]
    """By lower-case name."""
    body: Any
    """JSON where it is JSON, else text."""


class HttpClient:
    """Keeps its connection while that is good; one request after the other."""

    def __init__(self, port: int, answer_seconds_max: float = ANSWER_SECONDS_MAX):
        self._port = port
        self._answer_seconds_max = answer_seconds_max
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def request(self, method: str, path: str, body: bytes | None = None,
                      headers: dict[str, str] | None = None) -> HttpAnswer:
        async def exchange() -> HttpAnswer:
            reader = await self._send(method, path, body, headers or {})
            status, answered = await _head(reader)
            text = b"".join([piece async for piece in _pieces(reader, answered)]).decode()
            if answered.get("connection", "").lower() == "close":
                self.close()
            return HttpAnswer(status, answered, json.loads(text) if "json" in answered.get("content-type", "") else text)

        return await self._or_no_answer(exchange(), self._answer_seconds_max)

    async def open_stream(self, path: str, headers: dict[str, str]) -> tuple[HttpAnswer, AsyncIterator[bytes]]:
        """The head of an answer that does not end by itself, and what comes of it. Its body is for whoever iterates."""
        async def begin() -> tuple[HttpAnswer, AsyncIterator[bytes]]:
            reader = await self._send("GET", path, None, headers)
            status, answered = await _head(reader)
            return HttpAnswer(status, answered, ""), _pieces(reader, answered)

        return await self._or_no_answer(begin(), self._answer_seconds_max)

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None

    async def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> asyncio.StreamReader:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=LINE_BYTES_MAX)
        reader, writer = self._streams
        fields = {"Host": f"127.0.0.1:{self._port}", "Content-Length": str(len(body or b"")), **headers}
        if body is not None:
            fields = {"Content-Type": "application/json", **fields}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
        writer.write("\r\n".join(lines).encode() + (body or b""))
        await writer.drain()
        return reader

    async def _or_no_answer(self, exchange: Awaitable[Value], seconds_max: float) -> Value:
        try:
            async with asyncio.timeout(seconds_max):
                return await exchange
        except (OSError, EOFError, ValueError, TimeoutError, asyncio.LimitOverrunError) as error:
            self.close()
            raise NoAnswer(f"{type(error).__name__}: {error}") from error
        except asyncio.CancelledError:
            self.close()
            raise


async def _head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    text = (await reader.readuntil(b"\r\n\r\n")).decode()
    status_line, *lines = text.split("\r\n")[:-2]
    _version, status, *_reason = status_line.split(" ")
    headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
    return int(status), headers


async def _pieces(reader: asyncio.StreamReader, headers: dict[str, str]) -> AsyncIterator[bytes]:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        yield await reader.readexactly(int(headers.get("content-length", "0")))
        return
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        yield await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
