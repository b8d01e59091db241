"""A session as staff set it up: each thing asked for, read back, published."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.care.circle import Membership
from bot.care.education import ENGLISH, Repeats, Session, Subject
from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.care.wall import moment
from bot.flows.boxes import READY, boxes, ticked
from bot.flows.flow import (
    STOP,
    Choice,
    Conversation,
    Flow,
    Located,
    Offered,
    Route,
    Step,
    Wrote,
)
from bot.flows.reading import day_of_year, short, times_of_day
from bot.i18n import Lines, Param, Phrase
from bot.outbox.education import REPEATS, SUBJECTS, lines, title
from bot.store import Connection, circle, education
from bot.store import session as sessions
from bot.store.flow import Talk
from bot.store.tools import new_id, tools

ABOUT = "about"
"""The answer that the button gives: which session is changed."""

LONGEST_TITLE, LONGEST_PLACE, LONGEST_ROOM, LONGEST_NOTES, LONGEST_NAMES = 80, 300, 80, 300, 120
"""Characters."""

MOST_PLACES, MOST_LANGUAGES = 2000, 5

FARTHEST = timedelta(days=2 * 366)
"""So far ahead a session can be."""

USUAL_HOURS = range(8, 20)
"""Of two times that an hour can mean, the one that people come at."""

NO_LIMIT = "all"

NO_ROOM = "none"

_LINK = re.compile(r"(?<![\w/:.@-])((?:[\w-]+\.)+[a-z]{2,}/\S+|www\.\S+)", re.IGNORECASE)
"""A link without what stands before its `//`."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Who arranges it, in which role; the session as it stands, where one is changed."""

    acting: Membership
    zone: ZoneInfo
    now: datetime
    before: Session | None = None

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


def facts_of(c: Connection, talk: Talk, now: datetime) -> Facts:
    assert talk.membership is not None  # sessions are arranged in a role
    held = circle.membership(c, talk.membership)
    assert held is not None  # a foreign key says so
    about = talk.answers.get(ABOUT)
    before = None if about is None else sessions.session(c, about)
    return Facts(held, tools(c).hours.zone, now, before)


def read_title(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text | Phrase:
    return short(said, LONGEST_TITLE) or _shorter(LONGEST_TITLE)


def read_place(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text | Phrase:
    return _links(short(said, LONGEST_PLACE)) or _shorter(LONGEST_PLACE)


def read_room(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text | Phrase:
    return _links(short(said, LONGEST_ROOM)) or _shorter(LONGEST_ROOM)


def read_notes(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text | Phrase:
    return _links(short(said, LONGEST_NOTES)) or _shorter(LONGEST_NOTES)


def read_names(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text | Phrase:
    return short(said, LONGEST_NAMES) or _shorter(LONGEST_NAMES)


def _links(words: str | None) -> str | None:
    """A link as it is meant, however it was written: it is for those who booked alone."""
    return words and _LINK.sub(r"https://\1", words)


def _shorter(longest: int) -> Phrase:
    return Phrase(Text("education", "in_words"), {"longest": longest})


def read_day(said: Wrote | Located, facts: Facts, _talk: Talk) -> str | Text:
    """A day to come: "12 March", "12/3", "12 March 2027"."""
    day = None if isinstance(said, Located) else day_of_year(said.text, facts.today, ahead=True)
    if day is None:
        return Text("education", "day_unclear")
    return day.isoformat() if day <= facts.today + FARTHEST else Text("education", "day_far")


def read_time(said: Wrote | Located, facts: Facts, talk: Talk) -> str | Text:
    """A time of day that is still to come: "2" in the afternoon, "10.30", "6 pm"."""
    times = [] if isinstance(said, Located) else times_of_day(said.text)
    usual = [one for one in times if one.hour in USUAL_HOURS] or times
    if not usual:
        return Text("education", "time_unclear")
    if starts_of(facts, talk.answers["day"], usual[0]) <= facts.now:
        return Text("education", "time_over")
    return usual[0].isoformat("minutes")


def read_places(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text:
    words = "" if isinstance(said, Located) else said.text.strip()
    number = int(words) if words.isdecimal() and len(words) < 6 else 0
    return str(number) if 0 < number <= MOST_PLACES else Text("education", "places_unclear")


def read_languages(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text:
    """Names of languages, with commas between them."""
    words = "" if isinstance(said, Located) else said.text
    named = [" ".join(one.split()) for one in words.replace(" and ", ",").split(",") if one.strip()]
    letters = all(one.replace(" ", "").replace("-", "").isalpha() for one in named)
    if not named or not letters or len(named) > MOST_LANGUAGES or len(words) > LONGEST_NAMES:
        return Text("education", "languages_unclear")
    known = [ENGLISH if one.lower() == ENGLISH else one[:1].upper() + one[1:] for one in named]
    return ",".join(dict.fromkeys(known))


def starts_of(facts: Facts, day: str, wall: time) -> datetime:
    return moment(date.fromisoformat(day), wall, facts.zone)


def made(facts: Facts, talk: Talk, id: str) -> Session:
    """The session as it was answered."""
    said = talk.answers
    starts_at = starts_of(facts, said["day"], time.fromisoformat(said["starts"]))
    return Session(
        id=id,
        series=id,
        team=facts.acting.team,
        by=facts.acting.member,
        subject=Subject(said["subject"]),
        starts_at=starts_at,
        minutes=int(said["minutes"]),
        made_at=facts.now,
        rule_day=date.fromisoformat(said["day"]),
        title=said.get("title", "") if said["subject"] == Subject.OWN else "",
        place=said["place"],
        room=room_of(said),
        notes="" if said["notes"] == "none" else said["notes"],
        facilitators=said["leads"],
        repeats=Repeats(said["repeats"]),
        places=places_of(said["places"]),
        languages=tuple(said["languages"].split(",")),
        meets=ticked(said["meets"]),
    )


def room_of(said: Mapping[str, str]) -> str:
    """A talk from before it was asked has none."""
    room = said.get("room", NO_ROOM)
    return "" if room == NO_ROOM else room


def places_of(said: str) -> int | None:
    return None if said == NO_LIMIT else int(said)


def read_back(session: Session) -> dict[str, Param]:
    places: tuple[Text, Mapping[str, Param]] = (Text("education", "line_no_limit"), {})
    if session.places is not None:
        places = Text("education", "line_places"), {"places": session.places}
    repeats = Text("education", "line_repeats"), {"repeats": REPEATS[session.repeats]}
    return {"title": title(session), "details": Lines((*lines(session), places, repeats))}


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    return read_back(made(facts, talk, "")) if talk.step == "check" else {}


def _publish(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    fresh = made(facts, talk, new_id(c))
    return education.publish(c, fresh, facts.acting.member, now, cause)


_TIMES = (
    ("1000", Text("education", "at_ten")),
    ("1400", Text("education", "at_two")),
    ("1800", Text("education", "at_six")),
)
LENGTHS = (
    ("60", Text("education", "an_hour")),
    ("90", Text("education", "ninety_minutes")),
    ("120", Text("education", "two_hours")),
)
SIZES = (
    ("8", Text("education", "eight")),
    ("12", Text("education", "twelve")),
    ("20", Text("education", "twenty")),
    (NO_LIMIT, Text("education", "no_limit")),
)
LEADS = (
    ("staff", Text("education", "led_by_staff")),
    ("with_carer", Text("education", "led_with_carer")),
)


def choices(some: Iterable[tuple[str, Text]], to: str) -> tuple[Choice, ...]:
    return tuple(Choice(id, label, to) for id, label in some)


def times(facts: Facts, talk: Talk) -> list[Offered]:
    """Usual times, as far as they are still to come."""
    day = talk.answers["day"]
    return [
        Offered(at, label)
        for at, label in _TIMES
        if starts_of(facts, day, time.fromisoformat(at)) > facts.now
    ]


def _ask_meets(_facts: object, talk: Talk) -> list[Offered]:
    return boxes(talk.answers.get("meets", ""))


def ticking(then: str) -> Route[Facts]:
    """Until no more are ticked."""
    return Route(
        ("meets", then),
        lambda _facts, talk: then if talk.answers["meets"].startswith(READY) else "meets",
    )


READERS = {
    "title": read_title,
    "place": read_place,
    "room": read_room,
    "notes": read_notes,
    "names": read_names,
    "day": read_day,
    "time": read_time,
    "places": read_places,
    "languages": read_languages,
}

FLOW: Flow[Facts] = Flow(
    name="session_new",
    start="subject",
    steps={
        "subject": Step(
            Text("education", "which_subject"),
            (
                *choices(((s.value, t) for s, t in list(SUBJECTS.items())[:-1]), "day"),
                Choice(Subject.OWN.value, SUBJECTS[Subject.OWN], "title"),
            ),
        ),
        "title": Step(Text("education", "which_title"), reads="title", to="day"),
        "day": Step(Text("education", "which_day"), reads="day", to="starts"),
        "starts": Step(Text("education", "which_time"), offers="times", reads="time", to="minutes"),
        "minutes": Step(Text("education", "how_long"), choices(LENGTHS, "place")),
        "place": Step(Text("education", "which_place"), reads="place", to="room"),
        "room": Step(
            Text("education", "which_room"),
            (Choice(NO_ROOM, Text("education", "no_room"), "notes"),),
            reads="room",
            to="notes",
        ),
        "notes": Step(
            Text("education", "which_notes"),
            (Choice("none", Text("education", "nothing_more"), "leads"),),
            reads="notes",
            to="leads",
        ),
        "leads": Step(
            Text("education", "who_leads"), choices(LEADS, "repeats"), reads="names", to="repeats"
        ),
        "repeats": Step(
            Text("education", "how_often"),
            choices(((one.value, label) for one, label in REPEATS.items()), "places"),
        ),
        "places": Step(
            Text("education", "how_many"),
            choices(SIZES, "languages"),
            reads="places",
            to="languages",
        ),
        "languages": Step(
            Text("education", "which_languages"),
            (Choice(ENGLISH, Text("education", "english"), "meets"),),
            reads="languages",
            to="meets",
        ),
        "meets": Step(Text("education", "which_needs"), offers="needs", to="ticking"),
        "check": Step(
            Text("education", "check"),
            (
                Choice("publish", Text("education", "publish"), "published"),
                Choice("again", Text("education", "begin_again"), "subject"),
                Choice("not_now", Text("education", "not_now"), "not_now"),
            ),
        ),
        "published": Step(ends="publish"),
        "not_now": Step(Text("education", "nothing_published"), ends=STOP),
    },
    offers={"times": times, "needs": _ask_meets},
    readers=READERS,
    routes={"ticking": ticking("check")},
)

ARRANGE = Conversation(FLOW, facts_of, {"publish": _publish}, _params)
"""The talk behind `/session_new`."""
