"""The team's meetings about an early-warning plan: every day by hand, and who may say when."""

from datetime import date, datetime, timedelta
from random import Random

import pytest

from bot.care.circle import Role
from bot.care.meeting import begins
from bot.care.outcome import Outcome
from bot.care.review import Came, Item, Kind
from bot.store import meeting, review, sign, sign_plan, up
from bot.store.tools import tools
from tests.conftest import NOON
from tests.oak import Oak, also, said

DAY = timedelta(days=1)


@pytest.fixture
def plan(oak: Oak) -> str:
    sign_plan.sample(oak.c, oak.sam, oak.amira, oak.jo, NOON)
    found = sign.active(oak.c, oak.sam)
    assert found is not None
    return found.id


def thing(oak: Oak, plan: str, now: datetime) -> Item:
    found = up.thing(oak.c, Kind.SIGN_PLAN, plan, now)
    assert found is not None
    return found


def test_only_staff_of_sams_team_say_when_it_is_and_only_of_a_day_to_come(
    oak: Oak, plan: str
) -> None:
    day = NOON.date() + 20 * DAY
    also(oak, "Ruth", Role.STAFF)
    for nobody in (oak.alex, oak.leo, oak.amira, oak.sam):
        assert meeting.plan(oak.c, oak.sam, day, nobody, NOON) == Outcome()
    assert meeting.plan(oak.c, oak.sam, NOON.date() - DAY, oak.jo, NOON) == Outcome()
    assert meeting.plan(oak.c, oak.amira, day, oak.jo, NOON) == Outcome(), "nobody with a plan"
    assert meeting.meeting(oak.c, oak.sam) is None
    assert said(meeting.plan(oak.c, oak.sam, day, oak.jo, NOON)) == "meeting.kept"
    found = thing(oak, plan, NOON)
    assert found.due_at == begins(day, tools(oak.c).hours.zone) and not found.hidden


def test_day_by_day_it_comes_up_on_the_date_that_stands(oak: Oak, plan: str) -> None:
    """Dates are said, changed and taken away, and the plan is looked at, on any days at all."""
    dice, zone = Random(7), tools(oak.c).hours.zone
    known: date | None = None
    for now in (NOON + n * DAY for n in range(1, 250)):
        today = now.astimezone(zone).date()
        own = sign.active(oak.c, oak.sam)
        assert own is not None
        naive = own.review_at if known is None else min(own.review_at, begins(known, zone))
        found = thing(oak, plan, now)
        assert found.due_at == naive, "on its own date or the meeting's, whichever is sooner"
        shown = up.item(oak.c, Kind.SIGN_PLAN, plan, int(naive.timestamp()), oak.dev, now)
        assert (shown is not None) is (naive - 7 * DAY <= now), "from a week before it"
        match dice.randrange(12):
            case 0:
                known = today + dice.randrange(0, 40) * DAY
                meeting.plan(oak.c, oak.sam, known, oak.jo, now)
            case 1:
                known = None
                meeting.plan(oak.c, oak.sam, None, oak.dev, now)
            case 2 | 3 if shown is not None:
                mark = int(naive.timestamp())
                review.done(oak.c, Kind.SIGN_PLAN, plan, mark, Came.STAYS, oak.jo, now)
                if known is not None and begins(known, zone) <= max(naive, now):
                    known = None
