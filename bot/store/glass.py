"""Break-glass as it is kept, sealed under the service's key, and its acts: told, reviewed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.care import glass as care
from bot.care.circle import SUPPORTERS, Role
from bot.care.glass import Broken, Found, Why
from bot.care.news import News, Telling
from bot.care.outcome import NOBODY, Cause, Message, Outcome, Tell, Topic
from bot.care.text import Text
from bot.store import around, circle, news, profile, schema
from bot.store.commit import KEEP, commit
from bot.store.guarding import leads
from bot.store.rows import keep_row
from bot.store.tools import SERVICE, new_id, readable, seal, tools

SENIORS = (Role.SAFEGUARDING_LEAD, Role.MANAGER)
"""Who may."""

REVIEWERS = (*SENIORS, Role.ON_CALL_LEAD)
"""Who looks at it: the first of these roles in which somebody can be reached who did not do it;
when it is late, each of them."""

table = schema.glass

HIDDEN = select(table.c.news).where(table.c.tell_person.is_(False))
"""The items of which the person is not to know (yet): nothing they see may depend on them."""


def glass(c: Connection, id: str) -> Broken | None:
    """One of them, or None when there is none of this id."""
    row = c.execute(select(table).where(table.c.id == id)).one_or_none()
    return None if row is None else _broken(c, row)


def to_review(c: Connection, person: str, by: str, now: datetime) -> list[Broken]:
    """What `by` is to look at, the oldest first."""
    rows = c.execute(
        select(table)
        .where(table.c.person == person, table.c.reviewed_at.is_(None))
        .order_by(table.c.since, table.c.id)
    ).all()
    found = [_broken(c, row) for row in rows]
    return [one for one in found if by in reviewers(c, one, now)]


def tell(
    c: Connection,
    supporter: str,
    topic: Topic,
    level: int,
    words: str,
    reason: Why,
    why: str,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    *,
    tell_person: bool,
) -> Outcome:
    """A senior tells one thing to one supporter (a membership), whatever was agreed."""
    place = circle.membership(c, supporter)
    if place is None or place.person is None or place.until is not None:
        return Outcome()
    person = place.person
    if place.role not in SUPPORTERS or not leads(c, by, person, SENIORS):
        return Outcome()
    item = News(new_id(c), person, topic, level, words, by, made_at=now, at=now)
    broken = Broken(
        id=new_id(c),
        person=person,
        supporter=supporter,
        news=item.id,
        reason=reason,
        why=why,
        by=by,
        since=now,
        tell_person=tell_person,
        review_at=now + care.WITHIN,
    )
    outcome = _offered(c, broken, item, now)
    if outcome is None:
        outcome = Outcome(said=Message(Text("glass", "not_sent")))
    else:
        quiet = profile.quiet(c, place.member) is not None
        outcome += care.told(broken, place.member, reviewers(c, broken, now), quiet=quiet)
    commit(c, outcome, cause, now)
    return outcome


def _offered(c: Connection, broken: Broken, item: News, now: datetime) -> Outcome | None:
    """None, and nothing kept, when something stands even against this."""
    with c.begin_nested() as kept:
        KEEP[News](c, item)
        _keep(c, broken)  # the gate is asked with it there
        told = news.offer(c, item, now, {broken.supporter})
        if any(isinstance(one, Telling) for one in told.records):
            return told
        kept.rollback()
    return None


def review(
    c: Connection,
    id: str,
    found: Found,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    *,
    tell_person: bool,
) -> Outcome:
    """Somebody who did not do it has looked at it."""
    broken = glass(c, id)
    if broken is None or by not in reviewers(c, broken, now):
        return Outcome()
    circle.membership(c, broken.supporter)  # nobody else looks at it meanwhile
    broken = glass(c, id) or broken
    carer = _carer(c, broken)
    outcome = care.review(broken, found, carer, by, now, tell_person=tell_person)
    if outcome != Outcome():
        commit(c, outcome, cause, now)
    return outcome


def was_told(c: Connection, broken: Broken) -> tuple[str, Topic, str]:
    """To whom (a member), about what, and the words."""
    row = c.execute(select(schema.news).where(schema.news.c.id == broken.news)).one()
    return _carer(c, broken), Topic(row.topic), readable(c, broken.person, row.words)


def _carer(c: Connection, broken: Broken) -> str:
    held = schema.membership
    return str(c.execute(select(held.c.member).where(held.c.id == broken.supporter)).scalar_one())


def reviewers(c: Connection, broken: Broken, now: datetime) -> list[str]:
    """Who is to look at it now. What is late goes up: to all of them who can be reached."""
    team, here = around.team_of(c, broken.person), tools(c)
    late = broken.review_at + here.reviews.limit <= now
    everybody: dict[str, None] = {}
    for role in REVIEWERS:
        staff = around.staff_of(c, team, role)
        others = (m.id for m in staff if m.reachable and m.id != broken.by)
        found = [id for id in others if leads(c, id, broken.person, [role])]
        everybody |= dict.fromkeys(found)
        if everybody and not late:
            break
    return list(everybody)


def nobody_looks(
    c: Connection, team: str, stranded: Iterable[str], now: datetime
) -> tuple[Tell, ...]:
    """Whom a team without anybody who may look at these is reported to this morning."""
    day = now.astimezone(tools(c).hours.zone).date()
    found = [glass(c, id) for id in stranded]
    return tuple(
        tell
        for one in found
        if one is not None
        for tell in care.nobody_looks(team, one.by, _elsewhere(c, one), day)
    )


def _elsewhere(c: Connection, broken: Broken) -> list[str]:
    """Who leads any team of the service, and is not around the person: of those it says nothing."""
    near = {held.member for held in around.circle_of(c, broken.person)}
    near |= {broken.by, broken.person}
    staff = (
        one
        for team in circle.teams(c)
        for role in (Role.MANAGER, Role.ON_CALL_LEAD)
        for one in around.staff_of(c, team.id, role)
    )
    return list(dict.fromkeys(m.id for m in staff if m.reachable and m.id not in near))


def _keep(c: Connection, kept: Broken) -> None:
    keep_row(
        c,
        table,
        id=kept.id,
        person=kept.person,
        supporter=kept.supporter,
        news=kept.news,
        reason=kept.reason.value,
        why=seal(c, SERVICE, kept.why),
        by=kept.by,
        since=kept.since,
        tell_person=kept.tell_person,
        review_at=kept.review_at,
        reviewed_by=kept.reviewed_by,
        reviewed_at=kept.reviewed_at,
        found=None if kept.found is None else kept.found.value,
    )


def _broken(c: Connection, row: Any) -> Broken:
    return Broken(
        id=row.id,
        person=row.person,
        supporter=row.supporter,
        news=row.news,
        reason=Why(row.reason),
        why=readable(c, SERVICE, row.why),
        by=row.by,
        since=row.since,
        tell_person=row.tell_person,
        review_at=row.review_at,
        reviewed_by=row.reviewed_by,
        reviewed_at=row.reviewed_at,
        found=None if row.found is None else Found(row.found),
    )


KEEP[Broken] = _keep
