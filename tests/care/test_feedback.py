"""What those who came say of a session, by the rule."""

from datetime import timedelta

from bot.care.feedback import (
    AFTER,
    FOLLOWED,
    KIND,
    Answer,
    Asked,
    Feedback,
    Followed,
    ask,
    away,
    follow,
    rate,
    say,
    tell,
    themes,
    wake,
)
from bot.care.outcome import Lane, Outcome, Wake
from tests.conftest import NOON


def only(outcome: Outcome) -> Feedback:
    (kept,) = outcome.records
    assert isinstance(kept, Feedback)
    return kept


def test_it_is_asked_a_while_after_the_end_and_of_the_rest_at_once() -> None:
    assert wake("s", NOON) == Wake(KIND, "s", NOON + AFTER)
    assert wake("s", None) == Wake(KIND, "s", None)
    first, last = ask("s", ["a", "b"], True, NOON), ask("s", ["c"], False, NOON)
    assert first.wakes == (Wake(KIND, "s", NOON),) and last.wakes == ()
    assert [(one.to, one.key, one.lane) for one in first.tells] == [
        ("a", "s:feedback:a", Lane.REMINDER),
        ("b", "s:feedback:b", Lane.REMINDER),
    ]
    assert first.records == (Feedback("s", "a", NOON), Feedback("s", "b", NOON))


def test_the_first_tap_says_that_they_came_and_the_rest_is_added() -> None:
    asked = Feedback("s", "a", NOON)
    rated = only(rate(asked, Answer.PARTLY))
    assert rated.came and rated.answers == {Asked.USEFUL: Answer.PARTLY}
    whole = only(say(rated, {Asked.CLEAR: Answer.NO}, "Slower"))
    assert whole.answers == {Asked.USEFUL: Answer.PARTLY, Asked.CLEAR: Answer.NO}
    assert only(say(whole, {Asked.AGAIN: Answer.YES}, None)).words == "Slower"
    assert only(rate(whole, Answer.YES)).words == "Slower"
    gone = only(away(whole))
    assert gone == Feedback("s", "a", NOON, came=False), "nothing of it is kept"
    assert say(gone, {Asked.CLEAR: Answer.NO}, "Slower").records == ()
    for outcome in (rate(asked, Answer.NO), away(asked), say(asked, {}, None)):
        assert [(one.actor, dict(one.facts)) for one in outcome.logs] == [(None, {"session": "s"})]


def test_themes_are_of_those_who_came() -> None:
    given = [
        Feedback("s", "a", NOON, True, {Asked.USEFUL: Answer.YES}, "Zebra"),
        Feedback("s", "b", NOON, True, {Asked.USEFUL: Answer.YES, Asked.AGAIN: Answer.NO}, "Apple"),
        Feedback("s", "c", NOON, False, {}, "Not there"),
        Feedback("s", "d", NOON),
    ]
    found = themes(given)
    assert (found.asked, found.came, found.words) == (4, 2, ()) and found.few
    assert not any(found.answers.values()), "of two, who was there knows who said what"
    found = themes([*given, Feedback("s", "e", NOON, True)])
    assert (found.asked, found.came, found.few) == (5, 3, False)
    assert found.answers == {
        Asked.USEFUL: {Answer.YES: 2},
        Asked.CLEAR: {},
        Asked.AGAIN: {Answer.NO: 1},
    }
    assert found.words == ("Apple", "Zebra"), "by the letter, not by who came first"


def test_what_came_of_it_is_told_in_the_order_of_ids() -> None:
    this = Followed("f", "s", "jo", NOON, "Fast", "Slow")
    assert follow(this).wakes == (Wake(FOLLOWED, "f", NOON),)
    later = NOON + timedelta(seconds=1)
    first = tell(this, ["a", "b"], True, later)
    assert [(one.to, one.key, one.lane) for one in first.tells] == [
        ("a", "f:a", Lane.BROADCAST),
        ("b", "f:b", Lane.BROADCAST),
    ]
    (after,) = first.records
    assert isinstance(after, Followed) and after.told == "b"
    assert first.wakes == (Wake(FOLLOWED, "f", later),)
    assert tell(this, [], False, later) == Outcome()
