"""What the sources say: a seeded stream of every kind of message, each with something in it that no other has."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from chaos.messages import mark_of

SIGNALS_PATH = "/api/v1/signals"
EVENTS_PATH = "/api/v1/events"
SYMBOLS = [f"SYM{number}" for number in range(24)]
CAMPAIGNS = [f"C-{number}" for number in range(12)]
SESSIONS = [f"session-{number}" for number in range(8)]
WEIGHTS = {
    "signal:new": 15, "portfolio:updated": 14, "campaign:updated": 12, "price_update": 20, "alert_triggered": 6,
    "notification": 6, "session_status": 10, "algorithm_decision": 7, "pattern_detected": 6, "risk_alert": 4,
}
# A few signals explain themselves at length, so that a slow client has something to be slow about.
SHARE_LONG = 0.06
LONG_SENTENCES = 100
SHARE_EXPIRING = 0.97
EXPIRES_SECONDS = (2, 12)
# Some plans are for a few of the crowd alone, see `crowd.Size`, by each way of hearing.
SHARE_NAMED = 0.3
RECIPIENTS = ["socket-0", "plain-0", "slow-0", "page-0", "sse-0", "poll-0"]
RECIPIENTS_EACH = (1, 3)
SHARE_TOGETHER = 0.2
TOGETHER = (2, 6)
# Now and then a source pours out so much at once that a client that does not read falls behind.
SHARE_FLOODS = 0.002
FLOOD_MESSAGES = 200
FLOOD_REASON_CHARACTERS = 3_800


@dataclass(frozen=True)
class Request:
    """One POST of a source. It is sent as it is, and under the same key, until it is acknowledged."""

    key: str
    path: str
    body: bytes
    marks: tuple[str, ...]
    """What must be in the log once, see `messages.mark_of`."""
    messages: int
    content_type: str = "application/json"


class EventMaker:
    def __init__(self, seed: int):
        self._random = Random(f"{seed}/events")
        self._serial = 0

    def next_request(self, now: datetime, last_expiry: datetime) -> Request:
        """One message, or a few together as a list or as lines. No signal expires later than `last_expiry`."""
        random = self._random
        if random.random() < SHARE_FLOODS:
            messages = [self._flood_message() for _ in range(FLOOD_MESSAGES)]
            return self._request(EVENTS_PATH, messages, json.dumps(messages))
        if random.random() >= SHARE_TOGETHER:
            message = self._message(now, last_expiry)
            if message["type"] == "signal:new" and random.random() < 0.5:
                return self._request(SIGNALS_PATH, [message], json.dumps(message["data"]))
            return self._request(EVENTS_PATH, [message], json.dumps(message))
        messages = [self._message(now, last_expiry) for _ in range(random.randint(*TOGETHER))]
        if random.random() < 0.5:
            return self._request(EVENTS_PATH, messages, json.dumps(messages))
        return self._request(EVENTS_PATH, messages, "\n".join(map(json.dumps, messages)), "application/x-ndjson")

    def execution(self, signal_id: str) -> Request:
        """Asked for whenever a release is heard, so nothing of it is drawn from the seed."""
        message = {"type": "signal:executed", "data": {"id": signal_id}}
        return replace(self._request(EVENTS_PATH, [message], json.dumps(message)), key=f"executed-{signal_id}")

    def last_word(self) -> Request:
        """When all is calm: one notice and a price of every symbol, which everybody then has."""
        self._serial += 1
        messages = [self._risk_alert("critical"), *(self._price(symbol) for symbol in SYMBOLS)]
        return self._request(EVENTS_PATH, messages, json.dumps(messages))

    def _request(self, path: str, messages: list[dict], body: str, content_type: str = "application/json") -> Request:
        marks = tuple(mark for message in messages if (mark := mark_of(message)) is not None)
        return Request(f"request-{self._serial}", path, body.encode(), marks, len(messages), content_type)

    def _message(self, now: datetime, last_expiry: datetime) -> dict[str, Any]:
        self._serial += 1
        kind = self._random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        match kind:
            case "signal:new": return self._signal(now, last_expiry)
            case "portfolio:updated": return self._portfolio()
            case "campaign:updated": return self._campaign()
            case "price_update": return self._price(self._random.choice(SYMBOLS))
            case "session_status": return self._session()
            case "algorithm_decision": return self._algorithm_decision()
            case "pattern_detected": return self._pattern()
            case "risk_alert": return self._risk_alert(self._random.choice(("warning", "warning", "critical", "emergency")))
            case "alert_triggered":
                return {"type": kind, "data": {"id": self._label("alert"), "symbol": self._random.choice(SYMBOLS),
                                               "type": "price_threshold", "message": "Crossed the threshold",
                                               "severity": self._random.choice(("info", "warning", "critical"))}}
            case _:
                return {"type": "notification", "data": {"id": self._label("note"), "message": "Something to know. é €",
                                                         "type": self._random.choice(("info", "success", "error"))}}

    def _signal(self, now: datetime, last_expiry: datetime) -> dict[str, Any]:
        random = self._random
        expires = now + timedelta(seconds=random.uniform(*EXPIRES_SECONDS))
        sentence = f"Spring below support number {self._serial}, low volume, tést held €. "
        data = {
            "id": self._uuid(), "symbol": random.choice(SYMBOLS), "side": "BUY", "source": "chaos-engine",
            "ts": _rfc3339(now), "pattern_type": "SPRING", "phase": "C", "test_confirmed": True,
            "confidence_score": random.randint(400, 1000) / 10, "entry_price": "150.25", "stop_loss": "149.50",
            "target_price": "152.75", "quantity": str(random.randint(1, 500)), "risk_amount": "75.00",
            "campaign_id": random.choice(CAMPAIGNS),
            "reasoning": (sentence * (LONG_SENTENCES if random.random() < SHARE_LONG else 2)).strip()[:3_700],
        }
        if random.random() < SHARE_EXPIRING:
            data["expires_at"] = _rfc3339(min(expires, last_expiry))
        if random.random() < SHARE_NAMED:
            data["recipients"] = random.sample(RECIPIENTS, random.randint(*RECIPIENTS_EACH))
        return {"type": "signal:new", "data": data}

    def _portfolio(self) -> dict[str, Any]:
        heat = self._random.randint(0, 1_100)
        return {"type": "portfolio:updated", "data": {"total_heat": f"{heat / 10:.1f}", "available_capacity": "37.5",
                                                      "heat_limit": "6.0", "value": f"{self._serial}.25"}}

    def _campaign(self) -> dict[str, Any]:
        return {"type": "campaign:updated", "data": {"campaign_id": self._random.choice(CAMPAIGNS),
                                                     "risk_allocated": f"{self._serial}.50", "positions_count": 3,
                                                     "risk_limit": "2000.00"}}

    def _price(self, symbol: str) -> dict[str, Any]:
        # Near the entry of every signal, or approvals would be refused for the price; no two are alike.
        return {"type": "price_update", "symbol": symbol, "data": {"price": f"150.25{self._serial:08d}", "change": "2.30",
                                                                   "change_pct": "1.26", "volume": 45_000_000}}

    def _session(self) -> dict[str, Any]:
        return {"type": "session_status", "sessionId": self._random.choice(SESSIONS),
                "status": self._random.choice(("active", "paused", "completed")),
                "data": {"currentPnL": "120.50", "totalTrades": 12, "lossLimitUtilization": "40",
                         "timeElapsed": self._serial, "performanceScore": "71.5"}}

    def _algorithm_decision(self) -> dict[str, Any]:
        return {"type": "algorithm_decision", "sessionId": self._random.choice(SESSIONS), "algorithmId": "momentum",
                "decision": "buy", "reasoning": f"Reason {self._serial}", "confidence": 71.5,
                "marketData": {"symbol": self._random.choice(SYMBOLS), "price": "185.50", "volume": 1}}

    def _flood_message(self) -> dict[str, Any]:
        self._serial += 1
        decision = self._algorithm_decision()
        return {**decision, "reasoning": f"{decision['reasoning']} at length. ".ljust(FLOOD_REASON_CHARACTERS, "x")}

    def _pattern(self) -> dict[str, Any]:
        return {"type": "pattern_detected", "data": {"id": self._label("pattern"), "symbol": self._random.choice(SYMBOLS),
                                                     "pattern_type": "SPRING", "confidence_score": 87, "phase": "C",
                                                     "test_confirmed": True}}

    def _risk_alert(self, level: str) -> dict[str, Any]:
        return {"type": "risk_alert", "sessionId": self._random.choice(SESSIONS), "alertLevel": level,
                "alertType": "loss_limit", "message": f"Loss limit, alert {self._serial}", "currentValue": "91.5",
                "threshold": "90"}

    def _label(self, kind: str) -> str:
        return f"{kind}-{self._serial}"

    def _uuid(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
