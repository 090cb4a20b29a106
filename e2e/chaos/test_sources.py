"""The load of the chaos test ends when its time is over, whatever became of the server."""

import asyncio

from chaos.ledger import Ledger
from chaos.sabotage import Saboteur
from chaos.sources import Sources


def test_load_ends_though_nobody_takes_what_is_queued():
    async def made() -> int:
        sources = Sources(1, Ledger(), Saboteur(frozenset()), clients=[])
        return await sources.load(messages_per_second=1_000_000, seconds=0.2)

    assert asyncio.run(made()) > 0
