"""The browser's own EventSource keeps the stream's promise without a line of ours: it reconnects by its last id."""

from playwright.sync_api import Browser

from desk_process import DeskProcess

PATIENCE_MS = 60_000
LISTEN = """() => {
    window.heard = [];
    const stream = new EventSource("/api/v1/events/stream");
    stream.onmessage = (event) => window.heard.push(JSON.parse(event.data));
}"""
HAS_HEARD = """(wanted) => window.heard.some(({ type, data }) => type === wanted || data?.symbol === wanted)"""


def test_event_source_goes_on_after_sigkill_where_it_was(browser: Browser, desk: DeskProcess):
    page = browser.new_page()
    try:
        page.goto(desk.url)
        page.evaluate(LISTEN)
        page.wait_for_function(HAS_HEARD, arg="connected", timeout=PATIENCE_MS)
        desk.api.post_signal(symbol="AAPL")
        page.wait_for_function(HAS_HEARD, arg="AAPL", timeout=PATIENCE_MS)

        desk.kill()
        desk.start()
        desk.api.post_signal(symbol="MSFT")
        page.wait_for_function(HAS_HEARD, arg="resumed", timeout=PATIENCE_MS)
        desk.api.post_signal(symbol="NVDA")
        page.wait_for_function(HAS_HEARD, arg="NVDA", timeout=PATIENCE_MS)
        heard = page.evaluate("window.heard")
    finally:
        page.close()

    assert [message["data"]["recovered"] for message in heard if message["type"] == "resumed"] == [True]
    assert [message["data"]["symbol"] for message in heard if message["type"] == "signal:new"] == ["AAPL", "MSFT", "NVDA"]
