"""One decision: help and the four parts of the test come first, and what follows from them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.care import decision as care
from bot.care.agreeing import Wish
from bot.care.agreement import Basis, Choice, Sharing, Situation
from bot.care.decision import DecisionRecord, Found, Kind, Part
from bot.care.holding import taken, widens
from bot.care.outcome import Outcome, Topic

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
DAY = timedelta(days=1)
ABLE = dict.fromkeys(Part, True)
UNABLE = ABLE | {Part.RETAIN: False}
HELD = {Topic.FINANCES}

RECORD = DecisionRecord(
    "one", "sam", (Topic.FINANCES,), "Pictures.", UNABLE, Found.CANNOT_NOW, "jo", NOW, LATER
)


# --- what may be written down -------------------------------------------------------------


@pytest.mark.parametrize("part", list(Part))
def test_whoever_cannot_do_one_of_the_four_parts_cannot_decide_it_now(part: Part) -> None:
    assert care.able(ABLE)
    assert not care.able(ABLE | {part: False})
    assert not care.able({one: True for one in Part if one is not part})


@pytest.mark.parametrize("found", list(Found))
def test_what_is_found_follows_from_the_test(found: Found) -> None:
    able = found is Found.CAN_DECIDE
    assert care.complete(replace(RECORD, found=found, test=ABLE)) is able
    assert care.complete(replace(RECORD, found=found, test=UNABLE)) is not able


@pytest.mark.parametrize(
    "unready",
    [
        replace(RECORD, help=" "),
        replace(RECORD, test={Part.WEIGH: False}),
        replace(RECORD, test={}),
    ],
    ids=["no help", "one part", "no part"],
)
def test_nothing_is_written_down_before_help_and_the_whole_test(unready: DecisionRecord) -> None:
    assert not care.complete(unready)
    assert care.record(unready, (), NOW) == Outcome()


def test_a_record_ends_those_before_it_about_the_same_topic_alone() -> None:
    other = replace(RECORD, id="other", topics=(Topic.MEDICATION,))
    before = replace(RECORD, id="before")
    outcome = care.record(RECORD, (before, other), LATER)
    assert outcome.records == (replace(before, until=LATER), RECORD)
    assert [wake.at for wake in outcome.wakes] == [None, RECORD.review_at]


def test_a_later_record_takes_one_of_several_topics_and_leaves_the_rest() -> None:
    both = replace(RECORD, id="both", topics=(Topic.MEDICATION, Topic.FINANCES))
    taken = care.record(RECORD, (both,), LATER)
    (less, _) = taken.records
    assert less == replace(both, over={Topic.FINANCES: LATER})
    assert isinstance(less, DecisionRecord) and less.left == (Topic.MEDICATION,)
    assert [wake.key for wake in taken.wakes] == ["one"], "it is looked at again when it was to be"

    again = care.record(replace(RECORD, id="two"), (less,), LATER)
    assert again.records == (replace(RECORD, id="two"),)
    rest = replace(RECORD, id="three", topics=(Topic.MEDICATION, Topic.WELLBEING))
    (gone, _) = care.record(rest, (less,), LATER + DAY).records
    assert gone == replace(less, until=LATER + DAY)
    assert care.record(rest, (), NOW).logs[0].facts["topics"] == "medication,wellbeing"


def test_a_record_is_about_something() -> None:
    assert care.record(replace(RECORD, topics=()), (), NOW) == Outcome()


def test_where_nothing_was_held_a_person_who_can_decide_is_not_bothered() -> None:
    can = replace(RECORD, found=Found.CAN_DECIDE, test=ABLE)
    outcome = care.record(can, (), NOW)
    assert outcome.tells == () and outcome.wakes == ()
    assert outcome.records == (replace(can, until=NOW),) and not can.holds
    assert [tell.to for tell in care.record(can, (RECORD,), NOW).tells] == ["sam"]


def test_only_a_decision_to_share_allows_anything() -> None:
    kinds = {found: replace(RECORD, found=found) for found in Found}
    assert [found for found, one in kinds.items() if one.allows] == [Found.SHARE]
    assert [found for found, one in kinds.items() if not one.holds] == [Found.CAN_DECIDE]
    capacity = [found for found, one in kinds.items() if one.kind is Kind.CAPACITY]
    assert capacity == [Found.CAN_DECIDE, Found.CANNOT_NOW]


def test_a_review_that_is_not_due_yet_is_only_set_again() -> None:
    assert care.due(RECORD, LATER - DAY).wakes[0].at == LATER
    assert care.due(RECORD, LATER) == Outcome()
    assert care.due(replace(RECORD, until=NOW), LATER) == Outcome()


# --- what is held never widens ------------------------------------------------------------


def row(
    choice: Choice = Choice.SHARE, level: int = 2, situation: Situation = Situation.EVERYDAY
) -> Sharing:
    return Sharing("row", Topic.FINANCES, situation, choice, level, NOW)


def wish(choice: Choice = Choice.SHARE, level: int | None = None) -> Wish:
    return Wish(Topic.FINANCES, choice, level)


@pytest.mark.parametrize("choice", [Choice.ASK, Choice.NEVER, Choice.UNSURE])
def test_less_can_always_be_chosen(choice: Choice) -> None:
    for before in ([], [row()], [row(Choice.NEVER)]):
        assert taken([wish(choice)], before, HELD) == (wish(choice),)


@pytest.mark.parametrize(
    ("before", "level", "follows"),
    [
        ([row(level=2)], 1, True),
        ([row(level=2)], 2, True),
        ([row(level=2)], 3, False),
        ([row(level=2)], None, True),
        ([], 1, False),
        ([row(Choice.ASK, 3)], 1, False),
        ([row(Choice.NEVER)], 1, False),
        ([row(), row(Choice.NEVER, situation=Situation.UNWELL)], 1, False),
        ([row(situation=Situation.UNWELL)], 1, False),
    ],
)
def test_a_yes_is_followed_where_no_more_comes_of_it(
    before: list[Sharing], level: int | None, follows: bool
) -> None:
    assert bool(taken([wish(level=level)], before, HELD)) is follows
    assert taken([wish(level=level)], before, set()), "not held, all can be chosen"
    assert widens([row(level=level or 1)], before, HELD) is not follows
    assert not widens([row(level=level or 1)], before, set())


def test_longer_and_further_back_is_more_too() -> None:
    short = replace(row(), until=NOW + DAY, data_from=NOW - DAY)
    for proposed, more in (
        (short, False),
        (replace(short, until=NOW), False),
        (replace(short, data_from=NOW), False),
        (replace(short, until=None), True),
        (replace(short, until=NOW + 2 * DAY), True),
        (replace(short, data_from=None), True),
        (replace(short, data_from=NOW - 2 * DAY), True),
    ):
        assert widens([proposed], [short], HELD) is more


def test_what_rests_on_another_word_is_not_the_persons_to_hold() -> None:
    decided = replace(row(level=3), basis=Basis.BEST_INTERESTS, ground="one")
    assert not widens([decided], [], HELD)


def test_what_rests_on_another_word_is_not_what_the_person_shares_already() -> None:
    """So a held topic cannot become the person's own by the detour of somebody else's word."""
    lent = replace(row(level=3), basis=Basis.BEST_INTERESTS, ground="one")
    assert taken([wish(level=1)], [lent], HELD) == ()
    assert widens([row(level=1)], [lent], HELD)
    assert taken([wish(level=2)], [lent, row(level=2)], HELD) == (wish(level=2),)
    assert taken([wish(level=3)], [lent, row(level=2)], HELD) == ()
