"""Early-warning plans as they are kept."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.care.sign import Response, Sign, SignPlan, Stage, State, Template, Threshold, Voice
from bot.store import escalation
from bot.store.commit import KEEP
from bot.store.rows import keep_row
from bot.store.schema import sign_plan as table
from bot.store.tools import ERASED, KeyErased, seal, unseal

_WORDS = ("name", "emoji", "looks_like", "usual", "helps", "does_not", "tell_whom")

# Every report of a sign asks these: made once.
_ONE = select(table).where(table.c.id == bindparam("id"))
_NEWEST = (
    select(table)
    .where(table.c.person == bindparam("person"), table.c.state == bindparam("state"))
    .order_by(table.c.version.desc())
    .limit(1)
)


def active(c: Connection, person: str) -> SignPlan | None:
    """The plan this person put in force, or None."""
    return _newest(c, person, State.ACTIVE)


def draft_of(c: Connection, person: str) -> SignPlan | None:
    """The one that is being written: nothing follows from it yet."""
    return _newest(c, person, State.DRAFT)


def of_version(c: Connection, id: str) -> SignPlan | None:
    """The version with this id, in force or not."""
    row = c.execute(_ONE, {"id": id}).one_or_none()
    return None if row is None else _plan(c, row)


def _newest(c: Connection, person: str, state: State) -> SignPlan | None:
    row = c.execute(_NEWEST, {"person": person, "state": state.value}).one_or_none()
    return None if row is None else _plan(c, row)


def sign_terms(sign: Sign) -> dict[str, Any]:
    """What of a card is no words."""
    return {
        "id": sign.id,
        "stage": sign.stage.value,
        "by": sign.by,
        "at": sign.at.isoformat(),
        "noticed_by": sorted(sign.noticed_by),
    }


def sign_words(sign: Sign) -> dict[str, str]:
    return {word: getattr(sign, word) for word in _WORDS if getattr(sign, word)}


def as_sign(terms: dict[str, Any], words: dict[str, str]) -> Sign:
    return Sign(
        id=terms["id"],
        stage=Stage(terms["stage"]),
        by=terms["by"],
        at=datetime.fromisoformat(terms["at"]),
        noticed_by=frozenset(Voice(voice) for voice in terms["noticed_by"]),
        **({"name": ERASED} | words),
    )


def keep_plan(c: Connection, plan: SignPlan) -> None:
    words = {
        "signs": {sign.id: sign_words(sign) for sign in plan.signs},
        "what_we_do": {one.stage.value: one.what_we_do for one in plan.responses},
    }
    terms = {
        "signs": [sign_terms(sign) for sign in plan.signs],
        "thresholds": [
            {"id": t.id, "template": t.template.value, "by": t.by, "count": t.count, "days": t.days}
            for t in plan.thresholds
        ],
        "responses": {one.stage.value: escalation.pack_rungs(one.rungs) for one in plan.responses},
        "co_authors": list(plan.co_authors),
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
        review_at=plan.review_at,
        revision=plan.revision,
        active_at=plan.active_at,
        ended_at=plan.ended_at,
    )


def _plan(c: Connection, row: Any) -> SignPlan:
    terms = row.terms
    try:
        words = json.loads(unseal(c, row.person, row.words))
    except KeyErased:  # the counts and the ladders still stand
        words = {"signs": {}, "what_we_do": {}}
    return SignPlan(
        id=row.id,
        person=row.person,
        version=row.version,
        state=State(row.state),
        drafted_by=row.drafted_by,
        drafted_at=row.drafted_at,
        review_at=row.review_at,
        signs=tuple(as_sign(one, words["signs"].get(one["id"], {})) for one in terms["signs"]),
        thresholds=tuple(
            Threshold(t["id"], Template(t["template"]), t["by"], t["count"], t["days"])
            for t in terms["thresholds"]
        ),
        responses=tuple(
            Response(
                Stage(stage), escalation.unpack_rungs(rungs), words["what_we_do"].get(stage, "")
            )
            for stage, rungs in terms["responses"].items()
        ),
        co_authors=tuple(terms["co_authors"]),
        revision=row.revision,
        active_at=row.active_at,
        ended_at=row.ended_at,
    )


KEEP[SignPlan] = keep_plan
