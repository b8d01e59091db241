"""What the tests stand on: a shared database is as new for each of them."""

import psycopg

from tests import postgres


def test_what_another_test_changed_is_gone(shared: postgres.Shared) -> None:
    for damage in (
        "INSERT INTO leader VALUES ('kith', 'gone', 0)",
        "ALTER TABLE leader RENAME TO lost",
        "ALTER TABLE leader DROP COLUMN until",
        "DROP TABLE leader",
    ):
        with psycopg.connect(shared.anew()) as c:
            assert c.execute("SELECT name, owner, until FROM leader").fetchall() == []
            c.execute(damage.encode())
    with psycopg.connect(shared.anew()) as c:
        assert c.execute("SELECT name, owner, until FROM leader").fetchall() == []
