"""Adding a shift to the rota: who, which day, from when, for how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.care.circle import Membership
from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.care.wall import moment
from bot.flows.flow import (
    STOP,
    Choice,
    Conversation,
    Flow,
    Located,
    Offered,
    Step,
    Wrote,
)
from bot.flows.reading import times_of_day
from bot.i18n import Param
from bot.store import Connection, around, circle, rota
from bot.store.flow import Talk

DAYS = 14
"""So many days ahead a shift can begin."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The manager's role, the staff who can be on call (id and name), and the day it is."""

    acting: Membership
    staff: Mapping[str, str]
    zone: ZoneInfo
    today: date


def _facts(c: Connection, talk: Talk, now: datetime) -> Facts:
    assert talk.membership is not None  # /rota begins in a role
    acting = circle.membership(c, talk.membership)
    assert acting is not None  # a foreign key says so
    zone = ZoneInfo(talk.answers["zone"])
    staff = {member.id: member.name for member in around.staff_of(c, acting.team)}
    return Facts(acting, staff, zone, now.astimezone(zone).date())


def staff(facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(id, name) for id, name in facts.staff.items()]


def days(facts: Facts, _talk: Talk) -> list[Offered]:
    ahead = (facts.today + timedelta(days=n) for n in range(DAYS))
    return [Offered(day.isoformat(), Text("rota", "day"), {"day": day}) for day in ahead]


def read_time(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text:
    """A time of day: "9", "09:30", "17.00", "5 pm"."""
    times = [] if isinstance(said, Located) else times_of_day(said.text)
    return times[0].isoformat("minutes") if times else Text("rota", "time_unclear")


def span(facts: Facts, talk: Talk) -> tuple[datetime, datetime]:
    """From when until when, in UTC: the length counts on the clock, so a night is a night."""
    day = date.fromisoformat(talk.answers["day"])
    starts = datetime.combine(day, time.fromisoformat(talk.answers["starts"]))
    ends = starts + timedelta(hours=int(talk.answers["hours"]))
    first, last = (moment(wall.date(), wall.time(), facts.zone) for wall in (starts, ends))
    return first, last


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    params: dict[str, Param] = {"member": facts.staff.get(talk.answers.get("who", ""), "")}
    if talk.step in ("check", "added"):
        starts, ends = span(facts, talk)
        params |= {"starts": starts, "ends": ends}
    return params


def _add(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    starts, ends = span(facts, talk)
    acting = facts.acting
    return rota.plan(c, acting.team, talk.answers["who"], starts, ends, acting.member, now, cause)


FLOW = Flow[Facts](
    name="rota",
    start="who",
    steps={
        "who": Step(Text("rota", "who"), offers="staff", to="day"),
        "day": Step(Text("rota", "which_day"), offers="days", to="starts"),
        "starts": Step(
            Text("rota", "from_when"),
            choices=(
                Choice("09:00", Text("rota", "nine"), "hours"),
                Choice("17:00", Text("rota", "five"), "hours"),
                Choice("21:00", Text("rota", "nine_evening"), "hours"),
            ),
            reads="time",
            to="hours",
        ),
        "hours": Step(
            Text("rota", "how_long"),
            choices=(
                Choice("8", Text("rota", "eight_hours"), "check"),
                Choice("12", Text("rota", "twelve_hours"), "check"),
                Choice("24", Text("rota", "one_day"), "check"),
                Choice("168", Text("rota", "one_week"), "check"),
            ),
        ),
        "check": Step(
            Text("rota", "check"),
            choices=(
                Choice("add", Text("rota", "add"), "added"),
                Choice("change", Text("rota", "change"), "who"),
                Choice("not_now", Text("rota", "not_now"), "not_now"),
            ),
        ),
        "added": Step(ends="add"),
        "not_now": Step(Text("rota", "nothing_added"), ends=STOP),
    },
    offers={"staff": staff, "days": days},
    readers={"time": read_time},
)

ADD_SHIFT = Conversation(FLOW, _facts, {"add": _add}, _params)
"""The talk behind "Add a shift"."""
