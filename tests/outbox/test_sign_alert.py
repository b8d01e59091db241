"""An alert of the early-warning plan, as it leaves: counts, dates and the words of the plan."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, delete, select

from bot.care.sign import LADDER, Response, Sign, SignPlan, Stage, State, Template, Threshold
from bot.i18n import Words
from bot.outbox import gate
from bot.outbox.sender import Presented, Withheld
from bot.store import circle, digest, escalation, noticing, outbox, schema, sign_alert
from bot.store.commit import KEEP
from bot.store.outbox import Row
from tests.conftest import NOON
from tests.oak import Oak, sampled, unreachable

PRESENT = gate.present(Words.load(), ZoneInfo("Europe/London"))
LONG = "words " * 33
STAGES = (Stage.EARLY,) * 15 + (Stage.LATE,) * 5

pytestmark = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)


@pytest.fixture
def oak(engine: Engine) -> Iterator[Oak]:
    """Sam's plan is as long as a plan can be, and Amira has noticed all that is in it."""
    with engine.begin() as c:
        oak = sampled(c)
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


def test_what_has_been_read_is_not_called_unread(oak: Oak) -> None:
    early = select(schema.observation.c.id).where(schema.observation.c.sign == "sign1")
    seen = oak.c.execute(early).scalar_one()
    sign_alert.read_by(oak.c, seen, NOON, NOON)
    (row,) = waiting(oak, "Jo", "digest.alert")
    before = PRESENT(oak.c, row, NOON)
    assert isinstance(before, Presented) and "has not been read in time" in before.text
    labels = [button.label for line in before.buttons for button in line]
    assert labels[:2] == ["👀 I will read what was noticed", "➡️ Pass what was noticed on"]

    digest.mark_read(oak.c, seen, oak.jo, NOON)
    after = PRESENT(oak.c, row, NOON)
    assert isinstance(after, Presented) and "Nobody has finished with it yet" in after.text
    assert "not been read" not in after.text


TUESDAY = datetime(2026, 5, 5, tzinfo=ZoneInfo("Europe/London"))
NOBODY_YET = "Nobody has read this yet. "


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        (9.1, f"{NOBODY_YET}The team reads until 17:00 today."),
        (16.5, f"{NOBODY_YET}The team reads until 17:00 today, and from Wednesday 9:00."),
        (22, "The team reads from Wednesday 9:00."),
        (24 + 9.1, "The team reads until 17:00 today."),
        (24 + 11, f"{NOBODY_YET}The team reads until 17:00 today."),
        (24 * 3 + 17, "The team reads from Monday 9:00."),
    ],
)
def test_a_receipt_says_what_is_true_at_the_moment_at_which_it_is_read(
    oak: Oak, hours: float, sentence: str
) -> None:
    leo, said_at = circle.memberships(oak.c, oak.leo)[0], TUESDAY + timedelta(hours=9.1)
    noticing.notice(oak.c, leo, oak.sam, None, 0, 3, "He gave the cat away.", said_at)
    (row,) = waiting(oak, "Leo", "noticing.receipt_carer")
    now = TUESDAY + timedelta(hours=hours)
    shown = PRESENT(oak.c, row, now)
    assert isinstance(shown, Presented) and f". {sentence} Anyone in danger: 999." in shown.text


def test_at_night_a_receipt_is_the_same_whether_staff_have_read_it_or_not(oak: Oak) -> None:
    leo, night = circle.memberships(oak.c, oak.leo)[0], TUESDAY + timedelta(hours=20)
    noticing.notice(oak.c, leo, oak.sam, None, 0, 3, None, night)
    (row,) = waiting(oak, "Leo", "noticing.receipt_carer")
    at_once, later = night + timedelta(seconds=5), night + timedelta(hours=3)
    first = PRESENT(oak.c, row, at_once)
    assert isinstance(first, Presented) and f"{NOBODY_YET}The team reads from" in first.text
    shown = PRESENT(oak.c, row, later)
    assert isinstance(shown, Presented) and "20:00. The team reads from Wednesday" in shown.text
    digest.mark_read(oak.c, str(row.params["noticed"]), oak.jo, later)
    assert PRESENT(oak.c, row, later) == shown


def test_a_receipt_says_whom_to_ring_when_nobody_can_be_told(oak: Oak) -> None:
    unreachable(oak, "Jo", "Dev", "Priya", "Mina")
    amira, now = circle.memberships(oak.c, oak.amira)[0], NOON + timedelta(hours=1)
    noticing.notice(oak.c, amira, oak.sam, "sign16", 0, 3, None, now)
    shown = PRESENT(oak.c, waiting(oak, "Amira", "noticing.receipt_carer")[-1], now)
    assert isinstance(shown, Presented)
    assert "I can reach nobody in the team now. I keep trying. Anyone in danger: 999." in shown.text
    assert "Please ring the team: 01632" in shown.text and "are being asked" not in shown.text
