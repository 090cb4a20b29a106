"""Two hundred decisions on one signal at once: one is made, and the audit log has one row of it (promise 1, issue 5)."""

import asyncio
import os
import random
import time
from typing import NamedTuple

import pytest

from chaos.http_client import HttpAnswer, HttpClient
from patience import PATIENCE_SECONDS

# The long form: COUNTERSIGN_CONTESTS=100.
CONTESTS = int(os.environ.get("COUNTERSIGN_CONTESTS", "5"))
DECISIONS = 200
# So many impatient people click twice: the same request under the same key.
CLICKED_TWICE = 40
DECIDED = ("signal_approved", "signal_rejected")
# By symbol there is nothing to decide on any more.
LOST = {"id": {"already_decided"}, "symbol": {"already_decided", "symbol_not_pending"}}
pytestmark = pytest.mark.serve("--undo-seconds", "600")


class Click(NamedTuple):
    user: str
    path: str
    body: bytes
    names: str
    """`id` or `symbol`: what it names the signal by."""
    key: str | None


def clicks_on(signal: dict, contest: int) -> list[Click]:
    """Approvals and rejections by all doors, of different people, some of them twice; in an order of its own every time."""
    chance = random.Random(contest)
    clicks = []
    for number in range(DECISIONS - CLICKED_TWICE):
        is_approval = chance.random() < 0.5
        verb, body = ("approve", b'{"status":"BUY"') if is_approval else ("reject", b'{"reason":"Risk too high"')
        by_symbol = b'%b,"symbol":"%b"}' % (body, signal["symbol"].encode())
        path, body, names = chance.choice([
            (f"/api/v1/signals/{signal['id']}/{verb}", body + b"}", "id"),
            (f"/api/v1/signals/{signal['symbol']}/{verb}", body + b"}", "symbol"), (f"/{verb}", by_symbol, "symbol")])
        is_repeated = number < CLICKED_TWICE
        key = f"click-{contest}-{number}" if is_repeated or chance.random() < 0.5 else None
        clicks += [Click(f"trader-{contest}-{number}", path, body, names, key)] * (2 if is_repeated else 1)
    chance.shuffle(clicks)
    return clicks


async def send(client: HttpClient, click: Click) -> HttpAnswer:
    headers = {} if click.key is None else {"Idempotency-Key": click.key}
    return await client.request("POST", f"{click.path}?as={click.user}", click.body, headers)


async def contest(clients: list[HttpClient], clicks: list[Click]) -> list[HttpAnswer]:
    return await asyncio.gather(*(send(client, click) for client, click in zip(clients, clicks, strict=True)))


def assert_one_was_made(desk, signal: dict, clicks: list[Click], answers: list[HttpAnswer]) -> None:
    winners = {click for click, answer in zip(clicks, answers, strict=True) if answer.status == 200}
    assert len(winners) == 1, winners
    winner = winners.pop()
    now = desk.api.signal(signal["id"])
    assert now["decision"]["decided_by"] == winner.user
    for click, answer in zip(clicks, answers, strict=True):
        if click == winner:
            # Who clicked twice got one answer twice.
            assert (answer.status, answer.body) == (200, now), answer
        else:
            assert answer.status == 409 and answer.body["code"] in LOST[click.names], answer
    audit = desk.api.request("GET", f"/api/v1/audit?signal={signal['id']}&order=oldest").body["entries"]
    assert [entry["type"] for entry in audit][:1] == ["signal_received"] and len(audit) == 2
    assert audit[1]["type"] in DECIDED and audit[1]["user"] == winner.user


def test_of_two_hundred_decisions_at_once_one_is_made_every_time(desk, measurements):
    async def all_contests() -> None:
        clients = [HttpClient(desk.port, PATIENCE_SECONDS) for _ in range(DECISIONS)]
        try:
            for number in range(CONTESTS):
                signal = await asyncio.to_thread(desk.api.post_signal, symbol=f"C{number}")
                clicks = clicks_on(signal, number)
                answers = await contest(clients, clicks)
                await asyncio.to_thread(assert_one_was_made, desk, signal, clicks, answers)
        finally:
            for client in clients:
                client.close()

    started = time.monotonic()
    asyncio.run(all_contests())
    rows = [entry["type"] for entry in all_entries(desk) if entry["type"] in DECIDED]
    assert len(rows) == CONTESTS
    measurements.append(f"{DECISIONS} mixed decisions on one signal at once, {CONTESTS} times in "
                        f"{time.monotonic() - started:.1f} s: {len(rows)} audit rows, one each time")


def all_entries(desk) -> list[dict]:
    entries, cursor = [], ""
    while True:
        page = desk.api.request("GET", f"/api/v1/audit?order=oldest&limit=500{cursor}").body
        entries += page["entries"]
        if not page["has_more"]:
            return entries
        cursor = f"&cursor={page['cursor']}"
