"""Webhooks that come in over a real connection, signed by another implementation, and a server that dies in between (GAP-08)."""

import hashlib
import hmac
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk_process import DeskProcess
from patience import PATIENCE_SECONDS
from webhook_receiver import SECRET, documented, signature

PASSPHRASE = "correct horse battery staple"
SIGNAL = {"type": "signal:new", "data": {"symbol": "AAPL", "side": "BUY"}}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskProcess]:
    (tmp_path / "engine.secret").write_text(SECRET + "\n")
    (tmp_path / "tradingview.secret").write_text(PASSPHRASE + "\n")
    (tmp_path / "webhooks.json").write_text(json.dumps({"sources": {
        "engine": {"verify": "standard_webhooks", "secret": {"file": "engine.secret"}, "takes": "messages",
                   "requests_per_minute_max": 6000},
        "tradingview": {"verify": "passphrase", "secret": {"file": "tradingview.secret"}, "takes": "tradingview"},
        "scanner": {"verify": "timestamped", "header": "X-Scanner-Signature", "secret": {"file": "tradingview.secret"},
                    "takes": "mapped", "mapping": json.loads(documented("mapping", "json")), "key": ["/id"]},
    }}))
    desk = DeskProcess(tmp_path, ["--webhooks", str(tmp_path / "webhooks.json")])
    desk.start()
    yield desk
    desk.discard()


def signed(body: bytes, webhook_id: str, at: float | None = None) -> dict[str, str]:
    timestamp = str(int(time.time() if at is None else at))
    return {"webhook-id": webhook_id, "webhook-timestamp": timestamp,
            "webhook-signature": signature(SECRET, webhook_id, timestamp, body)}


def send(desk, source: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict]:
    with closing(http.client.HTTPConnection("127.0.0.1", desk.port, timeout=PATIENCE_SECONDS)) as connection:
        connection.request("POST", f"/api/v1/webhooks/{source}", body, headers)
        with connection.getresponse() as response:
            return response.status, json.loads(response.read())


def test_a_signed_signal_is_taken_once_also_across_a_sigkill(desk):
    body = json.dumps(SIGNAL).encode()
    status, first = send(desk, "engine", body, signed(body, "msg_1"))
    assert (status, first["accepted"]) == (202, 1)
    desk.kill()
    desk.start()

    assert send(desk, "engine", body, signed(body, "msg_1")) == (202, first)
    assert [event["type"] for event in desk.api.events()] == ["signal:new"]
    assert desk.api.signal(first["ids"][0])["source"] == "engine"


def test_a_webhook_that_is_sent_until_it_is_taken_is_one_signal_though_the_desk_dies_again_and_again(desk):
    """Four senders, each of which sends every webhook twice at once and again until somebody has taken it."""
    taken: dict[str, set[str]] = {}
    lock = threading.Lock()
    ended = threading.Event()

    def deliver(name: str) -> None:
        body = json.dumps({"type": "signal:new", "data": {"symbol": "AAPL", "side": "BUY", "reasoning": name}}).encode()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and not ended.is_set():
            try:
                status, answer = send(desk, "engine", body, signed(body, name))
            except (OSError, http.client.HTTPException, json.JSONDecodeError):
                ended.wait(0.01)
                continue
            if status == 202:
                with lock:
                    taken.setdefault(name, set()).update(answer["ids"])
                return

    names = [f"msg_{number}" for number in range(60)]
    with ThreadPoolExecutor(8) as senders:
        try:
            jobs = [senders.submit(deliver, name) for name in names for _ in range(2)]
            for count in (10, 25, 40):
                while len(taken) < count:
                    assert any(not job.done() for job in jobs)
                    time.sleep(0.001)
                desk.kill()
                desk.start()
            for job in jobs:
                job.result(PATIENCE_SECONDS)
        finally:
            ended.set()
    assert sorted(taken) == sorted(names)
    assert all(len(ids) == 1 for ids in taken.values())
    events = desk.api.events()
    assert [event["type"] for event in events] == ["signal:new"] * len(names)
    assert {event["data"]["id"] for event in events} == set.union(*taken.values())


def test_what_is_sent_hostilely_is_refused_and_the_desk_goes_on(desk):
    good = json.dumps(SIGNAL).encode()

    def raw(request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", desk.port), timeout=PATIENCE_SECONDS) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            try:
                while part := connection.recv(65_536):
                    answer += part
            except ConnectionResetError:
                pass
            return answer

    head = f"POST /api/v1/webhooks/engine HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\n".encode()
    # A body that is announced and does not come; one that is huge, announced and in pieces; and no HTTP at all.
    raw(head + b"Content-Length: 100\r\n\r\n{")
    assert b" 413 " in raw(head + b"Content-Length: 99999999999\r\n\r\n{")
    pieces = b"".join(b"4000\r\n" + b" " * 0x4000 + b"\r\n" for _ in range(8)) + b"0\r\n\r\n"
    assert b" 413 " in raw(head + b"Transfer-Encoding: chunked\r\n\r\n" + pieces)
    raw(b"\x16\x03\x01" + bytes(200))
    for body in (b"", b"null", b"[" * 60_000, b'{"type":"signal:new"', b"\xff\xfe", b'{"a":1,"a":2}', b"\x00" * 1_000):
        status, answer = send(desk, "engine", body, signed(body, "msg_1"))
        assert status in (400, 422), (body[:20], answer)
        assert answer["code"] in ("malformed_json", "webhook_unusable")
    # What was refused has not used up its id: the sender may mend it.
    status, first = send(desk, "engine", good, signed(good, "msg_1"))
    assert status == 202
    other = good.replace(b"AAPL", b"MSFT")
    status, answer = send(desk, "engine", other, signed(other, "msg_1"))
    assert (status, answer["code"]) == (422, "idempotency_key_reused")
    assert send(desk, "engine", good, signed(good, "msg_1")) == (202, first)
    for method in ("GET", "PUT", "DELETE"):
        assert desk.api.request(method, "/api/v1/webhooks/engine").status == 405
    assert len(desk.api.events()) == 1


def test_forged_stale_and_unknown_requests_are_refused_and_no_secret_is_logged(desk):
    body = json.dumps(SIGNAL).encode()
    good = signed(body, "msg_1")
    for headers in ({}, good | {"webhook-id": "msg_2"}, signed(body, "msg_1", time.time() - 400),
                    signed(body, "msg_1", time.time() + 400), good | {"webhook-signature": "v1,AAAA"}):
        status, answer = send(desk, "engine", body, headers)
        assert (status, answer["code"]) == (401, "signature_invalid")
    assert send(desk, "nobody", body, good)[0] == 404
    assert send(desk, "engine", b"x" * 70_000, good)[0] == 413
    assert desk.api.events() == []
    log = desk.log.read_text()
    assert "webhook not believed" in log
    assert SECRET not in log and PASSPHRASE not in log


def test_the_sender_of_the_page_is_believed(desk):
    names: dict = {}
    exec(documented("sender", "python"), names)
    names["send"](f"{desk.url}/api/v1/webhooks/engine", SECRET, SIGNAL)
    assert [event["data"]["source"] for event in desk.api.events()] == ["engine"]


def test_a_source_of_any_shape_is_mapped_and_known_again_though_it_signs_anew(desk):
    """The mapping of docs/Webhooks.md, signed as Stripe does by Python's hmac."""
    now = time.time()
    scan = {"id": "s-1", "instrument": {"ticker": "eurusd"}, "direction": "Down", "fired_at": round(now * 1_000),
            "plan": ["1.0850", "1.0870", 1.0810], "certainty": 0.915}

    def sent(scan: dict, at: float) -> tuple[int, dict]:
        body = json.dumps(scan).encode()
        code = hmac.new(PASSPHRASE.encode(), f"{int(at)}.".encode() + body, hashlib.sha256).hexdigest()
        return send(desk, "scanner", body, {"x-scanner-signature": f"t={int(at)},v1={code}"})

    status, first = sent(scan, now)
    assert status == 202, first
    signal = desk.api.signal(first["ids"][0])
    assert (signal["symbol"], signal["side"], signal["entry_price"], signal["target_price"], signal["source"]) == (
        "EURUSD", "SELL", "1.0850", "1.081", "scanner")
    assert sent(scan, now - 60) == (202, first)
    assert sent(scan, now - 400)[1]["code"] == "signature_invalid"
    assert sent(scan | {"certainty": 0.5}, now)[1]["code"] == "idempotency_key_reused"
    status, answer = sent(scan | {"id": "s-2", "direction": "sideways", "plan": ["1e5"]}, now)
    assert status == 422 and [error["pointer"] for error in answer["errors"]] == ["/direction"], answer
    assert len(desk.api.events()) == 1


def test_the_alert_of_the_page_works_as_tradingview_sends_it(desk):
    """The template of docs/Webhooks.md, with its placeholders filled in."""
    template = documented("alert template", "json")
    for placeholder, text in {
        "{{timenow}}": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "{{ticker}}": "BTCUSDT.P", "{{strategy.order.action}}": "sell", "{{strategy.order.price}}": "64250.5",
        "{{strategy.order.contracts}}": "0.25", "{{strategy.order.comment}}": "", "PUT THE PASSPHRASE HERE": PASSPHRASE,
    }.items():
        assert placeholder in template
        template = template.replace(placeholder, text)
    assert "{{" not in template

    headers = {"content-type": "text/plain; charset=utf-8"}
    status, first = send(desk, "tradingview", template.encode(), headers)

    assert status == 202, first
    signal = desk.api.signal(first["ids"][0])
    assert (signal["symbol"], signal["side"], signal["entry_price"], signal["quantity"]) == (
        "BTCUSDT.P", "SELL", "64250.5", "0.25")
    assert signal["source"] == "tradingview" and signal["expires_at"]
    assert send(desk, "tradingview", template.encode(), headers) == (202, first)
    assert len(desk.api.events()) == 1
    wrong = template.replace('"sell"', '"exit"').encode()
    status, answer = send(desk, "tradingview", wrong, headers)
    assert (status, answer["errors"][0]["pointer"]) == (422, "/action")
