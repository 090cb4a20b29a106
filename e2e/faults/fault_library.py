"""The faults of `fault_library.c`, in a process that was started with it."""

import mmap
import shutil
import struct
import subprocess
from contextlib import contextmanager
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from patience import PATIENCE_SECONDS, eventually

SOURCE = Path(__file__).with_suffix(".c")
COMPILERS = ("cc", "clang", "gcc")
# In the order of `struct controls`.
NAMES = ("wall_ms", "steady_ms", "write_errno", "sync_errno", "hold_write", "hold_sync", "held", "refused")
NUMBER_BYTES = 8
TEXT_BYTES = 64


def compiled_into(folder: Path) -> Path | None:
    """The library; None where there is no C compiler."""
    compiler = next((name for name in COMPILERS if shutil.which(name)), None)
    if compiler is None:
        return None
    library = folder / "fault_library.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl"], check=True, timeout=PATIENCE_SECONDS)
    return library


class FaultControls:
    """The numbers that the test and the process share. They outlive the process, as a wrong clock does."""

    def __init__(self, library: Path, folder: Path):
        path = folder / "fault-controls"
        path.write_bytes(bytes(NUMBER_BYTES * len(NAMES) + TEXT_BYTES))
        self.environment = {"LD_PRELOAD": str(library), "FAULT_CONTROLS": str(path)}
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), 0)

    def set(self, **numbers: int) -> None:
        for name, number in numbers.items():
            struct.pack_into("q", self._page, NUMBER_BYTES * NAMES.index(name), number)

    def get(self, name: str) -> int:
        return struct.unpack_from("q", self._page, NUMBER_BYTES * NAMES.index(name))[0]

    def hold(self, where: Literal["hold_write", "hold_sync"], text: str) -> None:
        """Whoever writes this text to the log is held there: before the write, or behind the sync. Without a text, whoever writes
        anything."""
        at = NUMBER_BYTES * len(NAMES)
        self._page[at:at + TEXT_BYTES] = text.encode().ljust(TEXT_BYTES, b"\0")
        self.set(**{where: 1})

    @contextmanager
    def set_while(self, **numbers: int) -> Iterator[None]:
        self.set(**numbers)
        try:
            yield
        finally:
            self.set(**dict.fromkeys(numbers, 0))

    def until_held(self) -> None:
        eventually(lambda: self.get("held") > 0, "the process to where it is held")

    def forget_who_was_held(self) -> None:
        """After a kill: who was held is no more."""
        self.set(held=0, hold_write=0, hold_sync=0)

    def close(self) -> None:
        self._page.close()
