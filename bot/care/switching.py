"""A time for which the person has chosen otherwise: unwell, or in an emergency.

One member of staff asks for it and a different one confirms it; one of the two has told the
person face to face. The person hears of it here, too. It ends by itself, or earlier.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.care.agreement import Situation
from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value, Wake
from bot.care.text import Text

LENGTHS = {"day": timedelta(hours=24), "week": timedelta(days=7)}

CONFIRM = timedelta(hours=24)
"""So long a colleague may confirm it; after that it has to be asked for anew."""

OVER = "switch_over"
"""The kind of the deadline at which one ends by itself, confirmed or not; its key is its id."""


@dataclass(frozen=True, slots=True)
class Switching:
    """Asked for by one, on from `since` when a `second` has confirmed it, until `until`.

    While it is only asked for, `until` is as long after `asked_at` as it is to last.
    """

    id: str
    person: str
    situation: Situation
    asked_by: str
    asked_at: datetime
    until: datetime
    told_by: str | None = None
    second: str | None = None
    since: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None

    def waits(self, now: datetime) -> bool:
        """Whether it may still be confirmed."""
        return self.since is None and self.ended_at is None and now < self.asked_at + CONFIRM

    def on(self, now: datetime) -> bool:
        return self.since is not None and self.ended_at is None and now < self.until


ON = {
    Situation.UNWELL: Text("switching", "told_unwell"),
    Situation.EMERGENCY: Text("switching", "told_emergency"),
}


def ask(
    fresh: Switching, before: Sequence[Switching], staff: Sequence[str], now: datetime
) -> Outcome:
    """A colleague is asked to confirm; a request like it that waited is over by this one."""
    same = [one for one in before if one.situation is fresh.situation]
    if any(one.on(now) for one in same):
        return Outcome(said=_about(Text("switching", "on_already"), fresh))
    if not staff:
        return Outcome(said=_about(Text("switching", "nobody_to_confirm"), fresh))
    waiting = [one for one in same if one.waits(now)]
    text = Text("switching", "please_confirm")
    if fresh.told_by is None:
        text = Text("switching", "please_tell")
    message = _about(text, fresh, by=fresh.asked_by)
    about = About(fresh.person, Topic.WELLBEING, 2)
    lane = Lane.SAFETY if fresh.situation is Situation.EMERGENCY else Lane.NEWS
    return Outcome(
        said=_about(Text("switching", "asked"), fresh),
        records=(*(_ended(one, fresh.asked_by, now) for one in waiting), fresh),
        tells=tuple(Tell(to, message, lane, about, f"{fresh.id}:confirm:{to}") for to in staff),
        wakes=(
            *(Wake(OVER, one.id, None) for one in waiting),
            Wake(OVER, fresh.id, fresh.asked_at + CONFIRM),
        ),
        logs=(_log("switch_asked", fresh, fresh.asked_by),),
    )


def confirm(kept: Switching, by: str, now: datetime, *, told: bool) -> Outcome:
    """Somebody else than who asked confirms it; `told`: they have told the person face to face."""
    if not kept.waits(now):
        return Outcome()
    if by == kept.asked_by:
        return Outcome(said=_about(Text("switching", "somebody_else"), kept))
    told_by = kept.told_by or (by if told else None)
    if told_by is None:
        return Outcome()
    on = replace(
        kept, told_by=told_by, second=by, since=now, until=now + (kept.until - kept.asked_at)
    )
    person = Message(ON[on.situation], {"by": on.asked_by, "member": by, "until": on.until})
    asker = _about(Text("switching", "confirmed"), on, member=by, until=on.until)
    about = About(on.person, Topic.WELLBEING, 2)
    return Outcome(
        said=_about(Text("switching", "on"), on, until=on.until),
        records=(on,),
        tells=(
            Tell(on.person, person, Lane.NEWS, key=f"{on.id}:on"),
            Tell(on.asked_by, asker, Lane.NEWS, about, f"{on.id}:confirmed"),
        ),
        wakes=(Wake(OVER, on.id, on.until),),
        logs=(_log("switch_on", on, by),),
    )


def decline(kept: Switching, by: str, now: datetime) -> Outcome:
    """A colleague sees it differently: it does not begin."""
    if not kept.waits(now):
        return Outcome()
    about = About(kept.person, Topic.WELLBEING, 2)
    declined = _about(Text("switching", "declined"), kept, member=by)
    tells = (Tell(kept.asked_by, declined, Lane.NEWS, about, f"{kept.id}:declined"),)
    return Outcome(
        said=_about(Text("switching", "not_on"), kept),
        records=(_ended(kept, by, now),),
        tells=tells if by != kept.asked_by else (),
        wakes=(Wake(OVER, kept.id, None),),
        logs=(_log("switch_declined", kept, by),),
    )


def end(kept: Switching, then: Situation, by: str, now: datetime) -> Outcome:
    """It is over before its time; `then` is what holds now."""
    if not kept.on(now):
        return Outcome()
    return Outcome(
        said=_about(Text("switching", "ended"), kept, then=then.value),
        records=(_ended(kept, by, now),),
        tells=(_told_over(kept, then),),
        wakes=(Wake(OVER, kept.id, None),),
        logs=(_log("switch_ended", kept, by),),
    )


def over(kept: Switching, then: Situation, staff: Sequence[str], now: datetime) -> Outcome:
    """Its time has passed: the person hears it, and staff, who may have to ask anew.

    `then` is what holds now. One that nobody has confirmed is over sooner.
    """
    if kept.ended_at is not None:
        return Outcome()
    if kept.since is None:
        return _unconfirmed(kept, now)
    if now < kept.until:
        return Outcome(wakes=(Wake(OVER, kept.id, kept.until),))
    about = About(kept.person, Topic.WELLBEING, 2)
    message = _about(Text("switching", "over"), kept, then=then.value)
    tells = (Tell(to, message, Lane.NEWS, about, f"{kept.id}:over:{to}") for to in staff)
    return Outcome(
        records=(_ended(kept, None, now),),  # said to be over: no clock brings it back
        tells=(_told_over(kept, then), *tells),
        logs=(_log("switch_over", kept, None),),
    )


def _unconfirmed(kept: Switching, now: datetime) -> Outcome:
    """Whoever asked hears that nobody has confirmed it."""
    if kept.waits(now):
        return Outcome(wakes=(Wake(OVER, kept.id, kept.asked_at + CONFIRM),))
    about = About(kept.person, Topic.WELLBEING, 2)
    message = _about(Text("switching", "unconfirmed"), kept)
    return Outcome(
        records=(_ended(kept, None, now),),
        tells=(Tell(kept.asked_by, message, Lane.NEWS, about, f"{kept.id}:unconfirmed"),),
        logs=(_log("switch_unconfirmed", kept, None),),
    )


def _ended(kept: Switching, by: str | None, now: datetime) -> Switching:
    return replace(kept, ended_at=now, ended_by=by)


def _told_over(kept: Switching, then: Situation) -> Tell:
    params = {"situation": kept.situation.value, "then": then.value}
    message = Message(Text("switching", "told_over"), params)
    return Tell(kept.person, message, Lane.NEWS, key=f"{kept.id}:told_over")


def _about(text: Text, kept: Switching, **params: Value) -> Message:
    known = {"switch": kept.id, "person": kept.person, "situation": kept.situation.value}
    return Message(text, {**known, **params})


def _log(kind: str, kept: Switching, by: str | None) -> Log:
    return Log(kind, kept.person, by, {"switch": kept.id, "situation": kept.situation.value})
