"""Seeds by the number, and each planted fault found: see `python -m tests.simulation --help`."""

import os
import subprocess
import sys
from collections.abc import Sequence

from tests.simulation import invariants
from tests.simulation.bugs import BUGS

SEEDS = int(os.environ.get("KITH_TEST_SEEDS", "1000"))

PLENTY = 1200
"""Seconds after which a run hangs."""


def _simulation(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command: Sequence[str] = (sys.executable, "-m", "tests.simulation", *arguments)
    return subprocess.run(command, capture_output=True, text=True, timeout=PLENTY, check=False)


def test_nothing_goes_wrong_whatever_happens_and_wherever_a_replica_dies() -> None:
    played = _simulation("--seeds", f"1-{SEEDS}", "--each-step")
    assert played.returncode == 0, played.stdout + played.stderr
    for scene in ("journey_missed", "escalation_closed", "rung_unreachable", "withheld"):
        assert scene in played.stdout, f"no seed has come to {scene}"


def test_every_planted_fault_is_found() -> None:
    hunted = _simulation("--bug", "all")
    assert hunted.returncode == 0, hunted.stdout + hunted.stderr


def test_each_thing_that_must_hold_has_been_seen_to_fail() -> None:
    found = [bug.by for bug in BUGS.values()]
    asked = (*invariants.COMMITTED, *invariants.SENT, *invariants.LOOKED, *invariants.RESTED)
    sentences = [check.__name__.replace("_", " ") for check in asked]
    assert [s for s in sentences if s not in found] == []


def test_a_seed_plays_the_same_again() -> None:
    first, second = _simulation("--trace", "7"), _simulation("--trace", "7")
    assert first.returncode == 0, first.stdout[-2000:] + first.stderr
    assert first.stdout == second.stdout
