"""Steps of support: suggested, agreed to by both or refused; and what must hold of them."""

from typing import TYPE_CHECKING

from bot.care.stepping import Way, Why
from bot.store import Connection, stepping
from tests.simulation.capability import Capability
from tests.simulation.database import STAFF

if TYPE_CHECKING:
    from tests.simulation.people import People
    from tests.simulation.watch import Commit, Watch

# --- what people do -------------------------------------------------------------------------


def suggests(people: "People") -> None:
    """One of the team suggests a step; or somebody forges that."""
    by = people.ids[people.anybody("Jo", "Jo", "Dev", "Sam", "Amira", "Alex")]
    way, why = people.random.choice(tuple(Way)), people.random.choice((Why.ASKED, Why.HEARD))
    now = people.world.moment()

    def act(c: Connection) -> None:
        stepping.suggest(c, people.ids["Sam"], by, way, now, why=why)

    people.world.act(act)


def says(people: "People") -> None:
    """Sam, one of the team, or somebody who has no say, answers the newest."""
    by = people.ids[people.anybody("Sam", "Sam", "Jo", "Dev", "Leo", "Alex")]
    press = people.random.choice((stepping.yes, stepping.yes, stepping.no, stepping.disagree))
    now = people.world.moment()

    def act(c: Connection) -> None:
        newest = stepping.newest(c, people.ids["Sam"])
        if newest is not None:
            press(c, newest.id, by, now)

    people.world.act(act)


PLAYED = Capability(
    each=6,
    these=(2,),
    often=4,
    does=(
        (3.0, suggests),
        (5.0, says),
    ),
)


# --- after each commit ----------------------------------------------------------------------


def a_step_is_taken_by_both(watch: "Watch", commit: "Commit") -> str | None:
    """No step is in force that the person and one of their team have not both said yes to."""
    if "stepping" not in commit.tables:
        return None
    team = [watch.world.people.ids[name] for name in STAFF]
    for id, person_at, staff in watch.cells(TAKEN):
        if person_at is None or staff not in team:
            return f"the step {id} was taken by one alone"
    return None


def one_plan_is_in_force(watch: "Watch", commit: "Commit") -> str | None:
    """Whatever steps are taken, one version of a plan is in force, the newest."""
    if "stepping" not in commit.tables:
        return None
    several = watch.cells(IN_FORCE)
    return f"several plans of {several[0][0]} are in force" if several else None


TAKEN = "SELECT id, person_at, staff FROM stepping WHERE state = 'done'"
IN_FORCE = "SELECT person FROM plan WHERE state = 'agreed' GROUP BY person HAVING count(*) > 1"
