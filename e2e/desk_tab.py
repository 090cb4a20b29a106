"""The dashboard in one tab, by the roles and names that people and screen readers find things by."""

import json
import re
from typing import Literal

from playwright.sync_api import Browser, Locator, expect

from desk_process import DeskProcess
from gateway import Gateway
from page_faults import PageFaults
from patience import PATIENCE_SECONDS

Theme = Literal["light", "dark"]
# Storage is forbidden on the blank page that a tab starts with.
# In a task of its own, so that whoever asked for it has its answer first.
SLEEP = """(ms) => void setTimeout(() => {
    for (const until = performance.now() + ms; performance.now() < until;);
}, 50)"""
# A toast goes by itself after five seconds, which a busy machine may take to look; so the page notes which have been there.
NOTE_TOASTS = """(() => {
    window.toastsSeen = [];
    new MutationObserver(() => {
        for (const toast of document.querySelectorAll('toast-stack li')) {
            if (!window.toastsSeen.includes(toast.textContent)) window.toastsSeen.push(toast.textContent);
        }
    }).observe(document, { subtree: true, childList: true });
})()"""
HAS_SEEN_TOAST = "(text) => window.toastsSeen.some((toast) => toast.includes(text))"
PREFER = "try { localStorage.setItem('countersign.preferences', %s); } catch {}"


class DeskTab:
    def __init__(self, browser: Browser, desk: DeskProcess, name: str | None, *, width: int = 1280, height: int = 900,
                 theme: Theme | None = None, jitter: float | None = None, through: Gateway | None = None,
                 beside: "DeskTab | None" = None):
        """`through` a proxy; `beside` another tab, in the same browser and with the same storage."""
        self.desk, self.name = desk, name
        self._origin = through or desk
        self._context = beside._context if beside else browser.new_context(
            viewport={"width": width, "height": height}, locale="en-GB")
        if theme is not None:
            preferences = json.dumps({"toasts": True, "theme": theme})
            self._context.add_init_script(PREFER % json.dumps(preferences))
        if jitter is not None:
            # How much of its back-off the tab waits, 0 … 1; otherwise chance decides.
            self._context.add_init_script(f"Math.random = () => {jitter};")
        self._context.add_init_script(NOTE_TOASTS)
        self.page = self._context.new_page()
        self.page.set_default_timeout(PATIENCE_SECONDS * 1_000)
        self.faults = PageFaults(self.page)

    def visit(self, path: str) -> None:
        self.page.goto(self._origin.url + path + (f"?as={self.name}" if self.name else ""))

    def close(self) -> None:
        self._context.close()

    # The connection

    @property
    def indicator(self) -> Locator:
        return self.page.get_by_role("button", name=re.compile(r"^(Live|Polling|Connecting|Catching|Reconnecting|Disconnected)"))

    @property
    def banner(self) -> Locator:
        """The strip under the header."""
        return self.page.locator("connection-banner")

    def expect_live(self) -> None:
        self.expect_connection("Live")

    def expect_connection(self, text: str) -> None:
        expect(self.indicator).to_have_accessible_name(text, timeout=180_000)

    def sleep(self, seconds: float) -> None:
        """Nothing in this tab runs: neither its timers nor what comes from the server. Returns at once."""
        self.page.evaluate(SLEEP, seconds * 1000)

    # Signals

    def card(self, symbol: str) -> Locator:
        return self.page.get_by_role("article", name=re.compile(rf"^{re.escape(symbol)}\b"))

    @property
    def cards(self) -> Locator:
        return self.page.get_by_role("article")

    def approve_button(self, symbol: str, side: str = "BUY") -> Locator:
        return self.card(symbol).get_by_role("button", name=f"Approve {side}")

    def reject_button(self, symbol: str) -> Locator:
        return self.card(symbol).get_by_role("button", name="Reject")

    def write_note(self, symbol: str, text: str) -> None:
        self.card(symbol).get_by_role("button", name="Note").click()
        self.card(symbol).get_by_label("Note (optional)").fill(text)

    def approve(self, symbol: str, note: str | None = None) -> None:
        if note is not None:
            self.write_note(symbol, note)
        self.approve_button(symbol).click()

    def reject(self, symbol: str, reason: str) -> None:
        self.reject_button(symbol).click()
        self.dialog.get_by_role("button", name=reason).click()

    def show(self, which: Literal["Pending", "Decided", "All"]) -> None:
        self.page.get_by_role("group", name="Which signals").get_by_role("button", name=which).click()

    # What pops up

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def expect_toast(self, text: str) -> None:
        """It is there, or has been since the page was loaded."""
        self.page.wait_for_function(HAS_SEEN_TOAST, arg=text)

    def toast(self, text: str) -> Locator:
        return self.page.locator("toast-stack").get_by_role("listitem").filter(has_text=text)

    # Where the pointer and the focus are

    def point_elsewhere(self) -> None:
        """The list keeps still while the pointer is over it."""
        self.page.mouse.move(2, 2)

    @property
    def focused_card(self) -> str | None:
        """The first line of the card that has the focus."""
        return self.page.evaluate(
            "document.activeElement?.closest('article')?.querySelector('h2')?.textContent?.trim() ?? null")

    def width_overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
