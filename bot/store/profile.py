"""How a member wants to be written to."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from bot.care.outcome import NOBODY, Cause, Log, Outcome
from bot.store.commit import commit
from bot.store.schema import member


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
