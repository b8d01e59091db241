"""An alert of the early-warning plan, as it leaves: counts, dates and the words of the plan."""

import re
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, delete, select

from bot.care.sign import LADDER, Response, Sign, SignPlan, Stage, State, Template, Threshold
from bot.i18n import Words
from bot.outbox import gate
from bot.outbox.sender import Presented, Withheld
from bot.store import circle, escalation, noticing, outbox, schema, seed
from bot.store.commit import KEEP
from bot.store.outbox import Row
from tests.conftest import NOON
from tests.oak import ACCOUNTS, Oak

PRESENT = gate.present(Words.load(), ZoneInfo("Europe/London"))
LONG = "words " * 33
STAGES = (Stage.EARLY,) * 15 + (Stage.LATE,) * 5

pytestmark = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)


@pytest.fixture
def oak(engine: Engine) -> Iterator[Oak]:
    """Sam's plan is as long as a plan can be, and Amira has noticed all that is in it."""
    with engine.begin() as c:
        oak = Oak(c, seed.seed_sample(c, NOON, ACCOUNTS))
        c.execute(delete(schema.sign_plan))
        plan = SignPlan(
            id="long",
            person=oak.sam,
            version=9,
            state=State.ACTIVE,
            drafted_by=oak.jo,
            drafted_at=NOON,
            review_at=NOON + timedelta(days=90),
            signs=tuple(
                Sign(f"sign{n}", stage, f"Sign {n} {LONG[:50]}", oak.sam, NOON)
                for n, stage in enumerate(STAGES)
            ),
            thresholds=(Threshold("late", Template.ANY_LATE, oak.sam),),
            responses=(Response(Stage.LATE, LADDER, LONG),),
            active_at=NOON,
        )
        KEEP[SignPlan](c, plan)
        amira = circle.memberships(c, oak.amira)[0]
        for sign in plan.signs:
            noticing.notice(c, amira, oak.sam, sign.id, 0, 3, "words of Amira's " * 200, NOON)
        yield oak


def waiting(oak: Oak, who: str, text: str) -> list[Row]:
    table = schema.outbox
    found = select(table.c.id).where(table.c.member == oak.ids[who], table.c.text == text)
    ids = oak.c.execute(found.order_by(table.c.number)).scalars().all()
    return [outbox.load(oak.c, id)[0] for id in ids]


def test_the_longest_plan_fits_into_an_alert_the_gravest_signs_first(oak: Oak) -> None:
    (row,) = waiting(oak, "Jo", "sign_alert.alert")
    shown = PRESENT(oak.c, row, NOON)
    assert isinstance(shown, Presented) and len(shown.text) < 4000
    spoken_of = {int(n) for n in re.findall(r"Sign (\d+)", shown.text)}
    assert len(spoken_of) == 4 and min(spoken_of) >= STAGES.index(Stage.LATE)
    assert "other kinds of signs: 1" in shown.text
    assert "Amira" not in shown.text
    labels = [button.label for line in shown.buttons for button in line]
    assert labels[:2] == ["✋ I've got this", "➡️ Pass it on"]


def test_what_somebody_noticed_is_shown_to_the_persons_staff_alone(oak: Oak) -> None:
    found = oak.c.execute(select(schema.escalation.c.id)).scalar_one()
    escalation.take(oak.c, found, oak.jo, NOON)
    shown = waiting(oak, "Jo", "digest.shown")
    assert len(shown) == 5, "of the early ones none is behind the alert"
    for_jo = PRESENT(oak.c, shown[0], NOON)
    assert isinstance(for_jo, Presented) and "Amira" in for_jo.text and len(for_jo.text) < 4000
    assert "Show the rest" in str(for_jo.buttons)
    table = schema.outbox
    for other in ("Alex", "Sam", "Leo"):
        row = table.update().where(table.c.id == shown[0].id).values(member=oak.ids[other])
        oak.c.execute(row)
        strayed = outbox.load(oak.c, shown[0].id)[0]
        assert PRESENT(oak.c, strayed, NOON) == Withheld("not_staff")


def test_what_was_taken_back_is_neither_shown_nor_counted(oak: Oak) -> None:
    found = oak.c.execute(select(schema.escalation.c.id)).scalar_one()
    escalation.take(oak.c, found, oak.jo, NOON)
    for id in oak.c.execute(select(schema.observation.c.id)).scalars().all():
        noticing.take_back(oak.c, id, oak.amira, NOON)
    (row,) = waiting(oak, "Jo", "sign_alert.alert")
    shown = PRESENT(oak.c, row, NOON)
    assert isinstance(shown, Presented) and "taken it back" in shown.text
    words = waiting(oak, "Jo", "digest.shown")[0]
    assert PRESENT(oak.c, words, NOON) == Withheld("taken_back")
