"""What must be true of everything that happened, whatever was killed meanwhile."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select

from bot.store import Connection, schema
from bot.store.engine import address, looking
from bot.store.tools import unpack
from tests.play import Chat, Message
from tests.torture.circles import (
    CARER,
    LADDER,
    NEXT,
    ON_THE_WAY,
    RUNG,
    TOLD,
    WAYS,
    Circle,
    item,
)
from tests.torture.people import Pressed

REPEAT = "You may have had this message already.\n\n"

LEFT = re.compile(r"That is in [^.]*\.")
"""How long it is until the police are to be told: a repeat may say a minute less."""

SLOTS = 12
"""At most so many messages are on their way when a process dies."""

CLOSE = timedelta(seconds=0.001)

IN_FLIGHT = timedelta(seconds=4)
"""So long after a withdrawal words may arrive that had been asked for before it: a lease, and the
whole seconds in which Telegram counts."""

PUSH, READING, REMOVE = "news.push", "news.reading", "general.remove"

PRESSES = {
    "journey_set_off": "journey_set_off",
    "journey_help": "journey_help",
    "journey_home": "journey_home",
    "journey_checked_in_late": "journey_home",
    "journey_answered": "journey_home",
    "journey_ok": "journey_ok",
    "journey_point": "journey_point",
    "journey_late": "journey_late",
    "journey_paused": "journey_paused",
    "outing_handed_over": "outing_handed_over",
    "escalation_taken": "escalation_taken",
    "escalation_closed": "escalation_closed",
    "sharing_stopped": "sharing_stopped",
}
"""The lines that a press leaves, and what it is counted as."""

LATE = timedelta(seconds=10)
"""Nothing that is due waits for so long while nothing dies."""

NUDGES = ("journey.nudge", "journey.nudge_again", "journey.nudge_after_off")

SIGNS = ("journey_set_off", "journey_ok", "journey_point", "journey_late", "journey_paused")
"""The lines of an outing on which all is well: the next check-in comes."""

MISSED = ("journey_missed", "journey_missed_while_off")

OVER = ("journey_home", "journey_closed")


@dataclass(frozen=True)
class Story:
    """One circle, what it went through, and what its people pressed."""

    name: str
    circle: Circle
    pressed: Pressed


@dataclass(frozen=True)
class Rows:
    """The tables after the last process has come to rest, oldest row first."""

    inbox: Sequence[Any]
    deadline: Sequence[Any]
    outbox: Sequence[Any]
    ledger: Sequence[Any]
    journey: Sequence[Any]
    duty: Sequence[Any]
    escalation: Sequence[Any]
    agreement: Sequence[Any]
    news: Sequence[Any]
    telling: Sequence[Any]
    heartbeat: Sequence[Any]


@dataclass
class Found:
    """What is wrong, in sentences, and figures for the summary."""

    wrong: list[str]
    repeats: int = 0
    copies: int = 0
    latest: float = 0.0
    """Seconds from a due time to its first line in the ledger, at worst."""


def rows(url: str) -> Rows:
    with _looking(url) as c:
        tables = {
            name: c.execute(select(table).order_by(table.primary_key.columns[0])).all()
            for name in Rows.__dataclass_fields__
            for table in [schema.metadata.tables[name]]
        }
    return Rows(**tables)


def unrest(url: str, now: datetime) -> str:
    """What is still to be done, in words; nothing of it is no words."""
    found = rows(url)
    parts = {
        "open updates": sum(row.state == "open" for row in found.inbox),
        "due deadlines": sum(row.due_at <= now for row in found.deadline),
        "messages to go": sum(row.state in ("waiting", "sending") for row in found.outbox),
    }
    return ", ".join(f"{n} {what}" for what, n in parts.items() if n)


def sealed(url: str) -> int:
    """How many lines of the ledger the chain holds."""
    with _looking(url) as c:
        count: int = c.execute(select(func.count()).select_from(schema.ledger_seal)).scalar_one()
        return count


def _looking(url: str) -> Any:
    engine = looking(address(url))

    class _Look:
        def __enter__(self) -> Connection:
            self._c = engine.connect()
            return self._c

        def __exit__(self, *_: object) -> None:
            self._c.close()
            engine.dispose()

    return _Look()


def examine(
    kept: Rows,
    stories: Sequence[Story],
    chats: Mapping[int, Chat],
    made: Mapping[int, int],
    struck: Sequence[datetime],
) -> Found:
    """Everything that is wrong. `made`: updates by chat; `struck`: when something was killed."""
    found = Found([])
    found.wrong += _updates(kept, made)
    found.wrong += _messages_rest(kept)
    for story in stories:
        lines = [line for line in kept.ledger if line.person == story.circle.members["person"]]
        wrong = [*_presses(story, lines), *_due(story, kept, lines), *_ladder(story, kept, lines)]
        if story.circle.way is not None:
            wrong += _on_the_way(story, kept, lines, struck)
        if NEXT in story.circle.chats:
            wrong += _handed_over(story, kept, struck)
        if CARER in story.circle.chats:
            wrong += _told(story, kept, lines, chats[story.circle.chats[CARER]])
        found.wrong += [f"{story.name} {story.circle.name}: {sentence}" for sentence in wrong]
        acted = [line.at for line in lines if line.kind in ("journey_nudged", "journey_missed")]
        if acted and story.circle.due_at is not None:
            late = (acted[0] - story.circle.due_at).total_seconds()
            found.latest = max(found.latest, late)
    _copies(kept, stories, chats, struck, found)
    return found


def _updates(kept: Rows, made: Mapping[int, int]) -> Iterator[str]:
    states = Counter(row.state for row in kept.inbox)
    if set(states) - {"done"}:
        yield f"updates are left: {dict(states)}"
    taken = Counter(row.chat for row in kept.inbox)
    for chat, number in made.items():
        if taken[chat] != number:
            yield f"chat {chat} made {number} updates, {taken[chat]} were kept"


def _messages_rest(kept: Rows) -> Iterator[str]:
    for row in kept.outbox:
        if row.state not in ("sent", "withheld"):
            yield f"{row.text} {row.id} is {row.state}: {row.reason}"


def _presses(story: Story, lines: Sequence[Any]) -> Iterator[str]:
    """Each press has had its effect, and had it once."""
    part = {id: name for name, id in story.circle.members.items()}
    left = Counter((part[line.actor], _counted_as(line)) for line in lines if line.kind in PRESSES)
    if story.circle.journey is not None:
        left["person", "journey_set_off"] -= 1  # by the one who made the circle
    for press in left.keys() | story.pressed.lines.keys():
        if left[press] != story.pressed.lines[press]:
            yield f"{press} pressed {story.pressed.lines[press]} times, done {left[press]} times"


def _counted_as(line: Any) -> str:
    """An answer after the alert says which button it was."""
    return "journey_ok" if line.facts.get("event") == "ok" else PRESSES[line.kind]


def _due(story: Story, kept: Rows, lines: Sequence[Any]) -> Iterator[str]:
    """Whatever was due was acted on once, and everything has come to its end."""
    person = story.circle.members["person"]
    kinds = Counter(line.kind for line in lines)
    missed = kinds["journey_missed"] + kinds["journey_missed_while_off"]
    if story.name in ("first rung", "last rung", "both", "silent on the way") and missed != 1:
        yield f"missed {missed} times"
    signs = 1 if story.circle.way is None else sum(kinds[kind] for kind in SIGNS)
    if missed > 1 or kinds["escalation_opened"] > 1 or kinds["journey_nudged"] > 2 * signs:
        yield f"acted on twice: {dict(kinds)}"
    if any(row.person == person and row.ended_at is None for row in kept.journey):
        yield "the outing has not ended"
    if any(row.person == person and row.closed_at is None for row in kept.escalation):
        yield "the alert is not closed"
    taken = [line.actor for line in lines if line.kind == "escalation_taken"]
    if len(taken) > 1:
        yield f"{len(taken)} have taken it"


def _ladder(story: Story, kept: Rows, lines: Sequence[Any]) -> Iterator[str]:
    """One rung after the other, each with its own wait, and each hears the alert."""
    told = [line for line in lines if line.kind == "escalation_told"]
    places = [line.facts["round"] * len(LADDER) + line.facts["rung"] for line in told]
    if places != list(range(len(told))):
        yield f"the rungs were told out of order: {places}"
    for one, next_ in pairwise(told):
        if next_.at - one.at < timedelta(seconds=RUNG) - CLOSE:
            yield f"the next rung after {(next_.at - one.at).total_seconds()} seconds"
    parts = {id: part for part, id in story.circle.members.items()}
    alerts = [
        row
        for row in kept.outbox
        if row.text.startswith("escalation.alert_")
        and row.params.get("person") == story.circle.members["person"]
    ]
    rungs = [parts[row.member] for row in sorted(alerts, key=lambda row: row.number)]
    expected: list[str] = []
    for line in lines:
        if line.kind == "escalation_told":
            expected.append(LADDER[line.facts["rung"]])
        if line.kind == "escalation_raised":  # all who were told hear that it is graver now
            expected += dict.fromkeys(expected)
    if rungs != expected:
        yield f"alerts went to {rungs}, not to {expected}"
    first_try = [row for row in alerts if row.state == "sent" and row.attempts == 1]
    arrived = [row.sent_at for row in sorted(first_try, key=lambda row: row.number)]
    if arrived != sorted(arrived):
        yield f"alerts arrived out of order: {arrived}"
    held = next((line.at for line in lines if line.kind == "escalation_taken"), None)
    for row in alerts:
        # By the time somebody has it, the others need no alert any more.
        if row.state == "withheld" and held is None:
            yield f"the alert to {parts[row.member]} was withheld: {row.reason}"


def _on_the_way(
    story: Story, kept: Rows, lines: Sequence[Any], struck: Sequence[datetime]
) -> Iterator[str]:
    """Each check-in on the way is asked for when it is due and not before, and answered, or it is
    missed and there is its alert; nobody is asked any more once they are home."""
    circle = story.circle
    (out,) = (row for row in kept.journey if row.id == circle.journey)
    asked_after, grace = (timedelta(seconds=s) for s in (circle.asked_after, circle.grace))
    due = asked = missed = None
    points = 0
    for line in sorted((one for one in lines if "journey" in one.facts), key=lambda one: one.at):
        if line.kind in SIGNS or line.kind in OVER or line.kind in PRESSES:
            if due is not None and missed is None:
                if asked is None and _waited(due + asked_after, line.at, struck):
                    yield f"due at {due}, and not asked by {line.at}"
                if _waited(due + grace, line.at, struck):
                    yield f"due at {due}, and not missed by {line.at}"
            asked = None
        if line.kind == "journey_nudged":
            asked = line.at
            if due is None or abs(_moment(line, "due") - due) > CLOSE:
                yield f"asked at {line.at} of {line.facts['due']}, and {due} was due"
            elif line.at < due + asked_after - CLOSE:
                yield f"asked at {line.at}, and nothing was due before {due + asked_after}"
        elif line.kind in MISSED:
            missed = line.at
            if due is None or abs(_moment(line, "due") - due) > CLOSE:
                yield f"missed at {line.at} of {line.facts['due']}, and {due} was due"
            elif line.at < due + grace - CLOSE:
                yield f"missed at {line.at}, and there was grace until {due + grace}"
        elif line.kind in OVER:
            due = None
        elif line.kind in SIGNS:
            points += line.kind == "journey_point"
            due = _next_due(circle, line, due, points)
    alerts = [
        row.event_at
        for row in kept.escalation
        if row.cause in ("missed", "missed_while_off") and row.subject == circle.journey
    ]
    gone = [_moment(line, "due") for line in lines if line.kind in MISSED]
    if alerts != gone:
        yield f"missed of {gone}, and there are alerts of {alerts}"
    for row in kept.outbox:
        if row.text not in NUDGES or row.params.get("journey") != circle.journey:
            continue
        if row.created_at > out.ended_at:
            yield f"home at {out.ended_at}, and asked at {row.created_at}"
        if row.sent_at is not None and row.sent_at > out.ended_at + IN_FLIGHT:
            yield f"home at {out.ended_at}, and the question came at {row.sent_at}"


def _due_now(circle: Circle, ledger: Sequence[Any]) -> datetime | None:
    """When the person is to be heard from, by all that they have pressed so far."""
    due, points = None, 0
    for line in ledger:
        if line.kind in SIGNS and line.facts.get("journey") == circle.journey:
            points += line.kind == "journey_point"
            due = _next_due(circle, line, due, points)
    return due


def _next_due(circle: Circle, line: Any, due: datetime | None, points: int) -> datetime:
    """When the person is to be heard from next, after this sign of life."""
    assert circle.way is not None and circle.back_at is not None
    every = timedelta(minutes=WAYS[circle.way].every)
    at: datetime = line.at
    if line.kind == "journey_paused":
        return _moment(line, "until")
    if line.kind in ("journey_ok", "journey_late") and due is not None and due > at:
        return due
    if circle.way in ("every", "pauses"):
        return at + every
    if circle.way == "points" and points < len(ON_THE_WAY):
        return at + timedelta(seconds=circle.grace) if line.kind == "journey_ok" else at
    return circle.back_at


def _waited(since: datetime, until: datetime, struck: Sequence[datetime]) -> bool:
    """Whether it waited for long in all that time, and nothing died meanwhile."""
    moments = [since, *sorted(one for one in struck if since < one < until), until]
    return any(later - earlier > LATE for earlier, later in pairwise(moments))


def _moment(line: Any, fact: str) -> datetime:
    value = unpack(line.facts)[fact]
    assert isinstance(value, datetime)
    return value


def _handed_over(story: Story, kept: Rows, struck: Sequence[datetime]) -> Iterator[str]:
    """When the shift ends the next is asked at once; one takes the outing over."""
    circle = story.circle
    ends, who = circle.due_at, circle.members
    assert ends is not None
    (out,) = (row for row in kept.journey if row.id == circle.journey)
    asked = [row for row in kept.escalation if row.cause == "handover" and row.subject == out.id]
    if len(asked) != 1:
        yield f"{len(asked)} times it was asked who takes over"
        return
    (alert,) = asked
    if alert.opened_at < ends or _waited(ends, alert.opened_at, struck):
        yield f"the shift ended at {ends}, and the next was asked at {alert.opened_at}"
    taken = [
        line
        for line in kept.ledger
        if line.kind == "escalation_taken" and line.facts["escalation"] == alert.id
    ]
    over = [
        line
        for line in kept.ledger
        if line.kind == "outing_handed_over" and line.facts["journey"] == out.id
    ]
    passed = [(line.facts["from"], line.facts["to"]) for line in over]
    if len(taken) != 1 or passed != [(who["duty"], who[NEXT])]:
        yield f"taken {len(taken)} times, from and to {passed}"
    elif not alert.opened_at <= alert.held_at == over[0].at == alert.closed_at <= out.ended_at:
        yield f"asked {alert.opened_at}, taken {alert.held_at}, closed {alert.closed_at}"
    if (alert.holder, alert.closed_by) != (who[NEXT], who[NEXT]):
        yield f"{alert.holder} has it, and {alert.closed_by} has closed it"
    told = Counter(
        (row.text, row.member)
        for row in kept.outbox
        if row.text.startswith("handover")
        and out.id in (row.params.get("journey"), row.params.get("handing"))
    )
    wanted = ("ended", "duty"), ("has_it", "duty"), ("ask", NEXT), ("yours", NEXT)
    soon = "handover.soon", who["duty"]  # Kith may have been dead until it had ended
    if told - Counter({soon: 1}) != Counter(
        (f"handover.{text}", who[part]) for text, part in wanted
    ):
        yield f"told of it: {dict(told)}"
    if any(row.journey == out.id for row in kept.duty):
        yield "somebody is there for it, and it is over"


def at_any_moment(kept: Rows, circles: Sequence[Circle]) -> Iterator[str]:
    """What has to be true whenever Kith dies: whoever is out is waited for, and the outing is in
    somebody's hands."""
    waits = {(row.kind, row.key): row.due_at for row in kept.deadline}
    stands = [row for row in kept.escalation if row.closed_at is None]
    held = {row.journey: row for row in kept.duty}
    on_call = {circle.journey for circle in circles if NEXT in circle.chats}
    for alert in stands:
        if ("escalation", alert.id) not in waits:
            yield f"the alert {alert.id} ({alert.cause}) stands, and nothing comes of it"
    of = {(alert.subject, alert.cause == "handover") for alert in stands}
    for out in kept.journey:
        if out.ended_at is not None:
            if ("journey", out.id) in waits or out.id in held or (out.id, True) in of:
                yield f"{out.id} is over, and somebody waits for it"
        elif out.state in ("out", "nudged"):
            if ("journey", out.id) not in waits:
                yield f"{out.id} is {out.state}, and nothing is due"
        elif (out.id, False) not in of:
            yield f"{out.id} is {out.state}, and no alert stands"
    running = {out.id for out in kept.journey if out.ended_at is None}
    waiting = {out.id: out for out in kept.journey if out.state in ("out", "nudged")}
    for circle in circles:
        if circle.way is not None and circle.journey in waiting:
            due = _due_now(circle, kept.ledger)
            if due is None or abs(waiting[circle.journey].due_at - due) > CLOSE:
                yield f"due at {waiting[circle.journey].due_at}, and agreed was {due}"
    yield from (f"{id} is nobody's" for id in on_call & running - set(held))
    for duty in held.values():
        handing = ("handover", duty.journey) if duty.ends_at is not None else None
        if handing not in waits and (duty.journey, True) not in of:
            yield f"{duty.journey} is in nobody's hands"


def _told(story: Story, kept: Rows, lines: Sequence[Any], chat: Chat) -> Iterator[str]:
    """Nothing is told after sharing was stopped, all that was told is written down, and none of
    it is left in the chat but what a dead process has sent and nobody knows the number of."""
    person, carer = (story.circle.members[part] for part in ("person", CARER))
    ended = [row.ended_at for row in kept.agreement if row.person == person]
    if len(ended) != 1 or ended[0] is None:
        yield f"the agreement has ended at {ended}"
        return
    items = [row.id for row in kept.news if row.person == person]
    states = Counter(row.state for row in kept.telling if row.member == carer)
    if states != {"over": len(items)} or len(items) != TOLD:
        yield f"of {len(items)} items there are {dict(states)}"
    mine = [row for row in kept.outbox if row.member == carer and row.text == READING]
    again = sum(row.attempts - 1 for row in mine)
    written = [line for line in lines if line.kind == "told" or line.facts.get("maybe")]
    standing = 0
    for number in range(TOLD):
        words = item(story.circle.name, number)
        shown = [message for message in chat.messages if words in message.text]
        late = [message.at for message in shown if message.at > ended[0] + IN_FLIGHT]
        if late:
            yield f"stopped at {ended[0]}, and {words!r} was told at {late}"
        standing += sum(not message.deleted for message in shown)
        if shown and not written:
            yield f"{words!r} was told, and nothing is written down"
    if standing > again:
        yield f"{standing} items are still in the chat, {again} tries more"


def _copies(
    kept: Rows,
    stories: Sequence[Story],
    chats: Mapping[int, Chat],
    struck: Sequence[datetime],
    found: Found,
) -> None:
    """What was sent has arrived; what arrived twice says so, and something died in between."""
    chat_of = {
        id: story.circle.chats[part]
        for story in stories
        for part, id in story.circle.members.items()
    }
    # Given up after a try that may have arrived, or taken out of the chat since: a copy of it may
    # still be there, and what was said anew takes its place.
    given_up = [row for row in kept.outbox if row.state == "withheld" and row.attempts]
    sent: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for row in kept.outbox:
        if row.state != "sent" or row.text == REMOVE:
            continue
        chat = chats[chat_of[row.member]]
        # What was read is taken out of the chat again, and so is the call to it.
        there = chat.messages if row.text in (READING, PUSH) else chat.from_bot
        message = next((one for one in there if one.id == row.message), None)
        if message is None:
            found.wrong.append(f"{row.text} to {chat.name} was sent and is not there")
            continue
        if message.deleted:
            given_up.append(row)
            continue
        marked = message.text.startswith(REPEAT)
        if marked and not row.maybe_sent:
            found.wrong.append(f"{row.text} to {chat.name}: marked, and it was sent once")
        sent[chat.id, _words(message)].append(row)
    for (chat_id, text), ours in sent.items():
        copies = [message for message in chats[chat_id].from_bot if _words(message) == text]
        marked_copies = [message for message in copies if message.text.startswith(REPEAT)]
        lost = [row for row in given_up if _says_the_same(row, ours[0])]
        again = sum(row.attempts - 1 for row in ours) + sum(row.attempts for row in lost)
        about = f"{ours[0].text} to {chats[chat_id].name}"
        found.copies += len(copies) - len(ours)
        found.repeats += len(marked_copies)
        if len(copies) - len(ours) > again:
            found.wrong.append(f"{about}: {len(copies)} copies of {len(ours)}, {again} tries more")
        if len(copies) - len(marked_copies) > len(ours) + len(lost):
            found.wrong.append(f"{about}: a copy does not say that it may be one")
        for message in marked_copies:
            began = min(row.created_at for row in ours)
            arrived = message.at + timedelta(seconds=1)  # Telegram counts whole seconds
            if not any(began <= moment <= arrived for moment in struck):
                found.wrong.append(f"{about}: said to be a repeat, and nothing had died")
    if found.copies > SLOTS * len(struck):
        found.wrong.append(f"{found.copies} copies after {len(struck)} deaths")


def _words(message: Message) -> str:
    """Its words, whether it is a repeat or not, and whatever time was left when it was said."""
    return LEFT.sub("", message.text.removeprefix(REPEAT))


def _says_the_same(one: Any, other: Any) -> bool:
    alert = "escalation"
    same = (one.member, one.text, one.params.get(alert)) == (
        other.member,
        other.text,
        other.params.get(alert),
    )
    return same and one.id != other.id
