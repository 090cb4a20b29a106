"""The real server as a process of its own: started on a free port, killed, and started again on the same one."""

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from desk_api import DeskAPI

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("COUNTERSIGN_PROGRAM", str(ROOT / ".build/debug/countersign"))
# Far more than either takes: only a server that hangs is given up.
START_SECONDS_MAX = 120
STOP_SECONDS_MAX = 60
LIVE = re.compile(r"^Countersign is live on (http://127\.0\.0\.1:(\d+))$")


class DeskProcess:
    """One desk: its database, its log and its port outlive the process."""

    def __init__(self, folder: Path, settings: Sequence[str] = ()):
        """`settings`: arguments of every start."""
        self.settings = tuple(settings)
        self.environment: dict[str, str] = {}
        """What its environment has besides ours."""
        self.database = folder / "desk.sqlite"
        self.log = folder / "server.log"
        self.port = 0
        self._process: subprocess.Popen | None = None
        # Of a start that failed.
        self.exit_status: int | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def api(self) -> DeskAPI:
        return DeskAPI(self.url)

    @property
    def memory_bytes(self) -> int:
        """What is resident now (Linux)."""
        assert self._process is not None, "the desk is not running"
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)[1]) * 1_024

    def start(self, *arguments: str) -> None:
        """Returns once the server says that it listens."""
        assert self._process is None, "the desk runs already"
        command = [PROGRAM, "serve", "--port", str(self.port), "--database", str(self.database),
                   "--public-directory", str(ROOT / "Public"), *self.settings, *arguments]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True,
                env={**os.environ, **self.environment})
        self.port = self._port_said_by(self._process)

    @property
    def pid(self) -> int:
        assert self._process is not None, "the desk is not running"
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """By itself, though nobody stopped it."""
        return self._process is not None and self._process.poll() is not None

    def kill(self) -> None:
        """SIGKILL: no closing handshake, no last commit, as when the machine loses power."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM, and the exit status; as Ctrl-C, but without a terminal."""
        return self._end(signal.SIGTERM)

    def hang_up(self) -> None:
        """SIGHUP: read the policy again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)

    def discard(self) -> None:
        """At the end of a test, whatever became of the process."""
        if self._process is not None:
            self.kill()

    def _port_said_by(self, process: subprocess.Popen) -> int:
        # A server that says nothing must not hang the suite: it is killed, which ends the reading.
        watchdog = threading.Timer(START_SECONDS_MAX, process.kill)
        watchdog.start()
        try:
            for line in process.stdout:
                if match := LIVE.match(line.strip()):
                    return int(match[2])
        finally:
            watchdog.cancel()
        self._process = None
        self.exit_status = process.wait()
        process.stdout.close()
        raise AssertionError(f"the server did not start; it logged:\n{self.log.read_text()[-4000:]}")

    def _end(self, number: int) -> int:
        process, self._process = self._process, None
        assert process is not None, "the desk is not running"
        process.send_signal(number)
        started = time.monotonic()
        try:
            return process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"the server did not end within {time.monotonic() - started:.0f} s") from None
        finally:
            process.stdout.close()
