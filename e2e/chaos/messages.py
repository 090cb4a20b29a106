"""The desk's messages as the checks see them: what is in them, and which request of ours brought them."""

import json
from functools import lru_cache
from typing import Any, NamedTuple

# Several followers hear the same text within moments.
READ_TEXTS_MAX = 4_096

SIGNAL_TYPES = ("signal:new", "signal:rejected", "signal:executed", "signal:failed", "signal:expired", "signal:withdrawn",
                "signal:undone", "signal:extended", "signal:amended", "signal:signed_off", "signal:postponed",
                "signal:measured")
NOTICE_TYPES = ("alert_triggered", "notification", "risk_alert")
APPROVAL = "approval_notification"
RELEASE = "signal_approved"
# What a release is to those whom it is not for.
RELEASE_ELSEWHERE = "signal:released"
REJECTION = "signal:rejected"
SIGN_OFF = "signal:signed_off"
RELEASES = (RELEASE, RELEASE_ELSEWHERE)
UNDOING = "signal:undone"
AMENDMENT = "signal:amended"
CRITICAL_TYPES = (APPROVAL, RELEASE, UNDOING)
CRITICAL_LEVELS = ("critical", "emergency")


class Heard(NamedTuple):
    """One message of a socket: its number, the message without it, and a digest of that."""

    number: int
    message: dict[str, Any]
    """Shared by all who heard it: never changed."""
    digest: int


def hear(text: str) -> Heard:
    """The number comes first in every message, so what follows it is the same text for everybody."""
    head, comma, rest = text.partition(",")
    name, _colon, number = head.partition(":")
    if name.strip() != '{"sequence_number"' or not comma:
        raise ValueError(f"not a message of the desk: {text[:100]}")
    message, digest = _read("{" + rest)
    return Heard(int(number), message, digest)


@lru_cache(READ_TEXTS_MAX)
def _read(text: str) -> tuple[dict[str, Any], int]:
    message = json.loads(text)
    return message, digest_of(message)


def digest_of(message: dict[str, Any]) -> int:
    """Alike for the same message from the socket, from a stream and from REST; for this process only."""
    return hash(canonical(message))


def to_others(message: dict[str, Any]) -> dict[str, Any]:
    """A release as those hear it whom it is not for: without the plan. Every other message is itself."""
    if message["type"] != RELEASE:
        return message
    data = {"signal_id": message["signal_id"], "version": message["version"], "released_at": message["timestamp"]}
    return {"type": RELEASE_ELSEWHERE, "timestamp": message["timestamp"], "offset": message["offset"], "data": data}


def canonical(value: Any) -> str:
    """One text for one value, however its keys are ordered and its whole numbers are written."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return value


def is_critical(message: dict[str, Any]) -> bool:
    return message["type"] in CRITICAL_TYPES or message.get("alertLevel") in CRITICAL_LEVELS


def mark_of(message: dict[str, Any]) -> str | None:
    """What tells one message of a source from all others, in the request and in the log; none for prices and for what the
    desk says by itself. See `event_maker.py`, which makes each unique."""
    kind, data = message["type"], message.get("data") or {}
    unique = {
        "signal:new": data.get("id"),
        "signal:executed": data.get("id"),
        "pattern_detected": data.get("id"),
        "alert_triggered": data.get("id"),
        "notification": data.get("id"),
        "portfolio:updated": data.get("value"),
        "campaign:updated": data.get("risk_allocated"),
        "session_status": data.get("timeElapsed"),
        "algorithm_decision": message.get("reasoning"),
        "risk_alert": message.get("message"),
    }.get(kind)
    return None if unique is None else f"{kind} {unique}"
