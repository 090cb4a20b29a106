"""A client that has neither socket nor stream: it asks `GET /api/v1/events` again and again."""

import asyncio
from urllib.parse import urlencode

from chaos.follower import Follower, WentBack
from chaos.http_client import HttpClient, NoAnswer
from chaos.messages import digest_of

EVENTS_PATH = "/api/v1/events"
BETWEEN_POLLS_SECONDS = 0.4
PAGE_EVENTS = 500
SHARE_OF_WRONG_EPOCHS = 0.01


class PollFollower:
    def __init__(self, follower: Follower, http: HttpClient):
        self.follower = follower
        self._http = http

    async def run(self) -> None:
        while True:
            has_more = False
            try:
                await self.follower.prepare()
                has_more = await self._poll()
                self.follower.go_live()
            except NoAnswer:
                self.follower.end("no answer to a poll")
            except WentBack as error:
                self.follower.faults.append(str(error))
            if not has_more:
                await asyncio.sleep(BETWEEN_POLLS_SECONDS)

    async def _poll(self) -> bool:
        """Whether there is more to ask for at once."""
        follower = self.follower
        epoch, after = follower.resume_point(SHARE_OF_WRONG_EPOCHS)
        query = urlencode({"as": follower.name, "epoch": epoch, "after": after, "limit": PAGE_EVENTS})
        answer = await self._http.request("GET", f"{EVENTS_PATH}?{query}")
        if answer.status == 410:
            follower.must_reload(answer.body["code"])
            return True
        if answer.status != 200:
            raise NoAnswer(f"HTTP {answer.status}")
        follower.figures.connections["polls"] += 1
        for message in answer.body["events"]:
            follower.figures.messages += 1
            follower.take(message, digest_of(message))
        if answer.body["offset"] < after:
            raise WentBack(f"a page behind {after} ends at {answer.body['offset']}")
        return answer.body["has_more"]
