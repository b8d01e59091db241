"""A Monday morning in a large service: reviews, reminders and a new date for everybody, and missed
check-ins all the while."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select

from benchmarks import service
from benchmarks.alert import waits
from benchmarks.measure import Figure, Verdict, apart, median, quantile
from benchmarks.service import SECOND, Person
from benchmarks.telegram import telegram
from bot.care.circle import Member, Membership, Role, Support
from bot.care.education import Repeats, Session, State, Subject
from bot.care.morning import KIND as MORNING
from bot.care.outcome import NOBODY, Cause, Lane, Outcome
from bot.care.round import SPREAD
from bot.store import booking, circle, education, morning, schema
from bot.store import plan as plans
from bot.store.commit import close, commit
from bot.store.memory import Memory
from bot.store.tools import new_id
from bot.waking import PEEK

PEERS = ()
OPENS = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday, in the second in which the service opens."""

A_TEAM = 125
"""So many people to a team of ten staff: a manager, a lead on call, and eight key workers."""

WORKERS = 8
CARERS = 2
"""So many carers to a person."""

DUE = 5
"""One person in so many has a review that is due today."""

BOOKED = 10
"""One person in so many has a carer who has booked the session of tomorrow."""

FIRST = 0.5
"""This share of the check-ins is missed while everything is being written down."""

AT_ONCE = 60.0
"""Seconds that are allowed for that."""

UP_BEFORE = 0.005
"""Seconds for each person by which Kith is up before: a start looks through everybody's menu."""

PATIENCE, PATIENCE_EACH = 60.0, 0.5
"""Seconds within which everything must have left; so many more for each person."""

WINDOW = 10.0
"""Seconds over which it is counted how many messages leave: one of them takes longer than the
other to the API, so that a single second there may hold one more than has left in it."""

MEMBERS = 6_000_000
"""Telegram ids begin here."""

HEARD = {
    "morning.": "staff: reviews that need them",
    "review.would_you_come": "people: would you like to come?",
    "education.tomorrow": "those who booked: it is tomorrow",
    "education.new": "everybody: a new date",
    "escalation.": "alerts",
}


@dataclass(frozen=True, slots=True)
class Size:
    rounds: int
    people: int
    alerts: int
    seconds: float


FULL = Size(rounds=1, people=5_000, alerts=200, seconds=400)
QUICK = Size(rounds=1, people=12, alerts=2, seconds=0.3)


class Monday:
    """The machine's clock on another day."""

    hand_set = False

    def __init__(self, now: datetime) -> None:
        self.set(now)

    def set(self, now: datetime) -> None:
        self._ahead = now - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead


async def kith(api: str, people: int, alerts: int, seconds: float) -> dict[str, Any]:
    """Everything falls due as the service opens; it ends when nobody waits for a message."""
    clock = Monday(OPENS - timedelta(hours=12))
    with service.folder() as data:
        using = service.settings(data, api)
        async with service.memory(using, clock) as memory:
            for first in range(0, people, A_TEAM):
                some = range(first, min(people, first + A_TEAM))
                await memory.write(_team, some, clock.now())
            await memory.write(_tomorrow, clock.now())
            ends = [OPENS + SECOND * after for after in _moments(alerts, seconds)]
            missing = await service.make_people(memory, alerts)
            for person, at in zip(missing, ends, strict=True):
                await _misses(memory, person, at)
            await memory.write(service.all_sent, clock.now())
            await memory.write(morning.begin, clock.now())
            clock.set(OPENS - SECOND * (2 + people * UP_BEFORE))
            shift = time.monotonic() - clock.now().timestamp()
            async with service.running(using, memory):
                await asyncio.sleep((OPENS - clock.now()).total_seconds())
                await memory.write(_new_date, clock.now())
                async with asyncio.timeout(seconds + PATIENCE + people * PATIENCE_EACH):
                    while await memory.survey(_to_write, clock.now()):  # noqa: ASYNC110 -- from outside
                        await asyncio.sleep(PEEK / 4)
                    written = (clock.now() - OPENS).total_seconds()
                    await asyncio.sleep(max(0.0, (ends[-1] - clock.now()).total_seconds()) + PEEK)
                    while await memory.survey(_waiting):  # noqa: ASYNC110 -- from outside
                        await asyncio.sleep(PEEK)
                given = [
                    (p.worker_chat, e.timestamp() + shift)
                    for p, e in zip(missing, ends, strict=True)
                ]
                return {
                    "sent": (given, time.monotonic()),
                    "written": written,
                    "told": await memory.survey(_told),
                    "theirs": await memory.survey(_theirs),
                }


def _moments(alerts: int, seconds: float) -> list[float]:
    """Seconds after the opening: many at the start, the others while the rest is sent."""
    early = max(1, int(alerts * FIRST))
    soon = min(AT_ONCE, seconds)
    later = alerts - early
    return [soon * n / early for n in range(early)] + [
        soon + (seconds - soon) * (n + 1) / later for n in range(later)
    ]


async def _misses(memory: Memory, person: Person, ends: datetime) -> None:
    """This one has been asked twice; the ten minutes of grace end then."""
    back = ends - timedelta(minutes=10)
    ids = await service.send_all_off(memory, [person], back, back - timedelta(hours=1))
    await service.ask_all_twice(memory, ids, back)
    await memory.write(_wants_no_dates, person, back)


def _wants_no_dates(c: Connection, person: Person, now: datetime) -> None:
    """Whoever is asked about a missed check-in gets nothing else: what comes is the alert."""
    here = circle.present(c, person.worker_chat)
    assert here is not None
    education.hear_of_dates(c, False, here.member.id, now)


def _team(c: Connection, numbers: range, now: datetime) -> None:
    team = new_id(c)
    c.execute(insert(schema.team).values(id=team, name=f"Team {numbers[0]}", phone=None))
    account = MEMBERS + numbers[0] * 10
    long_ago = now - timedelta(days=100)

    def here(role: Role, person: str | None = None) -> str:
        nonlocal account
        account += 1
        id = new_id(c)
        member = Member(id, account, f"Somebody {account}", None, "en_GB", long_ago)
        held = Membership(new_id(c), id, role, team, person, long_ago)
        commit(c, Outcome(records=(member, held)), NOBODY, now)
        circle.menu_shown(c, account, service.menu_of(role))
        return id

    here(Role.MANAGER)
    here(Role.ON_CALL_LEAD)
    workers = [here(Role.STAFF) for _ in range(WORKERS)]
    for n in numbers:
        person, worker = here(Role.PERSON), workers[n % WORKERS]
        support = Support(new_id(c), worker, person, True, long_ago)
        commit(c, Outcome(records=(support,)), NOBODY, now)
        for _ in range(CARERS):
            here(Role.CARER, person)
        due = n % DUE == 0
        plans.sample(c, person, worker, OPENS - timedelta(days=28) if due else now)


def _session(c: Connection, starts_at: datetime, made_at: datetime) -> Session:
    """One that is the whole service's, with room for all."""
    id = new_id(c)
    day: date = starts_at.date()
    return Session(
        id=id,
        series=id,
        team=None,
        by=None,
        subject=Subject.CRISIS,
        starts_at=starts_at,
        minutes=90,
        made_at=made_at,
        rule_day=day,
        place="The library",
        repeats=Repeats.NO,
        state=State.DRAFT,
    )


def _tomorrow(c: Connection, now: datetime) -> None:
    """A session that everybody knows of, booked by some; the reminder of the day is to come."""
    fresh = _session(c, OPENS + timedelta(days=1, hours=5), now - timedelta(days=7))
    outcome = education.publish(c, fresh, None, now)
    for wake in outcome.wakes:
        if wake.kind == SPREAD:
            close(c, Cause(deadline=(wake.kind, wake.key)))
    table = schema.membership
    carers = select(table.c.member).where(table.c.role == Role.CARER.value).order_by(table.c.since)
    for member in c.execute(carers).scalars().all()[:: CARERS * BOOKED]:
        booking.book(c, fresh.id, member, now)


def _new_date(c: Connection, now: datetime) -> None:
    education.publish(c, _session(c, OPENS + timedelta(days=60), now), None, now)


def _to_write(c: Connection, now: datetime) -> int:
    """What is due of a morning or of a date, and has not been done."""
    table = schema.deadline
    mass = (MORNING, SPREAD, "session")
    due = select(func.count()).where(table.c.kind.in_(mass), table.c.due_at <= now)
    number: int = c.execute(due).scalar_one()
    return number


def _waiting(c: Connection) -> int:
    """What has still to leave, alerts aside: nobody answers them, so that they go on."""
    table = schema.outbox
    left = table.c.state.in_(("waiting", "sending")) & (table.c.lane > int(Lane.SAFETY))
    number: int = c.execute(select(func.count()).where(left)).scalar_one()
    return number


def _told(c: Connection) -> list[tuple[str, int, int, float]]:
    """Text by text: how many messages, to how many members, seconds until the last has left."""
    table = schema.outbox
    since = table.c.created_at >= OPENS
    last = func.max(table.c.sent_at)
    rows = c.execute(
        select(table.c.text, func.count(), func.count(table.c.member.distinct()), last)
        .where(since, table.c.state == "sent")
        .group_by(table.c.text)
    )
    return [(t, n, members, (at - OPENS).total_seconds()) for t, n, members, at in rows]


def _theirs(c: Connection) -> list[tuple[int, int]]:
    """By chat: how many messages each member beside those with an alert has been sent."""
    table, member = schema.outbox, schema.member
    since = table.c.created_at >= OPENS
    rows = c.execute(
        select(member.c.telegram, func.count())
        .join(member, member.c.id == table.c.member)
        .where(since, table.c.state == "sent", member.c.telegram >= MEMBERS)
        .group_by(member.c.telegram)
    )
    return [(chat, number) for chat, number in rows]


def busiest(arrived: Sequence[float]) -> float:
    """Messages a second in the busiest `WINDOW`; `arrived` are moments, in order."""
    found, first = 0, 0
    for last, at in enumerate(arrived):
        while arrived[first] <= at - WINDOW:
            first += 1
        found = max(found, last - first + 1)
    return found / WINDOW


def lines(told: Sequence[tuple[str, int, int, float]]) -> Iterator[tuple[str, ...]]:
    """The table: what is of one kind together."""
    for begins, what in HEARD.items():
        of_kind = [one for one in told if one[0].startswith(begins)]
        messages, members = sum(n for _, n, _, _ in of_kind), sum(m for _, _, m, _ in of_kind)
        last = max((seconds for *_, seconds in of_kind), default=0.0)
        yield what, f"{messages:,}", f"{members:,}", f"{last:,.1f}"


def measure(size: Size, *, peers: bool = True) -> Figure:  # noqa: ARG001 -- nobody has such a morning
    late: list[float] = []
    peak, odd = 0.0, 0
    for _ in range(size.rounds):
        with telegram() as api:
            done = apart(
                "benchmarks.monday:kith",
                api=api.address,
                people=size.people,
                alerts=size.alerts,
                seconds=size.seconds,
            )
            arrived = [one for one in api.arrived() if one[2] == "sendMessage"]
        given, ended = done["sent"]
        late += waits(arrived, ([(chat, at) for chat, at in given], ended))
        peak = max(peak, busiest([at for at, *_ in arrived]))
        told = [(str(t), int(n), int(m), float(s)) for t, n, m, s in done["told"]]
        odd += sum(n - m for text, n, m, _ in told if not text.startswith("escalation."))
        came = Counter(chat for _, chat, _, _ in arrived if chat >= MEMBERS)
        kept = Counter({int(chat): int(number) for chat, number in done["theirs"]})
        odd += sum(((came - kept) + (kept - came)).values())
    p99 = quantile(late, 0.99)
    staff = size.people // A_TEAM * (WORKERS + 2)
    return Figure(
        name="monday",
        title="A Monday morning in a large service",
        how=f"{size.people:,} people, {staff:,} staff in teams of ten, {CARERS * size.people:,}"
        f" carers. As the service opens, one person in {DUE} has a review that is due, those who"
        " booked the session of tomorrow are reminded, and a new date is told to everybody; Kith"
        f" sends 30 messages a second at most, 8 of them kept for safety. Meanwhile {size.alerts}"
        f" check-ins are missed: half of them in the first {min(AT_ONCE, size.seconds):g} s, while"
        " all of it is being written down, the others while it is sent. An alert's time is from"
        " the end of the grace to the request at the API.",
        columns=("what", "messages", "members", "s until the last has left"),
        rows=tuple(lines(told)),
        verdicts=(
            Verdict("a missed check-in leaves within 1 s (p99)", f"{p99:.3f} s", p99 <= 1.0),
            Verdict(f"at most 30 messages a second in any {WINDOW:g} s", f"{peak:.1f}", peak <= 30),
            Verdict(
                "one message of a kind to a member, none lost and none twice",
                f"{odd} too many or too few",
                odd == 0,
            ),
        ),
        notes=(
            f"All of it was written down after {done['written']:.1f} s. A missed check-in left"
            f" after {median(late):.3f} s in the median, {max(late):.3f} s at the most.",
        ),
    )
