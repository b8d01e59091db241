"""The power goes at any moment: what was answered for stands, and nothing half does."""

import asyncio
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.kith import kith
from tests.power.script import Script, recording

POINTS = 2_100


CONTROLS = 300
"""Power cuts of a setting that is known to be too little."""


@dataclass(frozen=True)
class Found:
    """What the power cuts left: how many of each kind, by file."""

    kith: dict[str, int]
    keys: dict[str, int]
    commits: dict[str, int]
    checkpoints: int


def found(script: Path, folder: Path, points: int, *instead: str) -> Found:
    folder.mkdir()
    arguments = (script, folder, points, 1, *instead)
    command = [sys.executable, "-m", "tests.power.crash", *map(str, arguments)]
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    shutil.rmtree(folder)
    report: dict[str, Any] = json.loads(said)
    by_file: dict[str, dict[str, int]] = {"kith.db": {}, "keys.db": {}}
    for name, count in report["came"].items():
        file, _, what = name.partition(":")
        by_file[file][what] = count
    return Found(by_file["kith.db"], by_file["keys.db"], report["commits"], report["checkpoints"])


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the real Kith says to its files in an afternoon: an outing, alerts, a new carer."""
    data = tmp_path_factory.mktemp("story")
    told = Script({"kith.db": b"", "keys.db": b""})

    async def afternoon() -> None:
        async with kith(data) as story:
            await story.sets_off()
            await story.passes(minutes=75)
            await story.jo.taps("I've got this")
            await story.sam.taps("I need help", "I'm upset")
            await story.jo.taps("Safe and well")
            await story.amira.says("/leave")
            await story.amira.taps("Go on", "Yes, leave")

    with recording(told, data):
        asyncio.run(afternoon())
    return told.keep(data / "script")


def test_when_the_power_goes_nothing_promised_is_lost_and_nothing_is_half(
    script: Path, tmp_path: Path
) -> None:
    left = found(script, tmp_path / "ours", POINTS)

    assert left.kith == {"whole": POINTS}
    assert left.keys == {"whole": POINTS}
    assert left.commits["kith.db"] > 50 and left.commits["keys.db"] > 5
    assert left.checkpoints > 10


def test_with_less_care_the_same_cuts_lose_promises_and_leave_ruins(
    script: Path, tmp_path: Path
) -> None:
    normal = found(
        *(script, tmp_path / "normal", CONTROLS),
        *("kith.db:synchronous=NORMAL", "keys.db:synchronous=FULL"),
    )
    off = found(script, tmp_path / "off", CONTROLS, "kith.db:synchronous=OFF")

    assert normal.kith["lost"] > CONTROLS / 4 and normal.kith.get("corrupt", 0) == 0
    assert normal.keys["lost"] > 0  # its journal may come back
    assert off.kith["corrupt"] > CONTROLS / 4
