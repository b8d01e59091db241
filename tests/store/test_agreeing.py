"""Agreements as they are made and ended: one version in force, and nothing left behind."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.care.agreeing import FIRST, Freely, Wish
from bot.care.agreement import Agreement, Choice, Effect, Reason, Situation, State
from bot.care.outcome import About, Cause, Outcome, Topic
from bot.store import agreeing, agreement, inbox, ledger, schema, tell
from tests.conftest import NOON
from tests.oak import Oak, said, told

DAY = timedelta(days=1)
YES = tuple(Wish(topic, Choice.SHARE) for topic in FIRST)
NO = tuple(Wish(topic, Choice.NEVER) for topic in FIRST)


def drafted(
    oak: Oak, *wishes: Wish, to: str = "Amira", now: datetime = NOON, by: str = "Sam"
) -> Agreement:
    outcome = agreeing.draft(oak.c, oak.role(to), wishes or YES, oak.ids[by], now)
    made = outcome.records[-1]
    assert isinstance(made, Agreement)
    return made


def agreed(oak: Oak, *wishes: Wish, to: str = "Amira", now: datetime = NOON) -> Agreement:
    made = drafted(oak, *wishes, to=to, now=now)
    agreeing.answer(oak.c, made.id, oak.sam, now, freely=Freely.YES)
    return made


def may(oak: Oak, name: str, topic: Topic, now: datetime) -> Effect:
    about = About(oak.sam, topic, 1, oak.role(name), at=now)
    return agreement.replay(oak.c, oak.ids[name], about, now).effect


def test_a_draft_comes_back_as_it_was_kept_and_allows_nothing(oak: Oak) -> None:
    made = drafted(oak)
    found = agreement.agreement(oak.c, made.id)
    assert found is not None and {*found.rows} == {*made.rows}
    assert agreeing.shared(oak.c, made.supporter, NOON).draft == found
    assert may(oak, "Amira", Topic.INCIDENTS, NOON) is Effect.WITHHOLD


def test_agreed_it_allows_from_that_moment_what_it_says_and_nobody_else(oak: Oak) -> None:
    later = NOON + DAY
    made = drafted(oak)
    inbox.arrive(oak.c, 7, 1, "{}", NOON)
    agreeing.answer(oak.c, made.id, oak.sam, later, Cause(update=7), freely=Freely.YES)

    assert may(oak, "Amira", Topic.INCIDENTS, later) is Effect.SHARE
    assert may(oak, "Amira", Topic.DAILY_LIFE, later) is Effect.SHARE, "agreed before, and kept"
    assert may(oak, "Leo", Topic.INCIDENTS, later) is Effect.WITHHOLD
    assert len(agreement.active(oak.c, made.supporter, later)) == 1
    assert oak.c.execute(select(schema.inbox.c.state)).scalar_one() == "done"
    assert ledger.lines(oak.c)[-1].kind == "agreement_active"


def test_the_next_version_is_the_only_one_in_force(oak: Oak) -> None:
    agreed(oak)
    agreed(oak, *NO, now=NOON + DAY)
    assert may(oak, "Amira", Topic.INCIDENTS, NOON + DAY) is Effect.WITHHOLD
    versions = agreement.versions(oak.c, oak.role("Amira"))
    assert [(one.version, one.state) for one in versions] == [
        (1, State.ENDED),
        (2, State.ENDED),
        (3, State.ACTIVE),
    ]


def test_what_was_in_force_on_a_day_can_always_be_asked(oak: Oak) -> None:
    agreed(oak, now=NOON + DAY)
    agreeing.stop(oak.c, oak.role("Amira"), oak.sam, NOON + 2 * DAY)
    days = [may(oak, "Amira", Topic.INCIDENTS, NOON + n * DAY) for n in (0, 1, 2)]
    assert days == [Effect.WITHHOLD, Effect.SHARE, Effect.WITHHOLD]


@pytest.mark.parametrize("freely", [Freely.NOT_SURE, Freely.TALK])
def test_not_chosen_freely_it_stays_a_draft_for_ever(oak: Oak, freely: Freely) -> None:
    made = drafted(oak)
    outcome = agreeing.answer(oak.c, made.id, oak.sam, NOON, freely=freely)
    assert told(oak.c, str(outcome.tells[0].message.text)) == ["Mina"]
    agreeing.answer(oak.c, made.id, oak.sam, NOON, freely=Freely.YES)
    assert agreeing.answered(oak.c, made.id) is freely
    assert may(oak, "Amira", Topic.INCIDENTS, NOON) is Effect.WITHHOLD
    assert agreeing.shared(oak.c, made.supporter, NOON).draft is None


def test_a_draft_that_was_not_chosen_freely_is_no_ground_for_the_next(oak: Oak) -> None:
    made = drafted(oak)
    agreeing.answer(oak.c, made.id, oak.sam, NOON, freely=Freely.NOT_SURE)
    following = drafted(oak, Wish(Topic.MEDICATION, Choice.SHARE))
    assert Topic.INCIDENTS not in {row.topic for row in following.rows}


def test_one_more_choice_makes_the_next_version_and_keeps_its_review(oak: Oak) -> None:
    first = drafted(oak)
    agreeing.change(oak.c, first.id, (), oak.sam, NOON, months=1)
    dated = agreeing.shared(oak.c, first.supporter, NOON).draft
    assert dated is not None and dated.review_at == NOON + 30 * DAY
    wish = Wish(Topic.MEDICATION, Choice.SHARE, 3)
    agreeing.change(oak.c, dated.id, (wish,), oak.sam, NOON + DAY)
    last = agreeing.shared(oak.c, first.supporter, NOON + DAY).draft
    assert last is not None and last.review_at == dated.review_at
    assert {row.topic for row in last.rows} == {row.topic for row in first.rows} | {wish.topic}
    assert said(agreeing.change(oak.c, first.id, (), oak.sam, NOON)) == "agreement.not_open"


@pytest.mark.parametrize("name", ["Amira", "Leo", "Jo", "Mina", "Alex"])
def test_nobody_makes_changes_or_ends_an_agreement_for_the_person(oak: Oak, name: str) -> None:
    made, by, place = drafted(oak), oak.ids[name], oak.role("Amira")
    before = agreement.versions(oak.c, place)
    for outcome in (
        agreeing.draft(oak.c, place, NO, by, NOON),
        agreeing.change(oak.c, made.id, NO, by, NOON),
        agreeing.agree(oak.c, made.id, by, NOON),
        *(agreeing.answer(oak.c, made.id, by, NOON, freely=freely) for freely in Freely),
        agreeing.stop(oak.c, place, by, NOON),
        agreeing.stop_all(oak.c, by, NOON),
    ):
        assert outcome == Outcome()
    assert agreeing.open_draft(oak.c, made.id, by, NOON) is None
    assert agreement.versions(oak.c, place) == before


def test_there_is_no_agreement_with_staff_or_with_nobody(oak: Oak) -> None:
    for place in (oak.role("Jo"), oak.role("Sam"), "nobody"):
        assert agreeing.draft(oak.c, place, YES, oak.sam, NOON) == Outcome()
        assert agreeing.stop(oak.c, place, oak.sam, NOON) == Outcome()
    assert agreeing.agree(oak.c, "nothing", oak.sam, NOON) == Outcome()


# --- trying and stopping ------------------------------------------------------------------


def wrote(oak: Oak, topic: Topic, level: int, now: datetime) -> None:
    tell.send(oak.c, oak.sam, topic, level, "Words.", oak.jo, now, at=now)


def test_what_somebody_would_have_got_is_asked_of_the_gate_and_writes_nothing(oak: Oak) -> None:
    now = NOON + 40 * DAY
    wrote(oak, Topic.MEDICATION, 1, NOON)
    wrote(oak, Topic.MEDICATION, 1, now - 3 * DAY)
    wrote(oak, Topic.MEDICATION, 2, now - 2 * DAY)
    wrote(oak, Topic.INCIDENTS, 2, now - DAY)
    wrote(oak, Topic.FINANCES, 1, now - DAY)
    wishes = (Wish(Topic.MEDICATION, Choice.SHARE), Wish(Topic.INCIDENTS, Choice.ASK))
    made = drafted(oak, *wishes, now=now)
    before = len(ledger.lines(oak.c))

    found = agreeing.tried(oak.c, made, now)

    assert [(one.topic, one.asked) for one in found] == [
        (Topic.MEDICATION, False),
        (Topic.INCIDENTS, True),
    ]
    assert found[0].at == now - 3 * DAY
    assert len(ledger.lines(oak.c)) == before
    assert may(oak, "Amira", Topic.MEDICATION, now) is Effect.WITHHOLD


def test_after_a_lapse_a_yes_as_before_is_no_more_than_before(oak: Oak) -> None:
    place = oak.role("Amira")
    unwell = Wish(Topic.FINANCES, Choice.SHARE, 1, Situation.UNWELL)
    agreeing.draft(oak.c, place, (unwell,), oak.sam, NOON)
    draft = agreeing.shared(oak.c, place, NOON).draft
    assert draft is not None
    agreeing.answer(oak.c, draft.id, oak.sam, NOON, freely=Freely.YES)
    yes = (Wish(Topic.FINANCES, Choice.SHARE),)
    agreeing.draft(oak.c, place, yes, oak.sam, draft.lapses_at, reviewed=draft.id)
    again = agreeing.shared(oak.c, place, draft.lapses_at).draft
    assert again is not None
    rows = [row for row in again.rows if row.topic is Topic.FINANCES]
    assert [row.situation for row in rows] == [Situation.UNWELL]


def test_stopping_ends_what_waits_to_be_read_or_answered(oak: Oak) -> None:
    agreed(oak, Wish(Topic.MEDICATION, Choice.SHARE), Wish(Topic.INCIDENTS, Choice.ASK))
    wrote(oak, Topic.MEDICATION, 1, NOON)
    wrote(oak, Topic.INCIDENTS, 1, NOON)
    assert open_tellings(oak) == 2
    agreeing.stop(oak.c, oak.role("Leo"), oak.sam, NOON + DAY)
    assert open_tellings(oak) == 2

    outcome = agreeing.stop(oak.c, oak.role("Amira"), oak.sam, NOON + DAY)

    assert said(outcome) == "agreement.stopped" and open_tellings(oak) == 0
    about = About(oak.sam, Topic.MEDICATION, 1, oak.role("Amira"), at=NOON)
    decision = agreement.ask(oak.c, oak.amira, about, NOON + DAY)
    assert decision.reason is Reason.NO_AGREEMENT


def test_stopping_all_reaches_everybody_and_twice_says_the_same(oak: Oak) -> None:
    drafted(oak, to="Leo")
    outcome = agreeing.stop_all(oak.c, oak.sam, NOON)
    for name in ("Amira", "Leo", "Ruth"):
        now = agreeing.shared(oak.c, oak.role(name), NOON)
        assert (now.active, now.draft) == (None, None)
    lines = len(ledger.lines(oak.c))
    assert agreeing.stop_all(oak.c, oak.sam, NOON + DAY).said == outcome.said
    assert len(ledger.lines(oak.c)) == lines


def open_tellings(oak: Oak) -> int:
    return len(
        oak.c.execute(select(schema.telling.c.id).where(schema.telling.c.state != "over")).all()
    )
