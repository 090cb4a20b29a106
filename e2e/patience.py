"""How long tests wait for what must come. Generous: a loaded machine is slow, and only what is broken is waited for in vain."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 60
BETWEEN_LOOKS_SECONDS = 0.05


def eventually(condition: Callable[[], object], what: str = "it") -> None:
    """For what a real process does in its own time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"{what} has not come within {PATIENCE_SECONDS} s"
        time.sleep(BETWEEN_LOOKS_SECONDS)
