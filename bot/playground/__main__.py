"""The playground alone: `python -m bot.playground --port N --data DIR`."""

import argparse
import asyncio
import signal
from pathlib import Path
from typing import Literal

from bot.playground.server import Playground
from bot.playground.state import InUse


async def play(data: Path, port: int, clock: Literal["hand", "real"]) -> None:
    """Serve the playground until a signal ends it."""
    playground = Playground(data, clock=clock)
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    print(await playground.serve(port=port), flush=True)  # noqa: T201 -- what the user waits for
    await ended.wait()
    await playground.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="A local Bot API server with a web page.")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--data", type=Path, default=Path("kith-data"))
    parser.add_argument("--clock", choices=("hand", "real"), default="hand")
    asked = parser.parse_args()
    try:
        asyncio.run(play(asked.data, asked.port, asked.clock))
    except InUse as refusal:
        parser.exit(1, f"{refusal}\n")


if __name__ == "__main__":
    main()
