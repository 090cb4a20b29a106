"""The verdict: everything that may not be, found by comparing what everybody was told with the log. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from chaos.desk_view import DeskView, Parts, differences
from chaos.history import Chapter, History
from chaos.ledger import Ledger
from chaos.messages import AMENDMENT, APPROVAL, REJECTION, SIGN_OFF, UNDOING, digest_of, mark_of

TOLD_EACH = 3


@dataclass(frozen=True)
class Finding:
    what: str
    """The rule that was broken, the same words every time."""
    detail: str

    def __str__(self) -> str:
        return f"{self.what}: {self.detail}"


@dataclass
class Account:
    """What one client says it knows, whoever it is."""

    name: str
    history: History
    parts: Parts
    """Those that this client can know whole."""
    faults: list[str] = field(default_factory=list)
    prices: dict[str, str] | None = None
    """None for a client that hears no prices."""
    notices: list[int] | None = None
    """Of a page, which shows decisions among them, so that it has fewer than the desk."""


@dataclass
class Evidence:
    log: list[dict]
    """Every message of the log, from the first."""
    snapshot: dict
    ledger: Ledger
    accounts: list[Account]
    server_faults: list[str] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)


def judge(evidence: Evidence) -> list[Finding]:
    """No finding means: nothing lost, nothing twice, nobody told anything else than the log."""
    view = DeskView()
    for message in evidence.log:
        view.apply(message)
    findings = [*(Finding("it did not settle", text) for text in evidence.unsettled),
                *(Finding("the server misbehaved", text) for text in evidence.server_faults),
                *(Finding("an answer that may not be", text) for text in evidence.ledger.surprises)]
    findings += check_log(evidence.log)
    findings += check_writes(evidence.log, evidence.ledger)
    findings += check_decisions(evidence.log, evidence.ledger)
    findings += check_policy(evidence.log)
    findings += check_snapshot(view, evidence.snapshot)
    digests = [digest_of(message) for message in evidence.log]
    for account in evidence.accounts:
        findings += check_account(account, digests, view.parts(), DeskView.of_snapshot(evidence.snapshot).prices)
    return findings


def check_log(log: list[dict]) -> Iterator[Finding]:
    """Offsets grow by one; a signal's life begins once and has one decision at most."""
    for index, message in enumerate(log):
        if message["offset"] != index + 1:
            yield Finding("the log has a hole", f"offset {message['offset']} where {index + 1} should be")
            break
    decisions = Counter(signal_id for message in log if (signal_id := _decided_signal(message)) is not None)
    for signal_id, count in decisions.items():
        if count > 1:
            yield Finding("a signal was decided more than once", f"{signal_id}, {count} times")


def check_writes(log: list[dict], ledger: Ledger) -> Iterator[Finding]:
    """What was acknowledged is there once, what was refused is not there, and nothing is there twice."""
    logged = Counter(mark for message in log if (mark := mark_of(message)) is not None)
    for write in ledger.writes.values():
        for mark in write.request.marks:
            if write.is_acknowledged and logged[mark] == 0:
                yield Finding("an acknowledged write is not in the log", f"{mark} of {write.request.key}")
            if write.is_refused and logged[mark] > 0:
                yield Finding("a refused write is in the log", f"{mark} of {write.request.key}, attempt {write.attempts}")
    known = {mark for write in ledger.writes.values() for mark in write.request.marks}
    for mark, count in logged.items():
        if count > 1:
            yield Finding("a write is in the log more than once", f"{mark}, {count} times")
        if mark not in known:
            yield Finding("nobody wrote this", mark)


def check_decisions(log: list[dict], ledger: Ledger) -> Iterator[Finding]:
    """Every decision was asked for by whom it names, and whoever was told something was told the truth."""
    made: dict[str, tuple[str, str, str]] = {}
    for message in log:
        if message["type"] not in (APPROVAL, REJECTION, SIGN_OFF):
            continue
        key, user, signal_id, action = _decision(message)
        made[key] = (user, signal_id, action)
        asked = ledger.decisions.get(key)
        if asked is None or (asked.user, asked.signal_id, asked.action) != (user, signal_id, action):
            yield Finding("nobody asked for this decision", f"{action} of {signal_id} by {user} under {key}")
    for asked in ledger.decisions.values():
        is_made = asked.key in made
        if asked.outcome == "won" and not is_made:
            yield Finding("an acknowledged decision is not in the log", asked.key)
        if asked.outcome in ("lost", "expired") and is_made:
            yield Finding("a refused decision is in the log", asked.key)


def check_policy(log: list[dict]) -> Iterator[Finding]:
    """What takes several people has them all, each once, and each had said so before in the log."""
    signed: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for message in log:
        if message["type"] in (UNDOING, AMENDMENT):
            signed[message["data"]["id"]] = []
        if message["type"] not in (SIGN_OFF, APPROVAL):
            continue
        data = message["data"]
        signal_id = data["id"] if message["type"] == SIGN_OFF else data["signal_id"]
        given = [(sign_off["id"], sign_off["user"]) for sign_off in data["sign_offs"]]
        if given and given[:-1] != signed[signal_id]:
            yield Finding("a sign-off was lost or made up", f"{signal_id} at {message['offset']}: {given}")
        if len({user for _, user in given}) < len(given):
            yield Finding("somebody approved twice", f"{signal_id} at {message['offset']}")
        needed = data["sign_offs"][-1]["needed"] if given else 0
        if message["type"] == APPROVAL and data["policy"] is not None and len(given) != max(1, needed):
            yield Finding("an approval without the people it takes", f"{signal_id} at {message['offset']}: {given}")
        signed[signal_id] = given


def check_snapshot(view: DeskView, snapshot: dict) -> Iterator[Finding]:
    for difference in differences(view.parts(), DeskView.of_snapshot(snapshot).parts()):
        yield Finding("the snapshot is not what the log says", difference)


def check_account(account: Account, digests: list[int], expected: Parts, prices: dict[str, str]) -> Iterator[Finding]:
    """A client had every message from its snapshot on, once, in order and word for word, and knows what follows."""
    for fault in account.faults[:TOLD_EACH]:
        yield Finding("a client met what may not be", f"{account.name}: {fault}")
    if not account.history.chapters:
        yield Finding("a client never began", account.name)
        return
    for before, chapter in zip([None, *account.history.chapters], account.history.chapters, strict=False):
        yield from _check_chapter(account.name, before, chapter, digests)
    if account.history.end != len(digests):
        yield Finding("a client is not where the log is", f"{account.name}: {account.history.end} of {len(digests)}")
    for difference in differences(expected, account.parts):
        yield Finding("a client's state is not the server's", f"{account.name}: {difference}")
    if account.prices is not None and account.prices != prices:
        yield Finding("a client has old prices", account.name)
    if account.notices is not None:
        yield from _check_notices(account.name, account.notices, expected["notices"])


def _check_notices(name: str, notices: list[int], expected: list[int]) -> Iterator[Finding]:
    if len(set(notices)) < len(notices):
        yield Finding("a page shows a notice twice", name)
    if not set(expected[-1:]) <= set(notices):
        yield Finding("a page does not show the newest notice", name)


def _check_chapter(name: str, before: Chapter | None, chapter: Chapter, digests: list[int]) -> Iterator[Finding]:
    if before is not None and chapter.reason is None:
        yield Finding("a client reloaded though nobody told it to", f"{name}: at {chapter.after}")
    if before is not None and chapter.after < before.end:
        yield Finding("a client went back", f"{name}: from {before.end} to {chapter.after}")
    told = 0
    expected = chapter.after
    for offset, digest in zip(chapter.offsets, chapter.digests, strict=True):
        if offset != expected + 1:
            what = "a client took a message twice" if offset <= expected else "a client missed a message"
            yield Finding(what, f"{name}: {offset} came after {expected}")
            told += 1
        elif digest and (offset > len(digests) or digest != digests[offset - 1]):
            yield Finding("a client was told something else than the log", f"{name}: at {offset}")
            told += 1
        if told == TOLD_EACH:
            return
        expected = max(expected, offset)


def _decided_signal(message: dict) -> str | None:
    if message["type"] == APPROVAL:
        return message["data"]["signal_id"]
    return message["data"]["id"] if message["type"] == REJECTION else None


def _decision(message: dict) -> tuple[str, str, str, str]:
    """Its id, who, about what, and which."""
    data = message["data"]
    if message["type"] == APPROVAL:
        return data["decision_id"], data["approved_by"], data["signal_id"], "approve"
    if message["type"] == SIGN_OFF:
        return data["sign_offs"][-1]["id"], data["sign_offs"][-1]["user"], data["id"], "approve"
    decision = data["decision"]
    return decision["id"], decision["decided_by"], data["id"], "reject"


def grouped(findings: list[Finding]) -> dict[str, list[str]]:
    """Details by rule."""
    by_rule: dict[str, list[str]] = defaultdict(list)
    for finding in findings:
        by_rule[finding.what].append(finding.detail)
    return by_rule
