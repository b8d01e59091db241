"""What the tests of backups share: a database with words in it, and a backup made of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from bot.care.outcome import Log
from bot.clock import HandClock
from bot.store import backup, ledger, seed, transfer
from bot.store.backup import Backup
from bot.store.memory import Memory
from bot.store.transfer import Print
from tests.conftest import KEY, NOON
from tests.oak import ACCOUNTS


def live(c: Connection) -> dict[str, str]:
    """The sample circle, and a ledger that is chained as far as it goes; ids by name."""
    ids = seed.seed_sample(c, NOON, ACCOUNTS)
    ledger.write(c, Log("told"), NOON)
    ledger.seal_new(c)
    return ids


@dataclass(frozen=True)
class Place:
    """A Kith's own folder, its database's address, and the folder of its backups."""

    url: str
    data: Path
    backups: Path

    async def opened(self) -> Memory:
        return await Memory.open(self.url, key=KEY, data=self.data, clock=HandClock(NOON))

    def back_up(self, minutes: int = 0, key: bytes = KEY) -> Backup:
        """A backup made so long after noon."""
        return backup.back_up(
            self.url,
            key=key,
            data=self.data,
            data_to=self.backups / "data",
            keys_to=self.backups / "keys",
            now=after(minutes),
        )

    async def prints(self) -> dict[str, Print]:
        memory = await self.opened()
        try:
            return await memory.read(transfer.prints, transfer.TABLES)
        finally:
            await memory.close()

    async def names(self) -> list[str]:
        memory = await self.opened()
        try:
            return sorted((await memory.read(transfer.names)).values())
        finally:
            await memory.close()


def after(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)
