"""What no desk should take, by every door that could take it: nothing of it is stored, and the place of the fault is told."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from desk_api import a_signal

NINES = "9" * 400
AMOUNT_FIELDS = ("entry_price", "stop_loss", "target_price", "quantity", "risk_amount", "risk_percentage")
# As JSON says them; a binary float would take most of these for some number.
AMOUNTS = ['"1e5"', '"1E-3"', "1e5", "1.5E3", f'"{NINES}"', NINES, f'"0.{NINES}"', f"0.{NINES}", '"NaN"', '"Infinity"', '"-Infinity"',
           '"-149.50"', "-149.50", '""', '" 149.50"', '"149,50"', '"1_000"', '"0x10"', '"１４９"', '"149.5\\u0007"', "true", "[149.5]", "{}"]
NO_JSON = ['"149.5\\u0000"', "NaN", "Infinity", "-Infinity", "+1", ".5", "1.", "0x10", "01"]
HARMFUL = {"NUL": "\0", "bell": "\a", "escape": "\x1b[2J", "C1 control": "\x9b", "right-to-left override": "\u202e", "left-to-right embedding": "\u202a",
           "isolate": "\u2067", "zero width space": "\u200b", "byte order mark": "\ufeff", "line separator": "\u2028", "lone surrogate": "\ud800",
           "tag": "\U000e0001"}
# Of these no text is made, so with them it is no JSON.
NO_TEXT = ("NUL", "lone surrogate")
MARKUP = ["<img src=x onerror=\"alert(1)\"><script>alert(1)</script>", "&lt;b&gt; &amp; {{7*7}} ${7*7} %n%s", "=HYPERLINK(\"http://x\")",
          "'; DROP TABLE event; --", "]]>--></style>"]


def past(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def raw(members: dict, name: str, text: str) -> bytes:
    """These members as JSON, with one that is written as it stands."""
    return (json.dumps({**members, name: 0})[:-2] + text + "}").encode()


def without(members: dict, name: str) -> dict:
    return {key: value for key, value in members.items() if key != name}


def assert_refused(answer, pointer: str, what: object) -> None:
    assert (answer.status, answer.body["code"]) in ((400, "invalid_request"), (400, "invalid_terms")), (what, answer)
    assert pointer in [fault["pointer"] for fault in answer.body["errors"]], (what, answer.body)


@pytest.mark.parametrize("field", AMOUNT_FIELDS)
def test_an_amount_is_a_plain_decimal_or_it_is_refused(desk, field):
    signal = desk.api.post_signal()
    message = without(a_signal(), field)
    for text in AMOUNTS:
        assert_refused(desk.api.request("POST", "/api/v1/signals", raw(message, field, text)), f"/{field}", text)
        event = b'{"type":"signal:new","data":' + raw(message, field, text) + b"}"
        assert_refused(desk.api.request("POST", "/api/v1/events", event), f"/data/{field}", text)
        amendment = desk.api.request("POST", f"/api/v1/signals/{signal['id']}/amend?source=wyckoff-engine", raw({}, field, text))
        assert_refused(amendment, f"/{field}", text)
    for text in NO_JSON:
        answer = desk.api.request("POST", "/api/v1/signals", raw(message, field, text))
        assert (answer.status, answer.body["code"]) == (400, "malformed_json"), (text, answer)
    assert desk.api.events() == [{**desk.api.events()[0], "data": signal}]


@pytest.mark.parametrize(("side", "plan", "pointer"), [
    ("BUY", {"stop_loss": "150.26"}, "/stop_loss"), ("BUY", {"stop_loss": "150.25"}, "/stop_loss"), ("BUY", {"target_price": "150.24"}, "/target_price"),
    ("SELL", {"stop_loss": "149.50", "target_price": "147.75"}, "/stop_loss"), ("SELL", {"stop_loss": "151.00", "target_price": "152.75"}, "/target_price"),
])
def test_a_stop_or_target_on_the_wrong_side_is_refused_when_it_comes_and_when_it_is_amended(desk, side, plan, pointer):
    good = {"side": "BUY"} if side == "BUY" else {"side": "SELL", "stop_loss": "151.00", "target_price": "147.75"}
    signal = desk.api.post_signal(**good)
    assert_refused(desk.api.request("POST", "/api/v1/signals", a_signal(**{**good, **plan})), pointer, plan)
    amended = desk.api.request("POST", f"/api/v1/signals/{signal['id']}/amend?source=wyckoff-engine", plan)
    assert_refused(amended, pointer, plan)
    assert desk.api.signal(signal["id"]) == signal


def test_a_time_limit_that_is_over_or_none_is_refused(desk):
    signal = desk.api.post_signal()
    for expires_at in (past(seconds=1), past(days=400), "1970-01-01T00:00:00Z", "tomorrow", "2099-02-30T00:00:00Z", 4_000_000_000, "", True):
        assert_refused(desk.api.request("POST", "/api/v1/signals", a_signal(expires_at=expires_at)), "/expires_at", expires_at)
        amended = desk.api.request("POST", f"/api/v1/signals/{signal['id']}/amend?source=wyckoff-engine", {"expires_at": expires_at})
        assert_refused(amended, "/expires_at", expires_at)
    assert desk.api.signal(signal["id"]) == signal


@pytest.mark.parametrize("what", HARMFUL)
def test_what_deceives_stands_in_no_note_reason_or_name(desk, what):
    text = f"Looks{HARMFUL[what]}fine"
    signal = desk.api.post_signal()
    by_id = f"/api/v1/signals/{signal['id']}"
    doors = [
        (f"{by_id}/approve?as=bo", {"status": "BUY", "note": text}, "/note"), ("/approve?as=bo", {"symbol": "AAPL", "status": "BUY", "note": text}, "/note"),
        (f"{by_id}/reject?as=bo", {"reason": text}, "/reason"), (f"{by_id}/reject?as=bo", {"reason": "No", "note": text}, "/note"),
        ("/api/v1/decisions/bulk?as=bo", {"items": [{"signal_id": signal["id"], "action": "approve", "status": "BUY", "note": text}]}, "/items/0/note"),
        (f"{by_id}/withdraw?source=wyckoff-engine", {"reason": text}, "/reason"), (f"{by_id}/failed?source=wyckoff-engine", {"reason": text}, "/reason"),
        ("/api/v1/signals", a_signal(reasoning=text), "/reasoning"), ("/api/v1/signals", a_signal(source=text), "/source"),
        ("/api/v1/signals", a_signal(campaign_id=text), "/campaign_id"), (f"{by_id}/approve?as=bo", {"status": "BUY", "user_id": text}, "/user_id"),
    ]
    for path, body, pointer in doors:
        answer = desk.api.request("POST", path, body)
        if what in NO_TEXT:
            assert (answer.status, answer.body["code"]) == (400, "malformed_json"), (path, answer)
        else:
            assert_refused(answer, pointer, path)
        assert HARMFUL[what] not in json.dumps(answer.body, ensure_ascii=False), "it is not said back"
    assert [event["type"] for event in desk.api.events()] == ["signal:new"]


@pytest.mark.parametrize("text", [*MARKUP, "x" * 500])
def test_what_is_only_text_is_kept_as_it_is(desk, text):
    signal = desk.api.post_signal(reasoning=text)
    assert signal["reasoning"] == text
    approved = desk.api.approve(signal["id"], "bo", note=text)
    assert (approved.status, approved.body["decision"]["note"]) == (200, text)


def test_a_note_of_more_than_500_characters_is_refused(desk):
    signal = desk.api.post_signal()
    answer = desk.api.request("POST", f"/api/v1/signals/{signal['id']}/approve?as=bo", {"status": "BUY", "note": "x" * 501})
    assert_refused(answer, "/note", "501")


@pytest.mark.serve("--undo-seconds", "600")
def test_a_key_that_was_used_for_another_body_is_refused_by_every_door(desk):
    ids = [desk.api.post_signal(symbol=f"S{number}", expires_in_seconds=None if number == 5 else 600)["id"] for number in range(7)]
    by_id = "/api/v1/signals/{}/{}"
    notice = {"type": "notification", "data": {"id": "n", "message": "m", "type": "info"}}
    first_and_other = [
        ("/api/v1/signals?as=bo", a_signal(symbol="NEW"), a_signal(symbol="NEWER")),
        ("/api/v1/events?as=bo", notice, [notice, notice]),
        (by_id.format(ids[0], "approve?as=bo"), {"status": "BUY"}, {"status": "BUY", "note": "Changed my mind"}),
        (by_id.format(ids[0], "undo?as=bo"), {}, {"version": 2}),
        (by_id.format(ids[1], "reject?as=bo"), {"reason": "Duplicate"}, {"reason": "Stale price"}),
        (by_id.format("S2", "approve?as=bo"), {"status": "BUY"}, {"status": "SELL"}),
        ("/approve?as=bo", {"symbol": "S3", "status": "BUY"}, {"symbol": "S3", "status": "HOLD"}),
        (by_id.format(ids[4], "extend?as=bo"), {"minutes": 5}, {"minutes": 10}),
        (by_id.format(ids[5], "amend?source=wyckoff-engine&as=bo"), {"stop_loss": "149.10"}, {"stop_loss": "149.20"}),
        (by_id.format(ids[6], "withdraw?source=wyckoff-engine&as=bo"), {"reason": "Gone"}, {"reason": "Not gone"}),
    ]
    for number, (path, first, other) in enumerate(first_and_other):
        # Somebody else each time, for nobody decides so often in a minute.
        path, key = path.replace("as=bo", f"as=bo-{number}"), {"idempotency-key": f"key-{number}"}
        taken = desk.api.request("POST", path, first, key)
        assert taken.status in (200, 201, 202), (path, taken)
        logged = desk.api.events()
        refused = desk.api.request("POST", path, other, key)
        assert (refused.status, refused.body["code"]) == (422, "idempotency_key_reused"), (path, refused)
        again = desk.api.request("POST", path, first, key)
        assert (again.status, again.body) == (taken.status, taken.body), path
        assert desk.api.events() == logged, path
    item = {"signal_id": ids[4], "action": "approve", "status": "BUY", "decision_id": "item-key"}
    for body, status in ((item, 200), ({**item, "status": "SELL"}, 422)):
        outcome = desk.api.request("POST", "/api/v1/decisions/bulk?as=bo", {"items": [body]}).body["outcomes"][0]
        assert outcome["status"] == status, outcome
