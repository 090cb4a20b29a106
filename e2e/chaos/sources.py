"""Sources that post at a steady rate and send each request again, under its key, until the desk has acknowledged it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random

from chaos.event_maker import FLOOD_MESSAGES, EventMaker, Request
from chaos.http_client import HttpAnswer, HttpClient, NoAnswer
from chaos.ledger import Ledger, Write
from chaos.sabotage import Sabotage, Saboteur

RETRY_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8)
# While the server is away the load waits rather than grow without end.
WAITING_REQUESTS_MAX = 500
EXPIRY_AFTER_END_SECONDS = 2
TICK_SECONDS = 0.05


class Sources:
    def __init__(self, seed: int, ledger: Ledger, saboteur: Saboteur, clients: list[HttpClient]):
        self._maker = EventMaker(seed)
        self._random = Random(f"{seed}/sources")
        self._ledger = ledger
        self._saboteur = saboteur
        self._executed: set[str] = set()
        self._queue: asyncio.Queue[Request] = asyncio.Queue(WAITING_REQUESTS_MAX)
        self._tasks = [asyncio.create_task(self._post_all(client)) for client in clients]

    async def load(self, messages_per_second: float, seconds: float) -> int:
        """Returns when the time is over; how many messages were made. A flood comes on top of the rate."""
        loop = asyncio.get_running_loop()
        started, made, paced = loop.time(), 0, 0
        last_expiry = datetime.now(UTC) + timedelta(seconds=seconds + EXPIRY_AFTER_END_SECONDS)
        # Nobody empties the queue of a server that does not come back.
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    while paced < (loop.time() - started) * messages_per_second:
                        request = self._maker.next_request(datetime.now(UTC), last_expiry)
                        await self._queue.put(request)
                        made += request.messages
                        paced += 0 if request.messages == FLOOD_MESSAGES else request.messages
                    await asyncio.sleep(TICK_SECONDS)
        return made

    def execute(self, signal_id: str) -> None:
        """After a release, as a broker reports it. Not worth waiting for while the queue is full."""
        if signal_id not in self._executed and not self._queue.full():
            self._executed.add(signal_id)
            self._queue.put_nowait(self._maker.execution(signal_id))

    async def say_last_word(self) -> None:
        await self._queue.put(self._maker.last_word())
        await self.finish()

    async def finish(self) -> None:
        """Until everything that was queued is acknowledged."""
        await self._queue.join()

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _post_all(self, client: HttpClient) -> None:
        while True:
            request = await self._queue.get()
            write = self._ledger.write(request)
            if self._saboteur.strikes(Sabotage.FORGET_WRITE):
                write.is_acknowledged = True
            else:
                await self._post(client, write)
            if self._saboteur.strikes(Sabotage.WRITE_TWICE):
                await self._send(client, request, key=f"{request.key}-again")
            self._queue.task_done()

    async def _post(self, client: HttpClient, write: Write) -> None:
        async for _ in _retries(self._random):
            write.attempts += 1
            answer = await self._send(client, write.request, write.request.key)
            if answer is None or answer.status >= 500:
                continue
            write.is_acknowledged = answer.status in (201, 202)
            write.is_refused = not write.is_acknowledged
            if write.is_refused and not _is_too_late(answer):
                self._ledger.surprises.append(f"{write.request.body[:200]} got {answer.status} {answer.body}"[:600])
            return

    async def _send(self, client: HttpClient, request: Request, key: str) -> HttpAnswer | None:
        headers = {"Idempotency-Key": key, "Content-Type": request.content_type}
        try:
            answer = await client.request("POST", request.path, request.body, headers)
        except NoAnswer:
            self._ledger.answers["post: none"] += 1
            return None
        self._ledger.answers[f"post: {answer.status}"] += 1
        return answer


def _is_too_late(answer: HttpAnswer) -> bool:
    """The faults took so long that a signal of the request has expired before the desk ever heard of it."""
    faults = answer.body.get("errors", [])
    return answer.status == 400 and bool(faults) and all(fault["pointer"].endswith("/expires_at") for fault in faults)


async def _retries(random: Random) -> AsyncIterator[int]:
    """One attempt after the other, with growing pauses."""
    attempt = 0
    while True:
        yield attempt
        await asyncio.sleep(random.uniform(0.01, RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)]))
        attempt += 1
