"""A TCP proxy on loopback that does to each connection what the plan says."""

import asyncio
import socket
import struct
from collections import Counter
from contextlib import suppress
from random import Random

from chaos.fault_plan import CALM, ConnectionPlan, Fault, LaneKind, plan_connection
from chaos.frame_loss import FrameLoss

CHUNK_BYTES_MAX = 64 << 10
# Small, so that a slow client is felt by the server and not by buffers on the way.
BUFFER_BYTES = 16 << 10
# As on Ethernet: loopback's own are 64 KiB long, and the kernel makes the server's buffer megabytes large for them.
SEGMENT_BYTES = 1_460
THROTTLE_TICKS_PER_SECOND = 10
CONNECT_SECONDS_MAX = 5
# A half-closed connection that nobody ends.
HALF_CLOSED_SECONDS_MAX = 3
RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER: on, 0 s


class FaultProxy:
    """One listening port per lane. After `calm()` nothing goes wrong any more."""

    def __init__(self, seed: int, server_port: int):
        self.seed = seed
        self.server_port = server_port
        self.faults: Counter[str] = Counter()
        self.connections = 0
        self.is_calm = False
        self._servers: list[asyncio.Server] = []
        self._relays: set[Relay] = set()
        self._served: set[asyncio.Task] = set()

    async def open_lane(self, name: str, kind: LaneKind) -> int:
        """The port of a new lane."""
        numbers = iter(range(1 << 30))

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            served = asyncio.current_task()
            self._served.add(served)
            # A task that is cancelled at the end of the run is no fault to be told of.
            with suppress(asyncio.CancelledError):
                await self._serve(plan_connection(self.seed, name, kind, next(numbers)), reader, writer)
            self._served.discard(served)

        server = await asyncio.start_server(accept, "127.0.0.1", 0, limit=CHUNK_BYTES_MAX)
        self._servers.append(server)
        return server.sockets[0].getsockname()[1]

    def calm(self) -> None:
        """Faults that have begun end; none begins."""
        self.is_calm = True
        for relay in self._relays:
            relay.calm()

    async def close(self) -> None:
        for server in self._servers:
            server.close()
        served = set(self._served)
        for task in served:
            task.cancel()
        if served:
            await asyncio.wait(served)

    async def _serve(self, plan: ConnectionPlan, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.is_calm:
            plan = CALM
        if plan.fault is Fault.REFUSE:
            self.faults[Fault.REFUSE] += 1
            return _reset(writer)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
        try:
            server_reader, server_writer = await self._connect()
        except (OSError, TimeoutError):
            self.faults["server away"] += 1
            return _reset(writer)
        except asyncio.CancelledError:
            _reset(writer)
            raise
        relay = Relay(plan, (reader, writer), (server_reader, server_writer), self.faults)
        self._relays.add(relay)
        try:
            await relay.run()
        finally:
            self._relays.discard(relay)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        connection = socket.socket()
        connection.setblocking(False)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT_BYTES)
        try:
            async with asyncio.timeout(CONNECT_SECONDS_MAX):
                await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", self.server_port))
        except BaseException:
            connection.close()
            raise
        return await asyncio.open_connection(sock=connection, limit=CHUNK_BYTES_MAX)


class Relay:
    """One connection and its fate."""

    def __init__(self, plan: ConnectionPlan, client: tuple, server: tuple, faults: Counter[str]):
        self._plan = plan
        self._client_reader, self._client_writer = client
        self._server_reader, self._server_writer = server
        self._faults = faults
        self._random = Random(plan.delay_ms)
        self._flows = asyncio.Event()
        self._flows.set()
        self._bytes_left = plan.after_bytes if plan.fault is Fault.TRUNCATE else None
        self._loss = FrameLoss(plan.after_frames) if plan.fault is Fault.LOSE_FRAME else None
        self._ended: set[asyncio.StreamWriter] = set()

    async def run(self) -> None:
        fate = asyncio.create_task(self._fate())
        pumps = [asyncio.create_task(self._pump(self._client_reader, self._server_writer, is_answer=False)),
                 asyncio.create_task(self._pump(self._server_reader, self._client_writer, is_answer=True))]
        try:
            await asyncio.gather(*pumps)
        except OSError:
            pass  # one side was reset, and so will be the other
        finally:
            self.reset()
            for task in (fate, *pumps):
                task.cancel()
            await asyncio.gather(fate, *pumps, return_exceptions=True)

    def calm(self) -> None:
        """What has been swallowed so far goes on."""
        self._plan = CALM
        self._bytes_left = None
        if self._loss is not None:
            self._loss.spare()
        self._flows.set()

    def reset(self) -> None:
        """RST to both sides, whatever was on its way."""
        _reset(self._client_writer)
        _reset(self._server_writer)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, is_answer: bool) -> None:
        while data := await reader.read(self._chunk_bytes):
            await self._hold(len(data))
            if is_answer:
                data = self._changed(data)
            if writer in self._ended:
                continue
            writer.write(data)
            if self._bytes_left == 0:
                # The last bytes are in the kernel before the reset: the frame is cut, not lost.
                await writer.drain()
                self._happened()
                raise ConnectionResetError
            await writer.drain()
        self._end(writer)

    @property
    def _chunk_bytes(self) -> int:
        rate = self._plan.bytes_per_second
        return CHUNK_BYTES_MAX if rate is None else max(1, rate // THROTTLE_TICKS_PER_SECOND)

    async def _hold(self, count: int) -> None:
        await self._flows.wait()
        plan = self._plan
        delay_ms = max(0, plan.delay_ms + self._random.randint(-plan.jitter_ms, plan.jitter_ms))
        throttled = count / plan.bytes_per_second if plan.bytes_per_second else 0
        if delay_ms or throttled:
            await asyncio.sleep(delay_ms / 1_000 + throttled)
            await self._flows.wait()

    def _changed(self, data: bytes) -> bytes:
        if self._bytes_left is not None:
            data = data[:self._bytes_left]
            self._bytes_left -= len(data)
        if self._loss is not None:
            had_lost = self._loss.has_lost
            data = self._loss.pass_on(data)
            if self._loss.has_lost and not had_lost:
                self._happened()
        return data

    async def _fate(self) -> None:
        plan = self._plan
        if plan.fault not in (Fault.RESET, Fault.HALF_CLOSE, Fault.BLACKHOLE):
            return
        await asyncio.sleep(plan.after_ms / 1_000)
        if self._plan is not plan:
            return
        self._happened()
        if plan.fault is Fault.BLACKHOLE:
            self._flows.clear()
            await asyncio.sleep(plan.silent_ms / 1_000)
            self._flows.set()
            if plan.resumes or self._plan is not plan:
                return
        elif plan.fault is Fault.HALF_CLOSE:
            self._end(self._client_writer if plan.closed_towards == "client" else self._server_writer)
            await asyncio.sleep(HALF_CLOSED_SECONDS_MAX)
        self.reset()

    def _end(self, writer: asyncio.StreamWriter) -> None:
        """FIN: no more goes that way, the other way stays open."""
        if writer in self._ended or writer.transport.is_closing():
            return
        self._ended.add(writer)
        with suppress(OSError):
            writer.write_eof()

    def _happened(self) -> None:
        self._faults[self._plan.fault] += 1


def _reset(writer: asyncio.StreamWriter) -> None:
    if writer.transport.is_closing():
        return
    with suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    writer.transport.abort()
