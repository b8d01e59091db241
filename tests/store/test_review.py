"""The moments at which an agreement is looked at again, kept beside it."""

from datetime import timedelta

from sqlalchemy import select

from bot.care.agreeing import Freely
from bot.care.circle import Membership, Role
from bot.care.outcome import Cause, Outcome
from bot.care.review import KIND
from bot.store import agreeing, agreement, leaving, review, schema
from bot.store.circle import keep_membership
from tests.conftest import NOON
from tests.oak import LATER, Oak, told
from tests.store.test_agreeing import YES, agreed

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


def test_the_person_and_their_key_worker_hear_of_it_and_it_comes_again(oak: Oak) -> None:
    id, due = of(oak, "Amira"), NOON + 91 * DAY
    cause = Cause(deadline=(KIND, id))
    review.tick(oak.c, id, due, due, cause)
    assert told(oak.c, "review.today") == ["Sam"]
    assert told(oak.c, "review.for_staff") == ["Jo"]
    table = schema.deadline
    (next_due,) = oak.c.execute(select(table.c.due_at).where(table.c.key == id)).scalars()
    assert next_due == due + 7 * DAY
    review.tick(oak.c, id, due, due, cause)  # twice reminds once
    assert told(oak.c, "review.today") == ["Sam"]


def test_no_key_worker_is_reminded_about_themselves(oak: Oak) -> None:
    keep_membership(oak.c, Membership("aunt", oak.jo, Role.FAMILY, oak.team, oak.sam, since=NOON))
    agreeing.draft(oak.c, "aunt", YES, oak.sam, NOON)
    draft = agreeing.shared(oak.c, "aunt", NOON).draft
    assert draft is not None
    agreeing.answer(oak.c, draft.id, oak.sam, NOON, freely=Freely.YES)
    review.tick(oak.c, draft.id, draft.review_at, draft.review_at)
    assert told(oak.c, "review.today") == ["Sam"]
    assert told(oak.c, "review.for_staff") == []


def test_nobody_is_reminded_of_what_is_over(oak: Oak) -> None:
    id = of(oak, "Amira")
    leaving.end_membership(oak.c, oak.role("Amira"), oak.sam, LATER)
    for key in (id, "nothing"):
        assert review.tick(oak.c, key, NOON, NOON + 91 * DAY) == Outcome()
    assert told(oak.c, "review.today") == told(oak.c, "review.for_staff") == []
