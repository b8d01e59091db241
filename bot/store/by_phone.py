"""What staff write down for somebody who rings: the acts of an outing, in the person's place."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.care import by_phone as care
from bot.care import pause as pauses
from bot.care.by_phone import Said
from bot.care.circle import Member, Membership, Role, Support
from bot.care.escalation import MISSED, Close, Escalation, Need
from bot.care.escalation import Cause as Why
from bot.care.invitation import may_invite
from bot.care.journey import Journey
from bot.care.outcome import NOBODY, Cause, Message, Outcome, Value
from bot.care.text import Text
from bot.store import around, circle, ledger
from bot.store import escalation as escalations
from bot.store import journey as journeys
from bot.store import location as locations
from bot.store.commit import commit
from bot.store.tools import new_id

STANDARD = "en_GB"
"""The form of somebody who reads nothing here."""

Theirs = Callable[..., Outcome]
"""An act of an outing as the person does it themselves: (c, id, by=, now=, cause=)."""


def people(c: Connection, staff: str, now: datetime) -> list[Member]:
    """For whom this member may write: the people of the teams in which they work."""
    found = (
        person
        for team in sorted(around.works_in(c, staff, now))
        for person in around.people_in(c, team)
    )
    return [person for person in found if person.id != staff]


def may_write(c: Connection, staff: str, person: str, now: datetime) -> bool:
    """Whether this member may write down what that one rings to say."""
    try:
        return around.works_for(c, staff, person, now)
    except LookupError:  # a forged button
        return False


def asked_for_help(c: Connection, alert: Escalation) -> str | None:
    """Who of staff wrote down that the person rang for help; None: they pressed it themselves."""
    marks = ledger.lately(c, alert.person, care.LINE, alert.opened_at)
    of = (Said.EMERGENCY,) if alert.cause is Why.EMERGENCY else care.FOR_HELP
    ours = [a for a, facts in marks if facts["journey"] == alert.subject and facts["said"] in of]
    return ours[0] if ours else None


def wrote_at(c: Connection, out: Journey, at: datetime) -> tuple[str, str] | None:
    """Who of staff wrote down, at that very moment, what the person rang to say on this outing, and
    what that was; None: the person said it themselves."""
    for by, facts in ledger.lately(c, out.person, care.LINE, at, until=at):
        if by is not None and facts["journey"] == out.id:
            return by, str(facts["said"])
    return None


def home_by(c: Connection, out: Journey) -> str | None:
    """Who of staff wrote down their last word of an outing that staff were asked about, if that
    is "home"."""
    wrote = wrote_at(c, out, out.heard_at) if out.said_home and out.heard_at else None
    return wrote[0] if wrote is not None and wrote[1] == Said.HOME else None


def just_home(c: Connection, person: str, now: datetime) -> Journey | None:
    """The outing that was over lately, of which the person has not said yet how it went."""
    last = journeys.last(c, person)
    return last if last is not None and _asks_how(last, now) else None


def _asks_how(last: Journey, now: datetime) -> bool:
    over = last.ended_at
    return over is not None and last.feeling is None and now <= over + care.TOLD_LATER


# --- acts ---------------------------------------------------------------------------------


def set_off(
    c: Connection,
    person: str,
    place: str,
    due_at: datetime,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    arranged: bool | None = None,
) -> Outcome:
    """`Sam rang: going out`"""
    if not may_write(c, by, person, now):
        return Outcome()
    before = journeys.running(c, person)
    if before is not None:
        said = Message(Text("by_phone", "out_already"), {"person": person, "journey": before.id})
        return Outcome(said=said)
    outcome = journeys.set_off(c, person, place, due_at, now, cause, by=by, arranged=arranged)
    started = next((r for r in outcome.records if isinstance(r, Journey)), None)
    if started is None:
        return replace(outcome, said=Message(Text("by_phone", "not_kept"), {"person": person}))
    _mark(c, started, Said.GOING_OUT, by, now)
    params: dict[str, Value] = {"person": person, "journey": started.id, "due": started.back}
    return replace(outcome, said=Message(Text("by_phone", "off"), params))


def rang(
    c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY, *, said: Said
) -> Outcome:
    """What one button of the person's says, and no more."""
    return _rang(c, id, by, said, THEIRS[said], now, cause)


def spoken(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """Whoever rang to say "home" has spoken with `by`, who closes the alert; whoever else has it
    keeps it."""
    found = journeys.journey(c, id)
    alert = _alert(c, found)
    if found is None or alert is None or not may_write(c, by, found.person, now):
        return Outcome()
    if found.ended_at is not None:
        return Outcome(said=Message(Text("by_phone", "home_already"), {"person": found.person}))
    if home_by(c, found) is None:
        return Outcome()
    if alert.holder != by:
        taken = escalations.take(c, alert.id, by, now)
        if not taken.records:
            return taken
    return journeys.close(c, alert.id, by, Close.SAFE_AND_WELL, now, cause)


def later(
    c: Connection,
    id: str,
    mark: int,
    by: str,
    minutes: int,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """So many minutes later; `mark` is that of the time the button was made for."""

    def act(c: Connection, id: str, by: str, now: datetime, cause: Cause) -> Outcome:
        return journeys.later(c, id, mark, by, minutes, now, cause)

    return _rang(c, id, by, Said.LATE, act, now, cause)


def point(
    c: Connection, id: str, number: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """At the point of this number on the way."""

    def act(c: Connection, id: str, by: str, now: datetime, cause: Cause) -> Outcome:
        return journeys.point(c, id, number, by, now, cause)

    return _rang(c, id, by, Said.POINT, act, now, cause)


def slow_here(
    c: Connection, id: str, number: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """On the slow stretch of this number."""

    def act(c: Connection, id: str, by: str, now: datetime, cause: Cause) -> Outcome:
        return journeys.slow_here(c, id, number, by, now, cause)

    return _rang(c, id, by, Said.SLOW, act, now, cause)


def pause(
    c: Connection,
    id: str,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    *,
    minutes: int | None = None,
) -> Outcome:
    """A pause of so many minutes; None: as long as the plan allows."""

    def act(c: Connection, id: str, by: str, now: datetime, cause: Cause) -> Outcome:
        found = journeys.journey(c, id)
        assert found is not None  # it has just been looked at
        most = pauses.longest(found, now)
        until = most if minutes is None else now + timedelta(minutes=minutes)
        return journeys.pause_for(c, id, by, until, now, cause)

    return _rang(c, id, by, Said.PAUSE, act, now, cause)


def felt(
    c: Connection, id: str, by: str, feeling: int, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """How it went, told afterwards; what they have said themselves stands."""
    found = journeys.journey(c, id)
    if found is None or not may_write(c, by, found.person, now):
        return Outcome()
    if not _asks_how(found, now):
        said = Message(Text("by_phone", "felt_already"), {"person": found.person})
        return Outcome(said=said)
    outcome = journeys.felt(c, id, found.person, feeling, now, cause)
    return replace(outcome, said=_mark(c, found, Said.FELT, by, now))


# --- acts: somebody without Telegram ------------------------------------------------------


def enrol(
    c: Connection,
    team: str,
    name: str,
    phone: str,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """Somebody without Telegram; whoever may invite a person into the team may add one."""
    if may_invite(circle.memberships(c, by), (), Role.PERSON, team, None) is not None:
        return Outcome()
    fresh = Member(new_id(c), None, name, phone, STANDARD, now)
    role = Membership(new_id(c), fresh.id, Role.PERSON, team, None, now)
    support = Support(new_id(c), by, fresh.id, key_worker=True, since=now)
    managers = [m.id for m in around.staff_of(c, team, Role.MANAGER)]
    outcome = care.enrol(fresh, role, support, by, managers)
    commit(c, outcome, cause, now)
    return outcome


# --- what the acts share ------------------------------------------------------------------


def _needs(
    c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY, *, need: Need
) -> Outcome:
    """What they need: staff are asked, or hear it where they have been asked for help already."""
    alert = _alert(c, journeys.journey(c, id))
    if alert is None or alert.cause in MISSED or alert.need is need:
        outcome = journeys.help_wanted(c, id, by, now, cause, need)
    else:
        outcome = journeys.need(c, id, by, need, now, cause)
    if need is Need.LOST:
        outcome += locations.safe_place(c, id, by, now)
    return outcome


THEIRS: Mapping[Said, Theirs] = {
    Said.OK: journeys.ok,
    Said.LATE: journeys.late,
    Said.LONGER: journeys.ask_longer,
    Said.PHONE: journeys.phone_low,
    Said.HOME: journeys.home,
    Said.HELP: journeys.help_wanted,
    Said.RING_ME: partial(_needs, need=Need.RING_ME),
    Said.LOST: partial(_needs, need=Need.LOST),
    Said.UPSET: partial(_needs, need=Need.UPSET),
    Said.EMERGENCY: journeys.emergency,
}
"""The act of the person's behind each word of theirs that needs no more said."""

HEARD_IT = (Said.OK, Said.HOME)
"""Of these whoever writes them down is told nothing: they have just spoken with them."""

WRITTEN = {Said.EMERGENCY: Text("by_phone", "emergency_written")}
"""What is to be done besides, once this is written down."""


def _rang(
    c: Connection, id: str, by: str, said: Said, act: Theirs, now: datetime, cause: Cause
) -> Outcome:
    """Only staff of the person's team write for them; what follows is as if they had pressed."""
    found = journeys.journey(c, id)
    if found is None or not may_write(c, by, found.person, now):
        return Outcome()
    if found.ended_at is not None:
        return Outcome(said=Message(Text("by_phone", "home_already"), {"person": found.person}))
    alert = _alert(c, found)
    if said in HEARD_IT:
        act = partial(act, wrote=by)
    outcome = act(c, id, by=found.person, now=now, cause=cause)
    return replace(outcome, said=_mark(c, found, said, by, now, alert))


def _managers(c: Connection, person: str) -> list[str]:
    team = around.team_of(c, person)
    return [m.id for m in around.staff_of(c, team, Role.MANAGER)]


def _alert(c: Connection, found: Journey | None) -> Escalation | None:
    """The alert that stands about this outing; a fresh one says itself who wrote it down."""
    if found is None or found.escalation is None:
        return None
    return escalations.escalation(c, found.escalation)


def _mark(
    c: Connection,
    outing: Journey,
    said: Said,
    by: str,
    now: datetime,
    alert: Escalation | None = None,
) -> Message:
    """Marked as written by staff, in this same transaction. Two who write down the same call both
    do, and it is told once; the second reads who was first."""
    person, same = outing.person, {"journey": outing.id, "said": said.value}
    known = ledger.lately(c, person, care.LINE, now - care.AGAIN, now + care.AGAIN)
    earlier = [actor for actor, facts in known if facts == same]
    marked = care.written(person, outing.id, said, by, alert, new_id(c), told=bool(earlier))
    commit(c, marked, NOBODY, now)
    params: dict[str, Value] = {"person": person, "rang": said.value}
    other = next((actor for actor in earlier if actor not in (None, by)), None)
    if other is None:
        return Message(WRITTEN.get(said, Text("by_phone", "written")), params)
    return Message(Text("by_phone", "written_too"), {**params, "by": other})
