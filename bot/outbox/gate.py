"""What leaves: the gate asked once more, at the moment of telling, and the words for one reader."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.care import complaint, weekly
from bot.care.agreement import Effect, Reason
from bot.care.circle import Member
from bot.care.escalation import Escalation, State
from bot.care.news import PUSH, REMOVE
from bot.care.outcome import Lane, Message
from bot.care.text import Text
from bot.i18n import CHUNKS, Words
from bot.outbox import education, events, first_weeks, location, quiet, reveal
from bot.outbox.render import Reader, in_chunks, render
from bot.outbox.sender import Gone, Held, Presented, Withheld
from bot.outbox.shapes import SHAPES
from bot.store import (
    Connection,
    agreement,
    circle,
    concern,
    escalation,
    journey,
    outbox,
    profile,
    sign_alert,
)
from bot.store import weekly as weeks
from bot.store.outbox import Row

CLOSED = "closed"
"""Why an alert is withheld that asks for what is done already."""

OVER = "over"
"""Why nobody is called to read what has been read or withdrawn already, or hears of a session
what is true no more."""

ANSWERED = "answered"
"""Why nobody is asked whether they are OK who has been heard since, or is back."""

SAID = "said_anew"
"""Why one is withheld of several that were held up together: another of them says it."""

NEWEST = (
    ("journey", outbox.QUESTIONS),
    (
        "escalation",
        (
            Text("escalation", "asked_to_ring"),
            Text("escalation", "asking_now"),
            Text("escalation", "asking_next"),
            Text("escalation", "nobody_yet"),
            Text("escalation", "nobody_at_all"),
        ),
    ),
)
"""What the person is told step by step: of each row the newest says how it stands."""

FINISHED = Text("escalation", "finished")

ASKING = frozenset({Text("escalation", "asking_now"), Text("escalation", "asking_next")})
"""Whom it asks now: that is said at each step of the first round, and then once a round."""

UNREAD = frozenset({Text("digest", "alert"), Text("digest", "alert_nobody")})
"""What says that something has not been read."""


def present(
    words: Words, zone: ZoneInfo
) -> Callable[[Connection, Row, datetime], Presented | Withheld | Gone | Held]:
    """Ask the gate about a waiting message and render it, on one snapshot of the memory."""

    def ask(c: Connection, row: Row, now: datetime) -> Presented | Withheld | Gone | Held:
        if row.text == REMOVE and "chat" in row.params:
            return Gone(int(str(row.params["chat"])), int(str(row.params["message"])))
        reader = circle.member(c, row.member)
        if reader is None or reader.left_at is not None:
            return Withheld(Reason.RECIPIENT_LEFT)
        if reader.telegram is None:
            return Withheld("no_telegram")
        if row.lane in quiet.WAITS and (hours := profile.quiet(c, reader.id)) is not None:
            until = quiet.over_at(hours, zone, now)
            if until is not None:
                return Held(until)
        if row.text in reveal.REVEALS:
            voice = words.voice(reader.locale, zone, now)
            return _laid_out(reveal.REVEALS[row.text](c, voice, row, reader), reader)
        if (ended := _ended(c, row, now)) is not None:
            return Withheld(ended)
        if row.about is None and row.params.get("person", reader.id) != reader.id:
            return Withheld(Reason.NOT_ASKED)  # words about somebody, and no gate was named
        if _of_alert_in_words(row):
            return Withheld(Reason.NOT_ASKED)
        reason: Reason | None = None
        rows: tuple[str, ...] = ()
        if row.about is not None:
            decision = agreement.ask(c, reader.id, row.about, now)
            if decision.effect is not Effect.SHARE:
                follows = reveal.pushed(row, decision)
                return Withheld(decision.reason, rows=decision.rows, kept=follows)
            reason, rows = decision.reason, decision.rows
        if row.text == PUSH and reveal.over(c, row):
            return Withheld(OVER, told=True)
        if education.over(c, row, now) or first_weeks.over(c, row, now) or events.over(c, row):
            return Withheld(OVER)
        if _asks(row) and _closed(c, row):
            return Withheld(CLOSED)
        if _answered(c, row):
            return Withheld(ANSWERED, told=True)
        if _said(c, row):
            return Withheld(SAID, told=True)
        message = Message(education.worded(c, row, now, zone) or _text(c, row), row.params)
        to = Reader(reader.id, reader.locale)
        shown = render(c, words, message, to, zone, now, repeat=row.maybe_sent)
        made = Presented(reader.telegram, shown.text, shown.buttons, reason, rows)
        voice = words.voice(reader.locale, zone, now)
        event = events.event(c, voice, row.params)
        venue = location.venue(c, voice, row.params, repeat=row.maybe_sent)
        return _laid_out(replace(made, event=event, venue=venue), reader)

    return ask


def _laid_out(shown: Presented | Withheld, reader: Member) -> Presented | Withheld:
    """In large chunks, for those who want them; it stays one message, which can be taken away."""
    if reader.locale != CHUNKS or not isinstance(shown, Presented):
        return shown
    return replace(shown, text=in_chunks(shown.text))


def _ended(c: Connection, row: Row, now: datetime) -> Reason | None:
    """Why it is said no more: its reader leads no more, or has no place around the person, since
    it was written."""
    if row.text in complaint.TO_LEADS:
        theirs = concern.opened(c, str(row.params["concern"]), row.member, now)
        return Reason.OTHER_TEAM if theirs is None else None
    if row.text == weekly.QUESTION:
        place = weeks.asked_of(c, str(row.params["weekly"]))
        return Reason.NOT_IN_CIRCLE if place is None else None
    return None


def _of_alert_in_words(row: Row) -> bool:
    """Words of an alert to a supporter who is a rung: they read them behind a tap, or nowhere."""
    through = None if row.about is None else row.about.acting
    return through is not None and row.text.subject == "escalation"


def _asks(row: Row) -> bool:
    """Whether it asks its reader to do something about an alert: its buttons answer one."""
    shape = SHAPES.get(row.text)
    if row.lane > Lane.REPLY or shape is None:
        return False
    asks = ("escalation:", "location:see:")
    return any(press.data.startswith(asks) for line in shape.rows for press in line)


def _closed(c: Connection, row: Row) -> bool:
    alert = _alert(c, row)
    return alert is not None and alert.state is State.CLOSED


def _over(c: Connection, row: Row) -> bool:
    alert = _alert(c, row)
    return alert is not None and alert.state in (State.ANSWERED, State.CLOSED)


def _alert(c: Connection, row: Row) -> Escalation | None:
    """The alert it is said of, if it is of one."""
    of = row.params.get("escalation")
    return None if of is None else escalation.escalation(c, str(of))


def _answered(c: Connection, row: Row) -> bool:
    """Whether it asks somebody how they are who has been heard since, or is back."""
    asks = row.text in outbox.QUESTIONS
    return asks and journey.heard_since(c, str(row.params["journey"]), row.created_at)


def _said(c: Connection, row: Row) -> bool:
    """After an outage nobody gets the same alert many times over, nor old steps of a ladder: the
    newest goes, so that the last word is the last that was written. Nor is the person told who is
    asked once they have answered themselves."""
    for about, steps in NEWEST:
        if row.text in steps:
            return (
                _over(c, row)
                or outbox.overtaken(c, row, about, steps)
                or _in_circles(c, row, steps)
            )
    return _asks(row) and outbox.overtaken(c, row, "escalation", (row.text,))


def _in_circles(c: Connection, row: Row, steps: Collection[Text]) -> bool:
    """Whether it says to the person what they know: the ladder goes round again, they have heard so
    of this round, and that nobody has it is what they heard last."""
    alert = _alert(c, row) if row.text in ASKING else None
    if alert is None or alert.round == 0 or not alert.told:
        return False
    first = row.params.get("member") == alert.told[0]
    return not first and outbox.heard_last(c, row.member, alert.id) in steps


def _text(c: Connection, row: Row) -> Text:
    """What never arrived was no question: nobody is said to have left it unanswered. Nor is what
    somebody has read called unread."""
    alert = str(row.params.get("escalation"))
    if row.text in UNREAD:
        return row.text if sign_alert.unread(c, alert) else Text("digest", "alert_read")
    if row.text == Text("escalation", "alert_missed"):
        return row.text if _all_asked(c, alert) else Text("escalation", "alert_missed_unasked")
    if row.text == FINISHED:  # they are asked how it was once, and with that question
        asked = outbox.asked_how_it_was(c, row.member, str(row.params.get("journey")))
        return row.text if asked else Text("escalation", "finished_ask")
    if row.text == Text("escalation", "asking_next"):
        arrived = outbox.alerted(c, str(row.params["before"]), alert)
        return row.text if arrived else Text("escalation", "asking_now")
    return row.text


def _all_asked(c: Connection, id: str) -> bool:
    alert = escalation.escalation(c, id)
    if alert is None:
        return True
    return outbox.asked(c, alert.person, alert.subject, alert.event_at, alert.opened_at)
