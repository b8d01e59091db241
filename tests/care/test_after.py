"""After an outing: what is said of it, and by whom."""

from bot.care import after, journey
from bot.care.after import Afterwards, Asked
from bot.care.journey import State
from bot.care.outcome import Lane
from tests.care.outing import NOON, outing, said, told

SAID = Afterwards("out", "sam", NOON, True)
ASKED = Asked("asked", "place", "sam", NOON)


def test_how_it_felt_leads_to_what_was_worrying_about_that_outing() -> None:
    outcome = journey.felt(outing(State.HOME), 3)
    assert outcome.said is not None and outcome.said.params["journey"] == "out"


def test_what_was_worrying_is_theirs_and_shown_only_where_they_say_so() -> None:
    kept = after.say(SAID, "The bus", NOON, shown=False)
    assert kept.records == (Afterwards("out", "sam", NOON, True, False, "The bus"),)
    assert said(kept) == "kept" and not kept.tells
    shown = after.say(SAID, "The bus", NOON, shown=True)
    assert said(shown) == "shown"
    assert shown.records == (Afterwards("out", "sam", NOON, True, True, "The bus"),)


def test_who_would_rather_talk_is_talked_with_and_nothing_claims_too_much() -> None:
    outcome = after.would_talk(SAID, ["jo"], NOON)
    assert told(outcome) == [("jo", "would_talk")] and said(outcome) == "will_talk"
    assert all(tell.about is not None and tell.about.acting is None for tell in outcome.tells)
    nobody = after.would_talk(SAID, [], NOON)
    assert said(nobody) == "nobody_to_talk" and not nobody.records


def test_one_around_the_person_is_asked_through_their_place_at_the_lowest_level() -> None:
    (tell,) = after.ask(ASKED, "amira").tells
    assert tell.to == "amira" and tell.lane is Lane.REMINDER and tell.about is not None
    assert (tell.about.acting, tell.about.level) == ("place", 1)


def test_what_they_answer_says_nothing_of_it_in_the_ledger_of_the_person() -> None:
    rated = after.rate(ASKED, 4, "amira", NOON)
    (kept,) = rated.records
    assert isinstance(kept, Asked) and kept.worry == 4
    assert [log.person for log in rated.logs] == [None]
    over = after.no_more(ASKED, "amira", NOON)
    assert said(over) == "asked_no_more" and [log.person for log in over.logs] == [None]
