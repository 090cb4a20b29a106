"""What a page complains about: uncaught errors, console errors, broken content security policy. None may go unnoticed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import ConsoleMessage, Page

# How both browsers put it that the server cannot be reached. Only expected while a test has it down.
UNREACHABLE = (
    r"WebSocket connection to .* failed"
    r"|Failed to load resource: net::ERR_"
    r"|can.t establish a connection to the server at"
    r"|connection to ws://.* was interrupted"
    r"|NetworkError when attempting to fetch"
)


class PageFaults:
    """The faults of one page. `expect` says which are part of a test's story."""

    def __init__(self, page: Page):
        self._found: list[str] = []
        self._expected: list[re.Pattern[str]] = []
        page.on("pageerror", lambda error: self._found.append(f"error: {error}"))
        page.on("console", self._heard)

    def expect(self, pattern: str) -> None:
        self._expected.append(re.compile(pattern))

    def expect_unreachable(self) -> None:
        self.expect(UNREACHABLE)

    def expect_status(self, status: int) -> None:
        """Chromium writes every 4xx and 5xx answer to the console by itself."""
        self.expect(rf"Failed to load resource: the server responded with a status of {status}\b")

    @property
    def unexpected(self) -> list[str]:
        return [fault for fault in self._found if not any(pattern.search(fault) for pattern in self._expected)]

    @contextmanager
    def provoked(self) -> Iterator[list[str]]:
        """For tests that break a rule on purpose: the faults found inside, which count no more afterwards."""
        before, found = len(self._found), []
        yield found
        found += self._found[before:]
        del self._found[before:]

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "assert"):
            self._found.append(f"console: {message.text}")
