"""Many pages in one process of node: what befalls one of them is the end of none."""

import asyncio
from pathlib import Path

from chaos.figures import Figures
from chaos.ledger import Ledger
from chaos.page_process import PageHabits, PageProcess
from desk_process import DeskProcess
from patience import PATIENCE_SECONDS



class DoorThatStaysShut:
    """Answers requests as the desk does; a WebSocket is taken and never opened."""

    def __init__(self, desk_port: int):
        self.knocks = asyncio.Queue[None]()
        self._desk_port = desk_port

    async def open(self) -> asyncio.Server:
        return await asyncio.start_server(self._take, "127.0.0.1", 0)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if head.startswith(b"GET /ws"):
            self.knocks.put_nowait(None)
        else:
            desk_reader, desk_writer = await asyncio.open_connection("127.0.0.1", self._desk_port)
            desk_writer.write(head.replace(b"keep-alive", b"close"))
            writer.write(await desk_reader.read())
            desk_writer.close()
            writer.close()
            return
        await reader.read()
        writer.close()


def test_page_that_lets_go_of_a_socket_before_it_is_open_ends_nobody(desk: DeskProcess, tmp_path: Path):
    async def go() -> None:
        door = DoorThatStaysShut(desk.port)
        server = await door.open()
        port = server.sockets[0].getsockname()[1]
        pages = PageProcess([PageHabits("page-0", port, seed=1, compressed=True, trades=False)], Ledger(), Figures(),
                            tmp_path / "pages.log")
        await pages.start()
        try:
            await asyncio.wait_for(door.knocks.get(), PATIENCE_SECONDS)
            pages.tell("reconnect")
            await asyncio.wait_for(door.knocks.get(), PATIENCE_SECONDS)

            assert await pages.ask_for_reports(PATIENCE_SECONDS), pages.last_words
        finally:
            await pages.stop()
            server.close()

    asyncio.run(go())
