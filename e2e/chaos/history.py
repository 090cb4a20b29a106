"""What one client was given of the log, in the order it took it, for the comparison with the log at the end."""

from array import array
from dataclasses import dataclass, field


@dataclass
class Chapter:
    """From one snapshot to the next: every message after `after`, one by one."""

    after: int
    reason: str | None
    """Why the server said to reload; none for the first snapshot and for one that the client took by itself."""
    offsets: array = field(default_factory=lambda: array("q"))
    digests: array = field(default_factory=lambda: array("q"))

    @property
    def end(self) -> int:
        return self.offsets[-1] if self.offsets else self.after


class History:
    def __init__(self) -> None:
        self.chapters: list[Chapter] = []

    def load(self, offset: int, reason: str | None) -> None:
        """A snapshot at this offset replaces what was known."""
        self.chapters.append(Chapter(offset, reason))

    def apply(self, offset: int, digest: int) -> None:
        chapter = self.chapters[-1]
        chapter.offsets.append(offset)
        chapter.digests.append(digest)

    @property
    def end(self) -> int:
        return self.chapters[-1].end if self.chapters else 0
