"""Which messages come with a file for a calendar, and what it says to whoever looks at it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from bot import ics
from bot.care.education import Session
from bot.care.outcome import Outcome
from bot.care.review import Came, Kind, Round
from bot.i18n import STANDARD, Words
from bot.ics import Event
from bot.outbox import gate
from bot.outbox.education import lines
from bot.outbox.events import entry
from bot.outbox.sender import Presented
from bot.store import booking, education, outbox, review_entry, schema, seed, session
from bot.store.commit import KEEP
from tests.conftest import NOON
from tests.oak import ACCOUNTS, LATER, Oak

LONDON = ZoneInfo("Europe/London")
PRESENT = gate.present(Words.load(), LONDON)


@pytest.fixture
def oak(engine: Engine) -> Iterator[Oak]:
    with engine.begin() as c:
        yield Oak(c, seed.seed_sample(c, NOON, ACCOUNTS))


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
    this = replace(session.coming(oak.c, NOON)[0], place=place, notes="Passcode 4711")
    voice = Words.load().voice(STANDARD, LONDON, NOON)
    open_to_all = " ".join(
        voice.label(text, **said) for text, said in lines(this, in_the_open=True)
    )
    booked = " ".join(voice.label(text, **said) for text, said in lines(this))
    for secret in (place, "4711"):
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
    led = replace(this, facilitators="Kim Park")
    assert "Kim Park" in entry(voice, led).description
    assert b"Kim Park" not in ics.file(entry(voice, led, in_the_open=True))
    imported = replace(this, uid="theirs@trust")
    assert entry(voice, imported).uid == "theirs@trust"


def test_the_next_date_of_a_review_says_neither_whose_it_is_nor_what(oak: Oak) -> None:
    due = LATER + timedelta(days=90)
    done = Round(
        *("round", Kind.RESTRICTIVE, oak.sam, oak.sam, NOON, NOON, oak.jo, Came.STAYS, due)
    )
    KEEP[Round](oak.c, done)
    for nobody in (oak.dev, oak.alex, oak.ruth, oak.sam):
        assert review_entry.ask(oak.c, "round", nobody, LATER) == Outcome()
    review_entry.ask(oak.c, "round", oak.jo, LATER)
    (event,) = events(oak, "Jo")
    assert (event.starts, event.summary) == (due, "A review (open Kith)")
    file = ics.file(event).decode()
    assert "Sam" not in file and oak.sam not in file and "restrict" not in file.lower()

    again = replace(done, id="again", at=LATER, next_at=due + timedelta(days=90))
    KEEP[Round](oak.c, again)
    review_entry.ask(oak.c, "again", oak.jo, LATER)
    newer = events(oak, "Jo")[-1]
    assert (newer.uid, newer.sequence) == (event.uid, event.sequence + 1)
