"""One desk, everybody who would hear of an approval that leaves it, and the means to ask for approvals by every door."""

import http.client
import resource
import sqlite3
import subprocess
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from desk_api import Answer
from desk_process import PROGRAM, DeskProcess
from faults.fault_library import FaultControls
from faults.watchers import Watchers
from patience import PATIENCE_SECONDS, eventually

UNDO_SECONDS = 600
# After a halt the desk holds what is overdue by more.
OVERDUE_SECONDS_MAX = 60
CANARY_SECONDS = 20
DAY_MS = 24 * 3_600_000


class NotPossible(Exception):
    """This machine cannot make this fault; why, in a few words."""


class Scene:
    def __init__(self, desk: DeskProcess, controls: FaultControls, folder: Path):
        self.desk, self.controls, self.folder = desk, controls, folder
        self.watchers = Watchers(desk, folder, has_webhooks=offers("--webhooks"))
        self.before_asking: Callable[[], None] = lambda: None
        self.asked = 0
        """How often an approval was asked for while the fault was there."""
        self.granted = 0
        """How often the answer was an approval."""

    @property
    def api(self):
        return self.desk.api

    @property
    def write_ahead_log(self) -> Path:
        return self.desk.database.with_name(self.desk.database.name + "-wal")

    # Before the fault

    def waiting(self, symbol: str = "AAPL", **fields: Any) -> dict:
        """A signal that waits for people, and a strategy that waits for it."""
        signal = self.api.post_signal(symbol=symbol, **{"expires_in_seconds": None, **fields})
        self.watchers.wait_for(signal)
        return signal

    def approved(self, symbol: str = "MSFT", who: str = "ann") -> dict:
        """One that people have approved, within its undo window."""
        signal = self.waiting(symbol)
        assert self.api.approve(signal["id"], who).status == 200
        return signal

    # Asking for approvals

    def ask_by_every_door(self, signal: dict, who: str | None = "bo", **body: Any) -> list[Answer]:
        """By id, by symbol, without a place, and among several; the answers in this order, the last one the item's."""
        asked = {"status": "BUY", **body}
        doors = [(f"/api/v1/signals/{signal['id']}/approve", asked),
                 (f"/api/v1/signals/{signal['symbol']}/approve", asked),
                 ("/approve", {**asked, "symbol": signal["symbol"]})]
        answers = [self.ask(path, body, who) for path, body in doors]
        bulk = self.ask("/api/v1/decisions/bulk", {"items": [{"signal_id": signal["id"], "action": "approve", **asked}]}, who)
        if bulk.status == 207:
            item = bulk.body["outcomes"][0]
            bulk = Answer(item["status"], bulk.headers, item["problem"] or item["signal"])
            self.granted += is_approval(bulk)
        return [*answers, bulk]

    def ask(self, path: str, body: Any, who: str | None, headers: dict[str, str] | None = None) -> Answer:
        self.asked += 1
        self.before_asking()
        headers = {"idempotency-key": str(uuid.uuid4()), **(headers or {})}
        answer = self.api.request("POST", path + ("" if who is None else f"?as={who}"), body, headers)
        self.granted += is_approval(answer)
        return answer

    def expect_refused(self, answers: list[Answer], status: int, code: str | None = None) -> None:
        told = {(answer.status, answer.body.get("code") if code else None) for answer in answers}
        assert told == {(status, code)}, answers

    @contextmanager
    def asking(self, signal: dict, key: str, who: str = "bo") -> Iterator[list[Answer]]:
        """An approval on its way meanwhile; its answer, if there is any, is in the list afterwards."""
        answers: list[Answer] = []

        def ask() -> None:
            try:
                answers.append(self.ask(f"/api/v1/signals/{signal['id']}/approve", {"status": "BUY"}, who, {"idempotency-key": key}))
            except (OSError, EOFError, http.client.HTTPException):
                pass  # no answer

        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        try:
            yield answers
        finally:
            thread.join(PATIENCE_SECONDS)

    # Time

    def pass_time(self, seconds: float) -> None:
        """By the clock that nobody can set."""
        self.controls.set(steady_ms=self.controls.get("steady_ms") + int(seconds * 1_000))

    def let_timers_run(self) -> None:
        """Returns when the desk has done what was due by now: a signal that expires is done in the same round."""
        expires_at = datetime.now(UTC) + timedelta(milliseconds=self.controls.get("wall_ms"), seconds=CANARY_SECONDS)
        canary = self.api.post_signal(symbol="CANARY", expires_at=expires_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
        self.pass_time(CANARY_SECONDS + 1)
        eventually(lambda: self.api.signal(canary["id"])["status"] == "EXPIRED", "the desk's timers")

    def until_logged(self, text: str, since: int = 0) -> None:
        eventually(lambda: text in self.desk.log.read_text()[since:], f"“{text}” in the desk's log")

    @property
    def log_length(self) -> int:
        return len(self.desk.log.read_text())

    # What became of it

    def is_released(self, signal: dict) -> bool:
        return self.api.signal(signal["id"])["released_at"] is not None

    def undo(self, signal: dict, who: str = "cy") -> None:
        """What is approved and has not left can be taken back."""
        answer = self.api.request("POST", f"/api/v1/signals/{signal['id']}/undo?as={who}")
        assert (answer.status, answer.body["status"]) == (200, "PENDING_REVIEW"), answer

    def until_it_writes_again(self) -> None:
        notice = {"type": "notification", "data": {"id": "again", "message": "again", "type": "info"}}
        eventually(lambda: self.api.request("POST", "/api/v1/events", notice).status == 202, "a store that takes a message")

    def restart(self) -> None:
        self.desk.kill()
        self.controls.forget_who_was_held()
        self.desk.start()

    def stored(self) -> list[tuple]:
        """The log as it is in the file."""
        with sqlite3.connect(f"file:{self.desk.database}?mode=ro", uri=True) as database:
            rows = database.execute("SELECT offset, type, signal_id, payload FROM event ORDER BY offset").fetchall()
        database.close()
        return rows

    def left(self) -> int:
        """How many approvals have left, whoever says so: the watchers, or the log."""
        logged = {signal.lower() for _, kind, signal, _ in self.stored() if kind == "signal_released"}
        told = {signal.lower() for signals in self.watchers.released.values() for signal in signals}
        return len(logged | told)

    def verify(self) -> str:
        """`countersign audit verify`, while the desk runs."""
        ended = subprocess.run([PROGRAM, "audit", "verify", "--database", str(self.desk.database)],
                               capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        assert ended.returncode == 0, ended
        return ended.stdout.splitlines()[0]

    def close(self) -> None:
        self.desk.discard()
        self.watchers.end()
        self.controls.close()


def is_approval(answer: Answer) -> bool:
    return answer.status == 200 and str(answer.body.get("status")).startswith("APPROVED")


@cache
def offers(option: str) -> bool:
    """Whether this desk has such an option."""
    told = subprocess.run([PROGRAM, "serve", "--help"], capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    return option in told.stdout


def open_files_max(wanted: int) -> bool:
    """Whether so many files can be open at once, in this process and in its children."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        return False
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    return True


@contextmanager
def small_disk(folder: Path, bytes_max: int) -> Iterator[Path]:
    """A file system of its own, which can be full or read-only without harm to any other."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={bytes_max}", "countersign-faults", str(folder)],
                             capture_output=True, text=True)
    if mounted.returncode != 0:
        raise NotPossible("needs root, and leave to mount a small file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


