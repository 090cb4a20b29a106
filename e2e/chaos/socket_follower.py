"""A client of `/ws`: Python's `websockets`, compressed or not, fast or slow."""

import asyncio
import json
import socket
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from chaos.follower import STOPPED, Follower, MustReconnect, WentBack
from chaos.http_client import NoAnswer

OPEN_SECONDS_MAX = 5
# The desk pings every 30 s; a run has no time for that.
SILENCE_SECONDS_MAX = 6
BACKOFF_SECONDS = (0.1, 0.2, 0.4, 0.8, 1.6)
SUBSCRIBE_PRICES = json.dumps({"type": "subscribe", "channel": "prices"})
# With what else is sent, below the 100 messages a minute that the desk takes from one connection.
BETWEEN_ACKNOWLEDGEMENTS_SECONDS = 1
SLOW_BUFFER_BYTES = 8 << 10
SLOW_PAUSE_SECONDS = (2, 9)
SLOW_BETWEEN_PAUSES_SECONDS = (0.5, 3)
# The desk closes who has taken nothing for 60 s, and tells who missed 10,000 messages to reload: only a long run sees it.
SHARE_VERY_SLOW = 0.03
VERY_SLOW_PAUSE_SECONDS = 75
SHARE_AWAY = 0.02
AWAY_SECONDS = (60, 140)


@dataclass(frozen=True)
class SocketHabits:
    is_compressed: bool = True
    is_slow: bool = False
    acknowledges: bool = False


class SocketFollower:
    """Connects, resumes, and follows until it is told to stop."""

    def __init__(self, follower: Follower, port: int, habits: SocketHabits):
        self.follower = follower
        self.hurried = asyncio.Event()
        """No more pauses."""
        self.acknowledged_to = 0
        """Every critical message up to this offset was acknowledged, on some connection."""
        self.habits = habits
        self._port = port

    async def run(self) -> None:
        attempt = 0
        while True:
            attempt += 1
            try:
                await self.follower.prepare()
                if await self._follow():
                    attempt = 0
            except NoAnswer:
                pass
            except WentBack as error:
                self.follower.faults.append(str(error))
            cap = BACKOFF_SECONDS[min(attempt, len(BACKOFF_SECONDS) - 1)]
            await asyncio.sleep(self.follower.random.uniform(0.02, cap))
            if self.follower.random.random() < SHARE_AWAY:
                await self._pause(self.follower.random.uniform(*AWAY_SECONDS))
                self.follower.came_back()

    async def _follow(self) -> bool:
        """Whether this connection was ever live."""
        follower = self.follower
        why = "could not connect"
        helpers: list[asyncio.Task] = []
        try:
            async with self._connect() as connection:
                follower.figures.connections["websocket"] += 1
                follower.begin()
                why = STOPPED
                await connection.send(SUBSCRIBE_PRICES)
                helpers = self._helpers(connection)
                await self._listen(connection)
        except ConnectionClosed as error:
            why = f"close code {error.rcvd.code}" if error.rcvd is not None else "reset or cut"
        except MustReconnect:
            why = "a number was missing"
        except TimeoutError:
            why = "silence"
        except (OSError, EOFError, WebSocketException):
            why = "could not connect" if why != STOPPED else "reset or cut"
        finally:
            for helper in helpers:
                helper.cancel()
            was_live = follower.is_live
            follower.end(why)
        return was_live

    def _connect(self) -> connect:
        epoch, since = self.follower.resume_point()
        query = {"as": self.follower.name, "epoch": epoch, "since": since}
        if self.habits.acknowledges:
            query["ack"] = 1
        options: dict = {"compression": "deflate" if self.habits.is_compressed else None}
        if self.habits.is_slow:
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SLOW_BUFFER_BYTES)
            connection.connect(("127.0.0.1", self._port))
            connection.setblocking(False)
            options |= {"sock": connection, "max_queue": 2}
        return connect(f"ws://127.0.0.1:{self._port}/ws?{urlencode(query)}", open_timeout=OPEN_SECONDS_MAX,
                       close_timeout=0.2, ping_interval=None, max_size=1 << 20, **options)

    def _helpers(self, connection: ClientConnection) -> list[asyncio.Task]:
        helpers = [asyncio.create_task(self._ask_now_and_then(connection))]
        if self.habits.acknowledges:
            helpers.append(asyncio.create_task(self._acknowledge(connection)))
        return helpers

    async def _listen(self, connection: ClientConnection) -> None:
        loop = asyncio.get_running_loop()
        random = self.follower.random
        pause_at = loop.time() + random.uniform(*SLOW_BETWEEN_PAUSES_SECONDS)
        while True:
            async with asyncio.timeout(SILENCE_SECONDS_MAX):
                text = await connection.recv()
            self.follower.hear(text)
            if self.habits.is_slow and loop.time() > pause_at:
                is_long = random.random() < SHARE_VERY_SLOW
                await self._pause(VERY_SLOW_PAUSE_SECONDS if is_long else random.uniform(*SLOW_PAUSE_SECONDS))
                pause_at = loop.time() + random.uniform(*SLOW_BETWEEN_PAUSES_SECONDS)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.hurried.wait(), seconds)

    async def _ask_now_and_then(self, connection: ClientConnection) -> None:
        """So that a silent connection is a dead one."""
        with suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(SILENCE_SECONDS_MAX / 3)
                await connection.send('{"type":"ping"}')

    async def _acknowledge(self, connection: ClientConnection) -> None:
        """The last critical message that was applied, and with it all before; again when one comes again."""
        follower = self.follower
        acknowledged = 0
        with suppress(ConnectionClosed):
            while True:
                if follower.critical_offset > acknowledged or follower.must_acknowledge_again:
                    acknowledged = follower.critical_offset
                    follower.must_acknowledge_again = False
                    await connection.send(json.dumps({"type": "ack", "offset": acknowledged}))
                    self.acknowledged_to = acknowledged
                await asyncio.sleep(BETWEEN_ACKNOWLEDGEMENTS_SECONDS)
