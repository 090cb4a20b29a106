"""Traders who race for the same signals, through the faults, each click under one key until its answer is known."""

import asyncio
import json
from random import Random

from chaos.http_client import HttpClient, HttpAnswer, NoAnswer
from chaos.ledger import Decided, Ledger
from chaos.sabotage import Sabotage, Saboteur

# The desk lets each decide 20 times a minute.
NAMES = [f"trader-{number:02}" for number in range(80)]
SHARE_WANTED = 0.45
"""Of all signals; the others expire."""
RIVALS = {1: 3, 2: 4, 3: 2}
THINKING_SECONDS_MAX = 2.5
SHARE_IMPATIENT = 0.15
"""Who clicks twice: the same request under the same key, at the same moment."""
WAITING_DECISIONS_MAX = 400
RETRY_SECONDS_MAX = 0.8
RATE_LIMITED_SECONDS = 1
# Refusals that settle a decision, by their code.
SETTLED = {"already_decided": "lost", "signal_expired": "expired"}


class Traders:
    def __init__(self, seed: int, ledger: Ledger, saboteur: Saboteur, ports: list[int]):
        """Each trader has a way to the desk of its own, by one of these ports."""
        self._seed = seed
        self._ledger = ledger
        self._saboteur = saboteur
        self._ports = {name: ports[index % len(ports)] for index, name in enumerate(NAMES)}
        self._tasks: set[asyncio.Task] = set()
        self._considered: set[str] = set()

    def consider(self, signal: dict) -> None:
        """A signal came to somebody's screen. Who wants it, and what for, depends on the seed and the signal alone."""
        if signal["id"] in self._considered:
            return
        self._considered.add(signal["id"])
        random = Random(f"{self._seed}/{signal['id']}")
        if random.random() >= SHARE_WANTED or len(self._tasks) >= WAITING_DECISIONS_MAX:
            return
        count = random.choices(list(RIVALS), list(RIVALS.values()))[0]
        moment = random.uniform(0, THINKING_SECONDS_MAX)
        for name in random.sample(NAMES, count):
            rng = Random(f"{self._seed}/{signal['id']}/{name}")
            task = asyncio.create_task(self._decide(name, signal["id"], moment, rng))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Until every decision has its answer."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _decide(self, name: str, signal_id: str, moment: float, random: Random) -> None:
        # Rivals think equally long, give or take a few milliseconds.
        await asyncio.sleep(moment + random.uniform(0, 0.02))
        decided = Decided(f"{name}/{signal_id}", name, signal_id, random.choice(("approve", "approve", "reject")))
        if not self._saboteur.does(Sabotage.APPROVE_UNASKED):
            self._ledger.decide(decided)
        body = _body(decided, random)
        clicks = 2 if random.random() < SHARE_IMPATIENT else 1
        await asyncio.gather(*(self._click(decided, body, random) for _ in range(clicks)))

    async def _click(self, decided: Decided, body: bytes, random: Random) -> None:
        client = HttpClient(self._ports[decided.user])
        path = f"/api/v1/signals/{decided.signal_id}/{decided.action}?as={decided.user}"
        try:
            while True:
                decided.attempts += 1
                try:
                    answer = await client.request("POST", path, body, {"Idempotency-Key": decided.key})
                except NoAnswer:
                    self._ledger.answers["decision: none"] += 1
                else:
                    self._ledger.answers[f"decision: {answer.status}"] += 1
                    if self._settle(decided, answer):
                        return
                    if answer.status == 429:
                        await asyncio.sleep(RATE_LIMITED_SECONDS)
                await asyncio.sleep(random.uniform(0.01, RETRY_SECONDS_MAX))
        finally:
            client.close()

    def _settle(self, decided: Decided, answer: HttpAnswer) -> bool:
        """Whether the answer says what became of it."""
        if answer.status == 200:
            # Won is also an approval that others have to follow.
            outcome, decision = "won", answer.body["decision"] or answer.body["sign_offs"][-1]
        elif answer.status in (409, 410):
            outcome = SETTLED.get(answer.body["code"])
            decision = answer.body.get("signal", {}).get("decision")
        elif answer.status in (429, 503) or answer.status >= 500:
            return False
        else:
            outcome, decision = None, None
        is_mine = decision is not None and decision["id"] == decided.key
        if outcome is None or is_mine != (outcome == "won") or decided.outcome not in (None, outcome):
            self._ledger.surprises.append(f"{decided} was answered {answer.status} {answer.body}"[:600])
        decided.outcome = outcome
        return True


def _body(decided: Decided, random: Random) -> bytes:
    note = {"note": "Test held."} if random.random() < 0.5 else {}
    what = {"status": "BUY"} if decided.action == "approve" else {"reason": "Too thin"}
    return json.dumps({**what, **note}).encode()
