"""What a client makes of a release: the plan is for some, that it left the desk is for everybody."""

from random import Random

import pytest

from chaos.figures import Figures
from chaos.follower import Follower
from chaos.messages import digest_of
from chaos.sabotage import Saboteur

AT = "2026-01-23T10:31:07.000Z"
SIGNAL = {
    "id": "s1", "symbol": "AAPL", "status": "APPROVED_BUY", "awaiting_approval": False, "version": 2, "recipients": ["ann"],
    "updated_at": "2026-01-23T10:31:02.000Z", "released_at": None, "decision": {"decided_at": "2026-01-23T10:31:02.000Z"},
}
PLAN = {"type": "signal_approved", "timestamp": AT, "offset": 4, "signal_id": "s1", "entry_price": "150.25", "version": 3}
BARE = {"type": "signal:released", "timestamp": AT, "offset": 4,
        "data": {"signal_id": "s1", "version": 3, "released_at": AT}}


def heard(name: str, message: dict, recipients: list[str] | None) -> Follower:
    """A client of this name that knows the signal and then hears the message."""
    follower = Follower(name, None, Figures(), Random(1), Saboteur(frozenset()))
    follower.history.load(3, None)
    follower.view.apply({"type": "signal:new", "offset": 3, "data": {**SIGNAL, "recipients": recipients}})
    follower.take(message, digest_of(message))
    return follower


def test_whoever_hears_of_a_release_knows_the_same():
    ann, bo = heard("ann", PLAN, ["ann"]), heard("bo", BARE, ["ann"])
    assert ann.view.parts() == bo.view.parts()
    assert ann.history.chapters == bo.history.chapters
    assert bo.history.chapters[-1].digests[0] == digest_of(BARE)
    assert ann.faults == bo.faults == []


def test_release_for_everybody_is_compared_word_for_word():
    follower = heard("bo", PLAN, None)
    assert follower.history.chapters[-1].digests[0] == digest_of(PLAN)
    assert follower.faults == []


@pytest.mark.parametrize(("name", "message", "recipients"), [("bo", PLAN, ["ann"]), ("ann", BARE, ["ann"]), ("bo", BARE, None)])
def test_plan_that_went_astray_is_a_fault(name, message, recipients):
    assert len(heard(name, message, recipients).faults) == 1
