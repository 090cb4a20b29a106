"""What this server can do of what the protocol may offer, asked before the run."""

import asyncio
import json
from dataclasses import dataclass

from websockets.asyncio.client import connect

from chaos.http_client import HttpClient
from chaos.stream_follower import STREAM_PATH

ANSWER_SECONDS_MAX = 60


@dataclass(frozen=True)
class Offers:
    stream: bool
    """`GET /api/v1/events/stream`."""
    acknowledgement: bool
    """`/ws?ack=1` with `{"type":"ack","offset":N}`."""


async def ask_for_offers(port: int) -> Offers:
    return Offers(await _has_stream(port), await _takes_acknowledgements(port))


async def _has_stream(port: int) -> bool:
    client = HttpClient(port)
    try:
        answer, _pieces = await client.open_stream(f"{STREAM_PATH}?as=asking", {"Accept": "text/event-stream"})
        return answer.status == 200
    finally:
        client.close()


async def _takes_acknowledgements(port: int) -> bool:
    """A server that knows none answers with an error; one that does says nothing to it."""
    async with connect(f"ws://127.0.0.1:{port}/ws?as=asking&ack=1") as connection, asyncio.timeout(ANSWER_SECONDS_MAX):
        await connection.send('{"type":"ack","offset":0}')
        await connection.send('{"type":"ping"}')
        while True:
            message = json.loads(await connection.recv())
            if message["type"] in ("pong", "error"):
                return message["type"] == "pong"
