"""What a call to 101 or 999 would need, and the time by which the plan wants one."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.care import police as care
from bot.care.circle import Role
from bot.care.escalation import Escalation
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.care.terms import Terms
from bot.store import around, journey
from bot.store import escalation as escalations
from bot.store import ladder as ladders
from bot.store.commit import commit
from bot.store.rung import called


def due(c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The time has come for this alert."""
    alert = escalations.escalation(c, id)
    outcome = Outcome()
    if alert is not None:
        apart = ladders.unfit(c, alert, now)
        leads = around.staff_of(c, alert.team, Role.MANAGER)
        managers, team = (
            [member.id for member in found if member.id not in (alert.person, *apart)]
            for found in (leads, around.staff_of(c, alert.team))
        )
        outcome = care.due(_without(alert, apart), managers, team, now)
    commit(c, called(c, outcome, now), cause, now)
    return outcome


def _without(alert: Escalation, apart: Collection[str]) -> Escalation:
    """As if those had never heard of it."""
    on_it = (None if one in apart else one for one in (alert.holder, alert.current))
    told = tuple(one for one in alert.told if one not in apart)
    holder, current = on_it
    return replace(alert, told=told, holder=holder, current=current)


def for_a_call(c: Connection, alert: str, member: str, now: datetime) -> Terms | None:
    """What the person keeps for a call, if this member may be told it now: None when they may not,
    and something is kept."""
    found = escalations.escalation(c, alert)
    out = None if found is None else journey.journey(c, found.subject)
    if found is None or out is None:
        return None
    terms = out.plan.terms
    if not (terms.usual_places or terms.medicine or terms.photo):
        return terms
    ladder = [one.member for one in ladders.around_it(c, found, now).ladder]
    return terms if care.may_be_told(found, member, ladder, terms.call_from) else None
