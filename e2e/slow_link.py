"""A narrow line between a client and the desk: so many bytes a second in each direction, and a queue before it."""

import socket
import threading
import time
from contextlib import suppress

TICKS_PER_SECOND = 50
# As on Ethernet; loopback's own segments are 64 KiB long.
SEGMENT_BYTES = 1_000


class SlowLink:
    """A TCP proxy on a port of its own. What the queue does not hold waits at the desk."""

    def __init__(self, desk_port: int, bytes_per_second: int, queue_bytes: int):
        self._desk_port = desk_port
        self._bytes_per_second = bytes_per_second
        self._queue_bytes = queue_bytes
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        for each in [self._listener, *self._sockets]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                desk = socket.socket()
                desk.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._queue_bytes)
                desk.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT_BYTES)
                desk.connect(("127.0.0.1", self._desk_port))
                for each in (client, desk):
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._sockets += [client, desk]
                for source, target in ((client, desk), (desk, client)):
                    threading.Thread(target=self._pump, args=(source, target), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        free_at = time.monotonic()
        with suppress(OSError):
            while data := source.recv(max(1, self._bytes_per_second // TICKS_PER_SECOND)):
                # The bytes have come through when the last of them has.
                free_at = max(free_at, time.monotonic()) + len(data) / self._bytes_per_second
                time.sleep(max(0.0, free_at - time.monotonic()))
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
