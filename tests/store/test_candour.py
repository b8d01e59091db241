"""Lists of being open about harm as they are kept; nobody is told before the person."""

from datetime import timedelta

from sqlalchemy import select

from bot.care.candour import Candour, Step
from bot.care.outcome import Outcome, Topic
from bot.store import candour, news, schema
from tests.conftest import NOON
from tests.oak import LATER, Oak, told

YESTERDAY = NOON - timedelta(days=1)


def lists(oak: Oak) -> list[Candour]:
    ids = oak.c.execute(select(schema.candour.c.id)).scalars().all()
    return [one for one in (candour.candour(oak.c, id) for id in ids) if one is not None]


def tells(oak: Oak, told_by: str) -> str:
    """Jo tells of a fall of which `told_by` has told Sam; the item's id."""
    news.send(
        oak.c,
        oak.sam,
        Topic.INCIDENTS,
        2,
        "Sam fell.",
        oak.jo,
        NOON,
        harm=True,
        told_by=told_by,
        told_at=YESTERDAY,
    )
    return str(oak.c.execute(select(schema.news.c.id)).scalar_one())


def test_who_told_the_person_and_when_is_kept_with_the_item_and_in_the_list(oak: Oak) -> None:
    id = tells(oak, oak.dev)

    item = news.news(oak.c, id)
    assert item is not None and (item.told_by, item.told_at) == (oak.dev, YESTERDAY)
    (one,) = lists(oak)
    assert (one.told_by, one.told_at, one.news) == (oak.dev, YESTERDAY, id)
    assert told(oak.c, "candour.list") == ["Jo"]


def test_a_list_opened_before_goes_on_once_the_person_has_been_told(oak: Oak) -> None:
    candour.open_(oak.c, oak.sam, oak.jo, NOON)
    (before,) = lists(oak)
    candour.press(oak.c, before.id, oak.dev, NOON, step=Step.TOLD)

    id = tells(oak, oak.dev)

    (one,) = lists(oak)
    assert (one.id, one.news, one.told_by) == (before.id, id, oak.dev)


def test_only_staff_of_the_person_open_and_press(oak: Oak) -> None:
    for stranger in (oak.alex, oak.amira, oak.sam):
        assert candour.open_(oak.c, oak.sam, stranger, NOON) == Outcome()
    candour.open_(oak.c, oak.sam, oak.jo, NOON)
    (one,) = lists(oak)
    for stranger in (oak.alex, oak.amira, oak.sam):
        assert candour.press(oak.c, one.id, stranger, LATER, step=Step.SORRY) == Outcome()
        assert candour.unfinished(oak.c, stranger) == []


def test_a_list_is_found_again_until_it_is_whole(oak: Oak) -> None:
    candour.open_(oak.c, oak.sam, oak.jo, NOON)
    (one,) = lists(oak)
    for step in Step:
        assert [found.id for found in candour.unfinished(oak.c, oak.jo)] == [one.id]
        candour.press(oak.c, one.id, oak.jo, LATER, step=step)
    assert candour.unfinished(oak.c, oak.jo) == []
