"""Making and ending agreements: what the person does, each in one transaction.

Every act locks the supporter's membership first, so that of one agreement one version is in force.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from bot.care import agreeing as care
from bot.care import holding
from bot.care.agreeing import Answered, Freely, Wish
from bot.care.agreement import Agreement, Effect, Sharing, State, decide
from bot.care.circle import SUPPORTERS, Membership, Role
from bot.care.outcome import NOBODY, About, Cause, Message, Outcome, Topic
from bot.care.preparing import Sitting, prepared
from bot.care.text import Text
from bot.store import agreement as agreements
from bot.store import alarm, around, circle, decision, escalation, ground, news, schema
from bot.store.commit import KEEP, commit
from bot.store.glass import HIDDEN
from bot.store.tools import new_id

TRIED = timedelta(days=30)
"""So far back it is tried what somebody would have got."""

_ANSWERED = select(schema.agreement.c.free).where(schema.agreement.c.id == bindparam("id"))
_ANSWER = (
    update(schema.agreement)
    .where(schema.agreement.c.id == bindparam("of"), schema.agreement.c.free.is_(None))
    .values(free=bindparam("freely"))
)
_sitting = schema.sitting.c
_SITTING_OVER = (
    update(schema.sitting)
    .where(_sitting.supporter == bindparam("of"), _sitting.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)
_SAT = select(_sitting.member).where(_sitting.supporter == bindparam("supporter"))
_SAT_SINCE = _SAT.where(
    _sitting.until > bindparam("last"),
    _sitting.ended_at.is_(None) | (_sitting.ended_at > bindparam("last")),
)


@dataclass(frozen=True, slots=True)
class Shared:
    """How it stands with one supporter: what holds now, and a draft still to be agreed to."""

    active: Agreement | None
    draft: Agreement | None


@dataclass(frozen=True, slots=True)
class Tried:
    """One message somebody would have got; `asked`: only after the person had been asked."""

    at: datetime
    topic: Topic
    asked: bool


# --- how it stands ------------------------------------------------------------------------


def shared(c: Connection, supporter: str, now: datetime) -> Shared:
    versions = agreements.versions(c, supporter)
    holds = [one for one in versions if one.state is State.ACTIVE and now < one.lapses_at]
    drafts = [one for one in versions if is_open(c, one, now)]
    return Shared(holds[-1] if holds else None, drafts[-1] if drafts else None)


def answered(c: Connection, id: str) -> Freely | None:
    """What the person said when asked whether they chose this version themselves."""
    said = c.execute(_ANSWERED, {"id": id}).scalar_one_or_none()
    return None if said is None else Freely(said)


def open_draft(c: Connection, id: str, by: str, now: datetime) -> Agreement | None:
    """The draft with this id, if `by` is the person and may still agree to it."""
    found = agreements.agreement(c, id)
    if found is None or found.person != by:
        return None
    return found if is_open(c, found, now) else None


def is_open(c: Connection, proposed: Agreement, now: datetime) -> bool:
    """Whether the person may still agree to this: a worry since then may stand against it, or
    that somebody else's word it goes on with has been ended meanwhile."""
    if not care.is_open(proposed, answered(c, proposed.id), now):
        return False
    held, before = decision.held(c, proposed.person), _in_force(c, proposed.supporter, now)
    lent = {(row.topic, row.ground, row.level) for row in before}
    if any((row.topic, row.ground, row.level) not in lent for row in proposed.rows if row.ground):
        return False
    return not held or not holding.widens(proposed.rows, before, held)


def _held_since(c: Connection, proposed: Agreement, now: datetime) -> bool:
    """Whether only a worry that came up since it was read back stands against it."""
    return care.is_open(proposed, answered(c, proposed.id), now) and not is_open(c, proposed, now)


def _in_force(c: Connection, supporter: str, now: datetime) -> list[Sharing]:
    return [
        row
        for one in agreements.active(c, supporter, now)
        if now < one.lapses_at
        for row in one.rows
        if (row.until is None or now < row.until) and ground.stands(c, row, now)
    ]


def supporter(c: Connection, membership: str) -> str:
    """The member who holds this membership."""
    table = schema.membership
    return str(c.execute(select(table.c.member).where(table.c.id == membership)).scalar_one())


def tried(c: Connection, draft: Agreement, now: datetime) -> list[Tried]:
    """What this supporter would have got lately under this draft, oldest first. Writes nothing.

    Guardrails and exceptions are left out: they are not what the person chooses, nor always
    theirs to see.
    """
    to = supporter(c, draft.supporter)
    active = replace(draft, state=State.ACTIVE, activated_at=now)
    found: list[Tried] = []
    for item in _lately(c, draft.person, now):
        topic = Topic(item.topic)
        about = About(draft.person, topic, item.level, draft.supporter, item.id, item.at)
        facts = agreements.facts(c, to, about, now, guardrails=False)
        decided = decide(replace(facts, agreements=(active,), glasses=()), about, now)
        if decided.effect is not Effect.WITHHOLD:
            found.append(Tried(item.at or item.made_at, topic, decided.effect is Effect.ASK))
    return found


def _lately(c: Connection, person: str, now: datetime) -> list[Any]:
    table = schema.news
    return list(
        c.execute(
            select(table)
            .where(
                table.c.person == person,
                table.c.topic.is_not(None),
                table.c.text.is_(None) | table.c.text.like("notice.%"),  # no call to a rung
                table.c.id.not_in(HIDDEN),
                table.c.made_at > now - TRIED,
                table.c.made_at <= now,
            )
            .order_by(table.c.made_at, table.c.id)
        )
    )


# --- acts ---------------------------------------------------------------------------------


def draft(
    c: Connection,
    supporter: str,
    wishes: tuple[Wish, ...],
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    months: int | None = None,
    sitting: Sitting | None = None,
    reviewed: str = "",
) -> Outcome:
    """What the person chose for one supporter (a membership), as the next version to read back.

    It goes on from the draft before, or from what holds now, or else from the version (`reviewed`)
    that has lapsed and is looked at again. `months` until the review.
    `sitting`: who has sat with them and written it down; the person reads it in their own chat.
    """
    place = place_of(c, supporter, by)
    if place is None:
        return Outcome()
    held = decision.held(c, by)
    if held:
        wishes = holding.taken(wishes, _in_force(c, supporter, now), held)
    versions = agreements.versions(c, supporter)
    before = shared(c, supporter, now)
    base = before.draft or before.active or agreements.agreement(c, reviewed)
    after = care.REVIEWS[months or care.MONTHS]
    keeps = before.draft is not None and months is None and not reviewed
    standing = [] if base is None else [row for row in base.rows if ground.stands(c, row, now)]
    rows = care.rows(standing, wishes, lambda: new_id(c), now)
    if held and before.active is not None:
        rows = holding.dated(rows, held, before.active.lapses_at)
    review_at = before.draft.review_at if before.draft and keeps else now + after
    fresh = Agreement(
        id=new_id(c),
        person=by,
        supporter=supporter,
        version=max((one.version for one in versions), default=0) + 1,
        state=State.DRAFT,
        rows=rows,
        review_at=review_at,
        lapses_at=review_at + care.LAPSE,
        drafted_by=by if sitting is None else sitting.member,
        drafted_at=now,
    )
    outcome = care.draft(fresh, versions, now)
    if sitting is not None:
        outcome += prepared(sitting, fresh)
    commit(c, outcome, cause, now)
    return outcome


def change(
    c: Connection,
    id: str,
    wishes: tuple[Wish, ...],
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    months: int | None = None,
) -> Outcome:
    """Change a draft that was read back: it becomes the next version."""
    found = agreements.agreement(c, id)
    place = None if found is None else place_of(c, found.supporter, by)
    if found is None or place is None:
        return Outcome()
    if open_draft(c, id, by, now) is None:
        commit(c, Outcome(), cause, now)
        return Outcome(said=care.NOT_OPEN)
    return draft(c, place.id, wishes, by, now, cause, months)


def agree(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`Agree`: one question is still to be answered."""
    found = agreements.agreement(c, id)
    if found is None or place_of(c, found.supporter, by) is None:
        return Outcome()
    if _held_since(c, found, now):
        commit(c, Outcome(), cause, now)
        return Outcome(said=care.NOT_OPEN)
    outcome = care.ask(found, answered(c, id), by, now)
    commit(c, outcome, cause, now)
    return outcome


def answer(
    c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY, *, freely: Freely
) -> Outcome:
    """Whether they chose it themselves: `Yes` puts it in force."""
    found = agreements.agreement(c, id)
    place = None if found is None else place_of(c, found.supporter, by)
    proposed = agreements.agreement(c, id)  # as it stands now that nobody else can change it
    if proposed is None or place is None:
        return Outcome()
    versions, said = agreements.versions(c, place.id), answered(c, id)
    leads = _leads(c, proposed, place.member, versions)
    outcome = care.answer(
        proposed,
        [one for one in versions if one.state is State.ACTIVE],
        said,
        freely,
        leads,
        place.member,
        by,
        now,
    )
    if _held_since(c, proposed, now):  # all three read the same, and whoever asks to talk is heard
        outcome = Outcome(said=care.NOT_OPEN, tells=outcome.tells)
    if freely is not Freely.YES and not leads and care.is_open(proposed, said, now):
        alarm.tell_managers(c, "agreement", id, now)
    commit(c, outcome, cause, now)
    if outcome.records:
        _end_sitting(c, place.id, now)  # whatever was answered: the one who sat there cannot tell
    if freely is Freely.YES and outcome.records:
        outcome += escalation.left(c, place.member, now)  # it may let them hear less than before
    return outcome


def stop(c: Connection, supporter: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """End now whatever the person shares with one supporter, and take back what can be."""
    place = place_of(c, supporter, by)
    if place is None:
        return Outcome()
    said = Message(Text("agreement", "stopped"), {"carer": place.member})
    return _stop(c, [place], said, by, now, cause)


def stop_all(c: Connection, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """End now whatever the person shares with anybody."""
    if not any(held.role is Role.PERSON for held in circle.memberships(c, by)):
        return Outcome()
    places = [place_of(c, one.id, by) for one in around.circle_of(c, by)]
    said = Message(Text("agreement", "stopped_all"))
    return _stop(c, [place for place in places if place], said, by, now, cause)


def _stop(
    c: Connection,
    places: list[Membership],
    said: Message,
    by: str,
    now: datetime,
    cause: Cause,
) -> Outcome:
    standing = [one for place in places for one in agreements.versions(c, place.id)]
    outcome = care.stop(standing, said, by, now)
    commit(c, outcome, cause, now)
    outcome += news.withdrawn(c, [place.id for place in places], by, now, exceptions=False)
    for place in places:
        _end_sitting(c, place.id, now)
        outcome += escalation.left(c, place.member, now)
    return outcome


def place_of(c: Connection, supporter: str, by: str) -> Membership | None:
    """The supporter's place in the circle of `by`, locked; None when it is somebody else's."""
    found = circle.membership(c, supporter)
    if found is None or found.until is not None or found.role not in SUPPORTERS:
        return None
    return found if found.person == by else None


def _end_sitting(c: Connection, supporter: str, now: datetime) -> None:
    c.execute(_SITTING_OVER, {"of": supporter, "now": now})


def _beside(c: Connection, versions: Sequence[Agreement]) -> list[str]:
    """Who may have sat with the person since they last agreed to what this supporter may know."""
    before = [
        one.activated_at
        for one in versions
        if one.activated_at is not None and answered(c, one.id) is Freely.YES
    ]
    theirs = {"supporter": versions[-1].supporter}
    if before:
        return list(c.execute(_SAT_SINCE, theirs | {"last": max(before)}).scalars())
    return list(c.execute(_SAT, theirs).scalars())


def _leads(
    c: Connection, proposed: Agreement, carer: str, versions: Sequence[Agreement]
) -> list[str]:
    """Who is to hear that this may not have been chosen freely: leads first, then managers.

    Somebody who has sat there before only when there is nobody else, so that it is heard.
    """
    team = around.team_of(c, proposed.person)
    groups = [
        around.staff_of(c, team, Role.SAFEGUARDING_LEAD),
        around.staff_of(c, team, Role.MANAGER),
        around.staff_of(c, team),
    ]
    never = {carer, proposed.drafted_by}
    return care.leads(groups, {*never, *_beside(c, versions)}) or care.leads(groups, never)


def keep_answered(c: Connection, kept: Answered) -> None:
    """Keep what was answered; a later answer changes nothing."""
    c.execute(_ANSWER, {"of": kept.agreement, "freely": kept.freely.value})


KEEP[Answered] = keep_answered
