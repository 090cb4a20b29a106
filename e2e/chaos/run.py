"""One run: a server that dies, a network that fails, a load, and at the end the question whether anybody missed anything."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from chaos.checks import Evidence, Finding, judge
from chaos.crowd import Crowd, Size
from chaos.fault_plan import LaneKind, describe, plan_deaths
from chaos.fault_proxy import FaultProxy
from chaos.figures import Figures
from chaos.http_client import HttpClient, NoAnswer
from chaos.killer import Killer
from chaos.ledger import Ledger
from chaos.messages import RELEASE
from chaos.offers import Offers, ask_for_offers
from chaos.receipts import Receipt, check_receipts, read_receipts
from chaos.sabotage import Sabotage, Saboteur
from chaos.socket_follower import BETWEEN_ACKNOWLEDGEMENTS_SECONDS
from chaos.sources import Sources
from chaos.traders import Traders

SOURCES_DIRECT = 4
SOURCES_THROUGH_FAULTS = 4
TRADER_LANES = 6
PLANNED_CONNECTIONS_TOLD = 20
LOG_PAGE = 1_000
POLL_SECONDS = 0.1
RECEIPTS_SECONDS_MAX = 30
GET_ATTEMPTS_MAX = 20
# What is due is done by the desk within this time.
EXPIRY_SECONDS = 3.0


@dataclass(frozen=True)
class Settings:
    seed: int
    seconds: float
    rate: float
    folder: Path
    """Server log, database, plan and pages' errors of this run."""
    settle_seconds_max: float = 60
    size: Size = field(default_factory=Size)
    sabotages: frozenset[Sabotage] = frozenset()


@dataclass
class Outcome:
    findings: list[Finding]
    figures: Figures
    ledger: Ledger
    proxy: FaultProxy
    offers: Offers
    receipts: list[Receipt] | None
    evidence: Evidence | None
    """None when the server did not live to tell."""
    made: int
    seconds: float
    settle_seconds: float


async def run(settings: Settings) -> Outcome:
    """Begins with an empty desk and leaves nothing running."""
    return await _Run(settings).go()


class _Run:
    def __init__(self, settings: Settings):
        self.settings = settings
        self.figures = Figures()
        self.ledger = Ledger()
        self.saboteur = Saboteur(settings.sabotages)
        self.killer = Killer(settings.folder, self.figures, self.saboteur)
        self.proxy = FaultProxy(settings.seed, self.killer.desk.port)
        self.direct = HttpClient(self.killer.desk.port)
        self.made = 0

    async def go(self) -> Outcome:
        started = time.monotonic()
        sources = traders = crowd = None
        try:
            await self.killer.start()
            offers = await ask_for_offers(self.killer.desk.port)
            lanes = self.settings.size.lanes(offers.stream)
            self._write_plan(lanes)
            crowd = Crowd(self.settings.seed, self.figures, self.ledger, self.saboteur, offers.acknowledgement)
            sources = Sources(self.settings.seed, self.ledger, self.saboteur, await self._source_clients())
            traders = Traders(self.settings.seed, self.ledger, self.saboteur, await self._trader_ports())
            await crowd.start(lanes, self.proxy, self.settings.folder, _watcher(sources, traders))
            await self._storm(sources)
            stormed = time.monotonic()
            self.killer.look()
            if self.killer.is_gone or self.killer.desk.has_ended:
                return self._cut_short(offers, stormed - started)
            unsettled = await self._settle(sources, traders, crowd)
            settled = time.monotonic()
            evidence = Evidence(await self._log(), (await self._get("/api/v1/snapshot")).body, self.ledger, crowd.accounts(),
                                self.killer.faults, unsettled)
            receipts = await self._receipts(offers, evidence.log, crowd)
            self.killer.look()
            findings = [*judge(evidence), *check_receipts(receipts or [], crowd.acknowledged_to)]
            return Outcome(findings, self.figures, self.ledger, self.proxy, offers, receipts, evidence, self.made,
                           settled - started, settled - stormed)
        finally:
            for busy in (sources, traders):
                if busy is not None:
                    busy.stop()
            if crowd is not None:
                await crowd.stop()
            await self.proxy.close()
            self.direct.close()
            await asyncio.to_thread(self.killer.desk.discard)

    def _cut_short(self, offers: Offers, seconds: float) -> Outcome:
        findings = [Finding("the server did not come back", fault) for fault in self.killer.faults]
        return Outcome(findings, self.figures, self.ledger, self.proxy, offers, None, None, self.made, seconds, 0)

    def _write_plan(self, lanes: dict[str, LaneKind]) -> None:
        plan = describe(self.settings.seed, self.settings.seconds, lanes, PLANNED_CONNECTIONS_TOLD)
        (self.settings.folder / "plan.txt").write_text(plan + "\n")

    async def _source_clients(self) -> list[HttpClient]:
        clients = [HttpClient(self.killer.desk.port) for _ in range(SOURCES_DIRECT)]
        for number in range(SOURCES_THROUGH_FAULTS):
            clients.append(HttpClient(await self.proxy.open_lane(f"source-{number}", LaneKind.REQUESTS)))
        return clients

    async def _trader_ports(self) -> list[int]:
        lanes = [await self.proxy.open_lane(f"traders-{number}", LaneKind.REQUESTS) for number in range(TRADER_LANES)]
        return [*lanes, self.killer.desk.port]

    async def _storm(self, sources: Sources) -> None:
        deaths = plan_deaths(self.settings.seed, self.settings.seconds)
        dying = asyncio.create_task(self.killer.carry_out(deaths))
        try:
            self.made = await sources.load(self.settings.rate, self.settings.seconds)
            await dying
        finally:
            dying.cancel()

    async def _settle(self, sources: Sources, traders: Traders, crowd: Crowd) -> list[str]:
        """The faults are over. What is not done when the patience is, is told."""
        self.proxy.calm()
        crowd.hurry()
        unsettled: list[str] = []
        deadline = time.monotonic() + self.settings.settle_seconds_max

        async def within(what: str, work: Awaitable[object]) -> None:
            try:
                await asyncio.wait_for(work, deadline - time.monotonic())
            except TimeoutError:
                unsettled.append(what)

        await within("not everything was acknowledged", sources.finish())
        await within("not every decision was answered", traders.finish())
        await within("something was still due", self._until(self._nothing_is_due))
        await within("not everybody caught up", self._until(lambda: self._caught_up(crowd)))
        await within("the last word was not acknowledged", sources.say_last_word())
        await within("not everybody heard the last word", self._until(lambda: self._caught_up(crowd)))
        unsettled += crowd.broken()
        unsettled += [f"{decided} has no answer" for decided in self.ledger.open_decisions]
        unsettled += [f"{write.request.key} is not acknowledged" for write in self.ledger.open_writes]
        if unsettled:
            unsettled += [f"behind: {who}" for who in await crowd.behind(await self._head())]
        return unsettled

    async def _until(self, condition: Callable[[], Awaitable[bool]]) -> None:
        while not await condition():
            await asyncio.sleep(POLL_SECONDS)

    async def _nothing_is_due(self) -> bool:
        """Everything that had a time to live has outlived it, every approval has left, and the log stands still."""
        snapshot = (await self._get("/api/v1/snapshot")).body
        pending = [signal for signal in snapshot["signals"] if signal["awaiting_approval"]]
        if any(signal["expires_at"] is not None for signal in pending):
            return False
        # A start gives each approval its undo window anew; one that the desk holds never leaves.
        may_leave = any(signal["status"].startswith("APPROVED") and signal["released_at"] is None for signal in snapshot["signals"])
        head = await self._head()
        await asyncio.sleep(EXPIRY_SECONDS + (snapshot["settings"]["undo_window_ms"] / 1_000 if may_leave else 0))
        return await self._head() == head

    async def _caught_up(self, crowd: Crowd) -> bool:
        return not await crowd.behind(await self._head())

    async def _head(self) -> int:
        return (await self._get("/health")).body["store"]["offset"]

    async def _log(self) -> list[dict]:
        log: list[dict] = []
        while True:
            page = (await self._get(f"/api/v1/events?after={len(log)}&limit={LOG_PAGE}")).body
            log += page["events"]
            if not page["has_more"] or not page["events"]:
                return log

    async def _receipts(self, offers: Offers, log: list[dict], crowd: Crowd) -> list[Receipt] | None:
        """None where the server does not tell them. The last acknowledgements are still on their way, so what is wrong is
        looked at again."""
        if not offers.acknowledgement:
            return None
        deadline = time.monotonic() + RECEIPTS_SECONDS_MAX
        while True:
            await asyncio.sleep(2 * BETWEEN_ACKNOWLEDGEMENTS_SECONDS)
            receipts = await read_receipts(self.direct, log)
            if not any(check_receipts(receipts or [], crowd.acknowledged_to)) or time.monotonic() > deadline:
                return receipts

    async def _get(self, path: str):
        """Straight from the server, which is not to die any more."""
        for _ in range(GET_ATTEMPTS_MAX):
            try:
                answer = await self.direct.request("GET", path)
            except NoAnswer:
                continue
            if answer.status == 200:
                return answer
        raise RuntimeError(f"no answer to {path}")


def _watcher(sources: Sources, traders: Traders) -> Callable[[dict], None]:
    """What one client's screen moves others to do."""
    def told(message: dict) -> None:
        if message["type"] == "signal:new":
            traders.consider(message["data"])
        elif message["type"] == RELEASE:
            sources.execute(message["signal_id"])

    return told
