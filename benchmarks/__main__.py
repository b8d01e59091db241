"""`python -m benchmarks [NAME ...] [--rounds N] [--quick]`: measure, and write the pages.

Without names: every figure. `--quick`: tiny sizes, nothing is written: a look at whether it works.
"""

import argparse
import importlib
import platform
import sys
from dataclasses import replace
from datetime import UTC, datetime

from benchmarks import page
from benchmarks.measure import Figure, machine, missing
from tests import postgres


def main() -> int:
    parsing = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parsing.add_argument("names", nargs="*", metavar="NAME", help=", ".join(page.FIGURES))
    parsing.add_argument("--quick", action="store_true")
    parsing.add_argument("--rounds", type=int, help="fewer than usual: sooner, and less sure")
    given = parsing.parse_args()
    results: dict[str, Figure] = {}
    for name in given.names or page.FIGURES:
        figure = importlib.import_module(f"benchmarks.{name}")
        lacking = missing(*figure.PEERS)
        if lacking and not given.quick:
            print(f"{name}: install {', '.join(lacking)} first (the group `bench`).")
            return 1
        print(f"{name} ...", flush=True)
        size = figure.QUICK if given.quick else figure.FULL
        size = replace(size, rounds=given.rounds or size.rounds)
        results[name] = figure.measure(size, peers=not lacking)
        for row in results[name].rows:
            print("   ", " | ".join(row))
        for verdict in results[name].verdicts:
            print(f"    {verdict.asked}: {verdict.measured} ({verdict.met})", flush=True)
        if not given.quick:  # what is measured stays measured, should a later one fail
            measured = f"{datetime.now(UTC):%-d %B %Y} with Python {platform.python_version()}"
            results[name] = replace(results[name], measured=measured)
            page.write(results, _machine())
    return 0


def _machine() -> str:
    found = postgres.programs()
    return f"{machine()}, PostgreSQL {found.parent.name if found else 'not installed'}."


if __name__ == "__main__":
    sys.exit(main())
