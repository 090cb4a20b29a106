"""Policy files for tests, and the people of the example."""

from pathlib import Path

EXAMPLE = Path(__file__).resolve().parent.parent / "docs/policy.example.yaml"

FOUR_EYES = """
countersign_policy: 1
version: {version}
people:
  ann: trader
  bo: {{roles: trader, sources: [engine]}}
  ruth: risk
default_role: viewer
defaults:
  veto: risk
rules:
  - name: large risk
    when: {{risk_percentage: {{above: 1}}}}
    approvals: {{trader: 1, risk: 1}}
    undo_window: {undo}
    reasons: {{reject: [Risk too high, Poor structure]}}
"""


def four_eyes(version: str = "v1", undo: str = "1s") -> str:
    return FOUR_EYES.format(version=version, undo=undo)
