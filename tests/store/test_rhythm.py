"""Planned contact as it is kept: who sets it, what counts as contact, and what ends it."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from bot.care.agreement import Choice
from bot.care.outcome import Cause, Outcome, Topic
from bot.care.rhythm import DUE, SOON
from bot.store import (
    agreeing,
    ask_first,
    deadlines,
    good_news,
    guarding,
    leaving,
    news,
    rhythm,
    schema,
    tell,
)
from tests.conftest import NOON
from tests.oak import LATER, Oak, said, told

WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
WORDS = "I saw a heron."


def moments(oak: Oak) -> dict[str, datetime]:
    rows = oak.c.execute(select(schema.deadline)).all()
    return {row.kind: row.due_at for row in rows if row.kind in (DUE, SOON)}


def weekly(oak: Oak, name: str = "Amira", *, asks: bool = False) -> str:
    """The team is in touch with this supporter every week; their membership."""
    rhythm.agree(oak.c, oak.role(name), 1, oak.jo, NOON, asks=asks)
    return oak.role(name)


def test_it_comes_back_as_it_was_agreed_and_may_be_changed_and_ended(oak: Oak) -> None:
    place = weekly(oak, asks=True)
    found = rhythm.rhythm(oak.c, place)
    assert found is not None
    assert (found.member, found.person, found.weeks, found.asks) == (oak.amira, oak.sam, 1, True)
    assert moments(oak) == {DUE: NOON + WEEK, SOON: NOON + WEEK - DAY}

    rhythm.agree(oak.c, place, 2, oak.dev, NOON)
    assert moments(oak) == {DUE: NOON + 2 * WEEK}
    rhythm.agree(oak.c, place, 0, oak.jo, NOON)
    assert moments(oak) == {} and rhythm.rhythm(oak.c, place) is None


def test_only_staff_of_the_person_plan_it_and_answer_for_it(oak: Oak) -> None:
    for stranger in (oak.alex, oak.amira, oak.sam):
        assert rhythm.agree(oak.c, oak.role("Amira"), 1, stranger, NOON) == Outcome()
    assert rhythm.agree(oak.c, oak.role("Jo"), 1, oak.dev, NOON) == Outcome()
    place = weekly(oak)
    found = rhythm.rhythm(oak.c, place)
    assert found is not None
    for stranger in (oak.alex, oak.amira, oak.sam):
        assert rhythm.phoned(oak.c, place, found.mark, stranger, NOON) == Outcome()
        assert rhythm.later(oak.c, place, found.mark, stranger, NOON) == Outcome()


def test_staff_are_reminded_with_no_agreement_at_all(oak: Oak) -> None:
    agreeing.stop_all(oak.c, oak.sam, NOON)
    place = weekly(oak)
    rhythm.due(oak.c, place, NOON + WEEK, NOON + WEEK, Cause(deadline=(DUE, place)))
    assert told(oak.c, "rhythm.due_weekly") == ["Jo"]
    assert moments(oak) == {DUE: NOON + WEEK + 3 * DAY}


def test_what_is_told_is_contact_and_what_nobody_may_hear_is_not(oak: Oak) -> None:
    amira, ruth = weekly(oak), weekly(oak, "Ruth")
    tell.send(oak.c, oak.sam, Topic.DAILY_LIFE, 2, WORDS, oak.jo, NOON + DAY)

    heard, unheard = rhythm.rhythm(oak.c, amira), rhythm.rhythm(oak.c, ruth)
    assert heard is not None and unheard is not None
    assert (heard.last_at, heard.next_at) == (NOON + DAY, NOON + DAY + WEEK)
    assert (unheard.last_at, unheard.next_at) == (None, NOON + WEEK)


def test_what_the_person_is_asked_about_is_contact_once_they_say_yes(oak: Oak) -> None:
    place = weekly(oak)
    tell.send(oak.c, oak.sam, Topic.APPOINTMENTS, 3, "The dentist.", oak.jo, NOON + DAY)
    before = rhythm.rhythm(oak.c, place)
    assert before is not None and before.last_at is None
    row = oak.c.execute(select(schema.telling).where(schema.telling.c.state == "asking")).one()
    ask_first.yes(oak.c, row.id, row.version, oak.sam, NOON + DAY)
    after = rhythm.rhythm(oak.c, place)
    assert after is not None and after.last_at == NOON + DAY


def test_whoever_is_around_no_more_is_nobodys_to_be_in_touch_with(oak: Oak) -> None:
    place = weekly(oak, asks=True)
    leaving.end_membership(oak.c, place, oak.sam, NOON)
    rhythm.due(oak.c, place, NOON + WEEK, NOON + WEEK)
    assert told(oak.c, "rhythm.due_weekly") == [] and moments(oak) == {}


def test_the_person_is_asked_the_day_before_where_what_they_write_could_be_heard(
    oak: Oak,
) -> None:
    for name in ("Amira", "Ruth"):
        place = weekly(oak, name, asks=True)
        rhythm.soon(oak.c, place, NOON, NOON + WEEK - DAY, Cause(deadline=(SOON, place)))
    assert told(oak.c, "rhythm.good_news") == ["Sam"]
    leo = weekly(oak, "Leo")
    rhythm.soon(oak.c, leo, NOON, NOON)
    assert told(oak.c, "rhythm.good_news") == ["Sam"]
    assert deadlines.upcoming(oak.c, (SOON,), 5) == []


def test_the_persons_words_go_to_that_supporter_alone_as_far_as_they_share(oak: Oak) -> None:
    outcome = good_news.share(oak.c, oak.role("Leo"), WORDS, oak.sam, NOON)
    assert said(outcome) == "rhythm.shared"
    assert told(oak.c, "news.push") == ["Leo"]
    item = news.news(oak.c, oak.c.execute(select(schema.news.c.id)).scalar_one())
    assert item is not None and (item.level, item.by, item.words) == (2, oak.sam, WORDS)

    kept_back = good_news.share(oak.c, oak.role("Ruth"), WORDS, oak.sam, NOON)
    assert said(kept_back) == "rhythm.cannot"
    for other in (oak.amira, oak.jo, oak.alex):
        assert good_news.share(oak.c, oak.role("Leo"), WORDS, other, NOON) == Outcome()
    assert good_news.share(oak.c, oak.role("Jo"), WORDS, oak.sam, NOON) == Outcome()


def test_whatever_keeps_them_back_the_answer_is_the_same(oak: Oak) -> None:
    """From none of it can be read whether staff have said "never tell"."""

    def guarded(name: str) -> None:
        guarding.forbid(oak.c, oak.role(name), [Topic.DAILY_LIFE], "Why.", oak.mina, NOON)

    def one(name: str) -> Outcome:
        return good_news.share(oak.c, oak.role(name), WORDS, oak.sam, LATER)

    guarded("Amira")
    leo = oak.role("Leo")
    leaving.end_membership(oak.c, leo, oak.sam, NOON)
    answers = [one("Amira"), one("Ruth")]
    answers.append(good_news.share(oak.c, leo, WORDS, oak.sam, LATER))
    guarded("Ruth")
    answers.append(one("Ruth"))
    assert {(said(each), *(each.said.params if each.said else "?")) for each in answers} == {
        ("rhythm.cannot",)
    }
    assert not any(each.records or each.tells or each.logs for each in answers)
    assert told(oak.c, "news.push") == []


def test_their_own_words_are_the_yes_that_they_want_to_be_asked_for(oak: Oak) -> None:
    table = schema.sharing
    daily = update(table).where(table.c.topic == Topic.DAILY_LIFE.value)
    oak.c.execute(daily.values(choice=Choice.ASK.value))
    good_news.share(oak.c, oak.role("Amira"), WORDS, oak.sam, NOON)

    row = oak.c.execute(select(schema.telling)).one()
    telling, item = news.telling(oak.c, row.id), news.news(oak.c, row.news)
    assert telling is not None and item is not None
    assert news.told(news.decision(oak.c, item, telling, NOON))
