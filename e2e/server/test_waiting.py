"""Strategies that wait for a decision (C21): many at once, a release and nothing else to act on, and a server that dies."""

import asyncio
import json

from patience import PATIENCE_SECONDS, eventually

WAITERS = 1_000


async def waiter(port: int, signal_id: str, waiting: asyncio.Semaphore) -> dict:
    """One strategy on a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /api/v1/signals/{signal_id}/decision?wait=55 HTTP/1.1\r\n"
                 f"Host: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
    await writer.drain()
    waiting.release()
    answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), answer
    return json.loads(body)


def memory_kib(desk) -> int:
    with open(f"/proc/{desk.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def test_a_thousand_strategies_hear_of_one_release(desk, measurements):
    signal = desk.api.post_signal()
    before = memory_kib(desk)

    async def everybody() -> list[dict]:
        waiting = asyncio.Semaphore(0)
        waiters = [asyncio.create_task(waiter(desk.port, signal["id"], waiting)) for _ in range(WAITERS)]
        for _ in range(WAITERS):
            await waiting.acquire()
        approved = await asyncio.to_thread(desk.api.approve, signal["id"], "alice")
        assert approved.status == 200
        measurements.append(f"{WAITERS} waiting strategies: {(memory_kib(desk) - before) / WAITERS:.1f} KiB each")
        return await asyncio.wait_for(asyncio.gather(*waiters), PATIENCE_SECONDS)

    answers = asyncio.run(everybody())

    assert {answer["state"] for answer in answers} == {"released"}
    assert all(answer["released"] and answer["signal"]["released_at"] for answer in answers)
    assert [event["type"] for event in desk.api.events()] == [
        "signal:new", "approval_notification", "signal_approved"]


def test_who_asks_again_after_a_sigkill_gets_the_truth(desk):
    # Nothing leaves before the kill.
    desk.stop()
    desk.start("--undo-seconds", "600")
    decided, pending = desk.api.post_signal(), desk.api.post_signal(symbol="MSFT")

    async def interrupted() -> None:
        waiting = asyncio.Semaphore(0)
        tasks = [asyncio.create_task(waiter(desk.port, decided["id"], waiting)) for _ in range(5)]
        for _ in tasks:
            await waiting.acquire()
        approved = await asyncio.to_thread(desk.api.approve, decided["id"], "alice")
        assert approved.status == 200
        desk.kill()
        cut_off = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(answer, Exception) for answer in cut_off)

    asyncio.run(interrupted())
    desk.start()

    # Approved before the end of the process, released by the next one.
    def is_released() -> bool:
        answer = desk.api.request("GET", f"/api/v1/signals/{decided['id']}/decision?wait=5").body
        assert answer["released"] == (answer["state"] == "released") and answer["state"] in ("approved", "released")
        return answer["released"]

    eventually(is_released, "the release")
    assert desk.api.request("GET", f"/api/v1/signals/{pending['id']}/decision").body["state"] == "pending"
