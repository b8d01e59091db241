"""One supporter of a person: what they help with; a pause."""

from datetime import datetime

from sqlalchemy import Connection, select

from bot.care import circle as care
from bot.care.outcome import NOBODY, Cause, Log, Message, Outcome
from bot.care.text import Text
from bot.store import circle, escalation, schema
from bot.store.commit import commit
from bot.store.tools import new_id, readable, seal


def helps_with(c: Connection, id: str) -> str | None:
    """What a supporter (a membership) helps the person with, in the person's words."""
    table = schema.membership
    row = c.execute(
        select(table.c.person, table.c.helps_with).where(table.c.id == id)
    ).one_or_none()
    if row is None or row.helps_with is None:
        return None
    return readable(c, row.person, row.helps_with)


def pause(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The person lets this supporter hear nothing for now."""
    found = circle.membership(c, id)
    outcome = Outcome() if found is None else care.pause(found, by, now)
    commit(c, outcome, cause, now)
    return outcome if found is None else outcome + escalation.left(c, found.member, now)


def resume(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The person lets this supporter hear again what they have agreed."""
    found = circle.membership(c, id)
    outcome = Outcome() if found is None else care.resume(found, new_id(c), by, now)
    commit(c, outcome, cause, now)
    return outcome


def say_helps_with(
    c: Connection, id: str, words: str, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The person says what this supporter helps them with."""
    found = circle.membership(c, id)
    outcome = Outcome()
    if found is not None and found.person == by and found.until is None:
        table = schema.membership
        kept = table.update().where(table.c.id == id)
        c.execute(kept.values(helps_with=seal(c, by, words)))
        facts = {"membership": id, "member": found.member}
        outcome = Outcome(
            said=Message(Text("circle", "helps_kept"), {"member": found.member}),
            logs=(Log("helps_with_said", by, by, facts),),
        )
    commit(c, outcome, cause, now)
    return outcome
