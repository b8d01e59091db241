"""Education sessions: what people do about them, and what must hold of places and of dates."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.care.booking import Place
from bot.care.education import Repeats, Session, Subject
from bot.care.round import SPREAD
from bot.store import Connection, booking, education
from bot.store.tools import new_id
from tests.simulation.capability import Capability
from tests.simulation.database import PHONES

if TYPE_CHECKING:
    from tests.simulation.people import People
    from tests.simulation.watch import Commit, Watch

EVERYBODY = tuple(PHONES)


# --- what people do -------------------------------------------------------------------------


def begin(people: "People") -> None:
    """There is a date from the start."""
    publishes(people)


def publishes(people: "People") -> None:
    """A date some days ahead, with few places or with many."""
    by, now = people.ids[people.anybody("Priya", "Mina")], people.world.moment()
    places, days = people.random.choice((1, 1, 2, None)), people.random.choice((2, 5))

    def publish(c: Connection) -> str:
        id, at = new_id(c), now + timedelta(days=days)
        fresh = Session(id, id, None, by, Subject.CRISIS, at, 60, now, at.date())
        education.publish(c, replace(fresh, places=places, repeats=Repeats.NO), by, now)
        return id

    people.world.tell(f"a session with {places} places")
    people.world.watch.dates.add(people.world.act(publish))


def books(people: "People") -> None:
    _about_one(people, "books", booking.book, EVERYBODY)


def cannot_come(people: "People") -> None:
    """Whoever has had a place longest, if anybody has one."""

    def act(c: Connection, id: str, by: str, now: datetime) -> None:
        held = (one.member for one in booking.line(c, id) if one.place is Place.BOOKED)
        booking.give_back(c, id, next(held, by), now)

    _about_one(people, "or another cannot come to", act, EVERYBODY)


def makes_room(people: "People") -> None:
    """One place more: whoever waits first gets it."""

    def wider(this: Session) -> Session:
        return replace(this, places=None if this.places is None else this.places + 1)

    def act(c: Connection, id: str, by: str, now: object) -> None:
        education.change(c, id, wider, by, people.world.moment())

    _about_one(people, "makes room at", act, ("Priya", "Mina"))


def calls_it_off(people: "People") -> None:
    _about_one(people, "calls off", education.cancel, ("Priya", "Mina"))


def looks(people: "People") -> None:
    """By the conversation: whoever reads what there is presses something, or not."""
    people.world.telegram.says(PHONES[people.anybody(*EVERYBODY)], "/sessions")


def _about_one(people: "People", does: str, act: object, who: tuple[str, ...]) -> None:
    assert callable(act)
    found = sorted(people.world.watch.dates)[-2:]  # those ended are answered kindly, too
    if found:
        name, id = people.anybody(*who), people.random.choice(found)
        people.world.tell(f"{name} {does} {id}")
        people.world.act(act, id, people.ids[name], people.world.moment())


PLAYED = Capability(
    each=12,
    these=(3,),
    often=4,
    does=(
        (0.4, publishes),
        (8.0, books),
        (3.0, cannot_come),
        (0.3, makes_room),
        (0.2, calls_it_off),
        (1.0, looks),
    ),
    begin=begin,
)


# --- what must hold -------------------------------------------------------------------------


def nobody_comes_without_a_place(watch: "Watch", commit: "Commit") -> str | None:
    """No more have booked a session than there are places."""
    if not commit.tables & {"booking", "session"}:
        return None
    full = watch.cells(TOO_MANY)
    return f"{full[0][0]} has more people than places" if full else None


def whoever_waits_first_is_next(watch: "Watch", commit: "Commit") -> str | None:
    """While somebody in reach waits, no place is free, and nobody who came later has one."""
    if "booking" not in commit.tables:
        return None
    watch.lost |= {id for (id,) in watch.cells("SELECT id FROM member WHERE unreachable_since")}
    for session, places, taken, last in watch.cells(TAKEN):
        waits = watch.cells(WAITS, session)
        in_reach = [number for member, number in waits if member not in watch.lost]
        if not in_reach:
            continue
        if places is None or taken < places:
            return f"somebody waits for {session}, and there is room"
        if last > min(in_reach):
            return f"somebody went past those who wait for {session}"
    return None


def everybody_hears_of_a_date_once(watch: "Watch", _: None) -> str | None:
    """Whoever is here hears of each session that can be booked, unless at some time they wanted to
    hear of none: one message, not two."""
    queries = (made.get("callback_query") for made in watch.world.telegram.made.values())
    none = {
        watch.member(query["from"]["id"])
        for query in queries
        if query is not None and query["data"].startswith("education:dates_off:")
    }
    here = {
        id for (id,) in watch.cells("SELECT DISTINCT member FROM membership WHERE until IS NULL")
    }
    for (session,) in watch.cells("SELECT id FROM session WHERE state = 'published'"):
        if session not in watch.dates:  # the sample's own
            continue
        told = [member for (member,) in watch.cells(TOLD, f"%{session}%")]
        if len(set(told)) < len(told):
            return f"somebody was told of {session} twice"
        if here - {*told} - none:
            return f"somebody was not told of {session}"
    return None


def untold(watch: "Watch") -> str | None:
    """Who is still to be told of a date."""
    rounds = [key for kind, key in watch.deadlines if kind == SPREAD]
    return f"dates to be told {rounds}" if rounds else None


TOO_MANY = """SELECT session.id FROM session JOIN booking ON booking.session = session.id
WHERE place = 'booked' AND places IS NOT NULL GROUP BY session.id, places
HAVING count(*) > places"""
TAKEN = """SELECT session.id, places, count(booking.member), coalesce(max(number), 0) FROM session
LEFT JOIN booking ON booking.session = session.id AND place = 'booked'
WHERE session.state = 'published' GROUP BY session.id, places"""
WAITS = "SELECT member, number FROM booking WHERE session = ? AND place = 'waiting'"
TOLD = "SELECT member FROM outbox WHERE text = 'education.new' AND params LIKE ?"
