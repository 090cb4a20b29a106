"""Amendments and approvals race against the real server: nothing is approved on terms that were not seen (issue 5)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

ROUNDS = 12
APPROVERS = 20


def approve(api, signal, who, **body):
    return api.request("POST", f"/api/v1/signals/{signal['id']}/approve?as={who}", {"status": "BUY", **body})


def amend(api, signal, **terms):
    return api.request("POST", f"/api/v1/signals/{signal['id']}/amend?source=wyckoff-engine", terms)


def assert_nothing_unseen_was_approved(signal, amended, answers, now):
    """Either the amendment came first and refuses every approval of the old terms, or one approval did and refuses it."""
    approvals = [answer for answer in answers if answer.status == 200]
    if amended.status == 200:
        assert approvals == [] and now["status"] == "PENDING_REVIEW"
        assert {answer.body["code"] for answer in answers} == {"terms_changed"}
        assert answers[0].body["differences"] == [{"field": "stop_loss", "was": "149.50", "is": "149.10"}]
    else:
        assert amended.body["code"] == "already_decided"
        assert len(approvals) == 1 and now["terms"] == signal["terms"] and now["stop_loss"] == "149.50"


@pytest.mark.parametrize("first", ["amendment", "approval", "either"])
def test_of_an_amendment_and_twenty_approvals_of_the_old_terms_nothing_unseen_is_approved(desk, first):
    """Who is first is forced by sending the others only when it was answered; a race may end either way."""
    with ThreadPoolExecutor(APPROVERS + 1) as pool:
        for number in range(ROUNDS if first == "either" else 1):
            signal = desk.api.post_signal(symbol=f"R{number}")
            # Now before all approvals, now among them, now behind.
            place = {"amendment": 0, "approval": 1}.get(first, number * APPROVERS // (ROUNDS - 1))
            asked = [pool.submit(approve, desk.api, signal, f"trader-{number}-{who}", terms=signal["terms"])
                     for who in range(place)]
            if first == "approval":
                assert asked[0].result().status == 200
            amendment = pool.submit(amend, desk.api, signal, stop_loss="149.10")
            if first != "either":
                assert amendment.result().status == (200 if first == "amendment" else 409)
            asked += [pool.submit(approve, desk.api, signal, f"trader-{number}-{who}", terms=signal["terms"])
                      for who in range(place, APPROVERS)]
            answers = [answer.result() for answer in asked]
            assert_nothing_unseen_was_approved(signal, amendment.result(), answers, desk.api.signal(signal["id"]))


def test_what_was_amended_outlives_sigkill_and_old_terms_are_still_known(desk):
    signal = desk.api.post_signal()
    amended = amend(desk.api, signal, stop_loss="149.10").body

    desk.kill()
    desk.start()

    assert desk.api.signal(signal["id"]) == amended
    refused = approve(desk.api, signal, "alice", terms=signal["terms"])
    assert (refused.status, refused.body["code"]) == (409, "terms_changed")
    assert refused.body["differences"] == [{"field": "stop_loss", "was": "149.50", "is": "149.10"}]
    assert approve(desk.api, signal, "alice", terms=amended["terms"]).status == 200


def test_how_far_the_price_may_be_is_a_setting(desk):
    desk.stop()
    desk.start("--drift-r-max", "off")
    signal = desk.api.post_signal()
    desk.api.post_event({"type": "price_update", "symbol": "AAPL", "data": {
        "price": "1.00", "change": "0", "change_pct": "0", "volume": 1}})
    assert approve(desk.api, signal, "alice", terms=signal["terms"]).status == 200
