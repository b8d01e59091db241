"""The ledger is written once: changes are refused, and what gets past that is found."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import DBAPIError

from bot.care.outcome import Log
from bot.store import ledger
from bot.store.memory import Memory
from bot.store.schema import ledger as ledger_table
from bot.store.tools import Tools, seal
from tests.conftest import NOON
from tests.store.tamper import tamper

SAM, JO = "samsamsamsamsams", "jojojojojojojojo"


def write(c: Connection, number: int) -> None:
    log = Log("told", person=SAM, actor=JO, facts={"rung": number, "due": NOON})
    ledger.write(c, log, NOON + timedelta(seconds=number))


@pytest.fixture
def sealed(engine: Engine) -> Engine:
    """Five lines, chained; the words of the third are Sam's."""
    with engine.begin() as c:
        for number in range(1, 6):
            write(c, number)
        words = seal(c, SAM, "We have not heard from you yet")
    # No statement of the ledger writes words yet; told messages will.
    tamper(url_of(engine), f"UPDATE ledger SET words = {blob(engine, words)} WHERE number = 3")
    with engine.begin() as c:
        assert ledger.seal_new(c) == 5
    return engine


def url_of(engine: Engine) -> str:
    url = engine.url.set(drivername=engine.dialect.name)
    return url.render_as_string(hide_password=False)


def blob(engine: Engine, value: bytes) -> str:
    hexed = value.hex()
    return f"X'{hexed}'" if engine.dialect.name == "sqlite" else f"'\\x{hexed}'::bytea"


def faults(engine: Engine) -> list[str]:
    with engine.connect() as c:
        return [finding.sentence for finding in ledger.verify(c) if not finding.ok]


def test_a_line_says_what_was_logged(engine: Engine) -> None:
    with engine.begin() as c:
        ledger.write(c, Log("withheld", person=SAM, facts={"reason": "no_row", "at": NOON}), NOON)
        (line,) = ledger.lines(c)
    assert (line.kind, line.person, line.actor, line.at) == ("withheld", SAM, None, NOON)
    assert line.facts == {"reason": "no_row", "at": NOON}


def test_lines_are_read_in_the_order_they_came(engine: Engine) -> None:
    with engine.begin() as c:
        for number in range(10):  # one instant, and ids that know no order
            ledger.write(c, Log("told", person=[SAM, JO][number % 2], facts={"n": number}), NOON)
        every = ledger.lines(c)
        assert [line.facts["n"] for line in every] == list(range(10))
        assert [line.facts["n"] for line in ledger.lines(c, person=JO)] == [1, 3, 5, 7, 9]
        assert ledger.lines(c, after=every[6].number) == every[7:]
        assert ledger.lines(c, after=every[-1].number) == []


@pytest.mark.parametrize("table", ["ledger", "ledger_seal"])
@pytest.mark.parametrize("change", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_no_statement_changes_what_was_written(sealed: Engine, table: str, change: str) -> None:
    column = {"ledger": "kind", "ledger_seal": "hash"}[table]
    with sealed.connect() as c, pytest.raises(DBAPIError, match="append-only"):
        c.execute(text(change.format(table, column)))
    assert faults(sealed) == []


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO ledger SELECT * FROM ledger WHERE number = 2",
        "REPLACE INTO ledger_seal SELECT * FROM ledger_seal WHERE position = 2",
        "INSERT OR REPLACE INTO ledger (id, at, kind, facts) "
        "SELECT id, at, 'other', facts FROM ledger WHERE number = 2",
    ],
)
def test_replacing_a_line_is_no_way_round(sealed: Engine, statement: str) -> None:
    with sealed.connect() as c, pytest.raises(DBAPIError, match="append-only"):
        c.execute(text(statement))
    assert faults(sealed) == []


@pytest.mark.parametrize("engine_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("statement", ["TRUNCATE ledger CASCADE", "TRUNCATE ledger_seal"])
def test_truncating_is_no_way_round(sealed: Engine, statement: str) -> None:
    with sealed.connect() as c, pytest.raises(DBAPIError, match="append-only"):
        c.execute(text(statement))
    assert faults(sealed) == []


def test_the_chain_grows_by_what_is_new_and_holds(sealed: Engine) -> None:
    with sealed.begin() as c:
        assert ledger.seal_new(c) == 0
        write(c, 6)
        write(c, 7)
        position, before = ledger.head(c)
        assert position == 5
        assert ledger.verify(c)[0].ok  # lines that wait for the sealer are no fault
        assert ledger.seal_new(c) == 2
        assert ledger.head(c)[0] == 7
        assert ledger.head(c)[1] != before
    assert faults(sealed) == []


def test_an_empty_ledger_holds(engine: Engine) -> None:
    with engine.begin() as c:
        assert ledger.seal_new(c) == 0
        assert ledger.head(c) == (0, ledger.BEGINNING)
        assert [finding.ok for finding in ledger.verify(c)] == [True]


CHANGES = {
    "at": "at = at + 1",
    "kind": "kind = 'withheld'",
    "person": "person = 'someoneelse'",
    "person forgotten": "person = NULL",
    "actor": "actor = NULL",
    "facts": """facts = '{"rung": 9}'""",
    "words": "words = NULL",
    "id": "id = 'anotheranotheran'",
    "number": "number = 99",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_any_change_of_a_line_is_found_and_named(sealed: Engine, change: str) -> None:
    with sealed.connect() as c:
        line = c.execute(select(ledger_table.c.id).where(ledger_table.c.number == 3)).scalar_one()
    tamper(url_of(sealed), f"UPDATE ledger SET {change} WHERE number = 3")
    found = faults(sealed)
    assert len(found) >= 1
    assert f"Line {line} of the ledger, link 3" in found[0]


@pytest.mark.parametrize("number", range(1, 6))
def test_a_lost_line_is_found(sealed: Engine, number: int) -> None:
    tamper(url_of(sealed), f"DELETE FROM ledger WHERE number = {number}")
    (found,) = faults(sealed)
    assert f"link {number}, is missing" in found


@pytest.mark.parametrize("position", range(1, 5))
def test_a_line_lost_with_its_link_is_found(sealed: Engine, position: int) -> None:
    tamper(
        url_of(sealed),
        f"DELETE FROM ledger_seal WHERE position = {position}",
        f"DELETE FROM ledger WHERE number = {position}",
    )
    gap = f"The ledger's chain goes on at {position + 1} where {position} should be."
    assert faults(sealed)[0] == gap


def test_two_lines_that_changed_places_are_found(sealed: Engine) -> None:
    swap = "UPDATE ledger_seal SET line = (SELECT id FROM ledger WHERE number = {1}) {0}"
    tamper(
        url_of(sealed),
        "UPDATE ledger_seal SET line = 'aside' WHERE position = 2",
        swap.format("WHERE position = 4", 2),
        swap.format("WHERE position = 2", 4),
    )
    assert len(faults(sealed)) == 2


def test_a_line_whose_hash_was_made_to_fit_is_found_at_the_next(sealed: Engine) -> None:
    tamper(url_of(sealed), f"UPDATE ledger_seal SET hash = '{'a' * 64}' WHERE position = 2")
    found = faults(sealed)
    assert len(found) == 2
    assert "link 2" in found[0]
    assert "link 3" in found[1]


def test_many_faults_are_counted_and_a_few_are_told(engine: Engine) -> None:
    with engine.begin() as c:
        for number in range(1, ledger.SHOWN + 6):
            write(c, number)
        ledger.seal_new(c)
    tamper(url_of(engine), "UPDATE ledger SET kind = 'withheld'")
    found = faults(engine)
    assert len(found) == ledger.SHOWN + 1
    assert found[-1] == "The ledger has 5 more faults."


def test_a_line_slipped_in_among_the_old_is_found(sealed: Engine) -> None:
    number = 5 - ledger.WINDOW
    tamper(
        url_of(sealed),
        "INSERT INTO ledger (number, id, at, kind, facts) "
        f"VALUES ({number}, 'slippedslippedin', 0, 'told', '{{}}')",
    )
    with sealed.begin() as c:
        assert ledger.seal_new(c) == 0
    assert faults(sealed) == ["Line slippedslippedin of the ledger stands outside the chain."]


def test_the_chain_holds_after_a_key_is_erased(sealed: Engine) -> None:
    with sealed.begin() as c:
        tools: Tools = c.get_execution_options()["kith"]
        tools.vault.erase(c, SAM)
    assert faults(sealed) == []


async def test_two_sealers_at_once_make_one_chain(memory: Memory) -> None:
    def write_some(c: Connection) -> None:
        for number in range(20):
            write(c, number)

    await memory.write(write_some)
    counts = await asyncio.gather(*(memory.write(ledger.seal_new) for _ in range(4)))
    assert sorted(counts) == [0, 0, 0, 20]
    assert [finding.ok for finding in await memory.read(ledger.verify)] == [True]


async def test_sealing_and_writing_at_once_lose_no_line(memory: Memory) -> None:
    steps = [memory.write(write, number) for number in range(1, 31)]
    steps[10:10] = [memory.write(seal_some) for _ in range(5)]
    await asyncio.gather(*steps)
    await memory.write(ledger.seal_new)
    position, _ = await memory.read(ledger.head)
    assert position == 30
    assert [finding.ok for finding in await memory.read(ledger.verify)] == [True]


def seal_some(c: Connection) -> None:
    ledger.seal_new(c)


printable = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))


@settings(
    max_examples=25,
    deadline=None,
    # Each example adds to the same chain, as life does.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(facts=st.dictionaries(printable, printable | st.integers(-(2**53), 2**53), max_size=4))
def test_whatever_is_logged_the_chain_holds(engine: Engine, facts: dict[str, str | int]) -> None:
    with engine.begin() as c:
        ledger.write(c, Log("told", facts=facts), NOON)
        ledger.seal_new(c)
        assert ledger.lines(c)[-1].facts == facts
        assert [finding.ok for finding in ledger.verify(c)] == [True]
