"""A market in a hurry: prices of fifty symbols, posted in batches, so many a second."""

import http.client
import threading
import time

SYMBOLS = [f"SYM{number}" for number in range(50)]
BATCH = 250
POST = "/api/v1/events"


class PriceFlood:
    """Posts until it is ended. The ordinal of a price is its `volume`."""

    def __init__(self, port: int, prices_per_second: int):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._interval = BATCH / prices_per_second
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._post_all, daemon=True)
        self._fault: BaseException | None = None
        self.posted = 0
        self.newest: dict[str, int] = {}
        self.seconds = 0.0
        self._thread.start()

    def end(self) -> None:
        """Returns when the last has been accepted."""
        self._is_over.set()
        self._thread.join()
        self._connection.close()
        if self._fault is not None:
            raise self._fault

    def _post_all(self) -> None:
        started = due = time.monotonic()
        try:
            while not self._is_over.wait(max(0.0, due - time.monotonic())):
                self._post()
                # What could not be posted in time is not made up for.
                due = max(due + self._interval, time.monotonic() - 1)
        except Exception as fault:  # told by `end`
            self._fault = fault
        self.seconds = time.monotonic() - started

    def _post(self) -> None:
        batch = []
        for ordinal in range(self.posted + 1, self.posted + BATCH + 1):
            symbol = SYMBOLS[ordinal % len(SYMBOLS)]
            batch.append(f'{{"type":"price_update","symbol":"{symbol}","data":{{"price":"{ordinal / 100:.2f}",'
                         f'"change":"2.30","change_pct":"1.26","volume":{ordinal},"bid":"185.45","ask":"185.55"}}}}')
            self.newest[symbol] = ordinal
        self._connection.request("POST", POST, f"[{','.join(batch)}]", {"content-type": "application/json"})
        answer = self._connection.getresponse()
        assert answer.status == 202, answer.read()
        answer.read()
        self.posted += BATCH
