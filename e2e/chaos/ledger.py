"""What the sources and the traders sent and what they were told: the other side of the log."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from chaos.event_maker import Request

Outcome = Literal["won", "lost", "expired"]


@dataclass
class Write:
    request: Request
    attempts: int = 0
    is_acknowledged: bool = False
    is_refused: bool = False


@dataclass
class Decided:
    """One decision somebody asked for; its key is the decision's id in the log."""

    key: str
    user: str
    signal_id: str
    action: Literal["approve", "reject"]
    attempts: int = 0
    outcome: Outcome | None = None
    """None while nobody has said what became of it."""
    may_stay_open: bool = False
    """A page gives up after a while and says so."""


@dataclass
class Ledger:
    writes: dict[str, Write] = field(default_factory=dict)
    decisions: dict[str, Decided] = field(default_factory=dict)
    surprises: list[str] = field(default_factory=list)
    """Answers that no correct desk gives."""
    answers: Counter[str] = field(default_factory=Counter)

    def write(self, request: Request) -> Write:
        return self.writes.setdefault(request.key, Write(request))

    def decide(self, decided: Decided) -> Decided:
        return self.decisions.setdefault(decided.key, decided)

    @property
    def open_writes(self) -> list[Write]:
        return [write for write in self.writes.values() if not write.is_acknowledged and not write.is_refused]

    @property
    def open_decisions(self) -> list[Decided]:
        return [decided for decided in self.decisions.values() if decided.outcome is None and not decided.may_stay_open]
