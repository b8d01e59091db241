"""One SQLite in memory per process: migrated and peopled once, put back for each seed."""

import itertools
import random
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection

from bot.care.circle import Role
from bot.care.hours import USUAL, Hours
from bot.care.outcome import NOBODY, Outcome
from bot.care.plan import Place, Plan, PlanState, Rung, RungKind
from bot.care.sign import Response, Sign, SignPlan, Stage, State, Template, Threshold
from bot.handlers import commands
from bot.i18n import Words
from bot.store import circle, heartbeat, schema, seed
from bot.store.commit import commit
from bot.store.tools import Tools, new_id
from bot.store.vault import SCHEMA, Vault
from tests import in_memory
from tests.quick import Known, Quick

T = TypeVar("T")

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

PEOPLE = ("Sam", "Amira", "Leo", "Ruth", "Jo", "Dev", "Priya", "Mina", "Alex")
PHONES = {name: 101 + n for n, name in enumerate(PEOPLE)}
"""Their Telegram accounts."""

STAFF = ("Jo", "Dev", "Priya", "Mina")
OUTSIDERS = ("Amira", "Leo", "Ruth", "Alex")

PLACES = ("Kestrel Mill", "Heron Pool")
"""Where Sam goes: words that nobody outside the team may ever read."""

SECOND = 1_000_000
"""The database counts microseconds."""

MINUTE = 60 * SECOND

WATCHED = (
    "inbox",
    "outbox",
    "deadline",
    "escalation",
    "journey",
    "flow",
    "member",
    "agreement",
    "telling",
    "switch",
    "glass",
    "observation",
    "sign_alert",
    "concern",
    "session",
    "booking",
    "stepping",
)

GRACE = 1
"""Minutes after which a check-in is missed."""

WAITS = (1, 2, 1)
"""Minutes from rung to rung. The plan is a hurried one, so that an hour's worth of trouble fits
into ten minutes."""

CARDS = {
    "night": Stage.EARLY,
    "silent": Stage.EARLY,
    "fast": Stage.MIDDLE,
    "flat": Stage.LATE,
    "sings": Stage.GOOD,
}
"""Of the plan of early signs, by their ids."""

THRESHOLDS = (
    (Template.ANY_LATE, 1, 1),
    (Template.DIFFERENT_IN_DAYS, 2, 7),
    (Template.SAME_DAYS_RUNNING, 1, 3),
    (Template.TWO_PEOPLE, 1, 7),
)


class Hurried(Hours):
    """A service that opens every moment, and for which a day is over in no time."""

    def is_open(self, at: datetime) -> bool:
        return True

    def opens_after(self, at: datetime) -> datetime:
        return at + timedelta(seconds=20)

    def closes(self, at: datetime) -> datetime:
        return at + timedelta(seconds=30)

    def by_day(self, at: datetime, days: int) -> datetime:
        return at + days * timedelta(seconds=40)


HOURS = Hurried(USUAL.week, USUAL.zone)


class Database:
    """`touched` are the tables that rows were changed in since it was last emptied; `versions`
    count the changes of each."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self.engine = in_memory.engine()
        keys = in_memory.engine({"schema_translate_map": {SCHEMA: None}})
        self._known = Known()
        self._random = random.Random(0)
        self._ids = itertools.count()
        self.vault = Vault(bytes(32), keys, lambda n: self._random.randbytes(n))
        self.raw: sqlite3.Connection = self.engine.raw_connection().driver_connection  # type: ignore[assignment]  # typed as whatever a driver has
        self.raw.deserialize(in_memory.migrated())
        self.touched: set[str] = set()
        self.raw.create_function("touched", 1, self.touched.add)
        for table in WATCHED:
            for kind in ("INSERT", "UPDATE", "DELETE"):
                self.raw.execute(
                    f"CREATE TRIGGER touched_{table}_{kind} AFTER {kind} ON {table} "
                    f"BEGIN SELECT touched('{table}'); END"
                )
        self.ids = self._peopled()
        self._template = self.raw.serialize()
        self.versions: dict[str, int] = {}
        self.news: dict[str, list[Any]] = {}

    def reset(self, number: int) -> None:
        """As at the start of every seed."""
        self.raw.deserialize(self._template)
        self._random = random.Random(f"{number}:bytes")
        self._ids = itertools.count()
        self.touched.clear()
        self.versions = dict.fromkeys(WATCHED, 0)
        self.news = {table: [] for table in WATCHED}

    def changed(self) -> frozenset[str]:
        """The tables that the transaction which has just ended wrote to."""
        tables = frozenset(self.touched)
        self.touched.clear()
        for table in tables:
            self.versions[table] += 1
        return tables

    def led_by_another(self, owner: str, now: datetime) -> bool:
        """Whether somebody else leads at this moment, by the row that says so."""
        until = round(now.timestamp() * 1_000_000)
        found = self.raw.execute("SELECT owner, until FROM leader").fetchone()
        return found is not None and found[0] != owner and found[1] > until

    def connect(self, tools: Tools) -> Quick:
        made = Quick(self.engine, self._known)
        made.execution_options(kith=tools)
        return made

    def new_id(self) -> str:
        """Like Kith's own ids to look at, in an order that repeats itself."""
        return f"{next(self._ids):05d}{self._random.randbytes(5).hex()}a"

    def tools(self, owner: str, *, alone: bool) -> Tools:
        return Tools(
            self.vault, self.new_id, owner=owner, alone=alone, hours=HOURS, channels=("sms",)
        )

    def _peopled(self) -> dict[str, str]:
        with self.connect(self.tools("seed", alone=True)) as c, c.begin():
            self.vault.prepare(c, fresh=True)
            ids = seed.seed_sample(c, START, PHONES)
            leo = schema.membership.c.member == ids["Leo"]
            c.execute(schema.membership.update().where(leo).values(role=Role.ATTORNEY.value))
            _plan(c, ids["Sam"], ids["Jo"])
            _signs(c, ids["Sam"], ids["Amira"], ids["Jo"])
            heartbeat.beat(c, START)
            _menus(c, self._words)
        return ids


def _rungs() -> tuple[Rung, ...]:
    kinds = (RungKind.KEY_WORKER, RungKind.ON_CALL, RungKind.MANAGER)
    return tuple(Rung(kind, wait) for kind, wait in zip(kinds, WAITS, strict=True))


def _plan(c: Connection, person: str, key_worker: str) -> None:
    agreed = Plan(
        id=new_id(c),
        person=person,
        version=1,
        state=PlanState.AGREED,
        places=tuple(Place(new_id(c), name) for name in PLACES),
        longest=120,
        rungs=_rungs(),
        what_to_do="Ring Sam.",
        drafted_by=key_worker,
        drafted_at=START - timedelta(days=1),
        agreed_at=START - timedelta(days=1),
        nudges=(0, 1),
        grace=GRACE,
        extra=25,
        ask_again=2,
        police_after=5,
    )
    commit(c, Outcome(records=(agreed,)), NOBODY, START)


def _signs(c: Connection, person: str, carer: str, key_worker: str) -> None:
    """A plan of early signs, in force."""
    before = START - timedelta(days=1)
    wanted = [(f"when{n}", key_worker, *one) for n, one in enumerate(THRESHOLDS)]
    agreed = SignPlan(
        new_id(c),
        person,
        1,
        State.ACTIVE,
        key_worker,
        before,
        START + timedelta(days=90),
        signs=tuple(Sign(id, stage, id, carer, before) for id, stage in CARDS.items()),
        thresholds=tuple(
            Threshold(id, template, by, count, days) for id, by, template, count, days in wanted
        ),
        responses=tuple(Response(stage, _rungs(), "Ring Sam.") for stage in CARDS.values()),
        co_authors=(person, carer, key_worker),
        active_at=before,
    )
    commit(c, Outcome(records=(agreed,)), NOBODY, START)


def _menus(c: Connection, words: Words) -> None:
    """Telegram shows everybody their menu already."""
    for one in circle.menus(c):
        circle.menu_shown(
            c, one.telegram, commands.menu(words, one.locale, frozenset(one.roles)).mark
        )


@cache
def database(words: Words) -> Database:
    return Database(words)


def in_one(c: Connection, fn: Callable[[Connection], T]) -> T:
    """Run `fn` in a transaction, now."""
    with c.begin():
        return fn(c)
