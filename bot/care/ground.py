"""Rows that rest on somebody else's word: a best-interests decision, an attorney or a deputy.

They stand beside the person's own and never in place of them: whatever the person has said about
a topic, a no above all, stands. "I don't know" is the one answer that leaves room.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.care import lapsing
from bot.care.agreement import (
    Agreement,
    Basis,
    Choice,
    Ground,
    Sharing,
    Situation,
    State,
)
from bot.care.outcome import Lane, Log, Message, Outcome, Tell, Topic, Value
from bot.care.text import Text

SAID = {
    Basis.BEST_INTERESTS: Text("ground", "allowed"),
    Basis.AUTHORITY: Text("ground", "own_saved"),
}

TOLD = {
    Basis.BEST_INTERESTS: Text("ground", "told_allowed"),
    Basis.AUTHORITY: Text("ground", "told_own"),
}


def own_word(agreed: Sequence[Agreement], topic: Topic, now: datetime) -> bool:
    """Whether the person has said themselves what is to happen with this topic.

    A no they said last stands, also when what they agreed to has lapsed.
    """
    last = next((one for one in reversed(agreed) if any(map(_is_own, one.rows))), None)
    if any(row.choice is Choice.NEVER for row in _own(last, topic)):
        return True
    return any(
        row.choice is not Choice.UNSURE and (row.until is None or now < row.until)
        for row in _own(_before(agreed, now), topic)
    )


def allow(
    fresh: Agreement,
    agreed: Sequence[Agreement],
    living: Collection[str],
    ground: Ground,
    topic: Topic,
    level: int | None,
    carer: str,
    new_id: Callable[[], str],
    now: datetime,
) -> Outcome:
    """The next version: as before, and so much of this topic on this ground; None ends it.

    `fresh` has no rows yet; `agreed` are all that ever held, oldest first, `living` the grounds
    that stand. What the person agreed to is looked at again, and lapses, when it was to; what has
    lapsed does not come back.
    """
    before = _before(agreed, now)
    standing = [] if before is None else [r for r in before.rows if r.ground in (None, *living)]
    if topic not in ground.topics or not ground.since <= now < ground.until:
        return Outcome()
    if own_word(agreed, topic, now):
        return _nothing(fresh, ground, topic, Text("ground", "own_word"))
    kept = [row for row in standing if not _gives_way(row, topic, ground.basis, level)]
    if level is None and len(kept) == len(standing):
        return _nothing(fresh, ground, topic, Text("ground", "nothing_to_end"))
    rows = [replace(row, id=new_id()) for row in kept]
    if level is not None:
        rows.append(_row(ground, topic, level, new_id(), now))
    by = fresh.drafted_by
    active = replace(fresh, state=State.ACTIVE, activated_at=now, rows=tuple(rows))
    if before is not None and any(map(_is_own, kept)):
        active = replace(active, review_at=before.review_at, lapses_at=before.lapses_at)
    said, text = SAID[ground.basis], TOLD[ground.basis]
    if level is None:
        text = Text("ground", "told_ended")
        if ground.basis is Basis.BEST_INTERESTS:
            said = Text("ground", "ended")
    told = Message(text, {"by": by, "carer": carer, "topic": topic.value})
    return Outcome(
        said=Message(said, {"person": active.person}),
        tells=(Tell(active.person, told, Lane.NEWS, key=f"agreement:{active.id}:ground"),),
        logs=(_log("sharing_by_ground", active, ground, topic),),
    ) + _next(active, agreed)


def theirs_again(
    fresh: Agreement,
    agreed: Sequence[Agreement],
    topic: Topic,
    new_id: Callable[[], str],
    now: datetime,
) -> Outcome:
    """The person decides about this topic themselves: no attorney's word stands for theirs."""
    before = _before(agreed, now)
    rows = () if before is None else before.rows
    kept = [row for row in rows if row.topic is not topic or row.basis is not Basis.AUTHORITY]
    if before is None or len(kept) == len(rows):
        return Outcome()
    active = replace(
        fresh,
        state=State.ACTIVE,
        activated_at=now,
        rows=tuple(replace(row, id=new_id()) for row in kept),
        review_at=before.review_at,
        lapses_at=before.lapses_at,
    )
    facts: dict[str, Value] = {"to": active.supporter, "version": active.version}
    log = Log("sharing_left_to_them", active.person, active.drafted_by, facts)
    return Outcome(logs=(log,)) + _next(active, agreed)


def not_held(fresh: Agreement, ground: Ground, topic: Topic) -> Outcome:
    """Nobody doubts that the person can decide this: no attorney's word stands for theirs."""
    return _nothing(fresh, ground, topic, Text("ground", "own_word"))


def stopped(fresh: Agreement, ground: Ground, topic: Topic) -> Outcome:
    """The person has stopped sharing with them: until they agree anew, that is their word."""
    return _nothing(fresh, ground, topic, Text("ground", "stopped"))


def _before(agreed: Sequence[Agreement], now: datetime) -> Agreement | None:
    """What holds now."""
    in_force = (one for one in reversed(agreed) if one.state is State.ACTIVE)
    return next((one for one in in_force if now < one.lapses_at), None)


def _own(version: Agreement | None, topic: Topic) -> list[Sharing]:
    rows = () if version is None else version.rows
    return [row for row in rows if row.topic is topic and _is_own(row)]


def _is_own(row: Sharing) -> bool:
    return row.basis is Basis.CONSENT


def _next(active: Agreement, agreed: Sequence[Agreement]) -> Outcome:
    """It takes the place of what is in force."""
    over = [one for one in agreed if one.state is State.ACTIVE]
    at, by = active.activated_at, active.drafted_by
    ended = (replace(one, state=State.ENDED, ended_at=at, ended_by=by) for one in over)
    wakes = (*map(lapsing.over, over), lapsing.begins(active))
    return Outcome(records=(*ended, active), wakes=wakes)


def _nothing(fresh: Agreement, ground: Ground, topic: Topic, why: Text) -> Outcome:
    """Nothing changes. An attorney is not told why: what the person chose is not theirs to know."""
    said = SAID[ground.basis] if ground.basis is Basis.AUTHORITY else why
    return Outcome(
        said=Message(said, {"person": fresh.person}),
        logs=(_log("sharing_unchanged", fresh, ground, topic),),
    )


def _row(ground: Ground, topic: Topic, level: int, id: str, now: datetime) -> Sharing:
    return Sharing(
        id=id,
        topic=topic,
        situation=Situation.EVERYDAY,
        choice=Choice.SHARE,
        level=level,
        since=now,
        basis=ground.basis,
        ground=ground.id,
    )


def _log(kind: str, version: Agreement, ground: Ground, topic: Topic) -> Log:
    facts: dict[str, Value] = {
        "to": version.supporter,
        "version": version.version,
        "ground": ground.id,
        "topic": topic.value,
    }
    return Log(kind, version.person, version.drafted_by, facts)


def _gives_way(row: Sharing, topic: Topic, basis: Basis, level: int | None) -> bool:
    unsure = row.basis is Basis.CONSENT and row.choice is Choice.UNSURE and level is not None
    return row.topic is topic and (row.basis is basis or unsure)
