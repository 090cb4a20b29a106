"""All the clients of a run: who they are, which way they take, and what they say at the end."""

import asyncio
from array import array
from dataclasses import dataclass
from pathlib import Path
from random import Random

from chaos.checks import Account
from chaos.desk_view import DeskView
from chaos.fault_plan import LaneKind
from chaos.fault_proxy import FaultProxy
from chaos.figures import Figures
from chaos.follower import Follower
from chaos.history import Chapter, History
from chaos.http_client import HttpClient
from chaos.ledger import Ledger
from chaos.page_process import PageHabits, PageProcess
from chaos.poll_follower import PollFollower
from chaos.sabotage import Saboteur
from chaos.socket_follower import SocketFollower, SocketHabits
from chaos.stream_follower import StreamFollower

# Whose screens the traders look at.
OBSERVERS = ("socket-0", "socket-1", "plain-0", "poll-0")


@dataclass(frozen=True)
class Size:
    """How many of each kind."""

    compressed: int = 5
    plain: int = 3
    slow: int = 3
    pages: int = 6
    streams: int = 3
    polls: int = 2

    def lanes(self, offers_stream: bool) -> dict[str, LaneKind]:
        """Every client's way through the proxy, by the client's name."""
        lanes = {f"socket-{number}": LaneKind.STREAM for number in range(self.compressed)}
        lanes |= {f"plain-{number}": LaneKind.PLAIN_STREAM for number in range(self.plain)}
        lanes |= {f"slow-{number}": LaneKind.SLOW_STREAM for number in range(self.slow)}
        lanes |= {f"page-{number}": LaneKind.STREAM if number % 2 == 0 else LaneKind.PLAIN_STREAM
                  for number in range(self.pages)}
        if offers_stream:
            lanes |= {f"sse-{number}": LaneKind.STREAM for number in range(self.streams)}
        return lanes | {f"poll-{number}": LaneKind.REQUESTS for number in range(self.polls)}


class Crowd:
    def __init__(self, seed: int, figures: Figures, ledger: Ledger, saboteur: Saboteur, acknowledges: bool):
        self.sockets: list[SocketFollower] = []
        self.streams: list[StreamFollower] = []
        self.polls: list[PollFollower] = []
        self.pages: PageProcess | None = None
        self._seed = seed
        self._figures = figures
        self._ledger = ledger
        self._saboteur = saboteur
        self._acknowledges = acknowledges
        self._tasks: list[asyncio.Task] = []

    async def start(self, lanes: dict[str, LaneKind], proxy: FaultProxy, folder: Path, told) -> None:
        """Everybody connects. The observers tell what they hear to `told`."""
        pages = []
        for name, kind in lanes.items():
            port = await proxy.open_lane(name, kind)
            group, number = name.split("-")
            if group == "page":
                seed = Random(f"{self._seed}/{name}").getrandbits(32)
                pages.append(PageHabits(name, port, seed, kind is LaneKind.STREAM, trades=int(number) < 2))
                continue
            follower = Follower(name, HttpClient(port), self._figures, Random(f"{self._seed}/{name}"), self._saboteur,
                                told if name in OBSERVERS else None)
            if group == "sse":
                self.streams.append(StreamFollower(follower, HttpClient(port)))
            elif group == "poll":
                self.polls.append(PollFollower(follower, HttpClient(port)))
            else:
                habits = SocketHabits(group == "socket", group == "slow", self._acknowledges)
                self.sockets.append(SocketFollower(follower, port, habits))
        self._tasks = [asyncio.create_task(client.run()) for client in (*self.sockets, *self.streams, *self.polls)]
        self.pages = PageProcess(pages, self._ledger, self._figures, folder / "pages.log")
        await self.pages.start()

    @property
    def followers(self) -> list[Follower]:
        return [client.follower for client in (*self.sockets, *self.streams, *self.polls)]

    @property
    def acknowledged_to(self) -> dict[str, int]:
        """Up to where each user's client has acknowledged what is critical."""
        return {client.follower.name: client.acknowledged_to for client in self.sockets}

    def hurry(self) -> None:
        """The faults are over: nobody needs to be slow or to wait."""
        for client in self.sockets:
            client.hurried.set()
        self.pages.tell("reconnect")

    def broken(self) -> list[str]:
        """Clients that ended though nobody stopped them."""
        broken = [f"{task.get_coro().__qualname__}: {task.exception()!r}" for task in self._tasks
                  if task.done() and not task.cancelled()]
        return [*broken, *([f"the pages' process ended: {self.pages.last_words}"] if self.pages.has_ended else [])]

    async def behind(self, head: int) -> list[str]:
        """Who is not live at the end of the log yet, and where they are instead."""
        behind = [f"{follower.name} at {follower.offset}, {'live' if follower.is_live else 'not live'}"
                  for follower in self.followers if not follower.is_live or follower.offset < head]
        if not await self.pages.ask_for_reports(seconds_max=5):
            return [*behind, *(f"{name} says nothing" for name in self.pages.names if name not in self.pages.reports)]
        return behind + [f"{name} at {report['end']}, {report['state']['connection']}" for name, report
                         in self.pages.reports.items() if _is_behind(report, head)]

    def accounts(self) -> list[Account]:
        hears_prices = {client.follower.name for client in (*self.sockets, *self.streams)}
        accounts = [
            Account(follower.name, follower.history, follower.view.parts(), follower.faults,
                    follower.view.prices if follower.name in hears_prices else None)
            for follower in self.followers
        ]
        return accounts + [_page_account(report) for report in self.pages.reports.values()]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.pages is not None:
            await self.pages.stop()


def _is_behind(report: dict, head: int) -> bool:
    return report["state"]["connection"]["status"] != "live" or report["end"] < head


def _page_account(report: dict) -> Account:
    history, state = History(), report["state"]
    for chapter in report["chapters"]:
        offsets = array("q")
        for first, last in chapter["spans"]:
            offsets.extend(range(first, last + 1))
        # A page's messages are compared by what they made of its state.
        history.chapters.append(Chapter(chapter["after"], chapter["reason"], offsets, array("q", bytes(8 * len(offsets)))))
    view = DeskView.of_snapshot({**state, "notifications": []})
    parts = {name: part for name, part in view.parts().items() if name != "notices"}
    invalid = state["connection"]["invalidMessages"]
    faults = report["faults"] + ([f"{invalid} messages were not understood"] if invalid else [])
    return Account(report["name"], history, parts, faults, view.prices, state["notices"])
