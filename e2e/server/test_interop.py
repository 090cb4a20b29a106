"""Clients of many makers connect, compressed, and hear the same."""

from collections.abc import Callable, Iterator

import pytest

from socket_clients import CurlClient, NodeClient, PythonClient, RawClient
from told_alike import heard_by, make_history, without_numbers

MAKERS = {"websockets": PythonClient, "node-ws": NodeClient, "curl": CurlClient, "raw": RawClient}

OFFERS = [
    "permessage-deflate", "permessage-deflate; server_no_context_takeover", "permessage-deflate; client_max_window_bits",
    *(f"permessage-deflate; server_max_window_bits={bits}" for bits in range(8, 16)),
    "permessage-deflate; server_max_window_bits=9; server_no_context_takeover; client_max_window_bits=9",
    "x-unknown, permessage-deflate; server_max_window_bits=7, permessage-deflate; server_max_window_bits=10",
]


@pytest.fixture
def client_of(desk) -> Iterator[Callable]:
    """Connects a client, which is closed at the end, and takes its first message."""
    clients = []

    def client_of(maker: Callable, query: str = "", *options: object):
        client = maker(desk.port, f"/ws{query}", *options)
        clients.append(client)
        assert client.next_message()["type"] == "connected"
        return client

    yield client_of
    for client in clients:
        client.close()


def test_every_maker_is_told_the_same_and_compressed(desk, client_of):
    clients = {name: client_of(maker) for name, maker in MAKERS.items()}
    make_history(desk.api)

    heard = {name: without_numbers(heard_by(client)) for name, client in clients.items()}

    for name, client in clients.items():
        assert client.extensions.startswith("permessage-deflate"), name
        assert heard[name] == heard["raw"], name
    assert len(heard["raw"]) == 26 + 9
    for name in ("curl", "raw"):
        assert clients[name].stream.compressed_messages >= 26, name


def test_every_offer_is_told_the_same(desk, client_of):
    clients = {offer: client_of(RawClient, "", offer) for offer in [*OFFERS, None]}
    make_history(desk.api)

    heard = {offer: without_numbers(heard_by(client)) for offer, client in clients.items()}

    for offer, client in clients.items():
        assert heard[offer] == heard[None], offer
        assert (client.stream.compressed_messages > 0) == (offer is not None), offer
        assert client.extensions.startswith("permessage-deflate") == (offer is not None), offer
    assert "server_max_window_bits=10" in clients[OFFERS[-1]].extensions


def test_who_joins_late_is_told_the_same_from_there_on(desk, client_of):
    """Messages may refer to earlier ones, but only to what this connection has heard."""
    early = {name: client_of(maker) for name, maker in MAKERS.items()}
    for number in range(30):
        desk.api.post_signal(symbol=f"EARLY{number}", reasoning="Spring below support, low volume, test held. " * 4)
    late = {name: client_of(maker) for name, maker in MAKERS.items()}
    make_history(desk.api)

    heard = {name: without_numbers(heard_by(client)) for name, client in early.items()}

    assert len(heard["raw"]) == 30 + 26 + 9
    for name, client in late.items():
        assert heard[name] == heard["raw"], name
        assert without_numbers(heard_by(client)) == heard["raw"][30:], name


def test_who_resumes_is_told_what_it_missed_and_then_the_same(desk, client_of):
    first = client_of(RawClient)
    make_history(desk.api)
    heard = without_numbers(heard_by(first))
    epoch = desk.api.request("GET", "/api/v1/events?after=0&limit=1").body["epoch"]

    for maker in MAKERS.values():
        client = client_of(maker, f"?epoch={epoch}&since=0")
        assert without_numbers(heard_by(client)) == heard
