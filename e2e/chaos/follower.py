"""The rules of docs/Protocol.md that every client must follow, whatever it hears the messages by."""

import asyncio
import time
from collections.abc import Callable
from random import Random

from chaos.desk_view import DeskView
from chaos.figures import Figures
from chaos.history import History
from chaos.http_client import HttpClient, NoAnswer
from chaos.messages import RELEASE, RELEASES, digest_of, hear, is_critical, to_others
from chaos.sabotage import Sabotage, Saboteur

SNAPSHOT_PATH = "/api/v1/snapshot"
# Now and then a client comes back from another log, as after a restored backup: it must be told to reload.
SHARE_OF_WRONG_EPOCHS = 0.05
WRONG_EPOCH = "another-log"
STOPPED = "stopped"
"""Why a connection ended that the run itself ended."""


class MustReconnect(Exception):
    """Something is missing on this connection; it is resumed on the next."""


class WentBack(Exception):
    """The desk no longer knows what it has told."""


class Follower:
    """Counts numbers, drops what it has by offset, reloads when it is told to, and remembers all of it."""

    def __init__(self, name: str, http: HttpClient, figures: Figures, random: Random, saboteur: Saboteur,
                 told: Callable[[dict], None] | None = None):
        self.name = name
        self.history = History()
        self.view = DeskView()
        self.figures = figures
        self.random = random
        self.faults: list[str] = []
        """What no client should ever see."""
        self.epoch: str | None = None
        self.is_live = False
        self.critical_offset = 0
        self.must_acknowledge_again = False
        self._http = http
        self._saboteur = saboteur
        self._told = told
        self._asked_epoch: str | None = None
        self._reload_reason: str | None = None
        self._reload: asyncio.Task | None = None
        self._buffer: list[tuple[dict, int]] = []
        self._next_number = 0
        self._lost_at: float | None = None

    @property
    def offset(self) -> int:
        return self.history.end

    # A connection's life

    async def prepare(self) -> None:
        """Before a connection: a snapshot, if there is nothing to resume from. May raise `NoAnswer`."""
        if self.epoch is None or self._reload_reason is not None:
            await self._load()

    def resume_point(self, share_wrong: float = SHARE_OF_WRONG_EPOCHS) -> tuple[str, int]:
        """Where to go on; now and then in a log that is not the desk's."""
        assert self.epoch is not None
        self._asked_epoch = WRONG_EPOCH if self.random.random() < share_wrong else self.epoch
        return self._asked_epoch, self.offset

    def begin(self) -> None:
        self._next_number = 0
        self._buffer = []

    def end(self, why: str) -> None:
        """The connection is gone. A reload that was under way is done before the next."""
        if self._reload is not None:
            self._reload.cancel()
            self._reload = None
        if self.is_live or self._lost_at is None:
            self._lost_at = time.monotonic()
        self.is_live = False
        if why != STOPPED:
            self.figures.disconnects[why] += 1

    def came_back(self) -> None:
        """It stayed away by itself: that is no time the desk took."""
        self._lost_at = time.monotonic()

    # Messages

    def hear(self, text: str) -> None:
        """The next message of the connection."""
        number, message, digest = hear(text)
        self.figures.messages += 1
        if number != self._next_number:
            self._missed(number)
        self._next_number = number + 1
        if (number == 0) != (message["type"] == "connected"):
            self.faults.append(f"{message['type']} has the number {number}")
        match message["type"]:
            # Its offset is where the connection begins, not a message of the log.
            case "connected": pass
            case "resumed": self._resumed(message["data"])
            case "error": self._refused(message)
            case _ if self._reload is not None: self._buffer.append((message, digest))
            case _: self.take(message, digest)

    def take(self, message: dict, digest: int) -> None:
        """Applies a message of the log unless it is known, and a price always."""
        offset = message.get("offset")
        if offset is not None:
            if self._saboteur.strikes(Sabotage.SKIP_EVENT):
                return
            if offset <= self.offset:
                self._known(message)
                return
            if message["type"] in RELEASES:
                digest = self._release_digest(message, digest)
            self.history.apply(offset, digest)
            if self._saboteur.strikes(Sabotage.APPLY_TWICE):
                self.history.apply(offset, digest)
            if is_critical(message):
                self.critical_offset = offset
        self.view.apply(message)
        if self._told is not None:
            self._told(message)

    def _release_digest(self, message: dict, digest: int) -> int:
        """The plan is for those whom the signal names, the others hear of it without. So do the checks, which read the log as
        nobody in particular; none for a signal that is no longer in view."""
        bare = to_others(message)
        signal = self.view.signal(bare["data"]["signal_id"])
        if signal is None:
            return 0
        recipients = signal["recipients"]
        if (message["type"] == RELEASE) != (recipients is None or self.name in recipients):
            self.faults.append(f"heard {message['type']} of {signal['id']}, which is for {recipients or 'the whole desk'}")
        return digest if recipients is None else digest_of(bare)

    def _known(self, message: dict) -> None:
        self.figures.duplicates += 1
        if is_critical(message):
            self.figures.again += 1
            self.must_acknowledge_again = True

    def _missed(self, number: int) -> None:
        self.figures.gaps += 1
        if not self._saboteur.does(Sabotage.IGNORE_HOLES):
            raise MustReconnect(f"number {number} came instead of {self._next_number}")
        self.faults.append(f"went on though {self._next_number} to {number - 1} were missing")

    def _refused(self, message: dict) -> None:
        self.faults.append(f"refused: {message['code']}: {message['error']}")

    def _resumed(self, data: dict) -> None:
        if not data["recovered"]:
            self.must_reload(data["reason"])
            if self._reload is not None:
                self._reload.cancel()
            self._reload = asyncio.create_task(self._reload_and_go_on())
            return
        self.figures.resumes["recovered"] += 1
        self.figures.replayed += data["replayed"]
        if self._reload is not None:
            return
        if self.is_live:
            self.figures.caught_up_while_connected += 1
        if data["offset"] != self.offset and not self._saboteur.does(Sabotage.SKIP_EVENT):
            self.faults.append(f"resumed at {data['offset']}, but the last message was {self.offset}")
        self.go_live()

    def go_live(self) -> None:
        if not self.is_live:
            self.figures.became_live(self._lost_at)
            self._lost_at = None
        self.is_live = True

    # Reloading

    async def _reload_and_go_on(self) -> None:
        """What arrives meanwhile waits, and is taken in order behind the snapshot."""
        while True:
            try:
                await self._load()
                break
            except NoAnswer:
                await asyncio.sleep(self.random.uniform(0.05, 0.5))
            except WentBack as error:
                self.faults.append(str(error))
                return
        self._reload = None
        buffer, self._buffer = self._buffer, []
        for message, digest in buffer:
            self.take(message, digest)
        self.go_live()

    async def _load(self) -> None:
        answer = await self._http.request("GET", f"{SNAPSHOT_PATH}?as={self.name}")
        if answer.status != 200:
            raise NoAnswer(f"the snapshot: HTTP {answer.status}")
        self.adopt(answer.body)

    def adopt(self, snapshot: dict) -> None:
        if snapshot["epoch"] == self.epoch and snapshot["offset"] < self.offset:
            raise WentBack(f"the snapshot is at {snapshot['offset']}, but {self.offset} was heard before")
        if self.epoch is not None:
            self.figures.reloads += 1
        self.epoch = snapshot["epoch"]
        self.history.load(snapshot["offset"], self._reload_reason)
        self.view = DeskView.of_snapshot(snapshot)
        self._reload_reason = None

    def must_reload(self, reason: str) -> None:
        """There is no going on from here."""
        if reason == "epoch_changed" and self._asked_epoch == self.epoch:
            self.faults.append(f"the desk no longer knows {self.offset} of its own log")
        self.figures.resumes[reason] += 1
        self._reload_reason = reason
