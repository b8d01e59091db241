"""Sam's early-warning plan and what is noticed under it, for the tests of the store."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.care.escalation import Cause as Why
from bot.care.escalation import Escalation
from bot.care.plan import Rung, RungKind
from bot.care.sign import Response, Sign, SignPlan, Stage, Template, Threshold
from bot.care.sign import State as PlanState
from bot.store import circle, escalation, noticing, schema
from bot.store.commit import KEEP
from tests.conftest import NOON
from tests.oak import Oak

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NEXT_MORNING = NOON.replace(hour=8, minute=0) + timedelta(days=1)  # 9:00 in London

SIGNS = {
    "night": (Stage.EARLY, "Up in the night"),
    "quiet": (Stage.EARLY, "Not answering messages"),
    "fast": (Stage.MIDDLE, "Talking very fast"),
    "flat": (Stage.LATE, "Says people are watching the flat"),
    "cooks": (Stage.GOOD, "Cooks for friends"),
}
EARLY = (Rung(RungKind.KEY_WORKER, 60), Rung(RungKind.MANAGER, 60))
LATE = (Rung(RungKind.ON_CALL, 15), Rung(RungKind.KEY_WORKER, 15), Rung(RungKind.MANAGER, 15))


def in_force(oak: Oak) -> SignPlan:
    """Sam's plan, put in force."""
    made = SignPlan(
        id="plan",
        person=oak.sam,
        version=1,
        state=PlanState.ACTIVE,
        drafted_by=oak.jo,
        drafted_at=NOON,
        review_at=NOON + timedelta(days=90),
        signs=tuple(Sign(id, stage, name, oak.sam, NOON) for id, (stage, name) in SIGNS.items()),
        thresholds=(
            Threshold("late", Template.ANY_LATE, oak.sam),
            Threshold("two", Template.DIFFERENT_IN_DAYS, oak.sam, count=2, days=7),
        ),
        responses=(Response(Stage.EARLY, EARLY, "Ring Sam."), Response(Stage.LATE, LATE, "Visit.")),
        active_at=NOON,
    )
    KEEP[SignPlan](oak.c, made)
    return made


def notice(oak: Oak, who: str, card: str | None, now: datetime = NOON, *, worry: int = 2) -> str:
    """This one of them has noticed something about Sam; the observation's id."""
    held = circle.memberships(oak.c, oak.ids[who.capitalize()])[0]
    noticing.notice(oak.c, held, oak.sam, card, 0, worry, "in confidence", now)
    newest = select(schema.observation.c.id).order_by(schema.observation.c.at.desc())
    return str(oak.c.execute(newest).scalars().first())


def alerts(oak: Oak) -> list[Escalation]:
    return escalation.standing(oak.c, oak.sam, list(Why))


def alert(oak: Oak) -> Escalation:
    (found,) = alerts(oak)
    return found


def queued(oak: Oak, *, since: int = 0) -> list[tuple[str, str]]:
    """Who is told which text, in order, but for the receipts of noticing."""
    rows = oak.c.execute(select(schema.outbox).order_by(schema.outbox.c.number)).all()
    told = [(circle.name(oak.c, row.member), row.text) for row in rows]
    return [one for one in told if not one[1].startswith("noticing.")][since:]


def due(oak: Oak, kind: str) -> list[datetime]:
    moments = select(schema.deadline.c.due_at).where(schema.deadline.c.kind == kind)
    return list(oak.c.execute(moments.order_by(schema.deadline.c.due_at)).scalars())
