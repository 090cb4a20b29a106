"""Who has seen a critical message: what the desk says of it, against what the clients acknowledged.

Switched on where the server takes acknowledgements and tells receipts, see `offers.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from chaos.checks import Finding
from chaos.http_client import HttpClient, NoAnswer
from chaos.messages import APPROVAL

ASKED_MAX = 100


@dataclass(frozen=True)
class Receipt:
    """`GET /api/v1/signals/{id}/receipts`."""

    signal_id: str
    offset: int
    """Of the critical message about the signal that came last."""
    recipients: int
    seen: tuple[str, ...]
    waiting: tuple[str, ...]


async def read_receipts(client: HttpClient, log: list[dict]) -> list[Receipt] | None:
    """Of the newest approvals; none when this server tells none."""
    receipts = []
    for message in [message for message in log if message["type"] == APPROVAL][-ASKED_MAX:]:
        signal_id = message["data"]["signal_id"]
        try:
            answer = await client.request("GET", f"/api/v1/signals/{signal_id}/receipts")
        except NoAnswer:
            continue
        if answer.status == 404:
            return None
        told = answer.body
        receipts.append(Receipt(signal_id, told["offset"] or message["offset"], told["recipients"], _users(told["seen"]),
                                _users(told["waiting"])))
    return receipts


def check_receipts(receipts: list[Receipt], acknowledged_to: dict[str, int]) -> Iterator[Finding]:
    """Every recipient has acknowledged a critical message once, or it is still queued for that one.

    `acknowledged_to`: by user, up to where its client has acknowledged."""
    for receipt in receipts:
        where = f"the approval of {receipt.signal_id} at {receipt.offset}"
        users = [*receipt.seen, *receipt.waiting]
        if len(set(users)) < len(users):
            yield Finding("a critical message was acknowledged twice or is queued though it was", where)
        if receipt.recipients != len(users):
            yield Finding("a critical message has recipients who have neither seen it nor wait for it",
                          f"{where}: {receipt.recipients} recipients, {len(users)} accounted for")
        for user in receipt.waiting:
            if acknowledged_to.get(user, 0) >= receipt.offset:
                yield Finding("an acknowledged message is still queued", f"{where} for {user}")


def _users(people: list[dict]) -> tuple[str, ...]:
    return tuple(person["user"] for person in people)
