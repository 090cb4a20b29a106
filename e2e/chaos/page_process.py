"""The pages of `page_clients.mjs`: one process of node with many of them."""

import asyncio
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from chaos.figures import Figures
from chaos.ledger import Decided, Ledger
from socket_clients import NODE_MODULES

PROGRAM = Path(__file__).parent / "page_clients.mjs"
LINE_BYTES_MAX = 64 << 20
END_SECONDS_MAX = 5
LAST_WORDS_CHARACTERS = 2_000
OUTCOMES = {"confirmed": "won", "already_decided": "lost", "signal_expired": "expired"}


@dataclass(frozen=True)
class PageHabits:
    name: str
    port: int
    seed: int
    compressed: bool
    trades: bool


class PageProcess:
    def __init__(self, pages: list[PageHabits], ledger: Ledger, figures: Figures, errors: Path):
        self.names = [page.name for page in pages]
        self.statuses: dict[str, str] = {}
        self.reports: dict[str, dict] = {}
        self._pages = pages
        self._ledger = ledger
        self._figures = figures
        self._errors = errors
        self._lost_at: dict[str, float] = {}

    async def start(self) -> None:
        configuration = json.dumps({"pages": [asdict(page) for page in self._pages]})
        with self._errors.open("ab") as errors:
            self._process = await asyncio.create_subprocess_exec(
                "node", str(PROGRAM), configuration, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                stderr=errors, limit=LINE_BYTES_MAX, env={**os.environ, "NODE_PATH": NODE_MODULES})
        self._reading = asyncio.create_task(self._read())

    @property
    def has_ended(self) -> bool:
        return self._process.returncode is not None

    @property
    def last_words(self) -> str:
        """What it said before it ended: of a crash the error and where it came from."""
        return f"status {self._process.returncode}; {self._errors.read_text(errors='replace')[-LAST_WORDS_CHARACTERS:]}"

    def tell(self, command: str) -> None:
        """`reconnect`: as a click on Reconnect Now. `report`: what each page knows, into `reports`."""
        if not self.has_ended:
            self._process.stdin.write(f"{command}\n".encode())

    async def ask_for_reports(self, seconds_max: float) -> bool:
        """Whether every page has answered in time."""
        self.reports = {}
        self.tell("report")
        deadline = time.monotonic() + seconds_max
        while len(self.reports) < len(self.names) and time.monotonic() < deadline and not self.has_ended:
            await asyncio.sleep(0.02)
        return len(self.reports) == len(self.names)

    async def stop(self) -> None:
        """Node ends with its input; one that does not is killed."""
        if not self.has_ended:
            self._process.stdin.close()
            try:
                await asyncio.wait_for(self._process.wait(), END_SECONDS_MAX)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        self._reading.cancel()

    async def _read(self) -> None:
        async for line in self._process.stdout:
            said = json.loads(line)
            page = said["page"]
            if "status" in said:
                self._changed(page, said["status"])
            elif "resumed" in said:
                self._resumed(said["resumed"])
            elif "clicked" in said:
                clicked = said["clicked"]
                self._ledger.decide(Decided(clicked["key"], page, clicked["signal"], clicked["action"], attempts=1,
                                            may_stay_open=True))
            elif "decided" in said:
                decided = said["decided"]
                if decided["key"] in self._ledger.decisions:
                    self._ledger.decisions[decided["key"]].outcome = OUTCOMES.get(decided["code"])
            elif "report" in said:
                self.reports[page] = said["report"]

    def _changed(self, page: str, status: str) -> None:
        if status == "live":
            self._figures.connections["page"] += 1
            self._figures.became_live(self._lost_at.pop(page, None))
        elif self.statuses.get(page) == "live":
            self._lost_at[page] = time.monotonic()
            self._figures.disconnects["a page was not live"] += 1
        self.statuses[page] = status

    def _resumed(self, data: dict) -> None:
        self._figures.resumes["recovered" if data["recovered"] else data["reason"]] += 1
        self._figures.replayed += data.get("replayed", 0)
