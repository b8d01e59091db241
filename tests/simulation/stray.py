"""Stray taps: of an earlier time, by somebody else, and while a process stands still."""

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.handlers.escalation import TAPS
from bot.store import journey
from tests.simulation import on_the_way
from tests.simulation.capability import Capability
from tests.simulation.database import OUTSIDERS, PHONES, PLACES, SECOND, STAFF
from tests.simulation.telegram import Shown

if TYPE_CHECKING:
    from tests.simulation.people import People


def begin(people: "People") -> None:
    """Sam is out for longer. Whoever has something in hand is slow: others take it up, too."""
    people.world.faults.odds.halt = 0.3
    back, now = timedelta(seconds=80), people.world.moment()
    people.world.act(journey.set_off, people.ids["Sam"], PLACES[0], now + back, now)


def presses_something_old(people: "People") -> None:
    name = people.anybody("Sam", "Sam", *STAFF)
    messages = [m for m in people.world.telegram.chats[PHONES[name]].messages if m.buttons]
    if messages:
        shown = people.random.choice(messages)
        people.tap(shown, people.random.choice(shown.buttons)[1])


def presses_what_is_not_theirs(people: "People") -> None:
    """A button can be forged, or forwarded: of an alert that stands, if there is one."""
    account = PHONES[people.anybody(*OUTSIDERS, "Sam")]
    stands = [alert.id for alert in people.world.watch.alerts.values() if alert.state != "closed"]
    if stands:
        verb, id = people.anybody(*TAPS), people.random.choice(stands)
        return forges(people, account, f"escalation:{verb}:{id}:0")
    shown = people.newest(people.anybody("Sam", *STAFF))
    return None if shown is None else forges(people, account, shown.buttons[0][1])


def presses_of_an_earlier_time(people: "People") -> None:
    """Sam presses how much later they will be, which was offered of another time."""
    for outing in people.world.watch.outings.values():
        if outing.state in ("out", "nudged"):
            other = on_the_way.moved(outing) // SECOND - people.random.choice((60, 600))
            forges(people, PHONES["Sam"], f"journey:later_20:{outing.id}:{other}")


def forges(people: "People", account: int, data: str) -> None:
    """Press what that chat has never shown, or does not show any more."""
    people.tap(Shown(1, account, "", [], None, people.world.loop.time()), data)


def is_late(people: "People") -> None:
    """Sam presses "I'm late", and then says how much; or says it again of an earlier time."""
    messages = people.world.telegram.chats[PHONES["Sam"]].messages
    offers = [m for m in messages if any(d.startswith("journey:later_") for _, d in m.buttons)]
    if len(offers) > 1 and people.random.random() < 0.4:
        messages = offers[:-1]
    for shown in reversed(messages):
        data = [data for _, data in shown.buttons]
        later = [d for d in data if d.startswith(("journey:later_", "journey:home_"))]
        late = [d for d in data if d.startswith("journey:late:")]
        if later:
            return says_how_much(people, shown, later)
        if late:
            people.world.later(people.random.uniform(3, 8), partial(says_it_soon, people))
            return people.tap(shown, late[0])
    return None


def says_it_soon(people: "People") -> None:
    offer = people.shown_with(PHONES["Sam"], "journey:later_")
    if offer is not None:
        says_how_much(people, offer, [d for _, d in offer.buttons if ":later_" in d])


def says_how_much(people: "People", shown: Shown, later: list[str]) -> None:
    """A little, mostly, and perhaps once more by the same button."""
    press = people.random.choice((later[0], people.random.choice(later)))
    people.tap(shown, press)
    if people.random.random() < 0.5:
        again = partial(people.tap, shown, press)
        people.world.later(people.random.uniform(2, 15), again)


PLAYED = Capability(
    each=8,
    these=(3, 6),
    often=6,
    does=(
        (2.0, presses_something_old),
        (4.0, presses_what_is_not_theirs),
        (2.0, presses_of_an_earlier_time),
        (2.0, is_late),
    ),
    begin=begin,
)
