"""What is held never widens: while a worry about a decision stands, the person's own choices about
that topic can become less, and no more. A no is always theirs."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.care.agreeing import LEVEL, Wish
from bot.care.agreement import Basis, Choice, Sharing, Situation
from bot.care.outcome import Topic


def taken(
    wishes: Iterable[Wish], before: Sequence[Sharing], held: Collection[Topic]
) -> tuple[Wish, ...]:
    """The wishes that can be followed now; `before` are the rows in force."""
    return tuple(
        wish
        for wish in wishes
        if wish.topic not in held
        or wish.choice is not Choice.SHARE
        or _covered(
            before,
            wish.topic,
            wish.situation,
            wish.level or LEVEL[wish.choice],
            wish.until,
            wish.data_from,
        )
    )


def dated(rows: Iterable[Sharing], held: Collection[Topic], until: datetime) -> tuple[Sharing, ...]:
    """What is held goes on no longer than it was to: agreeing to the rest gives it no more time."""
    return tuple(
        replace(row, until=until if row.until is None else min(row.until, until))
        if row.topic in held and row.choice is Choice.SHARE and row.basis is Basis.CONSENT
        else row
        for row in rows
    )


def widens(proposed: Iterable[Sharing], before: Sequence[Sharing], held: Collection[Topic]) -> bool:
    """Whether these rows would share more of a held topic than those in force."""
    return any(
        row.topic in held
        and row.choice is Choice.SHARE
        and row.basis is Basis.CONSENT
        and not _covered(before, row.topic, row.situation, row.level, row.until, row.data_from)
        for row in proposed
    )


def _covered(
    before: Sequence[Sharing],
    topic: Topic,
    situation: Situation,
    level: int,
    until: datetime | None,
    data_from: datetime | None,
) -> bool:
    """Whether the person shares so much already, and nothing about this topic says otherwise.

    What rests on another word than theirs is not theirs to go on with: it ends with its ground.
    """
    rows = [row for row in before if row.topic is topic and row.basis is Basis.CONSENT]
    return all(row.choice is Choice.SHARE for row in rows) and any(
        row.situation is situation
        and row.level >= level
        and (row.until is None or (until is not None and until <= row.until))
        and (row.data_from is None or (data_from is not None and data_from >= row.data_from))
        for row in rows
    )
