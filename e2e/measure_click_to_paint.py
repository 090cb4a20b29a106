"""From the click in one tab to the paint in another: 100 approvals in Chromium on a desk of its own.

    COUNTERSIGN_PROGRAM=.build/release/countersign .e2e/venv/bin/python e2e/measure_click_to_paint.py

Both tabs read the same clock. The click counts from the browser's own time stamp of it; the paint from the task after the
frame that shows the decision.
"""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

import engines
from desk_process import DeskProcess
from desk_tab import DeskTab

TRADERS = 10
DECISIONS_EACH = 10  # a desk lets each trader decide 20 times a minute

WATCH_CLICKS = """() => document.addEventListener('click', (event) => {
    window.clickedAt = performance.timeOrigin + event.timeStamp;
}, { capture: true })"""

WATCH_PAINT = """(symbol) => {
    window.paintedAt = new Promise((resolve) => {
        const observer = new MutationObserver(() => {
            const card = [...document.querySelectorAll('article')].find((node) => node.querySelector('h2 a')?.textContent === symbol);
            if (!card?.innerText.includes('Approved BUY')) return;
            observer.disconnect();
            requestAnimationFrame(() => {
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
                port2.postMessage(null);
            });
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    });
}"""


def main() -> None:
    expect.set_options(timeout=30_000)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        desk = DeskProcess(Path(folder))
        desk.start()
        browser = engines.launch(playwright, "chromium")
        try:
            report(measure(desk, browser))
        finally:
            browser.close()
            desk.discard()


def measure(desk: DeskProcess, browser) -> list[float]:
    watcher = DeskTab(browser, desk, "watcher")
    watcher.visit("/")
    watcher.expect_live()
    taken = []
    for trader in range(TRADERS):
        tab = DeskTab(browser, desk, f"trader-{trader}")
        tab.visit("/")
        tab.expect_live()
        tab.page.evaluate(WATCH_CLICKS)
        for number in range(DECISIONS_EACH):
            symbol = f"T{trader}N{number}"
            desk.api.post_signal(symbol=symbol)
            expect(watcher.card(symbol)).to_be_visible()
            watcher.page.evaluate(WATCH_PAINT, symbol)
            tab.point_elsewhere()
            tab.approve(symbol)
            painted = watcher.page.evaluate("window.paintedAt")
            taken.append(painted - tab.page.evaluate("window.clickedAt"))
        tab.close()
    watcher.close()
    return taken


def report(taken: list[float]) -> None:
    cuts = statistics.quantiles(taken, n=100, method="inclusive")
    print(f"click to paint in another tab, {len(taken)} times: p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms, "
          f"p99 {cuts[98]:.1f} ms, longest {max(taken):.1f} ms")


if __name__ == "__main__":
    main()
