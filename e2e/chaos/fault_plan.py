"""What will go wrong, decided before anything runs: the same seed gives the same plan, so a failing run can be replayed.

Every client has a lane of its own through the proxy. What happens to its n-th connection depends on the seed, the lane and
n alone, whatever the other clients do meanwhile.
"""

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Literal


class Fault(StrEnum):
    NONE = "none"
    REFUSE = "refuse"
    RESET = "reset"
    TRUNCATE = "truncate"
    HALF_CLOSE = "half-close"
    BLACKHOLE = "blackhole"
    LOSE_FRAME = "lose-frame"


class LaneKind(StrEnum):
    """A WebSocket or an event stream lives long, a request does not; only on an uncompressed WebSocket can one frame be
    lost without the rest becoming unreadable; a slow one is mostly left alone, for it takes time to fall behind."""

    STREAM = "stream"
    PLAIN_STREAM = "plain-stream"
    SLOW_STREAM = "slow-stream"
    REQUESTS = "requests"


FAULT_WEIGHTS = {
    LaneKind.STREAM: {Fault.NONE: 3, Fault.REFUSE: 2, Fault.RESET: 3, Fault.TRUNCATE: 4, Fault.HALF_CLOSE: 2,
                      Fault.BLACKHOLE: 2},
    LaneKind.PLAIN_STREAM: {Fault.NONE: 3, Fault.REFUSE: 2, Fault.RESET: 2, Fault.TRUNCATE: 3, Fault.HALF_CLOSE: 2,
                            Fault.BLACKHOLE: 2, Fault.LOSE_FRAME: 4},
    LaneKind.SLOW_STREAM: {Fault.NONE: 6, Fault.RESET: 1, Fault.TRUNCATE: 1, Fault.LOSE_FRAME: 1},
    LaneKind.REQUESTS: {Fault.NONE: 8, Fault.REFUSE: 2, Fault.RESET: 3, Fault.TRUNCATE: 3, Fault.HALF_CLOSE: 2,
                        Fault.BLACKHOLE: 1},
}
# A fault comes after so many milliseconds, bytes to the client, or frames.
FAULT_MS = {LaneKind.STREAM: (200, 12_000), LaneKind.PLAIN_STREAM: (200, 12_000),
            LaneKind.SLOW_STREAM: (5_000, 60_000), LaneKind.REQUESTS: (5, 2_000)}
FAULT_BYTES = {LaneKind.STREAM: (300, 150_000), LaneKind.PLAIN_STREAM: (300, 400_000),
               LaneKind.SLOW_STREAM: (10_000, 2_000_000), LaneKind.REQUESTS: (20, 4_000)}
LOST_FRAME = (2, 400)
SILENT_MS = (500, 8_000)
DELAY_MS = (1, 120)
BYTES_PER_SECOND = (20_000, 200_000)
SHARE_DELAYED = 0.4
SHARE_THROTTLED = 0.25

FIRST_DEATH_MS = (3_000, 6_000)
BETWEEN_DEATHS_MS = (5_000, 14_000)
# A client needs time to fall far behind.
SHARE_LONG_LIVES = 0.2
LONG_LIFE_MS = (20_000, 50_000)
DOWN_MS = (0, 2_500)
SHARE_POLITE = 0.2
# The last death leaves the server this long before the load ends.
QUIET_END_MS = 2_000


@dataclass(frozen=True)
class ConnectionPlan:
    """The life of one connection: how slow it is, and how it goes wrong."""

    fault: Fault = Fault.NONE
    after_ms: int = 0
    after_bytes: int = 0
    after_frames: int = 0
    silent_ms: int = 0
    """A blackhole swallows for this long, then it resumes or resets."""
    resumes: bool = False
    closed_towards: Literal["client", "server"] = "client"
    delay_ms: int = 0
    jitter_ms: int = 0
    bytes_per_second: int | None = None

    def __str__(self) -> str:
        when = {
            Fault.RESET: f" after {self.after_ms} ms",
            Fault.TRUNCATE: f" after {self.after_bytes} bytes",
            Fault.HALF_CLOSE: f" towards the {self.closed_towards} after {self.after_ms} ms",
            Fault.BLACKHOLE: f" after {self.after_ms} ms for {self.silent_ms} ms, then {'on' if self.resumes else 'reset'}",
            Fault.LOSE_FRAME: f" number {self.after_frames}",
        }.get(self.fault, "")
        slow = f", {self.delay_ms}±{self.jitter_ms} ms" if self.delay_ms else ""
        thin = f", {self.bytes_per_second} bytes/s" if self.bytes_per_second else ""
        return f"{self.fault}{when}{slow}{thin}"


CALM = ConnectionPlan()


@dataclass(frozen=True)
class Death:
    """The server ends and starts again on the same port and database."""

    at_ms: int
    down_ms: int
    is_polite: bool
    """SIGTERM instead of SIGKILL."""

    def __str__(self) -> str:
        return f"{'SIGTERM' if self.is_polite else 'SIGKILL'} at {self.at_ms} ms, back after {self.down_ms} ms"


def plan_connection(seed: int, lane: str, kind: LaneKind, number: int) -> ConnectionPlan:
    """What the `number`-th connection of a lane will suffer."""
    random = Random(f"{seed}/{lane}/{number}")
    weights = FAULT_WEIGHTS[kind]
    fault = random.choices(list(weights), list(weights.values()))[0]
    delay_ms = random.randint(*DELAY_MS) if random.random() < SHARE_DELAYED else 0
    return ConnectionPlan(
        fault=fault,
        after_ms=random.randint(*FAULT_MS[kind]),
        after_bytes=random.randint(*FAULT_BYTES[kind]),
        after_frames=random.randint(*LOST_FRAME),
        silent_ms=random.randint(*SILENT_MS),
        resumes=random.random() < 0.5,
        closed_towards=random.choice(("client", "server")),
        delay_ms=delay_ms,
        jitter_ms=delay_ms // 2,
        bytes_per_second=random.randint(*BYTES_PER_SECOND) if random.random() < SHARE_THROTTLED else None,
    )


def plan_deaths(seed: int, seconds: float) -> list[Death]:
    """When the server dies during a run of so many seconds."""
    random = Random(f"{seed}/deaths")
    deaths = []
    at_ms = random.randint(*FIRST_DEATH_MS)
    while at_ms < seconds * 1_000 - QUIET_END_MS:
        death = Death(at_ms, random.randint(*DOWN_MS), random.random() < SHARE_POLITE)
        deaths.append(death)
        life = LONG_LIFE_MS if random.random() < SHARE_LONG_LIVES else BETWEEN_DEATHS_MS
        at_ms += death.down_ms + random.randint(*life)
    return deaths


def describe(seed: int, seconds: float, lanes: dict[str, LaneKind], connections_each: int) -> str:
    """The plan as text; two runs of one seed print the same."""
    lines = [f"seed {seed}, {seconds:g} s", *(f"server: {death}" for death in plan_deaths(seed, seconds))]
    for lane, kind in sorted(lanes.items()):
        lines += [f"{lane} #{number}: {plan_connection(seed, lane, kind, number)}" for number in range(connections_each)]
    return "\n".join(lines)
