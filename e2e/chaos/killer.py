"""The server as a real process, which dies as the plan says and comes back on the same port and database."""

import asyncio
import socket
import sqlite3
import time
from pathlib import Path
from random import Random

from chaos.fault_plan import Death
from chaos.figures import Figures
from chaos.sabotage import Sabotage, Saboteur
from desk_process import DeskProcess

# Below those that the kernel gives to clients: while the server is away nobody may take its port by chance.
PORTS = (20_000, 32_000)
PORT_ATTEMPTS_MAX = 50
FORGOTTEN_EVENTS = 200
# docs/Operations.md, "The hash chain": all other types are kept for ever.
TRIMMED_TYPES = ("pattern", "portfolio", "campaign", "session", "algorithm", "alert", "notice", "risk")
LOG_CHARACTERS_TOLD = 1_000
# Signals of a third of the symbols take two people; a second death of the server must not make them one.
POLICY = """
countersign_policy: 1
version: chaos
default_role: trader
rules:
  - name: four eyes
    when: {symbol: [SYM0, SYM3, SYM6, SYM9, SYM12, SYM15, SYM18, SYM21]}
    approvals: {trader: 2}
"""


class Killer:
    def __init__(self, folder: Path, figures: Figures, saboteur: Saboteur):
        self.desk = DeskProcess(folder)
        self.desk.port = _free_port()
        self._policy = folder / "policy.yaml"
        self._policy.write_text(POLICY)
        self.faults: list[str] = []
        self.is_gone = False
        """It did not come back, and the run is over."""
        self._figures = figures
        self._saboteur = saboteur

    async def start(self) -> None:
        started = time.monotonic()
        await asyncio.to_thread(self.desk.start, "--log-level", "notice", "--policy", str(self._policy))
        self._figures.starts += 1
        self._figures.start_ms.append((time.monotonic() - started) * 1_000)
        self._figures.server_back_at = time.monotonic()

    async def carry_out(self, deaths: list[Death]) -> None:
        """Deaths count from now; one that comes while the server is still starting waits for that."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        for death in deaths:
            await asyncio.sleep(began + death.at_ms / 1_000 - loop.time())
            try:
                await self._end(death)
                await asyncio.sleep(death.down_ms / 1_000)
                await self.start()
            except AssertionError as error:
                self.faults.append(str(error))
                self.is_gone = True
                return

    def look(self) -> None:
        """A server that ends before it is its time has crashed."""
        if self.desk.has_ended:
            said = self.desk.log.read_text()[-LOG_CHARACTERS_TOLD:]
            self.faults.append(f"the server crashed; the end of its log:\n{said}")

    async def _end(self, death: Death) -> None:
        self.look()
        if death.is_polite:
            self._figures.polite_stops += 1
            status = await asyncio.to_thread(self.desk.stop)
            if status != 0:
                self.faults.append(f"after SIGTERM the server ended with status {status}")
            return
        self._figures.kills += 1
        await asyncio.to_thread(self.desk.kill)
        if self._saboteur.does(Sabotage.FORGET_LOG):
            _forget_end(self.desk.database)


def _free_port() -> int:
    random = Random()
    for _ in range(PORT_ATTEMPTS_MAX):
        port = random.randrange(*PORTS)
        with socket.socket() as attempt:
            try:
                attempt.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"no port between {PORTS[0]} and {PORTS[1]} is free")


def _forget_end(database: Path) -> None:
    """As if an older backup had been restored: the hash chain is whole, and only the tabs can know better."""
    with sqlite3.connect(database) as connection:
        connection.execute("DELETE FROM event WHERE offset > (SELECT max(offset) FROM event) - ?", [FORGOTTEN_EVENTS])
        end = "SELECT offset || ' ' || lower(hex(hash)) FROM event {} ORDER BY offset DESC LIMIT 1"
        kept = end.format(f"WHERE type NOT IN ({', '.join(repr(each) for each in TRIMMED_TYPES)})")
        connection.execute(f"""UPDATE meta SET value = coalesce(({end.format('')}), ?1) || ' ' || coalesce(({kept}), ?1)
                               WHERE name = 'head'""", ["0 " + 64 * "0"])
    connection.close()
