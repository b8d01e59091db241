"""Whom staff act about: one of the people they support, in the role in which they do."""

from collections.abc import Sequence
from datetime import datetime

from bot.care.circle import Membership
from bot.store import Connection, around, circle

Supported = tuple[str, str, Membership]
"""A person's id and name, and the role in which somebody is there for them."""


def supported(c: Connection, staff: str, held: Sequence[Membership]) -> list[Supported]:
    """Everybody this member supports in one of these roles; nobody is their own staff."""
    found: list[Supported] = []
    for person in (one for one in around.people_supported(c, staff) if one.id != staff):
        team = around.team_of(c, person.id)
        found += [(person.id, person.name, m) for m in held if m.team == team][:1]
    return found


def in_role(c: Connection, staff: str, person: str, held: Sequence[Membership]) -> Supported | None:
    """This person, if this member supports them in one of these roles."""
    return next((one for one in supported(c, staff, held) if one[0] == person), None)


def served(c: Connection, staff: str, held: Sequence[Membership], now: datetime) -> list[Supported]:
    """Everybody this member supports, and while they are on call everybody of that team."""
    found = supported(c, staff, held)
    known = {staff, *(person for person, _, _ in found)}
    for team in sorted(around.works_in(c, staff, now)):
        if staff in {one.id for one in around.on_call(c, team, now)}:
            others = (one for one in around.people_in(c, team) if one.id not in known)
            found += [(one.id, one.name, _role(held, team)) for one in others]
    return found


def worked_for(
    c: Connection, staff: str, person: str, held: Sequence[Membership], now: datetime
) -> Supported | None:
    """This person, if this member works for them: whoever is asked about them may answer."""
    if not held or circle.has_left(c, person):
        return None
    try:
        if not around.works_for(c, staff, person, now):
            return None
    except LookupError:  # nobody who is supported here
        return None
    return person, circle.name(c, person), _role(held, around.team_of(c, person))


def _role(held: Sequence[Membership], team: str) -> Membership:
    """Their role in this team; whoever stands in for a shift has it in another."""
    return next((one for one in held if one.team == team), held[0])
