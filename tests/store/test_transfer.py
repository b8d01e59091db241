"""Every row of one database arrives in the other, and what follows goes on counting."""

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    String,
    insert,
    select,
    update,
)

from bot.store import engine, migrate, transfer
from bot.store.schema import Moment, member, outbox
from bot.store.transfer import TABLES
from bot.store.vault import data_key, make_place
from tests import postgres
from tests.conftest import NOON

ROWS = 12
LETTERS = "abcé€😀'\"\\\n%:{}"


@contextmanager
def writing(url: str) -> Iterator[Connection]:
    opened = engine.writing(engine.address(url))
    try:
        with opened.begin() as c:
            yield c
    finally:
        opened.dispose()


@contextmanager
def key_file(folder: Path) -> Iterator[Connection]:
    opened = engine.key_file(folder)
    try:
        with opened.begin() as c:
            make_place(c)
            yield c
    finally:
        opened.dispose()


def any_value(column: Column[Any], row: int, dice: random.Random) -> object:
    """Anything this column can hold; rows refer to their like in the other tables."""
    if column.foreign_keys or column.name == "id":
        return f"{row:016}"
    if column.nullable and dice.random() < 0.4:
        return None
    match column.type:
        case Moment():
            return NOON + timedelta(microseconds=dice.randrange(10**15) * dice.choice([1, -1]))
        case String(length=length):
            text = "".join(dice.choices(LETTERS, k=dice.randrange(12)))
            return f"{row}{text}"[:length]
        case LargeBinary():
            return dice.randbytes(dice.randrange(40))
        case JSON():
            return {"text": "".join(dice.choices(LETTERS, k=5)), "list": [1, None, {"a": 0.5}]}
        case Boolean():
            return dice.random() < 0.5
        case BigInteger() | Integer() if column.primary_key or column.unique:
            return 2**40 + row if isinstance(column.type, BigInteger) else 100 + row
        case BigInteger():
            return dice.randrange(-(2**63), 2**63)
        case _:
            return dice.randrange(-(2**31), 2**31)


def fill(c: Connection, dice: random.Random) -> None:
    for table in TABLES:
        rows = [
            {column.name: any_value(column, row, dice) for column in table.columns}
            for row in range(ROWS)
        ]
        dice.shuffle(rows)
        for row in rows:
            c.execute(insert(table).values(row))


def all_rows(c: Connection) -> dict[str, list[str]]:
    return {table.name: sorted(map(repr, c.execute(select(table)))) for table in TABLES}


@pytest.mark.parametrize("seed", range(2))
def test_every_row_goes_there_and_back_unchanged(
    cluster: postgres.Cluster, tmp_path: Path, seed: int
) -> None:
    here, back = f"sqlite:///{tmp_path}/here.db", f"sqlite:///{tmp_path}/back.db"
    there = cluster.create(f"kith_there_{seed}", "kith_template")
    migrate.upgrade(here)
    migrate.upgrade(back)
    with ExitStack() as done:
        one, two, three = (done.enter_context(writing(url)) for url in (here, there, back))
        fill(one, random.Random(seed))
        transfer.copy_rows(one, two, TABLES)
        transfer.copy_rows(two, three, TABLES)
        assert all_rows(one) == all_rows(two) == all_rows(three)
        assert {print.rows for print in transfer.prints(one, TABLES).values()} == {ROWS}
        assert transfer.prints(one, TABLES) == transfer.prints(two, TABLES)
        assert transfer.prints(one, TABLES) == transfer.prints(three, TABLES)
        last = two.execute(select(outbox.c.number).order_by(outbox.c.number.desc())).scalars()
        newest = last.first()
        assert newest is not None
        again = {c.name: any_value(c, 0, random.Random(seed)) for c in outbox.columns}
        again |= {"id": "new", "key": "new"}
        del again["number"]
        fresh = two.execute(insert(outbox).values(again).returning(outbox.c.number))
        assert fresh.scalar_one() == newest + 1
    cluster.drop(f"kith_there_{seed}")


def test_one_changed_value_changes_the_print(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kith.db"
    migrate.upgrade(url)
    with writing(url) as c:
        fill(c, random.Random(1))
        before = transfer.prints(c, TABLES)
        c.execute(update(member).where(member.c.id == f"{3:016}").values(locale="fr"))
        after = transfer.prints(c, TABLES)
    assert [name for name in before if before[name] != after[name]] == ["member"]


@pytest.mark.parametrize("engine_url", ["postgresql"], indirect=True)
def test_only_a_database_without_a_row_or_a_stranger_is_empty(
    engine_url: str, cluster: postgres.Cluster
) -> None:
    with writing(engine_url) as c:
        assert transfer.is_empty(c)
        make_place(c)
        assert transfer.is_empty(c)
        c.exec_driver_sql("CREATE TABLE theirs (x int)")
        assert not transfer.is_empty(c)
        c.exec_driver_sql("DROP TABLE theirs")
        c.execute(insert(data_key).values(owner="service", id=b"1", wrapped=b"2"))
        assert not transfer.is_empty(c)
