"""What somebody with the database's own password or file could do: triggers do not stop them."""

import sqlite3
from contextlib import closing

import psycopg
from sqlalchemy import make_url

from bot.store import engine


def run(url: str, *statements: str) -> None:
    """Run statements behind the back of Kith, past the foreign keys."""
    if make_url(url).drivername == "sqlite":
        path = engine.sqlite_path(engine.address(url))
        with closing(sqlite3.connect(path)) as connection, connection:
            for statement in statements:
                connection.execute(statement)
    else:
        with psycopg.connect(url) as server:
            server.execute("SET session_replication_role = replica")
            for statement in statements:
                server.execute(statement.encode())


def tamper(url: str, *statements: str) -> None:
    """Run statements past the append-only triggers as well; they stand again afterwards."""
    if make_url(url).drivername != "sqlite":
        run(url, *statements)  # a replica's session fires none
        return
    with closing(sqlite3.connect(engine.sqlite_path(engine.address(url)))) as connection:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        triggers = connection.execute(query).fetchall()
    off = [f"DROP TRIGGER {name}" for name, _ in triggers]
    run(url, *off, *statements, *(sql for _, sql in triggers))
