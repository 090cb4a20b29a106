"""A desk under a policy: four people, a policy that changes and breaks, and the command line (issue 5, part 1)."""

import json
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk_process import PROGRAM, START_SECONDS_MAX, DeskProcess
from patience import PATIENCE_SECONDS, eventually
from policies import EXAMPLE, four_eyes


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "policy.yaml"
    path.write_text(four_eyes())
    return path


@pytest.fixture
def desk(tmp_path: Path, policy: Path) -> Iterator[DeskProcess]:
    desk = DeskProcess(tmp_path)
    desk.start("--policy", str(policy))
    yield desk
    desk.discard()


def run(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([PROGRAM, "policy", *arguments], capture_output=True, text=True, timeout=START_SECONDS_MAX)


def health(desk: DeskProcess) -> dict:
    return desk.api.request("GET", "/health").body["policy"]


def metrics(desk: DeskProcess) -> str:
    with urllib.request.urlopen(f"{desk.url}/metrics", timeout=PATIENCE_SECONDS) as response:
        return response.read().decode()


def test_four_people_and_two_of_them_are_needed(desk):
    first = desk.api.post_signal(risk_percentage="1.5", source="engine")

    assert desk.api.approve(first["id"], "zoe").status == 403
    assert desk.api.approve(first["id"], "bo").body["detail"] == (
        "AAPL needs 1 trader and 1 risk officer; your source engine proposed this.")
    assert desk.api.approve(first["id"], "ann").body["status"] == "PENDING_REVIEW"
    assert desk.api.approve(first["id"], "ann").body["code"] == "approval_adds_nothing"
    approved = desk.api.approve(first["id"], "ruth").body

    assert approved["status"] == "APPROVED_BUY"
    assert [(given["user"], given["role"]) for given in approved["sign_offs"]] == [("ann", "trader"), ("ruth", "risk")]
    assert approved["decision"]["policy"]["version"] == "v1"
    types = [event["type"] for event in desk.api.events()]
    assert types[:3] == ["signal:new", "signal:signed_off", "approval_notification"]
    # Released by the policy's window of 1 s, not by the desk's of 5.
    eventually(lambda: desk.api.signal(first["id"])["released_at"] is not None)


@pytest.mark.parametrize("end", ["kill", "stop"], ids=["SIGKILL", "checkpoint"])
def test_sign_offs_outlive_the_process(desk, policy, end):
    signal_id = desk.api.post_signal(risk_percentage="1.5")["id"]
    desk.api.approve(signal_id, "ann", note="Kept")
    before = desk.api.signal(signal_id)

    getattr(desk, end)()
    desk.start("--policy", str(policy))

    assert desk.api.signal(signal_id) == before
    assert desk.api.approve(signal_id, "ann").body["code"] == "approval_adds_nothing"
    assert desk.api.approve(signal_id, "ruth").body["status"] == "APPROVED_BUY"


def test_desk_that_is_started_without_a_policy_asks_for_one_trader_again(desk):
    signal_id = desk.api.post_signal(risk_percentage="1.5")["id"]
    desk.api.approve(signal_id, "ann")

    desk.stop()
    desk.start()

    approved = desk.api.approve(signal_id, "zoe").body
    assert (approved["status"], approved["decision"]["policy"]) == ("APPROVED_BUY", None)
    assert health(desk) is None


def test_changed_policy_is_in_force_and_a_broken_one_stays_out(desk, policy):
    policy.write_text(four_eyes("v2"))
    eventually(lambda: health(desk)["version"] == "v2")

    policy.write_text(four_eyes("v3").replace("above", "abov"))
    eventually(lambda: health(desk)["fault"] is not None)
    assert "rules[0].when.risk_percentage.abov is not known here" in health(desk)["fault"]
    assert health(desk)["version"] == "v2"
    assert "countersign_policy_fault 1" in metrics(desk)
    signal_id = desk.api.post_signal(risk_percentage="1.5")["id"]
    assert desk.api.approve(signal_id, "ann").body["status"] == "PENDING_REVIEW"

    policy.unlink()
    eventually(lambda: "no policy file" in health(desk)["fault"])
    assert health(desk)["version"] == "v2"
    assert "policy refused" in desk.log.read_text()

    policy.write_text(four_eyes("v4"))
    eventually(lambda: health(desk)["version"] == "v4" and health(desk)["fault"] is None)
    assert "countersign_policy_fault 0" in metrics(desk)


def test_stricter_policy_holds_for_what_waits_already(desk, policy):
    signal_id = desk.api.post_signal(risk_percentage="0.5")["id"]
    policy.write_text(four_eyes("v2").replace("above: 1", "at_least: 0.5"))
    eventually(lambda: health(desk)["version"] == "v2")

    assert desk.api.approve(signal_id, "ann").body["status"] == "PENDING_REVIEW"


def test_sighup_reads_the_policy_again_and_does_not_end_the_desk(desk, policy):
    # At once after the address was told: the desk must be ready for it.
    desk.hang_up()
    policy.write_text(four_eyes("v2"))
    desk.hang_up()
    eventually(lambda: health(desk)["version"] == "v2")


BROKEN = {
    "newer": ("countersign_policy: 2\nversion: x", "must be 1"),
    "anchors": ("rules: &a [*a]", "Anchors"),
    "empty": ("", "empty"),
    "huge": ("#" * 70_000, "at most 65536"),
    "deep": ("a: " + "[" * 1_000, "levels deep"),
    "twice": ("version: a\nversion: b", "stands twice"),
    "unknown": (four_eyes() + "colour: red", "colour is not known here"),
    "wrong type": (four_eyes().replace("[engine]", "{engine: 1}"), "people.bo.sources must be a list"),
    "contradiction": (four_eyes() + "  - {name: no Ruth, may_not_approve: ruth}", "cannot be satisfied together"),
    "no text": (b"\xff\xfe\x00", "not UTF-8"),
}


@pytest.mark.parametrize(("text", "why"), BROKEN.values(), ids=BROKEN.keys())
def test_desk_does_not_start_under_a_broken_policy(tmp_path, text, why):
    path = tmp_path / "broken.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    for file, words in ((path, why), (tmp_path / "missing.yaml", "no policy file")):
        ended = subprocess.run([PROGRAM, "serve", "--port", "0", "--database", str(tmp_path / "d.sqlite"), "--policy", str(file)],
                               capture_output=True, text=True, timeout=START_SECONDS_MAX)
        assert ended.returncode == 2, ended
        assert str(file) in ended.stderr and "Fatal error" not in ended.stderr
        assert words in ended.stderr and len(ended.stderr.splitlines()) < 5, ended.stderr
        assert not (tmp_path / "d.sqlite").exists(), "nothing was begun"


def test_check_tells_every_fault_with_its_place(tmp_path):
    assert run("check", str(EXAMPLE)).returncode == 0

    path = tmp_path / "policy.yaml"
    path.write_text(four_eyes(undo="1 day").replace("veto: risk", "veto: boss"))
    ended = run("check", str(path))

    assert ended.returncode == 1
    assert f"{path}:10:9: defaults.veto must be one of trader, risk, admin" in ended.stderr
    assert f"{path}:15:18: rules[0].undo_window must be a time such as 90s" in ended.stderr


def test_explain_says_what_the_refusal_says(desk, policy, tmp_path):
    file = tmp_path / "signal.json"
    file.write_text(json.dumps({"symbol": "AAPL", "side": "BUY", "source": "engine", "risk_percentage": "1.5"}))
    signal_id = desk.api.post_signal(source="engine", risk_percentage="1.5")["id"]
    refused = desk.api.approve(signal_id, "bo").body["detail"]

    ended = run("explain", str(policy), "--signal", str(file), "--as", "bo")

    assert ended.returncode == 0, ended
    words = refused.removeprefix("AAPL ").removesuffix(".")
    assert f"bo: {words}; may reject" in ended.stdout
    assert "rule “large risk”: its risk, 1.5 %, is above 1 %" in ended.stdout


def test_explain_knows_the_book(tmp_path):
    file, book = tmp_path / "signal.json", tmp_path / "book.json"
    file.write_text(json.dumps({"symbol": "AAPL", "side": "BUY", "risk_percentage": "0.5", "confidence_score": 92,
                                "entry_price": "10", "quantity": "5"}))
    book.write_text(json.dumps([{"type": "portfolio:updated", "data": {
        "total_heat": "85", "available_capacity": "15", "timestamp": "2026-01-23T10:30:00.000Z", "heat_limit": "6",
        "value": "100000"}}]))

    unknown = run("explain", str(EXAMPLE), "--signal", str(file), "--as", "ann").stdout
    known = run("explain", str(EXAMPLE), "--signal", str(file), "--desk", str(book), "--as", "ann").stdout

    assert "the heat after the trade is not known" in unknown
    assert "the heat after the trade, 93.33 %, is at least 90 %" in known
