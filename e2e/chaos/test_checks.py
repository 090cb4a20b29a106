"""The checks find every kind of loss in logs made up for it, and nothing in a good one."""

from copy import deepcopy

import pytest

from chaos.checks import Account, Evidence, check_policy, judge
from chaos.desk_view import DeskView
from chaos.event_maker import Request
from chaos.history import History
from chaos.ledger import Decided, Ledger
from chaos.messages import digest_of, mark_of
from chaos.receipts import Receipt, check_receipts

SIGNAL = {
    "id": "s1", "symbol": "AAPL", "status": "PENDING_REVIEW", "awaiting_approval": True, "version": 1,
    "updated_at": "2026-01-23T10:30:00.000Z", "decision": None, "sign_offs": [],
}


def a_log() -> list[dict]:
    return [
        {"type": "signal:new", "offset": 1, "data": dict(SIGNAL)},
        {"type": "notification", "offset": 2, "data": {"id": "note-1", "message": "Hello", "type": "info"}},
        _approval(3, "s1", "alice", "alice/s1"),
        {"type": "portfolio:updated", "offset": 4, "data": {"total_heat": "1", "value": "7.25"}},
    ]


def _approval(offset: int, signal_id: str, user: str, key: str) -> dict:
    return {"type": "approval_notification", "offset": offset, "data": {
        "signal_id": signal_id, "decision_id": key, "approved_by": user, "approved_status": "BUY", "symbol": "AAPL",
        "approved_at": "2026-01-23T10:31:00.000Z", "note": None, "accepted_price": None, "status": "APPROVED_BUY", "version": 2,
        "undo_window_ms": None, "policy": None, "sign_offs": []}}


def a_ledger(log: list[dict]) -> Ledger:
    ledger = Ledger()
    for message in log:
        if (mark := mark_of(message)) is not None:
            ledger.write(Request(f"key-{message['offset']}", "/", b"", (mark,), 1)).is_acknowledged = True
    ledger.decide(Decided("alice/s1", "alice", "s1", "approve", outcome="won"))
    ledger.decide(Decided("bob/s1", "bob", "s1", "reject", outcome="lost"))
    return ledger


def a_snapshot(log: list[dict]) -> dict:
    view = DeskView()
    for message in log:
        view.apply(message)
    parts = view.parts()
    return {
        "signals": [*parts["pending signals"].values(), *parts["decided signals"]], "portfolio": parts["portfolio"],
        "campaigns": [], "sessions": [], "patterns": [], "prices": [],
        "notifications": [{"offset": offset} for offset in parts["notices"]],
    }


def an_account(log: list[dict], name: str = "socket-0") -> Account:
    history, view = History(), DeskView()
    history.load(0, None)
    for message in log:
        history.apply(message["offset"], digest_of(message))
        view.apply(message)
    return Account(name, history, view.parts())


def evidence(log: list[dict] | None = None) -> Evidence:
    log = a_log() if log is None else log
    return Evidence(log, a_snapshot(log), a_ledger(log), [an_account(log)])


def rules(made: Evidence) -> set[str]:
    return {finding.what for finding in judge(made)}


def test_nothing_is_found_where_nothing_is_wrong():
    assert judge(evidence()) == []


def test_acknowledged_write_that_is_not_there():
    made = evidence()
    made.ledger.write(Request("lost", "/", b"", ("notification note-9",), 1)).is_acknowledged = True
    assert rules(made) == {"an acknowledged write is not in the log"}


def test_write_that_is_there_twice():
    log = a_log()
    log.append({**log[1], "offset": 5})
    assert rules(evidence(log)) == {"a write is in the log more than once"}


def test_refused_write_that_is_there():
    made = evidence()
    write = made.ledger.writes["key-2"]
    write.is_acknowledged, write.is_refused = False, True
    assert rules(made) == {"a refused write is in the log"}


def test_second_decision_on_a_signal():
    log = [*a_log(), _approval(5, "s1", "bob", "bob/s1")]
    assert {"a signal was decided more than once", "nobody asked for this decision",
            "a refused decision is in the log"} <= rules(evidence(log))


def a_log_under_a_policy() -> list[dict]:
    first, second = _sign_off("alice"), _sign_off("bob")
    approval = _approval(3, "s1", "bob", "bob/s1")
    approval["data"] |= {"policy": {"version": "v", "hash": "h"}, "sign_offs": [first, second]}
    return [
        {"type": "signal:new", "offset": 1, "data": dict(SIGNAL)},
        {"type": "signal:signed_off", "offset": 2, "data": {**SIGNAL, "version": 2, "sign_offs": [first]}},
        approval,
    ]


def _sign_off(user: str) -> dict:
    return {"id": f"{user}/s1", "user": user, "role": "trader", "status": "BUY", "needed": 2}


def test_approval_by_two_is_what_it_should_be():
    assert list(check_policy(a_log_under_a_policy())) == []


@pytest.mark.parametrize(("spoil", "what"), [
    (lambda log: log.pop(1), "a sign-off was lost or made up"),
    (lambda log: log[2]["data"]["sign_offs"].pop(0), "an approval without the people it takes"),
    (lambda log: log[2]["data"].update(sign_offs=[]), "an approval without the people it takes"),
    (lambda log: log[2]["data"]["sign_offs"][1].update(user="alice"), "somebody approved twice"),
])
def test_approval_that_lacks_somebody(spoil, what):
    log = a_log_under_a_policy()
    spoil(log)
    assert what in {finding.what for finding in check_policy(log)}


def test_decision_that_nobody_asked_for():
    made = evidence()
    del made.ledger.decisions["alice/s1"]
    assert rules(made) == {"nobody asked for this decision"}


def test_acknowledged_decision_that_is_not_there():
    made = evidence()
    made.ledger.decisions["bob/s1"].outcome = "won"
    assert rules(made) == {"an acknowledged decision is not in the log"}


def test_hole_in_the_log():
    log = a_log()
    log[3]["offset"] = 5
    assert "the log has a hole" in rules(evidence(log))


def test_snapshot_that_says_something_else():
    made = evidence()
    made.snapshot = deepcopy(made.snapshot)
    made.snapshot["portfolio"]["total_heat"] = "2"
    assert rules(made) == {"the snapshot is not what the log says"}


@pytest.mark.parametrize(("offsets", "rule"), [
    ([1, 2, 4], "a client missed a message"), ([1, 2, 2, 3, 4], "a client took a message twice"),
    ([1, 2, 3], "a client is not where the log is"),
])
def test_client_that_had_too_little_or_too_much(offsets, rule):
    made = evidence()
    history = History()
    history.load(0, None)
    for offset in offsets:
        history.apply(offset, digest_of(made.log[offset - 1]))
    made.accounts[0].history = history
    assert rules(made) == {rule}


def test_client_that_was_told_something_else():
    made = evidence()
    made.accounts[0].history.chapters[0].digests[1] += 1
    assert rules(made) == {"a client was told something else than the log"}


def test_client_whose_state_is_another():
    made = evidence()
    made.accounts[0].parts["pending signals"] = {"s1": SIGNAL}
    assert rules(made) == {"a client's state is not the server's"}


def test_reload_counts_only_when_it_was_told_to():
    for reason, expected in (("too_many", set()), (None, {"a client reloaded though nobody told it to"})):
        made = evidence()
        history = History()
        history.load(0, None)
        history.load(3, reason)
        history.apply(4, digest_of(made.log[3]))
        made.accounts[0].history = history
        assert rules(made) == expected, reason


def test_page_that_lacks_the_newest_notice():
    made = evidence()
    made.accounts[0].notices = []
    assert rules(made) == {"a page does not show the newest notice"}


def test_critical_message_is_acknowledged_once_or_queued():
    good = Receipt("s1", 3, 2, ("alice",), ("bob",))
    assert list(check_receipts([good], {"alice": 4, "bob": 2})) == []
    for bad in (Receipt("s1", 3, 2, ("alice", "alice"), ()), Receipt("s1", 3, 3, ("alice",), ("bob",)),
                Receipt("s1", 3, 1, (), ("alice",))):
        assert list(check_receipts([bad], {"alice": 4})), bad
