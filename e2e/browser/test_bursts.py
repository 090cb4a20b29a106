"""A burst reaches the page joined, whole and in order; what must not wait does not (C10, PERF-06)."""

import json

from playwright.sync_api import expect

from desk_api import a_signal

SIGNALS = 60


# Not every browser shows its driver what a socket hears.
KEEP_FRAMES = """(() => {
  const Socket = window.WebSocket;
  window.framesHeard = [];
  window.WebSocket = class extends Socket {
    constructor(...address) {
      super(...address);
      this.addEventListener('message', ({ data }) => window.framesHeard.push(data));
    }
  };
})()"""


def frames_of(page) -> list[dict]:
    """What the page's socket has heard since it was loaded."""
    return [json.loads(text) for text in page.evaluate("window.framesHeard")]


def test_burst_comes_joined_and_every_signal_is_on_the_page(desk, live_tab):
    tab = live_tab("alice")
    tab.page.add_init_script(KEEP_FRAMES)
    tab.page.reload()
    tab.expect_live()

    answer = desk.api.request("POST", "/api/v1/events", [
        {"type": "signal:new", "data": a_signal(symbol=f"SYM{number}")} for number in range(SIGNALS)])
    assert answer.status == 202, answer

    expect(tab.page.get_by_role("article")).to_have_count(SIGNALS)
    heard = frames_of(tab.page)
    batches = [message for message in heard if message["type"] == "batch_update"]
    alone = [message for message in heard if message["type"] == "signal:new"]
    assert batches and len(alone) + sum(batch["batch_size"] for batch in batches) == SIGNALS
    assert all(len(json.dumps(batch, separators=(",", ":"), ensure_ascii=False).encode()) < 10_000 for batch in batches)
    numbers = [message["sequence_number"] for message in heard]
    assert numbers == list(range(len(numbers)))

    # The next one is alone again, and an approval was never held.
    signal = desk.api.post_signal(symbol="LONE")
    # What is decided before it was ever shown is not among those that wait.
    expect(tab.card("LONE")).to_be_visible()
    desk.api.approve(signal["id"], "bob")
    expect(tab.card("LONE")).to_contain_text("Approved")
