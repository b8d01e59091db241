"""The time at which the plan wants the police told: said from the first alert on, and a message of
its own when it has come and nobody has finished. Kith rings nobody."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.care.escalation import (
    MISSED,
    Cause,
    Escalation,
    State,
    for_a_call,
    log,
    message,
    refused,
    to_told,
)
from bot.care.outcome import Outcome, Tell, Wake
from bot.care.text import Text

KIND = "police"
"""The kind of its deadline; the key is the alert's id."""


def wake(alert: Escalation) -> Wake:
    return Wake(KIND, alert.id, alert.police_at)


def answered(alert: Escalation, after: timedelta, now: datetime) -> Escalation:
    """The person was heard from: it is `after` from now, and no sooner than it was. After they
    pressed `Emergency` no word puts it off: anybody could be holding the phone."""
    if alert.cause is Cause.EMERGENCY:
        return alert
    return replace(alert, police_at=max(alert.police_at, now + after))


def anew(alert: Escalation, why: Cause, after: timedelta, now: datetime) -> Escalation:
    """They ask for help while it stands: a word, after which it begins anew, and what the police
    were told before it is not about it. What was asked for already, with no other word since, is
    as it was; an emergency leaves the time as it is."""
    silent, graver = alert.answered_at is None, why is Cause.EMERGENCY is not alert.cause
    if silent and alert.cause not in MISSED and not graver:
        return alert
    fresh = replace(alert, police_told_at=None, police_told_by=None)
    if Cause.EMERGENCY in (why, alert.cause) and (silent or alert.police_at > now):
        return fresh
    return replace(fresh, police_at=now + after)


def due(alert: Escalation, managers: Sequence[str], team: Sequence[str], now: datetime) -> Outcome:
    """It has come: whoever has the alert, or is being asked, hears so, and the managers; where that
    would be no member of staff, all who were told, or the whole team. Whose person has answered
    meanwhile does not."""
    if alert.state in (State.CLOSED, State.ANSWERED) or alert.police_told_by is not None:
        return Outcome()
    if alert.police_at > now:
        return Outcome(wakes=(wake(alert),))
    on_it = alert.holder or alert.current
    asked = alert.told if on_it is None or alert.acting(on_it) is not None else (on_it,)
    staff = [member for member in (*asked, *managers) if alert.acting(member) is None]
    hear = tuple(dict.fromkeys(staff or team))
    return Outcome(
        tells=tuple(_tell(alert, member) for member in hear),
        logs=(log("police_time", alert, None),),
    )


def told(alert: Escalation, by: str, now: datetime, managers: Sequence[str] = ()) -> Outcome:
    """Somebody of staff has rung 101 or 999: all of staff who know of it hear so, once, and the
    managers where they were asked to. Nothing else changes: it stays with whoever has it, and they
    are asked about it as before."""
    if alert.state is State.CLOSED:
        return Outcome(said=refused(alert, by))
    if alert.police_told_at is not None and alert.police_told_by is not None:
        already, at = Text("escalation", "police_told_already"), alert.police_told_at
        return Outcome(said=message(already, alert, by=alert.police_told_by, police_told=at))
    known = replace(alert, police_told_at=now, police_told_by=by, version=alert.version + 1)
    asked = managers if alert.police_at <= now else ()
    know = dict.fromkeys((*alert.told, *asked))
    staff = [one for one in know if one != by and alert.acting(one) is None]
    text = Text("escalation", "police_told")
    return Outcome(
        said=message(Text("escalation", "police_told_noted"), known),
        records=(known,),
        tells=tuple(to_told(known, one, text, by=by, police_told=now) for one in staff),
        logs=(log("police_told", known, by),),
    )


def _tell(alert: Escalation, member: str) -> Tell:
    text = Text("escalation", "police_time")
    return to_told(alert, member, text, police=alert.police_at, call=for_a_call(alert, member))


def may_be_told(alert: Escalation, member: str, ladder: Sequence[str | None], first: int) -> bool:
    """Whether this member may be told what the person keeps for a call: staff on rung `first` or
    later. Whoever stands on no rung may when the ladder has come as far. `ladder`: who is on it."""
    if alert.acting(member) is not None:
        return False
    theirs = [rung for rung, one in enumerate(ladder) if one == member]
    reached = len(ladder) if alert.round else alert.rung
    return max(theirs, default=reached) >= first
