"""Read, and finished with: what staff are told, and what whoever noticed it hears."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.care import digest
from bot.care.digest import KIND, READ_BY, SHOWN, Noticed
from bot.care.outcome import About, Lane, Message, Outcome, Tell, Topic, Wake
from bot.care.text import Text
from tests.care.outing import logged, said, told

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LATER, TOMORROW = NOON + HOUR, NOON + 24 * HOUR
SEEN = Noticed("seen", "sam", "amira", NOON, "flat")
READ = replace(SEEN, read_by="jo", read_at=NOON)
DONE = replace(READ, finished_by="jo", finished_at=LATER)
GONE = replace(SEEN, gone=True)
STAFF = About("sam", Topic.EARLY_SIGNS, 3)


def test_it_waits_for_the_next_digest_and_for_its_own_time() -> None:
    assert digest.queue(SEEN, LATER, TOMORROW) == Outcome(
        wakes=(Wake(KIND, "sam", LATER), Wake(READ_BY, "seen", TOMORROW))
    )


def test_the_digest_says_how_many_wait_and_nothing_else() -> None:
    outcome = digest.tell("sam", [SEEN, replace(SEEN, id="two"), READ, GONE], ["jo", "dev"], NOON)
    assert told(outcome) == [("jo", "several"), ("dev", "several")]
    assert outcome.tells[0].message.params == {"person": "sam", "of": "sam", "count": 2}
    assert {(tell.about, tell.lane) for tell in outcome.tells} == {(STAFF, Lane.REPLY)}
    assert len({tell.key for tell in outcome.tells}) == 2
    assert told(digest.tell("sam", [SEEN], ["jo"], NOON)) == [("jo", "one")]
    assert digest.tell("sam", [READ, GONE], ["jo"], NOON) == Outcome()
    assert [line.person for line in outcome.logs] == [None]


def test_whoever_opens_it_is_shown_each_once() -> None:
    outcome = digest.look("sam", [SEEN, replace(SEEN, id="two")], "jo", "now")
    first, *shown = outcome.tells
    assert (first.to, first.message.text, first.about) == ("jo", Text("digest", "look"), STAFF)
    assert [(tell.to, tell.message.text) for tell in shown] == [("jo", SHOWN)] * 2
    keys = ["sam:look:now:jo", "seen:shown:now:jo", "two:shown:now:jo"]
    assert [tell.key for tell in outcome.tells] == keys
    assert said(digest.look("sam", [], "jo", "now")) == "nothing"


def test_once_it_is_read_whoever_noticed_it_hears_when_and_nothing_of_the_person() -> None:
    outcome = digest.read(SEEN, "jo", LATER, TOMORROW)
    assert said(outcome) == "marked_read" and logged(outcome) == ["observation_read"]
    assert outcome.records == (replace(SEEN, read_by="jo", read_at=LATER),)
    receipt = Message(Text("digest", "was_read"), {"at": LATER, "noticed_at": NOON})
    assert outcome.tells == (Tell("amira", receipt, Lane.REPLY, key="seen:was_read"),)
    assert outcome.wakes == (Wake(READ_BY, "seen", TOMORROW),)
    assert digest.read(SEEN, "amira", LATER, TOMORROW).tells == (), "they have read it themselves"

    again = digest.read(READ, "dev", LATER, TOMORROW)
    assert again == Outcome(said=again.said) and again.said is not None
    assert said(again) == "read_already"
    assert (again.said.params["member"], again.said.params["at"]) == ("jo", NOON)


def test_once_it_is_finished_with_they_hear_that_whatever_came_of_it() -> None:
    outcome = digest.finish(READ, "dev", LATER)
    assert said(outcome) == "marked_finished" and logged(outcome) == ["observation_finished"]
    assert outcome.records == (replace(READ, finished_by="dev", finished_at=LATER),)
    receipt = Message(Text("digest", "was_finished"), {"at": LATER, "noticed_at": NOON})
    assert outcome.tells == (Tell("amira", receipt, Lane.REPLY, key="seen:was_finished"),)
    assert outcome.wakes == (Wake(READ_BY, "seen", None),)
    for before, answer in ((SEEN, "read_first"), (DONE, "finished_already")):
        nothing = digest.finish(before, "dev", LATER)
        assert nothing == Outcome(said=nothing.said) and said(nothing) == answer


def test_staff_are_asked_until_they_have_finished() -> None:
    outcome = digest.unfinished(READ, ["jo"], LATER, TOMORROW)
    assert told(outcome) == [("jo", "finish_it")]
    (tell,) = outcome.tells
    assert (tell.lane, tell.about) == (Lane.REMINDER, STAFF)
    assert tell.message.params == {"observation": "seen", "person": "sam"}
    assert outcome.wakes == (Wake(READ_BY, "seen", TOMORROW),)
    next_day = digest.unfinished(READ, ["jo"], TOMORROW, TOMORROW + 24 * HOUR)
    assert next_day.tells[0].key != tell.key


def test_what_was_taken_back_waits_for_nobody() -> None:
    assert SEEN.unread and not GONE.unread and not READ.unread
    for press in (digest.read(GONE, "jo", LATER, TOMORROW), digest.finish(GONE, "jo", LATER)):
        assert press == Outcome(said=press.said) and said(press) == "taken_back"


def test_long_words_come_part_by_part() -> None:
    (tell,) = digest.rest(SEEN, 1, "jo", "now").tells
    assert (tell.to, tell.message) == ("jo", Message(SHOWN, {"observation": "seen", "part": 1}))
