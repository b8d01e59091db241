"""A connection that runs a statement it has seen before without asking what it means again.

SQLAlchemy takes several times as long to prepare a statement as SQLite takes to run it. What is
run, what is given and what comes back is as it was the first time: only the way there is shorter.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import CursorResult, IteratorResult, Row

Values = Mapping[str, Any]

Slot = tuple[str | None, int | None, Any, Any]
"""What is bound at one place: a value by its name, or one of several; how it is made what the
driver takes; or what it always is."""


@dataclass(frozen=True, slots=True)
class _Plan:
    sql: str
    slots: tuple[Slot, ...]
    meta: Any

    def bound(self, given: Values) -> list[Any]:
        values = []
        for name, place, made, always in self.slots:
            if name is None:
                values.append(always)
                continue
            value = given[name] if place is None else given[name][place]
            values.append(value if made is None else made(value))
        return values


@dataclass(slots=True)
class _Known:
    """A statement with these names given: a plan for each length of what is given as a list."""

    expanding: tuple[str, ...] | None
    plans: dict[tuple[int, ...], _Plan] = field(default_factory=dict)

    def plan(self, given: Values) -> _Plan | None:
        return self.plans.get(self._lengths(given))

    def learn(self, given: Values, result: Any) -> None:
        if self.expanding is not None:
            self.plans[self._lengths(given)] = _plan(result.context, given, result)

    def _lengths(self, given: Values) -> tuple[int, ...]:
        return tuple(len(given[name]) for name in self.expanding or ())


def _expanding(result: CursorResult[Any], given: Values) -> tuple[str, ...] | None:
    """Which of these are lists; None when it is more than can be kept."""
    compiled: Any = result.context.compiled
    if compiled.insert_prefetch or compiled.update_prefetch or compiled.literal_execute_params:
        return None
    names = [bind.key for bind in compiled.post_compile_params if bind.key in given]
    kept = all(isinstance(given[name], list) for name in names)
    return tuple(names) if kept else None


def _plan(context: Any, given: Values, result: CursorResult[Any]) -> _Plan:
    compiled, expanded = context.compiled, context._expanded_parameters
    always = context.compiled_parameters[0]
    slots: list[Slot] = []
    for name in compiled.positiontup:
        key, made = compiled.binds[name].key, compiled._bind_processors.get(name)
        for place, each in enumerate(expanded.get(name, (name,))):
            if key in given:
                slots.append((key, place if name in expanded else None, made, None))
            else:
                value = always[each]
                slots.append((None, None, None, value if made is None else made(value)))
    return _Plan(context.statement, tuple(slots), result._metadata)


Known = WeakKeyDictionary[Any, dict[tuple[str, ...], _Known]]


class Rows:
    """What came back: read at once. What is asked of it seldom, SQLAlchemy's own result answers."""

    def __init__(self, meta: Any, cursor: sqlite3.Cursor) -> None:
        self._meta = meta
        self.rowcount = cursor.rowcount
        self._data: Sequence[Any] = cursor.fetchall() if cursor.description else ()

    def __iter__(self) -> Iterator[Row[Any]]:
        return iter(self.all())

    def all(self) -> list[Row[Any]]:
        meta = self._meta
        made, keys = meta._effective_processors, meta._key_to_index
        return [Row(meta, made, keys, data) for data in self._data]

    def first(self) -> Row[Any] | None:
        return self._row() if self._data else None

    def one(self) -> Row[Any]:
        return self._row() if len(self._data) == 1 else self._whole().one()

    def one_or_none(self) -> Row[Any] | None:
        return self.first() if len(self._data) < 2 else self._whole().one_or_none()

    def scalar_one(self) -> Any:
        return self.one()[0]

    def scalar_one_or_none(self) -> Any:
        row = self.one_or_none()
        return None if row is None else row[0]

    def scalars(self) -> "Scalars":
        return Scalars(row[0] for row in self.all())

    def _row(self) -> Row[Any]:
        meta = self._meta
        return Row(meta, meta._effective_processors, meta._key_to_index, self._data[0])

    def _whole(self) -> IteratorResult[Any]:
        return IteratorResult(self._meta, iter(self._data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole(), name)


class Scalars(list[Any]):
    """The first column."""

    def all(self) -> list[Any]:
        return list(self)

    def first(self) -> Any:
        return self[0] if self else None


class Quick(Connection):
    """On an engine of one SQLite connection; what is known of its statements may be shared."""

    _raw: sqlite3.Connection
    _known: Known

    def __init__(self, engine: Engine, known: Known) -> None:
        super().__init__(engine)
        raw = self.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        self._raw = raw
        self._known = known

    @contextmanager
    def looking(self) -> Iterator[None]:
        """For what only reads, while nobody else may write: no transaction is begun."""
        try:
            yield
        finally:
            if self.in_transaction():
                self.rollback()

    def execute(self, statement: Any, parameters: Any = None, **more: Any) -> Any:
        known = self._known.get(statement)
        if known is None:  # many are put together for one use
            self._known[statement] = {}
            return super().execute(statement, parameters, **more)
        given = parameters or {}
        if isinstance(given, list) and not more:
            return [self.execute(statement, each) for each in given][-1]
        if more or not isinstance(given, dict):
            return super().execute(statement, parameters, **more)
        names = tuple(given)
        found = known.get(names)
        plan = None if found is None else found.plan(given)
        if plan is not None:
            try:
                cursor = self._raw.execute(plan.sql, plan.bound(given))
                return Rows(plan.meta, cursor)
            except sqlite3.Error:
                pass  # it comes again below, as the error that Kith knows
        result = super().execute(statement, parameters)
        if found is None:
            found = known[names] = _Known(_expanding(result, given))
        found.learn(given, result)
        return result
