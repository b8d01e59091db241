"""A process of its own that writes from many callers and prints each number once it is answered."""

import asyncio
import sys
from pathlib import Path

from sqlalchemy import Connection, insert

from bot.clock import HandClock
from bot.store.memory import Memory
from bot.store.schema import stranger
from tests.conftest import KEY, NOON


def keep(c: Connection, number: int) -> None:
    c.execute(insert(stranger).values(chat=number, answered_at=NOON))


async def main(url: str, data: Path, start: int) -> None:
    memory = await Memory.open(url, key=KEY, data=data, clock=HandClock(NOON))

    async def caller(number: int) -> None:
        while True:
            await memory.write(keep, number)
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()
            number += 16

    await asyncio.gather(*(caller(start + number) for number in range(16)))


asyncio.run(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
