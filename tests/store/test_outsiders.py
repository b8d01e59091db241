"""Whoever has no part in it: nothing of what Sam shares can be told, read, answered, changed or
stopped by another team, by somebody taken out, by the carer of another person, or by whoever acts
in the wrong one of two roles."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection, Engine, select

from bot.care.agreeing import Freely, Wish
from bot.care.agreement import Choice
from bot.care.circle import Member, Membership, Role, Support
from bot.care.news import PUSH
from bot.care.outcome import NOBODY, About, Outcome, Topic
from bot.store import (
    agreeing,
    agreement,
    around,
    ask_first,
    heard,
    leaving,
    reading,
    schema,
    seed,
    supporter,
    tell,
    told,
)
from bot.store.commit import commit
from bot.store.tools import new_id
from tests.conftest import NOON
from tests.oak import ACCOUNTS, LATER, Oak

CAKE = "Sam baked a cake."
TABLES = ("agreement", "sharing", "telling", "news", "heard", "outbox", "membership")


@dataclass(frozen=True)
class Two(Oak):
    """Beside Sam's circle that of Kim at Elm House: Alex supports her, and Bo is her carer. Jo, who
    is staff of Sam's, is Kim's carer; Amira, who is Sam's carer, is staff of Kim's."""

    places: dict[str, str]


@pytest.fixture
def two(engine: Engine) -> Iterator[Two]:
    with engine.begin() as c:
        ids = seed.seed_sample(c, NOON, ACCOUNTS)
        elm = c.execute(
            select(schema.membership.c.team).where(schema.membership.c.member == ids["Alex"])
        ).scalar_one()
        ids |= {"Kim": new_id(c), "Bo": new_id(c)}
        places = {name: new_id(c) for name in ("Kim", "Bo", "Jo", "Amira")}
        roles = {"Kim": Role.PERSON, "Bo": Role.CARER, "Jo": Role.CARER, "Amira": Role.STAFF}
        beside = {"Bo": ids["Kim"], "Jo": ids["Kim"]}
        records: list[object] = [
            Member(ids["Kim"], 30, "Kim", None, "en_GB", NOON),
            Member(ids["Bo"], 31, "Bo", None, "en_GB", NOON),
            Support(new_id(c), ids["Alex"], ids["Kim"], True, NOON),
        ]
        records += [
            Membership(places[name], ids[name], roles[name], elm, beside.get(name), NOON)
            for name in places
        ]
        commit(c, Outcome(records=tuple(records)), NOBODY, NOON)
        for name in ("Bo", "Jo"):
            _agrees(c, ids["Kim"], places[name])
        yield Two(c, ids, places)


def _agrees(c: Connection, person: str, place: str) -> None:
    drafted = agreeing.draft(c, place, (Wish(Topic.DAILY_LIFE, Choice.SHARE, 3),), person, NOON)
    assert drafted.said is not None
    id = str(drafted.said.params["agreement"])
    agreeing.answer(c, id, person, NOON, freely=Freely.YES)


def _rows(c: Connection) -> dict[str, list[str]]:
    """All that could have changed."""
    return {
        name: sorted(map(str, c.execute(select(schema.metadata.tables[name])))) for name in TABLES
    }


def _shared(two: Two) -> tuple[str, str, str]:
    """Told to Amira and read by her, and asked of Sam: both tellings, and Amira's agreement."""
    tell.send(two.c, two.sam, Topic.DAILY_LIFE, 2, CAKE, two.jo, NOON)
    tell.send(two.c, two.sam, Topic.APPOINTMENTS, 3, "The dentist.", two.jo, NOON)
    table = schema.telling
    mine = select(table.c.id).where(table.c.member == two.amira)
    waits = two.c.execute(mine.where(table.c.state == "waiting")).scalar_one()
    asks = two.c.execute(mine.where(table.c.state == "asking")).scalar_one()
    (active,) = agreement.active(two.c, _place(two, "Amira"), NOON)
    return waits, asks, active.id


def _place(two: Two, name: str) -> str:
    """The place in Sam's circle."""
    places = {place.member: place.id for place in around.circle_of(two.c, two.sam)}
    return places[two.ids[name]]


@pytest.mark.parametrize("name", ["Alex", "Bo", "Kim", "Leo", "Ruth", "Amira", "nobody"])
def test_nobody_but_those_it_concerns_does_anything_with_it(two: Two, name: str) -> None:
    by = two.ids.get(name, "x" * 16)
    waits, asks, agreed = _shared(two)
    if name == "Leo":
        leaving.end_membership(two.c, _place(two, "Leo"), two.sam, NOON)
    place, ruth = _place(two, "Amira"), _place(two, "Ruth")
    before = _rows(two.c)

    for act in (ask_first.yes, ask_first.no, ask_first.change):
        act(two.c, asks, 2, by, LATER)
        act(two.c, waits, 1, by, LATER)
    tell.send(two.c, two.sam, Topic.DAILY_LIFE, 1, "A lie.", by, LATER)
    wishes = (Wish(Topic.FINANCES, Choice.SHARE, 3),)
    for at in (place, ruth):
        agreeing.draft(two.c, at, wishes, by, LATER)
        agreeing.stop(two.c, at, by, LATER)
        supporter.pause(two.c, at, by, LATER)
    agreeing.change(two.c, agreed, wishes, by, LATER)
    agreeing.agree(two.c, agreed, by, LATER)
    agreeing.answer(two.c, agreed, by, LATER, freely=Freely.YES)
    if name != "Amira":
        reading.hide(two.c, waits, 5, by, LATER)
        leaving.end_membership(two.c, place, by, LATER)
        assert told.read_by(two.c, by) == []
    if name not in ("Amira", "Ruth"):
        heard.reply(two.c, two.sam, "I know you.", by, LATER)
    if name not in ("Kim",):
        agreeing.stop_all(two.c, by, LATER)

    assert _rows(two.c) == before
    assert told.page(two.c, by).entries == ()


def test_each_role_hears_what_is_for_it_and_nothing_of_the_other(two: Two) -> None:
    """Jo reads as Kim's carer and tells as Sam's staff; Amira the other way round."""
    tell.send(two.c, two.sam, Topic.DAILY_LIFE, 2, CAKE, two.jo, NOON)
    tell.send(two.c, two.kim, Topic.DAILY_LIFE, 2, "Kim went swimming.", two.alex, NOON)
    pushed = select(schema.outbox.c.member).where(schema.outbox.c.text == str(PUSH))
    assert set(two.c.execute(pushed).scalars()) == {two.amira, two.leo, two.bo, two.jo}

    asked = {
        ("Jo", "Sam", None): True,  # as staff of Sam's team
        ("Jo", "Kim", "Jo"): True,  # as Kim's carer
        ("Jo", "Sam", "Jo"): False,  # Kim's carer, about Sam
        ("Amira", "Kim", None): True,  # as staff of Kim's team
        ("Amira", "Sam", None): False,  # what is for staff, about whom she is a carer
        ("Amira", "Kim", "Amira"): False,  # a place of staff is no place in a circle
        ("Bo", "Sam", "Bo"): False,
        ("Bo", "Kim", "Jo"): False,  # another's place
        ("Alex", "Sam", None): False,
    }
    for (name, person, place), may in asked.items():
        acting = None if place is None else two.places[place]
        about = About(two.ids[person], Topic.DAILY_LIFE, 1, acting)
        decided = agreement.ask(two.c, two.ids[name], about, LATER)
        assert (decided.effect == "share") is may, (name, person, place, decided)

    before = _rows(two.c)
    tell.send(two.c, two.kim, Topic.DAILY_LIFE, 1, "A lie.", two.jo, LATER)  # only a carer there
    tell.send(two.c, two.sam, Topic.DAILY_LIFE, 1, "A lie.", two.amira, LATER)
    heard.reply(two.c, two.sam, "As what?", two.jo, LATER)  # staff tell, and do not reply
    assert _rows(two.c) == before


def test_what_is_read_in_one_role_is_never_what_waits_for_the_other(two: Two) -> None:
    tell.send(two.c, two.sam, Topic.DAILY_LIFE, 2, CAKE, two.jo, NOON)
    tell.send(two.c, two.kim, Topic.DAILY_LIFE, 2, "Kim went swimming.", two.alex, NOON)
    leaving.end_membership(two.c, two.places["Jo"], two.kim, LATER)  # Kim takes Jo out
    assert reading.look(two.c, two.jo, LATER) == Outcome()
    leaving.end_membership(two.c, _place(two, "Amira"), two.sam, LATER)  # staff of Kim's still
    assert reading.look(two.c, two.amira, LATER) == Outcome()
