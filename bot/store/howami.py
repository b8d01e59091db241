"""How those who support somebody are, as it is kept: sealed under their own key, number and all."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from bot.care import howami as care
from bot.care.circle import SUPPORTERS, acting
from bot.care.howami import HowAmI
from bot.care.outcome import NOBODY, Cause, Message, Outcome
from bot.care.text import Text
from bot.store import circle
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.schema import howami as table
from bot.store.tools import KeyErased, new_id, seal, unseal

A_PAGE = 14
"""So many are shown at once."""

_OWN = (
    select(table)
    .where(table.c.member == bindparam("member"))
    .order_by(table.c.at.desc(), table.c.id)
)


def past(c: Connection, member: str, skip: int = 0, most: int = A_PAGE) -> list[HowAmI]:
    """What this member said of themselves, the newest first. For nobody but them."""
    rows = c.execute(_OWN.offset(skip).limit(most), {"member": member})
    return [kept for row in rows if (kept := _howami(c, row)) is not None]


def said(c: Connection, id: str, by: str) -> HowAmI | None:
    """One of their own."""
    row = c.execute(_OWN.where(table.c.id == id), {"member": by}).one_or_none()
    return None if row is None else _howami(c, row)


# --- acts ---------------------------------------------------------------------------------


def say(c: Connection, number: int, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`0` to `10`; the record that is kept is in the outcome."""
    outcome = Outcome()
    if _supports(c, by):
        before = next(iter(past(c, by, most=1)), None)
        outcome = care.say(before, HowAmI(new_id(c), by, now, number))
    return _done(c, outcome, now, cause)


def write(
    c: Connection, id: str, words: str | None, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """What they write to it."""
    kept = said(c, id, by)
    return _done(c, Outcome() if kept is None else care.write(kept, words), now, cause)


def forget(c: Connection, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """All of it is taken away, at their wish."""
    _forget(c, by)
    return _done(c, Outcome(said=Message(Text("howami", "forgotten"))), now, cause)


def forget_unless_supporter(c: Connection, member: str) -> None:
    """Whoever supports nobody any more could not take it away themselves."""
    if not _supports(c, member):
        _forget(c, member)


def _supports(c: Connection, member: str) -> bool:
    return bool(acting(circle.memberships(c, member), SUPPORTERS))


def _forget(c: Connection, member: str) -> None:
    c.execute(delete(table).where(table.c.member == member))


def _done(c: Connection, outcome: Outcome, now: datetime, cause: Cause) -> Outcome:
    commit(c, outcome, cause, now)
    return outcome


# --- rows ---------------------------------------------------------------------------------


def _keep(c: Connection, kept: HowAmI) -> None:
    sealed = seal(c, kept.member, json.dumps({"number": kept.number, "words": kept.words}))
    keep_row(c, table, id=kept.id, member=kept.member, at=kept.at, said=sealed)


def _howami(c: Connection, row: Any) -> HowAmI | None:
    """None once nobody can read it any more."""
    try:
        found = json.loads(unseal(c, row.member, row.said))
    except KeyErased:
        return None
    return HowAmI(row.id, row.member, row.at, found["number"], found["words"])


KEEP[HowAmI] = _keep
