"""What people ask of sessions as it is kept: a wish a member, topics that were suggested."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select

from bot.care import wish as care
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.care.wish import Counts, Part, Suggestion, Wish
from bot.store import around
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_one, keep_row
from bot.store.schema import Moment, membership, suggestion
from bot.store.schema import wish as table
from bot.store.tools import ERASED, new_id, readable, seal

MOST = 20
"""So many suggested topics are listed, the newest."""

_SINCE = select(table).where(table.c.at > bindparam("since", type_=Moment))
_SUGGESTED = (
    select(suggestion)
    .where(
        suggestion.c.at > bindparam("since", type_=Moment),
        exists().where(
            membership.c.member == suggestion.c.by,
            membership.c.until.is_(None),
            membership.c.team.in_(bindparam("teams", expanding=True)),
        ),
    )
    .order_by(suggestion.c.at.desc(), suggestion.c.id)
    .limit(MOST)
)


def counts(c: Connection, now: datetime) -> Counts:
    """What is asked for now."""
    return care.counted(_wish(row) for row in c.execute(_SINCE, {"since": now - care.LASTS}))


def topics(c: Connection, staff: str, now: datetime) -> list[str]:
    """The topics that were suggested, in the words of whoever did, the newest first: by people
    around the teams in which this member works, since words may say of whom they are."""
    teams = sorted(around.works_in(c, staff, now))
    rows = c.execute(_SUGGESTED, {"since": now - care.LASTS, "teams": teams})
    found = (readable(c, row.by, row.words) for row in rows)
    return [words for words in found if words != ERASED]


# --- acts ---------------------------------------------------------------------------------


def ask(
    c: Connection,
    weekday: int | None,
    part: Part,
    language: str,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """`Ask for another date`"""
    outcome = care.ask(Wish(by, weekday, part, language, now))
    commit(c, outcome, cause, now)
    return outcome


def suggest(c: Connection, words: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`Suggest a topic`"""
    outcome = care.suggest(Suggestion(new_id(c), by, words, now))
    commit(c, outcome, cause, now)
    return outcome


# --- how records are kept -----------------------------------------------------------------


def keep_wish(c: Connection, kept: Wish) -> None:
    values = {
        "weekday": kept.weekday,
        "part": kept.part.value,
        "language": kept.language,
        "at": kept.at,
    }
    keep_one(c, table, {"member": kept.member}, **values)


def keep_suggestion(c: Connection, kept: Suggestion) -> None:
    words = seal(c, kept.by, kept.words)
    keep_row(c, suggestion, id=kept.id, by=kept.by, words=words, at=kept.at)


def _wish(row: Any) -> Wish:
    return Wish(row.member, row.weekday, Part(row.part), row.language, row.at)


KEEP[Wish] = keep_wish
KEEP[Suggestion] = keep_suggestion
