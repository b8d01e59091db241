"""Which messages come with a file for a calendar, and what it says to whoever looks at it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject  # type: ignore[import-untyped] # it has no types
from sqlalchemy import Engine, select, update

from bot import ics
from bot.care.education import Need, Session, Subject
from bot.care.outcome import Cause, Outcome
from bot.care.review import Came, Coming, Invited, Kind, Round
from bot.i18n import STANDARD, Words
from bot.ics import Event
from bot.outbox import gate
from bot.outbox.education import changes, lines
from bot.outbox.events import entry
from bot.outbox.sender import Presented
from bot.store import (
    booking,
    education,
    meeting,
    outbox,
    review,
    review_entry,
    schema,
    session,
    sign,
    sign_plan,
    up,
)
from bot.store.commit import KEEP
from tests.conftest import NOON
from tests.oak import LATER, Oak, sampled, told

LONDON = ZoneInfo("Europe/London")
PRESENT = gate.present(Words.load(), LONDON)


@pytest.fixture
def oak(engine: Engine) -> Iterator[Oak]:
    with engine.begin() as c:
        yield sampled(c)


def events(oak: Oak, name: str) -> list[Event]:
    """The files that wait for this one, oldest first, as they would leave now."""
    table = schema.outbox
    ids = select(table.c.id).where(table.c.member == oak.ids[name]).order_by(table.c.number)
    rows = [outbox.load(oak.c, id)[0] for id in oak.c.execute(ids).scalars()]
    shown = [PRESENT(oak.c, row, LATER) for row in rows]
    return [one.event for one in shown if isinstance(one, Presented) and one.event is not None]


def all_told(oak: Oak) -> None:
    keys = select(schema.deadline.c.key).where(schema.deadline.c.kind == "session_told")
    for key in list(oak.c.execute(keys).scalars()):
        education.spread(oak.c, key, LATER, LATER)


def test_who_books_gets_a_file_and_a_newer_one_with_each_change(oak: Oak) -> None:
    this = session.coming(oak.c, NOON)[0]
    booking.book(oak.c, this.id, oak.ruth, NOON)
    booked = events(oak, "Ruth")[0]

    def later(before: Session) -> Session:
        return replace(before, starts_at=before.starts_at + timedelta(days=1))

    education.change(oak.c, this.id, later, oak.priya, LATER)
    all_told(oak)
    moved = events(oak, "Ruth")[-1]
    assert moved.starts == this.starts_at + timedelta(days=1)
    education.cancel(oak.c, this.id, oak.priya, LATER)
    all_told(oak)
    gone = events(oak, "Ruth")[-1]
    assert {booked.uid, moved.uid, gone.uid} == {f"session-{this.id}@kith"}
    assert booked.sequence < moved.sequence < gone.sequence
    assert (moved.cancelled, gone.cancelled) == (False, True)
    assert "Ruth" not in ics.file(gone).decode() and events(oak, "Leo") == []


def test_who_booked_hears_once_of_a_new_topic_new_leaders_and_new_needs(oak: Oak) -> None:
    this = session.coming(oak.c, NOON)[0]
    booking.book(oak.c, this.id, oak.ruth, NOON)
    booked = events(oak, "Ruth")[0]
    anew: tuple[Callable[[Session], Session], ...] = (
        lambda s: replace(s, subject=Subject.OWN, title="Sleeping well"),
        lambda s: replace(s, facilitators="Kim Park and Amira"),
        lambda s: replace(s, languages=("english", "Polish")),
        lambda s: replace(s, meets=(Need.BSL,)),
    )
    for one in anew:
        education.change(oak.c, this.id, one, oak.priya, LATER)
    all_told(oak)
    _, new = events(oak, "Ruth")
    assert new.uid == booked.uid and new.sequence == booked.sequence + 4
    assert (new.summary, new.starts) == ("Sleeping well", booked.starts)
    for word in ("Kim Park and Amira", "Polish", "British Sign Language"):
        assert word in new.description and word not in booked.description
    kept = session.session(oak.c, this.id)
    assert kept is not None
    said = [text.id for text, _ in changes(kept)]
    assert said == ["new_title", "new_leads", "new_languages", "new_meets"]
    assert told(oak.c, "education.changed") == ["Ruth"], "the changes of one day in one message"


def test_who_cannot_come_gets_a_file_that_takes_it_out_and_a_later_one_when_they_can(
    oak: Oak,
) -> None:
    this = session.coming(oak.c, NOON)[0]
    booking.book(oak.c, this.id, oak.ruth, NOON)
    booking.give_back(oak.c, this.id, oak.ruth, NOON)
    gone = events(oak, "Ruth")[-1]
    assert gone.cancelled and b"METHOD:CANCEL" in ics.file(gone)
    booking.book(oak.c, this.id, oak.ruth, LATER)
    back = events(oak, "Ruth")[-1]
    assert not back.cancelled and (back.uid, back.sequence) == (gone.uid, gone.sequence)
    assert back.stamp >= gone.stamp and events(oak, "Leo") == []


@pytest.mark.parametrize("place", ["https://meet.example/1", "zoom.example/j/81?pwd=x", "www.m.io"])
def test_nor_does_the_list_of_dates_show_it_or_the_code_that_goes_with_it(
    oak: Oak, place: str
) -> None:
    this = replace(session.coming(oak.c, NOON)[0], place=place, notes="Passcode 4711", room="B 81")
    voice = Words.load().voice(STANDARD, LONDON, NOON)
    open_to_all = " ".join(
        voice.label(text, **said) for text, said in lines(this, in_the_open=True)
    )
    booked = " ".join(voice.label(text, **said) for text, said in lines(this))
    for secret in (place, "4711", "B 81"):
        assert secret in booked and secret not in open_to_all


def test_a_link_is_for_those_who_booked_and_not_in_the_open(oak: Oak) -> None:
    link = "https://meet.example/1"
    this = replace(session.coming(oak.c, NOON)[0], place=link, notes=f"Code 7, {link}")
    voice = Words.load().voice(STANDARD, LONDON, NOON)
    assert entry(voice, this).place == link and link in entry(voice, this).description
    assert link.encode() not in ics.file(entry(voice, this, in_the_open=True))
    written = replace(this, place="zoom.example/j/81?pwd=x", notes="Passcode 4711")
    assert "4711" in entry(voice, written).description
    for word in (b"pwd=x", b"4711"):
        assert word not in ics.file(entry(voice, written, in_the_open=True))
    assert entry(voice, replace(this, place="Oak House", room="2")).place == "Oak House, 2"
    roomed = replace(this, place="Oak House", room=link)
    assert link in entry(voice, roomed).place
    assert link.encode() not in ics.file(entry(voice, roomed, in_the_open=True))
    led = replace(this, facilitators="Kim Park")
    assert "Kim Park" in entry(voice, led).description
    assert b"Kim Park" not in ics.file(entry(voice, led, in_the_open=True))
    imported = replace(this, uid="theirs@trust")
    assert entry(voice, imported).uid == "theirs@trust"


@pytest.fixture
def due(oak: Oak) -> datetime:
    """Something restricts Sam; it is looked at in a month."""
    begun = Round(
        *("begun", Kind.RESTRICTIVE, "locked", oak.sam, NOON, NOON, oak.jo, Came.STARTED, DUE)
    )
    KEEP[Round](oak.c, begun)
    return DUE


DAY = timedelta(days=1)
DUE = NOON + 28 * DAY


def followed(oak: Oak, now: datetime) -> None:
    """The entries that are to be looked at again by then are."""
    table = schema.deadline
    waits = (table.c.kind == "review_entry", table.c.due_at <= now)
    for key in list(oak.c.execute(select(table.c.key).where(*waits)).scalars()):
        review_entry.tick(oak.c, key, now, now, Cause(deadline=("review_entry", key)))


def read_by_two(event: Event) -> tuple[str, int, str, date]:
    """What two readers make of its file, which they agree about: uid, sequence, status, day."""
    file = ics.file(event).decode()
    method = "CANCEL" if event.cancelled else "PUBLISH"
    calendar, other = icalendar.Calendar.from_ical(file), vobject.readOne(file)
    assert str(calendar["METHOD"]) == other.method.value == method
    (one,), two = calendar.events, other.vevent
    day: date = two.dtstart.value
    assert not isinstance(day, datetime) and (one.start, one.end) == (day, day + DAY)
    assert two.dtend.value == day + DAY, "all of that day"
    said = (two.uid.value, int(two.sequence.value), two.status.value, day)
    assert (str(one.uid), one.sequence, str(one["STATUS"]), one.start) == said
    assert "VTIMEZONE" not in file and str(one["SUMMARY"]) == two.summary.value == event.summary
    return said


def test_the_file_of_a_review_moves_with_it_and_goes_when_it_is_done(
    oak: Oak, due: datetime
) -> None:
    for nobody in (oak.alex, oak.ruth, oak.leo, oak.sam):
        assert review_entry.take(oak.c, Kind.RESTRICTIVE, "locked", nobody, NOON) == Outcome()
    for who in (oak.jo, oak.dev):
        assert review_entry.take(oak.c, Kind.RESTRICTIVE, "locked", who, NOON).tells
    (first,) = events(oak, "Jo")
    assert first.summary == "Review: open Kith" and not first.description and not first.place
    for secret in ("Sam", oak.sam, "locked", "restrict", "jo"):
        assert secret.lower() not in ics.file(first).decode().lower()
    uid, sequence, status, day = read_by_two(first)
    assert (status, day) == ("CONFIRMED", due.date())

    followed(oak, due - 2 * DAY)
    assert events(oak, "Jo") == [first], "it is where it was"
    mark = int(due.timestamp())
    of = (Kind.RESTRICTIVE.value, "locked", mark)
    review.put_off(oak.c, *of, 1, "Away.", oak.dev, due - DAY)
    followed(oak, due - DAY)
    moved = read_by_two(events(oak, "Jo")[-1])
    assert moved[0] == uid and moved[1] > sequence
    assert moved[2:] == ("CONFIRMED", date(2026, 6, 8)), "the Monday after the week"
    assert read_by_two(events(oak, "Dev")[-1])[3] == moved[3] and events(oak, "Priya") == []

    review.done(oak.c, *of, Came.STAYS, oak.jo, due)
    followed(oak, due)
    gone = read_by_two(events(oak, "Jo")[-1])
    assert gone[0] == uid and gone[1] > moved[1] and gone[2] == "CANCELLED"
    assert read_by_two(events(oak, "Dev")[-1])[2] == "CANCELLED"
    said = len(events(oak, "Jo"))
    followed(oak, due + 30 * DAY)
    assert len(events(oak, "Jo")) == said, "and no more of it"

    table = schema.review
    done = oak.c.execute(select(table.c.id).where(table.c.came == Came.STAYS.value)).scalar_one()
    for nobody in (oak.dev, oak.alex, oak.ruth, oak.sam):
        assert review_entry.take_next(oak.c, done, nobody, due) == Outcome()
    review_entry.take_next(oak.c, done, oak.jo, due)
    after = read_by_two(events(oak, "Jo")[-1])
    assert after[0] != uid and after[2] == "CONFIRMED" and after[3] > due.date() + 80 * DAY
    assert all(events(oak, name) == [] for name in ("Sam", "Amira", "Leo", "Ruth", "Alex"))


def test_whoever_may_see_it_no_more_loses_it_and_hears_of_no_new_day(
    oak: Oak, due: datetime
) -> None:
    review_entry.take(oak.c, Kind.RESTRICTIVE, "locked", oak.dev, NOON)
    uid = read_by_two(events(oak, "Dev")[-1])[0]
    place = schema.membership
    oak.c.execute(update(place).where(place.c.member == oak.dev).values(until=LATER))
    review.put_off(
        oak.c, Kind.RESTRICTIVE, "locked", int(due.timestamp()), 2, "Away.", oak.jo, due - DAY
    )
    followed(oak, due)
    gone = read_by_two(events(oak, "Dev")[-1])
    assert (gone[0], gone[2], gone[3]) == (uid, "CANCELLED", due.date())
    for secret in (b"Sam", oak.sam.encode()):
        assert secret not in ics.file(events(oak, "Dev")[-1])


def test_a_day_that_is_over_is_put_into_no_calendar(oak: Oak, due: datetime) -> None:
    late = review_entry.take(oak.c, Kind.RESTRICTIVE, "locked", oak.jo, due + DAY)
    assert late.said is not None and late.said.text.id == "no_day" and events(oak, "Jo") == []
    review_entry.take(oak.c, Kind.RESTRICTIVE, "locked", oak.jo, due)
    followed(oak, due + 5 * DAY)
    assert len(events(oak, "Jo")) == 1, "nor does one move about there while it waits"


def test_sam_has_it_too_in_words_of_their_own_once_they_say_that_they_come(oak: Oak) -> None:
    kind = Kind.PROFILE.value
    item = up.thing(oak.c, kind, oak.sam, NOON)
    assert item is not None
    now = item.due_at - 7 * DAY
    KEEP[Invited](oak.c, Invited("asked", kind, oak.sam, oak.sam, item.due_at, now))
    assert review_entry.take_mine(oak.c, "asked", oak.sam, now) == Outcome(), "not said yet"
    review.answer(oak.c, "asked", Coming.YES, oak.sam, now)
    for nobody in (oak.jo, oak.alex, oak.ruth, oak.amira):
        assert review_entry.take_mine(oak.c, "asked", nobody, now) == Outcome()
    review_entry.take_mine(oak.c, "asked", oak.sam, now)
    (mine,) = events(oak, "Sam")
    assert mine.summary == "My review: open Kith" and b"Sam" not in ics.file(mine)
    uid, _, _, day = read_by_two(mine)
    assert day == item.due_at.date()
    review.put_off(oak.c, kind, oak.sam, int(item.due_at.timestamp()), 2, "Ill.", oak.jo, now)
    followed(oak, now)
    assert read_by_two(events(oak, "Sam")[-1])[::3] == (uid, day + 7 * DAY)
    review.answer(oak.c, "asked", Coming.NO, oak.sam, now)
    followed(oak, now)
    assert read_by_two(events(oak, "Sam")[-1])[::2] == (uid, "CANCELLED")
    assert events(oak, "Jo") == events(oak, "Amira") == []


def test_what_staff_alone_look_at_meanwhile_moves_nothing_in_sams_calendar(oak: Oak) -> None:
    sign_plan.sample(oak.c, oak.sam, oak.amira, oak.jo, NOON)
    meeting.plan(oak.c, oak.sam, NOON.date() + 21 * DAY, oak.jo, NOON)
    plan = sign.active(oak.c, oak.sam)
    assert plan is not None
    of = (Kind.SIGN_PLAN.value, plan.id)
    item = up.thing(oak.c, *of, NOON)
    assert item is not None and item.due_at.date() == NOON.date() + 21 * DAY
    met, now = item.due_at, item.due_at - 6 * DAY
    KEEP[Invited](oak.c, Invited("asked", *of, oak.sam, met, now))
    review.answer(oak.c, "asked", Coming.YES, oak.sam, now)
    review_entry.take_mine(oak.c, "asked", oak.sam, now)
    alert = now + DAY
    sign_plan.review_after(oak.c, oak.sam, alert)  # of which Sam may know nothing
    followed(oak, alert)
    review.done(oak.c, *of, int(alert.timestamp()), Came.STAYS, oak.jo, alert)
    followed(oak, alert + DAY)
    assert len(events(oak, "Sam")) == 1, "the day of the meeting is still theirs"
    review.done(oak.c, *of, int(met.timestamp()), Came.STAYS, oak.jo, met)
    followed(oak, met)
    assert read_by_two(events(oak, "Sam")[-1])[2] == "CANCELLED"
