"""No fault approves, and none lets an approval out (promise 2, issue 5): each row of the table against a real server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from desk_process import DeskProcess
from faults.fault_library import FaultControls, compiled_into
from faults.rows import ROWS, Row
from faults.scene import UNDO_SECONDS, NotPossible, Scene, offers, small_disk

DISK_BYTES = 4 << 20


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    return compiled_into(tmp_path_factory.mktemp("library"))


@contextmanager
def scene_of(row: Row, library: Path | None, folder: Path) -> Iterator[Scene]:
    if library is None:
        raise NotPossible("needs a C compiler")
    if row.option is not None and not offers(row.option):
        raise NotPossible(f"this desk has no {row.option}")
    desk = DeskProcess(folder, ["--undo-seconds", str(UNDO_SECONDS), *row.prepare(folder)])
    controls = FaultControls(library, folder)
    desk.environment = controls.environment
    with small_disk(folder / "disk", DISK_BYTES) if row.needs_disk else nullcontext(folder) as place:
        desk.database = place / "desk.sqlite"
        scene = Scene(desk, controls, folder)
        try:
            desk.start()
            if row.route is not None and scene.api.request("GET", row.route).status == 404:
                raise NotPossible(f"this desk has no {row.route}")
            scene.watchers.start()
            yield scene
        finally:
            scene.close()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.fault}: {row.made}"[:60])
def test_no_fault_approves(row: Row, library: Path | None, tmp_path: Path, fault_table: Callable[..., None]) -> None:
    try:
        with scene_of(row, library, tmp_path) as scene:
            became = row.run(scene)
            assert_only_what_may_has_left(scene, row)
            stored = scene.stored()
            scene.restart()
            assert scene.stored()[:len(stored)] == stored, "what was in the log is in it after a kill"
            scene.let_timers_run()
            assert_only_what_may_has_left(scene, row)
            fault_table(row, scene.asked, scene.granted, scene.left(), became, scene.verify())
    except NotPossible as reason:
        fault_table(row, None, None, None, f"not run: {reason}", "")
        pytest.skip(str(reason))


def assert_only_what_may_has_left(scene: Scene, row: Row) -> None:
    """Every transport has been heard to the end of the log."""
    scene.watchers.catch_up()
    assert scene.watchers.faults == []
    assert {transport: len(ids) for transport, ids in scene.watchers.released.items()} == dict.fromkeys(
        scene.watchers.released, row.leaves)
    assert scene.left() == row.leaves
