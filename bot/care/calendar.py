"""What was noticed, day by day: three voices side by side, never merged, and who may see which.

No count here is a score: a mark stands for one thing that somebody said, on the days it was about.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.care.sign import Observation, SignPlan, Stage, Voice
from bot.care.text import Text

READING = Text("sign", "calendar")
"""What was noticed about somebody: the reveal asks who may see which of it."""

SPAN = timedelta(days=28)
"""How far back one looks."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One observation: the row of its card, whose voice, and the days it speaks of."""

    row: int
    voice: Voice
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """`rows` are cards by their id and name, None what was on no card; `first` to `last` are local
    days. `apart`: some of it was said for the team alone."""

    first: date
    last: date
    rows: tuple[tuple[str | None, str], ...]
    marks: tuple[Mark, ...]
    apart: bool = False

    def of(self, row: int, voice: Voice) -> list[Mark]:
        return [mark for mark in self.marks if mark.row == row and mark.voice is voice]


@dataclass(frozen=True, slots=True)
class Picture:
    """A calendar to be drawn, with the words on it in its reader's form."""

    calendar: Calendar
    title: str
    voices: Mapping[Voice, str]


def may_see(seen: Observation, reader: str, voice: Voice, shared: bool) -> bool:
    """Whether this reader may learn that it was noticed. `shared`: what the gate says to somebody
    around the person.

    Staff see all. What a carer said reaches the person only where the carer said so, and no other
    carer ever. What was taken back is nobody's any more.
    """
    if seen.withdrawn_at is not None:
        return False
    if seen.by == reader:
        return True
    match voice:
        case Voice.STAFF:
            return True
        case Voice.PERSON:
            return seen.voice is not Voice.CARER or seen.named
        case Voice.CARER:
            return shared and seen.voice is not Voice.CARER


def for_the_team(seen: Observation) -> bool:
    """Said by somebody around the person, who did not say that the person may know."""
    return seen.voice is Voice.CARER and not seen.named


def calendar(
    plan: SignPlan | None,
    names: Mapping[str, str],
    seen: Iterable[Observation],
    something_else: str,
    now: datetime,
    zone: ZoneInfo,
) -> Calendar:
    """The last four weeks. The cards of the plan come first, by stage, then those it has no more
    (`names`, by id), then `something_else`; only rows with something on them."""
    today = now.astimezone(zone).date()
    begins = today - SPAN + timedelta(days=1)
    found = [(one, *_days(one, today, zone)) for one in sorted(seen, key=lambda o: (o.at, o.id))]
    found = [(one, max(first, begins), last) for one, first, last in found if last >= begins]
    rows = _rows(plan, names, [one.sign for one, _, _ in found], something_else)
    place = {id: number for number, (id, _) in enumerate(rows)}
    marks = [Mark(place[one.sign], one.voice, first, last) for one, first, last in found]
    apart = any(for_the_team(one) for one, _, _ in found)
    return Calendar(begins, today, rows, tuple(marks), apart)


def _days(seen: Observation, today: date, zone: ZoneInfo) -> tuple[date, date]:
    last = min(seen.at.astimezone(zone).date(), today)
    return last - timedelta(days=max(seen.since, 1) - 1), last


def _rows(
    plan: SignPlan | None,
    names: Mapping[str, str],
    used: Sequence[str | None],
    something_else: str,
) -> tuple[tuple[str | None, str], ...]:
    signs = () if plan is None else plan.signs
    known = {one.id: one.name for stage in Stage for one in signs if one.stage is stage}
    gone = {id: names.get(id, something_else) for id in used if id is not None and id not in known}
    both = (*known.items(), *gone.items(), (None, something_else))
    return tuple((id, name) for id, name in both if id in used)


def counted(
    seen: Iterable[Observation], zone: ZoneInfo
) -> dict[str | None, dict[Voice, tuple[int, int]]]:
    """For each card and voice: how many times it was said, and on how many local days."""
    found: dict[str | None, dict[Voice, list[date]]] = {}
    for one in seen:
        said = found.setdefault(one.sign, {}).setdefault(one.voice, [])
        said.append(one.at.astimezone(zone).date())
    return {
        card: {voice: (len(days), len(set(days))) for voice, days in by.items()}
        for card, by in found.items()
    }
