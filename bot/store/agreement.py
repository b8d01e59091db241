"""The gate, asked of the database: load the facts, decide. The outbox keeps what it said."""

from datetime import datetime

import structlog
from sqlalchemy import Connection

from bot.care import agreement as care
from bot.care.agreement import Decision, Effect, Facts, Reason, Recipient
from bot.care.circle import SUPPORTERS
from bot.care.outcome import About
from bot.store import circle
from bot.store.trouble import is_trouble

log = structlog.get_logger(__name__)


def ask(c: Connection, to: str, about: About, now: datetime) -> Decision:
    """May this be said to `to` now, and why. Any error is a no; but a database that is away has
    not been asked: that is raised, and asked again."""
    try:
        return care.decide(_facts(c, to, about, now), about)
    except Exception as error:  # an error must never become a word told: it is a no
        if is_trouble(error):
            raise
        log.error("the gate could not be asked", person=about.person, error=type(error).__name__)
        return Decision(Effect.WITHHOLD, Reason.ERROR)


def _facts(c: Connection, to: str, about: About, now: datetime) -> Facts:
    person = circle.member(c, about.person)
    recipient = circle.member(c, to)
    return Facts(
        person=about.person,
        person_left=person is None or person.left_at is not None,
        team=circle.team_of(c, about.person),
        recipient=None if recipient is None else _recipient(c, to, about, recipient.left_at, now),
    )


def _recipient(
    c: Connection, to: str, about: About, left_at: datetime | None, now: datetime
) -> Recipient:
    roles = circle.memberships(c, to)
    return Recipient(
        member=to,
        left=left_at is not None,
        teams=circle.works_in(c, to, now),
        circle=any(m.role in SUPPORTERS and m.person == about.person for m in roles),
    )
