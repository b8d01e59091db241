"""The moments at which an agreement is looked at again, kept beside it."""

from datetime import timedelta

from sqlalchemy import select

from bot.care.lapsing import KIND
from bot.care.outcome import Cause, Outcome
from bot.store import agreeing, agreement, lapsing, leaving, schema
from tests.conftest import NOON
from tests.oak import LATER, Oak, told
from tests.store.test_agreeing import agreed

DAY = timedelta(days=1)


def waiting(oak: Oak) -> set[str]:
    """The agreements that are to be looked at again."""
    table = schema.deadline
    return set(oak.c.execute(select(table.c.key).where(table.c.kind == KIND)).scalars())


def of(oak: Oak, name: str) -> str:
    (held,) = agreement.active(oak.c, oak.role(name), LATER)
    return held.id


def test_what_is_in_force_is_looked_at_again_and_nothing_else(oak: Oak) -> None:
    first = {name: of(oak, name) for name in ("Amira", "Leo", "Ruth")}
    assert waiting(oak) == {*first.values()}
    second = agreed(oak).id
    assert waiting(oak) == {second, first["Leo"], first["Ruth"]}
    agreeing.stop(oak.c, oak.role("Amira"), oak.sam, LATER)
    leaving.end_membership(oak.c, oak.role("Leo"), oak.sam, LATER)
    assert waiting(oak) == {first["Ruth"]}


def test_the_person_hears_of_it_and_it_comes_again(oak: Oak) -> None:
    id, due = of(oak, "Amira"), NOON + 91 * DAY
    cause = Cause(deadline=(KIND, id))
    lapsing.tick(oak.c, id, due, due, cause)
    assert told(oak.c, "review.today") == ["Sam"]
    table = schema.deadline
    (next_due,) = oak.c.execute(select(table.c.due_at).where(table.c.key == id)).scalars()
    assert next_due == due + 7 * DAY
    lapsing.tick(oak.c, id, due, due, cause)  # twice reminds once
    assert told(oak.c, "review.today") == ["Sam"]


def test_nobody_is_reminded_of_what_is_over(oak: Oak) -> None:
    id = of(oak, "Amira")
    leaving.end_membership(oak.c, oak.role("Amira"), oak.sam, LATER)
    for key in (id, "nothing"):
        assert lapsing.tick(oak.c, key, NOON, NOON + 91 * DAY) == Outcome()
    assert told(oak.c, "review.today") == []
