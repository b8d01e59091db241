"""The sample circle in an open transaction, for the tests of the store."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Connection, Table, delete, select, update

from bot.care.circle import Membership, Role
from bot.care.outcome import Outcome
from bot.care.review import Item
from bot.store import around, circle, invitation, schema, seed, transfer, up
from bot.store.commit import KEEP
from bot.store.tools import Tools, new_id, tools
from bot.store.vault import SCHEMA, Vault, data_key
from tests import in_memory
from tests.conftest import KEY, NOON

ACCOUNTS = {
    "Sam": 1,
    "Amira": 2,
    "Leo": 3,
    "Ruth": 4,
    "Jo": 5,
    "Dev": 6,
    "Priya": 7,
    "Mina": 8,
    "Alex": 9,
}
NEW = 100
OTHER = 101
LATER = NOON + timedelta(hours=1)


@dataclass(frozen=True)
class Oak:
    """The sample circle in an open transaction."""

    c: Connection
    ids: dict[str, str]

    def __getattr__(self, name: str) -> str:
        return self.ids[name.capitalize()]

    @property
    def team(self) -> str:
        return around.team_of(self.c, self.sam)

    def role(self, name: str) -> str:
        return circle.memberships(self.c, self.ids[name])[0].id


@dataclass(frozen=True)
class _Kept:
    """The sample circle where nobody changes it: these of its tables are not empty."""

    c: Connection
    keys: Connection
    tables: tuple[Table, ...]
    ids: dict[str, str]


@cache
def _kept() -> _Kept:
    rows, keys = in_memory.engine(), in_memory.engine({"schema_translate_map": {SCHEMA: None}})
    rows.raw_connection().driver_connection.deserialize(in_memory.migrated())  # type: ignore[union-attr]  # SQLite's
    vault = Vault(KEY, keys)
    c = rows.connect().execution_options(kith=Tools(vault))
    vault.prepare(c, fresh=True)
    ids = seed.seed_sample(c, NOON, ACCOUNTS)
    filled = [one for one in transfer.TABLES if c.execute(select(one).limit(1)).first()]
    return _Kept(c, keys.connect(), tuple(filled), ids)


def sampled(c: Connection) -> Oak:
    """The sample circle in an empty database: put together once, and copied from there, which
    takes a quarter as long. Its key has to be KEY."""
    kept = _kept()
    transfer.copy_rows(kept.c, c, kept.tables)
    with tools(c).vault._place(c) as keys:
        keys.execute(delete(data_key))
        transfer.copy_rows(kept.keys, keys, transfer.KEYS)
    return Oak(c, dict(kept.ids))


def also(oak: Oak, name: str, role: Role) -> None:
    """This one of them works in Oak House besides, in this role."""
    since = NOON + timedelta(seconds=1)  # their first role stays the first
    held = Membership(new_id(oak.c), oak.ids[name], role, oak.team, None, since)
    KEEP[Membership](oak.c, held)


def unreachable(oak: Oak, *names: str) -> None:
    """Messages do not reach these any more."""
    table = schema.member
    ids = [oak.ids[name] for name in names]
    oak.c.execute(update(table).where(table.c.id.in_(ids)).values(unreachable_since=NOON))


def names(c: Connection, ids: list[str]) -> list[str]:
    return [circle.name(c, id) for id in ids]


def said(outcome: Outcome) -> str | None:
    return None if outcome.said is None else str(outcome.said.text)


def told(c: Connection, text: str) -> list[str]:
    """Who is told this, by name."""
    rows = c.execute(
        select(schema.outbox.c.member)
        .where(schema.outbox.c.text == text)
        .order_by(schema.outbox.c.number)
    )
    return names(c, list(rows.scalars()))


def begun(oak: Oak, role: Role, name: str, by: str, person: str | None = None) -> str:
    """An invitation into Oak House by `by`; its id."""
    outcome = invitation.invite(oak.c, role, oak.team, person, name, by, NOON)
    assert outcome.said is not None
    return str(outcome.said.params["invitation"])


def linked(oak: Oak, id: str, by: str, now: datetime = NOON) -> str:
    """The token of its link."""
    _, token = invitation.make_link(oak.c, id, by, now)
    assert token is not None
    return token


def to_look_at(oak: Oak, name: str, now: datetime) -> list[Item]:
    """What is up for review for this member of staff."""
    return up.up(oak.c, oak.team, now).of(oak.ids[name])


def link(oak: Oak, role: Role, name: str, by: str) -> tuple[str, str]:
    """A link by `by` into Oak House: its token and the invitation's id."""
    id = begun(oak, role, name, by)
    token = linked(oak, id, by)
    assert invitation.followed(oak.c, token, NEW, NOON)[1] is None
    return token, id


def mark(oak: Oak, id: str) -> str:
    """That of its newest link."""
    found = invitation.load(oak.c, id)
    assert found is not None
    return found.mark


def opens(oak: Oak, id: str, account: int, now: datetime) -> Outcome:
    """Whoever holds its newest link says it is them."""
    return invitation.open_(oak.c, id, mark(oak, id), account, now)
