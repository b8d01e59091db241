"""What people ask of sessions, as numbers."""

from bot.care.wish import Counts, Part, Wish, counted
from tests.conftest import NOON


def wish(member: str, weekday: int | None, part: Part, language: str = "english") -> Wish:
    return Wish(member, weekday, part, language, NOON)


def test_the_most_wanted_comes_first_and_equals_in_the_order_of_the_week() -> None:
    asked = [
        wish("a", None, Part.ANY),
        wish("b", 5, Part.MORNING),
        wish("c", 2, Part.EVENING, "Polish"),
        wish("d", 2, Part.MORNING, "Polish"),
        wish("e", 5, Part.MORNING, "bsl"),
        wish("f", 2, Part.EVENING, "Polish"),
    ]
    assert counted(asked) == Counts(
        people=6,
        times=(
            ((2, Part.EVENING), 2),
            ((5, Part.MORNING), 2),
            ((2, Part.MORNING), 1),
            ((None, Part.ANY), 1),
        ),
        languages=(("Polish", 3), ("english", 2), ("bsl", 1)),
    )
    assert counted([]) == Counts(0, (), ())
