"""The table at the end of a run, and on failure the first differences."""

from collections import Counter
from hashlib import sha256
from statistics import median

from chaos.checks import grouped
from chaos.desk_view import DeskView
from chaos.messages import APPROVAL, SIGN_OFF, canonical
from chaos.run import Outcome, Settings

DETAILS_EACH = 4


def table(settings: Settings, outcome: Outcome) -> str:
    figures, ledger = outcome.figures, outcome.ledger
    outcomes = [decided.outcome for decided in ledger.decisions.values()]
    attempts = sum(write.attempts for write in ledger.writes.values())
    rows = [
        ("seed", settings.seed),
        ("duration", f"{outcome.seconds:.0f} s, of these {outcome.settle_seconds:.1f} s to settle"),
        ("server", f"{figures.kills} times SIGKILL, {figures.polite_stops} times SIGTERM, {figures.starts} starts, "
                   f"{_times(figures.start_ms)} until live"),
        ("messages made", f"{outcome.made} ({outcome.made / settings.seconds:.0f}/s), in {len(ledger.writes)} requests, "
                          f"{attempts} attempts"),
        ("the log", _log(outcome)),
        ("decisions", f"{len(outcomes)} asked for: {outcomes.count('won')} won, {outcomes.count('lost')} lost (409), "
                      f"{outcomes.count('expired')} too late (410), {outcomes.count(None)} unknown to a page; "
                      f"{sum(decided.attempts for decided in ledger.decisions.values())} attempts"),
        ("the policy", _policy(outcome)),
        ("connections", f"{outcome.proxy.connections} through the proxy; " + _counts(figures.connections)),
        ("faults", _counts(outcome.proxy.faults)),
        ("disconnects", _counts(figures.disconnects)),
        ("messages heard", figures.messages),
        ("resumes", f"{_counts(figures.resumes)}; {figures.replayed} messages replayed, "
                    f"{figures.caught_up_while_connected} times while connected"),
        ("gaps healed", figures.gaps),
        ("duplicates dropped", figures.duplicates),
        ("reloads", figures.reloads),
        ("live after restart", _times(figures.live_after_restart_ms)),
        ("answers", _counts(ledger.answers)),
        ("SSE", f"{figures.connections['sse']} connections" if outcome.offers.stream else "not offered by this server"),
        ("acknowledgement", _acknowledgement(outcome)),
        ("losses", "none" if not outcome.findings else f"{len(outcome.findings)} findings, see below"),
    ]
    width = max(len(name) for name, _value in rows)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)


def complaint(settings: Settings, outcome: Outcome) -> str:
    """What was found, by rule, and how to see it again."""
    lines = []
    for rule, details in grouped(outcome.findings).items():
        lines.append(f"{rule} ({len(details)}):")
        lines += [f"  {detail}" for detail in details[:DETAILS_EACH]]
    sabotages = "".join(f" --sabotage {sabotage}" for sabotage in sorted(settings.sabotages))
    lines.append(f"Again: scripts/chaos.sh --seed {settings.seed} --seconds {settings.seconds:g} --rate {settings.rate:g}"
                 f"{sabotages}")
    lines.append(f"Server log, database and plan: {settings.folder}")
    return "\n".join(lines)


def _policy(outcome: Outcome) -> str:
    if outcome.evidence is None:
        return "nobody lived to tell"
    kinds = Counter(message["type"] for message in outcome.evidence.log)
    by_two = sum(message["type"] == APPROVAL and len(message["data"]["sign_offs"]) > 1 for message in outcome.evidence.log)
    return f"{kinds[SIGN_OFF]} sign-offs, {by_two} of {kinds[APPROVAL]} approvals by two people"


def _log(outcome: Outcome) -> str:
    """Its state's hash is the same wherever the same messages were applied."""
    if outcome.evidence is None:
        return "unknown"
    view = DeskView()
    for message in outcome.evidence.log:
        view.apply(message)
    state = sha256(canonical(view.parts()).encode()).hexdigest()
    clients = len(outcome.evidence.accounts)
    return f"{len(outcome.evidence.log)} events, state {state[:16]}, {clients} clients compared with it"


def _acknowledgement(outcome: Outcome) -> str:
    if not outcome.offers.acknowledgement:
        return "not offered by this server: not checked"
    told = "receipts not offered: not checked" if outcome.receipts is None else f"{len(outcome.receipts)} receipts checked"
    return f"{outcome.figures.again} critical messages came again, {told}"


def _counts(counter: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counter.items())) or "none"


def _times(milliseconds: list[float]) -> str:
    if not milliseconds:
        return "none"
    return f"p50 {median(milliseconds):.0f} ms, max {max(milliseconds):.0f} ms"
