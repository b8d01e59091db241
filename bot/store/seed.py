"""The first rows of a service: an empty one with a first link, or the sample circle."""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta

from sqlalchemy import Connection, insert, select, update

from bot.care import invitation as rules
from bot.care.agreement import Choice
from bot.care.arranging import next_look
from bot.care.cadence import on_working_day
from bot.care.circle import ROTA, SUPPORTERS, Member, Membership, Role, Shift, Support
from bot.care.education import (
    ENGLISH,
    Need,
    Repeats,
    Session,
    State,
    Subject,
)
from bot.care.outcome import NOBODY, Log, Outcome, Topic, Wake
from bot.care.wall import moment
from bot.store import agreement, invitation, schema
from bot.store import session as _session  # noqa: F401 -- how a session is kept
from bot.store.commit import commit
from bot.store.engine import Refused
from bot.store.tools import new_id, tools

WEEKS_ON_CALL = 26

# Numbers set aside for drama: nobody can be rung by mistake.
_PHONES = {
    "Sam": "07700 900101",
    "Amira": "07700 900102",
    "Leo": "07700 900103",
    "Ruth": "07700 900104",
    "Jo": "07700 900105",
    "Dev": "07700 900106",
    "Priya": "07700 900107",
    "Mina": "07700 900108",
    "Alex": "07700 900109",
}

_OAK = {
    "Sam": Role.PERSON,
    "Amira": Role.CARER,
    "Leo": Role.CARER,
    "Ruth": Role.ADVOCATE,
    "Jo": Role.STAFF,
    "Dev": Role.ON_CALL_LEAD,
    "Priya": Role.MANAGER,
    "Mina": Role.SAFEGUARDING_LEAD,
}

_ELM = {"Alex": Role.STAFF}

_SHARED: Mapping[str, Mapping[Topic, tuple[Choice, int]]] = {
    "Amira": {
        Topic.DAILY_LIFE: (Choice.SHARE, 3),
        Topic.APPOINTMENTS: (Choice.ASK, 3),  # Sam sees the very words
        Topic.JOURNEYS: (Choice.SHARE, 1),
        Topic.FINANCES: (Choice.NEVER, 1),
    },
    "Leo": {Topic.DAILY_LIFE: (Choice.SHARE, 2)},
    "Ruth": {Topic.PLANS_AND_REVIEWS: (Choice.SHARE, 3)},
}
"""What Sam shares, with whom: the choice, and how much."""

_SESSIONS = (
    (Subject.CRISIS, 12, (Need.STEP_FREE, Need.HEARING_LOOP)),
    (Subject.SYSTEM, 20, (Need.STEP_FREE, Need.EASY_READ)),
)
"""Of what, how many places, what it meets."""

SAMPLE = {name: role.value for name, role in (_OAK | _ELM).items()}
"""Everybody in the sample circle, and their role."""


def init_service(
    c: Connection, service: str, team: str, manager: str, now: datetime, phone: str | None = None
) -> str:
    """A new service with one team; returns the token of its first manager's link.

    `phone` is what staff are told to ring when Telegram does not reach them.

    Raises Refused with a sentence when a service is here already.
    """
    _only_if_empty(c)
    _service(c, service, None if phone is None else _number(phone), now)
    team_id = _team(c, team, None)
    id = new_id(c)
    commit(c, rules.invite(id, Role.MANAGER, team_id, None, manager, None, None, now), NOBODY, now)
    _, token = invitation.make_link(c, id, None, now)
    assert token is not None  # nobody's wish stands in the way of the first manager
    return token


def change_phone(c: Connection, phone: str, now: datetime) -> None:
    """From now on staff are told to ring this number; Refused when it is none."""
    if c.execute(update(schema.service).values(phone=_number(phone))).rowcount == 0:
        raise Refused("There is no service yet. Run: kith init")
    commit(c, Outcome(logs=(Log("service_phone_changed"),)), NOBODY, now)


def seed_sample(c: Connection, now: datetime, telegram: Mapping[str, int]) -> dict[str, str]:
    """The sample circle; `telegram` gives accounts to its people by name. Returns ids by name.

    Raises Refused with a sentence when the database is not empty, or a name is not known.
    """
    unknown = sorted(telegram.keys() - _PHONES.keys())
    if unknown:
        known = ", ".join(_PHONES)
        raise Refused(f"The sample circle has no {', '.join(unknown)}. It has {known}.")
    if len(set(telegram.values())) < len(telegram):
        raise Refused("Each member of the sample circle needs a Telegram account of their own.")
    _only_if_empty(c)
    _service(c, "Willow Support", "01632 960100", now)
    ids = {name: new_id(c) for name in _PHONES}
    records: list[object] = [
        Member(ids[name], telegram.get(name), name, phone, "en_GB", now)
        for name, phone in _PHONES.items()
    ]
    oak = _team(c, "Oak House", "01632 960101")
    elm = _team(c, "Elm House", "01632 960102")
    places: dict[str, str] = {}
    for team, people in ((oak, _OAK), (elm, _ELM)):
        for name, role in people.items():
            beside = ids["Sam"] if role in SUPPORTERS else None
            places[name] = new_id(c)
            records.append(Membership(places[name], ids[name], role, team, beside, now))
    records.append(Support(new_id(c), ids["Jo"], ids["Sam"], True, now))
    start = now.replace(minute=0, second=0, microsecond=0)
    week = timedelta(weeks=1)
    records += [
        Shift(new_id(c), oak, ids["Dev"], start + n * week, start + (n + 1) * week)
        for n in range(WEEKS_ON_CALL)
    ]
    logs = (Log("sample_seeded", facts={"team": oak}),)
    wakes = (Wake(ROTA, oak, now),)
    commit(c, Outcome(records=tuple(records), wakes=wakes, logs=logs), NOBODY, now)
    for name, shared in _SHARED.items():
        agreement.sample(c, ids["Sam"], places[name], shared, now)
    _sessions(c, oak, ids["Priya"], now)
    return ids


def _sessions(c: Connection, team: str, by: str, now: datetime) -> None:
    """Two dates that can be booked. Nobody is told: they were here before."""
    zone = tools(c).hours.zone
    today = now.astimezone(zone).date()
    for (subject, places, meets), weeks in zip(_SESSIONS, (4, 6), strict=True):
        day = on_working_day(today + timedelta(weeks=weeks, days=1))
        id = new_id(c)
        session = Session(
            id=id,
            series=id,
            team=team,
            by=by,
            subject=subject,
            starts_at=moment(day, time(14), zone),
            minutes=90,
            made_at=now,
            rule_day=day,
            place="The meeting room, Oak House",
            facilitators="with_carer",
            repeats=Repeats.NO,
            places=places,
            languages=(ENGLISH,),
            meets=meets,
            state=State.PUBLISHED,
            version=1,
        )
        wake = next_look(session, now, zone)
        commit(c, Outcome(records=(session,), wakes=(wake,)), NOBODY, now)


def _only_if_empty(c: Connection) -> None:
    for table in (schema.service, schema.member):
        if c.execute(select(table.c.id).limit(1)).first() is not None:
            raise Refused("This database already has a service in it. Nothing has been changed.")


def _number(phone: str) -> str:
    if re.fullmatch(r"\+?[\d ()-]{6,39}", phone) is None or sum(map(str.isdigit, phone)) < 6:
        raise Refused(f"{phone} is no telephone number.")
    return phone


def _service(c: Connection, name: str, phone: str | None, now: datetime) -> None:
    row = {"id": new_id(c), "name": name, "phone": phone, "created_at": now}
    c.execute(insert(schema.service).values(**row))


def _team(c: Connection, name: str, phone: str | None) -> str:
    id = new_id(c)
    c.execute(insert(schema.team).values(id=id, name=name, phone=phone))
    return id
