"""Clients of the documents, as those were written, told in their own words (C1)."""

import json

from test_socket import socket

PRICE = {"type": "price_update", "symbol": "AAPL",
         "data": {"price": "185.50", "change": "-2.30", "change_pct": "1.26", "volume": 45_000_000}}


class SignalsPage:
    """Document 2's page: what its handlers do with a message (2:149-177)."""

    def __init__(self):
        self.signals: list[dict] = []
        self.message = ""

    def hear(self, message: dict) -> None:
        data = message.get("data")
        if message["type"] == "new_signal":
            symbols = [signal["symbol"] for signal in self.signals]
            if data["symbol"] in symbols:
                self.signals[symbols.index(data["symbol"])] = data
            else:
                self.signals.insert(0, data)
            del self.signals[10:]
        elif message["type"] == "approval_notification":
            self.message = f"{data['symbol']} approved as {data['approved_status']}"
            self.signals = [
                signal | {"status": f"APPROVED_{data['approved_status']}", "awaiting_approval": False}
                if signal["symbol"] == data["symbol"] else signal for signal in self.signals]


def test_signals_page_of_document_2_works_unchanged(desk):
    page = SignalsPage()
    with socket(desk, "?dialect=approvals") as live:
        live.connection.send(json.dumps({"type": "subscribe_symbol", "symbol": "AAPL"}))
        assert live.until("subscription_confirmed")[-1]["data"]["symbol"] == "AAPL"
        for number in range(12):
            desk.api.post_signal(symbol=f"SYM{number}")
        signal = desk.api.post_signal(symbol="AAPL", unslug_score=0.75, fear_score=0.65, combined_trust=0.7)
        desk.api.approve(signal["id"], "alice.smith", note="Technicals look strong.")
        for message in live.until("approval_notification"):
            page.hear(message)
        live.connection.send(json.dumps({"type": "ping"}))
        assert live.until("pong")[-1]["data"]["timestamp"]

    assert page.message == "AAPL approved as BUY"
    assert [signal["symbol"] for signal in page.signals] == ["AAPL", *[f"SYM{number}" for number in range(11, 2, -1)]]
    assert (page.signals[0]["status"], page.signals[0]["awaiting_approval"]) == ("APPROVED_BUY", False)
    assert page.signals[0]["recommendation"] == {"suggested": "BUY", "unslug": 0.75, "fear": 0.65}
    assert all(signal["status"] == "PENDING_REVIEW" and signal["recommendation"]["suggested"] == "BUY"
               for signal in page.signals[1:])


def test_panels_of_document_3_work_unchanged(desk):
    with socket(desk, "/test?dialect=agents") as live:
        assert live.next()["type"] == "connected"
        live.connection.send(json.dumps({"type": "subscribe", "channel": "prices", "symbols": ["AAPL"]}))
        assert live.until("subscription_confirmed")[-1]["data"]["channels"]
        desk.api.post_event(PRICE)
        price = live.until("price_update")[-1]
        desk.api.post_signal(symbol="AAPL", confidence_score=85)
        signal = live.until("trading_signal")[-1]["data"]
        live.connection.send(json.dumps({"type": "subscribe", "channel": "invalid_channel"}))
        error = live.until("error")[-1]

    # As its components show them (3:250-259, 3:288-300); on a text these would fail.
    assert f"{price['symbol']}: ${price['data']['price']:.2f} {price['data']['change_pct']:.2f}%" == "AAPL: $185.50 1.26%"
    assert price["data"]["change"] < 0 and price["data"]["volume"] == 45_000_000
    assert f"{signal['symbol']}: {signal['action'].upper()} (Confidence: {signal['confidence'] * 100:.0f}%)" == (
        "AAPL: BUY (Confidence: 85%)")
    assert error["error"] == "Unknown channel: invalid_channel"
