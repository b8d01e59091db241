"""What Kith really says to its two files: every statement of its writer and its vault, in order."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

PRAGMAS = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "secure_delete")

BEGIN, COMMIT, ROLLBACK = "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"


@dataclass
class Script:
    """`said`: (file, statement, parameters). `pragmas`: by file, as they really stood.

    `files`: what was in them before.
    """

    files: dict[str, bytes]
    pragmas: dict[str, dict[str, str | int]] = field(default_factory=dict)
    said: list[tuple[str, str, tuple[Any, ...]]] = field(default_factory=list)

    def keep(self, path: Path) -> Path:
        path.write_bytes(pickle.dumps((self.files, self.pragmas, self.said)))
        return path

    @classmethod
    def read(cls, path: Path) -> "Script":
        return cls(*pickle.loads(path.read_bytes()))


@contextmanager
def recording(script: Script, data: Path) -> Iterator[None]:
    """Whatever is said to these files inside `data` meanwhile stands in the script."""
    names = {str(data / name): name for name in script.files}

    writing: set[int] = set()  # connections in a transaction that may write

    def writes(c: Connection) -> str | None:
        name = names.get(c.engine.url.database or "")
        return name if id(c.connection.dbapi_connection) in writing else None

    def begins(c: Connection) -> None:
        name = names.get(c.engine.url.database or "")
        if name is None or _pragma(c, "query_only"):
            return
        writing.add(id(c.connection.dbapi_connection))
        if name not in script.pragmas:
            script.pragmas[name] = {pragma: _pragma(c, pragma) for pragma in PRAGMAS}
            script.files[name] = (data / name).read_bytes()
        script.said.append((name, BEGIN, ()))

    def said(
        c: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
    ) -> None:
        name = writes(c)
        if name is None:
            return
        # What the writer says to the driver itself is not heard here: nothing may be undone.
        assert not statement.startswith("ROLLBACK TO"), statement
        for each in parameters if many else [parameters]:
            plain = (bytes(one) if isinstance(one, memoryview) else one for one in each)
            script.said.append((name, statement, tuple(plain)))

    def ends(how: str) -> Any:
        def ended(c: Connection) -> None:
            name = writes(c)
            if name is not None:
                script.said.append((name, how, ()))
                writing.discard(id(c.connection.dbapi_connection))

        return ended

    listeners = (
        ("begin", begins),
        ("before_cursor_execute", said),
        ("commit", ends(COMMIT)),
        ("rollback", ends(ROLLBACK)),
    )
    for name, listener in listeners:
        event.listen(Engine, name, listener)
    try:
        yield
    finally:
        for name, listener in listeners:
            event.remove(Engine, name, listener)


def _pragma(c: Connection, name: str) -> str | int:
    cursor = c.connection.cursor()
    try:
        cursor.execute(f"PRAGMA {name}")
        value: str | int = cursor.fetchall()[0][0]
        return value
    finally:
        cursor.close()
