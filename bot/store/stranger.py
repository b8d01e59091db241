"""Strangers: all that is kept of one is when their chat was last answered."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete

from bot.store.schema import stranger
from bot.store.tools import insert

QUIET = timedelta(minutes=10)
"""A stranger is answered once in this time, however much they write."""


def may_answer(c: Connection, chat: int, now: datetime) -> bool:
    """Whether this stranger is answered now; if so, the next answer is ten minutes away."""
    c.execute(delete(stranger).where(stranger.c.answered_at <= now - QUIET))
    fresh = insert(c, stranger).values(chat=chat, answered_at=now)
    fresh = fresh.on_conflict_do_nothing(index_elements=["chat"])
    return c.execute(fresh.returning(stranger.c.chat)).first() is not None
