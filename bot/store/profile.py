"""How a member wants to be written to, and on which number they can be rung."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from bot.care.outcome import NOBODY, Cause, Log, Outcome
from bot.store.commit import commit
from bot.store.schema import member
from bot.store.tools import seal


def locale(c: Connection, id: str) -> str:
    return str(c.execute(select(member.c.locale).where(member.c.id == id)).scalar_one())


def choose_locale(
    c: Connection, id: str, locale: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """From now on everything this member reads comes in this form."""
    c.execute(update(member).where(member.c.id == id).values(locale=locale))
    outcome = Outcome(logs=(Log("form_chosen", actor=id, facts={"locale": locale}),))
    commit(c, outcome, cause, now)
    return outcome


def give_number(
    c: Connection, id: str, number: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The number staff see beside an alert about this member; sealed like their name."""
    c.execute(update(member).where(member.c.id == id).values(phone=seal(c, id, number)))
    outcome = Outcome(logs=(Log("number_given", actor=id),))
    commit(c, outcome, cause, now)
    return outcome
