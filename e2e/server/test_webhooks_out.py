"""Webhooks that leave the desk, against a real receiver that fails: at least once, in order, signed, never what was not released
(GAP-08, C21).

What survives SIGKILL is told here with the real process; how attempts and pauses go is tested in Tests/WebhooksTests.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from desk_process import DeskProcess
from patience import eventually
from test_metrics import collected
from webhook_receiver import SECRET, Receiver


class WiredDesk(DeskProcess):
    """A desk with a file of webhook settings, which outlives the process too."""

    def __init__(self, folder: Path):
        self.wiring = folder / "webhooks.json"
        super().__init__(folder, ["--webhooks", str(self.wiring)])

    def wire(self, **endpoints: dict) -> None:
        os.environ["RECEIVER_SECRET"] = SECRET
        defaults = {"secret": {"env": "RECEIVER_SECRET"}, "retry_after_seconds": [0, 0, 0], "timeout_seconds": 3}
        self.wiring.write_text(json.dumps({
            "endpoints": {name: defaults | endpoint for name, endpoint in endpoints.items()}}))

    def start(self, undo_seconds: int = 1) -> None:
        super().start("--undo-seconds", str(undo_seconds))

    def release(self, symbol: str = "AAPL") -> str:
        """Approves a signal and waits until it may leave."""
        signal_id = self.approved(symbol)
        self.released(signal_id)
        return signal_id

    def approved(self, symbol: str = "AAPL") -> str:
        signal = self.api.post_signal(symbol=symbol)
        assert self.api.approve(signal["id"], f"trader-{symbol}").status == 200
        return signal["id"]

    def decision(self, signal_id: str) -> str:
        """What becomes of a signal, after a wait that ends sooner than this suite's patience with one request."""
        return self.api.request("GET", f"/api/v1/signals/{signal_id}/decision?wait=5").body["state"]

    def released(self, *signal_ids: str) -> None:
        eventually(lambda: all(self.decision(signal_id) == "released" for signal_id in signal_ids), "the release")

    def id_of(self, signal_id: str) -> str:
        """The webhook-id of a release."""
        event = next(event for event in self.api.events()
                     if event["type"] == "signal_approved" and event["signal_id"] == signal_id)
        epoch = self.api.request("GET", "/health").body["store"]["epoch"]
        return f"{epoch}:{event['offset']}:{round(datetime.fromisoformat(event['timestamp']).timestamp() * 1_000)}"

    def position(self, endpoint: str) -> int:
        with sqlite3.connect(self.database) as file:
            return file.execute("SELECT position FROM webhook_endpoint WHERE name = ?", [endpoint]).fetchone()[0]

    def delivered(self, endpoint: str = "broker") -> None:
        """Waits until the endpoint has come to the end of the log."""
        series = f'countersign_webhook_backlog{{endpoint="{endpoint}"}}'
        eventually(lambda: collected(self)[series] == 0, "the end of the log")

    def letters(self) -> list[dict]:
        return self.api.request("GET", "/api/v1/webhooks/dead-letters").body["dead_letters"]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[WiredDesk]:
    desk = WiredDesk(tmp_path)
    yield desk
    desk.discard()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


def test_a_release_leaves_signed_and_is_what_every_tab_hears(desk, receiver):
    desk.wire(broker={"url": receiver.url})
    desk.start()
    rejected = desk.api.post_signal(symbol="MSFT")
    assert desk.api.reject(rejected["id"], "bob", "too late").status == 200
    waiting = desk.approved("TSLA")

    post = receiver.until(1)[0]

    assert post.body["signal_id"] == waiting
    assert post.id == desk.id_of(waiting)
    assert post.body == next(event for event in desk.api.events() if event["type"] == "signal_approved")
    desk.delivered()
    assert len(receiver.posts) == 1
    metrics = collected(desk)
    assert metrics['countersign_webhook_attempts_total{endpoint="broker",outcome="taken"}'] == 1
    assert metrics['countersign_webhook_dead_letters{endpoint="broker"}'] == 0


def test_whatever_the_receiver_does_order_and_ids_hold(desk, receiver):
    desk.wire(broker={"url": receiver.url})
    receiver.behave(500, "cut", 302, 200, "hang", 200, "endless", "drip", "flood", 404, 200)
    desk.start()
    signals = [desk.approved(f"SYM{number}") for number in range(5)]

    posts = receiver.until(11)

    expected = [desk.id_of(signal) for signal in signals]
    assert [(post.id, post.answered) for post in posts] == [
        (expected[0], 500), (expected[0], "cut"), (expected[0], 302), (expected[0], 200),
        (expected[1], "hang"), (expected[1], 200), (expected[2], "endless"),
        (expected[3], "drip"), (expected[4], "flood"), (expected[4], 404), (expected[4], 200)]
    assert {post.path for post in posts} == {"/hook"}


def test_one_dead_endpoint_delays_no_other_and_its_letters_wait(desk, receiver):
    desk.wire(broker={"url": receiver.url}, nobody={"url": "http://127.0.0.1:9/"})
    desk.start()
    signals = [desk.approved(f"SYM{number}") for number in range(3)]

    assert [post.body["signal_id"] for post in receiver.until(3)] == signals
    eventually(lambda: len(desk.letters()) == 3)
    letters = desk.letters()
    assert [(letter["endpoint"], letter["signal_id"], letter["attempts"]) for letter in letters] == [
        ("nobody", signal, 4) for signal in signals]
    assert [letter["event_id"] for letter in letters] == [desk.id_of(signal) for signal in signals]
    assert collected(desk)['countersign_webhook_dead_letters{endpoint="nobody"}'] == 3


def test_an_endpoint_that_is_deaf_for_long_delays_neither_decisions_nor_others_nor_the_end(desk, receiver):
    deaf = Receiver()
    try:
        deaf.behave(*["hang"] * 9)
        desk.wire(broker={"url": receiver.url}, deaf={"url": deaf.url, "timeout_seconds": 60})
        desk.start()
        signals = [desk.release(f"SYM{number}") for number in range(2)]

        assert [post.body["signal_id"] for post in receiver.until(2)] == signals
        held = deaf.until(1)
        assert [post.id for post in held] == [desk.id_of(signals[0])]
        desk.delivered()
        assert collected(desk)['countersign_webhook_backlog{endpoint="deaf"}'] >= 4
        assert desk.stop() == 0

        deaf.behave()
        desk.start()
        assert [post.id for post in deaf.until(3)] == [desk.id_of(signal) for signal in (signals[0], *signals)]
        assert len(receiver.posts) == 2
    finally:
        deaf.close()


def test_a_certificate_that_nobody_vouches_for_gets_nothing(desk, tmp_path):
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    certificate = tmp_path / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", certificate, "-out", tmp_path / "own.pem"],
                   check=True, capture_output=True)
    certificate.write_text(certificate.read_text() + (tmp_path / "own.pem").read_text())
    stranger = Receiver(certificate)
    try:
        desk.wire(broker={"url": stranger.url})
        desk.start()
        signal = desk.release()
        eventually(lambda: len(desk.letters()) == 1)
        assert desk.letters()[0]["signal_id"] == signal
        assert "CERTIFICATE_VERIFY_FAILED" in desk.letters()[0]["failure"]
        assert stranger.posts == []
    finally:
        stranger.close()


def test_a_dead_letter_outlives_sigkill_and_is_sent_again_on_request(desk, receiver):
    desk.wire(broker={"url": receiver.url})
    receiver.behave(410)
    desk.start()
    signal = desk.approved()
    receiver.until(1)
    eventually(lambda: [event["data"]["severity"] for event in desk.api.events()
                        if event["type"] == "alert_triggered"] == ["critical"])
    assert len(desk.letters()) == 1
    desk.kill()
    desk.start()

    path = f"/api/v1/webhooks/dead-letters/{desk.letters()[0]['id']}/redeliver"
    assert desk.api.request("POST", path).status == 401
    assert desk.api.request("POST", path + "?as=risk").body["queued"] is True

    assert [post.id for post in receiver.until(2)] == [desk.id_of(signal)] * 2
    eventually(lambda: desk.letters() == [])
    assert desk.api.request("POST", path + "?as=risk").status == 404


def test_a_dead_letter_that_somebody_dismisses_is_not_sent_any_more(desk, receiver):
    desk.wire(broker={"url": receiver.url})
    receiver.behave(410)
    desk.start()
    desk.release()
    eventually(lambda: len(desk.letters()) == 1)

    path = f"/api/v1/webhooks/dead-letters/{desk.letters()[0]['id']}"
    assert desk.api.request("DELETE", path).status == 401
    assert desk.api.request("DELETE", path + "?as=risk").status == 204
    assert desk.letters() == []
    assert desk.api.request("POST", path + "/redeliver?as=risk").status == 404
    second = desk.release("MSFT")
    assert [post.id for post in receiver.until(2)][1] == desk.id_of(second)
    assert "dead letter is dismissed" in desk.log.read_text()


def test_sigkill_between_the_release_and_its_delivery_loses_nothing(desk, receiver):
    """The first life cannot reach the receiver; it dies while it tries."""
    desk.wire(broker={"url": "http://127.0.0.1:9/", "retry_after_seconds": [3600]})
    desk.start()
    signals = [desk.approved(f"SYM{number}") for number in range(2)]
    desk.released(*signals)
    desk.kill()
    desk.wire(broker={"url": receiver.url})
    desk.start()

    assert [post.id for post in receiver.until(2)] == [desk.id_of(signal) for signal in signals]


def test_sigkill_between_delivery_and_its_record_repeats_it_under_the_same_id(desk, receiver):
    desk.wire(broker={"url": receiver.url, "timeout_seconds": 30})
    # Taken by the receiver, whose answer does not come before the desk is killed: the desk cannot know.
    receiver.behave(200, "hang")
    desk.start()
    signals = [desk.approved(f"SYM{number}") for number in range(3)]
    receiver.until(2)
    desk.kill()
    desk.start()

    posts = receiver.until(4)
    first, second, third = [desk.id_of(signal) for signal in signals]
    assert [post.id for post in posts] == [first, second, second, third]
    eventually(lambda: desk.position("broker") == int(third.split(":")[-2]))
    desk.kill()
    desk.start()
    desk.delivered()
    assert len(receiver.posts) == 4


def test_while_the_store_cannot_record_nothing_more_leaves_and_a_kill_then_repeats_one(desk, receiver):
    desk.wire(broker={"url": receiver.url, "timeout_seconds": 60})
    receiver.behave("hold")
    desk.start()
    signals = [desk.approved(f"SYM{number}") for number in range(2)]
    receiver.until(1)
    desk.released(*signals)
    with sqlite3.connect(desk.database, isolation_level=None) as file:
        file.execute("BEGIN IMMEDIATE")
        receiver.let_go()
        eventually(lambda: "store failed; the webhook waits" in desk.log.read_text())
        assert len(receiver.posts) == 1
        desk.kill()
        file.execute("ROLLBACK")
    file.close()
    desk.start()

    assert [post.id for post in receiver.until(3)] == [desk.id_of(signal) for signal in (signals[0], *signals)]


def test_nothing_leaves_inside_the_undo_window_whoever_dies_in_it(desk, receiver):
    desk.wire(broker={"url": receiver.url})
    desk.start(undo_seconds=600)
    undone, signal = desk.approved("MSFT"), desk.approved()
    assert desk.api.request("POST", f"/api/v1/signals/{undone}/undo?as=bob").status == 200
    desk.delivered()
    desk.kill()
    assert receiver.posts == []
    desk.start()
    desk.released(signal)

    receiver.until(1)
    desk.delivered()
    assert [post.id for post in receiver.posts] == [desk.id_of(signal)]


def test_kills_at_any_moment_lose_nothing_and_keep_the_order(desk, receiver):
    desk.wire(broker={"url": receiver.url})
    desk.start()
    signals = [desk.approved(f"SYM{number}") for number in range(40)]
    for pause in (1.05, 0.01, 0.02, 0.03, 0.05):
        time.sleep(pause)
        desk.kill()
        desk.start()
    desk.released(*signals)
    expected = [desk.id_of(signal) for signal in signals]

    eventually(lambda: len({post.id for post in receiver.posts}) == len(expected))
    desk.delivered()
    ids = [post.id for post in receiver.posts]
    # Each for the first time in the order of the log, and a repetition only right behind itself.
    assert list(dict.fromkeys(ids)) == sorted(expected, key=lambda webhook_id: int(webhook_id.split(":")[-2]))
    repeated = [webhook_id for place, webhook_id in enumerate(ids) if webhook_id in ids[:place]]
    assert all(ids[ids.index(webhook_id) + 1] == webhook_id for webhook_id in repeated)
    assert len(repeated) <= 5
    assert desk.letters() == []


@pytest.mark.parametrize(("settings", "words"), [
    ("{", "Line 1"), ('{"endpoints": {"x": {}}}', "/endpoints/x/url is missing"),
    ('{"sources": {"x": {"verify": "none"}}}', "/sources/x/verify must be one of"),
], ids=["no JSON", "endpoint", "source"])
def test_broken_settings_keep_the_desk_from_starting(desk, settings, words):
    desk.wiring.write_text(settings)
    with pytest.raises(AssertionError, match="did not start"):
        desk.start()
    said = desk.log.read_text()
    assert words in said and len(said.splitlines()) == 1
    assert desk.exit_status == 2


def test_a_secret_that_cannot_be_used_is_not_shown(desk):
    (desk.wiring.parent / "broker.secret").write_text("hunter2\n")
    desk.wiring.write_text(json.dumps(
        {"endpoints": {"x": {"url": "http://127.0.0.1:9/", "secret": {"file": "broker.secret"}}}}))
    with pytest.raises(AssertionError, match="did not start"):
        desk.start()
    said = desk.log.read_text()
    assert "/endpoints/x/secret/file must hold whsec_" in said and "hunter2" not in said
    assert desk.exit_status == 2
