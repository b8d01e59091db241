"""Disagreements, complaints, requests for an assessment: acknowledged with a date, put in front of
a lead, and asked about each working day that they wait, until the lead says that they are
finished."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.care.concern import DUE, Concern, Kind, apart, log, to_writer
from bot.care.hours import working_day
from bot.care.outcome import Lane, Message, Outcome, Tell, Wake
from bot.care.text import Text
from bot.care.wall import moment

WORKING_DAYS: Mapping[Kind, int] = {Kind.COMPLAINT: 3, Kind.DISAGREE: 10, Kind.ASSESSMENT: 5}
"""By when a complaint is acknowledged, as the NHS complaints regulations of 2009 have it; by when
a disagreement is answered, or whoever asks for an assessment: the service's own promises."""

ANSWERED_IN = 10
"""Working days from the acknowledgement of a complaint to its answer: the service's own."""

ENDS, ASKS_AT = time(17), time(9)
"""When a working day that something is due on is over, and when leads are asked on one."""

RECEIPTS = {
    Kind.DISAGREE: Text("complaint", "receipt_disagree"),
    Kind.COMPLAINT: Text("complaint", "receipt"),
    Kind.ASSESSMENT: Text("howami", "receipt"),
}
NOBODY = {
    Kind.DISAGREE: Text("complaint", "receipt_nobody"),
    Kind.COMPLAINT: Text("complaint", "receipt_nobody"),
    Kind.ASSESSMENT: Text("howami", "receipt_nobody"),
}
ASKS = {
    Kind.DISAGREE: Text("complaint", "please_read_disagree"),
    Kind.COMPLAINT: Text("complaint", "please_read"),
    Kind.ASSESSMENT: Text("howami", "please_read"),
}
ACKNOWLEDGE, FINISH = Text("complaint", "please_acknowledge"), Text("complaint", "please_finish")
TO_LEADS = frozenset((*ASKS.values(), ACKNOWLEDGE, FINISH))
"""What leads are told: asked again when it leaves whether they lead still."""


def lodge(
    concern: Concern,
    leads: Iterable[str],
    zone: ZoneInfo,
    asked: bool = True,
    shared: bool = False,
) -> Outcome:
    """Kept word for word, acknowledged with its date, and put in front of the leads; `asked`:
    one of them can be reached; `shared`: others use the phone of whoever wrote it."""
    told = apart(leads, concern)
    due_at = _by_day(concern.at, WORKING_DAYS[concern.kind], zone)
    kept = replace(concern, told=tuple(told), due_at=due_at)
    receipt = RECEIPTS[kept.kind]
    if not told or not asked:
        receipt = NOBODY[kept.kind]
    elif shared and kept.kind is not Kind.ASSESSMENT:
        receipt = Text("complaint", "receipt_shared")
    asks = (_to_lead(kept, lead, ASKS[kept.kind], Lane.NEWS, "new") for lead in told)
    return Outcome(
        records=(kept,),
        tells=(to_writer(kept, receipt), *asks),
        wakes=(wake(kept, kept.at, zone),),
        logs=(log("raised", kept),),
    )


def remind(concern: Concern, leads: Iterable[str], now: datetime, zone: ZoneInfo) -> Outcome:
    """It is not finished: whoever leads now is asked, and again until it is."""
    if concern.finished_at is not None:
        return Outcome(wakes=(Wake(DUE, concern.id, None),))
    asked = apart(leads, concern)
    kept = replace(concern, told=tuple(dict.fromkeys((*concern.told, *asked))))
    turn, text = f"{now:%Y%m%d}", _reminder(kept)
    tells = [_to_lead(kept, lead, text, Lane.REMINDER, turn) for lead in asked]
    if not asked and kept.sent_to is not None:
        # It goes to nobody else by itself: whoever wrote it decides.
        tells.append(to_writer(kept, Text("howami", "nobody_now")))
    elif kept.sent_to is not None and kept.due_at is not None and kept.due_at < now:
        tells.append(to_writer(kept, Text("howami", "day_passed")))
    return Outcome(
        records=(kept,),
        tells=tuple(tells),
        wakes=(wake(kept, now, zone),),
        logs=(log("reminded", kept, count=len(asked)),),
    )


def acknowledge(concern: Concern, by: str, now: datetime, zone: ZoneInfo) -> Outcome:
    """The lead has been in touch about a complaint: its first clock stops, the next begins."""
    if concern.kind is not Kind.COMPLAINT or concern.finished_at is not None:
        return Outcome()
    if concern.acknowledged_at is not None:
        return Outcome(said=Message(Text("complaint", "acknowledged_already")))
    due_at = _by_day(now, ANSWERED_IN, zone)
    kept = replace(concern, acknowledged_by=by, acknowledged_at=now, due_at=due_at)
    return Outcome(
        said=Message(Text("complaint", "acknowledged"), {"concern": kept.id}),
        records=(kept,),
        wakes=(wake(kept, now, zone),),
        logs=(log("acknowledged", kept, by),),
    )


def wake(concern: Concern, now: datetime, zone: ZoneInfo) -> Wake:
    """Asked again the next working day while nobody has read it; else the one before it is due,
    and every one from then on."""
    assert concern.due_at is not None  # what is not finished has its date
    next_day = working_day(now.astimezone(zone).date(), 1)
    if concern.read_at is not None:
        next_day = max(next_day, _day_before(concern.due_at.astimezone(zone).date()))
    return Wake(DUE, concern.id, moment(next_day, ASKS_AT, zone))


def _by_day(now: datetime, days: int, zone: ZoneInfo) -> datetime:
    return moment(working_day(now.astimezone(zone).date(), days), ENDS, zone)


def _day_before(day: date) -> date:
    """The working day before this one."""
    before = day - timedelta(days=1)
    while working_day(before - timedelta(days=1), 1) == day:
        before -= timedelta(days=1)
    return before


def _reminder(concern: Concern) -> Text:
    if concern.read_at is None:
        return ASKS[concern.kind]
    if concern.kind is Kind.COMPLAINT and concern.acknowledged_at is None:
        return ACKNOWLEDGE
    return FINISH


def _to_lead(concern: Concern, lead: str, text: Text, lane: Lane, turn: str) -> Tell:
    """That there is something to read, and by when: of whom it is says nothing."""
    said = Message(text, {"concern": concern.id})
    return Tell(lead, said, lane, key=f"{concern.id}:{turn}:{lead}")
