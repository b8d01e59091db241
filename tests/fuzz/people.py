"""Two circles that must not hear of each other, with a canary in every name, number and place."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, select

from bot.care.agreement import Choice
from bot.care.circle import STAFF_ROLES, Member, Membership, Role, Support
from bot.care.outcome import NOBODY, Outcome, Topic
from bot.care.plan import LADDERS, Place, Plan, PlanState
from bot.store import agreement, around, circle, news, profile, schema, seed, tell
from bot.store.commit import commit
from bot.store.tools import new_id

PHONES = {
    name: 100 + number
    for number, name in enumerate(
        ("Sam", "Amira", "Leo", "Ruth", "Jo", "Dev", "Priya", "Mina", "Alex", "Kim", "Bo", "Una")
    )
}
"""Telegram accounts by name."""

ELM = {"Alex": Role.STAFF, "Kim": Role.PERSON, "Bo": Role.CARER, "Una": Role.MANAGER}
OAK = frozenset(PHONES) - frozenset(ELM)

NEWCOMERS = range(201, 204)
"""Strangers who may follow a link."""

STRANGERS = range(301, 304)
"""Strangers who never come by one."""

CANARY = re.compile(r"zq([a-y0-9]+)z")


def canary(name: str) -> str:
    return f"zq{name.lower()}z"


def team_of(chat: int) -> str | None:
    """The team whose circle this account belongs to from the start."""
    name = next((name for name, phone in PHONES.items() if phone == chat), None)
    return None if name is None else "elm" if name in ELM else "oak"


@dataclass
class Ears:
    """Who may hear which canary. `linked`: whose links a newcomer has followed."""

    teams: dict[str, str]
    """The ids of the teams by name."""

    names: dict[str, str]
    """Canaries of names, which the whole circle may read, and their team."""

    private: dict[str, tuple[str | None, int | None]]
    """Canaries of words, numbers and places: team and author."""

    linked: dict[int, set[str]] = field(default_factory=dict)

    def wrong(self, c: Connection, chat: int, text: str) -> list[str]:
        """The canaries in this text that this chat may not hear."""
        found = set(CANARY.findall(text))
        return sorted(one for one in found if not self._may(c, chat, one)) if found else []

    def _may(self, c: Connection, chat: int, one: str) -> bool:
        team, author = self.private.get(one, (self.names.get(one), None))
        if author == chat:
            return True
        if team is None:  # a stranger's words are for nobody
            return False
        if team in self.linked.get(chat, ()):
            return True
        present = circle.present(c, chat)
        here = [] if present is None else present.memberships
        roles = {m.role for m in here if m.team == self.teams[team]}
        # Whoever has just left is still told that they have.
        if roles & (STAFF_ROLES | {Role.PERSON}):
            return True
        if one in self.names or _is_called(c, author, one):
            return bool(roles) or team_of(chat) == team
        return present is not None and _told(c, present.member.id, one)


def _is_called(c: Connection, author: int | None, one: str) -> bool:
    """Whether it is in the name that they have chosen for those around them."""
    present = None if author is None else circle.present(c, author)
    return present is not None and canary(one) in profile.called(c, present.member.id)


def _told(c: Connection, member: str, one: str) -> bool:
    """Whether it is in something that they were once allowed to read; `tests.simulation` looks
    whether they still are."""
    items = c.execute(select(schema.telling.c.news).where(schema.telling.c.member == member))
    found = (news.news(c, id) for id in items.scalars().all())
    return any(item is not None and canary(one) in (item.words or "") for item in found)


def people(c: Connection, now: datetime) -> Ears:
    """The sample circle around Sam at Oak House, and a second one around Kim at Elm House."""
    oak = {name: phone for name, phone in PHONES.items() if name not in ELM or name == "Alex"}
    ids = seed.seed_sample(c, now, oak)
    elm = circle.memberships(c, ids["Alex"])[0].team
    ids |= {name: new_id(c) for name in ELM if name != "Alex"}
    records: list[object] = [
        Member(ids[name], PHONES[name], name, "0", "en_GB", now) for name in ids if name not in oak
    ]
    for name, role in ELM.items():
        beside = ids["Kim"] if role is Role.CARER else None
        if name != "Alex":
            records.append(Membership(new_id(c), ids[name], role, elm, beside, now))
    records.append(Support(new_id(c), ids["Alex"], ids["Kim"], True, now))
    commit(c, Outcome(records=tuple(records)), NOBODY, now)
    for name, id in ids.items():
        found = circle.member(c, id)
        assert found is not None
        named = replace(
            found, name=f"{name} {canary(name)}", phone=f"07700 {canary(name)[:-1]}telz"
        )
        commit(c, Outcome(records=(named,)), NOBODY, now)
    plans = (
        _plan(c, ids["Sam"], ids["Jo"], "sam", now),
        _plan(c, ids["Kim"], ids["Alex"], "kim", now),
    )
    commit(c, Outcome(records=plans), NOBODY, now)
    bo = circle.memberships(c, ids["Bo"])[0].id
    agreement.sample(c, ids["Kim"], bo, {Topic.DAILY_LIFE: (Choice.SHARE, 3)}, now)
    for person, worker in (("Sam", "Jo"), ("Kim", "Alex")):
        for topic in (Topic.DAILY_LIFE, Topic.APPOINTMENTS):
            words = f"There was {canary(f'{person.lower()}cake')}."
            tell.send(c, ids[person], topic, 2, words, ids[worker], now)
    teams = {"oak": around.team_of(c, ids["Sam"]), "elm": elm}
    names = {name.lower(): "elm" if name in ELM else "oak" for name in ids}
    private: dict[str, tuple[str | None, int | None]] = {
        f"{name}tel": (team, PHONES[name.capitalize()]) for name, team in names.items()
    }
    for person, team in (("sam", "oak"), ("kim", "elm")):
        private |= {f"{person}{what}": (team, None) for what in ("mill", "pool", "advice", "cake")}
    return Ears(teams, names, private)


def _plan(c: Connection, person: str, worker: str, name: str, now: datetime) -> Plan:
    return Plan(
        id=new_id(c),
        person=person,
        version=1,
        state=PlanState.AGREED,
        places=tuple(Place(new_id(c), f"The zq{name}{place}z") for place in ("mill", "pool")),
        longest=120,
        rungs=LADDERS["key_worker"],
        what_to_do=f"Ring. zq{name}advicez",
        drafted_by=worker,
        drafted_at=now,
        agreed_at=now,
    )
