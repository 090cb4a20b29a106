"""The chaos test as a command; see docs/Chaos.md.

    PYTHONPATH=e2e python -m chaos --seconds 60 --seed 7
"""

import argparse
import asyncio
import resource
import shutil
import sys
import tempfile
from pathlib import Path
from random import SystemRandom

from chaos.crowd import Size
from chaos.fault_plan import describe
from chaos.report import complaint, table
from chaos.run import PLANNED_CONNECTIONS_TOLD, Settings, run
from chaos.sabotage import Sabotage

OPEN_FILES_WANTED = 4_096


def main() -> int:
    arguments = _arguments()
    seed = SystemRandom().randrange(1_000_000) if arguments.seed is None else arguments.seed
    size = Size()
    if arguments.plan:
        print(describe(seed, arguments.seconds, size.lanes(offers_stream=True), PLANNED_CONNECTIONS_TOLD))
        return 0
    _allow_open_files()
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="chaos-"))
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        print(f"{folder} is not empty: a run begins with an empty desk", file=sys.stderr)
        return 2
    settings = Settings(seed, arguments.seconds, arguments.rate, folder, arguments.settle_seconds, size,
                        frozenset(arguments.sabotage))
    print(f"seed {seed}, {arguments.seconds:g} s, {arguments.rate:g} messages/s, in {folder}", flush=True)
    outcome = asyncio.run(run(settings))
    print(table(settings, outcome))
    if outcome.findings:
        print(f"\nFAILED\n{complaint(settings, outcome)}")
        return 1
    if arguments.folder is None:
        shutil.rmtree(folder)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/chaos.sh", description="Kills the desk, cuts its connections, and proves that nobody missed anything.")
    parser.add_argument("--seconds", type=float, default=60, help="how long the load lasts (default: 60)")
    parser.add_argument("--seed", type=int, help="the plan of all faults; default: a new one, which is told")
    parser.add_argument("--rate", type=float, default=100, help="messages a second (default: 100)")
    parser.add_argument("--settle-seconds", type=float, default=60,
                        help="how long all may take to catch up when the faults are over (default: 60)")
    parser.add_argument("--folder", type=Path, help="for the server's log, its database and the plan")
    parser.add_argument("--plan", action="store_true", help="print the plan of this seed and do nothing")
    parser.add_argument("--sabotage", type=Sabotage, choices=list(Sabotage), action="append", default=[],
                        help="break the harness on purpose: the run must fail. Repeatable")
    return parser.parse_args()


def _allow_open_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < OPEN_FILES_WANTED:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(OPEN_FILES_WANTED, hard), hard))


if __name__ == "__main__":
    sys.exit(main())
