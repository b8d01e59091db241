"""Many small circles in one database, with plans that count seconds where people count minutes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, update

from bot.care.agreement import Choice
from bot.care.circle import Member, Membership, Role, Shift, Support
from bot.care.outcome import NOBODY, Outcome, Topic
from bot.care.plan import LADDERS
from bot.store import agreement, journey, plan, schema, tell
from bot.store.commit import commit
from bot.store.tools import new_id

NUDGE, GRACE, RUNG = 1.5, 3.0, 5.0
"""Seconds from the due time to the second question and to the alert; from rung to rung."""

STAFF = {"key": Role.STAFF, "duty": Role.ON_CALL_LEAD, "lead": Role.MANAGER}
LADDER = tuple(STAFF)
"""Who stands on the rungs, in order."""

CARER = "carer"
"""The part of somebody with whom the person shares, and who is told something."""

TOLD = 3
"""So many items wait for a carer from the start."""


@dataclass(frozen=True)
class Circle:
    """Telegram ids by part (`person`, those of `LADDER`, some `carer`), and ids of Kith's.

    `due_at`: the person is out already and was to be back then; None: at home.
    """

    name: str
    chats: dict[str, int]
    members: dict[str, str]
    journey: str | None
    due_at: datetime | None

    @property
    def person(self) -> int:
        return self.chats["person"]


@dataclass(frozen=True)
class Wanted:
    """A circle to be made: the accounts of its people, and when its person is due, if out."""

    name: str
    chats: dict[str, int]
    due_in: float | None


def make(c: Connection, wanted: list[Wanted], now: datetime) -> list[Circle]:
    """A team each, a plan each, and those out who are to be out."""
    row = {"id": new_id(c), "name": "Willow Support", "phone": None, "created_at": now}
    c.execute(insert(schema.service).values(**row))
    return [_circle(c, each, now) for each in wanted]


def _circle(c: Connection, wanted: Wanted, now: datetime) -> Circle:
    team = new_id(c)
    c.execute(insert(schema.team).values(id=team, name=f"{wanted.name} House", phone=None))
    ids = {part: new_id(c) for part in wanted.chats}
    records: list[object] = [
        Member(ids[part], chat, _name(wanted.name, part), None, "en_GB", now)
        for part, chat in wanted.chats.items()
    ]
    roles = STAFF | {"person": Role.PERSON, CARER: Role.CARER}
    places = {part: new_id(c) for part in ids}
    beside = {CARER: ids["person"]}
    records += [
        Membership(places[part], ids[part], roles[part], team, beside.get(part), now)
        for part in ids
    ]
    records.append(Support(new_id(c), ids["key"], ids["person"], True, now))
    day = timedelta(days=1)
    records.append(Shift(new_id(c), team, ids["duty"], now - day, now + 7 * day))
    commit(c, Outcome(records=tuple(records)), NOBODY, now)
    plan.sample(c, ids["person"], ids["key"], now)
    _in_seconds(c, ids["person"])
    if CARER in ids:
        shared = {Topic.DAILY_LIFE: (Choice.SHARE, 3)}
        agreement.sample(c, ids["person"], places[CARER], shared, now)
        for number in range(TOLD):
            words = item(wanted.name, number)
            tell.send(c, ids["person"], Topic.DAILY_LIFE, 2, words, ids["key"], now)
    out = due = None
    if wanted.due_in is not None:
        due = now + timedelta(seconds=wanted.due_in)
        outcome = journey.set_off(c, ids["person"], "Café", due, now)
        out = str(outcome.tells[0].message.params["journey"])
    return Circle(wanted.name, wanted.chats, ids, out, due)


def _name(circle: str, part: str) -> str:
    return circle if part == "person" else f"{circle}-{part}"


def item(circle: str, number: int) -> str:
    """The words of one of the items that a carer is told: no other has them."""
    return f"{circle} baked cake {number}."


def _in_seconds(c: Connection, person: str) -> None:
    found = plan.in_force(c, person)
    assert found is not None
    terms = {
        "rungs": [[rung.kind.value, RUNG / 60] for rung in LADDERS["key_worker"]],
        "nudges": [0, NUDGE / 60],
        "longest": found.longest,
        "grace": GRACE / 60,
        "extra": found.extra,
        "ask_again": 1,
        "police_after": found.police_after,
    }
    c.execute(update(schema.plan).where(schema.plan.c.id == found.id).values(terms=terms))
