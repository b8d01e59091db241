"""Whom staff act about: those they support, those they are on call for, never themselves."""

from datetime import datetime

from sqlalchemy import update

from bot.care.circle import Role, Shift
from bot.handlers.staff import served, supported, worked_for
from bot.store import circle, schema
from bot.store.commit import KEEP
from tests.conftest import NOON
from tests.oak import LATER, Oak, also


def for_whom(oak: Oak, name: str, now: datetime = NOON) -> list[str]:
    held = circle.memberships(oak.c, oak.ids[name])
    return [person for _, person, _ in served(oak.c, oak.ids[name], held, now)]


def answers(oak: Oak, name: str, person: str, now: datetime = NOON) -> bool:
    held = [m for m in circle.memberships(oak.c, oak.ids[name]) if m.role is not Role.PERSON]
    return worked_for(oak.c, oak.ids[name], person, held, now) is not None


def test_nobody_is_among_the_people_they_support_themselves(oak: Oak) -> None:
    also(oak, "Sam", Role.MANAGER)
    held = circle.memberships(oak.c, oak.sam)
    assert supported(oak.c, oak.sam, held) == [] and for_whom(oak, "Sam") == []
    assert not answers(oak, "Sam", oak.sam)


def test_whoever_is_on_call_acts_for_the_people_of_that_team(oak: Oak) -> None:
    assert for_whom(oak, "Alex") == [] and not answers(oak, "Alex", oak.sam)
    KEEP[Shift](oak.c, Shift("shiftshiftshiftx", oak.team, oak.alex, NOON, LATER))
    assert for_whom(oak, "Alex") == ["Sam"] and answers(oak, "Alex", oak.sam)
    assert for_whom(oak, "Alex", LATER) == [] and not answers(oak, "Alex", oak.sam, LATER)


def test_whoever_is_asked_to_look_again_may_answer(oak: Oak) -> None:
    assert for_whom(oak, "Jo") == ["Sam"]
    oak.c.execute(update(schema.support).values(until=NOON))
    assert for_whom(oak, "Jo") == [] and answers(oak, "Jo", oak.sam)
    for nobody in (oak.amira, oak.jo, "x"):
        assert not answers(oak, "Jo", nobody)
