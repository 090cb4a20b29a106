"""What is counted during a run, for the table at its end. Nothing here decides whether the run was good."""

import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Figures:
    kills: int = 0
    polite_stops: int = 0
    starts: int = 0
    start_ms: list[float] = field(default_factory=list)
    """From the start of a process until it says that it is live."""
    connections: Counter[str] = field(default_factory=Counter)
    disconnects: Counter[str] = field(default_factory=Counter)
    """By what the client saw."""
    messages: int = 0
    resumes: Counter[str] = field(default_factory=Counter)
    """`recovered`, or why not."""
    caught_up_while_connected: int = 0
    replayed: int = 0
    gaps: int = 0
    duplicates: int = 0
    reloads: int = 0
    again: int = 0
    """Critical messages that came again until they were acknowledged."""
    live_after_restart_ms: list[float] = field(default_factory=list)
    server_back_at: float = field(default=0.0)
    """When it was live again the last time, monotonic seconds."""

    def became_live(self, lost_at: float | None) -> None:
        """A client is live; if the server's death cost it its connection, that took so long after the server was back."""
        if lost_at is not None and lost_at < self.server_back_at:
            self.live_after_restart_ms.append((time.monotonic() - self.server_back_at) * 1_000)
