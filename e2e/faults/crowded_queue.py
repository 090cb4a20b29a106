"""More requests than the desk's queue holds, each on a connection of its own, while nobody is served."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from patience import PATIENCE_SECONDS

# What the queue holds, and what is taken out of it at once: `Desk.Limits` in Sources/Engine/Desk.swift.
QUEUED_REQUESTS_MAX = 10_000
BATCH_REQUESTS_MAX = 512
AT_ONCE_MAX = 256
SPARE_FILES = 500


class Crowd:
    """Posts notices, and counts what they are answered."""

    def __init__(self, port: int):
        self.answers: Counter[int] = Counter()
        self.is_full = threading.Event()
        self._port = port
        self._opening = asyncio.Semaphore(AT_ONCE_MAX)
        self._body = json.dumps({"type": "notification", "data": {"id": "n", "message": "m", "type": "info"}}).encode()

    async def post(self) -> None:
        async with self._opening:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(f"POST /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nContent-Type: application/json\r\n"
                     f"Content-Length: {len(self._body)}\r\nConnection: close\r\n\r\n".encode() + self._body)
        line = await reader.readline()
        self.answers[int(line.split()[1])] += 1
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    async def post_until_refused(self, count_max: int) -> None:
        """Adds to those who wait until some are told that there is no room, which more than the queue holds always are; then all
        answers are waited for."""
        waiting = set()
        while not self.answers[503]:
            if len(waiting) < count_max:
                waiting |= {asyncio.create_task(self.post()) for _ in range(AT_ONCE_MAX)}
            await asyncio.wait(waiting, timeout=0.05, return_when=asyncio.FIRST_COMPLETED)
        self.is_full.set()
        await asyncio.gather(*waiting)


@contextmanager
def crowded_queue(port: int) -> Iterator[Crowd]:
    """Full inside; whoever makes it so must let the desk go on before the end."""
    crowd = Crowd(port)
    count_max = QUEUED_REQUESTS_MAX + 2 * BATCH_REQUESTS_MAX + 2 * AT_ONCE_MAX
    thread = threading.Thread(target=lambda: asyncio.run(crowd.post_until_refused(count_max)), daemon=True)
    thread.start()
    assert crowd.is_full.wait(2 * PATIENCE_SECONDS), "the queue does not fill"
    yield crowd
    thread.join(2 * PATIENCE_SECONDS)
    assert not thread.is_alive(), "not everybody was answered"


def open_files_wanted() -> int:
    return QUEUED_REQUESTS_MAX + 2 * BATCH_REQUESTS_MAX + 3 * AT_ONCE_MAX + SPARE_FILES
