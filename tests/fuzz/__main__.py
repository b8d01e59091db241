"""The long run: `python -m tests.fuzz --updates 1000000 --seed 1`, on every core."""

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.fuzz.world import LENGTH, Broken, run


def _run(seed: str) -> str | None:
    try:
        run(seed)
    except Broken as broken:
        return str(broken)
    return None


def main() -> int:
    asked = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    asked.add_argument("--updates", type=int, default=1_000_000)
    asked.add_argument("--seed", type=int, default=int(time.time()))
    asked.add_argument("--again", help="one run by the name it failed under")
    asked.add_argument("--stop", type=int, default=1, help="end after so many failures")
    given = asked.parse_args()
    say = sys.stdout.write
    if given.again is not None:
        wrong = _run(given.again)
        say(f"{wrong or 'All held.'}\n")
        return 0 if wrong is None else 1
    runs = -(-given.updates // LENGTH)
    say(f"seed {given.seed}: {runs} runs of {LENGTH} updates\n")
    failed, began = 0, time.monotonic()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        coming = [pool.submit(_run, f"{given.seed}-{number}") for number in range(runs)]
        for done, one in enumerate(as_completed(coming), 1):
            wrong = one.result()
            if wrong is not None:
                failed += 1
                say(f"{wrong}\n\n")
            if failed >= given.stop:
                pool.shutdown(cancel_futures=True)
                break
            if done % 50 == 0:
                say(f"{done * LENGTH} updates, {time.monotonic() - began:.0f} s\n")
                sys.stdout.flush()
    say(f"{failed} runs failed.\n" if failed else "All held.\n")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
