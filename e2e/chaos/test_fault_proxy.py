"""The proxy does what the plan says, and says nothing it was not told to."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from chaos.fault_plan import ConnectionPlan, Fault, LaneKind
from chaos import fault_proxy
from chaos.fault_proxy import FaultProxy
from chaos.frame_loss import FrameLoss

TEXT = bytes(range(256)) * 40


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()


def through(plan: ConnectionPlan, monkeypatch: pytest.MonkeyPatch,
            talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter, FaultProxy], Awaitable]) -> Counter[str]:
    """Talks to an echo through one connection with this plan; the faults that happened."""
    monkeypatch.setattr(fault_proxy, "plan_connection", lambda *_: plan)

    async def go() -> Counter[str]:
        server = await asyncio.start_server(_echo, "127.0.0.1", 0)
        proxy = FaultProxy(0, server.sockets[0].getsockname()[1])
        port = await proxy.open_lane("lane", LaneKind.STREAM)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            async with asyncio.timeout(60):
                await talk(reader, writer, proxy)
        finally:
            writer.transport.abort()
            await proxy.close()
            server.close()
            # The echo sees that it is over.
            await asyncio.sleep(0.05)
        return proxy.faults

    return asyncio.run(go())


async def _expect_reset(reader: asyncio.StreamReader) -> bytes:
    heard = b""
    with pytest.raises(ConnectionResetError):
        while piece := await reader.read(65536):
            heard += piece
        pytest.fail("it was closed and not reset")
    return heard


@pytest.mark.parametrize("plan", [ConnectionPlan(), ConnectionPlan(delay_ms=5, jitter_ms=5),
                                  ConnectionPlan(bytes_per_second=200_000)], ids=str)
def test_slow_or_not_every_byte_arrives_in_order(plan, monkeypatch):
    async def talk(reader, writer, _proxy):
        writer.write(TEXT)
        writer.write_eof()
        assert await reader.read(-1) == TEXT

    assert through(plan, monkeypatch, talk) == {}


def test_truncated_connection_ends_in_the_middle_and_is_reset(monkeypatch):
    async def talk(reader, writer, _proxy):
        writer.write(TEXT)
        assert await _expect_reset(reader) == TEXT[:1_000]

    assert through(ConnectionPlan(Fault.TRUNCATE, after_bytes=1_000), monkeypatch, talk) == {Fault.TRUNCATE: 1}


@pytest.mark.parametrize("plan", [ConnectionPlan(Fault.REFUSE), ConnectionPlan(Fault.RESET, after_ms=20),
                                  ConnectionPlan(Fault.BLACKHOLE, silent_ms=50)], ids=str)
def test_a_reset_is_a_reset(plan, monkeypatch):
    async def talk(reader, _writer, _proxy):
        await _expect_reset(reader)

    assert through(plan, monkeypatch, talk) == {plan.fault: 1}


def test_blackhole_that_resumes_has_lost_nothing(monkeypatch):
    async def talk(reader, writer, _proxy):
        await asyncio.sleep(0.05)
        writer.write(TEXT)
        writer.write_eof()
        assert await reader.read(-1) == TEXT

    assert through(ConnectionPlan(Fault.BLACKHOLE, silent_ms=200, resumes=True), monkeypatch, talk) == {Fault.BLACKHOLE: 1}


def test_half_closed_connection_is_open_the_other_way(monkeypatch):
    heard = []

    async def talk(reader, writer, proxy):
        assert await reader.read(-1) == b""
        writer.write(b"still here")
        await writer.drain()
        heard.append(proxy.faults[Fault.HALF_CLOSE])

    through(ConnectionPlan(Fault.HALF_CLOSE, closed_towards="client"), monkeypatch, talk)
    assert heard == [1]


def test_calm_ends_what_has_begun(monkeypatch):
    async def talk(reader, writer, proxy):
        await asyncio.sleep(0.05)
        writer.write(TEXT)
        writer.write_eof()
        proxy.calm()
        assert await reader.read(-1) == TEXT

    through(ConnectionPlan(Fault.BLACKHOLE, silent_ms=60_000), monkeypatch, talk)


@pytest.mark.parametrize("lost", [1, 2, 3])
@pytest.mark.parametrize("cut", [1, 7, 100_000])
def test_one_whole_frame_is_lost_however_the_bytes_come(lost, cut):
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
    frames = [b"\x81\x05hello", b"\x81\x7e\x01\x00" + b"a" * 256, b"\x81\x7f" + (70_000).to_bytes(8) + b"b" * 70_000]
    stream = head + b"".join(frames)
    loss = FrameLoss(lost)

    passed = b"".join(loss.pass_on(stream[at:at + cut]) for at in range(0, len(stream), cut))

    assert passed == head + b"".join(frame for number, frame in enumerate(frames, 1) if number != lost)
    assert loss.has_lost
