"""A plan is written together: staff on a draft of their own, the person's word, others' views."""

from dataclasses import replace

import pytest

from bot.care import planning
from bot.care.outcome import Message, Outcome
from bot.care.plan import LADDERS, Plan, PlanState, Rung, RungKind
from bot.care.planning import WANTED, WANTED_PLAN
from bot.care.terms import AS_BEFORE, Pattern, Point, Support, View
from tests.care.outing import NOON, PLAN, said, told

AMIRA = Rung(RungKind.SUPPORTER, 10, "amira", "amiras-place")
WRITTEN = replace(PLAN, id="new", version=2, state=PlanState.PREPARING, agreed_at=None)
LADDER = LADDERS["key_worker"]


def plans(outcome: Outcome) -> list[Plan]:
    return [record for record in outcome.records if isinstance(record, Plan)]


def with_terms(plan: Plan, **terms: object) -> Plan:
    return replace(plan, terms=replace(plan.terms, **terms))  # type: ignore[arg-type]  # any field


def test_a_copy_says_the_same_and_is_nobodys_plan_yet() -> None:
    before = with_terms(PLAN, views=(View("sam", "Yes."),), asked=("amiras-place",))
    copy = planning.copied(before, "new", 2, "dev", NOON)
    assert (copy.state, copy.version, copy.drafted_by) == (PlanState.PREPARING, 2, "dev")
    assert copy.agreed_at is None and copy.rungs == before.rungs
    assert copy.terms.views == before.terms.views
    assert copy.terms.asked == (), "whom the person asked is asked of that plan alone"


def test_what_is_begun_is_told_to_nobody_and_takes_the_place_of_what_was_begun() -> None:
    earlier = replace(WRITTEN, id="earlier")
    outcome = planning.prepare(WRITTEN, earlier)
    states = [(plan.id, plan.state) for plan in plans(outcome)]
    assert states == [("earlier", PlanState.REPLACED), ("new", PlanState.PREPARING)]
    assert outcome.tells == () and said(outcome) == "page"


def test_one_thing_said_anew_is_kept_and_the_page_shown() -> None:
    changed = with_terms(WRITTEN, support=Support.ALONE)
    outcome = planning.write(WRITTEN, changed, "jo")
    assert plans(outcome) == [changed] and said(outcome) == "page" and outcome.tells == ()
    same = planning.write(WRITTEN, WRITTEN, "jo")
    assert (same.records, same.logs) == ((), ()) and said(same) == "page"


@pytest.mark.parametrize("state", sorted(set(PlanState) - {PlanState.PREPARING}))
def test_what_the_person_has_read_is_never_written_on(state: PlanState) -> None:
    sent = replace(WRITTEN, state=state)
    for outcome in (
        planning.write(sent, with_terms(sent, support=Support.ALONE), "jo"),
        planning.send(sent, None),
    ):
        assert outcome == Outcome(said=outcome.said) and said(outcome) == "not_open"


@pytest.mark.parametrize("rungs", [(), (AMIRA,), (AMIRA, *LADDER)])
def test_an_outing_never_rests_on_a_supporter_first(rungs: tuple[Rung, ...]) -> None:
    outcome = planning.write(WRITTEN, replace(WRITTEN, rungs=rungs), "jo")
    assert outcome == Outcome(said=outcome.said) and said(outcome) == "staff_first"


def test_a_shorter_ladder_still_has_somebody_who_sees_what_a_call_may_be_told() -> None:
    before = with_terms(WRITTEN, call_from=2)
    (changed,) = plans(planning.write(before, replace(before, rungs=LADDER[:1]), "jo"))
    assert changed.terms.call_from == 0


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ({"pattern": Pattern.EVERY}, "lacks_less"),
        ({"support": Support.TOGETHER}, "lacks_less"),
        ({"support": Support.SHADOWED}, "lacks_less"),
        ({"pattern": Pattern.POINTS, "less_restrictive": "A friend."}, "lacks_points"),
        ({"pattern": Pattern.POINTS, "points": (Point("Bus", 20),)}, "lacks_less"),
    ],
)
def test_the_person_is_asked_only_when_it_says_enough(terms: dict[str, object], why: str) -> None:
    outcome = planning.send(with_terms(WRITTEN, **terms), None)
    assert outcome == Outcome(said=outcome.said) and said(outcome) == why


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"support": Support.ALONE},
        {"support": Support.TOGETHER, "less_restrictive": "A friend."},
        {"pattern": Pattern.EVERY, "less_restrictive": "A friend."},
        {
            "pattern": Pattern.POINTS,
            "points": (Point("Bus", 20),),
            "less_restrictive": "A friend.",
        },
    ],
)
def test_sent_it_is_a_draft_that_the_person_reads(terms: dict[str, object]) -> None:
    waits = replace(PLAN, id="waits", state=PlanState.DRAFT)
    outcome = planning.send(with_terms(WRITTEN, **terms), waits)
    assert [(plan.id, plan.state) for plan in plans(outcome)] == [
        ("waits", PlanState.REPLACED),
        ("new", PlanState.DRAFT),
    ]
    assert told(outcome) == [("sam", "please_agree")]


# --- the ladder ---------------------------------------------------------------------------


def test_rungs_are_moved_timed_and_taken_out_one_at_a_time() -> None:
    first, second, third = LADDER
    assert planning.sooner(LADDER, 2) == (first, third, second)
    assert planning.sooner(LADDER, 1) == (second, first, third)
    assert planning.sooner(LADDER, 0) == LADDER
    assert planning.without(LADDER, 1) == (first, third)
    assert planning.waiting(LADDER, 1, 5) == (first, replace(second, wait=5), third)
    assert planning.missing(LADDER[:1]) == (RungKind.ON_CALL, RungKind.MANAGER)
    assert planning.missing((*LADDER, AMIRA)) == ()
    assert planning.stands(LADDER) and planning.stands((*LADDER, AMIRA))


# --- views --------------------------------------------------------------------------------

DRAFT = replace(WRITTEN, state=PlanState.DRAFT)


def asks(plan: Plan = DRAFT, level: int | None = 1, by: str = "sam") -> Outcome:
    return planning.ask(plan, "amiras-place", level, "amira", by)


def test_the_person_asks_one_around_them_once() -> None:
    outcome = asks()
    (asked,) = plans(outcome)
    assert asked.terms.asked == ("amiras-place",) and said(outcome) == "asked"
    again = asks(asked)
    assert again == Outcome(said=again.said) and said(again) == "asked_already"


def test_whom_nothing_is_shared_with_is_not_asked() -> None:
    outcome = asks(level=None)
    assert outcome == Outcome(said=outcome.said) and said(outcome) == "not_shared"


@pytest.mark.parametrize("by", ["jo", "amira", "alex"])
def test_nobody_asks_in_the_persons_place(by: str) -> None:
    assert asks(by=by) == Outcome()


@pytest.mark.parametrize("state", sorted(set(PlanState) - set(planning.OPEN)))
def test_of_a_plan_the_person_does_not_have_nobody_is_asked(state: PlanState) -> None:
    outcome = asks(replace(WRITTEN, state=state))
    assert outcome == Outcome(said=outcome.said) and said(outcome) == "not_open"


def test_the_question_says_no_more_than_is_shared() -> None:
    assert planning.ASKS == {3: WANTED_PLAN, 1: WANTED}
    assert list(planning.ASKS) == [3, 1], "the most first"


def thinks(plan: Plan = DRAFT, by: str = "amira", words: str = "Good.") -> Outcome:
    return planning.think(plan, View(by, words))


@pytest.mark.parametrize("state", planning.OPEN)
def test_a_view_stands_under_its_name_and_the_others_hear_that_it_does(state: PlanState) -> None:
    plan = with_terms(replace(DRAFT, state=state), views=(View("jo", "Yes."),))
    outcome = thinks(plan)
    assert plans(outcome)[0].terms.views == (View("jo", "Yes."), View("amira", "Good."))
    assert told(outcome) == [("sam", "heard"), ("jo", "heard_staff")] and said(outcome) == "thanks"
    assert not any("Good." in str(tell.message.params) for tell in outcome.tells)
    own = thinks(plan, "sam")
    assert told(own) == [("jo", "heard_staff")] and said(own) == "thank_you"
    staff = thinks(plan, "jo")
    assert told(staff) == [("sam", "heard")]


def test_whoever_thinks_otherwise_now_replaces_their_own_words_alone() -> None:
    plan = with_terms(DRAFT, views=(View("amira", "Good."), View("sam", "Mine.")))
    (after,) = plans(thinks(plan, words="Not at night."))
    assert after.terms.views == (View("sam", "Mine."), View("amira", "Not at night."))


def test_a_view_of_staff_on_what_they_write_is_told_to_nobody_yet() -> None:
    outcome = thinks(WRITTEN, "jo")
    assert outcome.tells == () and said(outcome) == "page"
    assert plans(outcome)[0].terms.views == (View("jo", "Good."),)


@pytest.mark.parametrize("state", [PlanState.REPLACED, PlanState.DECLINED])
def test_a_plan_that_is_over_takes_no_views(state: PlanState) -> None:
    outcome = thinks(replace(DRAFT, state=state))
    assert outcome == Outcome(said=outcome.said) and said(outcome) == "not_open"


def test_a_plan_that_says_nothing_of_the_way_is_as_it_was_before() -> None:
    assert PLAN.terms == AS_BEFORE and planning.lacks(WRITTEN) is None
    assert planning.page(WRITTEN) == Message(planning.PAGE, {"plan": "new", "person": "sam"})


@pytest.mark.parametrize(
    ("police", "rungs", "late"),
    [
        (30, LADDER, None),
        (29, LADDER, (LADDER[-1], 30)),
        (30, (LADDER[0], AMIRA, *LADDER[1:]), (LADDER[-1], 40)),
        (30, (*LADDER, AMIRA), None),
    ],
)
def test_who_is_asked_only_after_the_police_would_be_told(
    police: int, rungs: tuple[Rung, ...], late: tuple[Rung, int] | None
) -> None:
    plan = replace(WRITTEN, grace=10, police_after=police, rungs=rungs)
    assert planning.after_police(plan) == late
