"""Early-warning plans as they are kept: drafts, versions, suggested cards, and who may write."""

from datetime import timedelta

from sqlalchemy import func, select

from bot.care.outcome import Cause, Outcome
from bot.care.plan import Rung, RungKind
from bot.care.sign import Response, Sign, SignPlan, Stage, State, Template, Voice
from bot.care.sign_plan import AFTER_ALERT, IN_FORCE_FOR, REVIEW, Answer, Card
from bot.store import inbox, leaving, schema, sign, sign_plan
from bot.store.tools import ERASED, new_id, tools
from tests.conftest import NOON
from tests.oak import Oak, said, told

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


def wakes(oak: Oak, kind: str) -> list[str]:
    table = schema.deadline
    return list(oak.c.execute(select(table.c.key).where(table.c.kind == kind)).scalars())


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
    assert wakes(oak, REVIEW) == [first.id] and first.review_at == NOON + IN_FORCE_FOR
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
    assert wakes(oak, REVIEW) == [second.id] and sign.draft_of(oak.c, oak.sam) is None
    assert told(oak.c, "sign.in_force_for_staff") == ["Jo"]
    kinds = set(oak.c.execute(select(schema.ledger.c.kind)).scalars())
    assert {"sign_plan_active", "sign_plan_written"} <= kinds
    assert oak.c.execute(select(schema.inbox.c.state)).scalars().all() == ["done"]

    sign_plan.end(oak.c, second.id, oak.jo, NOON)
    assert sign.active(oak.c, oak.sam) is not None, "only Sam ends it"
    sign_plan.end(oak.c, second.id, oak.sam, NOON)
    assert sign.active(oak.c, oak.sam) is None and wakes(oak, REVIEW) == []


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


def test_after_an_alert_staff_are_reminded_until_it_was_looked_at(oak: Oak) -> None:
    plan = in_force(oak)
    lines = oak.c.execute(select(func.count()).select_from(schema.ledger)).scalar()
    sign_plan.review_after(oak.c, oak.sam, NOON)
    assert sign.active(oak.c, oak.sam) == plan, "Sam sees the plan as it was"
    assert oak.c.execute(select(func.count()).select_from(schema.ledger)).scalar() == lines
    assert wakes(oak, AFTER_ALERT) == [plan.id] and sign_plan.review_waits(oak.c, plan)

    due = Cause(deadline=(AFTER_ALERT, plan.id))
    sign_plan.due_after_alert(oak.c, plan.id, NOON, NOON, due)
    assert told(oak.c, "sign.review_after") == ["Jo"]
    asked = sign_plan.review_waits(oak.c, plan)
    assert asked is not None
    mark = int(asked.timestamp())
    for by in (oak.sam, oak.amira, oak.alex):
        assert sign_plan.looked_at(oak.c, plan.id, mark, by, NOON) == Outcome()
    assert said(sign_plan.looked_at(oak.c, plan.id, mark, oak.jo, NOON)) == "sign.kept"
    assert not sign_plan.review_waits(oak.c, plan) and wakes(oak, REVIEW) == [plan.id]
    assert sign.active(oak.c, oak.sam) == plan

    # A later alert asks anew: the button of the first reminder does not answer for it.
    later = NOON + timedelta(days=3)
    sign_plan.review_after(oak.c, oak.sam, later)
    sign_plan.due_after_alert(oak.c, plan.id, later, later, due)
    assert sign_plan.looked_at(oak.c, plan.id, mark, oak.jo, later) == Outcome()
    asked = sign_plan.review_waits(oak.c, plan)
    assert asked is not None
    mark = int(asked.timestamp())
    assert said(sign_plan.looked_at(oak.c, plan.id, mark, oak.jo, later)) == "sign.kept"
    of_sam = select(func.count()).where(schema.ledger.c.kind == "sign_plan_looked_at")
    assert oak.c.execute(of_sam.where(schema.ledger.c.person == oak.sam)).scalar() == 0
    assert sign_plan.looked_at(oak.c, plan.id, mark, oak.jo, NOON) == Outcome()


def test_a_review_falls_due_in_its_time_and_not_for_somebody_who_has_left(oak: Oak) -> None:
    plan = in_force(oak)
    due = Cause(deadline=(REVIEW, plan.id))
    sign_plan.due(oak.c, plan.id, NOON, NOON, due)
    assert told(oak.c, "sign.review_due") == [] and wakes(oak, REVIEW) == [plan.id]
    sign_plan.due(oak.c, plan.id, plan.review_at, plan.review_at, due)
    assert told(oak.c, "sign.review_due") == ["Jo"]
    leaving.leave(oak.c, oak.sam, NOON)
    outcome = sign_plan.due(oak.c, plan.id, plan.review_at, plan.review_at, due)
    assert outcome == Outcome() and wakes(oak, REVIEW) == []
