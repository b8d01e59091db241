"""The database's own trouble: it is away, full, locked or taken over. Nobody's poison."""

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

_READ_ONLY = "25006"
"""PostgreSQL after it was taken over: we still speak to the one that only reads now."""


def is_trouble(error: BaseException) -> bool:
    """Whether the same work may well succeed once the database is itself again."""
    if isinstance(error, sqlite3.OperationalError):  # the writer's own words to the driver
        return True
    if not isinstance(error, DBAPIError):
        return isinstance(error, NoConnection)
    if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
        return False  # SQLite's word for a mistake in the statement
    return (
        isinstance(error, OperationalError | InterfaceError)
        or error.connection_invalidated
        or getattr(error.orig, "sqlstate", None) == _READ_ONLY
    )
