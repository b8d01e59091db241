"""How an agreement is made and ended: only by the person, and only what was read back."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from bot.care import agreeing
from bot.care.agreeing import TABLE, Answered, Event, Freely, Wish
from bot.care.agreement import Agreement, Basis, Choice, Sharing, Situation, State
from bot.care.circle import Member
from bot.care.outcome import Lane, Outcome, Topic
from tests.care.outing import NOON, said, told

DAY = timedelta(days=1)
MONEY = Sharing("money", Topic.FINANCES, Situation.EVERYDAY, Choice.NEVER, 1, NOON)
WORK = Sharing("life", Topic.DAILY_LIFE, Situation.UNWELL, Choice.SHARE, 3, NOON, data_from=NOON)

DRAFT = Agreement(
    id="new",
    person="sam",
    supporter="amira-for-sam",
    version=2,
    state=State.DRAFT,
    rows=(MONEY, WORK),
    review_at=NOON + 91 * DAY,
    lapses_at=NOON + 119 * DAY,
    drafted_by="sam",
    drafted_at=NOON,
)
ACTIVE = replace(DRAFT, id="old", version=1, state=State.ACTIVE, activated_at=NOON - DAY)


def agreements(outcome: Outcome) -> dict[str, Agreement]:
    return {one.id: one for one in outcome.records if isinstance(one, Agreement)}


def states(outcome: Outcome) -> dict[str, State]:
    return {id: one.state for id, one in agreements(outcome).items()}


def answered(freely: Freely, proposed: Agreement = DRAFT, **more: Any) -> Outcome:
    asked: dict[str, Any] = {"answered": None, "leads": ["mina"], "by": "sam", **more}
    return agreeing.answer(proposed, (ACTIVE,), freely=freely, supporter="amira", now=NOON, **asked)


# --- drafts -------------------------------------------------------------------------------


def test_a_draft_is_read_back_and_what_is_in_force_stays() -> None:
    outcome = agreeing.draft(DRAFT, (ACTIVE,), NOON)
    assert said(outcome) == "read_back"
    assert states(outcome) == {"new": State.DRAFT}
    assert told(outcome) == []


def test_a_draft_that_was_read_back_gives_way_to_the_next() -> None:
    earlier = replace(DRAFT, id="earlier", version=1)
    assert states(agreeing.draft(DRAFT, (ACTIVE, earlier), NOON)) == {
        "earlier": State.ENDED,
        "new": State.DRAFT,
    }


def rows(*wishes: Wish, before: tuple[Sharing, ...] = (MONEY, WORK)) -> dict[Topic, Sharing]:
    ids = count()
    after = agreeing.rows(before, wishes, lambda: f"row{next(ids)}", NOON)
    assert len({row.id for row in after}) == len(after)
    return {row.topic: row for row in after}


@pytest.mark.parametrize(
    ("choice", "level"),
    [(Choice.SHARE, 1), (Choice.ASK, 3), (Choice.NEVER, 1), (Choice.UNSURE, 1)],
)
def test_a_card_says_little_by_itself(choice: Choice, level: int) -> None:
    after = rows(Wish(Topic.INCIDENTS, choice), before=())
    assert after == {
        Topic.INCIDENTS: Sharing(
            "row0", Topic.INCIDENTS, Situation.EVERYDAY, choice, level, NOON, None, None
        )
    }


def test_a_wish_touches_its_own_topic_only() -> None:
    after = rows(Wish(Topic.FINANCES, Choice.SHARE))
    assert after[Topic.FINANCES].choice is Choice.SHARE
    assert replace(after[Topic.DAILY_LIFE], id="life") == WORK


def test_a_card_answered_as_before_keeps_what_was_chosen_beside_it() -> None:
    after = rows(Wish(Topic.DAILY_LIFE, Choice.SHARE))
    assert replace(after[Topic.DAILY_LIFE], id="life") == WORK


def test_more_choices_replace_all_that_was_said_of_a_topic_in_a_situation() -> None:
    wish = Wish(Topic.DAILY_LIFE, Choice.SHARE, 2, Situation.UNWELL, until=NOON + DAY)
    row = rows(wish)[Topic.DAILY_LIFE]
    assert (row.level, row.situation, row.until) == (2, Situation.UNWELL, NOON + DAY)
    assert row.data_from is None and row.since == NOON


def test_a_yes_for_one_situation_leaves_the_yes_for_another() -> None:
    everyday = Wish(WORK.topic, Choice.ASK, 2)
    after = agreeing.rows((MONEY, WORK), (everyday,), lambda: "fresh", NOON)
    of_work = [(row.situation, row.choice, row.level) for row in after if row.topic is WORK.topic]
    assert of_work == [(WORK.situation, Choice.SHARE, 3), (Situation.EVERYDAY, Choice.ASK, 2)]

    again = agreeing.rows(after, (replace(everyday, choice=Choice.SHARE),), lambda: "new", NOON)
    assert [row.choice for row in again if row.topic is WORK.topic] == [Choice.SHARE] * 2
    unwell = Wish(MONEY.topic, Choice.SHARE, 1, Situation.UNWELL)
    money = agreeing.rows(after, (unwell,), lambda: "new", NOON)
    assert [row.situation for row in money if row.topic is MONEY.topic] == [Situation.UNWELL]
    for no in (Choice.NEVER, Choice.UNSURE):
        none = agreeing.rows(after, (Wish(WORK.topic, no),), lambda: "new", NOON)
        assert [row.choice for row in none if row.topic is WORK.topic] == [no]


def test_a_stricter_answer_to_a_card_is_no_answer_as_before() -> None:
    daily = Sharing("1", Topic.FINANCES, Situation.EVERYDAY, Choice.SHARE, 3, NOON)
    unwell = replace(daily, id="2", situation=Situation.UNWELL, choice=Choice.ASK)
    ask, share = Wish(Topic.FINANCES, Choice.ASK), Wish(Topic.FINANCES, Choice.SHARE)
    (row,) = agreeing.rows((daily, unwell), (ask,), lambda: "new", NOON)
    assert (row.situation, row.choice) == (Situation.EVERYDAY, Choice.ASK)
    assert len(agreeing.rows((daily, unwell), (share,), lambda: "new", NOON)) == 2


def test_the_persons_own_answer_stands_in_place_of_anybody_elses() -> None:
    theirs = replace(MONEY, choice=Choice.SHARE, basis=Basis.AUTHORITY, ground="lpa")
    for wish in (Wish(MONEY.topic, Choice.SHARE), Wish(MONEY.topic, Choice.ASK, 2, WORK.situation)):
        (row,) = agreeing.rows((theirs,), (wish,), lambda: "fresh", NOON)
        assert (row.basis, row.ground) == (Basis.CONSENT, None)


@pytest.mark.parametrize(("until", "left"), [(NOON, 0), (NOON + DAY, 1)])
def test_a_row_that_is_over_is_left_behind(until: Any, left: int) -> None:
    assert len(rows(before=(replace(MONEY, until=until),))) == left


# --- agreeing -----------------------------------------------------------------------------


def test_agreeing_asks_one_question_and_changes_nothing() -> None:
    outcome = agreeing.ask(DRAFT, None, "sam", NOON)
    assert said(outcome) == "yourself" and outcome == Outcome(said=outcome.said)


def test_yes_puts_it_in_force_in_place_of_the_one_before() -> None:
    outcome = answered(Freely.YES)
    assert states(outcome) == {"old": State.ENDED, "new": State.ACTIVE}
    old, new = agreements(outcome)["old"], agreements(outcome)["new"]
    assert (old.ended_at, old.ended_by, new.activated_at) == (NOON, "sam", NOON)
    assert new.rows == DRAFT.rows and Answered("new", Freely.YES) in outcome.records
    assert told(outcome) == []


@pytest.mark.parametrize("freely", [Freely.NOT_SURE, Freely.TALK])
def test_whoever_is_not_sure_agrees_to_nothing_and_a_lead_hears_of_it(freely: Freely) -> None:
    outcome = answered(freely)
    assert outcome.records == (Answered("new", freely),)
    assert [to for to, _ in told(outcome)] == ["mina"]
    assert all(tell.lane is Lane.SAFETY and tell.about is not None for tell in outcome.tells)


def test_all_three_are_answered_with_the_same_words() -> None:
    assert len({str(answered(freely).said) for freely in Freely}) == 1


@pytest.mark.parametrize("first", Freely)
@pytest.mark.parametrize("later", Freely)
def test_the_first_answer_stands_and_a_second_looks_the_same(first: Freely, later: Freely) -> None:
    after = replace(DRAFT, state=State.ACTIVE if first is Freely.YES else State.DRAFT)
    outcome = answered(later, after, answered=first)
    assert outcome == Outcome(said=agreeing.SAVED)
    assert agreeing.ask(after, first, "sam", NOON) == outcome


@pytest.mark.parametrize(
    "proposed",
    [
        replace(DRAFT, state=State.ENDED),
        replace(DRAFT, review_at=NOON),
        replace(DRAFT, state=State.ACTIVE),
    ],
    ids=["replaced or stopped", "older than its own review", "in force from elsewhere"],
)
def test_an_old_read_back_cannot_be_agreed_to(proposed: Agreement) -> None:
    over = Outcome(said=agreeing.NOT_OPEN)
    assert agreeing.ask(proposed, None, "sam", NOON) == over
    assert [answered(freely, proposed) for freely in Freely] == [over] * 3


@pytest.mark.parametrize("by", ["amira", "jo", "alex"])
def test_nobody_agrees_for_the_person(by: str) -> None:
    assert agreeing.ask(DRAFT, None, by, NOON) == Outcome()
    assert {str(answered(freely, by=by)) for freely in Freely} == {str(Outcome())}


# --- who is told --------------------------------------------------------------------------


def member(id: str, reachable: bool = True) -> Member:
    return Member(id, 1 if reachable else None, id, None, "en_GB", NOON)


MINA, NIA, PRIYA = member("mina"), member("nia"), member("priya")


@pytest.mark.parametrize(
    ("groups", "beside", "hear"),
    [
        ([[MINA, NIA], [PRIYA]], "sam", ["mina", "nia"]),
        ([[MINA, NIA], [PRIYA]], "mina", ["nia"]),
        ([[MINA], [PRIYA]], "mina", ["priya"]),
        ([[member("mina", False)], [PRIYA]], "sam", ["priya"]),
        ([[member("mina", False)], []], "sam", ["mina"]),
        ([[], []], "sam", []),
    ],
    ids=["the leads", "another lead", "managers", "one in reach", "nobody in reach", "nobody"],
)
def test_who_hears_of_it_never_sat_beside_them(
    groups: list[list[Member]], beside: str, hear: list[str]
) -> None:
    assert agreeing.leads(groups, [beside]) == hear


# --- stopping -----------------------------------------------------------------------------


def test_stopping_ends_what_holds_and_leaves_no_draft_to_agree_to() -> None:
    ended = replace(DRAFT, id="ended", state=State.ENDED, ended_at=NOON - DAY)
    outcome = agreeing.stop((ended, ACTIVE, DRAFT), agreeing.SAVED, "sam", NOON)
    assert states(outcome) == {"old": State.ENDED, "new": State.ENDED}
    assert {one.ended_at for one in agreements(outcome).values()} == {NOON}
    assert [log.facts["agreement"] for log in outcome.logs] == ["old"]


def test_stopping_what_is_stopped_says_so_again() -> None:
    ended = replace(ACTIVE, state=State.ENDED)
    outcome = agreeing.stop((ended,), agreeing.SAVED, "sam", NOON)
    assert outcome == Outcome(said=agreeing.SAVED)


GRID = """
         agreed  replaced  stopped
draft    active  ended     ended
active   -       ended     ended
ended    -       -         -
"""


def test_each_event_makes_of_an_agreement_what_the_table_says() -> None:
    head, *lines = (line.split() for line in GRID.strip().splitlines())
    assert {
        state: {event: to for event, to in zip(head, after, strict=True) if to != "-"}
        for state, *after in lines
    } == TABLE
    assert list(TABLE) == list(State) and head == list(Event)


def test_the_words_that_are_kept_stay_as_they_are() -> None:
    assert list(Freely) == ["yes", "not_sure", "talk"]
