"""The fault table, told at the end of the run in its own order, whichever process ran a row."""

from collections.abc import Callable

import pytest

from faults.rows import ROWS, Row

TABLE = pytest.StashKey[list[list[object]]]()
HEAD = ["fault", "how it is made", "asked", "granted", "left", "what people had approved", "the log"]


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TABLE] = []


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["fault_table"] = session.config.stash[TABLE]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error) -> None:
    node.config.stash[TABLE] += getattr(node, "workeroutput", {}).get("fault_table", [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    lines = [line for _, *line in sorted(config.stash[TABLE])]
    if not lines:
        return
    terminalreporter.section("the fault table")
    cells = [[str(cell) for cell in line] for line in [HEAD, *lines]]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    for line in cells:
        terminalreporter.write_line("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


@pytest.fixture
def fault_table(pytestconfig: pytest.Config) -> Callable[..., None]:
    """Adds the line of a row."""

    def add(row: Row, asked: int | None, granted: int | None, left: int | None, became: str, log: str) -> None:
        numbers = ["–" if number is None else number for number in (asked, granted, left)]
        pytestconfig.stash[TABLE].append([ROWS.index(row), row.fault, row.made, *numbers, became, log])

    return add
