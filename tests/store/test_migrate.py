"""The schema goes up, down and up again, on both databases and with data in it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import JSON, Boolean, Column, LargeBinary, String, create_engine, inspect, select

from bot.clock import HandClock
from bot.store import engine, migrate, schema
from bot.store.engine import Refused
from bot.store.memory import Memory
from bot.store.schema import Moment, metadata
from tests import postgres
from tests.conftest import KEY, NOON
from tests.store.tamper import tamper

SOMEBODY = "somebodysomebody"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that nobody has migrated."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/kith.db"
    else:
        running: postgres.Cluster = request.getfixturevalue("cluster")
        yield running.create("kith_empty")
        running.drop("kith_empty")


def fill(url: str) -> None:
    """One row in every table, each referring to the others'."""
    writing = engine.writing(engine.address(url))
    with writing.begin() as c:
        for table in metadata.sorted_tables:
            c.execute(table.insert().values({column: some(column) for column in table.columns}))
    writing.dispose()


def some(column: Column[Any]) -> object:
    match column.type:
        case Moment():
            return NOON
        case String():
            return SOMEBODY[: column.type.length]
        case LargeBinary():
            return b"sealed"
        case JSON():
            return {"due": 1}
        case Boolean():
            return True
        case _:
            return 1


def rows(url: str) -> dict[str, int]:
    looking = engine.looking(engine.address(url))
    with looking.connect() as c:
        counts = {
            table.name: len(c.execute(select(table)).all()) for table in metadata.sorted_tables
        }
    looking.dispose()
    return counts


def tables(url: str) -> set[str]:
    looking = engine.looking(engine.address(url))
    with looking.connect() as c:
        names = set(inspect(c).get_table_names())
    looking.dispose()
    return names - {"alembic_version"}


def test_up_down_and_up_with_data_in_it(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    assert migrate.refusal(empty_url) is None
    fill(empty_url)
    migrate.upgrade(empty_url)  # once more does nothing
    assert set(rows(empty_url).values()) == {1}

    migrate.downgrade(empty_url)
    assert tables(empty_url) == set()
    assert migrate.refusal(empty_url) == "The database is empty. Run: kith migrate"

    migrate.upgrade(empty_url)
    assert set(rows(empty_url).values()) == {0}
    fill(empty_url)


def test_a_review_that_an_alert_has_asked_for_waits_in_the_morning_from_now_on(
    empty_url: str,
) -> None:
    migrate.upgrade(empty_url, "0005")
    at = 1_772_000_000_000_000
    plan = "planplanplanplan"
    tamper(
        empty_url,
        "INSERT INTO member (id, name, locale, joined_at, shared_phone) "
        f"VALUES ('{SOMEBODY}', '', 'en_GB', {at}, false)",
        "INSERT INTO sign_plan (id, person, version, state, terms, words, drafted_by, drafted_at, "
        f"review_at, revision) VALUES ('{plan}', '{SOMEBODY}', 1, 'active', '{{}}', '', "
        f"'{SOMEBODY}', {at}, {at}, 0)",
        *(
            "INSERT INTO deadline (kind, key, due_at, attempts) "
            f"VALUES ('{kind}', '{plan}', {at}, 0)"
            for kind in ("sign_review", "sign_review_alert", "glass_review", "rota")
        ),
    )
    migrate.upgrade(empty_url)
    looking = engine.looking(engine.address(empty_url))
    with looking.connect() as c:
        (waits,) = c.execute(select(schema.review)).all()
        kinds = list(c.execute(select(schema.deadline.c.kind)).scalars())
    looking.dispose()
    assert (waits.kind, waits.of, waits.came) == ("sign_plan", plan, "asked")
    assert waits.next_at == waits.due_at and waits.person == SOMEBODY
    assert kinds == ["rota"]


async def test_two_that_migrate_at_once_make_one_schema(cluster: postgres.Cluster) -> None:
    url = cluster.create("kith_twice")
    await asyncio.gather(*(asyncio.to_thread(migrate.upgrade, url) for _ in range(2)))
    assert migrate.refusal(url) is None
    cluster.drop("kith_twice")


def test_the_migrations_make_exactly_the_schema(engine_url: str) -> None:
    looking = engine.looking(engine.address(engine_url))
    with looking.connect() as c:
        # Differences here: the schema was changed without a migration.
        assert compare_metadata(MigrationContext.configure(c), metadata) == []
    looking.dispose()


def test_a_database_of_a_newer_kith_is_refused(engine_url: str) -> None:
    tamper(engine_url, "UPDATE alembic_version SET version_num = '9999'")
    refusal = migrate.refusal(engine_url)
    assert refusal == "The database is newer than this Kith (9999). Install the newer Kith."


def test_an_empty_database_is_refused(empty_url: str) -> None:
    if empty_url.startswith("sqlite"):
        assert migrate.refusal(empty_url) == "There is no database yet. Run: kith migrate"
        create_engine(empty_url).connect().close()
    assert migrate.refusal(empty_url) == "The database is empty. Run: kith migrate"


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    silent = f"postgresql://postgres@/kith?host={tmp_path}"
    refusal = migrate.refusal(silent)
    assert refusal is not None
    assert "does not answer" in refusal
    with pytest.raises(Refused, match="does not answer"):
        migrate.upgrade(silent)


async def test_what_was_migrated_can_be_used(
    empty_url: str, tmp_path: Path, clock: HandClock
) -> None:
    migrate.upgrade(empty_url)
    memory = await Memory.open(empty_url, key=KEY, data=tmp_path, clock=clock)
    assert await memory.now() == NOON
    await memory.close()


def test_the_migrations_travel_with_the_package() -> None:
    assert migrate.newest() == "0014"
    assert (Path(migrate.__file__).parent / "migrations" / "env.py").is_file()
