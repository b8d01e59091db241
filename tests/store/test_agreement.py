"""The gate asked of the database: the facts as they stood at a moment, then and ever after."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, func, insert, select, update
from structlog.testing import capture_logs

from bot.care.agreement import Agreement, Choice, Decision, Effect, Reason, Sharing, Situation
from bot.care.agreement import State as Stands
from bot.care.outcome import NOBODY, About, Outcome, Topic
from bot.store import agreement, leaving, schema
from bot.store.commit import KEEP, commit
from bot.store.tools import new_id
from tests.conftest import NOON
from tests.oak import Oak

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)


def about(oak: Oak, topic: Topic, level: int, item: str | None = None, to: str = "Amira") -> About:
    """Something of noon, for a supporter of the sample circle."""
    return About(oak.sam, topic, level, oak.role(to), item, NOON)


def asked(oak: Oak, what: About, now: datetime = NOON, to: str = "Amira") -> Decision:
    return agreement.replay(oak.c, oak.ids[to], what, now)


def kept(oak: Oak, table: Table, **values: Any) -> str:
    """A row about Sam that stands since noon; its id."""
    id = new_id(oak.c)
    known: dict[str, Any] = {"id": id, "person": oak.sam, "since": NOON, "why": b""} | values
    columns = {name: value for name, value in known.items() if name in table.c}
    oak.c.execute(insert(table).values(**columns))
    return id


def news(oak: Oak, topic: Topic = Topic.APPOINTMENTS, **values: Any) -> str:
    """Something that Jo has written about Sam; its id."""
    plain = {"level": 2, "params": {}, "by": oak.jo, "made_at": NOON, "harm": False}
    return kept(oak, schema.news, topic=topic.value, **plain | values)


def answered(oak: Oak, item: str, answer: str, at: datetime) -> None:
    kept(
        oak,
        schema.telling,
        news=item,
        member=oak.amira,
        supporter=oak.role("Amira"),
        state="waiting",
        made_at=NOON,
        answer=answer,
        answered_at=at,
        version=1,
    )


def standing(oak: Oak, to: str = "Amira", now: datetime = NOON) -> Agreement:
    (found,) = agreement.active(oak.c, oak.role(to), now)
    return found


@pytest.mark.parametrize(
    ("to", "topic", "level", "effect", "reason"),
    [
        ("Amira", Topic.DAILY_LIFE, 3, Effect.SHARE, Reason.AGREED),
        ("Amira", Topic.APPOINTMENTS, 3, Effect.ASK, Reason.ASK_FIRST),
        ("Amira", Topic.JOURNEYS, 1, Effect.SHARE, Reason.AGREED),
        ("Amira", Topic.JOURNEYS, 2, Effect.WITHHOLD, Reason.LEVEL),
        ("Amira", Topic.FINANCES, 1, Effect.WITHHOLD, Reason.NEVER),
        ("Amira", Topic.INCIDENTS, 1, Effect.WITHHOLD, Reason.NO_ROW),
        ("Leo", Topic.DAILY_LIFE, 2, Effect.SHARE, Reason.AGREED),
        ("Leo", Topic.DAILY_LIFE, 3, Effect.WITHHOLD, Reason.LEVEL),
        ("Leo", Topic.JOURNEYS, 1, Effect.WITHHOLD, Reason.NO_ROW),
        ("Ruth", Topic.PLANS_AND_REVIEWS, 3, Effect.SHARE, Reason.AGREED),
        ("Ruth", Topic.DAILY_LIFE, 1, Effect.WITHHOLD, Reason.NO_ROW),
    ],
)
def test_the_sample_circle_hears_what_sam_agreed_to(
    oak: Oak, to: str, topic: Topic, level: int, effect: Effect, reason: Reason
) -> None:
    decision = asked(oak, about(oak, topic, level, news(oak), to), to=to)
    assert (decision.effect, decision.reason) == (effect, reason)


def test_an_agreement_comes_back_as_it_was_kept(oak: Oak) -> None:
    full = replace(
        standing(oak),
        rows=(
            Sharing(
                id=new_id(oak.c),
                topic=Topic.MEDICATION,
                situation=Situation.UNWELL,
                choice=Choice.ASK,
                level=2,
                since=NOON,
                until=NOON + DAY,
                data_from=NOON - DAY,
            ),
        ),
        id=new_id(oak.c),
        version=2,
        state=Stands.ENDED,
        ended_at=NOON + HOUR,
        ended_by=oak.sam,
    )
    KEEP[Agreement](oak.c, full)
    assert agreement.agreement(oak.c, full.id) == full
    assert [one.version for one in agreement.versions(oak.c, oak.role("Amira"))] == [1, 2]


def test_what_was_agreed_stays_as_it_was_agreed(oak: Oak) -> None:
    agreed = standing(oak)
    widened = tuple(replace(row, choice=Choice.SHARE, level=3) for row in agreed.rows)
    KEEP[Agreement](oak.c, replace(agreed, rows=widened))
    assert standing(oak) == agreed


def test_a_draft_is_kept_anew_and_opens_nothing(oak: Oak) -> None:
    agreed = standing(oak)
    row = replace(agreed.rows[0], id=new_id(oak.c), topic=Topic.INCIDENTS, choice=Choice.SHARE)
    draft = replace(
        agreed, id=new_id(oak.c), version=2, state=Stands.DRAFT, activated_at=None, rows=(row,)
    )
    KEEP[Agreement](oak.c, draft)
    changed = replace(draft, rows=(replace(row, id=new_id(oak.c), level=1),))
    KEEP[Agreement](oak.c, changed)
    assert agreement.agreement(oak.c, draft.id) == changed
    assert asked(oak, about(oak, Topic.INCIDENTS, 1)).reason is Reason.NO_ROW


def test_a_past_moment_is_answered_as_it_was(oak: Oak) -> None:
    """Sam agrees, agrees to something else an hour later, and stops an hour after that."""
    what = about(oak, Topic.DAILY_LIFE, 2)
    first = standing(oak)
    never = replace(first.rows[0], choice=Choice.NEVER, topic=Topic.DAILY_LIFE)
    second = replace(
        first, id=new_id(oak.c), version=2, activated_at=NOON + HOUR, drafted_at=NOON, rows=()
    )
    second = replace(second, rows=(replace(never, id=new_id(oak.c)),))
    KEEP[Agreement](
        oak.c, replace(first, state=Stands.ENDED, ended_at=NOON + HOUR, ended_by=oak.sam)
    )
    KEEP[Agreement](
        oak.c, replace(second, state=Stands.ENDED, ended_at=NOON + 2 * HOUR, ended_by=oak.sam)
    )
    row = next(row.id for row in first.rows if row.topic is Topic.DAILY_LIFE)
    moments = {
        NOON - TICK: Decision(Effect.WITHHOLD, Reason.NOT_IN_CIRCLE),
        NOON: Decision(Effect.SHARE, Reason.AGREED, (first.id, row)),
        NOON + HOUR - TICK: Decision(Effect.SHARE, Reason.AGREED, (first.id, row)),
        NOON + HOUR: Decision(Effect.WITHHOLD, Reason.NEVER, (second.id, second.rows[0].id)),
        NOON + 2 * HOUR - TICK: Decision(
            Effect.WITHHOLD, Reason.NEVER, (second.id, second.rows[0].id)
        ),
        NOON + 2 * HOUR: Decision(Effect.WITHHOLD, Reason.NO_AGREEMENT),
    }
    assert {moment: asked(oak, what, moment) for moment in moments} == moments


Change = Callable[[Oak, datetime], object]


def _guardrail(oak: Oak, now: datetime) -> object:
    return kept(
        oak,
        schema.guardrail,
        supporter=oak.role("Amira"),
        topic="daily_life",
        set_by=oak.mina,
        since=now,
        until=now + HOUR,
    )


def _hold(oak: Oak, now: datetime) -> object:
    concern = _decision(oak, now, "capacity", [])
    return kept(
        oak, schema.hold, topic="appointments", decision=concern, since=now, until=now + HOUR
    )


def _decision(oak: Oak, now: datetime, kind: str, topics: list[str]) -> str:
    return kept(
        oak,
        schema.decision,
        kind=kind,
        topics=topics,
        words=b"",
        test={},
        outcome="share" if kind == "best_interests" else "cannot_now",
        by=oak.jo,
        since=now,
        review_at=now + DAY,
    )


def _switch(oak: Oak, now: datetime) -> object:
    return kept(
        oak,
        schema.switch,
        situation="unwell",
        asked_by=oak.jo,
        asked_at=now - HOUR,
        since=now,
        until=now + HOUR,
    )


def _leaves(name: str) -> Change:
    return lambda oak, now: leaving.leave(oak.c, oak.ids[name], now)


def _removed(oak: Oak, now: datetime) -> object:
    return leaving.end_membership(oak.c, oak.role("Amira"), oak.sam, now)


def _withdrawn(oak: Oak, now: datetime) -> object:
    agreed = standing(oak, now=now)
    ended = replace(agreed, state=Stands.ENDED, ended_at=now, ended_by=oak.sam)
    return KEEP[Agreement](oak.c, ended)


def _questions(oak: Oak, item: str) -> Iterator[tuple[str, About]]:
    staff = About(oak.sam, Topic.JOURNEYS, 3)
    for name in oak.ids:
        yield name, staff
    for name in ("Amira", "Leo", "Ruth"):
        for topic in (Topic.DAILY_LIFE, Topic.APPOINTMENTS, Topic.JOURNEYS, Topic.FINANCES):
            yield name, about(oak, topic, 1, item, name)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_guardrail, id="a guardrail stands for an hour"),
        pytest.param(_hold, id="a concern stands for an hour"),
        pytest.param(_switch, id="sam is unwell for an hour"),
        pytest.param(_withdrawn, id="sam stops sharing with amira"),
        pytest.param(_removed, id="sam removes amira"),
        pytest.param(_leaves("Amira"), id="amira leaves"),
        pytest.param(_leaves("Jo"), id="jo leaves"),
        pytest.param(_leaves("Sam"), id="sam leaves"),
    ],
)
def test_what_was_answered_is_answered_again_whatever_has_changed_since(
    oak: Oak, change: Change
) -> None:
    _with_unwell_rows(oak)
    item = news(oak)
    questions = list(_questions(oak, item))
    before = [asked(oak, what, NOON + HOUR - TICK, to) for to, what in questions]
    change(oak, NOON + HOUR)
    during = [asked(oak, what, NOON + HOUR, to) for to, what in questions]
    assert during != before
    again = [asked(oak, what, NOON + HOUR - TICK, to) for to, what in questions]
    assert again == before
    after = [asked(oak, what, NOON + 2 * HOUR, to) for to, what in questions]
    assert after in (before, during)


def _with_unwell_rows(oak: Oak) -> None:
    """Sam keeps daily life to themselves when unwell."""
    agreed = standing(oak)
    oak.c.execute(
        insert(schema.sharing).values(
            id=new_id(oak.c),
            agreement=agreed.id,
            topic="daily_life",
            situation="unwell",
            choice="never",
            level=1,
            since=NOON,
            basis="consent",
        )
    )


def test_a_switch_that_the_second_has_not_confirmed_is_off(oak: Oak) -> None:
    _with_unwell_rows(oak)
    kept(
        oak,
        schema.switch,
        situation="unwell",
        asked_by=oak.jo,
        asked_at=NOON,
        since=None,
        until=NOON + DAY,
    )
    assert asked(oak, about(oak, Topic.DAILY_LIFE, 1)).reason is Reason.AGREED


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("yes", Reason.SAID_YES),
        ("no", Reason.SAID_NO),
        ("change", Reason.SAID_NO),
        ("silent", Reason.SAID_NO),
    ],
)
def test_only_a_yes_to_this_very_thing_is_a_yes(oak: Oak, answer: str, reason: Reason) -> None:
    item, other = news(oak), news(oak)
    answered(oak, item, answer, NOON + HOUR)
    what = about(oak, Topic.APPOINTMENTS, 2, item)
    assert asked(oak, what, NOON + HOUR - TICK).reason is Reason.ASK_FIRST
    assert asked(oak, what, NOON + HOUR).reason is reason
    assert asked(oak, replace(what, item=other), NOON + HOUR).reason is Reason.ASK_FIRST


def test_a_harm_is_told_to_nobody_before_sam_has_heard_of_it(oak: Oak) -> None:
    item = news(oak, Topic.DAILY_LIFE, harm=True, told_by=oak.jo, told_at=NOON + HOUR)
    what = about(oak, Topic.DAILY_LIFE, 2, item)
    assert asked(oak, what, NOON + HOUR - TICK).reason is Reason.NOT_TOLD_IN_PERSON
    assert asked(oak, what, NOON + HOUR).reason is Reason.AGREED
    untold = about(oak, Topic.DAILY_LIFE, 2, news(oak, Topic.DAILY_LIFE, harm=True))
    assert asked(oak, untold, NOON + DAY).reason is Reason.NOT_TOLD_IN_PERSON


def test_a_broken_glass_opens_one_thing_to_one_supporter(oak: Oak) -> None:
    item, other = news(oak, Topic.FINANCES), news(oak, Topic.FINANCES)
    glass = kept(
        oak,
        schema.glass,
        supporter=oak.role("Amira"),
        news=item,
        reason="vital_interest",
        by=oak.priya,
        since=NOON + HOUR,
        tell_person=True,
        review_at=NOON + DAY,
    )
    what = about(oak, Topic.FINANCES, 3, item)
    assert asked(oak, what, NOON + HOUR - TICK).reason is Reason.NEVER
    assert asked(oak, what, NOON + HOUR) == Decision(Effect.SHARE, Reason.BREAK_GLASS, (glass,))
    assert asked(oak, replace(what, item=other), NOON + HOUR).reason is Reason.NEVER
    leo = about(oak, Topic.FINANCES, 3, item, "Leo")
    assert asked(oak, leo, NOON + HOUR, "Leo").reason is Reason.NO_ROW


@pytest.mark.parametrize("basis", ["best_interests", "authority"])
def test_a_row_that_somebody_else_decided_stands_as_long_as_its_ground(
    oak: Oak, basis: str
) -> None:
    if basis == "best_interests":
        ground = _decision(oak, NOON, basis, ["incidents"])
        kept(oak, schema.hold, topic="incidents", decision=ground)
    else:
        ground = kept(
            oak,
            schema.authority,
            membership=oak.role("Leo"),
            topics=["incidents"],
            seen_by=oak.jo,
            until=NOON + DAY,
        )
    oak.c.execute(
        insert(schema.sharing).values(
            id=new_id(oak.c),
            agreement=standing(oak).id,
            topic="incidents",
            situation="everyday",
            choice="share",
            level=1,
            since=NOON,
            basis=basis,
            ground=ground,
        )
    )
    what = about(oak, Topic.INCIDENTS, 1)
    assert asked(oak, what, NOON + DAY - TICK).reason is Reason.AGREED
    assert asked(oak, what, NOON + DAY).reason is Reason.BASIS


def test_a_capacity_concern_is_no_ground_for_anything(oak: Oak) -> None:
    concern = _decision(oak, NOON, "capacity", ["incidents"])
    what = replace(about(oak, Topic.INCIDENTS, 1))
    found = agreement.facts(oak.c, oak.amira, what, NOON)
    assert concern not in [ground.id for ground in found.grounds]


@pytest.mark.parametrize("column", ["topic", "situation", "choice", "basis"])
def test_10_a_row_that_nobody_understands_is_a_no_to_everything_and_an_alarm(
    oak: Oak, column: str
) -> None:
    """It might have been the "no"; so it is not passed over."""
    spoilt = next(row.id for row in standing(oak).rows if row.topic is Topic.FINANCES)
    oak.c.execute(
        update(schema.sharing).where(schema.sharing.c.id == spoilt).values({column: "weather"})
    )
    for topic in Topic:
        with capture_logs() as logs:
            decision = asked(oak, about(oak, topic, 1))
        assert decision == Decision(Effect.WITHHOLD, Reason.ERROR)
        assert [line["log_level"] for line in logs] == ["error"]
    assert asked(oak, about(oak, Topic.DAILY_LIFE, 1, to="Leo"), to="Leo").reason is Reason.AGREED


def test_10_a_question_about_nobody_is_a_no(oak: Oak) -> None:
    nobody = replace(about(oak, Topic.DAILY_LIFE, 1), person="nobody")
    with capture_logs() as logs:
        assert asked(oak, nobody) == Decision(Effect.WITHHOLD, Reason.ERROR)
    assert [line["log_level"] for line in logs] == ["error"]


def test_asking_writes_nothing(oak: Oak) -> None:
    def rows() -> list[int]:
        tables = schema.metadata.sorted_tables
        return [oak.c.execute(select(func.count()).select_from(one)).scalar_one() for one in tables]

    item = news(oak)
    before = rows()
    for to, what in _questions(oak, item):
        asked(oak, what, NOON, to)
    assert rows() == before


def test_a_clock_that_is_set_back_brings_nothing_back_and_takes_nobody_away(oak: Oak) -> None:
    what = about(oak, Topic.DAILY_LIFE, 3)
    ended = replace(standing(oak), state=Stands.ENDED, ended_at=NOON + HOUR, ended_by=oak.sam)
    commit(oak.c, Outcome(records=(ended,)), NOBODY, NOON + HOUR)
    kept(
        oak,
        schema.guardrail,
        since=NOON + HOUR,
        supporter=oak.role("Leo"),
        topic=Topic.DAILY_LIFE.value,
        set_by=oak.ids["Mina"],
    )

    def now(to: str, what: About) -> Reason:
        return agreement.ask(oak.c, oak.ids[to], what, NOON - DAY).reason

    assert asked(oak, what, NOON + TICK).effect is Effect.SHARE  # as it was then
    assert agreement.ask(oak.c, oak.amira, what, NOON + TICK).reason is Reason.NO_AGREEMENT
    assert now("Leo", about(oak, Topic.DAILY_LIFE, 2, to="Leo")) is Reason.NOT_IN_CIRCLE
    leo = agreement.ask(oak.c, oak.ids["Leo"], about(oak, Topic.DAILY_LIFE, 2, to="Leo"), NOON)
    assert leo.reason is Reason.GUARDRAIL
    assert now("Jo", replace(what, acting=None)) is Reason.DIRECT_CARE
