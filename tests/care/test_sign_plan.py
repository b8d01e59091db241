"""The early-warning plan is written together, and counts by the person's own press."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.care import sign_plan as care
from bot.care.outcome import Outcome
from bot.care.review import Came, Round
from bot.care.sign import (
    LADDER,
    Response,
    Sign,
    SignPlan,
    Stage,
    State,
    Template,
    Threshold,
)
from bot.care.sign_plan import Answer, Card

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NIGHT = Sign("night", Stage.EARLY, "Up in the night", "jo", NOON)
EMPTY = care.begin("p1", "sam", 1, None, "jo", NOON)


def drafted() -> SignPlan:
    draft = care.with_card(EMPTY, NIGHT)
    assert draft is not None
    return draft


DRAFT = drafted()
ACTIVE = replace(DRAFT, state=State.ACTIVE, active_at=NOON, review_at=NOON + timedelta(days=91))


def said(outcome: Outcome) -> str:
    assert outcome.said is not None
    return outcome.said.text.id


def test_each_change_is_counted_and_its_writer_is_named() -> None:
    assert DRAFT.revision == 1 and DRAFT.co_authors == ("jo",)
    threshold = Threshold("t", Template.ANY_LATE, "sam")
    more = care.with_threshold(DRAFT, threshold)
    assert more is not None and more.revision == 2 and more.co_authors == ("jo", "sam")
    done = care.with_response(more, Response(Stage.LATE, LADDER, "Ring Sam."), "amira")
    assert done.response(Stage.LATE).what_we_do == "Ring Sam."
    assert done.response(Stage.EARLY) == Response(Stage.EARLY, LADDER), "the usual ladder"
    again = care.with_response(done, Response(Stage.LATE, LADDER, "Go there."), "jo")
    assert [one.what_we_do for one in again.responses] == ["Go there."]
    assert again.co_authors == ("jo", "sam", "amira") and again.revision == 4
    assert care.without_threshold(again, "t", "jo").thresholds == ()
    assert care.without_card(again, "night", "jo").signs == ()


def test_a_card_gives_way_to_one_with_its_id_and_keeps_its_place() -> None:
    other = replace(NIGHT, id="fast", name="Talking very fast")
    both = care.with_card(DRAFT, other)
    assert both is not None
    changed = care.with_card(both, replace(NIGHT, name="Awake at four", by="sam"))
    assert changed is not None
    assert [one.name for one in changed.signs] == ["Awake at four", "Talking very fast"]


def test_there_is_room_for_so_many_and_the_same_sentence_stands_once() -> None:
    full: SignPlan | None = DRAFT
    for number in range(care.MOST_CARDS - 1):
        assert full is not None
        full = care.with_card(full, replace(NIGHT, id=str(number)))
    assert full is not None and len(full.signs) == care.MOST_CARDS
    assert care.with_card(full, replace(NIGHT, id="more")) is None
    assert care.with_card(full, replace(NIGHT, name="Changed")) is not None
    assert said(care.write(None, "sam", "jo")) == "no_room"
    once = care.with_threshold(DRAFT, Threshold("a", Template.ANY_LATE, "jo"))
    assert (
        once is not None
        and care.with_threshold(once, Threshold("b", Template.ANY_LATE, "jo")) is once
    )
    for days in range(2, care.MOST_THRESHOLDS + 1):
        assert once is not None
        once = care.with_threshold(once, Threshold(str(days), Template.TWO_PEOPLE, "jo", 2, days))
    assert once is not None
    assert care.with_threshold(once, Threshold("z", Template.TWO_PEOPLE, "jo", 2, 30)) is None


def test_a_new_version_begins_as_what_is_in_force() -> None:
    second = care.begin("p2", "sam", 2, replace(ACTIVE, revision=7), "amira", NOON)
    assert second.signs == ACTIVE.signs and second.state is State.DRAFT
    assert (second.revision, second.active_at, second.drafted_by) == (0, None, "amira")


def test_only_the_person_puts_it_in_force_and_only_as_they_read_it() -> None:
    second = replace(DRAFT, id="p2", version=2)
    for by in ("jo", "amira"):
        assert care.activate(DRAFT, None, (), by, 1, NOON) == Outcome()
    assert said(care.activate(DRAFT, None, (), "sam", 0, NOON)) == "changed_since"
    assert said(care.activate(EMPTY, None, (), "sam", 0, NOON)) == "empty"
    assert said(care.activate(ACTIVE, ACTIVE, (), "sam", 1, NOON)) == "not_open"

    outcome = care.activate(second, ACTIVE, ("jo",), "sam", 1, NOON)
    before, now = outcome.records
    assert before == replace(ACTIVE, state=State.ENDED, ended_at=NOON)
    assert isinstance(now, SignPlan) and now.state is State.ACTIVE and now.active_at == NOON
    assert now.review_at == NOON + timedelta(days=91)
    assert [(tell.to, tell.message.text.id) for tell in outcome.tells] == [
        ("jo", "in_force_for_staff")
    ]
    assert all(tell.about is not None for tell in outcome.tells)


def test_not_yet_and_no_plan_are_the_persons_words_too() -> None:
    assert care.not_yet(DRAFT, ("jo",), "jo") == Outcome() == care.end(ACTIVE, ("jo",), "jo", NOON)
    waits = care.not_yet(DRAFT, ("jo",), "sam")
    assert said(waits) == "not_yet_said" and waits.records == ()
    assert said(care.not_yet(ACTIVE, (), "sam")) == "not_open"
    over = care.end(ACTIVE, ("jo",), "sam", NOON)
    assert over.records == (replace(ACTIVE, state=State.ENDED, ended_at=NOON),)
    assert care.end(DRAFT, (), "sam", NOON) == Outcome()


def test_the_person_is_asked_once_to_read_one_state_of_it() -> None:
    (tell,) = care.ask_to_read(DRAFT, "jo").tells
    (again,) = care.ask_to_read(DRAFT, "priya").tells
    assert tell.to == "sam" and tell.key == again.key
    (later,) = care.ask_to_read(replace(DRAFT, revision=2), "jo").tells
    assert later.key != tell.key


# --- suggested cards ----------------------------------------------------------------------

CARD = Card("c1", "sam", replace(NIGHT, id="post", name="Post unopened", by="amira"))


def test_a_suggestion_reaches_the_person_and_staff_and_changes_nothing() -> None:
    outcome = care.suggest(CARD, ["jo"])
    assert [tell.to for tell in outcome.tells] == ["sam", "jo"] and outcome.records == (CARD,)


@pytest.mark.parametrize("here", [True, False])
def test_whoever_suggested_it_hears_the_same_whatever_the_answer_is(here: bool) -> None:
    taken = care.take(CARD, DRAFT, here, "jo", NOON)
    declined = care.decline(CARD, "It is on a card already.", here, "jo", NOON)
    assert taken.tells == declined.tells and bool(taken.tells) is here
    assert [tell.to for tell in taken.tells] == ["amira"] * here
    written, done = taken.records
    assert isinstance(written, SignPlan) and written.sign("post") == CARD.sign
    assert written.co_authors == ("jo", "amira")
    assert done == replace(CARD, answer=Answer.TAKEN, plan="p1", answered_by="jo", answered_at=NOON)
    (no,) = declined.records
    assert isinstance(no, Card) and no.why and no.answer is Answer.DECLINED


def test_a_second_answer_changes_nothing() -> None:
    done = replace(CARD, answer=Answer.DECLINED)
    for outcome in (
        care.take(done, DRAFT, True, "jo", NOON),
        care.decline(done, "No", True, "jo", NOON),
    ):
        assert said(outcome) == "answered_already" and not outcome.records and not outcome.tells


# --- looked at again ----------------------------------------------------------------------


def test_after_an_alert_staff_look_at_it_and_the_plan_shows_the_person_nothing() -> None:
    after = care.after_alert(ACTIVE, "r1", NOON)
    (asked,) = after.records
    assert isinstance(asked, Round) and asked.came is Came.ASKED and asked.next_at == NOON
    assert not after.logs and not after.tells, "no line"
