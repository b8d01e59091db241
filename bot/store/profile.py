"""How a member wants to be written to and called, when, and where they can be rung."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from bot.care.outcome import NOBODY, Cause, Log, Outcome
from bot.store import circle
from bot.store.commit import commit
from bot.store.schema import member
from bot.store.tools import readable, seal

_PROFILE = select(
    member.c.alias, member.c.quiet, member.c.shared_phone, member.c.safe_contact
).where(member.c.id == bindparam("id"))
_QUIET = select(member.c.quiet).where(member.c.id == bindparam("id"))
_ALIAS = select(member.c.alias).where(member.c.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class Quiet:
    """From `since` until just before `until`, in minutes of the day on the service's clocks."""

    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Profile:
    """`alias` is what messages to others call them, `safe_contact` how it is safe to reach them."""

    alias: str | None
    quiet: Quiet | None
    shared_phone: bool
    safe_contact: str | None


def profile(c: Connection, id: str) -> Profile:
    row = c.execute(_PROFILE, {"id": id}).one()
    return Profile(
        alias=None if row.alias is None else readable(c, id, row.alias),
        quiet=_quiet(row.quiet),
        shared_phone=row.shared_phone,
        safe_contact=None if row.safe_contact is None else readable(c, id, row.safe_contact),
    )


def quiet(c: Connection, id: str) -> Quiet | None:
    """The hours in which this member wants to hear nothing that can wait."""
    return _quiet(c.execute(_QUIET, {"id": id}).scalar_one_or_none())


def called(c: Connection, id: str) -> str:
    """What those around this member read: the name they chose for that, or else their own."""
    sealed = c.execute(_ALIAS, {"id": id}).scalar_one_or_none()
    return circle.name(c, id) if sealed is None else readable(c, id, sealed)


def locale(c: Connection, id: str) -> str:
    return str(c.execute(select(member.c.locale).where(member.c.id == id)).scalar_one())


# --- acts ---------------------------------------------------------------------------------


def choose_locale(
    c: Connection, id: str, locale: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """From now on everything this member reads comes in this form."""
    log = Log("form_chosen", actor=id, facts={"locale": locale})
    return _changed(c, id, {"locale": locale}, log, now, cause)


def give_number(
    c: Connection, id: str, number: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The number staff see beside an alert about this member; sealed like their name."""
    sealed = seal(c, id, number)
    return _changed(c, id, {"phone": sealed}, Log("number_given", actor=id), now, cause)


def choose_alias(
    c: Connection, id: str, alias: str | None, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """What messages to those around them call this member; None: their name."""
    sealed = None if alias is None else seal(c, id, alias)
    return _changed(c, id, {"alias": sealed}, Log("alias_chosen", actor=id), now, cause)


def keep_quiet(
    c: Connection, id: str, hours: Quiet | None, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """In these hours what can wait waits; None: at no time."""
    kept = None if hours is None else [hours.since, hours.until]
    return _changed(c, id, {"quiet": kept}, Log("quiet_chosen", actor=id), now, cause)


def share_phone(
    c: Connection, id: str, shared: bool, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Whether others use this member's phone too."""
    log = Log("shared_phone_said", actor=id, facts={"shared": int(shared)})
    return _changed(c, id, {"shared_phone": shared}, log, now, cause)


def say_safe_contact(
    c: Connection, id: str, words: str | None, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """How and when it is safe to reach this member: for their team's staff."""
    sealed = None if words is None else seal(c, id, words)
    return _changed(c, id, {"safe_contact": sealed}, Log("safe_contact_said", actor=id), now, cause)


def _changed(
    c: Connection, id: str, values: dict[str, Any], log: Log, now: datetime, cause: Cause
) -> Outcome:
    c.execute(update(member).where(member.c.id == id).values(**values))
    outcome = Outcome(logs=(log,))
    commit(c, outcome, cause, now)
    return outcome


def _quiet(kept: list[int] | None) -> Quiet | None:
    return None if kept is None else Quiet(*kept)
