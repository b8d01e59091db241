"""What people do: a table of actions with their weights, and how they answer what they read.

A new capability joins here: add an `Action` for each thing that somebody may now do.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.care.circle import Shift
from bot.care.outcome import NOBODY, About, Lane, Message, Outcome, Tell, Topic
from bot.care.terms import Terms
from bot.care.text import Text
from bot.store import Connection, around, journey, leaving
from bot.store.commit import commit
from bot.store.tools import new_id
from tests.simulation import (
    gone,
    handing_over,
    on_the_way,
    quietly,
    safeguards,
    second_way,
    sessions,
    signs,
    steps,
    stray,
    supporters,
    whereabouts,
)
from tests.simulation.database import OUTSIDERS, PHONES, PLACES, STAFF
from tests.simulation.sharing import AROUND
from tests.simulation.telegram import Shown

if TYPE_CHECKING:
    from tests.simulation.world import World

NAMES = {account: name for name, account in PHONES.items()}

STRANGER = 999

UNDER_EVERYTHING = ("general:card:-:0", "concern:begin:-:0")
"""Buttons that answer nothing."""

PACE = 9.0
"""Seconds between two things that somebody does of their own accord, on average."""


class People:
    """Everybody's hands. `sees` is called for whatever appears on a phone."""

    def __init__(self, world: "World", seed: int) -> None:
        self.world = world
        self.seed = seed
        self.random = random.Random(f"{seed}:people")
        self.ids = world.database.ids
        self.stormy = True
        self.answers = {name: self.random.choice((0.1, 0.4, 0.7)) for name in PHONES}
        self.answers["Sam"] = self.random.choice((0.05, 0.2, 0.6))
        self.gone: set[str] = set()
        self.capabilities = [one for one in CAPABILITIES if one.plays(seed)]
        self.notices = signs.PLAYED in self.capabilities
        self.called_otherwise: bool = second_way.PLAYED in self.capabilities
        self.way: Terms | None = None
        self.told = 0

    def name(self, account: int) -> str:
        return NAMES.get(account, "stranger")

    async def live(self, seconds: float) -> None:
        """Act now and then, for so long."""
        loop = self.world.loop
        ends = loop.time() + seconds
        for one in self.capabilities:
            one.begin(self)
        set_off(self)
        acts = [(action.weight, action.do) for action in ACTIONS]
        alone = sum(weight for weight, _ in acts)
        acts += [(weight * one.often, do) for one in self.capabilities for weight, do in one.does]
        weights, doing = [weight for weight, _ in acts], [do for _, do in acts]
        more = sum(weights) / alone
        pace = PACE / (1 + (more - 1) / 2)  # as quick as that again would take twice the time
        while loop.time() < ends:
            await asyncio.sleep(self.random.expovariate(1 / pace))
            (do,) = self.random.choices(doing, weights)
            do(self)

    def sees(self, shown: Shown) -> None:
        """Somebody reads it, and perhaps answers, a little later."""
        name = self.name(shown.chat)
        if not self.stormy or name not in PHONES:
            return
        supporters.is_read(self, shown)
        if self.random.random() < self.answers[name]:
            wait = self.random.uniform(1, 50)
            self.world.later(wait, lambda: self.answer(shown))

    def answer(self, shown: Shown) -> None:
        """Press one of its buttons, or write what it asks for."""
        data = [data for _, data in shown.buttons if data not in UNDER_EVERYTHING]
        flow = [d for d in data if d.startswith("flow:")]
        if not self.stormy:
            return
        if flow and len(flow) <= 2:
            self.world.telegram.says(shown.chat, f"{self.random.choice((1, 2, 3))} minutes")
            return
        if any(":other:" in one for one in flow):
            data = [one for one in flow if ":other:" in one]
        elif flow:
            data = flow[:-1]
        if data:  # the first is what it is there for
            self.tap(shown, self.random.choice((data[0], self.random.choice(data))))

    def tap(self, shown: Shown, data: str) -> None:
        """Sometimes twice."""
        self.world.telegram.taps(shown.chat, shown, data)
        if self.stormy and self.random.random() < 0.2:
            wait = self.random.uniform(0.1, 3)
            self.world.later(wait, lambda: self.world.telegram.taps(shown.chat, shown, data))

    def newest(self, name: str) -> Shown | None:
        pressable = [m for m in self.world.telegram.chats[PHONES[name]].messages if m.buttons]
        return pressable[-1] if pressable else None

    def shown_with(self, account: int, data: str) -> Shown | None:
        """One of the newest messages with such a button."""
        messages = self.world.telegram.chats[account].messages
        found = [m for m in messages if any(d.startswith(data) for _, d in m.buttons)]
        return self.random.choice(found[-2:]) if found else None

    def places(self) -> dict[str, str]:
        """Who is around Sam, and their membership."""
        names = {id: name for name, id in self.ids.items()}
        places = self.world.look(lambda c: around.circle_of(c, self.ids["Sam"]))
        return {names[place.member]: place.id for place in places}

    def waiting(self) -> list[str]:
        """For whom there is something to read."""
        members = {member for (member,) in self.world.watch.cells(WAITING)}
        return [name for name in AROUND if self.ids[name] in members]

    def anybody(self, *names: str) -> str:
        return self.random.choice(names)

    # --- the calm -------------------------------------------------------------------------

    def calm(self) -> None:
        """Whoever has shut Kith out lets it in again; all help to bring it to an end."""
        self.stormy = False
        for account, chat in self.world.telegram.chats.items():
            if chat.blocked and account in NAMES:
                self.world.telegram.blocks(account, blocked=False)

    def behave(self) -> None:
        """What reasonable people do now: Sam comes home, staff take what is open and close it."""
        if self.world.watch.waits_for_sam():
            return self.world.telegram.says(PHONES["Sam"], "/home")
        quiet = self.notices or quietly.PLAYED in self.capabilities
        if quiet and signs.is_seen_to(self):
            return None
        for name in (name for name in STAFF if name not in self.gone):
            chat = self.world.telegram.chats[PHONES[name]]
            for shown in chat.messages[-6:]:
                data = [data for _, data in shown.buttons]
                for press in ("escalation:safe:", "escalation:take:"):
                    found = next((one for one in data if one.startswith(press)), None)
                    if found is not None and self.wanted(found, name):
                        self.world.later(1, lambda: presses_what_is_held(self))
                        return self.world.telegram.taps(shown.chat, shown, found)
        return None

    def wanted(self, data: str, name: str) -> bool:
        """Whether this press would still do something."""
        _, verb, id, _ = data.split(":")
        state, holder = self.world.watch.alert(id)
        mine = holder == self.ids[name]
        return state != "closed" and (mine if verb == "safe" else holder is None)


# --- what people do -----------------------------------------------------------------------


def set_off(people: People) -> None:
    """Sam sets off, for a short while: by a hand that leaves the conversation out."""
    seconds = people.random.choice((5, 20, 60))
    due = people.world.moment() + timedelta(seconds=seconds)
    place = people.random.choice(PLACES)
    if "Sam" not in people.gone:
        people.world.tell(f"Sam sets off, back in {seconds} s")
        people.world.act(journey.set_off, people.ids["Sam"], place, due, people.world.moment())


def says_out(people: People) -> None:
    """Sam sets off by the conversation."""
    people.world.telegram.says(PHONES["Sam"], "/out")


def says_something(people: People) -> None:
    name = people.anybody("Sam", "Sam", *STAFF, *OUTSIDERS)
    words = ("hello", "/home", "/ok", "/help", "/whos_out", "/start", "/me")
    people.world.telegram.says(PHONES[name], people.anybody(*words))


def presses(people: People) -> None:
    """Somebody presses a button of the newest message that has any."""
    shown = people.newest(people.anybody("Sam", "Sam", "Sam", *STAFF))
    if shown is not None:
        people.answer(shown)


def needs_help(people: People) -> None:
    people.world.telegram.says(PHONES["Sam"], "help")


def ends_it_at_once(people: People) -> None:
    """A member of staff takes an alert and closes it, while others may still be told of it."""
    account = PHONES[people.anybody(*STAFF)]
    for shown in reversed(people.world.telegram.chats[account].messages[-6:]):
        take = next((d for _, d in shown.buttons if d.startswith("escalation:take:")), None)
        if take is not None:
            people.world.telegram.taps(account, shown, take)
            ends = signs.end_of(people, take.split(":")[2])
            return people.tap(shown, take.replace(":take:", f":{ends}:"))
    return None


def presses_what_is_held(people: People) -> None:
    """A member of staff would take an alert that somebody else has, told of it or not."""
    name = people.anybody(*STAFF)
    held = [alert for alert in people.world.watch.alerts.values() if alert.state == "held"]
    theirs = [alert.id for alert in held if alert.holder != people.ids[name]]
    shown = people.newest(name)
    if shown is not None and theirs:
        people.tap(shown, f"escalation:take:{people.random.choice(theirs)}:0")


def blocks(people: People) -> None:
    """Somebody shuts Kith out for a while."""
    account = PHONES[people.anybody("Sam", *STAFF, *STAFF)]
    if people.world.telegram.chats[account].blocked:
        return
    people.world.telegram.blocks(account, blocked=True)
    wait = people.random.uniform(10, 200)
    people.world.later(wait, lambda: _lets_in(people, account))


def blocks_unheard(people: People) -> None:
    """Somebody's account is gone for a while, and nobody says so to Kith."""
    account = PHONES[people.anybody("Jo", "Jo", "Jo", *STAFF)]  # whom an alert asks first
    chat = people.world.telegram.chats[account]
    if not chat.blocked:
        people.world.tell(f"{people.name(account)} cannot be reached any more")
        chat.blocked = True
        wait = people.random.uniform(10, 200)
        people.world.later(wait, lambda: _lets_in(people, account))


def _lets_in(people: People, account: int) -> None:
    if people.world.telegram.chats[account].blocked:
        people.world.telegram.blocks(account, blocked=False)


def is_put_on_call(people: People) -> None:
    """The rota changes: somebody else is on call from now on."""
    name = people.anybody("Jo", "Priya", "Dev")

    def shift(c: Connection) -> None:
        now = people.world.moment()
        team = around.team_of(c, people.ids["Sam"])
        added = Shift(new_id(c), team, people.ids[name], now, now + timedelta(hours=1))
        commit(c, Outcome(records=(added,)), NOBODY, now)

    people.world.tell(f"{name} is on call now")
    people.world.act(shift)


def leaves(people: People) -> None:
    """A member of staff leaves the service for good; some always stay."""
    name = people.anybody("Jo", "Dev")
    if not people.gone:
        people.gone.add(name)
        people.world.tell(f"{name} leaves")
        people.world.act(leaving.leave, people.ids[name], people.world.moment())
        people.world.watch.left(people.ids[name])


def is_told_of_education(people: People) -> None:
    """A broadcast to everybody, in the middle of whatever else goes on."""
    key = f"education:{people.world.loop.time()}"

    def tell(c: Connection) -> None:
        said = Message(Text("general", "not_done"))
        tells = tuple(
            Tell(id, said, Lane.BROADCAST, key=f"{key}:{id}:{n}")
            for n in range(2)
            for id in sorted(people.ids.values())[:3]
        )
        commit(c, Outcome(tells=tells), NOBODY, people.world.moment())

    people.world.tell("a broadcast")
    people.world.act(tell)


def news_for_carers(people: People) -> None:
    """Something about Sam is on its way to a carer: only an agreement would let it through."""
    carer = people.anybody("Amira", "Leo", "Alex")

    def tell(c: Connection) -> None:
        said = Message(Text("news", "push"))
        about = About(people.ids["Sam"], Topic.JOURNEYS, 1)
        key = f"news:{people.world.loop.time()}"
        tells = (Tell(people.ids[carer], said, Lane.NEWS, about, key),)
        commit(c, Outcome(tells=tells), NOBODY, people.world.moment())

    people.world.act(tell)


WAITING = "SELECT member FROM telling WHERE state = 'waiting'"


CAPABILITIES = (
    on_the_way.PLAYED,
    second_way.PLAYED,
    supporters.PLAYED,
    safeguards.PLAYED,
    signs.PLAYED,
    sessions.PLAYED,
    whereabouts.PLAYED,
    handing_over.PLAYED,
    steps.PLAYED,
    quietly.PLAYED,
    stray.PLAYED,
    gone.PLAYED,
)


@dataclass(frozen=True)
class Action:
    """Something that somebody does now and then; `weight` says how often beside the others."""

    weight: float
    do: Callable[[People], object]


ACTIONS = (
    Action(5, set_off),
    Action(1, says_out),
    Action(2, says_something),
    Action(6, presses),
    Action(4, ends_it_at_once),
    Action(3, stray.presses_something_old),
    Action(4, stray.presses_what_is_not_theirs),
    Action(3, presses_what_is_held),
    Action(4, stray.is_late),
    Action(1, needs_help),
    Action(1.5, blocks),
    Action(1.5, blocks_unheard),
    Action(1, is_put_on_call),
    Action(0.3, leaves),
    Action(1.5, is_told_of_education),
    Action(0.3, news_for_carers),
)
