"""`countersign audit` beside a real desk: what was changed is found, and what is exported proves itself (APR-18)."""

import csv
import io
import json
import os
import random
import sqlite3
import subprocess
import sys

import pytest

from desk_process import PROGRAM, ROOT
from patience import PATIENCE_SECONDS

CHAIN = ROOT / "Tests/Fixtures/audit/chain.py"
# Nothing is released while these tests look.
pytestmark = pytest.mark.serve("--undo-seconds", "600")
FORMULA = "=HYPERLINK(\"http://x\"), said\nanne"


def audit(desk, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([PROGRAM, "audit", arguments[0], "--database", str(desk.database), *arguments[1:]],
                          capture_output=True, text=True, timeout=PATIENCE_SECONDS)


def entries(desk, **query: str) -> list[dict]:
    answer = desk.api.request("GET", "/api/v1/audit?" + "&".join(f"{name}={value}" for name, value in query.items()))
    assert answer.status == 200, answer
    return answer.body["entries"]


@pytest.fixture
def decided(desk):
    """One signal approved by alice, one rejected by bob, and a notice."""
    approved, rejected = desk.api.post_signal(symbol="AAPL"), desk.api.post_signal(symbol="MSFT")
    assert desk.api.approve(approved["id"], "alice", note=FORMULA).status == 200
    assert desk.api.reject(rejected["id"], "bob", "Risk too high").status == 200
    desk.api.post_event({"type": "notification", "data": {"id": "n", "message": "m", "type": "info"}})
    return desk


def test_a_running_desk_is_verified_and_a_noted_head_stays_in_its_log(decided):
    first = audit(decided, "verify")
    assert first.returncode == 0, first
    ok, head, kept = first.stdout.splitlines()
    assert ok == "ok 5 entries, without a hole from 1" and kept.startswith("kept head 4 ")
    health = decided.api.request("GET", "/health").body["store"]["head"]
    assert head == f"head {health['offset']} {health['hash']}"

    decided.api.post_signal(symbol="NVDA")
    noted = audit(decided, "verify", "--expect-head", health["kept_hash"])
    assert noted.returncode == 0 and noted.stdout.startswith("ok 6 "), noted
    other = audit(decided, "verify", "--expect-head", "0123456789abcdef" * 4)
    assert other.returncode == 1 and "no entry has the hash" in other.stdout, other


@pytest.mark.parametrize("statement, said", [
    ("UPDATE event SET payload = replace(payload, 'bob', 'eve') WHERE offset = 4", "bad Entry 4 was changed: "),
    ("DELETE FROM event WHERE offset = 3", "bad Entry 3 is missing: "),
    ("DELETE FROM event WHERE offset = 5", "bad Entry 5 is missing: "),
])
def test_the_first_bad_entry_is_named(decided, statement, said):
    assert decided.stop() == 0
    with sqlite3.connect(decided.database) as database:
        database.execute(statement)
    database.close()
    verified = audit(decided, "verify")
    assert verified.returncode == 1 and verified.stdout.startswith(said), verified


def test_an_export_proves_itself_to_a_program_that_knows_only_the_documents(decided):
    exported = audit(decided, "export", "--format", "jsonl")
    assert exported.returncode == 0, exported
    lines = [json.loads(line) for line in exported.stdout.splitlines()]
    assert [line["hash"] for line in lines] == [entry["hash"] for entry in entries(decided, order="oldest")]
    checked = subprocess.run([sys.executable, CHAIN], input=exported.stdout, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert checked.returncode == 0 and checked.stdout.startswith("ok 5 "), checked
    forged = exported.stdout.replace("Risk too high", "Risk too low!")
    checked = subprocess.run([sys.executable, CHAIN], input=forged, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert checked.stdout.strip() == "entry 4 does not have its hash", checked


def test_a_spreadsheet_gets_quoted_fields_and_no_formula(decided):
    exported = subprocess.run([PROGRAM, "audit", "export", "--database", str(decided.database), "--format", "csv"],
                              capture_output=True, timeout=PATIENCE_SECONDS)
    rows = list(csv.DictReader(io.StringIO(exported.stdout.decode(), newline="")))
    assert [row["type"] for row in rows] == [entry["type"] for entry in entries(decided, order="oldest")]
    assert rows[2]["note"] == "'" + FORMULA and rows[2]["decided_by"] == "alice"
    assert rows[3]["outcome"] == "rejected" and rows[3]["reason"] == "Risk too high" and rows[3]["user"] == "bob"


def test_an_export_is_narrowed_down_as_the_rest_interface_is(decided):
    signal = entries(decided, user="bob")[0]["signal_id"]
    for arguments, query in (
        (["--user", "bob"], {"user": "bob"}),
        (["--signal", signal], {"signal": signal}),
        (["--from", "2100-01-01T00:00:00Z"], {"from": "2100-01-01T00:00:00Z"}),
        (["--to", "2100-01-01T00:00:00Z"], {"to": "2100-01-01T00:00:00Z"}),
    ):
        exported = audit(decided, "export", "--format", "jsonl", *arguments)
        offsets = [json.loads(line)["offset"] for line in exported.stdout.splitlines()]
        assert offsets == [entry["offset"] for entry in entries(decided, order="oldest", **query)]


@pytest.mark.parametrize("arguments", [
    ["export"], ["export", "--format", "xml"], ["export", "--format", "csv", "--from", "noon"],
    ["export", "--format", "csv", "--signal", "AAPL"], ["verify", "--expect-head", "12"],
])
def test_what_cannot_be_done_is_told_in_one_line(desk, arguments):
    told = audit(desk, *arguments)
    assert told.returncode == 2 and told.stdout == "" and told.stderr.count("\n") == 1, told


def test_a_file_that_is_no_log_is_told_apart_from_a_bad_log(desk, tmp_path):
    told = subprocess.run([PROGRAM, "audit", "verify", "--database", str(tmp_path / "none.sqlite")],
                          capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert told.returncode == 2 and "There is no database at" in told.stderr, told


# The long form: COUNTERSIGN_FLIPS=500.
FLIPS = int(os.environ.get("COUNTERSIGN_FLIPS", "25"))


def test_one_flipped_byte_in_the_file_is_found_and_its_entry_named(decided, tmp_path, measurements):
    """In the file itself, as a failing disk or somebody with an editor would."""
    for number in range(20):
        decided.api.post_signal(symbol=f"SYM{number}", reasoning=f"Spring number {number}, low volume. " * (1 + number % 4))
    assert decided.stop() == 0
    with sqlite3.connect(decided.database) as database:
        payloads = database.execute("SELECT offset, CAST(payload AS BLOB) FROM event ORDER BY offset").fetchall()
    database.close()
    whole = decided.database.read_bytes()
    places = [(offset, whole.index(payload), len(payload)) for offset, payload in payloads if whole.count(payload) == 1]
    assert len(places) == len(payloads), "every payload stands in the file once, in one piece"
    chance = random.Random(18)
    for flip in range(FLIPS):
        offset, start, length = chance.choice(places)
        at, bit = start + chance.randrange(length), 1 << chance.randrange(8)
        damaged = tmp_path / "damaged.sqlite"
        damaged.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1:])
        verified = subprocess.run([PROGRAM, "audit", "verify", "--database", str(damaged)], capture_output=True, text=True,
                                  timeout=PATIENCE_SECONDS)
        assert verified.returncode == 1 and verified.stdout.startswith(f"bad Entry {offset} "), (at, bit, verified)
    measurements.append(f"{FLIPS} flipped bits, one at a time: `audit verify` named the entry {FLIPS} times")
