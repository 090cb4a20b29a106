"""The table: every fault, how it is made, and what must hold while it is there and after it.

Each row gets a desk whose approvals can be undone for `UNDO_SECONDS`; time passes when the row says so. It says in a few words
what became of what people had approved before. What holds in every row is in test_fault_table.py."""

import errno
import json
import os
import random
import resource
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from desk_process import PROGRAM
from faults.crowded_queue import crowded_queue, open_files_wanted
from faults.scene import DAY_MS, OVERDUE_SECONDS_MAX, UNDO_SECONDS, NotPossible, Scene, open_files_max
from patience import PATIENCE_SECONDS, eventually

# The long form: COUNTERSIGN_KILLS=200.
KILLS = int(os.environ.get("COUNTERSIGN_KILLS", "6"))
KILL_AFTER_SECONDS_MAX = 0.012
HELD = "approved before a halt and not released"
NOT_HANDLED = "due signals not handled"
# How the log calls them: docs/Protocol.md, "Audit".
APPROVED, RELEASED = "signal_approved", "signal_released"
DECISIONS_PER_MINUTE = 20
TABS = 20
# Several rounds of what the desk does every 200 ms.
TIMER_SECONDS = 1.5


@dataclass(frozen=True)
class Row:
    fault: str
    made: str
    run: Callable[[Scene], str]
    leaves: int = 0
    """How many approvals leave: in spite of the fault, because no fault is theirs."""
    needs_disk: bool = False
    """The database is on a small file system of its own."""
    prepare: Callable[[Path], list[str]] = lambda _: []
    """What the desk is started with besides; may put files into the folder."""
    option: str | None = None
    """Only a desk that has this option can have this fault."""
    route: str | None = None
    """Or one that answers here."""


ROWS: list[Row] = []


def row(fault: str, made: str, **more: object) -> Callable:
    def add(run: Callable[[Scene], str]) -> Callable[[Scene], str]:
        ROWS.append(Row(fault, made, run, **more))
        return run

    return add


# The counter-proof


@row("none", "the undo window passes", leaves=1)
def nothing_is_wrong(scene: Scene) -> str:
    """Whoever hears nothing in the other rows would have heard it."""
    approved = scene.approved()
    scene.pass_time(UNDO_SECONDS)
    scene.watchers.until_released(approved)
    return f"left once, told on {', '.join(scene.watchers.released)}"


# The store


def store_cannot_be_written(scene: Scene, begin: Callable[[], None], end: Callable[[], None]) -> str:
    """It begins while one signal waits and another is approved, and lasts until the undo window has long passed."""
    waiting, approved = scene.waiting(), scene.approved()
    began = scene.log_length
    begin()
    scene.expect_refused(scene.ask_by_every_door(waiting), 503, "store_unavailable")
    # What is due now cannot be stored, so it cannot leave.
    scene.pass_time(UNDO_SECONDS + 1)
    scene.until_logged(NOT_HANDLED, since=began)
    scene.expect_refused(scene.ask_by_every_door(waiting), 503, "store_unavailable")
    assert not scene.is_released(approved)
    # And when that goes on, nobody looks at the approval any more.
    scene.pass_time(OVERDUE_SECONDS_MAX + 1)
    scene.until_logged(HELD, since=began)
    end()
    scene.until_it_writes_again()
    scene.let_timers_run()
    assert scene.api.signal(waiting["id"])["status"] == "PENDING_REVIEW"
    scene.undo(approved)
    return "held, taken back"


@row("store full", "a disk of 4 MiB, filled to the last byte (ENOSPC)", needs_disk=True)
def store_full(scene: Scene) -> str:
    filler = scene.desk.database.with_name("filler")

    def fill() -> None:
        with filler.open("wb", buffering=0) as file:
            for piece in (1 << 16, 1 << 12, 1):
                try:
                    while True:
                        file.write(bytes(piece))
                except OSError as error:
                    assert error.errno == errno.ENOSPC

    return store_cannot_be_written(scene, fill, filler.unlink)


@row("store full", "no file of the process may grow (RLIMIT_FSIZE, EFBIG)")
def no_room(scene: Scene) -> str:
    limits = resource.prlimit(scene.desk.pid, resource.RLIMIT_FSIZE)

    def begin() -> None:
        size = scene.write_ahead_log.stat().st_size
        resource.prlimit(scene.desk.pid, resource.RLIMIT_FSIZE, (size, limits[1]))

    return store_cannot_be_written(scene, begin, lambda: resource.prlimit(scene.desk.pid, resource.RLIMIT_FSIZE, limits))


@row("store read-only", "every write to it is answered EROFS, as after a remount")
def store_read_only(scene: Scene) -> str:
    return store_cannot_be_written(scene, lambda: scene.controls.set(write_errno=errno.EROFS),
                                   lambda: scene.controls.set(write_errno=0))


@row("store read-only at the start", "the file system is mounted read-only", needs_disk=True)
def start_on_read_only(scene: Scene) -> str:
    approved, disk = scene.approved(), scene.desk.database.parent
    scene.desk.kill()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        refused = subprocess.run([PROGRAM, "serve", "--port", "0", "--database", str(scene.desk.database)],
                                 capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        assert refused.returncode == 2 and str(scene.desk.database) in refused.stderr, refused
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    scene.desk.start()
    scene.let_timers_run()
    scene.undo(approved)
    return "refused to start; then taken back"


@row("disk cannot sync, then SIGKILL", "fdatasync is answered EIO after the write")
def sync_fails(scene: Scene) -> str:
    waiting, approved = scene.waiting(), scene.approved()
    with scene.controls.set_while(sync_errno=errno.EIO):
        scene.expect_refused(scene.ask_by_every_door(waiting), 503, "store_unavailable")
        scene.desk.kill()
    scene.desk.start()
    # Whoever was told that nothing happened was told the truth, though the kernel had the bytes.
    assert scene.api.signal(waiting["id"])["status"] == "PENDING_REVIEW"
    scene.let_timers_run()
    scene.undo(approved)
    return "taken back"


# SIGKILL at one exact place


@row("killed before the decision is stored", "SIGKILL at its first write")
def killed_before_the_decision(scene: Scene) -> str:
    waiting = scene.waiting()
    scene.controls.hold("hold_write", APPROVED)
    with scene.asking(waiting, "click-before") as answers:
        scene.controls.until_held()
        scene.restart()
    assert answers == [] and scene.api.signal(waiting["id"])["status"] == "PENDING_REVIEW"
    return "nothing had been approved"


@row("killed between decision and broadcast", "SIGKILL when the commit is synced")
def killed_between_decision_and_broadcast(scene: Scene) -> str:
    waiting, key = scene.waiting(), "click-between"
    scene.controls.hold("hold_sync", APPROVED)
    with scene.asking(waiting, key) as answers:
        scene.controls.until_held()
        assert key.encode() in scene.write_ahead_log.read_bytes(), "it is the decision that is synced"
        assert scene.watchers.have_heard("approval_notification", key) == []
        scene.restart()
    assert answers == []
    # It was decided, nobody had been told, and nothing leaves before everybody had their time to undo it.
    assert scene.api.signal(waiting["id"])["decision"]["id"] == key
    again = scene.api.request("POST", f"/api/v1/signals/{waiting['id']}/approve?as=bo", {"status": "BUY"}, {"idempotency-key": key})
    assert (again.status, again.body["decision"]["id"]) == (200, key)
    scene.let_timers_run()
    scene.watchers.catch_up()
    assert len(scene.watchers.have_heard("approval_notification", key)) == 3
    scene.undo(waiting)
    scene.pass_time(UNDO_SECONDS)
    scene.let_timers_run()
    return "told after the start, its window begun anew, taken back"


@row("killed when a release is due", "SIGKILL at the release's first write")
def killed_before_the_release(scene: Scene) -> str:
    approved = scene.approved()
    scene.controls.hold("hold_write", RELEASED)
    scene.pass_time(UNDO_SECONDS + 1)
    scene.controls.until_held()
    scene.restart()
    scene.let_timers_run()
    assert not scene.is_released(approved)
    scene.undo(approved)
    return "its window begun anew, taken back"


@row("killed between release and broadcast", "SIGKILL when the release is synced", leaves=1)
def killed_after_the_release(scene: Scene) -> str:
    """What has left cannot be called back: it is told once, not twice and not never."""
    approved = scene.approved()
    scene.controls.hold("hold_sync", RELEASED)
    scene.pass_time(UNDO_SECONDS + 1)
    scene.controls.until_held()
    assert not any(scene.watchers.released.values())
    scene.restart()
    scene.watchers.until_released(approved)
    return "left before the kill, told once after it"


@row("killed while an approval is on its way", f"SIGKILL 0 to {KILL_AFTER_SECONDS_MAX * 1_000:.0f} ms behind it, {KILLS} times")
def killed_at_random(scene: Scene) -> str:
    chance, classes = random.Random(5), Counter()
    for number in range(KILLS):
        waiting, key = scene.waiting(f"K{number}"), f"click-{number}"
        with scene.asking(waiting, key) as answers:
            # Spread over the whole of it, however few there are.
            time.sleep((number + chance.random()) / KILLS * KILL_AFTER_SECONDS_MAX)
            scene.restart()
        now = scene.api.signal(waiting["id"])
        if answers:
            assert answers[0].status == 200 and now["decision"]["id"] == key
        classes["answered" if answers else "decided but unanswered" if now["decision"] else "not decided"] += 1
        if now["decision"]:
            scene.undo(waiting, who=f"undoer-{number}")
    scene.pass_time(UNDO_SECONDS)
    scene.let_timers_run()
    return ", ".join(f"{count} {what}" for what, count in sorted(classes.items())) + "; all taken back"


# Clocks


@row("clock set forward a day", "the wall's clock, while the desk runs and while it is away")
def clock_forward(scene: Scene) -> str:
    running, halted = scene.approved("MSFT"), scene.approved("NVDA")
    scene.controls.set(wall_ms=DAY_MS)
    scene.let_timers_run()
    assert not scene.is_released(running) and not scene.is_released(halted)
    scene.undo(running)
    began = scene.log_length
    scene.restart()
    # That cannot be told from a long halt: nobody looks at the approval any more.
    scene.until_logged(HELD, since=began)
    scene.pass_time(UNDO_SECONDS + 1)
    scene.let_timers_run()
    assert not scene.is_released(halted)
    scene.undo(halted)
    return "held over the start, taken back"


@row("clock set back a day", "the wall's clock, while the desk runs and while it is away")
def clock_back(scene: Scene) -> str:
    running, halted = scene.approved("MSFT"), scene.approved("NVDA")
    scene.controls.set(wall_ms=-DAY_MS)
    scene.let_timers_run()
    assert not scene.is_released(running) and not scene.is_released(halted)
    scene.undo(running)
    scene.restart()
    scene.let_timers_run()
    assert not scene.is_released(halted)
    scene.undo(halted)
    scene.pass_time(UNDO_SECONDS + 1)
    scene.let_timers_run()
    return "window begun anew, taken back"


@row("machine slept for an hour", "SIGSTOP, the steady clock an hour on, SIGCONT")
def machine_slept(scene: Scene) -> str:
    approved, short = scene.approved(), scene.waiting("NVDA", expires_in_seconds=1_800)
    began = scene.log_length
    os.kill(scene.desk.pid, signal.SIGSTOP)
    scene.pass_time(3_600)
    os.kill(scene.desk.pid, signal.SIGCONT)
    scene.until_logged(HELD, since=began)
    scene.expect_refused(scene.ask_by_every_door(short)[:1], 410, "signal_expired")
    scene.let_timers_run()
    scene.undo(approved)
    return "held, taken back"


# People


@row("nobody, or somebody else", "no name, a forged one, another site, a source that says so itself (there are no log-ins yet)")
def nobody(scene: Scene) -> str:
    waiting = scene.waiting()
    by_id = f"/api/v1/signals/{waiting['id']}/approve"
    scene.expect_refused(scene.ask_by_every_door(waiting, who=None), 401, "identity_required")
    scene.expect_refused(scene.ask_by_every_door(waiting, who=""), 401, "identity_required")
    for forged in ("%20", "bo%0Aann", "a" * 65, "%E2%80%AEnna"):
        scene.expect_refused(scene.ask_by_every_door(waiting, who=forged), 400)
    # Each door refuses a body that names somebody else; the bulk one as a whole.
    scene.expect_refused(scene.ask_by_every_door(waiting, who="bo", user_id="ann"), 403, "user_mismatch")
    for headers in ({"origin": "https://evil.example"}, {"host": "evil.example"}):
        scene.expect_refused([scene.ask(by_id, {"status": "BUY"}, "bo", headers)], 403)
    signal_id = waiting["id"]
    for said in ({"type": "signal_approved", "signal_id": signal_id, "symbol": "AAPL"},
                 {"type": "signal:released", "data": {"signal_id": signal_id}},
                 {"type": "approval_notification", "data": {"signal_id": signal_id, "symbol": "AAPL", "approved_status": "BUY", "approved_by": "ann"}},
                 {"type": "signal:executed", "data": {"id": signal_id}}):
        answer = scene.ask("/api/v1/events", said, None)
        assert answer.status in (400, 409), answer
    scene.let_timers_run()
    assert scene.api.signal(signal_id)["version"] == 1
    return "nothing had been approved"


@row("decisions of a minute used up", "the 21st and all after it")
def rate_used_up(scene: Scene) -> str:
    waiting = scene.waiting()

    def stop_the_clock() -> None:
        """However slow this machine is, no minute passes."""
        scene.controls.set(wall_ms=scene.controls.get("wall_ms") - int(PATIENCE_SECONDS * 1_000))

    scene.before_asking = stop_the_clock
    for number in range(DECISIONS_PER_MINUTE):
        other = scene.api.post_signal(symbol=f"R{number}")
        stop_the_clock()
        assert scene.api.reject(other["id"], "bo", "Duplicate").status == 200
    answers = scene.ask_by_every_door(waiting)
    scene.expect_refused(answers, 429, "rate_limited")
    assert int(answers[0].headers["retry-after"]) > 0
    assert scene.api.signal(waiting["id"])["version"] == 1
    return "nothing had been approved"


@row("queue full", "the disk hangs, and more than 10,000 requests wait")
def queue_full(scene: Scene) -> str:
    if not open_files_max(open_files_wanted()):
        raise NotPossible(f"needs {open_files_wanted():,} open files (ulimit -n)")
    waiting, approved = scene.waiting(), scene.approved()
    scene.restart()  # with as many files as it takes
    scene.controls.hold("hold_sync", "")
    with crowded_queue(scene.desk.port) as crowd:
        scene.controls.until_held()
        scene.expect_refused(scene.ask_by_every_door(waiting), 503, "store_unavailable")
        began = scene.log_length
        scene.pass_time(UNDO_SECONDS + OVERDUE_SECONDS_MAX + 1)
        scene.until_logged(HELD, since=began)
        scene.controls.set(hold_sync=0)
    assert crowd.answers[503] > 0 and set(crowd.answers) == {202, 503}, crowd.answers
    scene.let_timers_run()
    assert scene.api.signal(waiting["id"])["version"] == 1
    scene.undo(approved)
    return f"{crowd.answers[202]:,} others were served; held, taken back"


@row("conflicting tabs", f"{TABS} tabs approve what another tab has just rejected, amended or undone")
def conflicting_tabs(scene: Scene) -> str:
    rejected, amended, undone = scene.waiting("AAPL"), scene.waiting("MSFT"), scene.waiting("NVDA")
    click = {"idempotency-key": "click-undone"}
    by_id = f"/api/v1/signals/{undone['id']}/approve"
    first = scene.api.request("POST", f"{by_id}?as=ann", {"status": "BUY"}, click)
    assert first.status == 200
    assert scene.api.reject(rejected["id"], "cy", "Risk too high").status == 200
    changed = scene.api.request("POST", f"/api/v1/signals/{amended['id']}/amend?source=wyckoff-engine", {"stop_loss": "149.10"})
    assert changed.status == 200
    scene.undo(undone)
    with ThreadPoolExecutor(TABS) as pool:
        def click_in_tab(number: int) -> None:
            who = f"tab-{number}"
            by_this_id = [scene.ask(f"/api/v1/signals/{rejected['id']}/approve", {"status": "BUY"}, who)]
            scene.expect_refused(by_this_id, 409, "already_decided")
            scene.expect_refused(scene.ask_by_every_door(amended, who, terms=amended["terms"]), 409, "terms_changed")
            scene.expect_refused(scene.ask_by_every_door(undone, f"{who}-too", version=undone["version"]), 409, "version_conflict")

        for done in [pool.submit(click_in_tab, number) for number in range(TABS)]:
            done.result()
    # The click that was undone, sent again: the answer of then, and no second approval.
    again = scene.api.request("POST", f"{by_id}?as=ann", {"status": "BUY"}, click)
    assert (again.status, again.body) == (200, first.body)
    scene.pass_time(UNDO_SECONDS)
    scene.let_timers_run()
    assert scene.api.signal(rejected["id"])["status"] == "REJECTED"
    assert [scene.api.signal(each["id"])["status"] for each in (amended, undone)] == ["PENDING_REVIEW"] * 2
    return "nothing was approved again"


# What people set up


POLICY = {"countersign_policy": 1, "version": "four eyes", "people": {"ann": "trader", "ruth": "risk", "cy": "trader"},
          "defaults": {"approvals": {"trader": 1, "risk": 1}}}


def policy_file(folder: Path) -> list[str]:
    (folder / "policy.json").write_text(json.dumps(POLICY))
    return ["--policy", str(folder / "policy.json")]


@row("policy missing", "its file is taken away while the desk runs, and is not there when it starts", prepare=policy_file, option="--policy")
def policy_missing(scene: Scene) -> str:
    waiting, file = scene.waiting(), scene.folder / "policy.json"
    file.unlink()
    eventually(lambda: scene.api.request("GET", "/health").body["policy"]["fault"], "the fault in /health")
    # What was asked for is still asked for.
    assert {answer.status for answer in scene.ask_by_every_door(waiting, who="zoe")} == {403}
    one = scene.ask(f"/api/v1/signals/{waiting['id']}/approve", {"status": "BUY"}, "ann")
    assert (one.status, one.body["status"]) == (200, "PENDING_REVIEW"), one
    scene.pass_time(UNDO_SECONDS)
    scene.let_timers_run()
    scene.desk.kill()
    refused = subprocess.run([PROGRAM, "serve", "--port", "0", "--database", str(scene.desk.database), "--policy", str(file)],
                             capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert refused.returncode == 2 and str(file) in refused.stderr, refused
    policy_file(scene.folder)
    scene.desk.start()
    return "one of two had signed; refused to start without"


@row("desk stopped", "the emergency stop within an undo window, and SIGKILL", route="/api/v1/desk")
def desk_stopped(scene: Scene) -> str:
    waiting, approved = scene.waiting(), scene.approved()
    assert scene.api.request("POST", "/api/v1/desk/stop?as=cy", {"reason": "The feed is wrong"}).status == 200
    for _ in range(2):
        scene.expect_refused(scene.ask_by_every_door(waiting), 423, "desk_stopped")
        scene.pass_time(UNDO_SECONDS + 1)
        # Nothing tells when the desk has looked at its clock, for on a desk that is stopped no time passes.
        time.sleep(TIMER_SECONDS)
        assert not scene.is_released(approved)
        scene.restart()
    scene.undo(approved)
    for who in ("cy", "ruth"):
        assert scene.api.request("POST", f"/api/v1/desk/resume?as={who}").status == 200
    scene.pass_time(UNDO_SECONDS)
    scene.let_timers_run()
    assert scene.api.signal(waiting["id"])["status"] == "PENDING_REVIEW"
    return "stopped after the kill too; taken back"


@row("killed between broadcast and webhook", "SIGKILL while the receiver has the post and has not answered", leaves=1, option="--webhooks")
def killed_before_the_webhook(scene: Scene) -> str:
    approved, webhook = scene.approved(), scene.watchers.webhook
    webhook.answers.clear()
    scene.pass_time(UNDO_SECONDS)
    eventually(lambda: webhook.released == [approved["id"]], "the post")
    scene.restart()
    webhook.answers.set()
    eventually(lambda: webhook.posts == 2, "the post again")
    assert webhook.released == [approved["id"]], "under the same id"
    return "posted again under its id, left once"


@row("approved, killed, undone", "SIGKILL behind an approval, undone at the next start; a webhook listens", option="--webhooks")
def webhook_of_an_undone_approval(scene: Scene) -> str:
    approved = scene.approved()
    scene.restart()
    scene.undo(approved)
    scene.pass_time(UNDO_SECONDS)
    scene.let_timers_run()
    return "no post"
