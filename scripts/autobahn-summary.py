#!/usr/bin/env python3
"""Says what the Autobahn suite found, from the report it wrote: by section, then `N passed, N failed`."""

import collections
import json
import sys
from pathlib import Path

# NON-STRICT: right, but not at the first moment possible. INFORMATIONAL: nothing is required. Anything else is a failure.
PASSED = ("OK", "NON-STRICT", "INFORMATIONAL")


def main() -> int:
    report = Path(sys.argv[1])
    wanted = json.loads((report / "wanted.json").read_text())
    index = report / "index.json"
    found = next(iter(json.loads(index.read_text()).values()), {}) if index.exists() else {}
    verdicts = {case: verdict(found.get(case)) for case in sorted(wanted, key=parts)}

    sections = collections.defaultdict(collections.Counter)
    for case, said in verdicts.items():
        sections[parts(case)[0]][said if said in PASSED else "FAILED"] += 1
    print(f"{'section':>7} {'cases':>6}   " + " ".join(f"{name:>13}" for name in (*PASSED, "FAILED")))
    for section, counts in sorted(sections.items()):
        row = " ".join(f"{counts[name]:>13}" for name in (*PASSED, "FAILED"))
        print(f"{section:>7} {counts.total():>6}   {row}")

    tell(verdicts, "not strict", lambda said: said == "NON-STRICT")
    failed = tell(verdicts, "FAILED", lambda said: said not in PASSED)
    print(f"{len(wanted) - failed} passed, {failed} failed")
    return 1 if failed else 0


def verdict(result: dict | None) -> str:
    if result is None:
        return "not run"
    if result["behavior"] in PASSED and result["behaviorClose"] not in ("OK", "INFORMATIONAL"):
        return f"closed {result['behaviorClose']}"
    return result["behavior"]


def tell(verdicts: dict[str, str], title: str, is_meant) -> int:
    cases = {case: said for case, said in verdicts.items() if is_meant(said)}
    if cases:
        print(f"{title}: " + ", ".join(case if said == "NON-STRICT" else f"{case} ({said})" for case, said in cases.items()))
    return len(cases)


def parts(case: str) -> list[int]:
    return [int(part) for part in case.split(".")]


if __name__ == "__main__":
    sys.exit(main())
