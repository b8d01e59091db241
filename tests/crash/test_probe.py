"""`kith probe` against a real `kith run`: the whole way of an alert, from outside."""

import asyncio
import shutil
import socket
from pathlib import Path

import httpx
import pytest

from bot import probing
from bot.probing import Broken
from bot.settings import Settings
from tests.crash.process import Killable, killable, until

SECRET = "a-secret-of-the-robot"


def free_port() -> int:
    with socket.socket() as there:
        there.bind(("127.0.0.1", 0))
        return int(there.getsockname()[1])


async def test_the_robot_goes_out_is_missed_takes_the_alert_and_times_it_all(
    sample: Path, tmp_path: Path
) -> None:
    shutil.copytree(sample, tmp_path, dirs_exist_ok=True)
    assert await probing.prepared(Settings(data=tmp_path))
    port = free_port()
    door = f"http://127.0.0.1:{port}"
    async with killable(tmp_path, KITH_ADMIN_PORT=str(port), KITH_PROBE_SECRET=SECRET) as story:
        async with httpx.AsyncClient(base_url=door, trust_env=False) as client:
            for wrong in ({}, {"Authorization": "Bearer guessed"}):
                assert (await client.get("/probe/person", headers=wrong)).status_code == 403
            ours = {"Authorization": f"Bearer {SECRET}"}
            assert (await client.get("/probe/sam", headers=ours)).status_code == 404

        with pytest.raises(Broken, match="The alert has not come within 2 seconds"):
            await probing.tried(door, SECRET, within=1.0, span=1.0)  # nobody moves the clock
        # What that one has left standing is closed first.
        tried = asyncio.ensure_future(probing.tried(door, SECRET, within=60.0, span=0.0))
        await until(lambda: _passes_until(story, tried))
        times = await tried
        assert max(times.late, times.taken, times.closed) < 60

        with pytest.raises(Broken, match="does not know this robot"):
            await probing.tried(door, "another-secret-word", within=1.0)
        await story.heard()


async def _passes_until(story: Killable, tried: "asyncio.Future[probing.Times]") -> bool:
    await story.passes(seconds=10)
    return tried.done()
