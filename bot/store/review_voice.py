"""What those around a person say for a review, as it is kept, and who is told that one comes."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from bot.care import review_voice as care
from bot.care.agreement import Effect
from bot.care.circle import Membership
from bot.care.news import News
from bot.care.outcome import NOBODY, About, Cause, Outcome, Topic
from bot.care.review import Invited
from bot.care.review_voice import VoiceFor
from bot.store import agreement, around, circle, news, schema
from bot.store import look as rounds
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.schema import review_voice as table
from bot.store.tools import new_id, readable, seal

_OF = (
    select(table)
    .where(
        table.c.person == bindparam("person"),
        table.c.kind == bindparam("kind"),
        table.c.of == bindparam("of"),
    )
    .order_by(table.c.at, table.c.id)
)
_BEFORE = select(table.c.id).where(
    table.c.invited == bindparam("invited"), table.c.member == bindparam("member")
)
_READ = (
    select(schema.telling.c.supporter)
    .join(schema.news, schema.news.c.id == schema.telling.c.news)
    .where(
        schema.telling.c.member == bindparam("member"),
        schema.telling.c.read_at.is_not(None),
        schema.news.c.text.in_(sorted(map(str, care.SAYS.values()))),
        schema.news.c.params["invited"].as_string() == bindparam("invited"),
    )
    .order_by(schema.telling.c.id)
)


def voices(c: Connection, person: str, kind: str, of: str) -> list[VoiceFor]:
    """All that was said for reviews of this, the oldest first."""
    rows = c.execute(_OF, {"person": person, "kind": kind, "of": of})
    return [
        VoiceFor(
            id=row.id,
            invited=row.invited,
            kind=row.kind,
            of=row.of,
            person=row.person,
            member=row.member,
            words=readable(c, row.member, row.words),
            at=row.at,
        )
        for row in rows
    ]


def tell(c: Connection, asked: Invited, now: datetime) -> Outcome:
    """A part of the act that invites the person: whoever may know hears that it comes. The gate is
    asked now, and again when it leaves."""
    shared: dict[int, list[str]] = {}
    for place in around.circle_of(c, asked.person):
        level = _shared(c, place, asked.person, now)
        if level is not None and not around.works_for(c, place.member, asked.person, now):
            shared.setdefault(level, []).append(place.id)
    outcome = Outcome()
    for level, places in shared.items():
        item = News(
            *(new_id(c), asked.person, Topic.PLANS_AND_REVIEWS, level, None, None, now, now),
            text=care.SAYS[level],
            params={"invited": asked.id},
        )
        outcome += replace(news.offer(c, item, now, places), said=None)
    return outcome


def _shared(c: Connection, place: Membership, person: str, now: datetime) -> int | None:
    """How much of their plans the person lets them know, or is asked about; None: nothing."""
    for level in care.SAYS:
        about = About(person, Topic.PLANS_AND_REVIEWS, level, place.id, new_id(c), now)
        if agreement.ask(c, place.member, about, now).effect is not Effect.WITHHOLD:
            return level
    return None


def speaks(c: Connection, invited: str, by: str) -> Membership | None:
    """In which place this member may say something for it: who has read that it comes, and is
    still around the person. No gate is asked: to listen is never a breach."""
    read = set(c.execute(_READ, {"member": by, "invited": invited}).scalars())
    return next((held for held in circle.memberships(c, by) if held.id in read), None)


def say(
    c: Connection, invited: str, words: str, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Their words for it, in the place of those before."""
    asked = rounds.invited(c, invited)
    if asked is None or speaks(c, invited, by) is None:
        return Outcome()
    before = c.execute(_BEFORE, {"invited": invited, "member": by}).scalar_one_or_none()
    id = before or new_id(c)
    fresh = VoiceFor(id, invited, asked.kind, asked.of, asked.person, by, words, now)
    outcome = care.say(fresh)
    commit(c, outcome, cause, now)
    return outcome


def keep_voice(c: Connection, kept: VoiceFor) -> None:
    keep_row(
        c,
        table,
        id=kept.id,
        invited=kept.invited,
        kind=kept.kind,
        of=kept.of,
        person=kept.person,
        member=kept.member,
        words=seal(c, kept.member, kept.words),
        at=kept.at,
    )


KEEP[VoiceFor] = keep_voice
