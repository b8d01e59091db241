"""Alerts on their second way: those that Telegram could not deliver, to staff with another way.

waiting -> sending -> sent, needless or failed; back to waiting when it is to go again. A message
goes to each confirmed address of its reader once, and again only when its lease ran out.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select, update

from bot.care import contact as care
from bot.care.circle import STAFF_ROLES
from bot.care.outcome import NOBODY, Lane, Log, Message, Outcome, Tell
from bot.care.spoken import DRILL, SOMETHING
from bot.care.text import Text
from bot.store import alarm, around, circle, escalation, ledger, outbox, schema
from bot.store import contact as contacts
from bot.store.commit import commit
from bot.store.contact import Contact
from bot.store.schema import Moment
from bot.store.schema import fallback as table
from bot.store.tools import insert, new_id, tools

WORTH = timedelta(days=1)
"""An older message calls nobody any more."""

AT_ONCE = 1000
"""So many are queued, or claimed, in one go: those for one address can be one call."""

_NOW = bindparam("now", type_=Moment)
_WAITING = table.c.state == "waiting"
_ON_THE_LINE = select(table).where(table.c.state == "sending")
_READY = (
    select(table.c.id)
    .where(_WAITING, table.c.not_before <= _NOW)
    .order_by(table.c.created_at, table.c.id)
    .limit(AT_ONCE)
)
_AHEAD = select(func.min(table.c.not_before)).where(_WAITING, table.c.not_before > _NOW)


@dataclass(frozen=True, slots=True)
class Row:
    """A call claimed for sending. `message`: the one it stands in for; None: a test."""

    id: str
    message: str | None
    member: str
    channel: str
    attempts: int
    created_at: datetime
    owner: str


@dataclass(frozen=True, slots=True)
class Look:
    """What the door sees: whether anything has to be queued or let go of, what may go now (the
    oldest first), and when there is more to do."""

    behind: bool
    ready: Sequence[str]
    next: datetime | None


@dataclass(frozen=True, slots=True)
class Call:
    """What one call needs: where to, in which form, and the number to ring, if there is one.

    `words`: what it says in place of an outing's words.
    """

    to: Contact
    locale: str
    number: str | None
    words: Mapping[Text, Text] = field(default_factory=dict)


def look(
    c: Connection,
    owner: str,
    channels: Collection[str],
    patience: timedelta,
    now: datetime,
    at_work: Collection[str],
) -> Look:
    """The second way as it stands. Telegram has `patience` to deliver a message."""
    waited = {"channels": list(channels), "since": now - patience, "now": now}
    late = c.execute(_ANY_LATE, waited | {"worth": now - WORTH}).first() is not None
    sending = c.execute(_ON_THE_LINE).all()
    lost = any(row.id not in at_work and _is_lost(c, row, owner, now) for row in sending)
    ready = c.execute(_READY, {"now": now}).scalars()
    young = c.execute(_SOONEST, waited).scalar_one()
    moments = [
        c.execute(_AHEAD, {"now": now}).scalar_one(),
        None if young is None else young + patience,
        *(row.lease_until for row in sending if row.lease_until > now),
    ]
    known = [moment for moment in moments if moment is not None]
    return Look(late or lost, list(ready), min(known, default=None))


def catch_up(
    c: Connection,
    owner: str,
    channels: Collection[str],
    patience: timedelta,
    now: datetime,
    at_work: Collection[str],
) -> None:
    """Queue what Telegram has not delivered in time; let go of lost claims, but those `at_work`."""
    waited = {"channels": list(channels), "since": now - patience, "now": now}
    late = c.execute(_ALL_LATE, waited | {"worth": now - WORTH}).all()
    if late:
        fresh = [
            {
                "id": new_id(c),
                "message": row.id,
                "member": row.member,
                "channel": row.channel,
                "state": "waiting",
                "created_at": now,
                "not_before": now,
                "attempts": 0,
            }
            for row in late
        ]
        once = insert(c, table).on_conflict_do_nothing(index_elements=["message", "channel"])
        c.execute(once, fresh)
    for row in c.execute(_ON_THE_LINE).all():
        if row.id not in at_work and _is_lost(c, row, owner, now):
            again(c, _row(row), now, "lease")


def claim(
    c: Connection, owner: str, ids: Collection[str], now: datetime, lease_until: datetime
) -> list[Row]:
    """Take these for sending: those that nobody else has taken, the oldest first."""
    rows = c.execute(
        update(table)
        .where(table.c.id.in_(ids), table.c.state == "waiting", table.c.not_before <= now)
        .values(
            state="sending", owner=owner, lease_until=lease_until, attempts=table.c.attempts + 1
        )
        .returning(table)
    ).all()
    return [_row(row) for row in sorted(rows, key=lambda row: (row.created_at, row.id))]


def call(c: Connection, row: Row, now: datetime) -> Call | str:
    """What it needs, asked again at this moment; or why it need not go any more."""
    reader = circle.member(c, row.member)
    to = contacts.contact(c, row.member, row.channel)
    teams = around.works_in(c, row.member, now)
    if reader is None or reader.left_at is not None or not teams:
        return "no_staff"
    if to is None:
        return "no_address"
    if row.message is None:
        return Call(to, reader.locale, None)
    if to.confirmed_at is None:
        return "not_confirmed"
    message, state = outbox.load(c, row.message)
    if state in ("sent", "withheld"):
        return state
    alert = escalation.escalation(c, str(message.params.get("escalation")))
    if alert is None:
        about_kith = message.text == alarm.SET_ASIDE
        number = _number(c, min(teams))
        return Call(to, reader.locale, number, SOMETHING if about_kith else {})
    if not around.works_for(c, row.member, alert.person, now):
        return "no_staff"
    number, words = _number(c, alert.team), alert.spoken.words
    return care.needless(alert, row.member) or Call(to, reader.locale, number, words)


def sent(c: Connection, row: Row, now: datetime) -> None:
    """The service has taken it."""
    if _end(c, row, "sent", None, sent_at=now) and row.message is not None:
        ledger.write(c, _log("told_another_way", c, row), now)


def again(c: Connection, row: Row, at: datetime, reason: str) -> None:
    """It has not left, or nobody knows: try again at `at`."""
    _end(c, row, "waiting", reason, not_before=at)


def needless(c: Connection, row: Row, reason: str) -> None:
    """Nobody needs it any more."""
    _end(c, row, "needless", reason)


def failed(c: Connection, row: Row, reason: str, now: datetime) -> None:
    """It is given up: managers hear of it. Of a test, its owner does."""
    if not _end(c, row, "failed", reason):
        return
    if row.message is not None:
        ledger.write(c, _log("not_told_another_way", c, row), now)
        alarm.tell_managers(c, "call", row.member, now)
        return
    to = contacts.contact(c, row.member, row.channel)
    if to is not None:
        said = Message(Text("contact", "test_failed"), {"channel": row.channel, "mark": to.mark})
        commit(c, Outcome(tells=(Tell(row.member, said, Lane.REPLY),)), NOBODY, now)


def _number(c: Connection, team: str) -> str | None:
    """The team's number, or that of the whole service."""
    service = select(schema.service.c.phone)
    return circle.team(c, team).phone or c.execute(service).scalar_one_or_none()


_message, _contact = schema.outbox.c, schema.contact.c

_CALLED = select(table.c.id).where(
    table.c.message == _message.id, table.c.channel == _contact.channel
)
_STAFF = select(schema.membership.c.id).where(
    schema.membership.c.member == _message.member,
    schema.membership.c.until.is_(None),
    schema.membership.c.role.in_([role.value for role in STAFF_ROLES]),
)
_REFUSED_CALL = and_(
    _message.lane == Lane.REPLY.value,
    _message.state == "failed",
    _message.params["escalation"].as_string().is_not(None),
)
"""An alert that is no safety message, such as one of early signs: it waits for a slow Telegram, and
nobody is woken for that; whom Telegram does not reach at all hears of it."""

_PRACTISED = _message.text == str(DRILL.words[Text("escalation", "alert_missed")])
"""A practice alert tries every way that a real one goes."""

_UNDELIVERED = (
    or_(_message.lane == Lane.SAFETY.value, _REFUSED_CALL, _PRACTISED),
    _message.text.not_in([str(text) for text in care.CALM]),
    # What staff hear about themselves, as somebody who goes out, is for their own phone.
    func.coalesce(_message.params["person"].as_string(), "") != _message.member,
    or_(_message.about.is_not(None), _message.text.not_like("journey.%")),
    _contact.confirmed_at.is_not(None),
    _STAFF.exists(),
    ~_CALLED.exists(),
)
"""An alert to staff that Telegram has not delivered; once for each address not called yet."""

_ADDRESSED = schema.outbox.join(schema.contact, _contact.member == _message.member)
_ON_ITS_WAY = _message.state.in_(("waiting", "sending"))


_CHANNELS = _contact.channel.in_(bindparam("channels", expanding=True))
_SINCE = bindparam("since", type_=Moment)

# The door looks often: its statements are made once.
_LATE = (
    select(_message.id, _message.member, _contact.channel)
    .select_from(_ADDRESSED)
    .where(
        or_(
            _message.state == "failed",
            # Later than now: somebody set the clock back, and nobody knows how long it has waited.
            _ON_ITS_WAY & or_(_message.created_at <= _SINCE, _message.created_at > _NOW),
        ),
        _message.created_at > bindparam("worth", type_=Moment),
        _CHANNELS,
        *_UNDELIVERED,
    )
)
_ANY_LATE = _LATE.limit(1)
_ALL_LATE = _LATE.order_by(_message.number).limit(AT_ONCE)
_SOONEST = (
    select(func.min(_message.created_at))
    .select_from(_ADDRESSED)
    .where(_ON_ITS_WAY, _message.created_at > _SINCE, _CHANNELS, *_UNDELIVERED)
)


def _is_lost(c: Connection, row: Any, owner: str, now: datetime) -> bool:
    return bool(row.lease_until <= now or (tools(c).alone and row.owner != owner))


def _end(c: Connection, row: Row, state: str, reason: str | None, **values: Any) -> bool:
    """False when the claim was lost meanwhile: whoever has it now says how it ends."""
    ended = c.execute(
        update(table)
        .where(
            table.c.id == row.id,
            table.c.state == "sending",
            table.c.owner == row.owner,
            table.c.attempts == row.attempts,  # each claim is a new one
        )
        .values(state=state, reason=reason, owner=None, lease_until=None, **values)
    )
    return ended.rowcount == 1


def _log(kind: str, c: Connection, row: Row) -> Log:
    assert row.message is not None
    message, _ = outbox.load(c, row.message)
    facts = {"to": row.member, "message": row.message, "channel": row.channel}
    return Log(kind, outbox.whose_line(message), facts=facts)


def _row(row: Any) -> Row:
    return Row(
        row.id, row.message, row.member, row.channel, row.attempts, row.created_at, row.owner
    )
