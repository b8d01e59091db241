"""The acts of those who look at something again: done, put off, begun; and the person's answer."""

from datetime import date, datetime

from sqlalchemy import Connection

from bot.care import meeting as meetings
from bot.care import review as care
from bot.care import reviewing
from bot.care.cadence import MONTHLY, QUARTERLY
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.care.review import DONE, UNHEARD, Came, Coming, Invited, Item, Kind, Round, Snooze, Words
from bot.store import (
    around,
    circle,
    decision,
    due,
    meeting,
    review_entry,
    sign_plan,
    those,
    up,
)
from bot.store import look as rounds
from bot.store.commit import commit
from bot.store.tools import new_id, tools


def next_by_rule(c: Connection, one: Item, now: datetime) -> datetime | None:
    """When it comes round next if nothing changes; None: it comes only once."""
    cadence = tools(c).reviews.cadence(one.kind)
    if one.kind == Kind.OUTINGS:
        looks = rounds.rounds(c, one.person, one.kind, one.of, words=False)
        this = Round("", one.kind, one.of, one.person, one.due_at, now, None, Came.STAYS, None)
        alert = due.alerts(c, those.one(one.person)).get(one.person)
        cadence = QUARTERLY if care.stable([*looks, this], alert) else MONTHLY
    return None if cadence is None else care.next_time(cadence, now, tools(c).hours.zone)


def done(
    c: Connection,
    kind: str,
    of: str,
    mark: int,
    came: Came,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    *,
    next_on: date | None = None,
    who: tuple[str, ...] = (),
    words: Words = UNHEARD,
) -> Outcome:
    """It was looked at. `next_on`: another day than the rule's."""
    found = _for_staff(c, kind, of, mark, by, now)
    if found is None or found.kind == Kind.GLASS:
        return Outcome()
    next_at = next_by_rule(c, found, now)
    if next_on is not None and next_at is not None:
        zone = tools(c).hours.zone
        today, rule = now.astimezone(zone).date(), next_at.astimezone(zone).date()
        next_at = care.on_day(min(next_on, care.furthest(today, rule)), zone)
    if came is Came.ENDED and care.ends(kind):
        next_at = None
    elif found.kind == Kind.SIGN_PLAN and next_at is not None:
        next_at = sign_plan.look_again(c, of, next_at, now)
    fresh = Round(
        id=new_id(c),
        kind=kind,
        of=of,
        person=found.person,
        due_at=found.due_at,
        at=now,
        by=by,
        came=came,
        next_at=next_at,
        who=who,
        words=words,
        data=bool(words.data),
    )
    over = None
    if found.kind == Kind.SIGN_PLAN:
        over = meetings.held(meeting.meeting(c, found.person), found.due_at, now)
    records = () if over is None else (over,)
    follows = Outcome(records=records, wakes=review_entry.look_again(c, kind, of, now))
    return _done(c, reviewing.done(found, fresh, asked(c, found)) + follows, cause, now)


def put_off(
    c: Connection,
    kind: str,
    of: str,
    mark: int,
    weeks: int,
    why: str,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """Not now, and why."""
    found = _for_staff(c, kind, of, mark, by, now)
    if found is None or found.kind == Kind.GLASS or weeks not in care.SNOOZES:
        return Outcome()
    zone = tools(c).hours.zone
    until = care.on_day((now + care.SNOOZES[weeks]).astimezone(zone).date(), zone)
    id, of_person = new_id(c), found.person
    fresh = Snooze(id, kind, of, of_person, found.due_at, by, now, until, why)
    follows = Outcome(wakes=review_entry.look_again(c, kind, of, now))
    return _done(c, reviewing.put_off(found, fresh, asked(c, found)) + follows, cause, now)


def start(
    c: Connection, person: str, by: str, now: datetime, cause: Cause = NOBODY, *, what: str = ""
) -> Outcome:
    """Something restricts this person, `what` in words, and is to be looked at from now on."""
    if not up.works_for(c, by, person, now):
        return Outcome()
    decision.lock(c, person)
    for kind, of in rounds.latest(c, those.one(person)):
        looks = rounds.rounds(c, person, kind, of) if kind == Kind.RESTRICTIVE else []
        same = care.restricts(looks).casefold() == what.casefold()
        if looks and same and looks[-1].next_at is not None:
            return _done(c, reviewing.started_already(looks[-1]), cause, now)
    fresh = Round(
        id=new_id(c),
        kind=Kind.RESTRICTIVE,
        of=new_id(c),
        person=person,
        due_at=now,
        at=now,
        by=by,
        came=Came.STARTED,
        next_at=care.next_time(QUARTERLY, now, tools(c).hours.zone),
        words=Words(what=what),
    )
    return _done(c, reviewing.start(fresh), cause, now)


def answer(
    c: Connection, id: str, said: Coming, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The person says whether they would like to come."""
    asked = rounds.invited(c, id)
    if asked is None or asked.person != by or circle.has_left(c, by):
        return Outcome()
    looked = up.of(c, around.team_of(c, by), those.one(by), now)
    this = (asked.kind, asked.of)
    found = next((one for one in looked.items if (one.kind, one.of) == this), None)
    looks = rounds.rounds(c, by, asked.kind, asked.of, words=False)
    if any(look.came in DONE and asked.asked_at <= look.at for look in looks):
        found = None
    keepers = [] if found is None else looked.who(found)
    follows = Outcome(wakes=review_entry.look_again(c, asked.kind, asked.of, now))
    return _done(c, reviewing.answer(asked, said, found, keepers, now) + follows, cause, now)


def asked(c: Connection, found: Item) -> Invited | None:
    """What the person was asked about this very round."""
    every = rounds.invitations(c, those.one(found.person))
    return every.get((found.kind, found.of, found.due_at))


def _for_staff(c: Connection, kind: str, of: str, mark: int, by: str, now: datetime) -> Item | None:
    """As it stands now that nobody else can do it meanwhile."""
    person = up.person_of(c, kind, of)
    if person is not None:
        decision.lock(c, person)
    return up.item(c, kind, of, mark, by, now)


def _done(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    commit(c, outcome, cause, now)
    return outcome
