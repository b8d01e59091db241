"""Moments that are due, on both databases."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from bot.care.outcome import NOBODY, Outcome, Wake
from bot.store import deadlines, ledger
from bot.store.commit import commit
from bot.store.deadlines import Due
from tests.conftest import NOON

SECOND = timedelta(seconds=1)
SAM, JO = Due("journey", "sam", NOON), Due("escalation", "jo", NOON + SECOND)


def test_what_is_due_comes_soonest_first_and_nothing_else_comes(engine: Engine) -> None:
    with engine.begin() as c:
        _wake(c, JO.kind, JO.key, JO.due_at)
        _wake(c, SAM.kind, SAM.key, SAM.due_at)
        assert deadlines.due(c, NOON - SECOND, 9) == []
        assert deadlines.next_due(c) == NOON
        assert deadlines.due(c, NOON, 9) == [SAM]
        assert deadlines.due(c, NOON + SECOND, 9) == [SAM, JO]
        assert deadlines.due(c, NOON + SECOND, 1) == [SAM]


def test_what_tells_many_comes_one_by_one_and_only_when_nothing_else_is_due(engine: Engine) -> None:
    early, also = (Due("reviews", team, NOON - SECOND) for team in ("elm", "oak"))
    with engine.begin() as c:
        for one in (also, early, SAM, JO):
            _wake(c, one.kind, one.key, one.due_at)
        patient = {"reviews", "dates"}
        assert deadlines.due(c, NOON + SECOND, 9, patient) == [SAM, JO], "though they are later"
        assert deadlines.due(c, NOON + SECOND, 9) == [early, also, SAM, JO]
        for one in (SAM, JO):
            deadlines.take(c, one)
        assert deadlines.due(c, NOON + SECOND, 9, patient) == [early]
        assert deadlines.due(c, NOON - 2 * SECOND, 9, patient) == []


def test_a_deadline_is_taken_once(engine: Engine) -> None:
    with engine.begin() as c:
        _wake(c, SAM.kind, SAM.key, SAM.due_at)
        assert deadlines.take(c, SAM)
        assert not deadlines.take(c, SAM)
        assert deadlines.next_due(c) is None


def test_one_that_was_moved_meanwhile_is_not_taken(engine: Engine) -> None:
    with engine.begin() as c:
        _wake(c, SAM.kind, SAM.key, SAM.due_at)
        _wake(c, SAM.kind, SAM.key, NOON + 60 * SECOND)
        assert not deadlines.take(c, SAM)
        assert deadlines.next_due(c) == NOON + 60 * SECOND


def test_a_failing_one_is_tried_three_times_keeps_its_time_and_is_set_aside_for_a_while(
    engine: Engine,
) -> None:
    with engine.begin() as c:
        _wake(c, SAM.kind, SAM.key, SAM.due_at)
        assert not deadlines.poison(c, SAM, "KeyError", NOON)
        assert deadlines.due(c, NOON, 9) == []
        assert deadlines.next_due(c) == NOON + SECOND
        assert deadlines.due(c, NOON + SECOND, 9) == [SAM]
        assert not deadlines.poison(c, SAM, "KeyError", NOON + SECOND)
        assert deadlines.next_due(c) == NOON + 6 * SECOND
        assert deadlines.poison(c, SAM, "KeyError", NOON + 6 * SECOND)
        again = NOON + 6 * SECOND + deadlines.REST
        assert deadlines.next_due(c) == again
        assert deadlines.due(c, again - SECOND, 9) == []
        assert deadlines.due(c, again, 9) == [SAM]
        assert deadlines.poison(c, SAM, "KeyError", again)
        assert deadlines.next_due(c) == again + deadlines.REST
        assert [line.kind for line in ledger.lines(c)] == ["deadline_parked"] * 2
        assert deadlines.take(c, SAM)


def test_one_that_was_set_aside_is_due_at_once_after_a_restart_or_when_it_is_moved(
    engine: Engine,
) -> None:
    with engine.begin() as c:
        for due in (SAM, JO):
            _wake(c, due.kind, due.key, due.due_at)
            while not deadlines.poison(c, due, "KeyError", NOON):
                pass
        assert deadlines.due(c, NOON + SECOND, 9) == []
        _wake(c, JO.kind, JO.key, JO.due_at)
        assert deadlines.due(c, NOON + SECOND, 9) == [JO]
        assert deadlines.unpark(c) == 1
        assert deadlines.due(c, NOON + SECOND, 9) == [SAM, JO]


def test_moving_one_that_failed_forgets_its_wait(engine: Engine) -> None:
    with engine.begin() as c:
        _wake(c, SAM.kind, SAM.key, SAM.due_at)
        deadlines.poison(c, SAM, "KeyError", NOON + 60 * SECOND)
        _wake(c, SAM.kind, SAM.key, NOON + SECOND)
        assert deadlines.next_due(c) == NOON + SECOND


def test_one_that_fails_takes_nothing_of_the_others_with_it(engine: Engine) -> None:
    def act(moment: Due) -> None:
        _wake(c, moment.kind, f"after {moment.key}", NOON + 60 * SECOND)
        if moment == SAM:
            raise KeyError("a bug")

    with engine.begin() as c:
        for due in (SAM, JO):
            _wake(c, due.kind, due.key, due.due_at)
        [(failed, error)] = deadlines.meet(c, [SAM, JO], act)
        assert failed == SAM and isinstance(error, KeyError)
        after = Due(JO.kind, "after jo", NOON + 60 * SECOND)
        assert deadlines.due(c, NOON + 60 * SECOND, 9) == [SAM, after]


def test_a_database_that_is_away_is_nobodys_poison_but_a_mistake_in_a_statement_is(
    engine: Engine,
) -> None:
    away = create_engine(engine.url.set(database="no/such/place"))

    def mistaken(_: Due) -> None:
        c.execute(text("SELECT * FROM no_such_table"))

    def cut_off(_: Due) -> None:
        away.connect()

    with engine.begin() as c:
        _wake(c, SAM.kind, SAM.key, SAM.due_at)
        assert [moment for moment, _ in deadlines.meet(c, [SAM], mistaken)] == [SAM]
        with pytest.raises(OperationalError):
            deadlines.meet(c, [SAM], cut_off)
        assert deadlines.due(c, NOON, 9) == [SAM]


def test_what_is_coming_is_told_soonest_first_without_what_was_set_aside(engine: Engine) -> None:
    with engine.begin() as c:
        for due in (JO, SAM, Due("rota", "oak", NOON), Due("journey", "kim", NOON)):
            _wake(c, due.kind, due.key, due.due_at)
        kinds = ("journey", "escalation")
        coming = [
            ("journey", "kim", NOON),
            ("journey", "sam", NOON),
            ("escalation", "jo", JO.due_at),
        ]
        assert deadlines.upcoming(c, kinds, 9) == coming
        assert deadlines.upcoming(c, kinds, 1) == coming[:1]
        while not deadlines.poison(c, SAM, "KeyError", NOON):
            pass
        assert deadlines.upcoming(c, kinds, 9) == [coming[0], coming[2]]


def _wake(c: Connection, kind: str, key: str, at: datetime) -> None:
    commit(c, Outcome(wakes=(Wake(kind, key, at),)), NOBODY, NOON)
