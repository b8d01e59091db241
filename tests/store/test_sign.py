"""Early-warning plans as they are kept: drafts, versions, suggested cards, and who may write."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.care.outcome import Cause, Outcome
from bot.care.plan import Rung, RungKind
from bot.care.review import Item, Kind
from bot.care.sign import Response, Sign, SignPlan, Stage, State, Template, Voice
from bot.care.sign_plan import IN_FORCE_FOR, Answer, Card
from bot.store import inbox, leaving, schema, sign, sign_plan
from bot.store.tools import ERASED, new_id, tools
from tests.conftest import NOON
from tests.oak import Oak, said, to_look_at, told

LATE = (Rung(RungKind.ON_CALL, 5), Rung(RungKind.MANAGER, 5))


def card(oak: Oak, by: str, name: str = "Wears a coat indoors") -> Sign:
    return Sign(new_id(oak.c), Stage.MIDDLE, name, by, NOON, "🧥", helps="Ask about it.")


def drafted(oak: Oak) -> SignPlan:
    """Jo and Sam have written a card, a sentence and what is done."""
    sign_plan.add_card(oak.c, oak.sam, card(oak, oak.jo), oak.jo, NOON)
    sign_plan.add_threshold(oak.c, oak.sam, Template.TWO_PEOPLE, 2, 7, oak.sam, NOON)
    response = Response(Stage.LATE, LATE, "Go there.")
    sign_plan.respond(oak.c, oak.sam, response, oak.jo, NOON)
    found = sign.draft_of(oak.c, oak.sam)
    assert found is not None
    return found


def in_force(oak: Oak) -> SignPlan:
    sign_plan.sample(oak.c, oak.sam, oak.amira, oak.jo, NOON)
    found = sign.active(oak.c, oak.sam)
    assert found is not None
    return found


def test_a_draft_comes_back_as_it_was_written_and_nobody_reads_it_in_the_database(
    oak: Oak,
) -> None:
    draft = drafted(oak)
    assert draft.state is State.DRAFT and draft.version == 1 and draft.revision == 3
    assert draft.co_authors == (oak.jo, oak.sam)
    assert draft.response(Stage.LATE) == Response(Stage.LATE, LATE, "Go there.")
    assert [(t.template, t.count, t.days) for t in draft.thresholds] == [
        (Template.TWO_PEOPLE, 2, 7)
    ]
    assert sign.of_version(oak.c, draft.id) == draft and sign.active(oak.c, oak.sam) is None
    row = oak.c.execute(select(schema.sign_plan)).one()
    assert b"coat" not in row.words and "coat" not in str(row.terms) and "Go" not in str(row.terms)
    assert oak.c.execute(select(func.count()).select_from(schema.sign_plan)).scalar() == 1

    tools(oak.c).vault.erase(oak.c, oak.sam)
    erased = sign.of_version(oak.c, draft.id)
    assert erased is not None and erased.signs[0].name == ERASED
    assert erased.thresholds == draft.thresholds, "counts and ladders still stand"


def test_only_the_person_and_their_own_team_write(oak: Oak) -> None:
    for by in (oak.amira, oak.leo, oak.ruth, oak.alex):
        assert sign_plan.writes(oak.c, oak.sam, by, NOON) is None
        assert sign_plan.add_card(oak.c, oak.sam, card(oak, by), by, NOON) == Outcome()
        assert sign_plan.respond(oak.c, oak.sam, Response(Stage.LATE, LATE), by, NOON) == Outcome()
    assert sign_plan.writes(oak.c, oak.sam, oak.sam, NOON) is Voice.PERSON
    assert sign_plan.writes(oak.c, oak.sam, oak.dev, NOON) is Voice.STAFF
    assert sign_plan.writes(oak.c, oak.jo, oak.jo, NOON) is None, "nobody supports Jo here"
    assert sign.draft_of(oak.c, oak.sam) is None


def test_the_persons_press_ends_the_version_before_closes_the_update_and_is_logged(
    oak: Oak,
) -> None:
    first = in_force(oak)
    assert first.review_at == NOON + IN_FORCE_FOR
    sign_plan.add_card(oak.c, oak.sam, card(oak, oak.jo), oak.jo, NOON)
    draft = sign.draft_of(oak.c, oak.sam)
    assert draft is not None and draft.version == 2 and len(draft.signs) == len(first.signs) + 1
    assert [one.id for one in draft.signs][:-1] == [one.id for one in first.signs]
    assert sign.active(oak.c, oak.sam) == first, "a draft changes nothing"

    for by in (oak.jo, oak.amira, oak.priya):
        assert sign_plan.activate(oak.c, draft.id, draft.revision, by, NOON) == Outcome()
    old = sign_plan.activate(oak.c, draft.id, draft.revision - 1, oak.sam, NOON)
    assert said(old) == "sign.changed_since"
    assert sign_plan.activate(oak.c, "nothing", 1, oak.sam, NOON) == Outcome()
    inbox.arrive(oak.c, 7, 1, "{}", NOON)
    sign_plan.activate(oak.c, draft.id, draft.revision, oak.sam, NOON, Cause(update=7))

    second, ended = sign.active(oak.c, oak.sam), sign.of_version(oak.c, first.id)
    assert second is not None and second.id == draft.id and second.active_at == NOON
    assert ended is not None and ended.state is State.ENDED and ended.ended_at == NOON
    assert sign.draft_of(oak.c, oak.sam) is None
    assert told(oak.c, "sign.in_force_for_staff") == ["Jo"]
    kinds = set(oak.c.execute(select(schema.ledger.c.kind)).scalars())
    assert {"sign_plan_active", "sign_plan_written"} <= kinds
    assert oak.c.execute(select(schema.inbox.c.state)).scalars().all() == ["done"]

    sign_plan.end(oak.c, second.id, oak.jo, NOON)
    assert sign.active(oak.c, oak.sam) is not None, "only Sam ends it"
    sign_plan.end(oak.c, second.id, oak.sam, NOON)
    assert sign.active(oak.c, oak.sam) is None


def test_a_suggested_card_waits_for_an_answer_and_hides_its_words(oak: Oak) -> None:
    in_force(oak)
    outcome = sign_plan.suggest(oak.c, oak.sam, card(oak, oak.leo), oak.leo, NOON)
    assert sorted(one.to for one in outcome.tells) == sorted((oak.sam, oak.jo))
    for stranger in (oak.alex, oak.jo):
        fresh = card(oak, stranger)
        assert sign_plan.suggest(oak.c, oak.sam, fresh, stranger, NOON) == Outcome()
    (waiting,) = sign_plan.cards(oak.c, oak.sam)
    assert waiting.sign.by == oak.leo and waiting.sign.name == "Wears a coat indoors"
    row = oak.c.execute(select(schema.sign_card)).one()
    assert b"coat" not in row.words and "coat" not in str(row.terms)

    for by in (oak.leo, oak.amira, oak.alex):
        assert sign_plan.take(oak.c, waiting.id, by, NOON) == Outcome()
        assert sign_plan.decline(oak.c, waiting.id, "No.", by, NOON) == Outcome()
    later = NOON + timedelta(days=1)
    sign_plan.decline(oak.c, waiting.id, "Sam likes the coat.", oak.sam, later)
    assert sign_plan.cards(oak.c, oak.sam) == []
    (answered,) = sign_plan.cards(oak.c, oak.sam, NOON)
    assert answered.answer is Answer.DECLINED and answered.why == "Sam likes the coat."
    assert sign_plan.cards(oak.c, oak.sam, later + timedelta(days=1)) == []
    assert told(oak.c, "sign.card_looked_at") == ["Leo"]
    assert said(sign_plan.take(oak.c, waiting.id, oak.jo, later)) == "sign.answered_already"

    tools(oak.c).vault.erase(oak.c, oak.sam)
    erased = sign_plan.card(oak.c, waiting.id)
    assert isinstance(erased, Card) and erased.sign.name == ERASED == erased.why


def test_whoever_is_gone_hears_nothing_of_the_card_they_suggested(oak: Oak) -> None:
    sign_plan.suggest(oak.c, oak.sam, card(oak, oak.leo), oak.leo, NOON)
    (waiting,) = sign_plan.cards(oak.c, oak.sam)
    leaving.end_membership(oak.c, oak.role("Leo"), oak.sam, NOON)
    sign_plan.take(oak.c, waiting.id, oak.jo, NOON)
    draft = sign.draft_of(oak.c, oak.sam)
    assert draft is not None and draft.sign(waiting.sign.id) == waiting.sign
    assert told(oak.c, "sign.card_looked_at") == []


def test_after_an_alert_it_is_up_for_staff_until_it_was_looked_at(oak: Oak) -> None:
    plan = in_force(oak)
    lines = oak.c.execute(select(func.count()).select_from(schema.ledger)).scalar()
    sign_plan.review_after(oak.c, oak.sam, NOON)
    assert sign.active(oak.c, oak.sam) == plan, "Sam sees the plan as it was"
    assert oak.c.execute(select(func.count()).select_from(schema.ledger)).scalar() == lines
    assert sign_plan.review_waits(oak.c, plan)
    (item,) = of_plan(oak, NOON)
    assert item.early and item.due_at == NOON

    for by in ("Sam", "Amira", "Alex"):
        assert [one for one in to_look_at(oak, by, NOON) if one.kind == Kind.SIGN_PLAN] == []
    later = NOON + timedelta(days=3)
    sign_plan.review_after(oak.c, oak.sam, later)
    (item,) = of_plan(oak, later)
    assert item.early, "two alerts, and one look"


def test_a_review_falls_due_in_its_time_and_not_for_somebody_who_has_left(oak: Oak) -> None:
    plan = in_force(oak)
    assert of_plan(oak, NOON) == []
    assert [item.due_at for item in of_plan(oak, plan.review_at)] == [plan.review_at]
    leaving.leave(oak.c, oak.sam, NOON)
    assert of_plan(oak, plan.review_at) == []


def of_plan(oak: Oak, now: datetime) -> list[Item]:
    """What is up of the plan, for Sam's key worker."""
    return [item for item in to_look_at(oak, "Jo", now) if item.kind == Kind.SIGN_PLAN]
