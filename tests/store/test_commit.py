"""One commit keeps all that follows from an event, or nothing of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, select, update

from bot.care.outcome import (
    NOBODY,
    About,
    Cause,
    Lane,
    Log,
    Message,
    Outcome,
    Tell,
    Topic,
    Value,
    Wake,
)
from bot.care.text import Text
from bot.store import ledger
from bot.store.commit import KEEP, Taken, close, commit
from bot.store.schema import deadline, heartbeat, inbox, member, outbox
from bot.store.tools import SERVICE, seal, unpack
from tests.conftest import NOON

JO = "jojojojojojojojo"
LATER = NOON + timedelta(minutes=10)
MISSED = Text("journey", "missed")


@dataclass(frozen=True)
class Beat:
    """A record of these tests' own."""

    name: str


def keep_beat(c: Connection, beat: Beat) -> None:
    c.execute(insert(heartbeat).values(name=beat.name, at=NOON))


@pytest.fixture
def c(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    monkeypatch.setitem(KEEP, Beat, keep_beat)
    with engine.connect() as connection:
        connection.execute(
            insert(member).values(id=JO, name=seal(connection, JO, "Jo"), joined_at=NOON)
        )
        connection.commit()
        yield connection


def arrive(c: Connection, number: int, state: str = "open") -> None:
    body = seal(c, SERVICE, "{}")
    row = {"update": number, "state": state, "body": body, "received_at": NOON, "attempts": 0}
    c.execute(insert(inbox).values(**row))


def tell(key: str | None = None, **params: Value) -> Tell:
    return Tell(JO, Message(MISSED, params), Lane.SAFETY, key=key)


def deadlines(c: Connection) -> list[tuple[Any, ...]]:
    rows = c.execute(select(deadline).order_by(deadline.c.key)).all()
    return [(row.kind, row.key, row.due_at) for row in rows]


def everything() -> Outcome:
    return Outcome(
        records=(Beat("kept"),),
        tells=(tell(due=NOON, rung=1),),
        wakes=(Wake("journey", "j1", LATER),),
        logs=(Log("missed", person="sam", facts={"due": NOON}),),
    )


def test_an_outcome_is_kept_whole(c: Connection) -> None:
    arrive(c, 7)
    commit(c, everything(), Cause(update=7), NOON)
    c.commit()
    assert c.execute(select(heartbeat.c.name)).scalars().all() == ["kept"]
    assert deadlines(c) == [("journey", "j1", LATER)]
    assert [(line.kind, line.facts) for line in ledger.lines(c)] == [("missed", {"due": NOON})]
    row = c.execute(select(outbox)).one()
    assert (row.member, row.text, row.lane, row.state) == (JO, "journey.missed", 0, "waiting")
    assert unpack(row.params) == {"due": NOON, "rung": 1}
    assert (row.about, row.not_before, row.maybe_sent) == (None, NOON, False)
    done = c.execute(select(inbox)).one()
    assert (done.state, done.body) == ("done", None)


def test_nothing_of_it_stands_when_the_transaction_fails(c: Connection) -> None:
    arrive(c, 7)
    c.commit()
    commit(c, everything(), Cause(update=7), NOON)
    c.rollback()
    for table in (heartbeat, deadline, outbox):
        assert c.execute(select(table)).all() == []
    assert ledger.lines(c) == []
    assert c.execute(select(inbox.c.state)).scalars().all() == ["open"]


def test_what_is_told_once_is_told_once(c: Connection) -> None:
    again = Outcome(tells=(tell("alert:1"), tell("alert:1"), tell("alert:2"), tell(), tell()))
    commit(c, again, NOBODY, NOON)
    commit(c, again, NOBODY, LATER)
    keys = c.execute(select(outbox.c.key).order_by(outbox.c.number)).scalars().all()
    assert keys == ["alert:1", "alert:2", None, None, None, None]


def test_messages_of_one_instant_keep_their_order(c: Connection) -> None:
    commit(c, Outcome(tells=tuple(tell(rung=rung) for rung in range(30))), NOBODY, NOON)
    rows = c.execute(select(outbox).order_by(outbox.c.not_before, outbox.c.number))
    assert [row.params["rung"] for row in rows] == list(range(30))


def test_a_message_says_whom_it_is_about(c: Connection) -> None:
    about = About("sam", Topic.JOURNEYS, 2)
    said = Tell(JO, Message(MISSED), Lane.NEWS, about=about)
    commit(c, Outcome(tells=(said,)), NOBODY, NOON)
    kept = c.execute(select(outbox.c.about)).scalar_one()
    assert kept == {"person": "sam", "topic": "journeys", "level": 2}


def test_the_deadline_that_caused_it_is_gone_and_may_be_set_anew(c: Connection) -> None:
    commit(c, Outcome(wakes=(Wake("journey", "j1", NOON), Wake("rota", "t", NOON))), NOBODY, NOON)
    commit(c, Outcome(), Cause(deadline=("journey", "j1")), NOON)
    assert deadlines(c) == [("rota", "t", NOON)]
    again = Outcome(wakes=(Wake("rota", "t", LATER),))
    commit(c, again, Cause(deadline=("rota", "t")), NOON)
    assert deadlines(c) == [("rota", "t", LATER)]


def test_a_deadline_set_anew_forgets_that_it_failed(c: Connection) -> None:
    set_it = Outcome(wakes=(Wake("journey", "j1", NOON),))
    commit(c, set_it, NOBODY, NOON)
    fresh = c.execute(select(deadline)).one()
    c.execute(update(deadline).values(attempts=3, parked_at=NOON, not_before=LATER, error="poison"))
    commit(c, set_it, NOBODY, NOON)
    assert c.execute(select(deadline)).one() == fresh


def test_a_deadline_is_called_off_and_the_last_word_stands(c: Connection) -> None:
    first, off = Wake("journey", "j1", NOON), Wake("journey", "j1", None)
    commit(c, Outcome(wakes=(first, off)), NOBODY, NOON)
    assert deadlines(c) == []
    commit(c, Outcome(wakes=(off, first)), NOBODY, NOON)
    assert deadlines(c) == [("journey", "j1", NOON)]


def test_what_is_not_there_closes_without_a_word(c: Connection) -> None:
    close(c, Cause(update=8))
    close(c, Cause(deadline=("journey", "unknown")))
    assert c.execute(select(inbox)).all() == []


def test_an_update_may_be_closed_twice_by_the_same_process(c: Connection) -> None:
    arrive(c, 7)
    close(c, Cause(update=7))
    commit(c, Outcome(), Cause(update=7), NOON)
    assert c.execute(select(inbox.c.state)).scalar_one() == "done"


@pytest.mark.parametrize("state", ["parked", "done"])
def test_nothing_follows_from_an_update_that_another_replica_has_ended(
    c: Connection, state: str
) -> None:
    arrive(c, 7, state=state)
    before = c.execute(select(inbox)).one()
    with pytest.raises(Taken):
        commit(c, Outcome(wakes=(Wake("journey", "j1", NOON),)), Cause(update=7), NOON)
    assert deadlines(c) == []
    assert c.execute(select(inbox)).one() == before


def test_a_record_that_nobody_keeps_is_not_lost_in_silence(c: Connection) -> None:
    with pytest.raises(KeyError):
        commit(c, Outcome(records=(object(),)), NOBODY, NOON)
