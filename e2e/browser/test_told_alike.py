"""A browser's own WebSocket connects, compressed, and hears what any other client does."""

from socket_clients import PythonClient
from told_alike import heard_by, make_history, without_numbers

LISTEN = """(address) => new Promise((resolve, reject) => {
    window.heard = [];
    window.socket = new WebSocket(address);
    window.socket.onerror = () => reject(new Error('no connection'));
    window.socket.onmessage = (event) => {
        window.heard.push(JSON.parse(event.data));
        resolve(window.socket.extensions);
    };
})"""
# Receipts may follow it.
HEARD_LAST = """() => window.heard.some(({ type, data }) => type === 'signal:new' && data.symbol === 'LAST')"""


def test_browser_is_told_the_same_as_a_program(desk, live_tab):
    page = live_tab("alice").page
    extensions = page.evaluate(LISTEN, f"ws://127.0.0.1:{desk.port}/ws")
    program = PythonClient(desk.port, "/ws")
    assert program.next_message()["type"] == "connected"
    try:
        make_history(desk.api)
        expected = without_numbers(heard_by(program))
    finally:
        program.close()
    page.wait_for_function(HEARD_LAST)
    heard = page.evaluate("() => { window.socket.close(1000); return window.heard; }")

    assert extensions.startswith("permessage-deflate")
    assert heard[0]["type"] == "connected"
    assert without_numbers(heard) == expected
    assert len(expected) == 26 + 9
