"""What becomes of a session: published, changed, cancelled, told, over."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, exists, select

from bot.care import arranging as care
from bot.care import round as rounds
from bot.care.booking import Place
from bot.care.circle import Role
from bot.care.education import Session, State
from bot.care.outcome import NOBODY, Cause, Message, Outcome
from bot.care.round import AT_ONCE, Round, What
from bot.care.text import Text
from bot.store import around, booking, circle, schema
from bot.store import session as sessions
from bot.store.commit import commit
from bot.store.schema import no_dates
from bot.store.tools import insert, new_id, tools

AFTER: list[Callable[[Connection, Session, datetime], Outcome]] = []
"""What else follows when a session has taken place: (c, session, now)."""

_after = schema.member.c.id > bindparam("after")
_EVERYBODY = (
    select(schema.member.c.id)
    .where(
        _after,
        schema.member.c.telegram.is_not(None),
        schema.member.c.left_at.is_(None),
        exists().where(
            schema.membership.c.member == schema.member.c.id, schema.membership.c.until.is_(None)
        ),
        ~exists().where(no_dates.c.member == schema.member.c.id),
    )
    .order_by(schema.member.c.id)
    .limit(AT_ONCE)
)
_IN_LINE = (
    select(schema.booking.c.member, schema.booking.c.place)
    .where(
        schema.booking.c.session == bindparam("session"),
        schema.booking.c.member > bindparam("after"),
        schema.booking.c.place.in_(bindparam("places", expanding=True)),
    )
    .order_by(schema.booking.c.member)
    .limit(AT_ONCE)
)
_NO_DATES = select(no_dates.c.member).where(no_dates.c.member == bindparam("member"))


def hears(c: Connection, member: str) -> bool:
    """Whether this member hears of new dates."""
    return c.execute(_NO_DATES, {"member": member}).first() is None


# --- acts: staff --------------------------------------------------------------------------


def publish(
    c: Connection, fresh: Session, by: str | None, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """A new session, from now on open to all; `by` None: out of a file."""
    if by is not None and not sessions.arranges(c, by, fresh):
        return _done(c, Outcome(), cause, now)
    return _done(c, care.publish(fresh, by, now, tools(c).hours.zone), cause, now)


def confirm(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """A draft of a series is published."""
    zone = tools(c).hours.zone
    return _act(c, id, by, lambda this: care.publish(this, by, now, zone), cause, now)


def change(
    c: Connection,
    id: str,
    to: Callable[[Session], Session],
    by: str | None,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """`to` gives the session as it shall be; more places move the waiting line."""

    def rule(before: Session) -> Outcome:
        after = to(before)
        outcome = care.change(before, after, by, now, tools(c).hours.zone)
        if not outcome.records:
            return outcome
        return outcome + booking.moved_up(c, after, now)

    return _act(c, id, by, rule, cause, now)


def cancel(c: Connection, id: str, by: str | None, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """It does not take place."""
    return _act(c, id, by, lambda this: care.cancel(this, by, now), cause, now)


def drop(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`Do not hold it`: a draft goes."""
    return _act(c, id, by, lambda this: care.drop(this, by, now), cause, now)


def _act(
    c: Connection,
    id: str,
    by: str | None,
    rule: Callable[[Session], Outcome],
    cause: Cause,
    now: datetime,
) -> Outcome:
    this = sessions.locked(c, id)
    may = this is not None and (by is None or sessions.arranges(c, by, this))
    return _done(c, rule(this) if this is not None and may else Outcome(), cause, now)


# --- acts: anybody ------------------------------------------------------------------------


def hear_of_dates(
    c: Connection, wanted: bool, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """`No dates for me`, and the way back."""
    if wanted:
        c.execute(delete(no_dates).where(no_dates.c.member == by))
    else:
        row = insert(c, no_dates).values(member=by)
        c.execute(row.on_conflict_do_nothing(index_elements=["member"]))
    said = Text("education", "dates_on") if wanted else Text("education", "dates_off")
    return _done(c, Outcome(said=Message(said)), cause, now)


# --- acts: time ---------------------------------------------------------------------------


def tick(c: Connection, id: str, due_at: datetime, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """A reminder is due, or it is over."""
    this = sessions.locked(c, id)
    if this is None:
        return _done(c, Outcome(), cause, now)
    zone = tools(c).hours.zone
    first = sessions.session(c, this.series) or this
    hear = _hear(c, this)
    outcome = care.tick(this, new_id(c), hear, due_at, now, zone, first.rule_day)
    if any(one.state is State.OVER for one in outcome.records if isinstance(one, Session)):
        for follows in AFTER:
            outcome += follows(c, this, now)
    return _done(c, outcome, cause, now)


def _hear(c: Connection, this: Session) -> list[str]:
    """Who is asked about the next of a series: whoever made it, or those who manage the team."""
    maker = None if this.by is None else circle.member(c, this.by)
    if maker is not None and maker.reachable and sessions.arranges(c, maker.id, this):
        return [maker.id]
    teams = [team.id for team in circle.teams(c)] if this.team is None else [this.team]
    managers = (m.id for team in teams for m in around.staff_of(c, team, Role.MANAGER))
    return list(dict.fromkeys(managers))


def spread(
    c: Connection, key: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The next few are told, and the rest after them."""
    this = Round.read(key)
    about = sessions.session(c, this.session)
    if about is None or not rounds.still_true(this, about, now):
        return _done(c, Outcome(), cause, now)
    if this.what is What.MOVED_UP:
        return _act(c, this.session, None, lambda s: booking.moved_up(c, s, now), cause, now)
    members, booked = _next(c, this)
    return _done(c, rounds.tell_next(this, about, members, booked, now), cause, now)


def _next(c: Connection, this: Round) -> tuple[list[str], frozenset[str]]:
    """Who is told next, and which of them have a place."""
    if this.what is What.NEW:
        return list(c.execute(_EVERYBODY, {"after": this.after}).scalars()), frozenset()
    places = [Place.BOOKED.value]
    if this.what not in (What.WEEK, What.DAY):
        places.append(Place.WAITING.value)
    asked = {"session": this.session, "after": this.after, "places": places}
    found = c.execute(_IN_LINE, asked).all()
    booked = frozenset(row.member for row in found if row.place == Place.BOOKED.value)
    return [row.member for row in found], booked


# --- what the acts share ------------------------------------------------------------------


def _done(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    commit(c, outcome, cause, now)
    return outcome
