"""What might have been told on a day that is over, to the moment, and never a guardrail."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert

from bot.care.agreement import Effect, Reason
from bot.care.outcome import Topic
from bot.flows import past as talks
from bot.store import agreeing, ledger, past, schema, supporter
from bot.store.circle import keep_membership
from bot.store.flow import Talk
from bot.store.tools import new_id
from tests.conftest import NOON
from tests.oak import Oak

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def test_a_change_in_the_course_of_a_day_is_found_to_the_moment(oak: Oak) -> None:
    stopped = NOON + 3 * HOUR + 17 * MINUTE
    place = next(held for held in past.ever_around(oak.c, oak.sam) if held.member == oak.amira)
    agreeing.stop(oak.c, place.id, oak.sam, stopped)
    before = ledger.lines(oak.c)

    found = past.spans(oak.c, place, Topic.DAILY_LIFE, NOON - HOUR, NOON + 10 * HOUR)

    assert [span.decisions[2].reason for span in found] == [
        Reason.NOT_IN_CIRCLE,
        Reason.AGREED,
        Reason.NO_AGREEMENT,
    ]
    assert [span.since for span in found] == [NOON - HOUR, NOON, stopped]
    assert [span.until for span in found] == [NOON, stopped, NOON + 10 * HOUR]
    assert ledger.lines(oak.c) == before


def test_a_pause_within_one_hour_is_found(oak: Oak) -> None:
    place = next(held for held in past.ever_around(oak.c, oak.sam) if held.member == oak.amira)
    paused, again = NOON + 10 * MINUTE, NOON + 50 * MINUTE
    supporter.pause(oak.c, place.id, oak.sam, paused)
    supporter.resume(oak.c, place.id, oak.sam, again)
    found = past.spans(oak.c, place, Topic.DAILY_LIFE, NOON, NOON + HOUR)
    assert [span.decisions[0].reason for span in found] == [
        Reason.AGREED,
        Reason.PAUSED,
        Reason.AGREED,
    ]
    assert [span.since for span in found] == [NOON, paused, again]


def test_it_says_for_each_level_what_would_have_been(oak: Oak) -> None:
    places = {held.member: held for held in past.ever_around(oak.c, oak.sam)}

    def effects(member: str, topic: Topic) -> list[Effect]:
        (span,) = past.spans(oak.c, places[member], topic, NOON, NOON + HOUR)
        return [decision.effect for decision in span.decisions]

    assert effects(oak.leo, Topic.DAILY_LIFE) == [Effect.SHARE, Effect.SHARE, Effect.WITHHOLD]
    assert effects(oak.amira, Topic.APPOINTMENTS) == [Effect.ASK] * 3
    assert effects(oak.amira, Topic.FINANCES) == [Effect.WITHHOLD] * 3


def test_a_guardrail_changes_nothing_that_the_person_sees(oak: Oak) -> None:
    place = next(held for held in past.ever_around(oak.c, oak.sam) if held.member == oak.amira)
    asked = oak.c, place, Topic.DAILY_LIFE, NOON, NOON + 3 * HOUR
    before = past.spans(*asked)
    oak.c.execute(
        insert(schema.guardrail).values(
            id=new_id(oak.c),
            person=oak.sam,
            supporter=place.id,
            topic=Topic.DAILY_LIFE.value,
            why=b"",
            set_by=oak.mina,
            since=NOON + HOUR,
        )
    )
    assert past.spans(*asked) == before


def test_whoever_was_let_in_again_is_offered_once_and_asked_of_the_place_they_had(oak: Oak) -> None:
    first = next(held for held in past.ever_around(oak.c, oak.sam) if held.member == oak.amira)
    again = NOON + 48 * HOUR
    keep_membership(oak.c, replace(first, until=NOON + 3 * HOUR))
    keep_membership(oak.c, replace(first, id="again", since=again))
    said = {talks.ZONE: "Europe/London", "supporter": oak.amira, "topic": "daily_life"}
    talk = Talk("talk", 1, oak.role("Sam"), "past", "level", {**said, "day": f"{NOON:%Y-%m-%d}"})
    facts = talks._facts(oak.c, talk, again + HOUR)
    assert [one.id for one in talks.supporters(facts, talk)].count(oak.amira) == 1
    assert [span.decisions[0].reason for span in facts.spans] == [
        Reason.NOT_IN_CIRCLE,
        Reason.AGREED,
        Reason.NOT_IN_CIRCLE,
    ]


def test_what_changed_in_the_last_hour_is_seen_too(oak: Oak) -> None:
    place = next(held for held in past.ever_around(oak.c, oak.sam) if held.member == oak.amira)
    agreeing.stop(oak.c, place.id, oak.sam, NOON + 20 * MINUTE)
    found = past.spans(oak.c, place, Topic.DAILY_LIFE, NOON, NOON + 45 * MINUTE)
    assert [one.decisions[0].reason for one in found] == [Reason.AGREED, Reason.NO_AGREEMENT]
    assert past.spans(oak.c, place, Topic.DAILY_LIFE, NOON, NOON) == []
