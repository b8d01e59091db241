"""The first 12 weeks as they are kept: who is asked, who may read it, that it ends by itself."""

import asyncio
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, select

from bot.care import first_weeks as care
from bot.care import week_answer as said
from bot.care.circle import Role, Shift
from bot.care.first_weeks import FirstWeeks, State
from bot.care.outcome import Cause, Outcome
from bot.care.sign import Voice
from bot.care.week_answer import Said
from bot.clock import HandClock
from bot.i18n import Words
from bot.outbox import gate
from bot.outbox.sender import Presented
from bot.store import circle, first_weeks, leaving, outbox, schema, seed, those, week_answer
from bot.store.commit import KEEP
from bot.store.memory import Memory
from bot.store.tools import new_id
from tests.conftest import KEY, NOON
from tests.oak import ACCOUNTS, Oak, also, told

FRIDAY = NOON + timedelta(days=3, hours=21)
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
PRESENT = gate.present(Words.load(), ZoneInfo("Europe/London"))


def begun(oak: Oak, *, around: bool = True) -> str:
    """Sam's first weeks have begun; their id."""
    first_weeks.start(oak.c, oak.sam, oak.jo, NOON)
    id = newest(oak).id
    if around:
        first_weeks.may_ask(oak.c, id, True, oak.sam, NOON)
    return id


def newest(oak: Oak) -> FirstWeeks:
    found = first_weeks.newest(oak.c, oak.sam)
    assert found is not None
    return found


def passes(oak: Oak, id: str, week: int = 1) -> None:
    """It is the Friday of this week."""
    at = FRIDAY + (week - 1) * WEEK + care.spread(id)
    week_answer.tick(oak.c, id, at, at, Cause(deadline=(care.KIND, id)))


def asked(oak: Oak, week: int = 1) -> dict[str, str]:
    """Who was asked that week, by name: the id of what they say."""
    found = week_answer.answers(oak.c, newest(oak).id)
    return {circle.name(oak.c, one.to.member): one.id for one in found if one.week == week}


def due(oak: Oak, kind: str) -> list[object]:
    rows = oak.c.execute(select(schema.deadline).where(schema.deadline.c.kind == kind)).all()
    return [row.due_at for row in rows]


def test_it_is_asked_twelve_times_and_is_over_a_week_later(oak: Oak) -> None:
    id = begun(oak)
    assert due(oak, care.KIND) == [FRIDAY + care.spread(id)]
    for week in range(1, 13):
        passes(oak, id, week)
        assert set(asked(oak, week)) == {"Sam", "Amira", "Leo", "Ruth", "Jo", "Dev"}
    assert newest(oak).state is State.RUNNING
    passes(oak, id, 13)
    assert newest(oak).state is State.OVER and due(oak, care.KIND) == []
    passes(oak, id, 13)
    assert told(oak.c, "first_weeks.over_you") == ["Sam"]
    assert told(oak.c, "first_weeks.question") == ["Sam"] * 12
    # What is looked at together afterwards.
    at = FRIDAY + 6 * WEEK + care.spread(id)
    sam, jo = those.one(oak.sam), those.one(oak.jo)
    assert first_weeks.looks(oak.c, sam, at) == [(id, oak.sam, at)]
    both = [when for _, _, when in first_weeks.looks(oak.c, sam, at + 6 * WEEK)]
    assert both == [at, at + 6 * WEEK]
    assert first_weeks.looks(oak.c, sam, at - DAY) == [] == first_weeks.looks(oak.c, jo, at)


def test_those_around_are_asked_only_once_the_person_says_so(oak: Oak) -> None:
    id = begun(oak, around=False)
    passes(oak, id)
    assert set(asked(oak)) == {"Sam", "Jo", "Dev"}
    for other in (oak.jo, oak.amira, oak.alex, oak.priya):
        assert first_weeks.may_ask(oak.c, id, True, other, NOON) == Outcome()
    first_weeks.may_ask(oak.c, id, True, oak.sam, NOON)
    passes(oak, id, 2)
    assert {"Amira", "Leo", "Ruth"} < set(asked(oak, 2))
    first_weeks.no_more(oak.c, id, oak.amira, NOON)
    first_weeks.no_more(oak.c, id, oak.sam, NOON)
    first_weeks.no_more(oak.c, id, oak.alex, NOON)
    passes(oak, id, 3)
    assert set(asked(oak, 3)) == {"Leo", "Ruth", "Jo", "Dev"}
    first_weeks.ask_me(oak.c, id, oak.sam, NOON)
    first_weeks.may_ask(oak.c, id, False, oak.sam, NOON)
    passes(oak, id, 4)
    assert set(asked(oak, 4)) == {"Sam", "Jo", "Dev"}


def test_only_staff_of_the_person_start_it_end_it_and_read_it(oak: Oak) -> None:
    for other in (oak.alex, oak.amira, oak.sam):
        assert first_weeks.start(oak.c, oak.sam, other, NOON) == Outcome()
    assert first_weeks.start(oak.c, oak.amira, oak.jo, NOON) == Outcome()
    id = begun(oak)
    passes(oak, id)
    week_answer.hear(oak.c, asked(oak)["Sam"], Said.HARD, oak.sam, FRIDAY)
    for other in (oak.alex, oak.amira, oak.sam):
        for act in (first_weeks.pause, first_weeks.stop):
            assert act(oak.c, id, other, NOON) == Outcome()
        assert week_answer.read(oak.c, id, 1, other, NOON) == Outcome()
        assert week_answer.waiting(oak.c, other, NOON) == []
    assert week_answer.read(oak.c, id, 1, oak.dev, NOON).records
    assert first_weeks.pause(oak.c, id, oak.dev, NOON) and due(oak, care.KIND) == []
    passes(oak, id, 2)
    assert asked(oak, 2) == {}
    first_weeks.go_on(oak.c, id, oak.priya, FRIDAY + DAY)
    assert due(oak, care.KIND) == [FRIDAY + WEEK + care.spread(id)]
    first_weeks.stop(oak.c, id, oak.jo, FRIDAY)
    assert due(oak, care.KIND) == [] and newest(oak).state is State.STOPPED


def test_each_answers_for_themselves_and_their_words_are_theirs(oak: Oak) -> None:
    id = begun(oak)
    passes(oak, id)
    amira = asked(oak)["Amira"]
    for other in (oak.sam, oak.jo, oak.leo, oak.alex):
        assert week_answer.hear(oak.c, amira, Said.GOOD, other, FRIDAY) == Outcome()
        assert week_answer.say(oak.c, amira, "x", None, other, FRIDAY) == Outcome()
        assert week_answer.later(oak.c, amira, other, FRIDAY) == Outcome()
    week_answer.hear(oak.c, amira, Said.HARD, oak.amira, FRIDAY)
    week_answer.say(oak.c, amira, None, "He does not sleep.", oak.amira, FRIDAY)
    found = week_answer.answer(oak.c, amira)
    assert found is not None and (found.said, found.different) == (Said.HARD, "He does not sleep.")
    table = schema.first_weeks_answer
    sealed = oak.c.execute(select(table.c.different).where(table.c.id == amira)).scalar_one()
    assert b"sleep" not in sealed
    week_answer.say(oak.c, amira, None, None, oak.amira, FRIDAY, usual="He hums.")
    found = week_answer.answer(oak.c, amira)
    assert found is not None and (found.different, found.usual) == (
        "He does not sleep.",
        "He hums.",
    )
    sealed = oak.c.execute(select(table.c.usual).where(table.c.id == amira)).scalar_one()
    assert b"hums" not in sealed
    # Whoever is around no more answers no more, but what they had begun to say is heard.
    leaving.leave(oak.c, oak.amira, FRIDAY)
    assert week_answer.hear(oak.c, amira, Said.GOOD, oak.amira, FRIDAY) == Outcome()
    assert week_answer.say(oak.c, amira, "He sang.", None, oak.amira, FRIDAY).records
    passes(oak, id, 2)
    assert "Amira" not in asked(oak, 2)


def test_what_is_said_is_read_on_the_next_working_day_and_asked_about_until_then(oak: Oak) -> None:
    id = begun(oak)
    passes(oak, id)
    monday = FRIDAY + timedelta(days=2, hours=23) + care.spread(id)
    week_answer.hear(oak.c, asked(oak)["Sam"], Said.GOOD, oak.sam, FRIDAY)
    assert due(oak, said.READ) == [monday]
    week_answer.remind(oak.c, id, monday, monday, Cause(deadline=(said.READ, id)))
    assert told(oak.c, "first_weeks.to_read") == ["Jo"]
    assert due(oak, said.READ) == [monday + DAY]
    week_answer.read(oak.c, id, 1, oak.dev, monday)
    week_answer.remind(oak.c, id, monday + DAY, monday + DAY, Cause(deadline=(said.READ, id)))
    assert told(oak.c, "first_weeks.to_read") == ["Jo"] and due(oak, said.READ) == []


def test_a_question_put_off_comes_back_once(oak: Oak) -> None:
    id = begun(oak)
    passes(oak, id)
    sam = asked(oak)["Sam"]
    week_answer.later(oak.c, sam, oak.sam, FRIDAY)
    again = FRIDAY + DAY
    assert due(oak, said.LATER) == [again]
    for _ in range(2):
        week_answer.ask_again(oak.c, sam, again, again, Cause(deadline=(said.LATER, sam)))
    assert told(oak.c, "first_weeks.question") == ["Sam", "Sam"] and due(oak, said.LATER) == []
    week_answer.later(oak.c, sam, oak.sam, again)
    week_answer.hear(oak.c, sam, Said.GOOD, oak.sam, again)
    assert due(oak, said.LATER) == []


@pytest.mark.parametrize(
    ("name", "role", "voice"), [("Amira", Role.STAFF, Voice.CARER), ("Jo", None, Voice.STAFF)]
)
def test_whoever_has_two_roles_is_asked_once(
    oak: Oak, name: str, role: Role | None, voice: Voice
) -> None:
    if role is not None:
        also(oak, name, role)
    night = FRIDAY - timedelta(hours=10)
    shift = Shift(new_id(oak.c), oak.team, oak.ids[name], night, night + timedelta(hours=8))
    KEEP[Shift](oak.c, shift)
    passes(oak, begun(oak))
    found = week_answer.answer(oak.c, asked(oak)[name])
    assert found is not None and found.to.voice is voice
    assert found.to.shift is (said.Shift.NIGHT if voice is Voice.STAFF else None)


def test_a_question_that_waited_is_not_asked_of_whoever_is_asked_no_more(oak: Oak) -> None:
    """Quiet hours hold it until the next morning, and things went on."""
    id = begun(oak)
    passes(oak, id)

    def leaves(name: str, text: str = "question_around") -> bool:
        table = schema.outbox
        full = f"first_weeks.{text}"
        of = select(table.c.id).where(table.c.text == full, table.c.member == oak.ids[name])
        row, _ = outbox.load(oak.c, oak.c.execute(of).scalar_one())
        return isinstance(PRESENT(oak.c, row, FRIDAY + timedelta(hours=1)), Presented)

    assert all(map(leaves, ("Amira", "Leo", "Ruth"))) and leaves("Sam", "question")
    also(oak, "Amira", Role.STAFF)  # she stays in Kith, and is a carer no more
    leaving.end_membership(oak.c, oak.role("Amira"), oak.amira, FRIDAY)
    assert not leaves("Amira") and leaves("Leo")
    first_weeks.no_more(oak.c, id, oak.leo, FRIDAY)
    assert not leaves("Leo") and leaves("Ruth")
    first_weeks.may_ask(oak.c, id, False, oak.sam, FRIDAY)
    assert not leaves("Ruth") and leaves("Sam", "question") and leaves("Jo", "to_say")
    ruth = asked(oak)["Ruth"]
    assert week_answer.later(oak.c, ruth, oak.ruth, FRIDAY) == Outcome()
    assert week_answer.hear(oak.c, ruth, Said.HARD, oak.ruth, FRIDAY).records, "she may still say"
    first_weeks.pause(oak.c, id, oak.jo, FRIDAY)
    assert not leaves("Sam", "question") and not leaves("Jo", "to_say")
    assert week_answer.later(oak.c, asked(oak)["Sam"], oak.sam, FRIDAY) == Outcome()


def test_words_wait_to_be_read_whatever_is_pressed_after_and_at_last_for_the_managers(
    oak: Oak,
) -> None:
    id = begun(oak)
    passes(oak, id)
    leo, sam = asked(oak)["Leo"], asked(oak)["Sam"]
    week_answer.hear(oak.c, leo, Said.HARD, oak.leo, FRIDAY)
    week_answer.say(oak.c, leo, None, "He is afraid.", oak.leo, FRIDAY)
    assert week_answer.hear(oak.c, leo, Said.NOT_THIS_WEEK, oak.leo, FRIDAY) == Outcome()
    week_answer.hear(oak.c, sam, Said.NOT_THIS_WEEK, oak.sam, FRIDAY)
    week_answer.say(oak.c, sam, "Singing.", None, oak.sam, FRIDAY)  # a talk that was left open
    unread = [one.id for one in week_answer.answers(oak.c, id, words=False) if one.to_read]
    assert set(unread) == {leo, sam}
    first_weeks.stop(oak.c, id, oak.jo, FRIDAY)
    first_weeks.start(oak.c, oak.sam, oak.jo, FRIDAY)  # staff find it all the same
    assert week_answer.unread(oak.c, [oak.sam, oak.jo]) == {oak.sam: [(id, 1), (id, 1)]}
    for day in range(3, 6):
        at = FRIDAY + day * DAY
        week_answer.remind(oak.c, id, at, at, Cause(deadline=(said.READ, id)))
    assert told(oak.c, "first_weeks.to_read") == ["Jo", "Jo", "Priya", "Jo", "Priya"]


def test_no_more_questions_holds_though_it_is_begun_anew(oak: Oak) -> None:
    old = begun(oak)
    first_weeks.no_more(oak.c, old, oak.leo, NOON)
    first_weeks.no_more(oak.c, old, oak.sam, NOON)
    first_weeks.stop(oak.c, old, oak.jo, NOON)
    later = NOON + timedelta(hours=1)
    first_weeks.start(oak.c, oak.sam, oak.jo, later)
    fresh = newest(oak)
    assert fresh.no_more == {oak.leo} and fresh.around is None, "Sam is asked anew"
    first_weeks.no_more(oak.c, old, oak.sam, later)  # an old button
    assert newest(oak).no_more == {oak.leo, oak.sam}


def test_it_is_over_when_the_person_has_left(oak: Oak) -> None:
    id = begun(oak)
    leaving.leave(oak.c, oak.sam, NOON)
    passes(oak, id)
    assert newest(oak).state is State.OVER and due(oak, care.KIND) == []
    assert told(oak.c, "first_weeks.question") == []


@pytest.mark.parametrize("engine_url", ["postgresql"], indirect=True)
async def test_two_who_want_no_more_on_two_replicas_at_once_are_both_heard(
    engine_url: str, tmp_path: Path
) -> None:
    clock = HandClock(NOON)
    one = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=clock)
    other = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=clock)
    try:
        ids = await one.write(seed.seed_sample, NOON, ACCOUNTS)
        jo, priya = (ids[name] for name in ("Jo", "Priya"))
        await asyncio.gather(
            one.write(first_weeks.start, ids["Sam"], jo, NOON),
            other.write(first_weeks.start, ids["Sam"], priya, NOON),
        )
        begun = await one.read(first_weeks.newest, ids["Sam"])
        assert begun is not None
        assert len(await one.read(all_of)) == 1, "it begins once"
        await asyncio.gather(
            one.write(first_weeks.no_more, begun.id, ids["Sam"], NOON),
            other.write(first_weeks.no_more, begun.id, ids["Leo"], NOON),
        )
        now = await one.read(first_weeks.first_weeks, begun.id)
        assert now is not None and now.no_more == {ids["Sam"], ids["Leo"]}
    finally:
        await one.close()
        await other.close()


def all_of(c: Connection) -> list[str]:
    return list(c.execute(select(schema.first_weeks.c.id)).scalars())
