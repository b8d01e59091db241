"""A team's morning as it is kept, and its act."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from bot.care import morning as care
from bot.care import review
from bot.care.circle import Role
from bot.care.morning import AT_ONCE, FIRST, KIND, Count, Morning
from bot.care.outcome import NOBODY, Cause, Outcome, Tell, Wake
from bot.care.review import Invited
from bot.care.review_voice import is_told
from bot.store import around, glass, review_voice, schema, those, up
from bot.store import look as rounds
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_one
from bot.store.schema import deadline
from bot.store.schema import morning as table
from bot.store.tools import insert, new_id, tools

_DUE = select(deadline.c.key).where(deadline.c.kind == KIND)
_WITHOUT = select(schema.team.c.id).where(schema.team.c.id.not_in(_DUE)).order_by(schema.team.c.id)
_ONE = select(table).where(table.c.team == bindparam("team")).with_for_update()


def begin(c: Connection, now: datetime) -> None:
    """Every team has its morning: at the start, for teams that are new."""
    at = care.next_at(tools(c).hours, now)
    fresh = list(c.execute(_WITHOUT).scalars())
    for team in fresh:
        row = insert(c, table).values(team=team, told_until=now - FIRST, telling=False, counts={})
        c.execute(row.on_conflict_do_nothing(index_elements=["team"]))
    if fresh:
        commit(c, Outcome(wakes=tuple(Wake(KIND, team, at) for team in fresh)), NOBODY, now)


def tick(
    c: Connection, team: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The service opens; or it goes on with those who have not been seen to yet."""
    state = morning(c, team, now)
    hours = tools(c).hours
    outcome = Outcome(wakes=(Wake(KIND, team, care.next_at(hours, now)),))
    if state.began_at is not None or care.may_begin(hours, now):
        state = replace(state, began_at=state.began_at or now)
        outcome = Outcome()
        if not state.telling:
            outcome, state = _look_through(c, state, now)
        if state.telling:
            outcome += _tell(c, state, now)
    commit(c, outcome, cause, now)
    return outcome


def _look_through(c: Connection, state: Morning, now: datetime) -> tuple[Outcome, Morning]:
    """Of the next people what is up, for whom it is, and what they are invited to."""
    began, limit = state.began_at or now, tools(c).reviews.limit
    people = those.next_of(c, state.team, state.after, AT_ONCE)
    whose = those.these(state.team, people)
    found = up.of(c, state.team, whose, began)
    who = {one: found.who(one) for one in found.items}
    managers = _managers(c, state, began)
    counts = care.count(found.items, who, managers, state.told_until, began, limit)
    invited = {
        Invited(new_id(c), one.kind, one.of, person, one.due_at, now): one
        for person, one in care.to_invite(found.items, rounds.invitations(c, whose)).items()
    }
    after = care.looked_through(state, people, counts)
    stranded = [
        one.of
        for one in found.items
        if one.stranded and review.reminds(one, state.told_until, began)
    ]
    unseen = Outcome(tells=glass.nobody_looks(c, state.team, stranded, began))
    outcome = care.look_on(after, invited, now) + unseen
    for asked, item in invited.items():
        if is_told(item):
            outcome += review_voice.tell(c, asked, now)
    return outcome, after


def _managers(c: Connection, state: Morning, began: datetime) -> list[str]:
    """Who hears what is late, when this is the morning for it; everybody, without a manager."""
    if not care.managers_hear(state, began, tools(c).hours.zone):
        return []
    for role in (Role.MANAGER, None):
        staff = [one.id for one in around.staff_of(c, state.team, role) if one.reachable]
        if staff:
            return staff
    return []


def _tell(c: Connection, state: Morning, now: datetime) -> Outcome:
    """The next of staff hear what needs them."""
    began, here = state.began_at or now, tools(c)
    managers = _managers(c, state, began)
    since = state.managers_at or began - FIRST
    unheard = rounds.theatre(c, those.people_of(state.team), since) if managers else []
    theirs: dict[str, Tell] = {}
    for to, count in care.added(state.counts, dict.fromkeys(managers, Count())).items():
        of_team = sum(one.person != to for one in unheard) if to in managers else 0
        stamp = care.stamp(began, here.hours.zone)
        tell = care.to_staff(state.team, to, count, of_team, here.reviews.limit, stamp)
        if tell is not None:
            theirs[to] = tell
    week = care.managers_hear(state, began, here.hours.zone)
    return care.tell(state, theirs, care.next_at(here.hours, now), now, managers=week)


# --- rows ---------------------------------------------------------------------------------


def morning(c: Connection, team: str, now: datetime) -> Morning:
    """How far this team has been told; held until the end of the transaction."""
    row = c.execute(_ONE, {"team": team}).one_or_none()
    if row is None:
        return Morning(team, now - FIRST)
    return Morning(
        team=row.team,
        told_until=row.told_until,
        began_at=row.began_at,
        after=row.after,
        telling=row.telling,
        counts={to: Count(*one) for to, one in row.counts.items()},
        managers_at=row.managers_at,
    )


def keep_morning(c: Connection, kept: Morning) -> None:
    values = {
        "told_until": kept.told_until,
        "began_at": kept.began_at,
        "after": kept.after,
        "telling": kept.telling,
        "counts": {to: [one.up, one.asked, one.late] for to, one in kept.counts.items()},
        "managers_at": kept.managers_at,
    }
    keep_one(c, table, {"team": kept.team}, **values)


KEEP[Morning] = keep_morning
