"""What a client may know of the desk, folded from the log's messages (docs/Protocol.md): the same for all, by whatever way
they heard it. The desk's lists are bounded, so views are compared by their newest entries."""

from collections import deque
from typing import Any

from chaos.messages import APPROVAL, NOTICE_TYPES, RELEASES, SIGNAL_TYPES, canonical, to_others

# The desk keeps 200 decided signals and 200 patterns in its snapshot, the page too; of 50 notices all are compared.
COMPARED_DECIDED = 100
COMPARED_PATTERNS = 100
COMPARED_NOTICES = 50
KEPT_DECIDED = 400

Parts = dict[str, Any]


class DeskView:
    def __init__(self) -> None:
        self._signals: dict[str, dict] = {}
        self._settled: deque[str] = deque()
        self._portfolio: dict | None = None
        self._campaigns: dict[str, dict] = {}
        self._sessions: dict[str, dict] = {}
        self._patterns: dict[str, dict] = {}
        self._notices: deque[int] = deque(maxlen=COMPARED_NOTICES)
        self.prices: dict[str, str] = {}

    @classmethod
    def of_snapshot(cls, snapshot: dict) -> "DeskView":
        """What `GET /api/v1/snapshot` shows."""
        view = cls()
        for signal in sorted(snapshot["signals"], key=_settled_at):
            view._put_signal(signal)
        view._portfolio = snapshot["portfolio"]
        view._campaigns = {campaign["campaign_id"]: campaign for campaign in snapshot["campaigns"]}
        view._sessions = {session["sessionId"]: _session(session) for session in snapshot["sessions"]}
        view._patterns = {pattern["id"]: pattern for pattern in snapshot["patterns"]}
        view._notices.extend(sorted(message["offset"] for message in snapshot["notifications"]))
        view.prices = {price["symbol"]: price["price"] for price in snapshot["prices"]}
        return view

    def apply(self, message: dict) -> None:
        """The next message of the log, or a price."""
        kind, data = message["type"], message.get("data")
        if kind in SIGNAL_TYPES:
            self._put_signal(data)
        elif kind == APPROVAL:
            self._approve(data)
        elif kind in RELEASES:
            self._release(to_others(message)["data"])
        elif kind == "portfolio:updated":
            self._portfolio = data
        elif kind == "campaign:updated":
            self._campaigns[data["campaign_id"]] = data
        elif kind == "session_status":
            self._sessions[message["sessionId"]] = _session(message)
        elif kind == "pattern_detected":
            self._patterns.pop(data["id"], None)
            self._patterns[data["id"]] = data
            if len(self._patterns) > COMPARED_PATTERNS:
                del self._patterns[next(iter(self._patterns))]
        elif kind in NOTICE_TYPES:
            self._notices.append(message["offset"])
        elif kind == "price_update":
            self.prices[message["symbol"]] = data["price"]

    def signal(self, signal_id: str) -> dict | None:
        return self._signals.get(signal_id)

    def parts(self) -> Parts:
        """What is compared, by name."""
        signals = sorted(self._signals.values(), key=_settled_at, reverse=True)
        return {
            "pending signals": {signal["id"]: signal for signal in signals if signal["awaiting_approval"]},
            "decided signals": [signal for signal in signals if not signal["awaiting_approval"]][:COMPARED_DECIDED],
            "portfolio": self._portfolio,
            "campaigns": self._campaigns,
            "sessions": self._sessions,
            "patterns": list(self._patterns.values())[-COMPARED_PATTERNS:],
            "notices": list(self._notices),
        }

    def _put_signal(self, signal: dict) -> None:
        known = self._signals.get(signal["id"])
        if not signal["awaiting_approval"]:
            # Those that changed last are kept.
            if known is not None and not known["awaiting_approval"]:
                self._settled.remove(signal["id"])
            self._settled.append(signal["id"])
        self._signals[signal["id"]] = signal
        if len(self._settled) > KEPT_DECIDED:
            del self._signals[self._settled.popleft()]

    def _approve(self, approval: dict) -> None:
        known = self._signals.get(approval["signal_id"])
        if known is None:
            return
        self._put_signal({
            **known, "status": approval["status"], "awaiting_approval": False, "version": approval["version"],
            "updated_at": approval["approved_at"],
            "decision": {
                "id": approval["decision_id"], "outcome": "approved", "status": approval["approved_status"],
                "decided_by": approval["approved_by"], "decided_at": approval["approved_at"], "note": approval["note"],
                "reason": None, "accepted_price": approval["accepted_price"], "veto": False, "undo_window_ms": approval["undo_window_ms"], "policy": approval["policy"],
            },
            "sign_offs": approval["sign_offs"],
        })

    def _release(self, release: dict) -> None:
        known = self._signals.get(release["signal_id"])
        if known is not None:
            at = release["released_at"]
            self._put_signal({**known, "version": release["version"], "released_at": at, "updated_at": at})


def differences(expected: Parts, found: Parts) -> list[str]:
    """Which of the parts found are not as expected, and where they differ first."""
    return [f"{name}: {_first_difference(expected[name], found[name])}"
            for name in found if canonical(expected[name]) != canonical(found[name])]


def _first_difference(expected: Any, found: Any, path: str = "") -> str:
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted({*expected, *found}):
            if canonical(expected.get(key)) != canonical(found.get(key)):
                return _first_difference(expected.get(key), found.get(key), f"{path}/{key}")
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for index, (one, other) in enumerate(zip(expected, found, strict=True)):
            if canonical(one) != canonical(other):
                return _first_difference(one, other, f"{path}/{index}")
    return f"{path or 'it'} should be {canonical(expected)[:160]}, not {canonical(found)[:160]}"


def _settled_at(signal: dict) -> tuple[str, str]:
    """A later execution does not change when a signal was decided."""
    decision = signal["decision"]
    return (signal["updated_at"] if decision is None else decision["decided_at"], signal["id"])


def _session(message: dict) -> dict:
    return {key: message[key] for key in ("sessionId", "status", "timestamp", "data")}
