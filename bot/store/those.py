"""Those whose things are looked at, all of them at once: a Monday has five thousand people."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, CursorResult, Select, bindparam, select

from bot.care.circle import Role
from bot.store.schema import membership

Asks = Callable[[Select[str]], Select[Any]]
"""A question about those whose ids are selected."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Those whose things are looked at; `ids` selects them, `values` fill it."""

    ids: Select[str]
    values: Mapping[str, Any]

    def read(self, c: Connection, asks: Asks, **more: object) -> CursorResult[Any]:
        """What `asks` selects of them."""
        return c.execute(_made(asks, self.ids), {**self.values, **more})


@cache
def _made(asks: Asks, ids: Select[str]) -> Select[Any]:
    """Each question is made once: a morning asks them all, for fifty people at a time."""
    return asks(ids)


_SUPPORTED = select(membership.c.member).where(
    membership.c.role == Role.PERSON.value, membership.c.until.is_(None)
)
_OF_TEAM = _SUPPORTED.where(membership.c.team == bindparam("whose_team"))
_THESE = _OF_TEAM.where(membership.c.member.in_(bindparam("whose_people", expanding=True)))
_NEXT = (
    _OF_TEAM.where(membership.c.member > bindparam("after"))
    .order_by(membership.c.member)
    .limit(bindparam("most"))
)
_ONE = _SUPPORTED.where(membership.c.member == bindparam("whose_person"))


def people_of(team: str) -> Whose:
    """Everybody a team supports."""
    return Whose(_OF_TEAM, {"whose_team": team})


def these(team: str, people: Sequence[str]) -> Whose:
    """Some of them."""
    return Whose(_THESE, {"whose_team": team, "whose_people": list(people)})


def one(person: str) -> Whose:
    """This person, while they are supported here."""
    return Whose(_ONE, {"whose_person": person})


def next_of(c: Connection, team: str, after: str | None, most: int) -> list[str]:
    """The ids of so many whom a team supports, those that come after `after`."""
    asked = {"whose_team": team, "after": after or "", "most": most}
    return list(c.execute(_NEXT, asked).scalars())
