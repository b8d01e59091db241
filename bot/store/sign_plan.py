"""The acts by which an early-warning plan is written, put in force and looked at again."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.care import sign_plan as care
from bot.care.circle import SUPPORTERS, Role
from bot.care.outcome import NOBODY, Cause, Lane, Message, Outcome, Tell, Value
from bot.care.review import Came, Kind
from bot.care.sign import LADDER, Response, Sign, SignPlan, Stage, State, Template, Threshold, Voice
from bot.care.sign_plan import Answer, Card
from bot.store import around, circle, sign, those
from bot.store import look as rounds
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.schema import sign_card as table
from bot.store.schema import sign_plan as plans
from bot.store.tools import ERASED, new_id, readable, seal


def writes(c: Connection, person: str, by: str, now: datetime) -> Voice | None:
    """In whose voice this member may write on the plan of this person; None: not at all.

    The person and those who work for them; whoever else is around them suggests.
    """
    if by == person:
        here = any(held.role is Role.PERSON for held in circle.memberships(c, by))
        return Voice.PERSON if here else None
    return Voice.STAFF if around.works_for(c, by, person, now) else None


def draft(c: Connection, person: str, by: str, now: datetime) -> SignPlan:
    """The draft that is being written, or a fresh one of what is in force; it is not kept yet."""
    found = sign.draft_of(c, person)
    if found is not None:
        return found
    versions = c.execute(select(plans.c.version).where(plans.c.person == person)).scalars()
    newest = max(versions, default=0)
    return care.begin(new_id(c), person, newest + 1, sign.active(c, person), by, now)


def current(c: Connection, person: str) -> SignPlan | None:
    """What one would write on: the draft, or else what is in force."""
    return sign.draft_of(c, person) or sign.active(c, person)


def add_card(
    c: Connection, person: str, card: Sign, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Put a card on the draft; one with its id gives way."""
    return _write(c, person, by, now, cause, lambda of: care.with_card(of, card))


def take_out(
    c: Connection, person: str, id: str, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    return _write(c, person, by, now, cause, lambda of: care.without_card(of, id, by))


def add_threshold(
    c: Connection,
    person: str,
    template: Template,
    count: int,
    days: int,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    fresh = Threshold(new_id(c), template, by, count, days)
    return _write(c, person, by, now, cause, lambda of: care.with_threshold(of, fresh))


def drop_threshold(
    c: Connection, person: str, id: str, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    return _write(c, person, by, now, cause, lambda of: care.without_threshold(of, id, by))


def respond(
    c: Connection, person: str, response: Response, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """What is done at one stage, and who is asked."""
    return _write(c, person, by, now, cause, lambda of: care.with_response(of, response, by))


def _write(
    c: Connection,
    person: str,
    by: str,
    now: datetime,
    cause: Cause,
    change: Callable[[SignPlan], SignPlan | None],
) -> Outcome:
    if writes(c, person, by, now) is None:
        return Outcome()
    return _done(c, care.write(change(draft(c, person, by, now)), person, by), cause, now)


def _done(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    if outcome != Outcome():
        commit(c, outcome, cause, now)
    return outcome


# --- the person ---------------------------------------------------------------------------


def ask_to_read(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    found = sign.of_version(c, id)
    if found is None or found.state is not State.DRAFT or found.person == by:
        return Outcome()
    if writes(c, found.person, by, now) is None:
        return Outcome()
    return _done(c, care.ask_to_read(found, by), cause, now)


def activate(
    c: Connection, id: str, revision: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The person's own press puts the draft in force, as they have read it."""
    found = sign.of_version(c, id)
    if found is None:
        return Outcome()
    before, staff = sign.active(c, found.person), _staff(c, found, now)
    return _done(c, care.activate(found, before, staff, by, revision, now), cause, now)


def not_yet(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    found = sign.of_version(c, id)
    if found is None:
        return Outcome()
    return _done(c, care.not_yet(found, _staff(c, found, now), by), cause, now)


def end(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The person wants no such plan any more."""
    found = sign.of_version(c, id)
    if found is None:
        return Outcome()
    return _done(c, care.end(found, _staff(c, found, now), by, now), cause, now)


def _staff(c: Connection, plan: SignPlan, now: datetime) -> list[str]:
    """Those of its writers who work for the person."""
    writers = dict.fromkeys((plan.drafted_by, *plan.co_authors))
    return [one for one in writers if around.works_for(c, one, plan.person, now)]


# --- suggested cards ----------------------------------------------------------------------


def suggest(
    c: Connection, person: str, card: Sign, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Somebody around the person suggests a card: never gated, for nothing is told."""
    if not any(held.member == by for held in around.circle_of(c, person)):
        return Outcome()
    keepers = around.keepers(c, person, now)
    return _done(c, care.suggest(Card(new_id(c), person, card), keepers), cause, now)


def card(c: Connection, id: str) -> Card | None:
    row = c.execute(select(table).where(table.c.id == id)).one_or_none()
    return None if row is None else _card(c, row)


def cards(c: Connection, person: str, since: datetime | None = None) -> list[Card]:
    """Suggested cards, the oldest first: those that wait, and those answered since then."""
    wanted = table.c.state == Answer.OPEN.value
    if since is not None:
        wanted |= table.c.answered_at >= since
    rows = c.execute(
        select(table).where(table.c.person == person, wanted).order_by(table.c.at, table.c.id)
    )
    return [_card(c, row) for row in rows]


def take(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    found = card(c, id)
    if found is None or writes(c, found.person, by, now) is None:
        return Outcome()
    on, here = draft(c, found.person, by, now), _here(c, found)
    return _done(c, care.take(found, on, here, by, now), cause, now)


def decline(
    c: Connection, id: str, why: str, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    found = card(c, id)
    if found is None or writes(c, found.person, by, now) is None:
        return Outcome()
    return _done(c, care.decline(found, why, _here(c, found), by, now), cause, now)


def _here(c: Connection, card: Card) -> bool:
    """Whether whoever suggested it is around the person still."""
    return any(held.member == card.sign.by for held in around.circle_of(c, card.person))


def read(c: Connection, membership: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """Somebody around the person wants to read the plan: a message leaves by the way out, which
    asks the gate, whatever it then shows."""
    place = circle.membership(c, membership)
    if place is None or place.member != by or place.until or place.role not in SUPPORTERS:
        return Outcome()
    of: dict[str, Value] = {"place": place.id}
    tell = Tell(by, Message(care.READING, of), Lane.REPLY, key=f"{new_id(c)}:sign_plan")
    return _done(c, Outcome(tells=(tell,)), cause, now)


# --- to be looked at again ----------------------------------------------------------------


def review_waits(c: Connection, plan: SignPlan) -> bool:
    """Whether an alert has asked for a review that has not been done; for staff alone."""
    looks = rounds.rounds(c, plan.person, Kind.SIGN_PLAN, plan.id, words=False)
    return bool(looks) and looks[-1].came is Came.ASKED


def review_after(c: Connection, person: str, now: datetime) -> None:
    """An alert under this person's plan is over: part of the transaction that ends it."""
    found = sign.active(c, person)
    if found is not None and not _waits_openly(c, found):
        _done(c, care.after_alert(found, new_id(c), now), NOBODY, now)


def _waits_openly(c: Connection, plan: SignPlan) -> bool:
    """Whether one is asked for that nobody has put off. Asked for anew, it would never be late."""
    looks = rounds.rounds(c, plan.person, Kind.SIGN_PLAN, plan.id, words=False)
    if not looks or looks[-1].came is not Came.ASKED or looks[-1].next_at is None:
        return False
    put_off = rounds.snoozes(c, those.one(plan.person))
    return (Kind.SIGN_PLAN, plan.id, looks[-1].next_at) not in put_off


def look_again(c: Connection, id: str, at: datetime, now: datetime) -> datetime:
    """A part of a review: the plan was looked at. Answers with when it is due next."""
    found = sign.of_version(c, id)
    if found is None:
        return at
    kept, holds = care.look_again(found, at, now)
    KEEP[SignPlan](c, kept)
    return holds


# --- rows ---------------------------------------------------------------------------------


def _keep(c: Connection, kept: Card) -> None:
    words = {"sign": sign.sign_words(kept.sign), "why": kept.why}
    keep_row(
        c,
        table,
        id=kept.id,
        person=kept.person,
        by=kept.sign.by,
        at=kept.sign.at,
        terms=sign.sign_terms(kept.sign),
        words=seal(c, kept.person, json.dumps(words)),
        state=kept.answer.value,
        plan=kept.plan,
        answered_by=kept.answered_by,
        answered_at=kept.answered_at,
    )


def _card(c: Connection, row: Any) -> Card:
    said = readable(c, row.person, row.words)
    words: dict[str, Any] = {"sign": {}, "why": ERASED}
    if said != ERASED:
        words = json.loads(said)
    return Card(
        id=row.id,
        person=row.person,
        sign=sign.as_sign(row.terms, words["sign"]),
        answer=Answer(row.state),
        plan=row.plan,
        why=words["why"],
        answered_by=row.answered_by,
        answered_at=row.answered_at,
    )


KEEP[Card] = _keep


# --- the sample circle --------------------------------------------------------------------


def sample(c: Connection, person: str, carer: str, key_worker: str, now: datetime) -> None:
    """Sam's plan, written by the three together and put in force by Sam."""

    def written(
        by: str,
        stage: Stage,
        name: str,
        emoji: str,
        *,
        looks_like: str = "",
        usual: str = "",
        helps: str = "",
        does_not: str = "",
    ) -> Sign:
        said = (emoji, looks_like, usual, helps, does_not)
        return Sign(new_id(c), stage, name, by, now, *said)

    early, middle, late, good = Stage.EARLY, Stage.MIDDLE, Stage.LATE, Stage.GOOD
    signs = (
        written(
            person,
            early,
            "Up in the night",
            "🌙",
            usual="I sleep from 11 to 7.",
            helps="A walk in the day, and no coffee after lunch.",
            does_not="Being told to go to bed.",
        ),
        written(
            carer,
            early,
            "Not answering messages",
            "📵",
            usual="Sam answers by the evening.",
            helps="A picture of the cat.",
        ),
        written(
            person,
            middle,
            "Talking very fast",
            "💬",
            helps="One question at a time.",
            does_not="Many people in the room.",
        ),
        written(
            key_worker,
            late,
            "Says people are watching the flat",
            "🪟",
            looks_like="The curtains stay shut all day.",
            helps="Sit with me, and say what you can hear.",
            does_not="Telling me that nobody is there.",
        ),
        written(person, good, "Singing in the kitchen", "🎵", helps="Keep the radio on."),
    )
    thresholds = (
        Threshold(new_id(c), Template.ANY_LATE, person),
        Threshold(new_id(c), Template.DIFFERENT_IN_DAYS, key_worker, 2, 7),
        Threshold(new_id(c), Template.SAME_DAYS_RUNNING, carer, 1, 3),
    )
    done = {
        early: "Ring Sam and ask about sleep.",
        middle: "See Sam today. Ask one question at a time.",
        late: "Go to Sam. Sit with Sam, and ring the crisis team together.",
    }
    responses = tuple(Response(stage, LADDER, words) for stage, words in done.items())
    fresh = SignPlan(
        new_id(c),
        person,
        1,
        State.DRAFT,
        key_worker,
        now,
        now,
        signs,
        thresholds,
        responses,
        (person, carer, key_worker),
    )
    outcome = care.activate(fresh, None, (), person, 0, now)
    commit(c, Outcome(records=outcome.records, logs=outcome.logs), NOBODY, now)
