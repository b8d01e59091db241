"""Lists of being open about harm as they are kept; nobody is told before the person."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.care.candour import Candour, Step
from bot.care.outcome import Outcome, Topic
from bot.store import candour, news, schema, tell
from tests.conftest import NOON
from tests.oak import LATER, Oak, told

YESTERDAY = NOON - timedelta(days=1)


def lists(oak: Oak) -> list[Candour]:
    ids = oak.c.execute(select(schema.candour.c.id)).scalars().all()
    return [one for one in (candour.candour(oak.c, id) for id in ids) if one is not None]


def tells(oak: Oak, told_by: str, under: str | None = None) -> str:
    """Jo tells of a fall of which `told_by` has told Sam; the item's id."""
    known = oak.c.execute(select(schema.news.c.id)).scalars().all()
    tell.send(
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
        under=under,
    )
    newest = select(schema.news.c.id).order_by(schema.news.c.id.not_in(known))
    return str(oak.c.execute(newest).scalars().all()[-1])


def test_who_told_the_person_and_when_is_kept_with_the_item_and_in_the_list(oak: Oak) -> None:
    id = tells(oak, oak.dev)

    item = news.news(oak.c, id)
    assert item is not None and (item.told_by, item.told_at) == (oak.dev, YESTERDAY)
    (one,) = lists(oak)
    assert (one.told_by, one.told_at, one.news) == (oak.dev, YESTERDAY, id)
    assert told(oak.c, "candour.list") == ["Jo"]


@pytest.mark.parametrize("pressed", [False, True])
def test_a_list_opened_before_goes_on_whether_it_was_pressed_or_not(
    oak: Oak, pressed: bool
) -> None:
    candour.open_(oak.c, oak.sam, oak.jo, NOON)
    (before,) = lists(oak)
    if pressed:
        candour.press(oak.c, before.id, oak.dev, NOON, step=Step.TOLD)

    id = tells(oak, oak.priya, before.id)

    (one,) = lists(oak)
    assert (one.id, one.news) == (before.id, id)
    by, at = (oak.dev, NOON) if pressed else (oak.priya, YESTERDAY)
    assert (one.told_by, one.told_at) == (by, at)
    item = news.news(oak.c, id)
    assert item is not None and (item.told_by, item.told_at) == (by, at)
    tells(oak, oak.mina, before.id)
    assert lists(oak) == [one], "what was told first stays"
    assert told(oak.c, "candour.list") == []


def test_another_harm_takes_no_list_that_stands_nor_somebody_elses(oak: Oak) -> None:
    candour.open_(oak.c, oak.sam, oak.jo, NOON)
    (before,) = lists(oak)
    tells(oak, oak.dev)
    assert before in lists(oak) and len(lists(oak)) == 2
    assert candour.of(oak.c, oak.leo, before.id) is None
    assert candour.of(oak.c, oak.sam, "new") is candour.of(oak.c, oak.sam, None) is None


def test_not_yet_said_again_of_the_same_harm_shows_its_list(oak: Oak) -> None:
    candour.open_(oak.c, oak.sam, oak.jo, NOON)
    (before,) = lists(oak)
    again = candour.open_(oak.c, oak.sam, oak.dev, LATER, under=before.id)
    assert lists(oak) == [before] and again.said is not None
    assert again.said.params["candour"] == before.id
    assert candour.open_(oak.c, oak.sam, oak.amira, LATER, under=before.id) == Outcome()


def test_a_harm_may_be_told_of_again_though_its_list_is_whole_for_a_month(oak: Oak) -> None:
    candour.open_(oak.c, oak.sam, oak.jo, NOON)
    (one,) = lists(oak)
    late = NOON + candour.LATELY
    assert [found.id for found in candour.standing(oak.c, oak.sam, late)] == [one.id]
    for step in Step:
        candour.press(oak.c, one.id, oak.jo, NOON, step=step)
    assert [found.id for found in candour.standing(oak.c, oak.sam, LATER)] == [one.id]
    assert candour.standing(oak.c, oak.sam, late) == []


def test_what_does_not_fit_is_counted_and_comes_after(oak: Oak) -> None:
    for _ in range(candour.MOST + 2):
        candour.open_(oak.c, oak.sam, oak.jo, NOON)
    first, left = candour.unfinished(oak.c, oak.dev)
    rest, none = candour.unfinished(oak.c, oak.dev, len(first))
    assert (len(first), left, len(rest), none) == (candour.MOST, 2, 2, 0)
    assert {one.id for one in (*first, *rest)} == {one.id for one in lists(oak)}


def test_only_staff_of_the_person_open_and_press(oak: Oak) -> None:
    for stranger in (oak.alex, oak.amira, oak.sam):
        assert candour.open_(oak.c, oak.sam, stranger, NOON) == Outcome()
    candour.open_(oak.c, oak.sam, oak.jo, NOON)
    (one,) = lists(oak)
    for stranger in (oak.alex, oak.amira, oak.sam):
        assert candour.press(oak.c, one.id, stranger, LATER, step=Step.SORRY) == Outcome()
        assert candour.unfinished(oak.c, stranger) == ([], 0)


def test_a_list_is_found_again_until_it_is_whole(oak: Oak) -> None:
    candour.open_(oak.c, oak.sam, oak.jo, NOON)
    (one,) = lists(oak)
    for step in Step:
        assert [found.id for found in candour.unfinished(oak.c, oak.jo)[0]] == [one.id]
        candour.press(oak.c, one.id, oak.jo, LATER, step=step)
    assert candour.unfinished(oak.c, oak.jo) == ([], 0)
