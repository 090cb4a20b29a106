"""A tab on a narrow line in a hurried market: it misses no approval and hears of each in time (C8), its prices are
conflated, and nobody else notices (delivery classes, DLV-04)."""

import json
import os
import threading
import time
from contextlib import ExitStack
from datetime import datetime
from itertools import cycle

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from patience import PATIENCE_SECONDS, eventually
from price_flood import SYMBOLS, PriceFlood
from slow_link import SlowLink

# The long form: COUNTERSIGN_SLOW_SECONDS=60.
SECONDS = float(os.environ.get("COUNTERSIGN_SLOW_SECONDS", "4"))
BYTES_PER_SECOND = 5_000
PRICES_PER_SECOND = 5_000
APPROVALS_PER_SECOND = 2
# Each may decide 20 times a minute.
TRADERS = [f"trader-{number}" for number in range(max(1, int(SECONDS) // 5 + 1))]


class Listener:
    """A tab that notes what it hears and when, and acknowledges as the page does."""

    def __init__(self, port: int, name: str, symbols: list[str] | None):
        self._end = ExitStack()
        self._connection = self._end.enter_context(
            connect(f"ws://127.0.0.1:{port}/ws?ack=1&as={name}", open_timeout=PATIENCE_SECONDS))
        self.approvals: dict[str, float] = {}
        self.again = 0
        self.prices: dict[str, int] = {}
        self.prices_count = 0
        self.faults: list[str] = []
        self._number = 0
        if symbols is not None:
            self._connection.send(json.dumps({"type": "subscribe", "channel": "prices", "symbols": symbols}))
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._end.close()
        self._thread.join()

    def _listen(self) -> None:
        try:
            while True:
                self._take(json.loads(self._connection.recv()))
        except ConnectionClosed:
            pass
        except Exception as fault:  # told by the test
            self.faults.append(repr(fault))

    def _take(self, message: dict) -> None:
        if message["sequence_number"] != self._number:
            self.faults.append(f"number {message['sequence_number']} instead of {self._number}")
        self._number = message["sequence_number"] + 1
        if message["type"] == "price_update":
            symbol, ordinal = message["symbol"], message["data"]["volume"]
            if ordinal <= self.prices.get(symbol, 0):
                self.faults.append(f"{symbol}: {ordinal} behind {self.prices[symbol]}")
            self.prices[symbol] = ordinal
            self.prices_count += 1
        elif message["type"] == "approval_notification":
            decided = datetime.fromisoformat(message["timestamp"]).timestamp()
            if message["data"]["signal_id"] in self.approvals:
                self.again += 1
            else:
                self.approvals[message["data"]["signal_id"]] = time.time() - decided
            self._connection.send(json.dumps({"type": "ack", "offset": message["offset"]}))


def in_milliseconds(tab: Listener) -> str:
    times = sorted(tab.approvals.values())
    p50, p95, last = (times[min(int(len(times) * part), len(times) - 1)] * 1_000 for part in (0.5, 0.95, 1))
    return f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, longest {last:.0f} ms"


@pytest.mark.parametrize("queue_bytes", [4_096, 65_536], ids=["short queue", "long queue"])
def test_a_slow_tab_hears_of_every_approval_and_of_the_newest_prices(desk, measurements, queue_bytes):
    link = SlowLink(desk.port, BYTES_PER_SECOND, queue_bytes)
    slow = Listener(link.port, "slow", SYMBOLS)
    others = [Listener(desk.port, "watcher", SYMBOLS[:2]), Listener(desk.port, "plain", None)]
    flood = PriceFlood(desk.port, PRICES_PER_SECOND)
    approved = []
    started = due = time.monotonic()
    for trader in cycle(TRADERS):
        due += 1 / APPROVALS_PER_SECOND
        if due > started + SECONDS:
            break
        time.sleep(max(0.0, due - time.monotonic()))
        signal = desk.api.post_signal()
        assert desk.api.approve(signal["id"], trader).status == 200
        approved.append(signal["id"])
    flood.end()

    eventually(lambda: all(len(tab.approvals) == len(approved) for tab in [slow, *others]), "every approval to every tab")
    eventually(lambda: slow.prices == flood.newest, "the newest prices to the slow tab")
    eventually(lambda: others[0].prices == {symbol: flood.newest[symbol] for symbol in SYMBOLS[:2]}, "the newest prices to the others")
    for tab in [slow, *others]:
        tab.close()
    link.close()

    measurements.append(
        f"a tab at {BYTES_PER_SECOND / 1_000:.0f} kB/s (queue of {queue_bytes // 1_024} KiB), "
        f"{flood.posted / flood.seconds:.0f} prices a second, {len(approved)} approvals: {in_milliseconds(slow)}; "
        f"{slow.again} came twice; prices {slow.prices_count} of {flood.posted}")
    measurements.append(f"  other tabs: {in_milliseconds(others[0])}; {in_milliseconds(others[1])}; "
                        f"prices {others[0].prices_count} of {flood.posted * 2 // len(SYMBOLS)}")

    for tab in [slow, *others]:
        assert tab.faults == []
        assert list(tab.approvals) == approved, "in the order of the decisions"
    assert slow.prices_count < flood.posted / 2, "conflated"
    assert others[1].prices_count == 0
