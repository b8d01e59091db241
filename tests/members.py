"""A member with nothing but a name and a Telegram account, for tests of the doors."""

from datetime import UTC, datetime

from sqlalchemy import Connection, insert

from bot.store.schema import member
from bot.store.tools import new_id, seal


def add_member(c: Connection, name: str, telegram: int | None = None) -> str:
    id = new_id(c)
    joined = datetime(2026, 1, 1, tzinfo=UTC)
    sealed = seal(c, id, name)
    c.execute(
        insert(member).values(
            id=id, telegram=telegram, name=sealed, locale="en_GB", joined_at=joined
        )
    )
    return id
