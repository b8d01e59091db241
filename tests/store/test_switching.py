"""A switch as it is kept: on for its time, and over for good once somebody has ended it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.care.agreeing import Freely, Wish
from bot.care.agreement import Agreement, Choice, Reason, Situation
from bot.care.circle import Role
from bot.care.outcome import About, Lane, Outcome, Topic
from bot.care.switching import CONFIRM, LENGTHS, OVER, Switching
from bot.store import agreeing, agreement, schema, switching
from tests.conftest import NOON
from tests.oak import LATER, Oak, also, said, told, unreachable

DAY = LENGTHS["day"]
HOUR = timedelta(hours=1)


@pytest.fixture
def unwell(oak: Oak) -> Oak:
    """Sam lets Amira know about wellbeing when unwell."""
    wish = Wish(Topic.WELLBEING, Choice.SHARE, 2, Situation.UNWELL)
    made = agreeing.draft(oak.c, oak.role("Amira"), (wish,), oak.sam, NOON).records[-1]
    assert isinstance(made, Agreement)
    agreeing.answer(oak.c, made.id, oak.sam, NOON, freely=Freely.YES)
    return oak


def asked(oak: Oak, *, told: bool = True, by: str = "Jo") -> Switching:
    outcome = switching.ask(oak.c, oak.sam, Situation.UNWELL, DAY, oak.ids[by], NOON, told=told)
    made = outcome.records[-1]
    assert isinstance(made, Switching)
    return made


def reason(oak: Oak, now: datetime = NOON) -> Reason:
    about = About(oak.sam, Topic.WELLBEING, 1, oak.role("Amira"), at=NOON)
    return agreement.ask(oak.c, oak.amira, about, now).reason


def test_it_is_on_from_the_second_word_for_its_time_and_no_longer(unwell: Oak) -> None:
    oak = unwell
    made = asked(oak)
    assert reason(oak) is Reason.NO_ROW
    assert said(switching.confirm(oak.c, made.id, oak.jo, LATER)) == "switching.somebody_else"
    assert reason(oak, LATER) is Reason.NO_ROW
    assert said(switching.confirm(oak.c, made.id, oak.dev, LATER)) == "switching.on"
    assert reason(oak, LATER) is Reason.AGREED
    assert reason(oak, LATER - HOUR) is Reason.AGREED, "a clock that is set back switches nothing"
    assert reason(oak, LATER + DAY) is Reason.NO_ROW
    assert told(oak.c, "switching.told_unwell") == ["Sam"]
    early = switching.over(oak.c, made.id, LATER, LATER)
    assert early.tells == () and early.wakes[0].at == LATER + DAY
    outcome = switching.over(oak.c, made.id, LATER + DAY, LATER + DAY)
    assert [tell.to for tell in outcome.tells] == [oak.sam, oak.jo]
    kept = switching.switch(oak.c, made.id)
    assert kept is not None and kept.ended_at == LATER + DAY
    for now in (LATER, LATER + HOUR):
        assert reason(oak, now) is Reason.NO_ROW, "a clock that is set back revives nothing"


def test_ended_early_it_stays_ended_whatever_the_clock_says(unwell: Oak) -> None:
    oak = unwell
    made = asked(oak)
    switching.confirm(oak.c, made.id, oak.dev, NOON)
    ended = NOON + 2 * HOUR
    assert said(switching.end(oak.c, made.id, oak.priya, ended)) == "switching.ended"
    for now in (ended, NOON, NOON + HOUR):
        assert reason(oak, now) is Reason.NO_ROW
    about = About(oak.sam, Topic.WELLBEING, 1, oak.role("Amira"), at=NOON)
    then = agreement.replay(oak.c, oak.amira, about, ended - HOUR)
    assert then.reason is Reason.AGREED, "asked about that time it was on"
    assert switching.end(oak.c, made.id, oak.priya, ended) == Outcome()
    assert switching.over(oak.c, made.id, NOON + DAY, NOON + DAY) == Outcome()


def test_untold_unconfirmed_declined_or_too_late_it_does_not_begin(unwell: Oak) -> None:
    oak = unwell
    untold = asked(oak, told=False)
    assert switching.confirm(oak.c, untold.id, oak.dev, NOON) == Outcome()
    again = asked(oak)
    assert switching.confirm(oak.c, untold.id, oak.dev, NOON, told=True) == Outcome(), "replaced"
    for stray in ("Sam", "Amira", "Alex"):
        assert switching.confirm(oak.c, again.id, oak.ids[stray], NOON) == Outcome()
        assert switching.decline(oak.c, again.id, oak.ids[stray], NOON) == Outcome()
        nothing = switching.ask(
            oak.c, oak.sam, Situation.UNWELL, DAY, oak.ids[stray], NOON, told=True
        )
        assert nothing == Outcome()
    assert switching.confirm(oak.c, again.id, oak.dev, NOON + DAY) == Outcome()
    third = asked(oak)
    assert said(switching.decline(oak.c, third.id, oak.dev, NOON)) == "switching.not_on"
    assert switching.confirm(oak.c, third.id, oak.priya, NOON) == Outcome()
    assert reason(oak) is Reason.NO_ROW and switching.standing(oak.c, oak.sam, NOON) == []


def test_on_already_it_is_not_asked_for_again_and_a_told_colleague_confirms(unwell: Oak) -> None:
    oak = unwell
    made = asked(oak, told=False)
    assert said(switching.confirm(oak.c, made.id, oak.dev, NOON, told=True)) == "switching.on"
    kept = switching.switch(oak.c, made.id)
    assert kept is not None and (kept.told_by, kept.second) == (oak.dev, oak.dev)
    assert switching.confirm(oak.c, made.id, oak.priya, NOON) == Outcome()
    outcome = switching.ask(oak.c, oak.sam, Situation.UNWELL, DAY, oak.jo, NOON, told=True)
    assert said(outcome) == "switching.on_already" and outcome.records == ()


def test_neither_the_person_nor_whoever_asks_is_asked_to_confirm(unwell: Oak) -> None:
    oak = unwell
    for name in ("Sam", "Jo"):
        also(oak, name, Role.MANAGER)
    asked(oak)
    assert told(oak.c, "switching.please_confirm") == ["Dev", "Priya"]
    unreachable(oak, "Dev", "Priya", "Mina")
    outcome = switching.ask(oak.c, oak.sam, Situation.UNWELL, DAY, oak.jo, LATER, told=True)
    assert said(outcome) == "switching.nobody_to_confirm"


def test_whoever_asked_hears_that_nobody_has_confirmed_it(unwell: Oak) -> None:
    oak = unwell
    made = asked(oak)
    early = switching.over(oak.c, made.id, LATER, LATER)
    assert early.tells == () and early.wakes[0].at == NOON + CONFIRM
    late = NOON + CONFIRM
    assert [tell.to for tell in switching.over(oak.c, made.id, late, late).tells] == [oak.jo]
    assert told(oak.c, "switching.unconfirmed") == ["Jo"]
    assert switching.over(oak.c, made.id, late, late).tells == ()
    assert switching.confirm(oak.c, made.id, oak.dev, NOON) == Outcome(), "a clock set back"
    declined = asked(oak)
    switching.decline(oak.c, declined.id, oak.dev, NOON)
    wakes = select(schema.deadline.c.key).where(schema.deadline.c.kind == OVER)
    assert declined.id not in oak.c.execute(wakes).scalars().all()


def test_what_is_said_at_the_end_is_what_holds_then(unwell: Oak) -> None:
    oak = unwell
    made = {}
    for situation in (Situation.UNWELL, Situation.EMERGENCY):
        outcome = switching.ask(oak.c, oak.sam, situation, DAY, oak.jo, NOON, told=True)
        urgent = situation is Situation.EMERGENCY
        assert {tell.lane for tell in outcome.tells} == {Lane.SAFETY if urgent else Lane.NEWS}
        one = outcome.records[-1]
        assert isinstance(one, Switching)
        switching.confirm(oak.c, one.id, oak.dev, NOON)
        made[situation] = one.id
    for situation, then in ((Situation.UNWELL, "emergency"), (Situation.EMERGENCY, "everyday")):
        ended = switching.end(oak.c, made[situation], oak.dev, LATER)
        shown = {"situation": situation.value, "then": then}
        assert ended.said is not None and shown.items() <= ended.said.params.items()
        assert ended.tells[0].to == oak.sam and ended.tells[0].message.params == shown
