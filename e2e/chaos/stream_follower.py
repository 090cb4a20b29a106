"""A client of `GET /api/v1/events/stream`: the socket's messages as server-sent events (HTML standard, section 9.2)."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlencode

from chaos.follower import STOPPED, Follower, MustReconnect, WentBack
from chaos.http_client import HttpClient, NoAnswer
from chaos.messages import hear

STREAM_PATH = "/api/v1/events/stream"
SILENCE_SECONDS_MAX = 20
RETRY_SECONDS_MAX = 0.5


class StreamFollower:
    """Resumes by `Last-Event-ID` and by `epoch` and `since`, in turn."""

    def __init__(self, follower: Follower, http: HttpClient):
        self.follower = follower
        self._http = http
        self._is_first = True

    async def run(self) -> None:
        while True:
            try:
                await self.follower.prepare()
                await self._follow()
            except NoAnswer:
                pass
            except WentBack as error:
                self.follower.faults.append(str(error))
            await asyncio.sleep(self.follower.random.uniform(0.02, RETRY_SECONDS_MAX))

    async def _follow(self) -> None:
        follower = self.follower
        why = "could not connect"
        try:
            answer, pieces = await self._open()
            if answer.status != 200:
                raise NoAnswer(f"HTTP {answer.status}")
            follower.figures.connections["sse"] += 1
            follower.begin()
            why = STOPPED
            await self._listen(pieces)
            why = "the stream ended"
        except MustReconnect:
            why = "a number was missing"
        except TimeoutError:
            why = "silence"
        except (OSError, EOFError):
            why = "reset or cut"
        finally:
            self._http.close()
            follower.end(why)

    async def _open(self) -> tuple:
        epoch, since = self.follower.resume_point()
        query, headers = {"as": self.follower.name, "channels": "prices"}, {"Accept": "text/event-stream"}
        self._is_first = not self._is_first
        if self._is_first:
            query |= {"epoch": epoch, "since": str(since)}
        else:
            headers["Last-Event-ID"] = f"{epoch}:{since}"
        return await self._http.open_stream(f"{STREAM_PATH}?{urlencode(query)}", headers)

    async def _listen(self, pieces: AsyncIterator[bytes]) -> None:
        events = _events(pieces)
        while True:
            async with asyncio.timeout(SILENCE_SECONDS_MAX):
                fields = await anext(events, None)
            if fields is None:
                return
            if "data" in fields:
                self._check_id(fields.get("id"), hear(fields["data"]).message)
                self.follower.hear(fields["data"])

    def _check_id(self, event_id: str | None, message: dict) -> None:
        """The id of a message of the log is its place there."""
        place = f"{self.follower.epoch}:{message.get('offset')}"
        if "offset" in message and message["type"] != "connected" and event_id != place:
            self.follower.faults.append(f"the id {event_id} came where {place} is")


async def _events(pieces: AsyncIterator[bytes]) -> AsyncIterator[dict[str, str]]:
    """The fields of each event; a comment alone is an event without fields, which shows that the server lives."""
    text = b""
    async for piece in pieces:
        text += piece.replace(b"\r\n", b"\n")
        *blocks, text = text.split(b"\n\n")
        for block in blocks:
            fields: dict[str, str] = {}
            for line in block.decode().split("\n"):
                name, _colon, value = line.partition(":")
                value = value.removeprefix(" ")
                fields[name] = f"{fields[name]}\n{value}" if name == "data" and name in fields else value
            yield fields
