"""What hangs on a message: the buttons it carries. What its ids stand for is `fills`."""

from collections.abc import Mapping

from bot.care.text import Text
from bot.outbox.shapes import (
    after,
    by_phone,
    circle,
    concerns,
    education,
    escalation,
    journey,
    plan,
    regular,
    reviews,
    sharing,
    signs,
    wellbeing,
    words,
)
from bot.outbox.shapes.shape import Press, Shape

__all__ = ["SHAPES", "Press", "Shape"]


def joined(*tables: Mapping[Text, Shape]) -> Mapping[Text, Shape]:
    """One table of all; a text that stands in two of them is refused."""
    shapes: dict[Text, Shape] = {}
    for table in tables:
        if twice := shapes.keys() & table.keys():
            raise ValueError(f"a text has two shapes: {', '.join(sorted(map(str, twice)))}")
        shapes |= table
    return shapes


SHAPES = joined(
    after.SHAPES,
    by_phone.SHAPES,
    circle.SHAPES,
    concerns.SHAPES,
    education.SHAPES,
    escalation.SHAPES,
    journey.SHAPES,
    plan.SHAPES,
    regular.SHAPES,
    reviews.SHAPES,
    sharing.SHAPES,
    signs.SHAPES,
    wellbeing.SHAPES,
    words.SHAPES,
)
"""Which messages carry buttons. A message that is not here has the emergency card alone."""
