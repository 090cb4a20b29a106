"""The desk as a program sees it: HTTP and JSON, with the standard library only."""

import json
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

ANSWER_SECONDS_MAX = 60


class Answer(NamedTuple):
    status: int
    headers: Any
    body: Any


class DeskAPI:
    def __init__(self, url: str):
        self.url = url

    def request(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """Any answer is an answer; only silence raises. A body of bytes goes as it is, any other as JSON."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"content-type": "application/json", **(headers or {})},
                                         method=method)
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS_MAX) as response:
                return _answer(response.status, response)
        except urllib.error.HTTPError as error:
            with error:
                return _answer(error.code, error)

    def post_signal(self, **fields: Any) -> dict:
        """The desk's answer to a plausible signal; `fields` change or add to it."""
        answer = self.request("POST", "/api/v1/signals", a_signal(**fields))
        assert answer.status == 201, answer
        return answer.body

    def post_event(self, event: dict) -> dict:
        answer = self.request("POST", "/api/v1/events", event)
        assert answer.status == 202, answer
        return answer.body

    def approve(self, signal_id: str, who: str, note: str | None = None, status: str = "BUY") -> Answer:
        return self.request("POST", f"/api/v1/signals/{signal_id}/approve?as={urllib.parse.quote(who)}",
                            {"status": status, **({} if note is None else {"note": note})})

    def reject(self, signal_id: str, who: str, reason: str) -> Answer:
        return self.request("POST", f"/api/v1/signals/{signal_id}/reject?as={urllib.parse.quote(who)}",
                            {"reason": reason})

    def signal(self, signal_id: str) -> dict:
        answer = self.request("GET", f"/api/v1/signals/{signal_id}")
        assert answer.status == 200, answer
        return answer.body

    def events(self) -> list[dict]:
        answer = self.request("GET", "/api/v1/events?after=0&limit=1000")
        assert answer.status == 200, answer
        return answer.body["events"]


def a_signal(symbol: str = "AAPL", expires_in_seconds: float | None = 600, **fields: Any) -> dict:
    """A signal as a source sends it, with the documents' golden plan."""
    now = datetime.now(UTC)
    signal = {
        "symbol": symbol, "side": "BUY", "ts": _rfc3339(now), "pattern_type": "SPRING", "phase": "C",
        "test_confirmed": True, "confidence_score": 92.5, "entry_price": "150.25", "stop_loss": "149.50",
        "target_price": "152.75", "quantity": "100", "risk_amount": "75.00", "risk_percentage": "1.5",
        "source": "wyckoff-engine", "reasoning": "Spring below support, low volume, test held.",
    }
    if expires_in_seconds is not None:
        signal["expires_at"] = _rfc3339(now + timedelta(seconds=expires_in_seconds))
    return signal | fields


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _answer(status: int, response: Any) -> Answer:
    text = response.read().decode()
    is_json = "json" in (response.headers.get("content-type") or "")
    return Answer(status, response.headers, json.loads(text) if is_json and text else text)
