"""Kith's own patience: how long something that went wrong waits, and how long it is taken for."""

from datetime import timedelta

from sqlalchemy import BigInteger, Connection, type_coerce, update

from bot.store.schema import deadline, fallback, inbox, outbox


def set_back(c: Connection, by: timedelta) -> None:
    """The clock was set back: what waits for its next try waits no longer for that.

    What is due stays due when it is: that time is people's.
    """
    for column in (
        outbox.c.not_before,
        outbox.c.lease_until,
        fallback.c.not_before,
        fallback.c.lease_until,
        inbox.c.not_before,
        deadline.c.not_before,
    ):
        waits = update(column.table).where(column.is_not(None))
        if "state" in column.table.c:
            waits = waits.where(column.table.c.state.in_(("open", "waiting", "sending")))
        earlier = type_coerce(column, BigInteger) - by // timedelta(microseconds=1)
        c.execute(waits.values({column: earlier}))
