"""The short form of the chaos test, and the proof that it can fail."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chaos.sabotage import Sabotage

E2E = Path(__file__).resolve().parent.parent
RUN_SECONDS_MAX = 400
# A plan with both ways to die within so short a time; CHAOS_SEED takes another.
SEED = os.environ.get("CHAOS_SEED", "29")
SEED_WITH_AN_EARLY_KILL = "3"


def chaos(folder: Path, seed: str, *arguments: str) -> subprocess.CompletedProcess:
    """A run of the command, with the server, the database and the plan in a folder of the test."""
    return subprocess.run(
        [sys.executable, "-m", "chaos", "--seed", seed, "--folder", str(folder), *arguments], capture_output=True, text=True,
        timeout=RUN_SECONDS_MAX, env={**os.environ, "PYTHONPATH": str(E2E)})


def test_nobody_misses_anything(tmp_path, measurements):
    ended = chaos(tmp_path, SEED, "--seconds", "25", "--settle-seconds", "240")

    measurements += ended.stdout.splitlines()
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "losses" in ended.stdout


@pytest.mark.parametrize(("sabotages", "rules"), [
    ([Sabotage.SKIP_EVENT, Sabotage.FORGET_WRITE, Sabotage.WRITE_TWICE, Sabotage.APPROVE_UNASKED],
     ["a client missed a message", "an acknowledged write is not in the log", "a write is in the log more than once",
      "nobody asked for this decision"]),
    ([Sabotage.APPLY_TWICE, Sabotage.IGNORE_HOLES], ["a client took a message twice", "went on though"]),
    ([Sabotage.FORGET_LOG], ["of its own log", "an acknowledged write is not in the log"]),
], ids=lambda value: value[0] if isinstance(value[0], Sabotage) else "")
def test_sabotage_is_found(sabotages, rules, tmp_path):
    """A check that cannot fail proves nothing."""
    ended = chaos(tmp_path, SEED_WITH_AN_EARLY_KILL, "--seconds", "7", "--settle-seconds", "8",
                  *(f"--sabotage={sabotage}" for sabotage in sabotages))

    assert ended.returncode == 1, ended.stdout + ended.stderr
    for rule in rules:
        assert rule in ended.stdout, rule
    assert f"--seed {SEED_WITH_AN_EARLY_KILL}" in ended.stdout, "a failing run says how to see it again"


def test_plan_of_a_seed_can_be_read_before_it_runs(tmp_path):
    plans = [chaos(tmp_path, SEED, "--plan").stdout for _ in range(2)]

    assert plans[0] == plans[1]
    assert "SIGKILL" in plans[0]
