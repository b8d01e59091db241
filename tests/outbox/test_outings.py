"""How outings have gone, asked of the gate at the very last moment; and the picture of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, delete, insert, select

from bot.care.agreement import Basis
from bot.care.journey import Journey, State
from bot.care.outcome import Topic
from bot.care.outings import READING, Chart
from bot.i18n import Words
from bot.outbox import gate
from bot.outbox.sender import Presented, Withheld
from bot.store import guarding, ledger, outbox, outings, plan, schema, seed
from bot.store.commit import KEEP
from bot.store.tools import new_id
from tests.conftest import NOON
from tests.oak import ACCOUNTS, LATER, Oak

LONDON = ZoneInfo("Europe/London")
PRESENT = gate.present(Words.load(), LONDON)
DAY = timedelta(days=1)


@pytest.fixture
def oak(engine: Engine) -> Iterator[Oak]:
    """Sam has been out twice, and it felt good."""
    with engine.begin() as c:
        made = Oak(c, seed.seed_sample(c, NOON - DAY, ACCOUNTS))
        plan.sample(c, made.sam, made.jo, NOON - DAY)
        for hours in (2, 1):
            been(made, NOON - timedelta(hours=hours))
        yield made


def been(oak: Oak, at: datetime) -> None:
    agreed = plan.in_force(oak.c, oak.sam)
    assert agreed is not None
    out = Journey(new_id(oak.c), oak.sam, agreed, "Café", State.HOME, at, at, at)
    KEEP[Journey](oak.c, replace(out, ended_at=at, ended_by=oak.sam, feeling=4))


def lets(oak: Oak, name: str, level: int | None) -> None:
    """Sam lets them know so much of outings; None: nothing."""
    agreed = select(schema.agreement.c.id).where(schema.agreement.c.supporter == oak.role(name))
    agreement, table = oak.c.execute(agreed).scalar_one(), schema.sharing
    topic = Topic.JOURNEYS.value
    oak.c.execute(delete(table).where(table.c.agreement == agreement, table.c.topic == topic))
    if level is not None:
        row = {"situation": "everyday", "choice": "share", "basis": Basis.CONSENT.value}
        kept = {"id": new_id(oak.c), "agreement": agreement, "topic": topic, "since": NOON - DAY}
        oak.c.execute(insert(table).values(level=level, **kept, **row))


def looks(oak: Oak, name: str) -> Presented:
    outings.look(oak.c, oak.sam, oak.role(name), oak.ids[name], LATER)
    shown = shows(oak, name)
    assert isinstance(shown, Presented)
    return shown


def shows(oak: Oak, name: str) -> Presented | Withheld:
    id = oak.c.execute(
        select(schema.outbox.c.id)
        .where(schema.outbox.c.text == str(READING), schema.outbox.c.member == oak.ids[name])
        .order_by(schema.outbox.c.number.desc())
        .limit(1)
    ).scalar_one()
    shown = PRESENT(oak.c, outbox.load(oak.c, id)[0], LATER)
    assert isinstance(shown, Presented | Withheld)
    return shown


def test_sam_and_the_team_see_them_and_no_other_team(oak: Oak) -> None:
    for name in ("Sam", "Jo", "Dev"):
        shown = looks(oak, name)
        assert "On time: 2" in shown.text and isinstance(shown.picture, Chart)
        assert "🙂" in shown.text and shown.kept is None
    outings.look(oak.c, oak.sam, oak.role("Jo"), oak.jo, LATER)
    table = schema.membership
    oak.c.execute(table.update().where(table.c.member == oak.jo).values(until=LATER))
    assert isinstance(shows(oak, "Jo"), Withheld), "who has left since"


@pytest.mark.parametrize(
    ("level", "counts", "felt"), [(None, False, False), (1, False, False), (2, True, False)]
)
def test_somebody_around_sam_sees_as_much_as_sam_lets_them(
    oak: Oak, level: int | None, counts: bool, felt: bool
) -> None:
    lets(oak, "Amira", level)
    shown = looks(oak, "Amira")
    assert ("On time: 2" in shown.text) is counts and ("🙂" in shown.text) is felt
    assert (shown.picture is not None) is counts
    assert "support" not in shown.text.lower()
    before = len(ledger.lines(oak.c))
    assert shown.kept is not None
    shown.kept(oak.c, 1, LATER)
    kinds = [line.kind for line in ledger.lines(oak.c)[before:]]
    assert ("told" in kinds) is counts and ("withheld" in kinds) is not counts


def test_with_details_how_it_felt_is_there_until_sam_says_no(oak: Oak) -> None:
    lets(oak, "Amira", 3)
    shown = looks(oak, "Amira")
    assert "🙂" in shown.text and "On time: 2" in shown.text
    lets(oak, "Amira", None)
    denied = shows(oak, "Amira")
    assert isinstance(denied, Presented) and denied.picture is None
    leo = looks(oak, "Leo")
    assert (denied.text, denied.buttons) == (leo.text, leo.buttons), "as for one without a row"


def test_a_guardrail_beats_it(oak: Oak) -> None:
    lets(oak, "Amira", 3)
    guarding.forbid(oak.c, oak.role("Amira"), [Topic.JOURNEYS], "harm", oak.mina, LATER)
    assert "On time" not in looks(oak, "Amira").text
