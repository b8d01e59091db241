"""After an outing, as it is kept: whose words, who is asked, and steps of support that follow."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from bot.care.after import KIND
from bot.care.circle import Role
from bot.care.escalation import Close
from bot.care.journey import Journey
from bot.care.outcome import Outcome, Topic
from bot.care.outings import Went
from bot.care.plan import LADDERS, Plan, Rung, RungKind, with_supporter
from bot.care.sign import Voice
from bot.care.stepping import State, Way, Why
from bot.care.terms import AS_BEFORE, Support, Terms
from bot.store import (
    after,
    circle,
    due,
    escalation,
    journey,
    ledger,
    outings,
    plan,
    schema,
    stepping,
    those,
)
from bot.store.commit import KEEP
from bot.store.tools import ERASED, tools
from tests.conftest import NOON
from tests.oak import Oak, also, said, to_look_at, told

MINUTE = timedelta(minutes=1)
DUE = NOON + 60 * MINUTE
DAY = timedelta(days=1)


@pytest.fixture
def out(oak: Oak) -> Oak:
    """Sam has a plan: Amira is asked after Jo."""
    plan.sample(oak.c, oak.sam, oak.jo, NOON - DAY)
    return oak


def agreed(oak: Oak) -> Plan:
    found = plan.in_force(oak.c, oak.sam)
    assert found is not None
    return found


def rests_on(oak: Oak, *names: str, terms: Terms = AS_BEFORE) -> None:
    """These supporters are rungs of the plan, which says so much besides."""
    rungs: tuple[Rung, ...] = LADDERS["key_worker"]
    for name in names:
        also_asked = Rung(RungKind.SUPPORTER, 10, oak.ids[name], oak.role(name))
        rungs = with_supporter(rungs, also_asked, 1)
    KEEP[Plan](oak.c, replace(agreed(oak), rungs=rungs, terms=terms))


def outing(oak: Oak, at: datetime = NOON, feeling: int | None = None) -> str:
    """Sam is out for half an hour and home again."""
    journey.set_off(oak.c, oak.sam, "Café", at + timedelta(hours=1), at)
    running = journey.running(oak.c, oak.sam)
    assert running is not None
    journey.home(oak.c, running.id, oak.sam, at + 30 * MINUTE)
    if feeling is not None:
        journey.felt(oak.c, running.id, oak.sam, feeling, at + 31 * MINUTE)
    return running.id


def missed(oak: Oak, at: datetime = NOON, answers: bool = False) -> str:
    """Sam's check-in is missed; Jo has spoken with Sam and closes it."""
    journey.set_off(oak.c, oak.sam, "Café", at + timedelta(hours=1), at)
    running = journey.running(oak.c, oak.sam)
    assert running is not None
    later = at + 71 * MINUTE
    journey.tick(oak.c, running.id, running.due_at, later)
    alert = oak.c.execute(
        select(schema.escalation.c.id).where(schema.escalation.c.subject == running.id)
    ).scalar_one()
    if answers:
        journey.ok(oak.c, running.id, oak.sam, later + MINUTE)
    escalation.take(oak.c, alert, oak.jo, later + 2 * MINUTE)
    journey.close(oak.c, alert, oak.jo, Close.SAFE_AND_WELL, later + 3 * MINUTE)
    return running.id


def looked_back(oak: Oak, id: str) -> datetime:
    """The service opens, and this outing is looked back at."""
    found = journey.journey(oak.c, id)
    assert found is not None and found.ended_at is not None
    now = tools(oak.c).hours.opens_after(found.ended_at)
    after.due(oak.c, id, now, now)
    return now


def wakes(oak: Oak) -> list[str]:
    rows = oak.c.execute(select(schema.deadline.c.key).where(schema.deadline.c.kind == KIND))
    return list(rows.scalars())


# --- what the person says -----------------------------------------------------------------


def test_what_was_worrying_is_sealed_and_read_by_staff_only_as_sam_says(out: Oak) -> None:
    id = outing(out)
    assert wakes(out) == [id], "it is looked back at"
    after.worrying(out.c, id, out.sam, NOON)
    after.say(out.c, id, "The bus", out.sam, NOON, shown=False)
    assert b"The bus" not in out.c.execute(select(schema.afterwards.c.words)).scalar_one()
    assert not out.c.execute(select(schema.observation)).all()
    kept = after.said(out.c, id)
    assert kept is not None and kept.words == "The bus"

    other = outing(out, NOON + DAY)
    after.worrying(out.c, other, out.sam, NOON + DAY)
    after.say(out.c, other, "The dark", out.sam, NOON + DAY, shown=True)
    noticed = out.c.execute(select(schema.observation)).one()
    assert (noticed.by, noticed.voice) == (out.sam, Voice.PERSON.value)

    tools(out.c).vault.erase(out.c, out.sam)
    gone = after.said(out.c, id)
    assert gone is not None and gone.words == ERASED
    looked_back(out, other)  # words that nobody can read hold nothing up


def test_nobody_answers_for_sam_and_not_before_it_is_over(out: Oak) -> None:
    id = outing(out)
    for who in (out.jo, out.amira, out.alex):
        assert after.nothing(out.c, id, who, NOON) == Outcome()
        assert not after.worrying(out.c, id, who, NOON)
        assert after.would_talk(out.c, id, who, NOON) == Outcome()
        assert after.say(out.c, id, "no", who, NOON, shown=True) == Outcome()
    assert said(after.nothing(out.c, id, out.sam, NOON)) == "after.good"
    assert after.nothing(out.c, id, out.sam, NOON) == Outcome(), "pressed again"
    assert after.worrying(out.c, id, out.sam, NOON)

    journey.set_off(out.c, out.sam, "Café", DUE + DAY, NOON + DAY)
    running = journey.running(out.c, out.sam)
    assert running is not None
    assert not after.worrying(out.c, running.id, out.sam, NOON + DAY)


# --- those around -------------------------------------------------------------------------


def test_a_supporter_of_the_plan_who_may_know_is_asked_once_a_week_and_nobody_else(
    out: Oak,
) -> None:
    rests_on(out, "Amira", "Leo")  # Sam lets Amira know of outings; of Leo there is no row
    first = looked_back(out, outing(out))
    assert told(out.c, "after.how_worried") == ["Amira"]
    looked_back(out, outing(out, NOON + DAY))
    assert told(out.c, "after.how_worried") == ["Amira"], "not twice within a week"
    looked_back(out, outing(out, first + 7 * DAY))
    assert told(out.c, "after.how_worried") == ["Amira", "Amira"]

    ids = list(out.c.execute(select(schema.worry.c.id).order_by(schema.worry.c.asked_at)).scalars())
    assert said(after.rate(out.c, ids[0], 4, out.amira, first)) == "after.rated"
    for who in (out.leo, out.sam, out.jo, out.alex):
        assert after.rate(out.c, ids[0], 1, who, first) == Outcome()
    assert after.rate(out.c, ids[0], 6, out.amira, first) == Outcome()

    after.no_more(out.c, ids[1], out.amira, first)
    assert after.rate(out.c, ids[1], 3, out.amira, first) == Outcome()
    looked_back(out, outing(out, first + 20 * DAY))
    assert len(told(out.c, "after.how_worried")) == 2, "Amira wants to be asked no more"


def test_who_may_know_no_more_or_is_on_no_rung_is_not_asked(out: Oak) -> None:
    looked_back(out, outing(out))
    rests_on(out, "Amira")
    table = schema.sharing
    out.c.execute(delete(table).where(table.c.topic == Topic.JOURNEYS.value))
    looked_back(out, outing(out, NOON + DAY))
    assert told(out.c, "after.how_worried") == []


def test_each_sees_their_part_of_how_outings_have_gone(out: Oak) -> None:
    rests_on(out, "Amira")
    id = outing(out, feeling=2)
    after.worrying(out.c, id, out.sam, NOON)
    now = looked_back(out, id)
    asked = out.c.execute(select(schema.worry.c.id)).scalar_one()
    after.rate(out.c, asked, 5, out.amira, now)

    def seen(reader: str, voice: Voice) -> tuple[int, list[bool], list[int]]:
        found = outings.outings(out.c, out.sam, reader, voice, now)
        worries = [one.worry for one in found.ratings]
        return found.count(Went.ON_TIME), [one.worried for one in found.outings], worries

    assert seen(out.sam, Voice.PERSON) == (1, [True], [])
    assert seen(out.jo, Voice.STAFF) == (1, [False], [5])
    assert seen(out.amira, Voice.CARER) == (1, [False], [5])
    assert seen(out.ruth, Voice.CARER) == (1, [False], [])

    def speaks(name: str) -> Voice | None:
        return outings.voice_of(out.c, out.sam, out.ids[name], out.role(name), now)

    assert [speaks(name) for name in ("Sam", "Jo", "Dev", "Amira")] == [
        Voice.PERSON,
        Voice.STAFF,
        Voice.STAFF,
        Voice.CARER,
    ]
    assert speaks("Alex") is None, "staff of another team"
    assert outings.look(out.c, out.sam, out.role("Alex"), out.alex, now) == Outcome()
    assert outings.look(out.c, out.sam, out.role("Jo"), out.leo, now) == Outcome()


# --- steps --------------------------------------------------------------------------------


def test_a_missed_check_in_is_talked_about_later(out: Oak) -> None:
    id = missed(out)
    assert stepping.newest(out.c, out.sam) is None, "not in the middle of it"
    now = looked_back(out, id)
    found = stepping.newest(out.c, out.sam)
    assert found is not None and (found.why, found.way) == (Why.MISSED, Way.MORE)
    assert told(out.c, "stepping.please_more") == ["Sam"]
    assert told(out.c, "stepping.team_missed") == ["Jo"]

    for nobody in (out.amira, out.leo, out.alex, out.ruth):
        for press in (stepping.yes, stepping.no, stepping.forgot, stepping.disagree):
            assert press(out.c, found.id, nobody, now) == Outcome()
    stepping.yes(out.c, found.id, out.jo, now)
    assert agreed(out).terms.support is Support.CHECK_INS
    stepping.yes(out.c, found.id, out.sam, now)
    assert agreed(out).terms.support is Support.ROUTE and agreed(out).version == 2
    assert [item.due_at for item in to_look_at(out, "Jo", now + 32 * DAY) if item.kind == "outings"]


@pytest.mark.parametrize("agrees", [True, False])
def test_less_support_offered_in_between_does_not_hide_a_missed_check_in(
    out: Oak, agrees: bool
) -> None:
    id = missed(out)
    night = NOON + 80 * MINUTE
    stepping.suggest(out.c, out.sam, out.jo, Way.LESS, night)
    offered = stepping.newest(out.c, out.sam)
    assert offered is not None
    if agrees:
        stepping.yes(out.c, offered.id, out.sam, night)
    now = looked_back(out, id)
    found = stepping.newest(out.c, out.sam)
    assert found is not None and (found.why, found.way) == (Why.MISSED, Way.MORE)
    assert found.plan == agreed(out).id
    before = stepping.proposal(out.c, offered.id)
    assert before is not None and before.state is (State.DONE if agrees else State.OVERTAKEN)
    looked_back(out, id)
    assert stepping.newest(out.c, out.sam) == found, "asked once"
    stepping.no(out.c, found.id, out.sam, now)
    looked_back(out, id)
    assert told(out.c, "stepping.please_more") == ["Sam"]


@pytest.mark.parametrize(
    "went",
    [
        lambda oak: missed(oak, answers=True),  # it was forgotten, and then done
        lambda oak: outing(oak),
        lambda oak: outing(oak, feeling=1),  # one is not two
    ],
)
def test_these_are_no_reason(out: Oak, went: Callable[[Oak], str]) -> None:
    looked_back(out, went(out))
    assert stepping.newest(out.c, out.sam) is None


def test_a_check_in_missed_while_kith_was_off_is_not_counted(out: Oak) -> None:
    id = missed(out)
    alerts = schema.escalation
    out.c.execute(update(alerts).values(cause="missed_while_off"))
    now = looked_back(out, id)
    assert stepping.newest(out.c, out.sam) is None
    found = outings.outings(out.c, out.sam, out.sam, Voice.PERSON, now)
    assert found.count(Went.NOT_COUNTED) == 1 and found.count(Went.MISSED) == 0


def test_two_hard_ones_running_are_a_reason_once(out: Oak) -> None:
    looked_back(out, outing(out, feeling=2))
    now = looked_back(out, outing(out, NOON + DAY, feeling=1))
    found = stepping.newest(out.c, out.sam)
    assert found is not None and found.why is Why.LOW
    stepping.no(out.c, found.id, out.sam, now)
    looked_back(out, outing(out, NOON + 2 * DAY, feeling=1))
    assert stepping.newest(out.c, out.sam) == replace(found, state=State.NO, version=2)


def test_at_once_where_the_plan_says_so_and_sam_may_disagree(out: Oak) -> None:
    rests_on(out, terms=Terms(step_up=True))
    before = agreed(out)
    id = missed(out)
    found = stepping.newest(out.c, out.sam)
    assert found is not None and found.state is State.DONE and found.journey == id
    assert agreed(out).terms.support is Support.ROUTE and agreed(out).id == found.became
    kept = journey.journey(out.c, id)
    assert kept is not None and kept.plan.id == before.id, "the outing keeps its version"
    assert told(out.c, "stepping.at_once") == ["Sam"]
    assert told(out.c, "stepping.at_once_team") == ["Jo"]
    journey.felt(out.c, id, out.sam, 3, kept.ended_at or NOON)  # in the same instant
    now = looked_back(out, id)
    assert agreed(out).terms.support is Support.ROUTE, "one step, and no other later"
    assert told(out.c, "stepping.please_more") == []

    assert said(stepping.disagree(out.c, found.id, out.sam, now)) == "stepping.disagreed"
    assert told(out.c, "stepping.person_disagrees") == ["Jo"]
    kinds = [line.kind for line in ledger.lines(out.c)]
    assert {"support_stepped", "support_step_disagreed"} <= set(kinds)


@pytest.mark.parametrize("at_once", [True, False])
def test_staff_have_learnt_something_about_safety(out: Oak, at_once: bool) -> None:
    rests_on(out, terms=Terms(step_up=at_once))
    for nobody in (out.sam, out.amira, out.alex):
        outcome = stepping.suggest(out.c, out.sam, nobody, Way.MORE, NOON, why=Why.HEARD)
        assert outcome == Outcome()
    stepping.suggest(out.c, out.sam, out.dev, Way.MORE, NOON, why=Why.HEARD)
    stepped = agreed(out).terms.support is Support.ROUTE
    assert stepped is at_once
    assert told(out.c, "stepping.at_once" if at_once else "stepping.please_more") == ["Sam"]


def test_good_ones_in_a_row_open_the_talk_and_less_support_takes_both(out: Oak) -> None:
    rests_on(out, terms=Terms(good=2))
    looked_back(out, outing(out))
    assert told(out.c, "stepping.good") == []
    now = looked_back(out, outing(out, NOON + DAY))
    assert told(out.c, "stepping.good") == ["Sam"] and told(out.c, "stepping.good_team") == ["Jo"]

    assert said(stepping.would_talk(out.c, out.sam, Way.LESS, now)) == "stepping.team_told"
    assert told(out.c, "stepping.would_talk_less") == ["Jo"]
    assert stepping.would_talk(out.c, out.jo, Way.LESS, now) == Outcome()
    assert agreed(out).terms.support is Support.CHECK_INS, "to talk changes nothing"
    stepping.suggest(out.c, out.sam, out.jo, Way.LESS, now)
    found = stepping.newest(out.c, out.sam)
    assert found is not None and found.staff == out.jo
    stepping.suggest(out.c, out.sam, out.dev, Way.LESS, now)
    assert stepping.newest(out.c, out.sam) == replace(found, version=2), "one, not two"
    stepping.yes(out.c, found.id, out.sam, now)
    assert agreed(out).terms.support is Support.ALONE
    assert stepping.suggest(out.c, out.sam, out.jo, Way.LESS, now) == Outcome(), "the last step"


def test_an_alert_that_the_outing_does_not_name_shows_nowhere(out: Oak) -> None:
    """One that is about the outing and silent is its own: nothing here knows of it."""
    id = missed(out)
    alerts, trips = schema.escalation, schema.journey
    out.c.execute(update(trips).values(escalation=None))
    assert out.c.execute(select(alerts.c.subject)).scalar_one() == id
    now = looked_back(out, id)
    found = outings.outings(out.c, out.sam, out.jo, Voice.STAFF, now)
    assert [one.went for one in found.outings] == [Went.ON_TIME]
    assert stepping.newest(out.c, out.sam) is None
    assert due.alerts(out.c, those.one(out.sam)) == {}


def test_a_step_up_brings_the_monthly_review_back(out: Oak) -> None:
    rests_on(out, terms=Terms(step_up=True))
    id = missed(out)
    kept = journey.journey(out.c, id)
    assert isinstance(kept, Journey) and kept.ended_at is not None
    of = agreed(out).id
    found = [one for one in to_look_at(out, "Jo", NOON + 33 * DAY) if one.kind == "outings"]
    assert [one.of for one in found] == [of]
    assert NOON + 27 * DAY < found[0].due_at < NOON + 33 * DAY


def test_who_has_left_is_asked_nothing_any_more(out: Oak) -> None:
    id = missed(out)
    out.c.execute(
        update(schema.membership)
        .where(schema.membership.c.role == Role.PERSON.value, schema.membership.c.member == out.sam)
        .values(until=NOON + DAY)
    )
    out.c.execute(
        update(schema.member).where(schema.member.c.id == out.sam).values(left_at=NOON + DAY)
    )
    assert circle.has_left(out.c, out.sam)
    looked_back(out, id)
    assert stepping.newest(out.c, out.sam) is None


def test_a_second_job_gives_nobody_a_say(out: Oak) -> None:
    """Leo works in the house besides; as Sam's carer he says nothing, as staff he may."""
    now = looked_back(out, missed(out))
    found = stepping.newest(out.c, out.sam)
    assert found is not None
    assert stepping.no(out.c, found.id, out.leo, now) == Outcome()
    also(out, "Leo", Role.STAFF)
    assert said(stepping.no(out.c, found.id, out.leo, now)) == "stepping.stays"
