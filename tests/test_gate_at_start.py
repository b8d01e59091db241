"""Kith looks at its gate when it starts, and does not start when the gate is broken."""

import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from bot import app
from bot.care import gate_proof
from bot.care.agreement import Decision, Effect, Facts, Reason
from bot.care.outcome import About
from bot.store.engine import Refused

BROKEN = """
import sys
from bot.care import agreement
agreement.CEILING.clear()  # no role may hear anything: the gate withholds what was agreed
from bot.__main__ import main
sys.argv = ["kith", "demo", "--port", "0", "--data", sys.argv[1]]
main()
"""


def opened(facts: Facts, about: About, now: datetime) -> Decision:
    """A gate that lets everything through."""
    return Decision(Effect.SHARE, Reason.AGREED)


def test_a_gate_that_is_broken_is_refused_with_the_line_it_gets_wrong() -> None:
    with pytest.raises(Refused) as refused:
        app.trust(opened)
    assert str(gate_proof.wrong(opened)) in str(refused.value)
    app.trust()


def test_a_kith_whose_gate_is_broken_does_not_start(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", BROKEN, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    said = " ".join((ended.stdout + ended.stderr).split())
    assert "Kith: The rule that decides what may be said about a person is broken" in said
    assert "Traceback" not in said


def test_looking_takes_no_time_that_anybody_notices() -> None:
    def seconds() -> float:
        began = time.process_time()
        app.trust()
        return time.process_time() - began

    assert min(seconds() for _ in range(5)) < 0.05
