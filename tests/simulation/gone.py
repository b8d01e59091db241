"""Whom an alert asks first is gone from Telegram, and nobody has said so to Kith."""

from typing import TYPE_CHECKING

from tests.simulation.capability import Capability
from tests.simulation.database import PHONES

if TYPE_CHECKING:
    from tests.simulation.people import People


def begin(people: "People") -> None:
    people.world.tell("Jo cannot be reached")
    people.world.telegram.chats[PHONES["Jo"]].blocked = True


def needs_help(people: "People") -> None:
    people.world.telegram.says(PHONES["Sam"], "help")


PLAYED = Capability(
    each=60,
    these=tuple(range(51, 60)),
    often=1,
    does=((1.0, needs_help),),
    begin=begin,
)
