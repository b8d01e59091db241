"""What Sam and Jo have agreed on of the way, besides a time to be back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from bot.care.outcome import NOBODY, Outcome
from bot.care.terms import Terms
from bot.store import Connection, plan, schema
from bot.store.commit import commit
from tests.kith import Story
from tests.play import MONDAY_MORNING


def on(terms: Terms, **more: Any) -> Callable[[Connection], None]:
    """The plan of the sample in force says these terms, and `more` of what a plan says."""

    def agree(c: Connection) -> None:
        [person] = c.execute(select(schema.plan.c.person)).scalars()
        agreed = plan.in_force(c, person)
        assert agreed is not None
        commit(c, Outcome(records=(replace(agreed, terms=terms, **more),)), NOBODY, MONDAY_MORNING)

    return agree


async def invited_only(story: Story, plan_meant: str) -> None:
    """Ruth, with whom Sam shares plans and reviews, was asked for her words for it; no more."""
    assert await story.ruth.news() == ["You have a new message. Tap to read."]
    read = (await story.ruth.taps("Read")).last.text
    assert f"Soon we look again at Sam's {plan_meant}" in read
    await story.ruth.news()
