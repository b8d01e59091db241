"""Where somebody is: sealed, theirs, and opened to those who are asked about them.

The rules of this file: of one who has not chosen it nothing is kept but what they show themselves;
nobody looks before the rung the person chose has been asked; whoever looks is named to the person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt

from bot.care import journey as outing
from bot.care.agreement import Decision
from bot.care.escalation import AT_ONCE, MISSED, Cause, Escalation, State, about, message
from bot.care.journey import Journey
from bot.care.outcome import Lane, Log, Message, Outcome, Tell, Topic, Value
from bot.care.plan import Plan
from bot.care.terms import SafePlace
from bot.care.text import Text

KIND = "spot"
"""The kind of the deadline at which the key of a spot is erased; its key is the spot's id."""

SHOWN_UNTIL = "shown_spot"
"""The kind of the deadline at which what was shown is taken out; its key is the opening's id."""

SHOWN_FOR = timedelta(hours=24)
"""So long at most it stands where it was shown: Telegram lets nobody take out what is much older.
While the alert stands it can be opened anew."""

LEVEL = 3
"""Where somebody is, is a detail, however little is said with it."""

LOOKED, SHOWED = "location_looked_at", "location_shown"
"""The lines of the ledger: somebody opened it; the person showed it themselves."""

HERE = Text("location", "here")

SILENT = frozenset({Cause.DURESS, Cause.DURESS_NOW})
"""Those that are about the person, out or not, and of which they see nothing."""

OPENED_BY = MISSED | SILENT | {Cause.HELP, Cause.EMERGENCY}
"""The alerts for which it may be opened."""

EARTH = 6_371_000
"""Metres from the middle of the earth to where people walk."""


class Opens(StrEnum):
    """From which rung of the ladder on it may be looked at."""

    FIRST = "first"
    SECOND = "second"
    LAST = "last"


ON = {
    Opens.FIRST: Text("location", "on_first"),
    Opens.SECOND: Text("location", "on_second"),
    Opens.LAST: Text("location", "on_last"),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The person has chosen that where they are may be kept, sealed, while they are out."""

    person: str
    opens: Opens
    chosen_at: datetime


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the person was at a moment, in degrees."""

    latitude: float
    longitude: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Opening:
    """`by` may see where the person is, once; `alert` None: the person showed it themselves.

    `chat` and `message`: where it stands now that it has been shown, until it is over.
    """

    id: str
    journey: str
    person: str
    by: str
    at: datetime
    alert: str | None = None
    chat: int | None = None
    message: int | None = None


@dataclass(frozen=True, slots=True)
class Venue:
    """A place on a map as a message shows it; `title` and `address` in the reader's words."""

    latitude: float
    longitude: float
    title: str
    address: str


def choose(chosen: Chosen) -> Outcome:
    """The person turns it on, or opens it to others than before."""
    facts: dict[str, Value] = {"opens": chosen.opens.value}
    return Outcome(
        said=Message(ON[chosen.opens]),
        records=(chosen,),
        logs=(Log("location_chosen", chosen.person, chosen.person, facts),),
    )


def off(person: str, *, was_on: bool) -> Outcome:
    """The person turns it off; what is kept of an outing that runs is erased with it."""
    line = Log("location_off", person, person)
    return Outcome(said=Message(Text("location", "off")), logs=(line,) if was_on else ())


def opened_to(alert: Escalation, opens: Opens, by: str) -> bool:
    """Whether `by` was asked about this alert, and it has come as far as the person chose."""
    return (by in alert.told or by == alert.holder) and opened(alert, opens)


def opened(alert: Escalation, opens: Opens) -> bool:
    """Whether an alert has come to the rung the person chose. It also has when every rung was
    asked at once, when the ladder began again, and when nobody on it could be asked."""
    if alert.state is State.CLOSED or alert.cause not in OPENED_BY:
        return False
    last = len(alert.rungs) - 1
    rung = {Opens.FIRST: 0, Opens.SECOND: min(1, last), Opens.LAST: last}[opens]
    everybody = alert.cause in AT_ONCE or alert.round > 0 or alert.rung < 0
    return everybody or alert.rung >= rung


def kept(journey: Journey) -> Outcome:
    """A receipt: it says nothing of any alert."""
    return Outcome(said=outing.say(Text("location", "kept"), journey))


def arrived(alert: Escalation, now: datetime) -> Outcome:
    """It may be opened already: whoever of staff has the alert, or is asked, hears of it."""
    carrier = alert.holder or alert.current
    if carrier is None or alert.acting(carrier) is not None:
        return Outcome()
    said = message(Text("location", "arrived"), alert)
    key = f"{alert.id}:arrived:{now.isoformat()}"
    return Outcome(tells=(Tell(carrier, said, Lane.SAFETY, about(alert), key),))


def look(opening: Opening, alert: Escalation, decided: Decision) -> Outcome:
    """Somebody opens it: it is on its way to them, in the ledger, and told to the person."""
    person = alert.person if alert.spoken.person else None  # they may read their lines
    line = Log(LOOKED, person, opening.by, _facts(opening, decided), words="")
    return Outcome(
        records=(opening,),
        tells=(_shown_to(opening), *(() if person is None else (_looked_at(opening, person),))),
        logs=(line,),
    )


def _looked_at(opening: Opening, person: str) -> Tell:
    said = Message(Text("location", "looked_at"), {"by": opening.by, "at": opening.at})
    return Tell(person, said, Lane.REPLY, key=f"opening:{opening.id}:person")


def show(opening: Opening, decided: Decision) -> Outcome:
    """The person shows it to somebody, this once."""
    person = opening.person
    line = Log(SHOWED, person, person, _facts(opening, decided), words="")
    return Outcome(
        said=Message(Text("location", "shown"), {"member": opening.by}),
        records=(opening,),
        tells=(_shown_to(opening),),
        logs=(line,),
    )


def _shown_to(opening: Opening) -> Tell:
    """What it holds is loaded, and the gate asked, when it leaves."""
    by, said = opening.by, Message(HERE, {"opening": opening.id})
    return Tell(by, said, Lane.SAFETY, key=f"opening:{opening.id}")


def _facts(opening: Opening, decided: Decision) -> dict[str, Value]:
    facts: dict[str, Value] = {
        "to": opening.by,
        "journey": opening.journey,
        "topic": Topic.WHEREABOUTS.value,
        "level": LEVEL,
        "reason": decided.reason.value,
    }
    return facts | ({"rows": ",".join(decided.rows)} if decided.rows else {})


def safe_place(plan: Plan, near: Spot | None, key: str) -> Outcome:
    """To somebody who is lost: the nearest place of their plan, or its places when that is not
    known; nothing where it names none."""
    places = plan.terms.safe_places
    if not places:
        return Outcome()
    place = nearest(places, near) or (places[0] if len(places) == 1 else None)
    said = Message(Text("location", "safe_places"), {"safe_places": plan.id})
    if place is not None:
        said = Message(Text("location", "safe_place"), {"safe_place": f"{plan.id}:{place.id}"})
    return Outcome(tells=(Tell(plan.person, said, Lane.REPLY, key=key),))


def nearest(places: Sequence[SafePlace], near: Spot | None) -> SafePlace | None:
    """The marked place nearest to there; None when none is marked or nobody knows where."""
    if near is None:
        return None
    marked = [p for p in places if p.latitude is not None and p.longitude is not None]
    return min(marked, key=lambda place: _metres(near, place), default=None)


def _metres(near: Spot, place: SafePlace) -> float:
    """As the crow flies (haversine)."""
    assert place.latitude is not None and place.longitude is not None  # it is marked
    here, there = radians(near.latitude), radians(place.latitude)
    up, along = there - here, radians(place.longitude - near.longitude)
    half = sin(up / 2) ** 2 + cos(here) * cos(there) * sin(along / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(1.0, half)))
