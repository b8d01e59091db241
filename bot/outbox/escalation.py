"""What an alert carries: how long until the police are to be told, and what a call would need; and
what is handed over with an outing."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.care.escalation import Cause, Escalation, State
from bot.care.plan import Plan
from bot.care.terms import Terms
from bot.care.text import Text
from bot.i18n import Lines, Param
from bot.store import Connection, by_phone, circle, escalation, handover, police

Line = tuple[Text, Mapping[str, Param]]


def agreed(plan: Plan) -> dict[str, Param]:
    """What the plan says for when the person is upset, and for when they are lost, besides what it
    says for each alert."""
    every: Line = (Text("escalation", "plan_says"), {"words": plan.what_to_do})
    upset: Line = (Text("escalation", "when_upset"), {"words": plan.terms.when_upset})
    lost: Line = (Text("escalation", "when_lost"), {"words": plan.terms.when_lost})
    return {
        "when_upset": Lines((every, upset) if plan.terms.when_upset else (every,)),
        "when_lost": Lines((every, lost) if plan.terms.when_lost else (every,)),
    }


def fill(c: Connection, id: str, now: datetime) -> Mapping[str, Param]:
    """How it stands at this moment: until when the police are to be told, what goes along."""
    alert = escalation.escalation(c, id)
    if alert is None:
        return {}
    too = handing(c, alert.subject) if alert.cause is Cause.HANDOVER else {}
    return {**_countdown(c, alert, now), **too}


def handing(c: Connection, journey: str) -> Mapping[str, Param]:
    """That an alert goes along with this outing, if one does; never what it is."""
    duty = handover.duty(c, journey)
    if duty is None or not handover.left_by(c, duty):
        return {"too": Lines(())}
    person: dict[str, Param] = {"person": circle.name(c, duty.person)}
    return {"too": Lines(((Text("handover", "alert_too"), person),))}


def _countdown(c: Connection, alert: Escalation, now: datetime) -> dict[str, Param]:
    return {"countdown": Lines((_until(c, alert, now), *_by_phone(c, alert)))}


def _until(c: Connection, alert: Escalation, now: datetime) -> Line:
    """Nobody is asked to ring the police about somebody who has answered, nor a second time."""
    if alert.police_told_at is not None and alert.police_told_by is not None:
        answered = alert.state is State.ANSWERED
        since = Text("escalation", "police_know_answered")
        text = since if answered else Text("escalation", "police_know")
        by = circle.name(c, alert.police_told_by)
        return text, {"by": by, "at": alert.police_told_at, "person": circle.name(c, alert.person)}
    if alert.state is State.ANSWERED:
        return Text("escalation", "police_stopped"), {"person": circle.name(c, alert.person)}
    left = alert.police_at - now
    words = alert.spoken.words
    if left.total_seconds() < 60:
        past = Text("escalation", "police_past")
        return words.get(past, past), {"at": alert.police_at}
    by_then = Text("escalation", "police_by")
    return words.get(by_then, by_then), {"at": alert.police_at, "left": left}


def _by_phone(c: Connection, alert: Escalation) -> Iterator[Line]:
    """Who of staff wrote down the call for help, where the person rang."""
    called = alert.cause in (Cause.HELP, Cause.EMERGENCY)
    by = by_phone.asked_for_help(c, alert) if called else None
    if by is not None:
        yield Text("by_phone", "wrote_help"), {"by": circle.name(c, by)}


def call(c: Connection, whose: str, now: datetime) -> dict[str, Param]:
    """What the person keeps for a call to 101 or 999, for those who may be told it."""
    alert, _, member = whose.partition(":")
    terms = police.for_a_call(c, alert, member, now)
    if terms is None:
        return {"call": Lines(((Text("escalation", "call_later"), {}),))}
    return {"call": Lines(tuple(_kept(terms)))}


def _kept(terms: Terms) -> Iterator[Line]:
    if terms.usual_places:
        yield Text("escalation", "call_places"), {"words": terms.usual_places}
    if terms.medicine:
        yield Text("escalation", "call_medicine"), {"words": terms.medicine}
    if terms.photo:
        yield Text("escalation", "call_photo"), {"words": terms.photo}
