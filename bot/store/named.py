"""Who a concern is about, as far as Kith can know it, and who is left that it may be put before."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.care import concern as care
from bot.care.circle import Member, Role
from bot.care.concern import Concern, Kind, Part
from bot.store import around, circle

LEADS = (Role.MANAGER, Role.SAFEGUARDING_LEAD, Role.ON_CALL_LEAD, Role.STAFF)
"""In front of whom a disagreement or a complaint is put: the first of these it is not about."""

LATELY = timedelta(days=14)
"""Who has been on call within it may be meant by "Whoever is on call": it is seldom about now."""

IN_ROLE = {
    Part.WORKER: Role.STAFF,
    Part.ON_CALL: Role.ON_CALL_LEAD,
    Part.MANAGER: Role.MANAGER,
    Part.SAFEGUARDING_LEAD: Role.SAFEGUARDING_LEAD,
}


def members(
    c: Connection,
    person: str | None,
    team: str,
    words: Iterable[str],
    about: Sequence[str],
    now: datetime,
) -> tuple[str, ...]:
    """Everybody it is about: those who were picked, who has a part that is named in it, and staff
    who are called by name in it."""
    found: list[str] = []
    for one in about:
        if one in tuple(Part):
            found += _in_part(c, Part(one), person, team, now)
        elif circle.member(c, one) is not None:
            found.append(one)
        else:
            for part in care.parts(one):
                found += _in_part(c, part, person, team, now)
    found += _by_name(c, team, words, about, now)
    return tuple(dict.fromkeys(found))


def apart(c: Connection, kept: Concern, now: datetime) -> frozenset[str]:
    """Those it is never put in front of: whoever is called by name in it and can be asked by now,
    too. A part in the team is whoever had it when it was written."""
    if kept.sent_to is not None:  # its writer has chosen who reads it
        return kept.apart
    team = kept.team
    if kept.kind is Kind.SAFETY and kept.person is not None:  # it goes with the person
        team = around.team_of(c, kept.person)
    words = (kept.words, kept.wants or "")
    return kept.apart.union(_by_name(c, team, words, kept.about, now))


def _by_name(
    c: Connection, team: str, words: Iterable[str], about: Sequence[str], now: datetime
) -> list[str]:
    names = called(c, team, now)
    found = [id for said in words for id in care.mentioned(said, names)]
    for one in about:
        if one not in tuple(Part) and circle.member(c, one) is None:
            found += care.mentioned(one, names, answer=True)
    return found


def called(c: Connection, team: str, now: datetime) -> dict[str, str]:
    """Everybody in a team who can be called by name, by id."""
    staff = {member.id: member.name for _, member in around.staff_by_role(c, team)}
    return staff | {member.id: member.name for member in _on_call(c, team, now)}


def _on_call(c: Connection, team: str, now: datetime) -> list[Member]:
    """Who is on call, or was lately."""
    shifts = around.shifts(c, team, now - LATELY)
    return circle.members(c, [shift.member for shift in shifts if shift.starts_at <= now])


def _in_part(
    c: Connection, part: Part, person: str | None, team: str, now: datetime
) -> Iterable[str]:
    if part is Part.KEY_WORKER:
        return [] if person is None else [m.id for m in around.key_workers(c, person)]
    found = [m.id for role, m in around.staff_by_role(c, team) if role is IN_ROLE[part]]
    return found + ([m.id for m in _on_call(c, team, now)] if part is Part.ON_CALL else [])


def leads(c: Connection, kept: Concern, now: datetime) -> list[str]:
    """In front of whom it is put now: those of the first role in which anybody can be reached;
    of the next one too, once its day has passed: whoever has read it may be away. What was sent to
    one part in the team goes to whoever has it now."""
    if kept.sent_to is not None:
        holders = circle.members(c, _in_part(c, kept.sent_to, kept.person, kept.team, now))
        return [member.id for member in holders if member.reachable]
    never = apart(c, kept, now)
    staff = [(held, m) for held, m in around.staff_by_role(c, kept.team) if m.id not in never]
    groups = [[m for held, m in staff if held is role] for role in LEADS]
    here = [[m.id for m in group if m.reachable] for group in groups]
    asked = [ids for ids in (*here, [m.id for _, m in staff]) if ids]
    waits = kept.due_at is not None and kept.due_at < now
    return [id for ids in asked[: 2 if waits else 1] for id in ids]
