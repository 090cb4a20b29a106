#!/usr/bin/env python3
"""The hash chain of a log, made anew by nothing but docs/Operations.md, "The hash chain".

    chain.py < export.jsonl     verifies what `countersign audit export --format jsonl` wrote of a whole log
    chain.py --golden FILE      the heads of the log whose entries FILE holds as tab-separated
                                offset, recorded_at in ms, type, signal_id, version, user, payload
"""
import datetime
import hashlib
import json
import sys

KEPT_NOT = {"pattern", "portfolio", "campaign", "session", "algorithm", "alert", "notice", "risk"}
BEGINNING = "0" * 64


def entry_hash(previous, kept, fields, payload):
    lines = ["countersign log entry 1", previous, kept, *("" if field is None else str(field) for field in fields)]
    return hashlib.sha256(("\n".join(lines) + "\n").encode() + payload.encode()).hexdigest()


def milliseconds(text):
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return round((moment - datetime.datetime.fromtimestamp(0, datetime.timezone.utc)) / datetime.timedelta(milliseconds=1))


def verify(lines):
    previous, kept, last = BEGINNING, BEGINNING, 0
    for line in lines:
        entry = json.loads(line)
        if entry["offset"] == last + 1 and entry["previous_hash"] != previous:
            return f"entry {entry['offset']} follows on another entry"
        fields = [entry["offset"], milliseconds(entry["recorded_at"]), entry["type"], entry["signal_id"], entry["version"],
                  entry["user"]]
        if entry_hash(entry["previous_hash"], kept, fields, entry["payload"]) != entry["hash"]:
            return f"entry {entry['offset']} does not have its hash"
        previous, last = entry["hash"], entry["offset"]
        if entry["type"] not in KEPT_NOT:
            kept = entry["hash"]
    return f"ok {last} {previous}"


def golden(path):
    previous = kept = BEGINNING
    for line in open(path, encoding="utf-8"):
        *fields, payload = line.rstrip("\n").split("\t")
        previous = entry_hash(previous, kept, fields, payload)
        if fields[2] not in KEPT_NOT:
            kept = previous
    return f"{previous} {kept}"


if __name__ == "__main__":
    answer = golden(sys.argv[2]) if len(sys.argv) == 3 else verify(sys.stdin)
    print(answer)
    sys.exit(0 if len(sys.argv) == 3 or answer.startswith("ok ") else 1)
