"""The second way out: staff who can be called another way, a service that takes calls or does not,
and what must hold of it."""

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from bot.app import App
from bot.channels import Channels
from bot.outbox.fallback import Fallback, Said
from bot.store import Connection, contact, schema
from tests.simulation.capability import Capability
from tests.simulation.database import PHONES

if TYPE_CHECKING:
    from tests.simulation.kith import Kith
    from tests.simulation.people import People
    from tests.simulation.watch import Commit, Watch

GIVEN = {"Jo": "+447700900105", "Dev": "+447700900106"}
"""Who can be called, and where."""

PATIENCE = timedelta(seconds=8)

BEGINS = ("Kith: a check-in needs you.", "Kith: something needs you.")

CALM_WORDS = ("escalation.has_it", "escalation.practice", "sign_alert.has_it", "concern.has_it")
"""Safety messages that ask nobody to look now."""


def begin(people: "People") -> None:
    """They have given their addresses, and said that the test arrived; Jo's Telegram is gone. In
    one seed of four all of Telegram is away for longer than a message waits for it."""
    now = people.world.moment()

    def give(c: Connection) -> None:
        for name, address in GIVEN.items():
            contact.give(c, people.ids[name], "sms", address, now)
        c.execute(update(schema.contact).values(confirmed_at=now))
        c.execute(delete(schema.fallback))

    people.world.act(give)
    people.world.telegram.blocks(PHONES["Jo"], blocked=True)
    if people.seed % 24 == 17:
        people.world.later(people.random.uniform(5, 15), people.world.faults.long_away)


def shuts_kith_out(people: "People") -> None:
    """Telegram reaches one of them no more, while they are asked, perhaps."""
    name = people.anybody(*GIVEN)
    people.world.tell(f"{name} shuts Kith out")
    people.world.telegram.blocks(PHONES[name], blocked=True)


PLAYED = Capability(
    each=6,
    these=(5,),
    often=2,
    does=((3.0, shuts_kith_out),),
    begin=begin,
)


class Calls(Fallback):
    """That of one simulated process: what becomes of each call is drawn."""

    def __init__(self, kith: "Kith", app: App) -> None:
        super().__init__(
            app.memory,
            Channels({"sms": "json://nowhere/{to}"}),
            kith.world.words,
            patience=PATIENCE,
            owner=app.memory.owner,
            lease=timedelta(seconds=20),
        )
        self._kith = kith

    async def _sent(self, said: Said) -> bool:
        world = self._kith.world
        await asyncio.sleep(world.faults.between(0.1, 3))
        taken = not world.faults.storm or world.faults.some(0.7)
        if taken:
            world.tell(f"{self._kith.name}: calls {said.to}")
            wrong = a_call_says_nothing(said)
            if wrong is not None:
                world.wrong(f"a call says nothing: {wrong}")
        return taken and (not world.faults.storm or world.faults.some(0.9))


# --- what must hold -------------------------------------------------------------------------


def a_call_says_nothing(said: Said) -> str | None:
    """To staff who gave an address, in a constant sentence."""
    if said.to not in GIVEN.values() or said.channel != "sms":
        return f"{said.to} has given no address"
    fits = said.body.startswith(BEGINS) and "Sam" not in said.title + said.body
    return None if fits else f"{said.body!r}"


def a_call_is_needless_when_it_is(watch: "Watch", _commit: "Commit") -> str | None:
    """Nobody is left uncalled for an alert that is over, or in somebody's hands, and is not.

    One that slips from its holder is told anew: what is asked for then has a call of its own.
    """
    if not watch.world.people.called_otherwise:
        return None
    for call, alert, reason, told_anew in watch.cells(NEEDLESS):
        if call in watch.needless:
            continue
        watch.needless.add(call)
        state, holder = watch.alert(alert)
        if reason == "closed" and state != "closed":
            return f"{call} was not made, and {alert} is {state}"
        if reason == "held" and holder is None and state != "closed" and not told_anew:
            return f"{call} was not made, and nobody has {alert}"
    return None


NEEDLESS = """SELECT fallback.id, json_extract(outbox.params, '$.escalation'), fallback.reason,
EXISTS (SELECT 1 FROM outbox AS anew WHERE anew.member = outbox.member AND anew.text = outbox.text
AND json_extract(anew.params, '$.escalation') = json_extract(outbox.params, '$.escalation')
AND anew.created_at > fallback.created_at)
FROM fallback JOIN outbox ON outbox.id = fallback.message
WHERE fallback.state = 'needless' AND fallback.reason IN ('closed', 'held')"""


def what_telegram_gave_up_went_another_way(watch: "Watch", _: None) -> str | None:
    """Of each alert that Telegram would not take for one who can be called, a call has an end."""
    if not watch.world.people.called_otherwise:
        return None
    for id, text in watch.cells(GIVEN_UP):
        if text not in CALM_WORDS:
            return f"{id} {text} was given up, and nobody was called"
    return None


GIVEN_UP = """SELECT outbox.id, outbox.text FROM outbox JOIN contact USING (member)
WHERE outbox.lane = 0 AND outbox.state = 'failed' AND outbox.about IS NOT NULL
AND contact.confirmed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM fallback
WHERE fallback.message = outbox.id AND fallback.state IN ('sent', 'needless', 'failed'))
AND EXISTS (SELECT 1 FROM membership WHERE membership.member = outbox.member
AND until IS NULL AND role IN ('staff', 'on_call_lead', 'manager', 'safeguarding_lead'))"""


def what_is_slow_goes_another_way(watch: "Watch", _now: float) -> str | None:
    """An alert that Telegram has not taken in time is called besides, while some process runs."""
    if not watch.world.people.called_otherwise or watch.steady < SLOW or watch.world.faults.stepped:
        return None
    by = round((watch.world.moment() - PATIENCE).timestamp() * 1_000_000) - SLOW * 1_000_000
    for id, text in watch.cells(ON_ITS_WAY, by):
        if text not in CALM_WORDS:
            return f"{id} {text} is on its way, and nobody has been called"
    return None


SLOW = 25
"""Seconds within which a process that runs sees to what is late."""

ON_ITS_WAY = """SELECT outbox.id, outbox.text FROM outbox JOIN contact USING (member)
WHERE outbox.lane = 0 AND outbox.state IN ('waiting', 'sending') AND outbox.about IS NOT NULL
AND contact.confirmed_at IS NOT NULL AND outbox.created_at <= ? AND NOT EXISTS (
SELECT 1 FROM fallback WHERE fallback.message = outbox.id)
AND EXISTS (SELECT 1 FROM membership WHERE membership.member = outbox.member
AND until IS NULL AND role IN ('staff', 'on_call_lead', 'manager', 'safeguarding_lead'))"""


def unmade(watch: "Watch") -> str | None:
    """Calls that are still to be made."""
    if not watch.world.people.called_otherwise:
        return None
    found = watch.cells("SELECT id FROM fallback WHERE state IN ('waiting', 'sending')")
    return f"calls {[id for (id,) in found]}" if found else None
