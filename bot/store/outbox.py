"""Messages on their way: a row before it is a call, until it is known what became of it.

waiting -> sending -> sent, withheld or failed; back to waiting when it is to go again. To one
member, messages of one lane leave in the order they were written; one that keeps failing
holds the later ones back no longer.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import (
    Boolean,
    Connection,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)

from bot.care.news import PUSH
from bot.care.outcome import About, Lane, Log, Topic, Value
from bot.care.text import Text
from bot.store import alarm, ledger
from bot.store.ring import Door, ring
from bot.store.schema import Moment, member, outbox
from bot.store.tools import tools, unpack

PATIENCE = 5
"""After so many tries a message lets later ones go first."""

GLANCE = 48
"""The sender looks at so many: more than can be held back because their reader has just had one,
at thirty a second. On SQLite each takes the loop's time."""

_WAITING = outbox.c.state == "waiting"
_SENDING = outbox.c.state == "sending"

_earlier = outbox.alias("earlier")
_FIRST = ~(
    select(_earlier.c.id)
    .where(
        _earlier.c.member == outbox.c.member,
        _earlier.c.state.in_(("waiting", "sending")),
        _earlier.c.lane == outbox.c.lane,
        _earlier.c.number < outbox.c.number,
        _earlier.c.attempts <= PATIENCE,
    )
    .exists()
)
"""No earlier message of this lane to this member is still to go."""

_LAST = max(Lane)

QUESTIONS = tuple(Text("journey", id) for id in ("nudge", "nudge_again", "nudge_after_off"))
"""What asks a person who is out whether they are OK."""

# The sender looks often: its statements are made once.
_now = bindparam("now", type_=Moment)
_READY = (
    select(outbox.c.id, outbox.c.lane, outbox.c.member)
    .where(_WAITING, outbox.c.not_before <= _now, _FIRST)
    .order_by(outbox.c.lane, outbox.c.not_before, outbox.c.number)
    .limit(bindparam("limit"))
)
_LAPSED = and_(
    _SENDING,
    or_(
        outbox.c.lease_until <= _now,
        and_(bindparam("alone", type_=Boolean), outbox.c.owner != bindparam("owner")),
    ),
)
_LOST = select(outbox.c.id).where(_LAPSED)
_MOMENTS = select(
    select(func.count()).where(_LAPSED).scalar_subquery(),
    select(func.min(outbox.c.not_before))
    .where(_WAITING, outbox.c.not_before > _now, _FIRST)
    .scalar_subquery(),
    select(func.min(outbox.c.lease_until))
    .where(_SENDING, outbox.c.lease_until > _now)
    .scalar_subquery(),
)
_until = bindparam("until", type_=Moment)
_CLAIM = (
    update(outbox)
    .where(
        outbox.c.id.in_(bindparam("ids", expanding=True)),
        _WAITING,
        outbox.c.not_before <= _now,
    )
    .values(
        state="sending",
        owner=bindparam("by"),
        lease_until=_until,
        attempts=outbox.c.attempts + 1,
    )
    .returning(outbox)
)
_LEFT_ALONE = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("lost", expanding=True)), _SENDING)
    .values(owner=None, lease_until=None, maybe_sent=True)
)
_GIVEN_UP = _LEFT_ALONE.where(outbox.c.lane == Lane.BROADCAST.value).values(
    state="failed", reason="ambiguous"
)
_AGAIN = _LEFT_ALONE.values(state="waiting", reason="lease")
_THIS = outbox.c.id == bindparam("this")
_SENT = (
    update(outbox)
    .where(_THIS, or_(_WAITING, _SENDING))
    .values(
        state="sent",
        sent_at=bindparam("at", type_=Moment),
        message=bindparam("as"),
        reason=None,
        owner=None,
        lease_until=None,
    )
)
_END = update(outbox).where(
    _THIS,
    _SENDING,
    outbox.c.owner == bindparam("by"),
    outbox.c.attempts == bindparam("tries"),  # each claim is a new one
)
"""Its values come with it."""
_SENT_AS = select(outbox.c.message).where(
    outbox.c.key.in_(bindparam("keys", expanding=True)), outbox.c.message.is_not(None)
)
_ALERTED = (
    select(outbox.c.id)
    .where(
        outbox.c.member == bindparam("to"),
        outbox.c.lane == Lane.SAFETY.value,
        outbox.c.params["escalation"].as_string() == bindparam("alert"),
        outbox.c.state == "sent",
    )
    .limit(1)
)
_HEARD_LAST = (
    select(outbox.c.text)
    .where(
        outbox.c.member == bindparam("to"),
        outbox.c.params["escalation"].as_string() == bindparam("alert"),
        outbox.c.state == "sent",
    )
    .order_by(outbox.c.number.desc())
    .limit(1)
)
_OF_ALERT = (
    select(outbox.c.member, outbox.c.state)
    .where(
        outbox.c.params["escalation"].as_string() == bindparam("alert"),
        outbox.c.created_at > bindparam("since", type_=Moment),
        outbox.c.state.in_(("sent", "failed")),
    )
    .order_by(outbox.c.number)
)
_FRESH = update(outbox).where(
    outbox.c.params["escalation"].as_string() == bindparam("alert"),
    _WAITING,
    outbox.c.attempts == 0,
)
_ON_ITS_WAY = (
    select(outbox.c.id)
    .where(
        outbox.c.member == bindparam("to"),
        outbox.c.lane <= Lane.REPLY.value,
        or_(_WAITING, _SENDING),
        outbox.c.not_before <= _now,
    )
    .limit(1)
)
_ASKED_HOW = (
    select(outbox.c.id)
    .where(
        outbox.c.member == bindparam("to"),
        outbox.c.params["journey"].as_string() == bindparam("journey"),
        outbox.c.text.in_(["journey.home", "journey.home_after_alert"]),
        outbox.c.state != "withheld",
    )
    .limit(1)
)
_BESIDE = (
    outbox.c.id != bindparam("this"),
    outbox.c.member == bindparam("to"),
    outbox.c.text.in_(bindparam("texts", expanding=True)),
)
_mine = outbox.alias("mine")
_SENT_ABOUT = {
    about: select(member.c.telegram, outbox.c.message)
    .join(member, member.c.id == outbox.c.member)
    .where(
        outbox.c.state == "sent",
        outbox.c.params[about].as_string() == bindparam("about"),
        member.c.telegram.is_not(None),
        outbox.c.text.not_in(bindparam("besides", expanding=True)),
        outbox.c.about["acting"].as_string().is_(None),
    )
    .order_by(outbox.c.number.desc())
    for about in ("journey", "escalation", "proposal")
}
_OVERTAKEN = {
    about: select(outbox.c.id)
    .where(
        *_BESIDE,
        outbox.c.params[about].as_string() == bindparam("about"),
        outbox.c.number
        > select(_mine.c.number).where(_mine.c.id == bindparam("this")).scalar_subquery(),
        outbox.c.state.in_(("waiting", "sending", "sent")),
    )
    .limit(1)
    for about in ("journey", "escalation")
}
_MISSED = (
    select(outbox.c.id)
    .where(
        outbox.c.member == bindparam("person"),
        outbox.c.text.in_([str(text) for text in QUESTIONS]),
        outbox.c.params["journey"].as_string() == bindparam("journey"),
        outbox.c.created_at.between(bindparam("since", type_=Moment), _until),
        or_(outbox.c.sent_at.is_(None), outbox.c.sent_at > _until),
    )
    .limit(1)
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Row:
    """A message claimed for sending. `maybe_sent`: an earlier try may have reached its reader."""

    id: str
    key: str | None
    lane: Lane
    member: str
    text: Text
    params: Mapping[str, Value]
    about: About | None
    created_at: datetime
    attempts: int
    maybe_sent: bool
    owner: str

    @property
    def silent(self) -> bool:
        """Of the second word. What it finds out about its reader's route is for its own alert: a
        reader marked as out of reach would be named in the person's chat no more."""
        return "duress" in self.params


LEFT: list[Callable[[Connection, Row, datetime], object]] = []
"""(c, row, now): what else follows when a message has left. A subject's store module says it at
its end."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that may go as soon as the sending budget lets it."""

    id: str
    lane: Lane
    member: str


@dataclass(frozen=True, slots=True)
class Look:
    """What the sender sees: what may go now (most urgent first), claims whose lease ran out,
    and when there is more to do."""

    ready: Sequence[Ready]
    lapsed: frozenset[str]
    next: datetime | None


def look(c: Connection, owner: str, now: datetime, limit: int = GLANCE) -> Look:
    """The way out as it stands; of what may go, at most `limit`."""
    ready = c.execute(_READY, {"now": now, "limit": limit})
    asked = {"now": now, "alone": tools(c).alone, "owner": owner}
    lapsed, *moments = c.execute(_MOMENTS, asked).one()
    return Look(
        # What calls itself less urgent than any lane we know goes last: it is seen to be claimed.
        ready=[Ready(row.id, Lane(min(row.lane, _LAST)), row.member) for row in ready],
        lapsed=_lost(c, owner, now) if lapsed else frozenset(),
        next=min((moment for moment in moments if moment is not None), default=None),
    )


def claim(
    c: Connection, owner: str, ids: Collection[str], now: datetime, lease_until: datetime
) -> list[Row]:
    """Take these for sending: those that nobody else has taken, most urgent first.

    One that cannot be read (another version of Kith wrote it) has failed, and holds up no other.
    """
    rows = c.execute(
        _CLAIM, {"ids": list(ids), "by": owner, "now": now, "until": lease_until}
    ).all()
    claimed: list[Row] = []
    for row in sorted(rows, key=lambda row: (row.lane, row.number)):
        try:
            claimed.append(_row(row))
        except Exception:
            log.exception("a message cannot be read", row=row.id)
            _unreadable(c, row, now)
    return claimed


def hold(c: Connection, alert: str, until: datetime) -> None:
    """What is said of this alert and has not been tried yet may leave then."""
    c.execute(_FRESH, {"alert": alert, "not_before": until})
    ring(c, Door.OUTBOX)


def on_its_way(c: Connection, member: str, now: datetime) -> bool:
    """Whether a reply to this member, or something as urgent, may leave now, or is leaving."""
    return c.execute(_ON_ITS_WAY, {"to": member, "now": now}).first() is not None


def lapse(c: Connection, owner: str, now: datetime, at_work: Collection[str]) -> int:
    """Let go of claims whose lease ran out, but those `at_work`; they may have been sent.

    Where one process alone writes, those of any other owner are nobody's. They wait
    again, but a broadcast is given up. Says how many.
    """
    lost = {"lost": [*(_lost(c, owner, now) - set(at_work))]}
    given_up: int = c.execute(_GIVEN_UP, lost).rowcount
    return given_up + c.execute(_AGAIN, lost).rowcount


def load(c: Connection, id: str) -> tuple[Row, str]:
    """A message, and its state."""
    row = c.execute(select(outbox).where(outbox.c.id == id)).one()
    return _row(row), row.state


def sent(
    c: Connection,
    row: Row,
    message: int,
    now: datetime,
    reason: str | None = None,
    rows: Sequence[str] = (),
) -> None:
    """It has left; `message` is Telegram's id of it. `reason` and `rows` are the gate's."""
    c.execute(_SENT, {"this": row.id, "at": now, "as": message})
    for follows in LEFT:
        follows(c, row, now)
    if row.about is not None:
        _log(c, "pushed" if row.text == PUSH else "told", row, now, reason, rows)


def again(c: Connection, row: Row, at: datetime, reason: str, *, maybe_sent: bool) -> None:
    """It has not left, or nobody knows: try again at `at`."""
    _end(c, row, "waiting", reason, not_before=at, maybe_sent=row.maybe_sent or maybe_sent)


def withheld(c: Connection, row: Row, reason: str, now: datetime, rows: Sequence[str] = ()) -> None:
    """It may not leave; `rows` are those that decided."""
    if _end(c, row, "withheld", reason):
        _log(c, "withheld", row, now, reason, rows)


def failed(c: Connection, row: Row, reason: str, now: datetime) -> None:
    """It cannot be sent, now or later."""
    if _end(c, row, "failed", reason):
        _log(c, "not_sent", row, now, reason)


def sent_about(
    c: Connection, about: str, id: str, besides: Collection[Text]
) -> list[tuple[int, int]]:
    """Chat and message id of what was sent about this outing, alert or step, newest first.

    `besides` some texts, and what supporters read: they may be told nothing any more.
    """
    rows = c.execute(_SENT_ABOUT[about], {"about": id, "besides": [str(text) for text in besides]})
    return [(chat, message) for chat, message in rows]


def sent_as(c: Connection, keys: Collection[str]) -> list[int]:
    """Telegram's ids of the messages that have left under these keys."""
    return list(c.execute(_SENT_AS, {"keys": list(keys)}).scalars())


def overtaken(c: Connection, row: Row, about: str, steps: Collection[Text]) -> bool:
    """Whether a later one of these `steps`, to the same reader about the same, goes or has gone."""
    asked = {
        "this": row.id,
        "to": row.member,
        "texts": [str(text) for text in steps],
        "about": str(row.params.get(about)),
    }
    return c.execute(_OVERTAKEN[about], asked).first() is not None


def asked(c: Connection, person: str, journey: str, since: datetime, until: datetime) -> bool:
    """Whether all that they were asked about this outing between these moments was sent by then."""
    asked = {"person": person, "journey": journey, "since": since, "until": until}
    return c.execute(_MISSED, asked).first() is None


def alerted(c: Connection, member: str, alert: str) -> bool:
    """Whether anything of this alert has reached this member."""
    return c.execute(_ALERTED, {"to": member, "alert": alert}).first() is not None


def heard_last(c: Connection, member: str, alert: str) -> Text | None:
    """What reached this member last of this alert."""
    said = c.execute(_HEARD_LAST, {"to": member, "alert": alert}).scalar_one_or_none()
    return None if said is None else Text(*said.split(".", 1))


def unreached(c: Connection, alert: str, since: datetime) -> frozenset[str]:
    """Those whom the newest message of this alert, of those written since then, did not reach."""
    rows = c.execute(_OF_ALERT, {"alert": alert, "since": since})
    newest = {row.member: row.state for row in rows}
    return frozenset(member for member, state in newest.items() if state == "failed")


def asked_how_it_was(c: Connection, person: str, journey: str) -> bool:
    """Whether somebody who came home was asked, or is being asked, how this outing was."""
    return c.execute(_ASKED_HOW, {"to": person, "journey": journey}).first() is not None


def _lost(c: Connection, owner: str, now: datetime) -> frozenset[str]:
    asked = {"now": now, "owner": owner, "alone": tools(c).alone}
    return frozenset(c.execute(_LOST, asked).scalars())


def _unreadable(c: Connection, row: Any, now: datetime) -> None:
    failed = update(outbox).where(outbox.c.id == row.id)
    c.execute(failed.values(state="failed", reason="unreadable", owner=None, lease_until=None))
    facts = {"to": row.member, "text": row.text, "reason": "unreadable"}
    ledger.write(c, Log("not_sent", facts=facts), now)
    if row.lane == Lane.SAFETY:
        alarm.tell_managers(c, "message", row.id, now)


def _end(c: Connection, row: Row, state: str, reason: str, **values: Any) -> bool:
    """False when the claim was lost meanwhile: whoever has it now says how it ends."""
    claim = {"this": row.id, "by": row.owner, "tries": row.attempts}
    after = {"state": state, "reason": reason[:120], "owner": None, "lease_until": None}
    return bool(c.execute(_END, claim | after | values).rowcount == 1)


def _log(
    c: Connection,
    kind: str,
    row: Row,
    now: datetime,
    reason: str | None = None,
    rows: Sequence[str] = (),
) -> None:
    facts: dict[str, Value] = {"to": row.member, "text": str(row.text)}
    if row.about is not None:
        facts |= {"topic": row.about.topic.value, "level": row.about.level}
        if row.about.item is not None:
            facts["news"] = row.about.item
    if reason is not None:
        facts["reason"] = reason
    if rows:
        facts["rows"] = ",".join(rows)
    if kind == "withheld" and row.maybe_sent:
        facts["maybe"] = 1  # an earlier try may have reached its reader
    ledger.write(c, Log(kind, person=whose_line(row), facts=facts), now)


def whose_line(row: Row) -> str | None:
    """The person whose line of the ledger says what became of it; None when it is told to staff
    and somebody may have said it in confidence."""
    if row.about is None:
        return None
    to_staff = row.about.acting is None and row.about.item is None
    in_confidence = row.about.topic is Topic.EARLY_SIGNS or "concern" in row.params
    if to_staff and (in_confidence or row.silent):
        return None
    return row.about.person


def _row(row: Any) -> Row:
    subject, _, id = row.text.partition(".")
    about = row.about
    return Row(
        id=row.id,
        key=row.key,
        lane=Lane(row.lane),
        member=row.member,
        text=Text(subject, id),
        params=unpack(row.params),
        about=about and _about(unpack(about)),
        created_at=row.created_at,
        attempts=row.attempts,
        maybe_sent=row.maybe_sent,
        owner=row.owner,
    )


def _about(about: Mapping[str, Any]) -> About:
    return About(
        person=about["person"],
        topic=Topic(about["topic"]),
        level=about["level"],
        acting=about.get("acting"),
        item=about.get("item"),
        at=about.get("at"),
    )
