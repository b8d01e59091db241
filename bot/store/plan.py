"""Plans for outings as they are kept, and the acts that draft, agree and decline them."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, select

from bot.care import plan as care
from bot.care import planning
from bot.care.news import News
from bot.care.outcome import NOBODY, Cause, Outcome, Topic
from bot.care.plan import Place, Plan, PlanState, Rung
from bot.care.terms import Terms
from bot.store import around, escalation, ladder, news
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.schema import plan as table
from bot.store.tools import ERASED, KeyErased, new_id, seal, unseal

_TERMS = TypeAdapter(Terms)
_SPANS = ("longest", "grace", "extra", "ask_again", "police_after")


class Row(NamedTuple):
    """A plan as its columns hold it."""

    id: str
    person: str
    version: int
    state: str
    terms: dict[str, Any]
    words: bytes
    drafted_by: str
    drafted_at: datetime
    agreed_at: datetime | None


COLUMNS = tuple(table.c[name] for name in Row._fields)
"""For `read`; with an outing they are asked for at once."""

# Every outing asks these: made once.
_ONE = select(*COLUMNS).where(table.c.id == bindparam("id"))
_NEWEST = (
    select(*COLUMNS)
    .where(table.c.person == bindparam("person"), table.c.state == bindparam("state"))
    .order_by(table.c.version.desc())
    .limit(1)
)


def keep_plan(c: Connection, plan: Plan) -> None:
    words = {
        "places": {place.id: place.name for place in plan.places},
        "what_to_do": plan.what_to_do,
        "terms": _TERMS.dump_python(plan.terms, mode="json", exclude_defaults=True),
    }
    terms = {
        "rungs": escalation.pack_rungs(plan.rungs),
        "nudges": list(plan.nudges),
        **{span: getattr(plan, span) for span in _SPANS},
    }
    keep_row(
        c,
        table,
        id=plan.id,
        person=plan.person,
        version=plan.version,
        state=plan.state.value,
        terms=terms,
        words=seal(c, plan.person, json.dumps(words)),
        drafted_by=plan.drafted_by,
        drafted_at=plan.drafted_at,
        agreed_at=plan.agreed_at,
    )


def plan(c: Connection, id: str) -> Plan | None:
    row = c.execute(_ONE, {"id": id}).one_or_none()
    return None if row is None else read(c, Row(*row))


def in_force(c: Connection, person: str) -> Plan | None:
    """The plan this person agreed to and nothing has replaced."""
    return _newest(c, person, PlanState.AGREED)


def draft_of(c: Connection, person: str) -> Plan | None:
    """The newest draft that waits for the person's answer."""
    return _newest(c, person, PlanState.DRAFT)


def being_written(c: Connection, person: str) -> Plan | None:
    """The one that staff still write on, and have not sent to the person."""
    return _newest(c, person, PlanState.PREPARING)


def next_version(c: Connection, person: str) -> int:
    versions = select(table.c.version).where(table.c.person == person)
    return max(c.execute(versions).scalars(), default=0) + 1


def _newest(c: Connection, person: str, state: PlanState) -> Plan | None:
    row = c.execute(_NEWEST, {"person": person, "state": state.value}).one_or_none()
    return None if row is None else read(c, Row(*row))


def read(c: Connection, row: Row) -> Plan:
    terms = row.terms
    try:
        words = json.loads(unseal(c, row.person, row.words))
    except KeyErased:  # the times and the ladder still stand
        words = {"places": {}, "what_to_do": ERASED}
    return Plan(
        id=row.id,
        person=row.person,
        version=row.version,
        state=PlanState(row.state),
        places=tuple(Place(id, name) for id, name in words["places"].items()),
        rungs=escalation.unpack_rungs(terms["rungs"]),
        what_to_do=words["what_to_do"],
        drafted_by=row.drafted_by,
        drafted_at=row.drafted_at,
        agreed_at=row.agreed_at,
        nudges=tuple(terms["nudges"]),
        terms=_TERMS.validate_python(words.get("terms", {})),
        **{span: terms[span] for span in _SPANS},
    )


# --- acts ---------------------------------------------------------------------------------


def draft(
    c: Connection,
    person: str,
    by: str,
    places: tuple[str, ...],
    longest: int,
    rungs: tuple[Rung, ...],
    what_to_do: str,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """A staff member of the person's team proposes a plan; `longest` in minutes."""
    proposed = fresh(c, person, by, places, longest, rungs, what_to_do, now)
    if proposed is None:
        return Outcome()
    outcome = care.draft(proposed, draft_of(c, person))
    commit(c, outcome, cause, now)
    return outcome


def fresh(
    c: Connection,
    person: str,
    by: str,
    places: tuple[str, ...],
    longest: int,
    rungs: tuple[Rung, ...],
    what_to_do: str,
    now: datetime,
) -> Plan | None:
    """A draft of the next version, not kept yet; None where this member may not write one. What it
    does not say stays as it stands in the plan in force."""
    if not around.works_for(c, by, person, now) or not _stand(c, person, rungs):
        return None
    id, version, before = new_id(c), next_version(c, person), in_force(c, person)
    known = {} if before is None else {place.name: place for place in before.places}
    said = Plan(
        id=id,
        person=person,
        version=version,
        state=PlanState.DRAFT,
        places=tuple(known.get(name) or Place(new_id(c), name) for name in places),
        longest=longest,
        rungs=rungs,
        what_to_do=what_to_do,
        drafted_by=by,
        drafted_at=now,
    )
    return said if before is None else planning.renewed(before, said)


def _stand(c: Connection, person: str, rungs: tuple[Rung, ...]) -> bool:
    """Whether the first rung is staff, and each supporter on it one of the person's own."""
    return rungs[0].member is None and not strangers(c, person, rungs)


def strangers(c: Connection, person: str, rungs: Iterable[Rung]) -> list[Rung]:
    """Those of the rungs whose supporter is not around this person, or not through that place."""
    places = {(place.member, place.id) for place in around.circle_of(c, person)}
    named = (rung for rung in rungs if rung.member is not None)
    return [rung for rung in named if (rung.member, rung.acting) not in places]


def agree(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The person's own press puts the draft in force."""
    proposed = plan(c, id)
    if proposed is None:
        return Outcome()
    tried = ladder.tried(c, proposed.person, proposed.staff, now)
    before = in_force(c, proposed.person)
    outcome = care.agree(proposed, before, by, now, tried)
    if any(isinstance(one, Plan) and one.state is PlanState.AGREED for one in outcome.records):
        outcome = _tell_supporters(c, proposed, before, now) + outcome
    commit(c, outcome, cause, now)
    return outcome


def _tell_supporters(c: Connection, agreed: Plan, before: Plan | None, now: datetime) -> Outcome:
    """Who has come to be on the ladder hears so, as far as the person shares going out."""
    places = planning.newly_asked(agreed, before)
    if not places:
        return Outcome()
    text, of = planning.ON_LADDER, {"plan": agreed.id}
    item = News(
        new_id(c), agreed.person, Topic.JOURNEYS, 1, None, None, now, now, text=text, params=of
    )
    return news.offer(c, item, now, places)


def decline(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The person says no, or not yet."""
    proposed = plan(c, id)
    if proposed is None:
        return Outcome()
    outcome = care.decline(proposed, by)
    commit(c, outcome, cause, now)
    return outcome


def sample(c: Connection, person: str, key_worker: str, now: datetime) -> None:
    """The plan of the sample circle: drafted by the key worker, agreed by the person."""
    agreed = Plan(
        id=new_id(c),
        person=person,
        version=1,
        state=PlanState.AGREED,
        places=(Place(new_id(c), "Café"), Place(new_id(c), "Library")),
        longest=120,
        rungs=care.LADDERS["key_worker"],
        what_to_do="Ring Sam. If there is no answer, ring the café or the library, then go there.",
        drafted_by=key_worker,
        drafted_at=now,
        agreed_at=now,
    )
    commit(c, Outcome(records=(agreed,), logs=(care.agreed_log(agreed),)), NOBODY, now)


KEEP[Plan] = keep_plan
