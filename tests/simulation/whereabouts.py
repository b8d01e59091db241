"""Where Sam is: what is sent and looked at, and what must hold of it."""

import json
from typing import TYPE_CHECKING

from bot.care.escalation import AT_ONCE
from bot.care.location import HERE, OPENED_BY, Opens
from bot.outbox.reveal import TOO_LATE
from bot.store import location
from tests.simulation.capability import Capability
from tests.simulation.database import PHONES
from tests.simulation.telegram import Send

if TYPE_CHECKING:
    from tests.simulation.people import People
    from tests.simulation.watch import Commit, Row, Watch


# --- what people do -------------------------------------------------------------------------


def begin(people: "People") -> None:
    """It is on from the start, and soon there is something to be seen."""
    chooses(people)
    people.world.later(people.random.uniform(0, 5), lambda: sends(people))


def chooses(people: "People") -> None:
    """Sam turns it on, or has it open to others, or turns it off, rarely."""
    opens = people.random.choice((*Opens, *Opens, *Opens, None))
    sam, now = people.ids["Sam"], people.world.moment()
    if "Sam" in people.gone:
        return
    people.world.tell(f"Sam has it open at the {opens}")
    if opens is None:
        people.world.act(location.off, sam, now)
    else:
        people.world.act(location.choose, opens, sam, now)


def sends(people: "People") -> None:
    """Sam sends where they are: out or not, chosen or not."""
    latitude = 51.5 + people.random.random() / 10
    people.world.telegram.is_at(PHONES["Sam"], latitude, -0.1)


def looks(people: "People") -> None:
    """Whoever of staff is asked, or whoever is not, presses what only some are shown."""
    name = people.anybody("Jo", "Jo", "Dev", "Priya", "Mina", "Amira", "Alex")
    alerts = people.world.watch.alerts.values()
    asks = [one for one in alerts if one.state != "closed" and one.cause in OPENED_BY]
    shown = people.newest(name)
    if asks and shown is not None:
        people.tap(shown, f"location:see:{people.random.choice(asks).id}:0")


PLAYED = Capability(
    each=8,
    these=(4,),
    often=5,
    does=(
        (0.3, chooses),
        (3.0, sends),
        (9.0, looks),
    ),
    begin=begin,
)


# --- what must hold -------------------------------------------------------------------------


def where_somebody_is_goes_with_the_outing(watch: "Watch", commit: "Commit") -> str | None:
    """It is kept while they are out, or while an alert about it stands, and no longer."""
    if not commit.outings and not commit.alerts:
        return None
    left = [journey for (journey,) in watch.cells(LEFT)]
    return f"where Sam was is kept of {left}, which is over" if left else None


def it_is_shown_to_those_who_are_asked(watch: "Watch", send: Send) -> str | None:
    """And not before the rung that Sam chose."""
    row = watch.rows.get(send.row or "")
    if row is None or row.text != str(HERE) or send.late:
        return None
    return _is_not_for(watch, row)


def _is_not_for(watch: "Watch", row: "Row") -> str | None:
    opening = json.loads(row.params)["opening"]
    for told, holder, rung, round, rungs, cause, opens in watch.cells(OPENED, opening):
        last = len(json.loads(rungs)) - 1
        reached = {"first": 0, "second": min(1, last), "last": last}[opens]
        everybody = cause in AT_ONCE or round > 0 or rung < 0
        if row.member not in (*json.loads(told), holder):
            return f"{row.member} saw where Sam was, and was not asked"
        if not everybody and rung < reached:
            return f"{row.member} saw where Sam was before the {opens}"
    return None


def nobody_asks_any_more(watch: "Watch", row: "Row") -> bool:
    """Whether this would show where Sam was for an alert that is closed, or after it is erased, or
    to somebody who is not asked any more, or for whom, as Sam has chosen since, it is too early."""
    if row.text != str(HERE) or row.reason != TOO_LATE:
        return False
    alerts = watch.cells(ASKING, json.loads(row.params)["opening"])
    closed = all(state == "closed" for (state,) in alerts)
    return closed or _is_not_for(watch, row) is not None


def nothing_of_it_is_left(watch: "Watch", _: None) -> str | None:
    """In the end nobody is out, and nothing is kept of where they were."""
    kept = watch.cells("SELECT id FROM spot") + watch.cells("SELECT id FROM opening")
    return f"kept in the end: {kept}" if kept else None


LEFT = """SELECT spot.journey FROM spot JOIN journey ON journey.id = spot.journey
WHERE journey.ended_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM escalation
  WHERE escalation.state <> 'closed' AND (escalation.subject = spot.journey
    OR (escalation.person = spot.person AND escalation.cause LIKE 'duress%')))"""
ASKING = """SELECT escalation.state FROM opening JOIN escalation ON escalation.id = opening.alert
WHERE opening.id = ?"""
OPENED = """SELECT told, holder, rung, round, rungs, cause, opens FROM opening
JOIN escalation ON escalation.id = opening.alert
JOIN location ON location.person = opening.person WHERE opening.id = ?"""
