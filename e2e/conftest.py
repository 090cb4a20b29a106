"""What every test gets: a browser, a fresh desk, and tabs in it that fail the test if the page complained."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

import engines
from desk_process import DeskProcess
from desk_tab import DeskTab
from gateway import Gateway
from patience import PATIENCE_SECONDS

MEASURED = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", action="append", choices=engines.NAMES, help="a browser to run in; default: all")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", metafunc.config.getoption("--engine") or engines.NAMES, scope="session")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "serve(*arguments): what the desk of a test is started with, every time")
    config.stash[MEASURED] = []


# Tests may run in several processes (pytest-xdist): what was measured there is handed to the one that reports.

def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["measured"] = session.config.stash[MEASURED]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error) -> None:
    node.config.stash[MEASURED] += getattr(node, "workeroutput", {}).get("measured", [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash[MEASURED]:
        terminalreporter.write_line(f"measured: {line}")


@pytest.fixture
def measurements(pytestconfig: pytest.Config) -> list[str]:
    """Lines told at the end of the run. Machines differ, so they are told and not asserted."""
    return pytestconfig.stash[MEASURED]


@pytest.fixture(scope="session")
def browser(engine: str) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_SECONDS * 1_000)
    with sync_playwright() as playwright:
        browser = engines.launch(playwright, engine)
        yield browser
        browser.close()


@pytest.fixture
def desk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[DeskProcess]:
    """A desk with an empty log, without the demo's sources, with what the nearest mark `serve` says."""
    marker = request.node.get_closest_marker("serve")
    desk = DeskProcess(tmp_path, marker.args if marker else ())
    desk.start()
    yield desk
    desk.discard()


@pytest.fixture
def gateway(desk: DeskProcess) -> Iterator[Gateway]:
    """A proxy before the desk; a tab goes `through` it."""
    gateway = Gateway(desk.port)
    yield gateway
    gateway.close()


@pytest.fixture
def open_tab(browser: Browser, desk: DeskProcess) -> Iterator[Callable[..., DeskTab]]:
    """Opens the page as one person's browser: each tab has storage of its own."""
    tabs: list[DeskTab] = []

    def open_tab(name: str | None = None, path: str = "/", **look: object) -> DeskTab:
        tab = DeskTab(browser, desk, name, **look)
        tabs.append(tab)
        tab.visit(path)
        return tab

    yield open_tab
    faults = [fault for tab in tabs for fault in tab.faults.unexpected]
    for tab in tabs:
        tab.close()
    assert faults == [], "the page complained"


@pytest.fixture
def live_tab(open_tab: Callable[..., DeskTab]) -> Callable[..., DeskTab]:
    """As `open_tab`, and waits until the page says that it is live."""

    def live_tab(*arguments: object, **look: object) -> DeskTab:
        tab = open_tab(*arguments, **look)
        tab.expect_live()
        return tab

    return live_tab
