"""The ladder as it stands at a moment: who is on each rung, and who else could be told."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    String,
    bindparam,
    case,
    literal,
    select,
    union_all,
)

from bot.care.agreement import Decision, Effect
from bot.care.circle import STAFF_ROLES, Role
from bot.care.escalation import Cause as Why
from bot.care.escalation import Escalation
from bot.care.ladder import Around
from bot.care.outcome import About, Topic
from bot.care.plan import Rung, RungKind, Standing, reachable
from bot.care.spoken import DURESS
from bot.store import agreement, around, circle, contact, outbox
from bot.store.schema import Moment, member, membership, shift, support
from bot.store.schema import contact as other_way
from bot.store.tools import tools

Unfit = Callable[[Connection, str, datetime], Collection[str]]
UNFIT: dict[Why, Unfit] = {}
"""(c, subject, now): who must never hear of an alert of this cause about this subject. None is
asked or told of it, nor may they answer it; its subject's store module says who."""

Narrowed = Callable[[Connection, Escalation, Around], Around]
NARROWED: dict[Why, Narrowed] = {}
"""(c, alert, there): whom of those around it an alert of this cause may be told to."""

LOST_FOR = timedelta(minutes=10)
"""So long a silent alert passes over whom its own message did not reach: it has marked nobody."""

PERSON, KEY_WORKER, ON_CALL = "person", "key_worker", "on_call"


@dataclass(frozen=True, slots=True)
class Post:
    """Somebody beside the part for which they could be told: a role, or one of the three above.

    `elsewhere`: Telegram does not reach them, and another way does.
    """

    part: str
    id: str
    reachable: bool
    elsewhere: bool


def _part(name: str | Any, who: Any, at: Any, own: Any) -> Select[Any]:
    part = literal(name, String) if isinstance(name, str) else name
    return select(part.label("part"), who.label("who"), at.label("at"), own.label("own"))


# Every alert asks this, of every rung and more than once: so it is one statement, made once.
_PERSON = bindparam("person", type_=String)
_NOW = bindparam("now", type_=Moment)
_TEAM = around.TEAM_OF.scalar_subquery()
_PARTS = union_all(
    _part(PERSON, member.c.id, member.c.joined_at, member.c.id).where(member.c.id == _PERSON),
    _part(KEY_WORKER, support.c.staff, support.c.since, support.c.id).where(
        support.c.person == _PERSON, support.c.until.is_(None), support.c.key_worker
    ),
    _part(ON_CALL, shift.c.member, shift.c.starts_at, shift.c.id).where(
        shift.c.team == _TEAM, shift.c.starts_at <= _NOW, shift.c.ends_at > _NOW
    ),
    _part(membership.c.role, membership.c.member, membership.c.since, membership.c.id).where(
        membership.c.team == _TEAM,
        membership.c.role.in_(sorted(role.value for role in STAFF_ROLES)),
        membership.c.until.is_(None),
    ),
).subquery()
_HEARS = (
    member.c.telegram.is_not(None) & member.c.left_at.is_(None),
    member.c.unreachable_since.is_(None),
)
_OTHER_WAY = (
    select(other_way.c.member).where(other_way.c.member == member.c.id, contact.WORKS).exists()
)
_POSTS = (
    select(
        _PARTS.c.part,
        member.c.id,
        case((_HEARS[0] & _HEARS[1], 1), else_=0).label("reachable"),
        case((member.c.left_at.is_(None) & _OTHER_WAY, 1), else_=0).label("other_way"),
    )
    .join_from(_PARTS, member, member.c.id == _PARTS.c.who)
    .order_by(_PARTS.c.at, _PARTS.c.own)
)


def those_around(
    c: Connection,
    person: str,
    rungs: tuple[Rung, ...],
    now: datetime,
    unfit: Collection[str] = (),
    lost: Collection[str] = (),
) -> Around:
    """Who is on each rung at this moment, and who else of the team could be told; never those
    who are `unfit`. Telegram does not reach those who are `lost`, whatever else is known."""
    posts = _posts(c, person, now, lost)
    standings = tuple(_standing(c, person, rung, posts, now, unfit) for rung in rungs)
    on_it = {person, *unfit, *(standing.member for standing in standings)}
    on_it |= {member for standing in standings for member in standing.elsewhere}
    rest = [one for one in posts if one.part in STAFF_ROLES and one.id not in on_it]
    # Whom only another way reaches is told too: what Telegram cannot deliver goes there.
    others = [one.id for one in rest if one.reachable] + [one.id for one in rest if one.elsewhere]
    reachable = any(one.reachable for one in posts if one.part == PERSON)
    return Around(standings, tuple(dict.fromkeys(others)), reachable)


def around_it(c: Connection, alert: Escalation, now: datetime) -> Around:
    """The same for an alert that stands."""
    silent = alert.spoken is DURESS
    lost = outbox.unreached(c, alert.id, now - LOST_FOR) if silent else frozenset[str]()
    there = those_around(c, alert.person, alert.rungs, now, unfit(c, alert, now), lost)
    narrowed = NARROWED.get(alert.cause)
    return there if narrowed is None else narrowed(c, alert, there)


def nobody(there: Around) -> bool:
    """Whether none of these can be told, by Telegram or another way."""
    elsewhere = any(standing.elsewhere for standing in there.ladder)
    return not (reachable(there.ladder) or there.others or elsewhere)


def unfit(c: Connection, alert: Escalation, now: datetime) -> Collection[str]:
    """Who must never hear of this alert."""
    says = UNFIT.get(alert.cause)
    return () if says is None else says(c, alert.subject, now)


def kept_from_all(c: Connection, alert: Escalation, now: datetime) -> bool:
    """Whether none of the team may ever hear of this alert: only somebody new could be asked."""
    kept_from = unfit(c, alert, now)
    staff = around.staff_of(c, around.team_of(c, alert.person)) if kept_from else ()
    return bool(staff) and all(one.id in kept_from for one in staff)


def at_the_start(
    c: Connection, person: str, rungs: Sequence[Rung], now: datetime
) -> tuple[Rung, ...]:
    """The rungs of a plan as an alert takes them: a supporter who is staff by now is asked as
    staff, or not at all."""
    return tuple(
        rung
        for rung in rungs
        if rung.member is None or not around.works_for(c, rung.member, person, now)
    )


def tried(c: Connection, person: str, rungs: tuple[Rung, ...], now: datetime) -> bool:
    """Whether anybody on this ladder is known to hear an alert, here or by another way."""
    ladder = those_around(c, person, rungs, now).ladder
    on_it = [standing.member for standing in ladder if standing.member is not None]
    return any(contact.tried(c, member) for member in on_it) or any(s.elsewhere for s in ladder)


def may_hear(c: Connection, person: str, rung: Rung, now: datetime) -> Decision:
    """What the person lets the supporter on this rung hear, at this moment."""
    assert rung.member is not None  # a supporter's rung names one
    about = About(person, Topic.JOURNEYS, 1, rung.acting, at=now)
    return agreement.ask(c, rung.member, about, now)


def _posts(c: Connection, person: str, now: datetime, lost: Collection[str]) -> list[Post]:
    """The person, their key worker, who is on call, and each role in the team; oldest first."""
    here = {"person": person, "now": now, "known": around.FOR_EVER}
    rows = c.execute(_POSTS, here | {"channels": list(tools(c).channels)})
    found = ((part, id, bool(hears) and id not in lost, other) for part, id, hears, other in rows)
    return [Post(part, id, hears, bool(other) and not hears) for part, id, hears, other in found]


def _standing(
    c: Connection,
    person: str,
    rung: Rung,
    posts: Sequence[Post],
    now: datetime,
    unfit: Collection[str],
) -> Standing:
    def of(part: str) -> list[Post]:
        return [one for one in posts if one.part == part]

    match rung.kind:
        case RungKind.SUPPORTER:
            return _supporter(c, person, rung, now)
        case RungKind.KEY_WORKER:
            found, empty = of(KEY_WORKER), "no_key_worker"
        case RungKind.ON_CALL:
            # Whose shift began last comes first. A gap in the rota must not be a gap in the ladder.
            found, empty = of(ON_CALL)[::-1] or of(Role.ON_CALL_LEAD), "nobody_on_call"
        case RungKind.MANAGER:
            found, empty = of(Role.MANAGER), "no_manager"
        case RungKind.SAFEGUARDING_LEAD:
            found, empty = of(Role.SAFEGUARDING_LEAD), "no_safeguarding_lead"
    fit = [one for one in found if one.id not in (person, *unfit)]
    first = next((n for n, one in enumerate(fit) if one.reachable), len(fit))
    elsewhere = tuple(dict.fromkeys(one.id for one in fit[:first] if one.elsewhere))
    if first < len(fit):
        return Standing(rung, fit[first].id, elsewhere=elsewhere)
    return Standing(rung, None, "unreachable" if found else empty, elsewhere)


def _supporter(c: Connection, person: str, rung: Rung, now: datetime) -> Standing:
    """They stand on it only while the person lets them hear that much, at this moment."""
    member = None if rung.member is None else circle.member(c, rung.member)
    if member is None or around.works_for(c, member.id, person, now):
        return Standing(rung, None, "is_staff")
    decided = may_hear(c, person, rung, now)
    if decided.effect is not Effect.SHARE:
        return Standing(rung, None, decided.reason.value)
    return Standing(rung, member.id) if member.reachable else Standing(rung, None, "unreachable")
