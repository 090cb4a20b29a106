"""What every client of one desk must hear alike: the log's messages. Only their numbers are a connection's own."""

from desk_api import DeskAPI

LAST_SYMBOL = "LAST"
LOGGED = ("signal:new", "approval_notification")


def make_history(api: DeskAPI, signals: int = 25) -> None:
    """Signals and decisions like those of a day, then the one that ends them."""
    for number in range(signals):
        signal = api.post_signal(symbol=f"SYM{number}", confidence_score=60 + number,
                                 reasoning=f"Spring below support number {number}, low volume, tést held €. " * (1 + number % 7))
        if number % 3 == 0:
            api.approve(signal["id"], f"trader-{number}", note="Test held. " * number)
    api.post_signal(symbol=LAST_SYMBOL)


def heard_by(client) -> list[dict]:
    """Everything up to the last signal; the first message must have been taken before."""
    heard = []
    while not is_last(heard):
        heard.append(client.next_message())
    return heard


def is_last(heard: list[dict]) -> bool:
    return bool(heard) and heard[-1]["type"] == "signal:new" and heard[-1]["data"]["symbol"] == LAST_SYMBOL


def without_numbers(heard: list[dict]) -> list[dict]:
    """The logged messages alone, and a proof that no number was missing."""
    numbers = [message["sequence_number"] for message in heard]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return [{key: value for key, value in message.items() if key != "sequence_number"}
            for message in heard if message["type"] in LOGGED]
