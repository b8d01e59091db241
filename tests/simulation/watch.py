"""What has been seen so far: the database after each commit, what left, and how steady all was."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.care.agreement import Effect
from bot.care.outcome import Cause
from tests.simulation.database import PHONES, SECOND, START
from tests.simulation.sharing import AROUND
from tests.simulation.telegram import Send

if TYPE_CHECKING:
    from tests.simulation.kith import Kith
    from tests.simulation.world import World


class Alert(NamedTuple):
    """A row of the table escalation, as far as it is looked at."""

    id: str
    state: str
    cause: str
    subject: str
    rung: int
    round: int
    current: str | None
    holder: str | None
    due_at: int | None
    version: int
    rungs: str

    @property
    def ladder(self) -> list[list[Any]]:
        """Of each rung its kind, and the minutes that it has."""
        return _ladder(self.rungs)

    @property
    def place(self) -> int:
        """How many rungs were told before this one."""
        return self.round * len(self.ladder) + self.rung


class Outing(NamedTuple):
    id: str
    state: str
    due_at: int
    heard_at: int | None
    escalation: str | None
    ended_at: int | None
    version: int
    started_at: int
    back_at: int | None
    slack: int
    stretches: str | None
    phone_low: int

    @property
    def used(self) -> list[str]:
        """The slow stretches that were used."""
        found: list[str] = json.loads(self.stretches or "[]") or []
        return found


class Row(NamedTuple):
    """A message of the outbox."""

    number: int
    id: str
    member: str
    lane: int
    text: str
    state: str
    reason: str | None
    owner: str | None
    lease_until: int | None
    not_before: int
    created_at: int
    attempts: int
    params: str
    about: str | None

    @property
    def live(self) -> bool:
        return self.state in ("waiting", "sending")


@dataclass(frozen=True)
class Commit:
    """One transaction that stands, with the records it changed: before (if they were) and after."""

    kith: "Kith | None"
    what: str
    cause: Cause | None
    at: int
    tables: frozenset[str]
    alerts: list[tuple[Alert | None, Alert]]
    outings: list[tuple[Outing | None, Outing]]
    rows: list[tuple[Row | None, Row]]
    ended: list[int]
    logs: list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Raised:
    """A concern: who wrote it, in which words, and the members whom they mean by it."""

    by: str
    words: str
    about: frozenset[str]


@dataclass
class Watch:
    """Times are seconds of the loop, but in records: microseconds of Kith's time."""

    world: "World"
    alerts: dict[str, Alert] = field(default_factory=dict)
    needless: set[str] = field(default_factory=set)
    outings: dict[str, Outing] = field(default_factory=dict)
    deadlines: dict[tuple[str, str], int] = field(default_factory=dict)
    inbox: dict[int, tuple[int, str]] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    claims: dict[str, list[tuple[str, int, float]]] = field(default_factory=dict)
    sends: dict[str, list[Send]] = field(default_factory=dict)
    effects: dict[int, str] = field(default_factory=dict)
    told_at: dict[str, int] = field(default_factory=dict)
    asked_at: dict[str, int] = field(default_factory=dict)
    closed_at: dict[str, float] = field(default_factory=dict)
    heard_at: dict[str, float] = field(default_factory=dict)
    hurried: set[str] = field(default_factory=set)
    left_at: dict[str, float] = field(default_factory=dict)
    quiet: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    off: list[tuple[int, int | None]] = field(default_factory=list)
    steady_since: float = 0.0
    seen: set[str] = field(default_factory=set)
    judged: dict[tuple[str, int], Effect | None] = field(default_factory=dict)
    said_yes: set[str] = field(default_factory=set)
    around: frozenset[str] = frozenset()
    shared: dict[tuple[str, str, str], int] = field(default_factory=dict)
    noticed: set[str] = field(default_factory=set)
    raised: dict[str, Raised] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    dates: set[str] = field(default_factory=set)
    _line: int = 0
    _lowest: int = 1

    def __post_init__(self) -> None:
        self._line = self._one("SELECT coalesce(max(number), 0) FROM ledger")
        self._read(frozenset(("deadline",)))
        self.shared = self.agreed()
        self.around = frozenset(self.world.database.ids[name] for name in AROUND)

    # --- what happens ---------------------------------------------------------------------

    def committed(
        self, kith: "Kith | None", what: str, cause: Cause | None, tables: frozenset[str]
    ) -> None:
        """Read what has changed and ask every invariant of a commit."""
        if not tables:
            return
        from tests.simulation import invariants

        alerts, outings, inbox = self.alerts, self.outings, self.inbox
        rows = self._read(tables)
        commit = Commit(
            kith,
            what,
            cause,
            micro(self.world.moment()),
            tables,
            _changed(alerts, self.alerts),
            _changed(outings, self.outings),
            rows,
            _ended(inbox, self.inbox),
            self._logs(),
        )
        by = "by hand" if kith is None else kith.name
        self.world.tell(f"{by}: {what}, {_told(commit)}")
        self._note(commit)
        self._ask(invariants.COMMITTED, commit)
        self._remember(commit)

    def sent(self, send: Send) -> None:
        from tests.simulation import invariants

        self._ask(invariants.SENT, send)
        if send.row is not None:
            self.sends.setdefault(send.row, []).append(send)

    def confirmed(self, update: int) -> None:
        if not self._one('SELECT count(*) FROM inbox WHERE "update" = ?', update):
            self.world.wrong(f"update {update} was confirmed, and nobody has it")

    def looks(self) -> None:
        from tests.simulation import invariants

        self._ask(invariants.LOOKED, self.world.loop.time())

    def at_rest(self) -> None:
        from tests.simulation import invariants

        self._ask(invariants.RESTED, None)

    def unsteady(self) -> None:
        """A process began, ended or stood still: deadlines may be late for a moment."""
        self.steady_since = max(
            self.world.loop.time(), *(kith.still_until for kith in self.world.kiths), 0.0
        )

    def running(self, somebody: bool) -> None:
        now = micro(self.world.moment())
        if not somebody:
            self.off.append((now, None))
        elif self.off and self.off[-1][1] is None:
            self.off[-1] = (self.off[-1][0], now)

    def left(self, member: str) -> None:
        self.left_at[member] = self.world.loop.time()

    # --- what is asked --------------------------------------------------------------------

    @property
    def steady(self) -> float:
        """For so many seconds some process has run undisturbed, and no other came or went."""
        return self.world.loop.time() - self.steady_since if self.world.kiths else 0.0

    def alert(self, id: str) -> tuple[str, str | None]:
        found = self.alerts.get(id)
        return ("closed", None) if found is None else (found.state, found.holder)

    def waits_for_sam(self) -> bool:
        return any(outing.state in ("out", "nudged") for outing in self.outings.values())

    def moment(self) -> int:
        """The true time, as the database counts."""
        return micro(self.world.moment())

    def member(self, account: int) -> str:
        name = self.world.people.name(account)
        return self.world.database.ids.get(name, "")

    def account(self, member: str) -> int:
        return next(PHONES[name] for name, id in self.world.database.ids.items() if id == member)

    def agreed(self) -> dict[tuple[str, str, str], int]:
        """How much Sam's own word shares now: of a topic, in a situation, with a supporter."""
        now = micro(self.world.moment())
        return {(who, topic, when): level for who, topic, when, level in self.cells(AGREED, now)}

    def cells(self, sql: str, *params: Any) -> list[Any]:
        return self.world.database.raw.execute(sql, params).fetchall()

    # --- inside ---------------------------------------------------------------------------

    def _ask(self, checks: Any, event: Any) -> None:
        for check in checks:
            sentence = check(self, event)
            if sentence is not None:
                name = check.__name__.replace("_", " ")
                self.world.wrong(f"{name}: {sentence}")

    def _one(self, sql: str, *params: Any) -> Any:
        return self.world.database.raw.execute(sql, params).fetchone()[0]

    def _read(self, tables: frozenset[str]) -> list[tuple[Row | None, Row]]:
        """Says which messages of the outbox have changed."""
        changed: list[tuple[Row | None, Row]] = []
        if "escalation" in tables:
            self.alerts = {r[0]: Alert._make(r) for r in self.cells(ALERTS)}
        if "journey" in tables:
            self.outings = {r[0]: Outing._make(r) for r in self.cells(OUTINGS)}
        if "deadline" in tables:
            self.deadlines = {(r[0], r[1]): r[2] for r in self.cells(DEADLINES)}
        if "inbox" in tables:
            self.inbox = self.inbox | {r[0]: (r[1], r[2]) for r in self.cells(INBOX)}
        if "outbox" in tables:
            now = [*map(Row._make, self.cells(ROWS, self._lowest))]
            before = self.rows.get
            changed = [(before(r.id), r) for r in now if before(r.id) != r]
            self.rows |= {row.id: row for row in now}
            live = [row.number for row in now if row.live]
            newest = max((row.number for row in now), default=self._lowest - 1)
            self._lowest = min(live, default=newest + 1)
        return changed

    def _logs(self) -> list[tuple[str, dict[str, Any]]]:
        found = self.cells("SELECT number, kind, facts FROM ledger WHERE number > ?", self._line)
        if found:
            self._line = found[-1][0]
        return [(kind, json.loads(facts)) for _, kind, facts in found]

    def _note(self, commit: Commit) -> None:
        self.seen.update(kind for kind, _ in commit.logs)
        if commit.what == "claim" and commit.kith is not None:
            for _, row in commit.rows:
                if row.state == "sending":
                    claim = (commit.kith.name, row.attempts, self.world.loop.time())
                    self.claims.setdefault(row.id, []).append(claim)

    def decided_at(self, commit: Commit) -> int:
        """A process that stood still on its way here had looked at the clock before."""
        if commit.kith is None:
            return commit.at
        still = max(0.0, commit.kith.still_until - commit.kith.still_since)
        lately = self.world.loop.time() - commit.kith.still_until < 10
        return commit.at - round(still * SECOND) if lately else commit.at

    def _remember(self, commit: Commit) -> None:
        for before, after in commit.alerts:
            kinds = kinds_of(commit, after.id)
            if before is None or before.place != after.place:
                self.told_at[after.id] = self.decided_at(commit)
                self.hurried.discard(after.id)
            if after.state == "closed":
                self.closed_at.setdefault(after.id, self.world.loop.time())
            if "escalation_raised" in kinds:
                self.hurried.add(after.id)
            if "escalation_asked" in kinds:
                self.asked_at[after.id] = self.decided_at(commit)
        for was, outing in commit.outings:
            if was is not None and was.heard_at != outing.heard_at:
                self.heard_at[outing.id] = self.world.loop.time()


ALERTS = """SELECT id, state, cause, subject, rung, round, current, holder, due_at, version,
rungs FROM escalation"""
OUTINGS = """SELECT id, state, due_at, heard_at, escalation, ended_at, version, started_at,
back_at, slack, stretches, phone_low FROM journey"""
DEADLINES = "SELECT kind, key, due_at FROM deadline"
INBOX = 'SELECT "update", chat, state FROM inbox'
AGREED = """SELECT supporter, topic, situation, max(level) FROM agreement
JOIN sharing ON sharing.agreement = agreement.id
WHERE state = 'active' AND choice = 'share' AND basis = 'consent'
AND (until IS NULL OR until > ?) GROUP BY supporter, topic, situation"""
ROWS = """SELECT number, id, member, lane, text, state, reason, owner, lease_until, not_before,
created_at, attempts, params, about FROM outbox WHERE number >= ?"""


@cache
def _ladder(rungs: str) -> list[list[Any]]:
    found: list[list[Any]] = json.loads(rungs)
    return found


def micro(moment: datetime) -> int:
    return round((moment - START).total_seconds() * SECOND) + round(START.timestamp()) * SECOND


def kinds_of(commit: Commit, alert: str) -> set[str]:
    """The kinds of the ledger's lines that this commit wrote about this alert."""
    return {kind for kind, facts in commit.logs if facts.get("escalation") == alert}


def facts_of(commit: Commit, kind: str) -> list[dict[str, Any]]:
    """What the lines of this kind say that this commit wrote."""
    return [facts for of, facts in commit.logs if of == kind]


def _changed(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[Any, Any]]:
    if after is before:
        return []
    return [(before.get(id), record) for id, record in after.items() if before.get(id) != record]


def _ended(before: dict[int, tuple[int, str]], after: dict[int, tuple[int, str]]) -> list[int]:
    if after is before:
        return []
    new = (0, "open")
    return [u for u, (_, s) in after.items() if s != "open" == before.get(u, new)[1]]


def _told(commit: Commit) -> str:
    parts = [f"alert {a.state} rung {a.rung} holder {a.holder}" for _, a in commit.alerts]
    parts += [f"outing {o.state}" for _, o in commit.outings]
    parts += [f"{r.id} {r.text} {r.state} {r.reason or ''}".rstrip() for _, r in commit.rows]
    parts += [f"update {u} ended" for u in commit.ended]
    return "; ".join(parts) or ", ".join(sorted(commit.tables))
