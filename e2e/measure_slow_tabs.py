"""What tabs that take 5 kB/s cost the desk: its memory with many of them, listening to 5,000 prices a second.

    COUNTERSIGN_PROGRAM=.build/release/countersign .e2e/venv/bin/python e2e/measure_slow_tabs.py [tabs]

Then the same tabs read nothing any more while signals come, which is the most that they can cost.
"""

import json
import os
import re
import socket
import struct
import sys
import tempfile
import threading
import time
from pathlib import Path

from desk_api import a_signal
from desk_process import DeskProcess
from price_flood import PriceFlood
from socket_clients import HANDSHAKE_HEADERS

BYTES_PER_SECOND = 5_000
TICKS_PER_SECOND = 20
RECEIVE_BYTES = 4_096
PRICES_PER_SECOND = 5_000
FLOOD_SECONDS = 15
SIGNALS = 6_000
PING = 9


class SlowTab:
    """As little as a tab can be: it reads what it may, and answers pings."""

    def __init__(self, port: int, number: int):
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        self._socket.connect(("127.0.0.1", port))
        headers = {"Host": f"127.0.0.1:{port}", **HANDSHAKE_HEADERS}
        lines = [f"{name}: {value}" for name, value in headers.items()]
        self._socket.sendall("\r\n".join([f"GET /ws?as=slow-{number} HTTP/1.1", *lines, "", ""]).encode())
        self._bytes = b""
        while b"\r\n\r\n" not in self._bytes:
            self._bytes += self._socket.recv(256)
        self._bytes = self._bytes.partition(b"\r\n\r\n")[2]
        self._send(1, json.dumps({"type": "subscribe", "channel": "prices"}).encode())
        self._socket.setblocking(False)

    def read(self, count: int) -> None:
        try:
            self._bytes += self._socket.recv(count)
        except BlockingIOError:
            return
        while frame := self._frame():
            if frame[0] == PING:
                self._send(10, frame[1])

    def close(self) -> None:
        self._socket.close()

    def _frame(self) -> tuple[int, bytes] | None:
        if len(self._bytes) < 4:
            return None
        length, start = self._bytes[1] & 0x7f, 2
        if length == 126:
            length, start = struct.unpack(">H", self._bytes[2:4])[0], 4
        if len(self._bytes) < start + length:
            return None
        frame = self._bytes[0] & 15, self._bytes[start:start + length]
        self._bytes = self._bytes[start + length:]
        return frame

    def _send(self, opcode: int, payload: bytes) -> None:
        # Masked with zeros.
        self._socket.send(bytes([0x80 | opcode, 0x80 | len(payload)]) + bytes(4) + payload)


class Crowd:
    """All tabs, read by one thread."""

    def __init__(self, port: int, count: int):
        self.tabs = [SlowTab(port, number) for number in range(count)]
        self._reads = True
        self._thread = threading.Thread(target=self._read_all, daemon=True)
        self._thread.start()

    def read_no_more(self) -> None:
        self._reads = False
        self._thread.join()

    def _read_all(self) -> None:
        due = time.monotonic()
        while self._reads:
            for tab in self.tabs:
                tab.read(BYTES_PER_SECOND // TICKS_PER_SECOND)
            due += 1 / TICKS_PER_SECOND
            time.sleep(max(0.0, due - time.monotonic()))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        desk = DeskProcess(Path(folder))
        desk.start()
        try:
            measure(desk, count)
        finally:
            desk.discard()


def measure(desk: DeskProcess, count: int) -> None:
    flood(desk, seconds=3)  # so that what the desk itself needs is there
    alone = desk.memory_bytes
    crowd = Crowd(desk.port, count)
    time.sleep(2)
    tell("open and quiet", desk, alone, count)
    flood(desk, FLOOD_SECONDS)
    tell(f"with {PRICES_PER_SECOND} prices a second, {FLOOD_SECONDS} s", desk, alone, count)
    crowd.read_no_more()
    for _ in range(SIGNALS // 200):
        batch = [{"type": "signal:new", "data": a_signal(reasoning=os.urandom(256).hex())} for _ in range(200)]
        answer = desk.api.request("POST", "/api/v1/events", batch)
        assert answer.status == 202, answer
    time.sleep(2)
    tell(f"reading nothing, {SIGNALS} signals later", desk, alone, count)
    for tab in crowd.tabs:
        tab.close()


def flood(desk: DeskProcess, seconds: float) -> None:
    prices = PriceFlood(desk.port, PRICES_PER_SECOND)
    time.sleep(seconds)
    prices.end()


def tell(what: str, desk: DeskProcess, alone: int, count: int) -> None:
    metrics = desk.api.request("GET", "/metrics").body
    waiting = float(re.search(r"^countersign_outbox_bytes (\S+)", metrics, re.MULTILINE)[1])
    memory = desk.memory_bytes
    print(f"{count} tabs {what}: {memory / 1e6:.0f} MB, {(memory - alone) / count / 1e3:.1f} kB a tab more than alone; "
          f"{waiting / count / 1e3:.1f} kB a tab wait in the desk", flush=True)


if __name__ == "__main__":
    main()
