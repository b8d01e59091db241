"""Published sessions as they come in: new, changed, cancelled, gone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, bindparam, select, update

from bot.care import published as care
from bot.care.education import Session, State
from bot.care.outcome import NOBODY
from bot.care.published import AHEAD, Dated, Imported
from bot.store import education, schema, session
from bot.store.commit import KEEP, commit
from bot.store.schema import Moment, imported
from bot.store.tools import insert, new_id, tools

_STANDING = (
    select(schema.session.c.id)
    .join(imported, imported.c.session == schema.session.c.id)
    .where(
        imported.c.source == bindparam("source"),
        schema.session.c.state == State.PUBLISHED.value,
        schema.session.c.starts_at > bindparam("now", type_=Moment),
        schema.session.c.starts_at < bindparam("until", type_=Moment),
    )
    .order_by(schema.session.c.id)
)


_SOURCE = select(imported.c.source).where(imported.c.session == bindparam("of"))
_NOW_IN = (
    update(imported).where(imported.c.session == bindparam("of")).values(source=bindparam("now_in"))
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a calendar; `gone`: how many of its dates are no longer in it; `back`: how many
    are in it that have been cancelled here; `elsewhere`: how many came in another calendar.
    """

    new: int = 0
    changed: int = 0
    cancelled: int = 0
    gone: int = 0
    back: int = 0
    elsewhere: int = 0


def take(
    c: Connection,
    dates: Iterable[Dated],
    source: str,
    whole: bool,
    now: datetime,
    *,
    sure: bool = True,
) -> Taken:
    """Take over what a calendar says. `whole`: what is no longer in it is cancelled; unless `sure`,
    not where more are gone than are there, as of a calendar that came in half. Nor does it then
    change what another calendar says.
    """
    new = changed = cancelled = back = elsewhere = 0
    there: set[str] = set()
    for dated in dates:
        known = _known(c, dated)
        if known is not None:
            there.add(known.id)
        if known is not None and not _comes_in(c, known.id, source, sure=sure):
            elsewhere += 1
        elif dated.cancelled:
            cancelled += known is not None and _cancel(c, known.id, now)
        elif known is not None and known.state is State.CANCELLED:
            back += 1  # people have been told that it does not take place
        elif known is not None:
            to = partial(care.as_published, dated=dated, zone=tools(c).hours.zone)
            changed += bool(education.change(c, known.id, to, None, now).records)
        elif dated.ours is None or session.session(c, dated.ours) is None:
            id = new_id(c)
            there.add(id)
            outcome = care.take(dated, id, source, now, tools(c).hours.zone)
            commit(c, outcome, NOBODY, now)
            new += 1
    asked = {"source": source, "now": now, "until": now + AHEAD}
    gone = [id for id in c.execute(_STANDING, asked).scalars() if id not in there]
    if whole and (sure or len(gone) <= len(there)):
        cancelled += sum(_cancel(c, id, now) for id in gone)
        gone = []
    return Taken(new, changed, cancelled, len(gone), back, elsewhere)


def _comes_in(c: Connection, session: str, source: str, *, sure: bool) -> bool:
    """Whether this calendar says how it is: of two that have it, the one in which it came first, or
    the one of which somebody is sure."""
    first = c.execute(_SOURCE, {"of": session}).scalar_one_or_none()
    says = sure or care.takes_over(first, source)
    if says and first != source:
        c.execute(_NOW_IN, {"of": session, "now_in": source})
    return says


def _known(c: Connection, dated: Dated) -> Session | None:
    """As what it came before: also as a single one, which repeats by now."""
    known = session.by_uid(c, dated.uid)
    if known is None and dated.series:
        single = session.by_uid(c, dated.series)
        known = single if single is not None and single.starts_at == dated.starts else None
    return known


def _cancel(c: Connection, id: str, now: datetime) -> bool:
    return bool(education.cancel(c, id, None, now).records)


def keep_imported(c: Connection, kept: Imported) -> None:
    row = insert(c, imported).values(session=kept.session, source=kept.source)
    c.execute(row.on_conflict_do_nothing(index_elements=["session"]))


KEEP[Imported] = keep_imported
