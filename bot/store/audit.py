"""An audit pass: whether anything that must have happened by now has not. It looks only."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, and_, func, or_, select

from bot.care import escalation as alerts
from bot.care import journey as journeys
from bot.care.circle import STAFF_ROLES
from bot.care.outcome import Lane
from bot.store import escalation as escalations
from bot.store import heartbeat
from bot.store import ladder as ladders
from bot.store.schema import (
    deadline,
    escalation,
    fallback,
    inbox,
    journey,
    ledger,
    ledger_seal,
    membership,
    outbox,
)

PATIENCE = timedelta(seconds=60)
"""What has been due for longer is overdue."""

REACHES = timedelta(minutes=5)
"""By then somebody has an alert on their phone, whatever the ladder is still trying."""

_NEEDS_NOBODY = ("closed", "held")
"""Why no other way is needed, as `care.contact.needless` says it: somebody has the alert."""

_WAITS = (journeys.State.OUT.value, journeys.State.NUDGED.value)


def overdue(c: Connection, now: datetime) -> list[str]:
    """What is overdue and unhandled, as sentences with nobody in them; none: all is well."""
    by = now - PATIENCE
    found = (
        ("Something due has not been seen to.", _some(c, deadline, deadline.c.due_at <= by)),
        ("Somebody is out, and nothing will look.", _unwatched_outing(c)),
        ("An alert is open, and nothing will look.", _unwatched_alert(c)),
        ("An alert has not left.", _some(c, outbox, *_unsent(by))),
        ("An alert has reached nobody.", _reached_nobody(c, now)),
        ("What somebody wrote has not been read.", _some(c, inbox, *_unread(by))),
        ("The ledger has not been sealed.", _unsealed(c, by)),
        ("Nothing has been written.", _unwritten(c, by)),
    )
    return [sentence for sentence, true in found if true]


def _unsent(by: datetime) -> tuple[ColumnElement[bool], ...]:
    """A safety message that Telegram has not taken, nor any other way."""
    other_way = select(fallback.c.id).where(
        fallback.c.message == outbox.c.id,
        or_(
            fallback.c.state == "sent",
            and_(fallback.c.state == "needless", fallback.c.reason.in_(_NEEDS_NOBODY)),
        ),
    )
    return (
        outbox.c.lane == Lane.SAFETY.value,
        outbox.c.state.in_(("waiting", "sending")),
        outbox.c.created_at <= by,
        ~other_way.exists(),
    )


def _unread(by: datetime) -> tuple[ColumnElement[bool], ...]:
    return inbox.c.state == "open", inbox.c.received_at <= by


def _unwatched_outing(c: Connection) -> bool:
    return _some(c, journey, journey.c.state.in_(_WAITS), ~_looked_at(journeys.KIND, journey))


def _unwatched_alert(c: Connection) -> bool:
    stands = escalation.c.state != alerts.State.CLOSED.value
    return _some(c, escalation, stands, ~_looked_at(alerts.KIND, escalation))


def _reached_nobody(c: Connection, now: datetime) -> bool:
    """An alert that nobody has taken, and no phone of staff has got. One from which all of the
    team are kept is told to nobody rightly."""
    alert, staff = escalation.c, select(membership.c.member)
    staff = staff.where(membership.c.role.in_([role.value for role in STAFF_ROLES]))
    other_way = select(fallback.c.id).where(
        fallback.c.message == outbox.c.id, fallback.c.state == "sent"
    )
    told = select(outbox.c.id).where(
        outbox.c.params["escalation"].as_string() == alert.id,
        outbox.c.member.in_(staff),
        outbox.c.member != alert.person,
        or_(outbox.c.state == "sent", other_way.exists()),
    )
    query = select(alert.id).where(
        alert.state != alerts.State.CLOSED.value,
        alert.cause != alerts.Cause.DRILL.value,
        alert.holder.is_(None),
        alert.opened_at <= now - REACHES,
        ~told.exists(),
    )
    for id in c.execute(query).scalars().all():
        found = escalations.escalation(c, id)
        if found is not None and not ladders.kept_from_all(c, found, now):
            return True
    return False


def _unwritten(c: Connection, by: datetime) -> bool:
    """The database takes nothing any more, so that no call for help would be kept either."""
    alive = heartbeat.alive(c)
    return alive is None or alive <= by


def _looked_at(kind: str, table: Table) -> ColumnElement[bool]:
    mine = and_(deadline.c.kind == kind, deadline.c.key == table.c.id)
    return select(deadline.c.key).where(mine).exists()


def _unsealed(c: Connection, by: datetime) -> bool:
    """Lines are sealed in their order: those that are not are the newest."""
    newest = select(func.max(ledger.c.number)).join(ledger_seal, ledger_seal.c.line == ledger.c.id)
    sealed = c.execute(newest).scalar_one() or 0
    return _some(c, ledger, ledger.c.number > sealed, ledger.c.at <= by)


def _some(c: Connection, table: Table, *where: ColumnElement[bool]) -> bool:
    return c.execute(select(1).select_from(table).where(*where).limit(1)).first() is not None
