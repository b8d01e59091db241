"""On the way: check-ins by the clock and at points, pauses, slow stretches, and what must hold."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.care.outcome import NOBODY, Outcome
from bot.care.terms import Pattern, PlaceTerms, Point, Stretch, Terms
from bot.store import Connection, journey, plan
from bot.store.commit import commit as keep
from tests.simulation.capability import Capability
from tests.simulation.database import GRACE, MINUTE, PHONES, PLACES

if TYPE_CHECKING:
    from tests.simulation.people import People
    from tests.simulation.watch import Commit, Outing, Watch

PAUSE = 2
HILL = Stretch("hill", "The hill", 1)
WAYS = (
    Terms(pattern=Pattern.EVERY, every=1, pause=PAUSE, stretches=(HILL,)),
    Terms(pattern=Pattern.EVERY, every=2, pause=PAUSE, extends=1, stretches=(HILL,)),
    Terms(
        pattern=Pattern.POINTS,
        points=(Point("On the bus", 1), Point("At the pool", 2)),
        pause=PAUSE,
        stretches=(HILL,),
    ),
)
"""Hurried ones, as the plan is."""


def at_each_place(way: Terms) -> Terms:
    """The same, agreed for each place by itself; everywhere else only the time to be back."""
    own = (
        PlaceTerms(place, None, way.pattern, way.every, way.points, way.stretches)
        for place in PLACES
    )
    return replace(way, pattern=Pattern.BACK_BY, points=(), stretches=(), at_places=tuple(own))


# --- what people do -------------------------------------------------------------------------


def begin(people: "People") -> None:
    """Sam and the team have agreed on more of the way than a time to be back; and off they go."""
    way, now = people.random.choice(WAYS), people.world.moment()
    terms = people.random.choice((way, at_each_place(way)))

    def agree(c: Connection) -> None:
        agreed = plan.in_force(c, people.ids["Sam"])
        assert agreed is not None
        keep(c, Outcome(records=(replace(agreed, terms=terms),)), NOBODY, now)

    people.way = way
    people.world.act(agree)
    goes_further(people)


def goes_further(people: "People") -> None:
    """Sam sets off for some minutes."""
    due = people.world.moment() + timedelta(minutes=people.random.choice((3, 5, 8)))
    if "Sam" not in people.gone:
        people.world.tell("Sam goes further")
        now = people.world.moment()
        people.world.act(journey.set_off, people.ids["Sam"], PLACES[0], due, now)


def pauses(people: "People") -> None:
    """Sam would like some quiet, within what was agreed or beyond it; or somebody forges that."""
    by = people.ids[people.anybody("Sam", "Sam", "Sam", "Jo", "Leo")]
    now, minutes = people.world.moment(), people.random.choice((1, PAUSE, 20, 20))

    def act(c: Connection) -> None:
        running = journey.running(c, people.ids["Sam"])
        if running is not None:
            journey.pause_for(c, running.id, by, now + timedelta(minutes=minutes), now)

    people.world.tell(f"a pause of {minutes} minutes")
    people.world.act(act)


def presses_on_the_way(people: "People") -> None:
    """A stretch, an empty phone, or the point that is next: by whoever has the phone."""
    shown = people.newest("Sam")
    out = [one for one in people.world.watch.outings.values() if one.ended_at is None]
    if shown is not None and out:
        verb = people.random.choice(("slow_here", "slow_here", "at", "at", "phone"))
        number = 0 if verb != "at" else people.random.choice((0, 1))
        people.tap(shown, f"journey:{verb}:{people.random.choice(out).id}:{number}")


def is_given_more(people: "People") -> None:
    """Staff give more time, asked or not; somebody else tries to."""
    by, now = people.ids[people.anybody("Jo", "Dev", "Alex")], people.world.moment()

    def act(c: Connection) -> None:
        running = journey.running(c, people.ids["Sam"])
        if running is not None:
            journey.give_longer(c, running.id, running.mark, by, minutes=30, now=now)

    people.world.tell("more time is given")
    people.world.act(act)


def types(people: "People") -> None:
    """Sam types what others tap."""
    said = people.random.choice(("ok", "I'm ok", "fine", "👍", "home", "not ok", "ok?", "help"))
    people.world.telegram.says(PHONES["Sam"], said)


PLAYED = Capability(
    each=6,
    these=(3,),
    often=3,
    does=(
        (2.0, goes_further),
        (3.0, pauses),
        (6.0, presses_on_the_way),
        (1.0, is_given_more),
        (3.0, types),
    ),
    begin=begin,
)


# --- what must hold -------------------------------------------------------------------------


def nobody_is_unheard_for_longer_than_agreed(watch: "Watch", commit: "Commit") -> str | None:
    """Whatever was pressed: the next check-in comes within the pattern of the plan, or a pause;
    it is missed when grace is over; and no check-in comes after the time to be back."""
    way = watch.world.people.way
    for before, outing in commit.outings:
        if outing.state not in ("out", "nudged"):
            continue
        if outing.back_at is not None and outing.due_at >= outing.back_at:
            return f"{outing.id} is asked after the time to be back"
        if before is None and way is not None and outing.due_at > outing.started_at + first(way):
            return f"{outing.id} is first asked later than was agreed for going there"
        grace = outing.due_at + (GRACE + outing.slack) * MINUTE
        if watch.deadlines.get(("journey", outing.id), grace + 1) > grace:
            return f"nothing comes for {outing.id} when its grace is over"
        put_off = before is None or outing.due_at > before.due_at
        if way is None or way.pattern is not Pattern.EVERY or outing.phone_low or not put_off:
            continue
        since = max(outing.heard_at or 0, outing.started_at)
        longest = max(way.every, way.pause, GRACE) * MINUTE
        if outing.due_at > since + longest:
            return f"{outing.id} is unheard for {(outing.due_at - since) / MINUTE:.1f} minutes"
    return None


def first(way: Terms) -> int:
    """How long after setting off the person is to be heard from."""
    return (way.every if way.pattern is Pattern.EVERY else way.points[0].within) * MINUTE


def a_stretch_is_slow_once(watch: "Watch", commit: "Commit") -> str | None:
    """Its grace is given once an outing."""
    for _, outing in commit.outings:
        if len(set(outing.used)) < len(outing.used) or outing.slack > HILL.extra:
            return f"{outing.id} has {outing.slack} minutes more grace, of {outing.used}"
    return None


def only_the_person_answers(watch: "Watch", commit: "Commit") -> str | None:
    """More time from staff answers no check-in on the way."""
    if not any(kind == "journey_longer_given" for kind, _ in commit.logs):
        return None
    for before, after in commit.outings:
        if before is None or before.back_at is None:
            continue
        if (before.due_at, before.state, before.heard_at) != (
            after.due_at,
            after.state,
            after.heard_at,
        ):
            return f"{after.id} was answered by somebody else"
    return None


def moved(outing: "Outing") -> int:
    """The time that a button which moves it is made for."""
    return outing.back_at or outing.due_at
