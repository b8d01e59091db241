"""What those around a person say for a review of one of the person's own plans.

They hear that it comes when the person is invited, as far as the person lets them know, and once.
Staff read it, with their name, when they look at the plan.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.care.outcome import Log, Message, Outcome
from bot.care.review import Item, Kind
from bot.care.text import Text

PLANS = frozenset({Kind.SIGN_PLAN, Kind.OUTINGS, Kind.PROFILE})
"""The person's own plans to which they are invited. Of a concern, a restriction, a broken glass or
a decision about somebody no one around them hears."""

COMES = Text("review", "comes")
COMES_WHICH = Text("review", "comes_which")

SAYS = {2: COMES_WHICH, 1: COMES}
"""What is said of it by how much the person shares of their plans, the most first."""


@dataclass(frozen=True, slots=True)
class VoiceFor:
    """What one of them said, in their words. `invited`: the invitation with which they heard."""

    id: str
    invited: str
    kind: str
    of: str
    person: str
    member: str
    words: str
    at: datetime


def is_told(item: Item) -> bool:
    """Whether those around may hear of it: not of what is up early, which tells that something
    has happened."""
    return item.kind in PLANS and not item.early


def say(fresh: VoiceFor) -> Outcome:
    """In the place of what they said for it before."""
    facts = {"voice": fresh.id, "invited": fresh.invited}
    return Outcome(
        said=Message(Text("review", "voice_thanks")),
        records=(fresh,),
        logs=(Log("review_voice", None, fresh.member, facts),),
    )
