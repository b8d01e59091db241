"""The long run: `python -m tests.torture --kills 500 [--seed 7] [--only sqlite]`.

Rounds of fresh databases, a seed each; the first that finds something wrong is printed with its
seed and ends the run with 1. `--seed N --rounds 1` plays one round again, as far as a machine
that is never twice the same can.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from random import SystemRandom

from tests import postgres
from tests.torture.replicas import disturbed_often
from tests.torture.run import Killed, Summary, killed_often

ROUND = 25
"""Kills on one database: with more circles at once Telegram's limit would hold them all up."""

STRIKES = 10
"""Replicas killed, stopped or ended on one database."""


def main() -> int:
    asked = argparse.ArgumentParser(prog="tests.torture", description=__doc__)
    asked.add_argument("--kills", type=int, default=500, help="on each database")
    asked.add_argument("--strikes", type=int, default=100, help="at replicas on PostgreSQL")
    asked.add_argument("--rounds", type=int, help="so many of each instead")
    asked.add_argument("--seed", type=int, help="of the first round; the next have the next")
    asked.add_argument("--only", choices=["sqlite", "postgresql", "replicas"])
    wanted = asked.parse_args()
    seed = SystemRandom().randrange(10**6) if wanted.seed is None else wanted.seed
    rounds = {
        "sqlite": wanted.rounds or -(-wanted.kills // ROUND),
        "postgresql": wanted.rounds or -(-wanted.kills // ROUND),
        "replicas": wanted.rounds or -(-wanted.strikes // STRIKES),
    }
    if wanted.only:
        rounds = {wanted.only: rounds[wanted.only]}
    if postgres.programs() is None and set(rounds) != {"sqlite"}:
        say("PostgreSQL is not installed: apt install postgresql, or --only sqlite")
        return 1
    say(f"seed {seed}, rounds {rounds}")
    return asyncio.run(tortured(rounds, seed))


async def tortured(rounds: dict[str, int], seed: int) -> int:
    kills = strikes = 0
    with postgres.cluster() if set(rounds) != {"sqlite"} else nullcontext() as server:
        for kind, number in rounds.items():
            for of in range(number):
                folder = Path(tempfile.mkdtemp(prefix="kith-torture-"))
                try:
                    done = await one(kind, folder, server, seed + of)
                except Killed as wrong:
                    say(f"{kind} {wrong}\nEverything of it is in {folder}")
                    return 1
                shutil.rmtree(folder)
                say(f"{kind} {done}")
                if kind == "replicas":
                    strikes += sum(done.struck.values())
                else:
                    kills += sum(done.struck.values())
    say(f"{kills} kills and {strikes} strikes at replicas: nothing lost, nothing done twice")
    return 0


async def one(kind: str, data: Path, server: postgres.Cluster | None, seed: int) -> Summary:
    if server is None or kind == "sqlite":
        url = f"sqlite:///{data / 'kith.db'}"
        return await killed_often(data, url, seed=seed, kills=ROUND)
    url = server.create(f"{kind}_{seed}")
    if kind == "replicas":
        return await disturbed_often(data, url, seed=seed, times=STRIKES, number=2 + seed % 3)
    return await killed_often(data, url, seed=seed, kills=ROUND, crashes=2, server=server)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
