"""Faults of the harness itself, made on purpose: each must be found by the checks, or these prove nothing."""

from collections import Counter
from enum import StrEnum

STRIKES_EVERY = 7


class Sabotage(StrEnum):
    SKIP_EVENT = "skip-event"
    """A client leaves out a message that it was given."""
    APPLY_TWICE = "apply-twice"
    """A client does not drop what it has already."""
    IGNORE_HOLES = "ignore-holes"
    """A client goes on though a number is missing; a fault of the network then costs it a message."""
    FORGET_WRITE = "forget-write"
    """A request counts as acknowledged that was never sent."""
    WRITE_TWICE = "write-twice"
    """An acknowledged request is sent once more under another key."""
    APPROVE_UNASKED = "approve-unasked"
    """Somebody approves of whom nobody knows."""
    FORGET_LOG = "forget-log"
    """A kill takes the end of the log with it."""


class Saboteur:
    def __init__(self, sabotages: frozenset[Sabotage]):
        self._sabotages = sabotages
        self._occasions: Counter[Sabotage] = Counter()

    def does(self, sabotage: Sabotage) -> bool:
        return sabotage in self._sabotages

    def strikes(self, sabotage: Sabotage) -> bool:
        """On some occasions, if at all, and surely on one when there are a few."""
        self._occasions[sabotage] += 1
        return sabotage in self._sabotages and self._occasions[sabotage] % STRIKES_EVERY == 0
