"""The process: what it acknowledged outlives it, it starts and ends cleanly, and says in one line why it cannot."""

import socket
import subprocess
from datetime import UTC, datetime

import pytest

from desk_process import PROGRAM, START_SECONDS_MAX, DeskProcess
from patience import eventually

# Nothing is released while these tests look.
pytestmark = pytest.mark.serve("--undo-seconds", "600")


def serve(*arguments: str) -> subprocess.CompletedProcess:
    """A start that is expected to fail."""
    return subprocess.run([PROGRAM, "serve", *arguments], capture_output=True, text=True, timeout=START_SECONDS_MAX)


def assert_refused(ended: subprocess.CompletedProcess, *words: str) -> None:
    assert ended.returncode == 2, ended
    for word in words:
        assert word in ended.stderr
    assert "Fatal error" not in ended.stderr and "Stack dump" not in ended.stderr


def test_acknowledged_signals_and_decisions_outlive_sigkill(desk):
    signals = [desk.api.post_signal(symbol=f"SYM{number}") for number in range(20)]
    for signal in signals[:10]:
        assert desk.api.approve(signal["id"], f"trader-{signal['symbol']}", note="Kept").status == 200
    events = desk.api.events()

    desk.kill()
    desk.start()

    assert desk.api.events() == events
    for signal in signals[:10]:
        assert desk.api.signal(signal["id"])["decision"]["note"] == "Kept"
    assert desk.api.request("GET", "/health").body["pending"] == 10


def test_same_key_gets_the_same_answer_after_a_restart(desk):
    signal = desk.api.post_signal()
    path, key = f"/api/v1/signals/{signal['id']}/approve?as=alice", {"idempotency-key": "click-1"}
    first = desk.api.request("POST", path, {"status": "BUY"}, key)

    desk.kill()
    desk.start()
    second = desk.api.request("POST", path, {"status": "BUY"}, key)

    assert (first.status, second.status) == (200, 200)
    assert second.body == first.body
    assert [event["type"] for event in desk.api.events()].count("approval_notification") == 1


def test_signal_that_expired_while_the_desk_was_away_is_expired(desk):
    signal = desk.api.post_signal(expires_in_seconds=5)
    expires_at = datetime.fromisoformat(signal["expires_at"])
    desk.kill()
    eventually(lambda: datetime.now(UTC) > expires_at)
    desk.start()

    assert desk.api.approve(signal["id"], "alice").status == 410
    eventually(lambda: desk.api.signal(signal["id"])["status"] == "EXPIRED")


def test_sigterm_ends_it_cleanly(desk):
    desk.api.post_signal()

    assert desk.stop() == 0


def test_sigterm_does_not_wait_for_a_body_that_never_comes(desk):
    with socket.create_connection(("127.0.0.1", desk.port)) as caller:
        # What the answer to the first request tells: the second one has come, too.
        caller.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                       b"POST /api/v1/signals HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                       b"Content-Length: 500\r\n\r\n{")
        assert caller.recv(65_536).startswith(b"HTTP/1.1 200")
        assert desk.stop() == 0


def test_taken_port_is_said_in_one_line(desk, tmp_path):
    ended = serve("--port", str(desk.port), "--database", str(tmp_path / "other.sqlite"))

    assert_refused(ended, f"Port {desk.port} is taken")
    assert desk.api.request("GET", "/health").status == 200


@pytest.mark.parametrize(("arguments", "words"), [
    (["--port", "70000"], "--port"),
    (["--port", "many"], "--port"),
    (["--no-such-flag"], "--no-such-flag"),
    (["--log-level", "loud"], "--log-level"),
    (["--keep-days", "0"], "--keep-days"),
    (["--keep-events", "999"], "--keep-events"),
    (["--keep-keys-hours", "23"], "--keep-keys-hours"),
    (["--reject-reasons", "Stale", "Stale"], "--reject-reasons"),
    (["--reject-reasons", "x" * 81], "--reject-reasons"),
    (["--expiry-reminder-seconds", "-1"], "--expiry-reminder-seconds"),
    (["--undo-seconds", "0"], "--undo-seconds"),
    (["--drift-r-max", "0"], "--drift-r-max"),
    (["--drift-r-max", "1e2"], "--drift-r-max"),
    (["--host", "0.0.0.0"], "0.0.0.0"),
    (["--port", "0", "--database", "/proc/nowhere/desk.sqlite"], "/proc/nowhere"),
    (["--port", "0", "--public-directory", "/no/such/folder"], "/no/such/folder"),
], ids=lambda value: value if isinstance(value, str) else value[0])
def test_wrong_settings_are_said_in_one_line(arguments, words, tmp_path):
    if "--database" not in arguments:
        arguments = [*arguments, "--database", str(tmp_path / "desk.sqlite")]
    assert_refused(serve(*arguments), words)


def test_reasons_and_reminder_are_told_to_every_page(desk):
    desk.stop()
    desk.start("--reject-reasons", "No volume", "Late", "--expiry-reminder-seconds", "0")

    settings = desk.api.request("GET", "/api/v1/snapshot").body["settings"]

    assert settings["reject_reasons"] == ["No volume", "Late"]
    assert settings["expiry_reminder_ms"] == 0


def test_demo_makes_its_own_market(tmp_path):
    desk = DeskProcess(tmp_path)
    desk.start("--demo")
    try:
        eventually(lambda: len(desk.api.request("GET", "/api/v1/snapshot").body["prices"]) >= 12)
        eventually(lambda: desk.api.request("GET", "/health").body["pending"] > 0)
    finally:
        desk.discard()
