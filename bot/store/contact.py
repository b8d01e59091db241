"""Other ways to reach staff, as they are kept: their own address on a channel, and its test."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from bot.care.circle import STAFF_ROLES, Member, acting
from bot.care.outcome import NOBODY, Cause, Log, Message, Outcome
from bot.care.text import Text
from bot.store import around, circle, schema
from bot.store.commit import commit
from bot.store.schema import contact as table
from bot.store.schema import fallback
from bot.store.tools import KeyErased, new_id, seal, tools, unseal

WORKS = table.c.confirmed_at.is_not(None) & table.c.channel.in_(
    bindparam("channels", expanding=True)
)
"""What counts as a way to somebody: the operator may have taken one away since its test."""

_CONFIRMED = select(table.c.member).where(table.c.member == bindparam("member"), WORKS).limit(1)


@dataclass(frozen=True, slots=True)
class Contact:
    """A member's address on one channel. `confirmed_at`: a test sent there has arrived."""

    member: str
    channel: str
    address: str
    given_at: datetime
    confirmed_at: datetime | None

    @property
    def mark(self) -> int:
        """Names this address in a button: one about an earlier address means nothing."""
        return _mark(self.given_at)


def contact(c: Connection, member: str, channel: str) -> Contact | None:
    """The member's address on this channel; None when there is none that can be read."""
    return next((one for one in contacts(c, member) if one.channel == channel), None)


def contacts(c: Connection, member: str) -> list[Contact]:
    """Every address this member has given."""
    rows = c.execute(select(table).where(table.c.member == member).order_by(table.c.channel))
    found: list[Contact] = []
    for row in rows:
        try:
            address = unseal(c, member, row.address)
        except KeyErased:
            continue
        found.append(Contact(member, row.channel, address, row.given_at, row.confirmed_at))
    return found


def confirmed(c: Connection, member: str) -> bool:
    """Whether a test has reached this member by another way than Telegram that there still is."""
    here = {"member": member, "channels": list(tools(c).channels)}
    return c.execute(_CONFIRMED, here).first() is not None


def tried(c: Connection, member: str) -> bool:
    """Whether this member has ever answered a practice alert, or has another way that works."""
    seen = select(schema.member.c.alert_seen_at).where(schema.member.c.id == member)
    return c.execute(seen).scalar_one_or_none() is not None or confirmed(c, member)


def untried(c: Connection, team: str) -> list[Member]:
    """The staff of a team whom nobody knows alerts to reach."""
    return [member for member in around.staff_of(c, team) if not tried(c, member.id)]


# --- acts ---------------------------------------------------------------------------------


def give(
    c: Connection, member: str, channel: str, address: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """A member of staff gives an address, in place of an earlier one; a test goes there."""
    if not _is_staff(c, member):
        return Outcome()
    _drop(c, member, channel)
    c.execute(
        insert(table).values(
            member=member, channel=channel, address=seal(c, member, address), given_at=now
        )
    )
    given = Outcome(logs=(_log("contact_given", member, channel),)) + _test(c, member, channel, now)
    commit(c, given, cause, now)
    return given


def send_test(
    c: Connection, channel: str, mark: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """A test goes to this address again."""
    if _marked(c, by, channel, mark) is None or not _is_staff(c, by):
        return Outcome()
    again = _test(c, by, channel, now)
    commit(c, again, cause, now)
    return again


def arrived(
    c: Connection, channel: str, mark: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The test has arrived: alerts may go this way. One that never left cannot have."""
    known = _marked(c, by, channel, mark)
    if known is None:
        return Outcome()
    left = select(fallback.c.id).where(
        fallback.c.message.is_(None),
        fallback.c.member == by,
        fallback.c.channel == channel,
        fallback.c.created_at >= known.given_at,
        or_(fallback.c.state.in_(("sending", "sent")), fallback.c.reason == "lease"),
    )
    if c.execute(left.limit(1)).first() is None:
        outcome = Outcome(said=_said(Text("contact", "not_sent_yet"), channel, known.given_at))
    else:
        here = (table.c.member == by) & (table.c.channel == channel)
        c.execute(update(table).where(here).values(confirmed_at=now))
        outcome = Outcome(
            said=_said(Text("contact", "works"), channel, known.given_at),
            logs=(_log("contact_confirmed", by, channel),),
        )
    commit(c, outcome, cause, now)
    return outcome


def nothing_came(
    c: Connection, channel: str, mark: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The test has not arrived: what to look at."""
    known = _marked(c, by, channel, mark)
    if known is None:
        return Outcome()
    outcome = Outcome(said=_said(Text("contact", "look_at_it"), channel, known.given_at))
    commit(c, outcome, cause, now)
    return outcome


def remove(
    c: Connection, member: str, channel: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Nothing goes this way any more; the address is forgotten."""
    if not _drop(c, member, channel):
        return Outcome()
    outcome = Outcome(logs=(_log("contact_removed", member, channel),))
    commit(c, outcome, cause, now)
    return outcome


def forget_unless_staff(c: Connection, member: str) -> None:
    """Nobody keeps the addresses of somebody who does not work here any more."""
    if not _is_staff(c, member):
        c.execute(delete(table).where(table.c.member == member))


def _test(c: Connection, member: str, channel: str, now: datetime) -> Outcome:
    """Queue a test; what was queued before is not worth sending any more."""
    waiting = (fallback.c.member == member) & (fallback.c.channel == channel)
    c.execute(
        update(fallback)
        .where(waiting, fallback.c.message.is_(None), fallback.c.state == "waiting")
        .values(state="needless", reason="newer")
    )
    c.execute(
        insert(fallback).values(
            id=new_id(c),
            member=member,
            channel=channel,
            state="waiting",
            created_at=now,
            not_before=now,
            attempts=0,
        )
    )
    given_at = c.execute(
        select(table.c.given_at).where(table.c.member == member, table.c.channel == channel)
    ).scalar_one()
    return Outcome(
        said=_said(Text("contact", "test_sent"), channel, given_at),
        logs=(_log("contact_tested", member, channel),),
    )


def _drop(c: Connection, member: str, channel: str) -> bool:
    here = (table.c.member == member) & (table.c.channel == channel)
    return c.execute(delete(table).where(here)).rowcount == 1


def _marked(c: Connection, member: str, channel: str, mark: int) -> Contact | None:
    known = contact(c, member, channel)
    return known if known is not None and known.mark == mark else None


def _mark(given_at: datetime) -> int:
    return int(given_at.astimezone(UTC).timestamp())


def _is_staff(c: Connection, member: str) -> bool:
    return bool(acting(circle.memberships(c, member), STAFF_ROLES))


def _said(text: Text, channel: str, given_at: datetime) -> Message:
    return Message(text, {"channel": channel, "mark": _mark(given_at)})


def _log(kind: str, member: str, channel: str) -> Log:
    return Log(kind, None, member, {"channel": channel})
