"""Free text at rest: AES-GCM under a key per owner, kept apart from the data.

`KITH_KEY` wraps the owners' keys. They live in keys.db beside a SQLite database and in the
schema kith_keys of a PostgreSQL one, so that an erased key stays erased when the data comes
back from a backup. A blob is: key id (8 bytes), nonce (12 bytes), ciphertext with its tag.
"""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple
from weakref import WeakKeyDictionary

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
    text,
)

SERVICE = "service"
"""The owner of what belongs to no member: inbox bodies, drafts, invitations."""

SCHEMA = "kith_keys"

_metadata = MetaData(schema=SCHEMA)
data_key = Table(
    "data_key",
    _metadata,
    Column("owner", String(16), primary_key=True),
    Column("id", LargeBinary, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
)

_ID, _NONCE = 8, 12


def make_place(keys: Connection) -> None:
    """The keys' place where there is none yet: their file's table, or their own schema."""
    if keys.dialect.name == "postgresql":
        # Two processes may start at once; CREATE ... IF NOT EXISTS alone is no guard.
        keys.execute(text("SELECT pg_advisory_xact_lock(hashtext('kith_keys'))"))
        keys.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    _metadata.create_all(keys)


class KeyErased(Exception):
    """Nobody can read this text any more: its key was erased or lost, or it was damaged."""


class WrongKey(Exception):
    """The stored keys are missing, or do not open with this KITH_KEY."""


class _Key(NamedTuple):
    id: bytes
    cipher: AESGCM


class Vault:
    """Seals and unseals. `file` is the engine of keys.db; None: the keys are in `c`'s database.

    Keys of a file are remembered, for one process alone has it; those of a shared database
    for one use of a connection, so that an erasure holds in every replica at once.
    """

    def __init__(
        self,
        key: bytes,
        file: Engine | None = None,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._master = AESGCM(key)
        self._file = file
        self._random = random
        self._known: dict[str, _Key] = {}
        self._in_use: WeakKeyDictionary[Connection, dict[str, _Key | None]] = WeakKeyDictionary()
        self._one_at_a_time = threading.Lock()  # the writer's thread and the event loop's

    def prepare(self, c: Connection, fresh: bool) -> None:
        """See that our key opens the stored ones; make their place when the data is `fresh`."""
        with self._place(c) as keys:
            make_place(keys)
            if not fresh and self._load(keys, SERVICE) is None:
                raise WrongKey("The keys of this database are missing. Put them back first.")
            self._key(keys, SERVICE)

    def count(self, c: Connection) -> int:
        """How many keys there are; WrongKey when one of them does not open."""
        with self._place(c) as keys:
            owners = keys.execute(select(data_key.c.owner)).scalars().all()
            return sum(self._load(keys, owner) is not None for owner in owners)

    def seal(self, c: Connection, owner: str, text: str) -> bytes:
        """Encrypt for `owner`, whose key is made when there is none."""
        key = self._remembered(c, owner)
        if key is None:
            with self._place(c) as keys:
                key = self._key(keys, owner)
        nonce = self._random(_NONCE)
        return key.id + nonce + key.cipher.encrypt(nonce, text.encode(), owner.encode())

    def unseal(self, c: Connection, owner: str, blob: bytes) -> str:
        """Decrypt what was sealed for `owner`; KeyErased when it cannot be read."""
        key = self._remembered(c, owner)
        if key is None:
            with self._place(c) as keys:
                key = self._load(keys, owner)
        if key is None or key.id != blob[:_ID]:
            raise KeyErased("The key of this text was erased.")
        nonce, sealed = blob[_ID : _ID + _NONCE], blob[_ID + _NONCE :]
        try:
            return key.cipher.decrypt(nonce, sealed, owner.encode()).decode()
        except (InvalidTag, ValueError):
            raise KeyErased("This text was damaged or sealed for somebody else.") from None

    def erase(self, c: Connection, owner: str) -> None:
        """Forget the key of `owner`: what was sealed with it is beyond anybody's reading."""
        with self._place(c) as keys:
            keys.execute(delete(data_key).where(data_key.c.owner == owner))
            self._known.pop(owner, None)
            self._in_use.pop(keys, None)

    def _remembered(self, c: Connection, owner: str) -> _Key | None:
        return (self._known if self._file is not None else self._in_use.get(c, {})).get(owner)

    @contextmanager
    def _place(self, c: Connection) -> Iterator[Connection]:
        if self._file is None:
            yield c
        else:
            # Committed before the text is: a key too many harms nobody, one too few loses words.
            with self._one_at_a_time, self._file.begin() as keys:
                yield keys

    def _key(self, keys: Connection, owner: str) -> _Key:
        found = self._load(keys, owner)
        if found is not None:
            return found
        key_id, nonce, raw = self._random(_ID), self._random(_NONCE), self._random(32)
        wrapped = nonce + self._master.encrypt(nonce, raw, key_id + owner.encode())
        keys.execute(insert(data_key).values(owner=owner, id=key_id, wrapped=wrapped))
        # Not remembered: what made it may be rolled back, and the key would be gone.
        self._in_use.setdefault(keys, {})[owner] = None
        return _Key(key_id, AESGCM(raw))

    def _load(self, keys: Connection, owner: str) -> _Key | None:
        row = keys.execute(select(data_key).where(data_key.c.owner == owner)).one_or_none()
        if row is None:
            return None
        nonce, sealed = row.wrapped[:_NONCE], row.wrapped[_NONCE:]
        try:
            raw = self._master.decrypt(nonce, sealed, row.id + owner.encode())
        except InvalidTag:
            raise WrongKey("KITH_KEY does not open the stored keys.") from None
        key = _Key(row.id, AESGCM(raw))
        if self._file is not None:
            self._known[owner] = key
        else:
            self._in_use.setdefault(keys, {}).setdefault(owner, key)
        return key
