"""Webhooks that come in over a real connection, signed by another implementation, and a server that dies in between (GAP-08)."""

import http.client
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk_process import DeskProcess
from webhook_receiver import SECRET, signature

PASSPHRASE = "correct horse battery staple"
SIGNAL = {"type": "signal:new", "data": {"symbol": "AAPL", "side": "BUY"}}


class WiredDesk(DeskProcess):
    def start(self, *arguments: str) -> None:
        super().start("--webhooks", str(self.database.parent / "webhooks.json"), *arguments)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[WiredDesk]:
    (tmp_path / "engine.secret").write_text(SECRET + "\n")
    (tmp_path / "tradingview.secret").write_text(PASSPHRASE + "\n")
    (tmp_path / "webhooks.json").write_text(json.dumps({"sources": {
        "engine": {"verify": "standard_webhooks", "secret": {"file": "engine.secret"}, "takes": "messages"},
        "tradingview": {"verify": "passphrase", "secret": {"file": "tradingview.secret"}, "takes": "tradingview"},
    }}))
    desk = WiredDesk(tmp_path)
    desk.start()
    yield desk
    desk.discard()


def signed(body: bytes, webhook_id: str, at: float | None = None) -> dict[str, str]:
    timestamp = str(int(time.time() if at is None else at))
    return {"webhook-id": webhook_id, "webhook-timestamp": timestamp,
            "webhook-signature": signature(SECRET, webhook_id, timestamp, body)}


def send(desk, source: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict]:
    connection = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=10)
    connection.request("POST", f"/api/v1/webhooks/{source}", body, headers)
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    return response.status, answer


def test_a_signed_signal_is_taken_once_also_across_a_sigkill(desk):
    body = json.dumps(SIGNAL).encode()
    status, first = send(desk, "engine", body, signed(body, "msg_1"))
    assert (status, first["accepted"]) == (202, 1)
    desk.kill()
    desk.start()

    assert send(desk, "engine", body, signed(body, "msg_1")) == (202, first)
    assert [event["type"] for event in desk.api.events()] == ["signal:new"]
    assert desk.api.signal(first["ids"][0])["source"] == "engine"


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


def test_the_alert_of_the_page_works_as_tradingview_sends_it(desk):
    """The template of docs/Webhooks.md, with its placeholders filled in."""
    page = (Path(__file__).parents[2] / "docs/Webhooks.md").read_text()
    template = page.split("<!-- alert template -->")[1].split("```json")[1].split("```")[0]
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
