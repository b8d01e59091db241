"""Which of several replicas leads."""

from datetime import timedelta

from sqlalchemy import Engine

from bot.store import leader
from bot.store.leader import LEASE
from tests.conftest import NOON

A_MOMENT = timedelta(microseconds=1)


def leads(engine: Engine, owner: str, after: timedelta = timedelta()) -> bool:
    with engine.begin() as c:
        return leader.lead(c, owner, NOON + after)


def test_the_first_to_ask_leads_and_goes_on_leading(engine: Engine) -> None:
    assert leads(engine, "one")
    assert not leads(engine, "two")
    assert leads(engine, "one", LEASE - A_MOMENT)
    assert not leads(engine, "two", LEASE)


def test_whoever_is_silent_for_a_lease_leads_no_more(engine: Engine) -> None:
    assert leads(engine, "one")
    assert not leads(engine, "two", LEASE - A_MOMENT)
    assert leads(engine, "two", LEASE)
    assert not leads(engine, "one", LEASE)


def test_who_asks_with_an_old_time_takes_nothing_from_a_leader_that_lives(engine: Engine) -> None:
    assert leads(engine, "one")
    assert not leads(engine, "two", -LEASE / 2)
    with engine.begin() as c:
        assert leader.somebody_leads(c, NOON - LEASE / 2)


def test_a_clock_set_back_leaves_nobody_without_a_leader(engine: Engine) -> None:
    assert leads(engine, "one", timedelta(hours=1))
    assert leads(engine, "two")
    assert leads(engine, "two", LEASE)


def test_whoever_resigns_is_followed_at_once(engine: Engine) -> None:
    assert leads(engine, "one")
    with engine.begin() as c:
        leader.resign(c, "two")
        assert leader.somebody_leads(c, NOON)
        leader.resign(c, "one")
        assert not leader.somebody_leads(c, NOON)
    assert leads(engine, "two")
