"""What stands beside a message about an alert, as one of staff may read it now: what the person has
said on the way, who has the alert, and a silent one that stands besides."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.care import location as places
from bot.care.by_phone import Said
from bot.care.escalation import MISSED, Cause, Escalation, Need
from bot.care.journey import Journey
from bot.care.outcome import Message
from bot.care.text import Text
from bot.i18n import Lines, Param, Phrase
from bot.outbox.by_phone import RANG
from bot.store import Connection, by_phone, circle, escalation, journey, location, stepping

Line = tuple[Text, Mapping[str, Param]]

SIGNS = (Cause.SIGN, Cause.EARLY_SIGN)


def fill(c: Connection, message: Message, reader: str, now: datetime) -> dict[str, Param]:
    """Nothing where it is about no alert."""
    id = message.params.get("escalation")
    alert = None if id is None else escalation.escalation(c, str(id))
    if alert is None:
        return {}
    out = journey.journey(c, alert.subject)
    still = _silent(c, alert, reader, now)
    mine = [one for one in still if one.holder in (None, reader)]
    stands: Line = (Text("words", "stands_too"), {"person": circle.name(c, alert.person)})
    return {
        "way": Lines(() if out is None else tuple(_said(c, alert, out, reader, now))),
        "has": Lines(tuple(_held(c, alert, reader))),
        "mine": int(alert.holder == reader),
        "known": int(alert.police_told_by is not None),
        "steps": int(alert.cause in SIGNS and stepping.may_step(c, alert.person, reader, now)),
        "why": _why(c, alert),
        "then": Lines((stands,) if mine else ((Text("escalation", "nothing_now"), {}),)),
        "still": Lines((stands,) if still else ()),
    }


WHY = {
    Need.LOST: Text("escalation", "why_lost"),
    Need.UPSET: Text("escalation", "why_upset"),
    Need.RING_ME: Text("escalation", "why_ring_me"),
    None: Text("escalation", "why_help"),
}


def _why(c: Connection, alert: Escalation) -> Phrase:
    """What it is about, in a sentence: the graver word stays."""
    person: dict[str, Param] = {"person": circle.name(c, alert.person)}
    if alert.cause is Cause.EMERGENCY:
        rang = by_phone.asked_for_help(c, alert) is not None
        own = Text("escalation", "why_emergency")
        return Phrase(Text("by_phone", "why_emergency") if rang else own, person)
    if alert.cause in MISSED:
        return Phrase(Text("escalation", "why_missed"), person)
    return Phrase(WHY[alert.need], person)


# --- on the way ---------------------------------------------------------------------------


def _said(
    c: Connection, alert: Escalation, out: Journey, reader: str, now: datetime
) -> Iterator[Line]:
    """When they were last heard from and how, and what they said that still counts."""
    heard = out.heard_at or out.started_at
    wrote = by_phone.wrote_at(c, out, heard)
    if wrote is None:
        yield Text("escalation", "heard_at"), {"at": heard}
    else:
        by, said = wrote
        rang: dict[str, Param] = {"by": circle.name(c, by), "what": RANG[Said(said)]}
        yield Text("escalation", "rang_at"), {"at": heard, **rang}
    if out.said_home:
        yield Text("escalation", "said_home"), {}
    terms = out.plan.terms
    if 0 < out.point <= len(terms.points):
        yield Text("escalation", "last_point"), {"point": terms.points[out.point - 1].name}
    if out.extends:
        yield Text("escalation", "later_until"), {"at": out.back}
    names = {one.id: one.name for one in terms.stretches}
    if out.slack and out.stretches:
        yield Text("escalation", "slow_part"), {"name": names.get(out.stretches[-1], "")}
    if out.phone_low:
        yield Text("escalation", "phone_low"), {}
    if alert.lost and alert.need is not Need.LOST:
        yield Text("escalation", "said_lost"), {}
    if (alert.lost or alert.need is Need.LOST) and terms.safe_places:
        yield Text("escalation", "sent_to"), {"places": _sent_to(c, alert, out, reader, now)}


def _sent_to(
    c: Connection, alert: Escalation, out: Journey, reader: str, now: datetime
) -> list[str | Text]:
    """Which place is nearest says where they are: only to those who may see that now."""
    known = out.plan.terms.safe_places
    seen = location.seen_by(c, alert, reader, now)
    near = None if seen is None else places.nearest(known, seen[0])
    return [one.name for one in (known if near is None else (near,))]


# --- other alerts, other staff ------------------------------------------------------------


def _held(c: Connection, alert: Escalation, reader: str) -> Iterator[Line]:
    if alert.holder == reader:
        yield Text("escalation", "you_have_it"), {}
    elif alert.holder is not None and alert.held_at is not None:
        has: dict[str, Param] = {"holder": circle.name(c, alert.holder), "since": alert.held_at}
        yield Text("escalation", "they_have_it"), has


def _silent(c: Connection, alert: Escalation, reader: str, now: datetime) -> list[Escalation]:
    """Silent alerts about this person that stand, of which the reader has been told."""
    return [
        one
        for one in escalation.standing(c, alert.person, places.SILENT)
        if one.id != alert.id and reader in one.told and escalation.may_answer(c, one, reader, now)
    ]
