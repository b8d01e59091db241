"""Many small circles in one database, with plans that count seconds where people count minutes."""

import struct
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, insert, update

from bot.care.agreement import Choice
from bot.care.circle import Member, Membership, Role, Shift, Support
from bot.care.outcome import NOBODY, Outcome, Topic
from bot.care.plan import LADDERS, Plan
from bot.care.terms import AS_BEFORE, Pattern, Point, Terms
from bot.store import agreement, journey, plan, schema, tell
from bot.store.commit import KEEP, commit
from bot.store.tools import new_id

NUDGE, GRACE, RUNG = 1.5, 3.0, 5.0
"""Seconds from the due time to the second question and to the alert; from rung to rung."""

STAFF = {"key": Role.STAFF, "duty": Role.ON_CALL_LEAD, "lead": Role.MANAGER}
LADDER = tuple(STAFF)
"""Who stands on the rungs, in order."""

NEXT = "next"
"""The part of whoever is on call after `duty`, where that ends while the person is out."""

CARER = "carer"
"""The part of somebody with whom the person shares, and who is told something."""

TOLD = 3
"""So many items wait for a carer from the start."""

ON_THE_WAY = ("On the bus", "At the pool")

WAYS = {
    "every": Terms(pattern=Pattern.EVERY, every=0),
    "points": Terms(pattern=Pattern.POINTS, points=tuple(Point(name, 0) for name in ON_THE_WAY)),
    "pauses": Terms(pattern=Pattern.EVERY, every=1, pause=3),
    "shift": AS_BEFORE,
}
"""What is agreed for the way, or that a shift ends on it.

Whoever is to be heard from in no minutes is asked so many seconds later: these are added to the
spans that count from there, which may be parts of a minute.
"""

BACK = timedelta(minutes=50)
"""Somebody on such a way goes for so long, and is home long before."""

EVENS = timedelta(seconds=22)
"""After so long a minute begins on the clocks of the people: the soonest end of a pause."""

ZONE = "Hurried"

BEFORE_PAUSE = timedelta(seconds=3)
"""A check-in is due so long before that: the pause puts it off."""


@dataclass(frozen=True)
class Circle:
    """Telegram ids by part (`person`, those of `LADDER`, some `carer`), and ids of Kith's.

    `due_at`: the person is out already and was to be back then, or is asked on the way first, or
    the pause or the shift ends; None: at home. `asked_after`: so many seconds after a check-in is
    due its question comes. `evens`: when a minute begins on their clocks.
    """

    name: str
    chats: dict[str, int]
    members: dict[str, str]
    journey: str | None
    due_at: datetime | None
    back_at: datetime | None
    way: str | None
    asked_after: float
    grace: float
    evens: datetime

    @property
    def person(self) -> int:
        return self.chats["person"]


@dataclass(frozen=True)
class Wanted:
    """A circle to be made: the accounts of its people, when its person is due, if out; which of
    the `WAYS` they are on."""

    name: str
    chats: dict[str, int]
    due_in: float | None
    way: str | None = None


def clocks(folder: Path, evens: datetime) -> None:
    """The time zone of the people, kept in this folder, in which a minute begins then: a pause that
    lasts "until 16:01" can only end with one."""
    one_type = struct.pack(">6l", 0, 0, 0, 0, 1, 4) + struct.pack(">lBB", _ahead(evens), 0, 0)
    folder.mkdir(exist_ok=True)
    (folder / ZONE).write_bytes(b"TZif" + bytes(16) + one_type + b"HUR\0")


def next_minute(circle: Circle, after: datetime) -> datetime:
    """When a minute begins on the clocks of the people."""
    minutes = max(0, -int((circle.evens - after) // timedelta(minutes=1)))
    return circle.evens + timedelta(minutes=minutes)


def wall_time(circle: Circle, moment: datetime) -> str:
    """What their clocks show then."""
    return f"{moment + timedelta(seconds=_ahead(circle.evens)):%H:%M}"


def _ahead(evens: datetime) -> int:
    """Seconds by which their clocks are ahead."""
    return -int(evens.timestamp()) % 60


def make(c: Connection, wanted: list[Wanted], evens: datetime, now: datetime) -> list[Circle]:
    """A team each, a plan each, and those out who are to be out."""
    row = {"id": new_id(c), "name": "Willow Support", "phone": None, "created_at": now}
    c.execute(insert(schema.service).values(**row))
    return [_circle(c, each, evens, now) for each in wanted]


def _circle(c: Connection, wanted: Wanted, evens: datetime, now: datetime) -> Circle:
    team = new_id(c)
    c.execute(insert(schema.team).values(id=team, name=f"{wanted.name} House", phone=None))
    ids = {part: new_id(c) for part in wanted.chats}
    records: list[object] = [
        Member(ids[part], chat, _name(wanted.name, part), None, "en_GB", now)
        for part, chat in wanted.chats.items()
    ]
    roles = STAFF | {"person": Role.PERSON, CARER: Role.CARER, NEXT: Role.ON_CALL_LEAD}
    places = {part: new_id(c) for part in ids}
    beside = {CARER: ids["person"]}
    records += [
        Membership(places[part], ids[part], roles[part], team, beside.get(part), now)
        for part in ids
    ]
    records.append(Support(new_id(c), ids["key"], ids["person"], True, now))
    day = timedelta(days=1)
    ends = now + 7 * day
    due = None if wanted.due_in is None else now + timedelta(seconds=wanted.due_in)
    if NEXT in ids and due is not None:
        records.append(Shift(new_id(c), team, ids[NEXT], due, ends))
        ends = due
    records.append(Shift(new_id(c), team, ids["duty"], now - day, ends))
    commit(c, Outcome(records=tuple(records)), NOBODY, now)
    plan.sample(c, ids["person"], ids["key"], now)
    terms = WAYS[wanted.way] if wanted.way else AS_BEFORE
    # Whoever is to be heard from in no minutes is on time for so long.
    asked_after = wanted.due_in if wanted.way in ("every", "points") and wanted.due_in else 0.0
    # Kith may be dead for long while somebody tries to pause: what is due waits for them.
    grace = 60.0 if wanted.way == "pauses" else asked_after + GRACE
    ladder = "on_call" if NEXT in ids else "key_worker"
    _in_seconds(c, ids["person"], terms, asked_after, grace, ladder)
    if CARER in ids:
        shared = {Topic.DAILY_LIFE: (Choice.SHARE, 3)}
        agreement.sample(c, ids["person"], places[CARER], shared, now)
        for number in range(TOLD):
            words = item(wanted.name, number)
            tell.send(c, ids["person"], Topic.DAILY_LIFE, 2, words, ids["key"], now)
    out = back = None
    if due is not None:
        began = now
        if wanted.way == "pauses":  # `every` before they are asked first
            due = evens
            began = evens - BEFORE_PAUSE - timedelta(minutes=terms.every)
        back = due if wanted.way is None else began + BACK
        outcome = journey.set_off(c, ids["person"], "Café", back, began)
        out = str(outcome.tells[0].message.params["journey"])
    return Circle(
        wanted.name, wanted.chats, ids, out, due, back, wanted.way, asked_after, grace, evens
    )


def _name(circle: str, part: str) -> str:
    return circle if part == "person" else f"{circle}-{part}"


def item(circle: str, number: int) -> str:
    """The words of one of the items that a carer is told: no other has them."""
    return f"{circle} baked cake {number}."


def _in_seconds(
    c: Connection, person: str, way: Terms, asked_after: float, grace: float, ladder: str
) -> None:
    found = plan.in_force(c, person)
    assert found is not None
    KEEP[Plan](c, replace(found, terms=way))
    terms = {
        "rungs": [[rung.kind.value, RUNG / 60] for rung in LADDERS[ladder]],
        "nudges": [asked_after / 60, (asked_after + NUDGE) / 60],
        "longest": found.longest,
        "grace": grace / 60,
        "extra": found.extra,
        "ask_again": 1,
        "police_after": found.police_after,
    }
    c.execute(update(schema.plan).where(schema.plan.c.id == found.id).values(terms=terms))
