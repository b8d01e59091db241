"""What holds of the gate whatever it is asked. A number is that of the property it proves.

12, 13 and 14 are about more than the gate (`test_one_way_out`, and the stories of the chat), 10
needs a database (`tests/store/test_agreement.py`), 17 is `tests/mutation`.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.care.agreement import (
    Agreement,
    Answer,
    Choice,
    Decision,
    Effect,
    Facts,
    Glass,
    Guardrail,
    Hold,
    Reason,
    Sharing,
    Situation,
    Standing,
    State,
    decide,
)
from bot.care.gate_proof import AGREED, ALLOWED, AMIRA, CARER, NOW, ROW, SAM
from bot.care.outcome import Topic
from tests.care.sharing import DAY, DICE, QUESTIONS, TICK, Question, sharing

RANK = (Effect.WITHHOLD, Effect.ASK, Effect.SHARE)
"""From the narrowest to the widest."""

LONDON = ZoneInfo("Europe/London")

many = settings(max_examples=300, deadline=None)


def answer(asked: Question, **facts: Any) -> Decision:
    """What the gate says, with these facts instead."""
    return decide(replace(asked.facts, **facts), asked.about, asked.now)


def wide(decision: Decision) -> int:
    return RANK.index(decision.effect)


def with_rows(facts: Facts, change: Any) -> Facts:
    """`change` makes new rows of each agreement's rows."""
    agreements = tuple(replace(a, rows=tuple(change(a.rows))) for a in facts.agreements)
    return replace(facts, agreements=agreements)


@many
@given(QUESTIONS)
def test_1_without_an_agreement_no_supporter_hears_a_word(asked: Question) -> None:
    assume(asked.about.acting is not None)
    assert answer(asked, agreements=(), glasses=()).effect is Effect.WITHHOLD


@many
@given(QUESTIONS, DICE)
def test_2_one_more_no_never_turns_a_no_into_a_yes(asked: Question, dice: Random) -> None:
    facts, about = asked.facts, asked.about
    supporter = about.acting or "amira"
    row = sharing(dice, "more")
    no = replace(row, choice=dice.choice((Choice.NEVER, Choice.UNSURE)))
    rail = Guardrail("more", supporter, about.topic)
    stopped = [
        replace(facts, untold=True),
        replace(facts, person_left=True),
        replace(facts, recipient=None),
        replace(facts, guardrails=(*facts.guardrails, rail)),
        replace(facts, holds=(*facts.holds, Hold("more", about.topic, row.since, row.until))),
        replace(facts, answers=(*facts.answers, Answer(supporter, str(about.item), yes=False))),
        with_rows(facts, lambda rows: (*rows, no)),
    ]
    if facts.recipient is not None:
        paused = tuple(replace(p, paused=True) for p in facts.recipient.places)
        stopped.append(replace(facts, recipient=replace(facts.recipient, places=paused)))
        stopped.append(replace(facts, recipient=replace(facts.recipient, left=True)))
    before = wide(answer(asked))
    for less in stopped:
        assert wide(decide(less, about, asked.now)) <= before


@many
@given(QUESTIONS)
def test_3_taking_a_yes_away_never_turns_a_no_into_a_yes(asked: Question) -> None:
    """A row for one situation may say less than the everyday one; so all of a topic go."""
    facts, about = asked.facts, asked.about
    before = wide(answer(asked))

    def refused(rows: tuple[Sharing, ...]) -> list[Sharing]:
        yes = (Choice.SHARE, Choice.ASK)
        return [row for row in rows if row.topic is not about.topic or row.choice not in yes]

    fewer = [
        with_rows(facts, refused),
        replace(facts, grounds=()),
        replace(facts, glasses=()),
        replace(facts, answers=tuple(a for a in facts.answers if not a.yes)),
        replace(facts, agreements=()),
    ]
    if facts.recipient is not None:
        fewer.append(replace(facts, recipient=replace(facts.recipient, places=())))
        fewer.append(replace(facts, recipient=replace(facts.recipient, teams=frozenset())))
    for less in fewer:
        assert wide(decide(less, about, asked.now)) <= before


@many
@given(QUESTIONS, DICE)
def test_4_a_lower_level_in_the_agreement_never_lets_more_through(
    asked: Question, dice: Random
) -> None:
    def known(rows: tuple[Sharing, ...]) -> list[Sharing]:
        return [row if row.level in (1, 2, 3) else replace(row, level=3) for row in rows]

    def lower(rows: tuple[Sharing, ...]) -> list[Sharing]:
        return [replace(row, level=dice.randint(1, row.level)) for row in rows]

    whole = with_rows(asked.facts, known)
    less = with_rows(whole, lower)
    assert wide(decide(less, asked.about, asked.now)) <= wide(decide(whole, asked.about, asked.now))


@many
@given(QUESTIONS)
def test_4_who_may_hear_the_details_may_hear_less(asked: Question) -> None:
    assume(asked.about.level in (1, 2, 3))
    said = [wide(decide(asked.facts, replace(asked.about, level=n), asked.now)) for n in (1, 2, 3)]
    assert said == sorted(said, reverse=True)


@many
@given(QUESTIONS, st.timedeltas(timedelta(0), timedelta(days=4000)))
def test_5_after_a_withdrawal_nothing_is_told_that_was_waiting(
    asked: Question, later: timedelta
) -> None:
    stopped = asked.now
    assume(asked.about.acting is not None)
    ended = tuple(
        replace(
            a,
            state=State.ENDED,
            ended_at=stopped if a.ended_at is None else min(a.ended_at, stopped),
        )
        for a in asked.facts.agreements
    )
    facts = replace(asked.facts, agreements=ended, glasses=())
    assert decide(facts, asked.about, stopped + later).effect is Effect.WITHHOLD


CLOCKS_CHANGE = (
    datetime(2026, 3, 29, 1, 0, tzinfo=LONDON),  # forward
    datetime(2026, 3, 29, 1, 30, tzinfo=LONDON),  # this hour does not happen
    datetime(2026, 10, 25, 1, 0, tzinfo=LONDON),  # back
    datetime(2026, 10, 25, 1, 30, tzinfo=LONDON),  # this hour happens twice
)
MINUTES = st.integers(0, 5 * 365 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
ENDS = st.sampled_from(CLOCKS_CHANGE) | MINUTES.map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=LONDON) + minutes
)


@pytest.mark.parametrize("of", ["row", "agreement"])
@given(ENDS, st.sampled_from([0, 1]))
def test_6_what_ends_by_londons_clock_ends_in_that_moment_and_not_before(
    of: str, wall: datetime, fold: int
) -> None:
    end = wall.replace(fold=fold).astimezone(UTC)
    long_ago = end - timedelta(days=3000)
    row = replace(ROW, since=long_ago, until=end if of == "row" else None)
    agreed = replace(
        AGREED,
        rows=(row,),
        activated_at=long_ago,
        review_at=end,
        lapses_at=end if of == "agreement" else end + DAY,
    )
    facts = replace(ALLOWED, agreements=(agreed,))
    for before in (TICK, timedelta(minutes=59), timedelta(hours=1), timedelta(hours=2)):
        assert decide(facts, SAM, end - before).effect is Effect.SHARE
        assert decide(facts, SAM, (end - before).astimezone(LONDON)).effect is Effect.SHARE
    for after in (timedelta(0), TICK, timedelta(minutes=59), timedelta(hours=1)):
        assert decide(facts, SAM, end + after).effect is Effect.WITHHOLD
        assert decide(facts, SAM, (end + after).astimezone(LONDON)).effect is Effect.WITHHOLD


@many
@given(QUESTIONS, DICE, st.sampled_from(Topic))
def test_7_a_row_for_one_topic_changes_nothing_for_another(
    asked: Question, dice: Random, topic: Topic
) -> None:
    assume(topic is not asked.about.topic)
    row = replace(sharing(dice, "more"), topic=topic)
    more = with_rows(asked.facts, lambda rows: (row, *rows))
    assert decide(more, asked.about, asked.now) == answer(asked)


@many
@given(QUESTIONS, DICE)
def test_8_what_is_agreed_with_one_supporter_changes_nothing_for_another(
    asked: Question, dice: Random
) -> None:
    facts, about = asked.facts, asked.about
    theirs = replace(
        AGREED, id="more", supporter="ruth", rows=(replace(sharing(dice, "m"), topic=about.topic),)
    )
    more = replace(
        facts,
        agreements=(theirs, *facts.agreements),
        guardrails=(Guardrail("more", "ruth", about.topic), *facts.guardrails),
        answers=(Answer("ruth", "news", yes=dice.random() < 0.5), *facts.answers),
        glasses=(Glass("more", "ruth", "news"), *facts.glasses),
    )
    assert decide(more, about, asked.now) == answer(asked)


STRANGE: Any = "strange"


@many
@given(QUESTIONS, st.integers(max_value=0) | st.integers(min_value=4))
def test_9_what_nobody_knows_is_a_no(asked: Question, level: int) -> None:
    facts, about, now = asked.facts, asked.about, asked.now
    unknown = [
        decide(facts, replace(about, level=level), now),
        decide(facts, replace(about, topic=STRANGE), now),
    ]
    if about.acting is not None:
        closed = replace(facts, glasses=())
        unknown += [
            decide(replace(closed, recipient=_in_role(facts, STRANGE)), about, now),
            decide(with_rows(closed, lambda rows: _each(rows, level=level)), about, now),
            decide(with_rows(closed, lambda rows: _each(rows, choice=STRANGE)), about, now),
            decide(with_rows(closed, lambda rows: _each(rows, basis=STRANGE)), about, now),
            decide(with_rows(closed, lambda rows: _each(rows, topic=STRANGE)), about, now),
            decide(with_rows(closed, lambda rows: _each(rows, situation=STRANGE)), about, now),
        ]
    assert {decision.effect for decision in unknown} == {Effect.WITHHOLD}


def _in_role(facts: Facts, role: Any) -> Any:
    recipient = facts.recipient or AMIRA
    return replace(recipient, places=tuple(replace(p, role=role) for p in recipient.places))


def _each(rows: tuple[Sharing, ...], **change: Any) -> list[Sharing]:
    return [replace(row, **change) for row in rows]


@many
@given(QUESTIONS, DICE)
def test_11_the_same_question_has_the_same_answer(asked: Question, dice: Random) -> None:
    """In whatever order the facts are loaded."""

    def mixed(several: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(dice.sample(several, len(several)))

    facts, said = asked.facts, answer(asked)
    assert answer(asked) == said
    again = decide(
        replace(
            with_rows(facts, mixed),
            recipient=facts.recipient
            and replace(facts.recipient, places=mixed(facts.recipient.places)),
            agreements=mixed(tuple(with_rows(facts, mixed).agreements)),
            guardrails=mixed(facts.guardrails),
            grounds=mixed(facts.grounds),
            holds=mixed(facts.holds),
            switches=mixed(facts.switches),
            answers=mixed(facts.answers),
            glasses=mixed(facts.glasses),
        ),
        asked.about,
        asked.now,
    )
    assert (again.effect, again.reason) == (said.effect, said.reason)
    if said.reason is not Reason.BREAK_GLASS:  # of two that were broken either may be named
        assert set(again.rows) == set(said.rows)


@many
@given(QUESTIONS, st.sampled_from(Topic))
def test_15_a_guardrail_shows_in_nothing_but_that_nothing_is_told(
    asked: Question, topic: Topic
) -> None:
    """Its own topic is as silent as with no agreement; all else is as it was, for everybody."""
    rails = (*asked.facts.guardrails, Guardrail("more", "amira", topic))
    guarded, before = answer(asked, guardrails=rails), answer(asked)
    if (asked.about.acting, asked.about.topic) == ("amira", topic):
        silent = answer(asked, agreements=(), glasses=())
        assert guarded.effect is silent.effect is Effect.WITHHOLD
    else:
        assert guarded == before


@many
@given(QUESTIONS)
def test_16_silence_is_not_consent(asked: Question) -> None:
    """Who wants to be asked first and has not said yes to this very thing has not agreed."""
    assume(asked.about.acting is not None)
    facts = with_rows(
        replace(asked.facts, answers=(), glasses=()),
        lambda rows: [replace(r, choice=Choice.ASK) for r in rows if r.choice is Choice.SHARE],
    )
    assert decide(facts, asked.about, asked.now).effect is not Effect.SHARE


@many
@given(QUESTIONS)
def test_a_supporter_is_only_told_on_a_row_or_a_broken_glass(asked: Question) -> None:
    """And the decision names it, so that the person can be shown which choice it was."""
    said = answer(asked)
    if said.effect is Effect.WITHHOLD or asked.about.acting is None:
        return
    recipient = asked.facts.recipient
    assert recipient is not None and not recipient.left and not asked.facts.person_left
    assert asked.about.acting in [p.membership for p in recipient.places if not p.paused]
    if said.reason is Reason.BREAK_GLASS:
        assert set(said.rows) <= {glass.id for glass in asked.facts.glasses}
        return
    (agreed,) = [a for a in asked.facts.agreements if a.id == said.rows[0]]
    assert agreed.supporter == asked.about.acting
    rows = [row for row in agreed.rows if row.id in said.rows[1:]]
    assert len(rows) == len(said.rows) - 1 > 0
    assert all(row.topic is asked.about.topic for row in rows)
    assert all(row.choice in (Choice.SHARE, Choice.ASK) for row in rows)
    assert all(row.level >= asked.about.level for row in rows)


@many
@given(QUESTIONS)
def test_a_held_row_never_widens(asked: Question) -> None:
    """A concern changes what would be asked, and nothing of what was chosen."""
    held = answer(asked, holds=(Hold("concern", asked.about.topic, asked.now - DAY),))
    before = answer(asked, holds=())
    if before.reason in (Reason.ASK_FIRST, Reason.SAID_YES, Reason.SAID_NO, Reason.NOT_ASKED):
        assert (held.effect, held.reason) == (Effect.WITHHOLD, Reason.HELD)
    else:
        assert held == before


def test_a_place_in_another_role_opens_nothing() -> None:
    """Amira the carer and Amira the advocate are two: what one is told the other is not."""
    both = replace(AMIRA, places=(CARER, Standing("other", CARER.role)))
    facts = replace(ALLOWED, recipient=both)
    assert decide(facts, SAM, NOW).effect is Effect.SHARE
    assert decide(facts, replace(SAM, acting="other"), NOW).effect is Effect.WITHHOLD
    assert decide(facts, replace(SAM, acting=None), NOW).effect is Effect.WITHHOLD


@pytest.mark.parametrize("situation", [Situation.UNWELL, Situation.EMERGENCY])
def test_an_everyday_row_holds_in_every_situation_that_has_none_of_its_own(
    situation: Situation,
) -> None:
    agreed: Agreement = replace(AGREED, rows=(ROW, replace(ROW, id="own", situation=situation)))
    assert decide(replace(ALLOWED, agreements=(agreed,)), SAM, NOW).rows == ("agreement", "row")
