"""Handing over: times on call that end while Sam is out, and what must hold of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.care.circle import ROTA, Shift
from bot.care.escalation import Cause
from bot.care.handover import GOES_ALONG
from bot.care.outcome import NOBODY, Outcome, Wake
from bot.store import Connection, around, by_phone, cover, journey, rota
from bot.store.commit import commit as keep
from bot.store.tools import new_id
from tests.simulation.capability import Capability
from tests.simulation.database import PHONES
from tests.simulation.watch import facts_of

if TYPE_CHECKING:
    from tests.simulation.people import People
    from tests.simulation.watch import Alert, Commit, Watch


# --- what people do -------------------------------------------------------------------------


def begin(people: "People") -> None:
    """Nobody is on call for long."""
    now = people.world.moment()

    def short(c: Connection) -> None:
        team = around.team_of(c, people.ids["Sam"])
        soon = now + timedelta(minutes=1)
        ended = tuple(
            replace(shift, ends_at=max(min(shift.ends_at, soon), shift.starts_at))
            for shift in around.shifts(c, team, now)
        )
        keep(c, Outcome(records=ended, wakes=(Wake(ROTA, team, now),)), NOBODY, now)

    people.world.act(short)


def stands_in(people: "People") -> None:
    """Somebody is on call for some minutes from now on."""
    member = people.ids[people.anybody("Jo", "Jo", "Jo", "Dev", "Priya", "Mina")]
    now, minutes = people.world.moment(), people.random.choice((0.5, 1, 1, 2))

    def shift(c: Connection) -> None:
        team = around.team_of(c, people.ids["Sam"])
        added = Shift(new_id(c), team, member, now, now + timedelta(minutes=minutes))
        keep(c, Outcome(records=(added,), wakes=(Wake(ROTA, team, now),)), NOBODY, now)

    people.world.tell(f"{member} is on call for {minutes} minutes")
    people.world.act(shift)


def is_taken_back(people: "People") -> None:
    """A manager takes a shift back that runs."""
    priya, now = people.ids["Priya"], people.world.moment()

    def act(c: Connection) -> None:
        shifts = around.shifts(c, around.team_of(c, people.ids["Sam"]), now)
        running = [shift for shift in shifts if shift.starts_at <= now]
        if running:
            rota.cancel(c, people.random.choice(running).id, priya, now)

    people.world.tell("a shift is taken back")
    people.world.act(act)


def asks_for_cover(people: "People") -> None:
    """Whoever is on call would rather not be."""
    name, now = people.anybody("Jo", "Dev", "Priya", "Mina"), people.world.moment()

    def act(c: Connection) -> None:
        for shift in cover.shifts_of(c, people.ids[name], now)[:1]:
            cover.ask(c, shift.id, people.ids[name], now)

    people.world.tell(f"{name} asks for cover")
    people.world.act(act)


RINGS: Sequence[Callable[..., Outcome]] = (
    *(partial(by_phone.rang, said=said) for said in by_phone.THEIRS),
    partial(by_phone.point, number=0),
    partial(by_phone.point, number=1),
    partial(by_phone.slow_here, number=0),
    partial(by_phone.pause, minutes=30),
    by_phone.pause,
)
"""What somebody rings to say."""


def rings(people: "People") -> None:
    """Sam rings, and one of the team writes it down; an outsider tries, too."""
    by = people.ids[people.anybody("Jo", "Dev", "Priya", "Mina", "Alex", "Amira")]
    said = people.random.choice(RINGS)
    now = people.world.moment()

    def act(c: Connection) -> None:
        running = journey.running(c, people.ids["Sam"])
        if running is not None:
            said(c, running.id, by=by, now=now)

    people.world.tell("Sam rings")
    people.world.act(act)


def needs_help(people: "People") -> None:
    """Sam asks for help; whoever is there for it takes the alert, and then goes off."""
    people.world.telegram.says(PHONES["Sam"], "help")
    people.world.later(people.random.uniform(2, 20), partial(takes_it, people))


def takes_it(people: "People") -> None:
    there = {member for (member,) in people.world.watch.cells("SELECT member FROM duty")}
    for name in ("Jo", "Dev", "Priya", "Mina"):
        shown = people.shown_with(PHONES[name], "escalation:take:")
        if shown is not None and people.ids[name] in there:
            take = next(d for _, d in shown.buttons if d.startswith("escalation:take:"))
            people.world.later(people.random.uniform(5, 20), partial(is_taken_back, people))
            return people.world.telegram.taps(shown.chat, shown, take)
    return None


PLAYED = Capability(
    each=6,
    these=(0, 4),
    often=3,
    does=(
        (4.0, stands_in),
        (2.0, is_taken_back),
        (2.0, asks_for_cover),
        (1.0, rings),
        (4.0, needs_help),
    ),
    begin=begin,
)


# --- what must hold -------------------------------------------------------------------------


def an_outing_under_way_is_somebodys(watch: "Watch", commit: "Commit") -> str | None:
    """Whoever is there for it has time left, or has taken it; or somebody is being asked to."""
    if not commit.outings and "duty" not in commit.tables and not commit.alerts:
        return None
    asked = [alert for alert in watch.alerts.values() if alert.cause == "handover"]
    for journey_, member, ends_at in watch.cells("SELECT journey, member, ends_at FROM duty"):
        outing = watch.outings.get(journey_)
        if outing is None or outing.ended_at is not None:
            return f"{member} is there for {journey_}, which is over"
        mine = [alert for alert in asked if alert.subject == journey_]
        if ends_at is not None and ("handover", journey_) not in watch.deadlines:
            return f"{member} is there for {journey_}, and nothing comes when their time ends"
        if ends_at is None and not mine:
            return f"{member} is there for {journey_} no more, and nobody has been asked"
    open_ = [alert for alert in asked if alert.state != "closed"]
    over = [a.id for a in open_ if (watch.outings[a.subject].ended_at is not None)]
    return f"{over} ask to take over what has ended" if over else None


def nobody_is_asked_twice_at_once(watch: "Watch", commit: "Commit") -> str | None:
    """One outing is handed over by one alert at a time."""
    open_ = [
        alert.subject
        for alert in watch.alerts.values()
        if alert.cause == "handover" and alert.state != "closed"
    ]
    return f"asked twice at once: {open_}" if len(open_) > len(set(open_)) else None


def no_alert_stays_with_who_has_gone_off(watch: "Watch", commit: "Commit") -> str | None:
    """Whoever is asked to take an outing over has its alerts at once; whoever has taken it over
    has them, and nobody from whom it was taken."""
    for facts in facts_of(commit, "outing_handed_over"):
        for alert in _along(watch):
            theirs, waits = facts["to"], alert.current if alert.holder is None else None
            if alert.holder == facts["from"] != theirs or waits == theirs:
                return f"{alert.id} is {alert.state}, and {theirs} has taken the outing over"
    duties = watch.cells("SELECT journey, member FROM duty")
    were = {after.id: before for before, after in commit.alerts}
    for before, asked in commit.alerts:
        if before is not None or asked.cause != "handover" or asked.current is None:
            continue
        member = next(who for journey_, who in duties if journey_ == asked.subject)
        for alert in _along(watch) if member != asked.current else ():
            was = were.get(alert.id, alert)
            if was is None or member not in (was.holder, was.current):
                continue  # it has just come to them by its own ladder
            if member in (alert.holder, alert.current):
                return f"{alert.id} waits on {member}, and {asked.current} is asked to take over"
    return None


def _along(watch: "Watch") -> list["Alert"]:
    standing = [alert for alert in watch.alerts.values() if alert.state != "closed"]
    return [alert for alert in standing if Cause(alert.cause) in GOES_ALONG]
