"""What stands beside the agreement, as it is kept: worries, decisions, and what rests on them."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.care.agreeing import Freely, Wish
from bot.care.agreement import Agreement, Basis, Choice, Effect, Reason, Sharing, State
from bot.care.circle import Role
from bot.care.decision import REVIEW, Found, Kind, Part
from bot.care.outcome import About, Outcome, Topic
from bot.store import agreeing, agreement, around, decision, ground, ledger, schema
from bot.store.commit import KEEP
from bot.store.tools import new_id
from tests.conftest import NOON
from tests.oak import LATER, Oak, also, said, to_look_at, told, unreachable

DAY = timedelta(days=1)
MONTH = NOON + 30 * DAY
YES = dict.fromkeys(Part, True)
NO = YES | {Part.WEIGH: False}


def recorded(
    oak: Oak,
    topic: Topic | tuple[Topic, ...],
    found: Found = Found.CANNOT_NOW,
    now: datetime = NOON,
    by: str = "Jo",
) -> str:
    """Jo has written this down; its id."""
    test = YES if found is Found.CAN_DECIDE else NO
    outcome = decision.record(
        oak.c,
        oak.sam,
        (topic,) if isinstance(topic, Topic) else topic,
        "Pictures.",
        test,
        found,
        now + 30 * DAY,
        oak.ids[by],
        now,
        wishes="Sam likes it.",
        views=("Amira: yes.",),
    )
    assert outcome.said is not None
    return str(outcome.said.params["decision"])


def asked(
    oak: Oak, topic: Topic, now: datetime = NOON, level: int = 1, to: str = "Amira"
) -> Reason:
    about = About(oak.sam, topic, level, oak.role(to), at=now)
    return agreement.ask(oak.c, oak.ids[to], about, now).reason


def allowed(
    oak: Oak, id: str, topic: Topic, level: int | None = 2, by: str = "Jo", to: str = "Amira"
) -> Outcome:
    return ground.allow(oak.c, id, oak.role(to), topic, level, oak.ids[by], NOON)


def standing(oak: Oak, to: str = "Amira") -> Agreement:
    (found,) = agreement.active(oak.c, oak.role(to), NOON)
    return found


def test_a_record_comes_back_as_it_was_written_and_its_words_are_sealed(oak: Oak) -> None:
    id = recorded(oak, Topic.WELLBEING, Found.SHARE)
    found = decision.decision(oak.c, id)
    assert found is not None and found.kind is Kind.BEST_INTERESTS
    assert (found.help, found.wishes, found.views) == (
        "Pictures.",
        "Sam likes it.",
        ("Amira: yes.",),
    )
    assert found.test == NO and decision.standing(oak.c, oak.sam) == [found]
    assert b"Pictures" not in oak.c.execute(select(schema.decision.c.words)).scalar_one()
    assert "Pictures" not in json.dumps([str(line.facts) for line in ledger.lines(oak.c)])
    assert told(oak.c, "decision.told_share") == ["Sam"]


def test_a_worry_holds_until_it_is_looked_at_again_whatever_the_clock_says(oak: Oak) -> None:
    item = new_id(oak.c)
    ask = About(oak.sam, Topic.APPOINTMENTS, 3, oak.role("Amira"), item, NOON)
    assert agreement.ask(oak.c, oak.amira, ask, NOON).effect is Effect.ASK
    first = recorded(oak, Topic.APPOINTMENTS)
    for now in (NOON, NOON - DAY, NOON + 365 * DAY):
        assert agreement.ask(oak.c, oak.amira, ask, now).effect is Effect.WITHHOLD
    assert agreement.ask(oak.c, oak.amira, ask, NOON).reason is Reason.HELD
    assert asked(oak, Topic.DAILY_LIFE) is Reason.AGREED
    assert decision.held(oak.c, oak.sam) == {Topic.APPOINTMENTS}

    recorded(oak, Topic.APPOINTMENTS, Found.CAN_DECIDE, LATER)
    assert agreement.ask(oak.c, oak.amira, ask, LATER).effect is Effect.ASK
    assert agreement.ask(oak.c, oak.amira, ask, NOON).effect is Effect.ASK, "a clock set back"
    assert (
        agreement.replay(oak.c, oak.amira, ask, LATER - timedelta(seconds=1)).reason is Reason.HELD
    )
    over = decision.decision(oak.c, first)
    assert over is not None and over.until == LATER and decision.standing(oak.c, oak.sam) == []
    deadlines = select(schema.deadline.c.key).where(schema.deadline.c.kind == REVIEW)
    assert oak.c.execute(deadlines).all() == []


@pytest.mark.parametrize("stray", ["Sam", "Amira", "Ruth", "Alex"])
def test_nobody_but_the_persons_staff_writes_anything_down_or_lets_anybody_know(
    oak: Oak, stray: str
) -> None:
    by = oak.ids[stray]
    nothing = decision.record(
        oak.c, oak.sam, (Topic.MEDICATION,), "Help.", NO, Found.CANNOT_NOW, MONTH, by, NOON
    )
    assert nothing == Outcome() and decision.standing(oak.c, oak.sam) == []
    id = recorded(oak, Topic.WELLBEING, Found.SHARE)
    assert allowed(oak, id, Topic.WELLBEING, by=stray) == Outcome()
    assert asked(oak, Topic.WELLBEING) is Reason.NO_ROW


def test_it_is_up_until_somebody_has_looked_again(oak: Oak) -> None:
    id = recorded(oak, Topic.MEDICATION)
    assert decision.review(oak.c, id, MONTH, MONTH).wakes == ()
    for now, waits in ((NOON, False), (MONTH, True), (MONTH + 60 * DAY, True)):
        assert (id in {item.of for item in to_look_at(oak, "Jo", now)}) is waits
    recorded(oak, Topic.MEDICATION, Found.CAN_DECIDE, LATER)
    assert id not in {item.of for item in to_look_at(oak, "Jo", MONTH)}
    assert decision.review(oak.c, id, MONTH, MONTH) == Outcome()


# --- what rests on a decision -------------------------------------------------------------


def test_a_decision_lets_somebody_know_while_it_stands_and_not_a_moment_longer(oak: Oak) -> None:
    before = standing(oak)
    id = recorded(oak, Topic.WELLBEING, Found.SHARE)
    assert asked(oak, Topic.WELLBEING) is Reason.NO_ROW, "a decision alone tells nobody"
    assert said(allowed(oak, id, Topic.WELLBEING)) == "ground.allowed"
    after = standing(oak)
    assert (after.version, after.review_at, after.lapses_at) == (
        before.version + 1,
        before.review_at,
        before.lapses_at,
    )
    assert {(row.topic, row.choice, row.level) for row in before.rows} < {
        (row.topic, row.choice, row.level) for row in after.rows
    }
    assert asked(oak, Topic.WELLBEING, level=2) is Reason.AGREED
    assert asked(oak, Topic.WELLBEING, level=3) is Reason.LEVEL
    assert asked(oak, Topic.WELLBEING, to="Leo") is Reason.NO_ROW
    assert asked(oak, Topic.WELLBEING, MONTH - timedelta(seconds=1)) is Reason.AGREED
    assert asked(oak, Topic.WELLBEING, MONTH) is Reason.BASIS
    assert told(oak.c, "ground.told_allowed") == ["Sam"]

    assert said(allowed(oak, id, Topic.WELLBEING, None)) == "ground.ended"
    assert asked(oak, Topic.WELLBEING) is Reason.NO_ROW
    assert said(allowed(oak, id, Topic.WELLBEING, None)) == "ground.nothing_to_end"
    assert allowed(oak, id, Topic.MEDICATION) == Outcome(), "it is about one topic"


def test_one_decision_about_several_topics_holds_and_allows_each_until_a_later_one_takes_it(
    oak: Oak,
) -> None:
    both = (Topic.WELLBEING, Topic.MEDICATION)
    id = recorded(oak, (Topic.MEDICATION, Topic.WELLBEING), Found.SHARE)
    assert decision.held(oak.c, oak.sam) == set(both)
    for topic in both:
        assert said(allowed(oak, id, topic)) == "ground.allowed"
        assert asked(oak, topic) is Reason.AGREED
        assert asked(oak, topic, to="Leo") is Reason.NO_ROW
    assert allowed(oak, id, Topic.FINANCES) == Outcome()

    recorded(oak, Topic.MEDICATION, Found.CAN_DECIDE, LATER)
    kept = decision.decision(oak.c, id)
    assert kept is not None and kept.topics == both and kept.left == (Topic.WELLBEING,)
    assert kept.over == {Topic.MEDICATION: LATER}
    assert decision.held(oak.c, oak.sam) == {Topic.WELLBEING}
    assert asked(oak, Topic.WELLBEING, LATER) is Reason.AGREED
    assert asked(oak, Topic.MEDICATION, LATER) is not Reason.AGREED
    then = About(oak.sam, Topic.MEDICATION, 1, oak.role("Amira"), at=NOON)
    assert agreement.replay(oak.c, oak.amira, then, NOON).reason is Reason.AGREED

    recorded(oak, Topic.WELLBEING, Found.KEEP, LATER)
    assert asked(oak, Topic.WELLBEING, LATER) is Reason.BASIS
    ended = decision.decision(oak.c, id)
    assert ended is not None and ended.until == LATER
    assert decision.review(oak.c, id, MONTH, MONTH) == Outcome()


@pytest.mark.parametrize("found", [Found.CANNOT_NOW, Found.KEEP])
def test_only_a_decision_to_share_lets_anybody_know(oak: Oak, found: Found) -> None:
    id = recorded(oak, Topic.WELLBEING, found)
    assert allowed(oak, id, Topic.WELLBEING) == Outcome()
    row = Sharing(
        id=new_id(oak.c),
        topic=Topic.WELLBEING,
        situation=standing(oak).rows[0].situation,
        choice=Choice.SHARE,
        level=1,
        since=NOON,
        basis=Basis.BEST_INTERESTS,
        ground=id,
    )
    agreed = standing(oak)
    oak.c.execute(
        update(schema.agreement)
        .where(schema.agreement.c.id == agreed.id)
        .values(state=State.ENDED.value, ended_at=NOON, ended_by=oak.sam)
    )
    rows = (row,)
    KEEP[Agreement](
        oak.c,
        Agreement(
            id=new_id(oak.c),
            person=oak.sam,
            supporter=oak.role("Amira"),
            version=9,
            state=State.ACTIVE,
            rows=rows,
            review_at=MONTH,
            lapses_at=MONTH,
            drafted_by=oak.jo,
            drafted_at=NOON,
            activated_at=NOON,
        ),
    )
    assert asked(oak, Topic.WELLBEING) is Reason.BASIS


def test_the_next_record_about_a_topic_ends_what_rested_on_the_one_before(oak: Oak) -> None:
    id = recorded(oak, Topic.WELLBEING, Found.SHARE)
    allowed(oak, id, Topic.WELLBEING)
    recorded(oak, Topic.WELLBEING, Found.KEEP, LATER)
    assert asked(oak, Topic.WELLBEING, LATER) is Reason.BASIS
    assert asked(oak, Topic.WELLBEING, NOON) is Reason.BASIS, "a clock set back brings nothing back"
    assert allowed(oak, id, Topic.WELLBEING) == Outcome()


def test_what_has_lapsed_does_not_come_back_with_a_decision(oak: Oak) -> None:
    lapsed = standing(oak).lapses_at
    id = recorded(oak, Topic.WELLBEING, Found.SHARE, lapsed)
    outcome = ground.allow(oak.c, id, oak.role("Amira"), Topic.WELLBEING, 1, oak.jo, lapsed + DAY)
    assert said(outcome) == "ground.allowed"
    assert asked(oak, Topic.WELLBEING, lapsed + DAY) is Reason.AGREED
    assert asked(oak, Topic.DAILY_LIFE, lapsed + DAY) is Reason.NO_ROW


def test_whoever_stopped_sharing_is_not_overruled_until_they_agree_anew(oak: Oak) -> None:
    id = recorded(oak, Topic.WELLBEING, Found.SHARE)
    allowed(oak, id, Topic.WELLBEING)
    agreeing.stop(oak.c, oak.role("Amira"), oak.sam, NOON)
    assert asked(oak, Topic.WELLBEING) is Reason.NO_AGREEMENT
    assert said(allowed(oak, id, Topic.WELLBEING)) == "ground.stopped"
    assert said(allowed(oak, id, Topic.WELLBEING, to="Leo")) == "ground.allowed"
    chooses(oak, Wish(Topic.MEDICATION, Choice.NEVER), now=NOON)
    assert said(allowed(oak, id, Topic.WELLBEING)) == "ground.allowed"


# --- what is held never widens ------------------------------------------------------------


def chooses(oak: Oak, *wishes: Wish, now: datetime = LATER) -> None:
    made = agreeing.draft(oak.c, oak.role("Amira"), wishes, oak.sam, now).records[-1]
    assert isinstance(made, Agreement)
    agreeing.answer(oak.c, made.id, oak.sam, now, freely=Freely.YES)


def test_what_is_held_becomes_less_at_the_persons_word_and_never_more(oak: Oak) -> None:
    for topic in (Topic.APPOINTMENTS, Topic.DAILY_LIFE, Topic.FINANCES, Topic.WELLBEING):
        recorded(oak, topic)
    chooses(
        oak,
        Wish(Topic.APPOINTMENTS, Choice.SHARE),  # asked first until now
        Wish(Topic.FINANCES, Choice.SHARE),  # a no until now
        Wish(Topic.WELLBEING, Choice.SHARE, 3),  # never chosen
        Wish(Topic.DAILY_LIFE, Choice.SHARE, 1),  # the details until now
        Wish(Topic.MEDICATION, Choice.SHARE),  # not held
    )
    assert asked(oak, Topic.APPOINTMENTS, LATER) is Reason.HELD
    assert asked(oak, Topic.FINANCES, LATER) is Reason.NEVER
    assert asked(oak, Topic.WELLBEING, LATER) is Reason.NO_ROW
    assert asked(oak, Topic.DAILY_LIFE, LATER) is Reason.AGREED
    assert asked(oak, Topic.DAILY_LIFE, LATER, 2) is Reason.LEVEL
    assert asked(oak, Topic.MEDICATION, LATER) is Reason.AGREED
    chooses(oak, Wish(Topic.DAILY_LIFE, Choice.NEVER))
    assert asked(oak, Topic.DAILY_LIFE, LATER) is Reason.NEVER


def test_agreeing_to_the_rest_gives_what_is_held_no_more_time(oak: Oak) -> None:
    lapses = standing(oak).lapses_at
    recorded(oak, Topic.DAILY_LIFE)
    later = NOON + 60 * DAY
    chooses(oak, Wish(Topic.MEDICATION, Choice.SHARE), now=later)
    assert asked(oak, Topic.DAILY_LIFE, lapses - DAY) is Reason.AGREED
    assert asked(oak, Topic.DAILY_LIFE, lapses) is Reason.NO_ROW
    assert asked(oak, Topic.MEDICATION, lapses) is Reason.AGREED


def test_a_draft_that_would_widen_what_a_worry_has_come_to_hold_is_open_no_more(oak: Oak) -> None:
    wish = Wish(Topic.WELLBEING, Choice.SHARE)
    made = agreeing.draft(oak.c, oak.role("Amira"), (wish,), oak.sam, NOON).records[-1]
    assert isinstance(made, Agreement)
    recorded(oak, Topic.WELLBEING)
    assert said(agreeing.agree(oak.c, made.id, oak.sam, LATER)) == "agreement.not_open"
    outcome = agreeing.answer(oak.c, made.id, oak.sam, LATER, freely=Freely.YES)
    assert said(outcome) == "agreement.not_open"
    outcome = agreeing.answer(oak.c, made.id, oak.sam, LATER, freely=Freely.TALK)
    assert said(outcome) == "agreement.not_open"
    assert told(oak.c, "agreement.please_talk") == ["Mina"]
    assert agreeing.shared(oak.c, oak.role("Amira"), LATER).draft is None
    assert asked(oak, Topic.WELLBEING, LATER) is Reason.NO_ROW

    recorded(oak, Topic.WELLBEING, Found.CAN_DECIDE, LATER)
    agreeing.answer(oak.c, made.id, oak.sam, LATER, freely=Freely.YES)
    assert asked(oak, Topic.WELLBEING, LATER) is Reason.AGREED


def test_the_persons_yes_takes_nothing_away_that_a_decision_lets_somebody_know(oak: Oak) -> None:
    id = recorded(oak, Topic.WELLBEING, Found.SHARE)
    allowed(oak, id, Topic.WELLBEING)
    chooses(oak, Wish(Topic.WELLBEING, Choice.SHARE, 3))
    assert asked(oak, Topic.WELLBEING, LATER, 2) is Reason.AGREED
    assert asked(oak, Topic.WELLBEING, LATER, 3) is Reason.LEVEL
    chooses(oak, Wish(Topic.WELLBEING, Choice.NEVER))
    assert asked(oak, Topic.WELLBEING, LATER, 1) is Reason.NEVER
    assert said(allowed(oak, id, Topic.WELLBEING)) == "ground.own_word"


# --- what is not the person's own word ----------------------------------------------------


def test_i_do_not_know_gives_way_only_where_somebody_is_let_know(oak: Oak) -> None:
    chooses(oak, Wish(Topic.WELLBEING, Choice.UNSURE), now=NOON)
    id = recorded(oak, Topic.WELLBEING, Found.SHARE)
    assert said(allowed(oak, id, Topic.WELLBEING, None)) == "ground.nothing_to_end"
    assert Choice.UNSURE in {row.choice for row in standing(oak).rows}
    assert said(allowed(oak, id, Topic.WELLBEING)) == "ground.allowed"
    assert Choice.UNSURE not in {row.choice for row in standing(oak).rows}
    assert asked(oak, Topic.WELLBEING) is Reason.AGREED


def test_a_no_stands_against_a_decision_also_when_the_agreement_has_lapsed(oak: Oak) -> None:
    lapsed = standing(oak).lapses_at
    now = lapsed + DAY
    for topic in (Topic.WELLBEING, Topic.FINANCES):
        id = recorded(oak, topic, Found.SHARE, lapsed)
        outcome = ground.allow(oak.c, id, oak.role("Amira"), topic, 1, oak.jo, now)
        no = topic is Topic.FINANCES
        assert said(outcome) == ("ground.own_word" if no else "ground.allowed")
    assert asked(oak, Topic.FINANCES, now) is Reason.NO_ROW
    # what they shared, and is not shared now, is no such word
    id = recorded(oak, Topic.DAILY_LIFE, Found.SHARE, lapsed)
    shared = ground.allow(oak.c, id, oak.role("Amira"), Topic.DAILY_LIFE, 1, oak.jo, now)
    assert said(shared) == "ground.allowed"


def test_a_draft_that_goes_on_with_what_has_been_ended_meanwhile_is_open_no_more(oak: Oak) -> None:
    id = recorded(oak, Topic.WELLBEING, Found.SHARE)
    allowed(oak, id, Topic.WELLBEING)
    wish = Wish(Topic.MEDICATION, Choice.SHARE)
    made = agreeing.draft(oak.c, oak.role("Amira"), (wish,), oak.sam, NOON).records[-1]
    assert isinstance(made, Agreement) and any(row.ground == id for row in made.rows)
    assert agreeing.open_draft(oak.c, made.id, oak.sam, NOON) is not None
    allowed(oak, id, Topic.WELLBEING, None)
    assert agreeing.open_draft(oak.c, made.id, oak.sam, NOON) is None
    outcome = agreeing.answer(oak.c, made.id, oak.sam, NOON, freely=Freely.YES)
    assert said(outcome) == "agreement.not_open"
    assert asked(oak, Topic.WELLBEING) is Reason.NO_ROW


@pytest.mark.parametrize("by_decision", [False, True])
def test_what_rests_on_nothing_any_more_is_left_behind(oak: Oak, by_decision: bool) -> None:
    id = recorded(oak, Topic.WELLBEING, Found.SHARE)
    allowed(oak, id, Topic.WELLBEING)
    recorded(oak, Topic.WELLBEING, Found.CAN_DECIDE)
    if by_decision:
        allowed(oak, recorded(oak, Topic.MEDICATION, Found.SHARE), Topic.MEDICATION)
    else:
        chooses(oak, Wish(Topic.MEDICATION, Choice.SHARE), now=NOON)
    assert id not in {row.ground for row in standing(oak).rows}
    assert asked(oak, Topic.MEDICATION) is Reason.AGREED


def test_staff_are_asked_and_never_the_person_who_works_there_too(oak: Oak) -> None:
    also(oak, "Sam", Role.MANAGER)
    unreachable(oak, "Jo", "Dev", "Priya", "Mina")
    assert around.keepers(oak.c, oak.sam, NOON) == []
    id = recorded(oak, Topic.MEDICATION)
    assert decision.review(oak.c, id, MONTH, MONTH).tells == ()
