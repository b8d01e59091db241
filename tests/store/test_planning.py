"""Plans that are written together, as they are kept: by whom, read by whom, in whose words."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.care.agreeing import Freely, Wish
from bot.care.agreement import Agreement, Choice
from bot.care.news import News
from bot.care.outcome import Outcome, Topic
from bot.care.plan import LADDERS, Plan, PlanState, Rung, RungKind, with_supporter
from bot.care.planning import ON_LADDER, WANTED, WANTED_PLAN
from bot.care.terms import Pattern, Point, SafePlace, Stretch, View
from bot.store import agreeing, journey, plan, planning, schema
from tests.conftest import NOON
from tests.oak import Oak, said, told

LADDER = LADDERS["on_call"]


def begun(oak: Oak, by: str = "Jo", rungs: tuple[Rung, ...] = LADDER) -> Outcome:
    return planning.prepare(oak.c, oak.sam, oak.ids[by], ("Park",), 60, rungs, "Ring Sam.", NOON)


def written(oak: Oak) -> Plan:
    begun(oak)
    found = plan.being_written(oak.c, oak.sam)
    assert found is not None
    return found


def agreed(oak: Oak) -> Plan:
    plan.sample(oak.c, oak.sam, oak.jo, NOON)
    found = plan.in_force(oak.c, oak.sam)
    assert found is not None
    return found


def says(oak: Oak, id: str, by: str, **terms: object) -> Outcome:
    def changed(now: Plan) -> Plan:
        return replace(now, terms=replace(now.terms, **terms))  # type: ignore[arg-type]  # any field

    return planning.write(oak.c, id, changed, oak.ids[by], NOON)


SAID: dict[str, object] = {
    "pattern": Pattern.POINTS,
    "points": (Point("The canal", 20),),
    "stretches": (Stretch("s", "The tunnel", 10),),
    "safe_places": (SafePlace("p", "Library", "1 High Street", "020 7946 0001", 51.5, -0.1),),
    "medicine": "Insulin",
    "less_restrictive": "A friend.",
}


def test_all_that_is_said_comes_back_and_cannot_be_read_in_the_database(oak: Oak) -> None:
    id = written(oak).id
    says(oak, id, "Dev", **SAID)
    found = plan.plan(oak.c, id)
    assert found is not None
    assert {name: getattr(found.terms, name) for name in SAID} == SAID
    row = oak.c.execute(select(schema.plan).where(schema.plan.c.id == id)).one()
    for word in ("canal", "tunnel", "Library", "7946", "Insulin", "friend"):
        assert word not in str(row.terms) and word.encode() not in row.words


def test_what_is_written_on_is_not_yet_the_persons(oak: Oak) -> None:
    before, id = agreed(oak), written(oak).id
    assert plan.in_force(oak.c, oak.sam) == before and plan.draft_of(oak.c, oak.sam) is None
    assert planning.spoken_of(oak.c, oak.sam) == before
    assert said(plan.agree(oak.c, id, oak.sam, NOON)) == "plan.not_open"
    planning.send(oak.c, id, oak.dev, NOON)
    assert told(oak.c, "plan.please_agree") == ["Sam"]
    plan.agree(oak.c, id, oak.sam, NOON)
    after = plan.in_force(oak.c, oak.sam)
    assert after is not None and after.id == id


def test_what_is_begun_anew_replaces_what_was_begun(oak: Oak) -> None:
    first, second = written(oak), written(oak)
    assert second.version == first.version + 1
    replaced = plan.plan(oak.c, first.id)
    assert replaced is not None and replaced.state is PlanState.REPLACED


def test_a_change_is_the_next_version_once_and_the_one_in_force_stands(oak: Oak) -> None:
    before = agreed(oak)
    planning.change(oak.c, before.id, oak.dev, NOON)
    copy = plan.being_written(oak.c, oak.sam)
    assert copy is not None and copy.version == before.version + 1
    assert (copy.places, copy.rungs) == (before.places, before.rungs)
    again = planning.change(oak.c, before.id, oak.jo, NOON)
    assert again.said is not None and again.said.params["plan"] == copy.id
    assert plan.in_force(oak.c, oak.sam) == before


def test_a_supporter_who_has_gone_is_not_copied_and_holds_up_no_change(oak: Oak) -> None:
    amira = Rung(RungKind.SUPPORTER, 10, oak.amira, oak.role("Amira"))
    begun(oak, rungs=with_supporter(LADDER, amira, 1))
    id = getattr(plan.being_written(oak.c, oak.sam), "id", "")
    planning.send(oak.c, id, oak.jo, NOON)
    plan.agree(oak.c, id, oak.sam, NOON)
    table = schema.membership
    ended = update(table).where(table.c.id == amira.acting).values(until=NOON)
    oak.c.execute(ended)
    planning.change(oak.c, id, oak.jo, NOON)
    copy = plan.being_written(oak.c, oak.sam)
    assert copy is not None and copy.rungs == LADDER

    planning.write(oak.c, copy.id, lambda p: replace(p, rungs=(*LADDER, amira)), oak.jo, NOON)
    assert plan.being_written(oak.c, oak.sam) == copy, "nobody who is not around the person"
    assert said(says(oak, copy.id, "Jo", step_up=True)) == "terms.page"


@pytest.mark.parametrize("name", ["Sam", "Amira", "Leo", "Alex"])
def test_only_staff_of_the_team_write_on_it(oak: Oak, name: str) -> None:
    stands, id = agreed(oak), written(oak).id
    by = oak.ids[name]
    assert begun(oak, name) == Outcome()
    assert says(oak, id, name, step_up=True) == Outcome()
    assert planning.send(oak.c, id, by, NOON) == Outcome()
    assert planning.change(oak.c, stands.id, by, NOON) == Outcome()
    if name != "Sam":
        assert planning.think(oak.c, id, "Hm.", by, NOON) == Outcome()
    now = plan.being_written(oak.c, oak.sam)
    assert now is not None and now.id == id and now.terms.views == ()


def test_who_comes_onto_the_ladder_is_told_once_as_far_as_sharing_allows_and_may_say_no(
    oak: Oak,
) -> None:
    rungs: tuple[Rung, ...] = LADDER
    for name in ("Amira", "Leo"):  # Sam lets Amira know of outings; of Leo there is no row
        rungs = with_supporter(
            rungs, Rung(RungKind.SUPPORTER, 10, oak.ids[name], oak.role(name)), 1
        )
    begun(oak, rungs=rungs)
    first = plan.being_written(oak.c, oak.sam)
    assert first is not None
    planning.send(oak.c, first.id, oak.jo, NOON)
    assert told(oak.c, "news.push") == [], "not before Sam has agreed"
    outcome = plan.agree(oak.c, first.id, oak.sam, NOON)
    assert said(outcome) == "plan.agreed" and told(oak.c, "news.push") == ["Amira"]
    assert [(item.text, item.level) for item in questions(outcome)] == [(ON_LADDER, 1)]

    planning.change(oak.c, first.id, oak.jo, NOON)
    second = plan.being_written(oak.c, oak.sam)
    assert second is not None
    planning.send(oak.c, second.id, oak.jo, NOON)
    plan.agree(oak.c, second.id, oak.sam, NOON)
    assert told(oak.c, "news.push") == ["Amira"], "once"

    for nobody in (oak.ruth, oak.alex, oak.sam, oak.jo):
        assert planning.not_me(oak.c, first.id, nobody, NOON) == Outcome()
    assert said(planning.not_me(oak.c, first.id, oak.amira, NOON)) == "plan.not_me_said"
    assert told(oak.c, "plan.not_me_person") == ["Sam"]
    assert told(oak.c, "plan.not_me_team") == ["Jo"]
    assert plan.in_force(oak.c, oak.sam) == _now(oak, second), "the plan is theirs to change"


# --- views --------------------------------------------------------------------------------


def ask(oak: Oak, name: str, by: str = "Sam") -> Outcome:
    return planning.ask(oak.c, oak.role(name), oak.ids[by], NOON)


def shares(oak: Oak, choice: Choice, level: int) -> None:
    """Sam agrees anew with Amira about going out."""
    wish = Wish(Topic.JOURNEYS, choice, level)
    made = agreeing.draft(oak.c, oak.role("Amira"), (wish,), oak.sam, NOON).records[-1]
    assert isinstance(made, Agreement)
    agreeing.answer(oak.c, made.id, oak.sam, NOON, freely=Freely.YES)


def questions(outcome: Outcome) -> list[News]:
    return [record for record in outcome.records if isinstance(record, News)]


def test_whom_the_person_asks_and_shares_with_is_called_to_read(oak: Oak) -> None:
    stands = agreed(oak)
    outcome = ask(oak, "Amira")
    (item,) = questions(outcome)
    assert (item.text, item.level, item.topic) == (WANTED, 1, Topic.JOURNEYS)
    assert told(oak.c, "news.push") == ["Amira"]
    assert planning.speaks(oak.c, _now(oak, stands), oak.amira, NOON) is not None


def _now(oak: Oak, of: Plan) -> Plan:
    found = plan.plan(oak.c, of.id)
    assert found is not None
    return found


def test_who_may_know_more_reads_which_plan_it_is(oak: Oak) -> None:
    agreed(oak)
    shares(oak, Choice.SHARE, 3)
    (item,) = questions(ask(oak, "Amira"))
    assert (item.text, item.level) == (WANTED_PLAN, 3)


def test_the_person_is_asked_for_the_words_first_where_they_wanted_that(oak: Oak) -> None:
    agreed(oak)
    shares(oak, Choice.ASK, 1)
    assert said(ask(oak, "Amira")) == "view.asked"
    assert told(oak.c, "news.may_i_tell") == ["Sam"] and told(oak.c, "news.push") == []


@pytest.mark.parametrize("name", ["Leo", "Ruth"])
def test_whom_the_person_does_not_share_with_is_asked_nothing(oak: Oak, name: str) -> None:
    stands = agreed(oak)
    outcome = ask(oak, name)
    assert said(outcome) == "view.not_shared" and questions(outcome) == []
    assert told(oak.c, "news.push") == [] and _now(oak, stands).terms.asked == ()
    assert planning.think(oak.c, stands.id, "Hm.", oak.ids[name], NOON) == Outcome()


@pytest.mark.parametrize("by", ["Jo", "Amira", "Leo", "Alex"])
def test_nobody_asks_in_the_persons_place(oak: Oak, by: str) -> None:
    agreed(oak)
    assert ask(oak, "Amira", by) == Outcome()


def test_staff_are_not_asked_by_that_way_nor_is_who_has_gone(oak: Oak) -> None:
    agreed(oak)
    assert ask(oak, "Jo") == Outcome()
    place, table = oak.role("Amira"), schema.membership
    oak.c.execute(update(table).where(table.c.id == place).values(until=NOON))
    assert planning.ask(oak.c, place, oak.sam, NOON) == Outcome()


def test_each_view_stands_under_its_own_name(oak: Oak) -> None:
    stands = agreed(oak)
    ask(oak, "Amira")
    for name, words in (("Sam", "By bus."), ("Jo", "Fine."), ("Amira", "A text."), ("Leo", "No.")):
        planning.think(oak.c, stands.id, words, oak.ids[name], NOON)
    assert _now(oak, stands).terms.views == (
        View(oak.sam, "By bus."),
        View(oak.jo, "Fine."),
        View(oak.amira, "A text."),
    )
    row = oak.c.execute(select(schema.plan).where(schema.plan.c.id == stands.id)).one()
    assert b"A text." not in row.words


def test_a_view_on_an_older_plan_stands_in_those_that_count_now(oak: Oak) -> None:
    stands = agreed(oak)
    ask(oak, "Amira")
    begun(oak)
    draft = plan.being_written(oak.c, oak.sam)
    assert draft is not None
    planning.send(oak.c, draft.id, oak.jo, NOON)
    outcome = planning.think(oak.c, stands.id, "By bus.", oak.sam, NOON)
    assert said(outcome) == "view.thank_you"
    assert outcome.said is not None and outcome.said.params["plan"] == draft.id
    both = [_now(oak, one).terms.views for one in (stands, draft)]
    assert both == [(View(oak.sam, "By bus."),)] * 2, "whichever of the two holds in the end"

    plan.agree(oak.c, draft.id, oak.sam, NOON)
    planning.change(oak.c, draft.id, oak.jo, NOON)
    copy = plan.being_written(oak.c, oak.sam)
    assert copy is not None
    assert _now(oak, stands).state is PlanState.REPLACED
    assert not planning.closed(oak.c, _now(oak, stands))
    assert said(planning.think(oak.c, stands.id, "A text.", oak.amira, NOON)) == "view.thanks"
    views = (View(oak.sam, "By bus."), View(oak.amira, "A text."))
    assert _now(oak, draft).terms.views == _now(oak, copy).terms.views == views
    assert _now(oak, stands).terms.views == views[:1], "nobody reads that one any more"


def test_a_view_on_a_plan_that_is_no_more_came_too_late(oak: Oak) -> None:
    begun(oak)
    draft = plan.being_written(oak.c, oak.sam)
    assert draft is not None
    planning.send(oak.c, draft.id, oak.jo, NOON)
    plan.decline(oak.c, draft.id, oak.sam, NOON)
    assert planning.closed(oak.c, _now(oak, draft))
    assert said(planning.think(oak.c, draft.id, "By bus.", oak.sam, NOON)) == "plan.not_open"
    assert _now(oak, draft).terms.views == ()


def test_an_outing_keeps_the_times_it_began_under_whatever_is_written_since(oak: Oak) -> None:
    stands = agreed(oak)
    journey.set_off(oak.c, oak.sam, "Café", NOON + timedelta(hours=1), NOON)
    planning.change(oak.c, stands.id, oak.jo, NOON)
    copy = plan.being_written(oak.c, oak.sam)
    assert copy is not None
    planning.write(oak.c, copy.id, lambda p: replace(p, grace=20), oak.jo, NOON)
    planning.send(oak.c, copy.id, oak.jo, NOON)
    plan.agree(oak.c, copy.id, oak.sam, NOON)
    out = journey.running(oak.c, oak.sam)
    assert out is not None and out.plan.id == stands.id and out.plan.grace == 10
