"""What each says of a week in somebody's first weeks: how it was, and what should be different.

Three voices stand side by side and are never merged. Where nobody answers it stays "not heard".
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.care import first_weeks
from bot.care.first_weeks import FirstWeeks, State
from bot.care.outcome import Lane, Log, Message, Outcome, Tell, Value, Wake
from bot.care.sign import Voice
from bot.care.text import Text

LATER, READ = "first_weeks_later", "first_weeks_read"
"""The kinds of its deadlines: one that was put off (its key is the answer); staff are asked to read
what was said (its key is the first weeks)."""

PATIENCE = timedelta(days=4)
"""What nobody has read for so long the managers are asked to read besides: more than a weekend."""

QUESTION = Text("first_weeks", "question")
QUESTION_AROUND = Text("first_weeks", "question_around")
QUESTION_STAFF = Text("first_weeks", "question_staff")
TO_SAY = Text("first_weeks", "to_say")
TO_READ = Text("first_weeks", "to_read")


class Said(StrEnum):
    """How the week was, or why nobody says; kept, never renamed."""

    NOT_HEARD = "not_heard"
    GOOD = "good"
    SO_SO = "so_so"
    HARD = "hard"
    NOT_THIS_WEEK = "not_this_week"
    NOT_THERE = "not_there"  # staff who were not with the person


HOW = (Said.GOOD, Said.SO_SO, Said.HARD)


class Shift(StrEnum):
    """From where somebody of staff sees a person; kept, never renamed."""

    DAY = "day"
    EVENING = "evening"
    NIGHT = "night"
    NONE = "none"  # the key worker, on no shift


BEGINS = {6: Shift.DAY, 14: Shift.EVENING, 21: Shift.NIGHT}
"""From which hour on a shift that begins then is which."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom one week's questions go to: a member, as which voice, through which membership."""

    member: str
    voice: Voice
    acting: str | None = None
    shift: Shift | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one of them says of one week; `usual`: in the first, how it is on an ordinary good day.
    Its words are sealed under the writer's own key; `spoke`: there are some, unsealed here or not.
    """

    id: str
    weeks: str
    week: int
    to: Asked
    asked_at: datetime
    said: Said = Said.NOT_HEARD
    well: str | None = None
    different: str | None = None
    usual: str | None = None
    answered_at: datetime | None = None
    read_at: datetime | None = None
    spoke: bool = False

    @property
    def to_read(self) -> bool:
        """Whether it waits for staff: what staff say themselves does not."""
        heard = self.said in HOW or self.spoke
        return heard and self.read_at is None and self.to.voice is not Voice.STAFF


@dataclass(frozen=True, slots=True)
class Opened:
    """Staff have opened what these answers say."""

    answers: tuple[str, ...]
    at: datetime


def shift_of(begins: Iterable[datetime], zone: ZoneInfo) -> Shift:
    """Which shift somebody was on most often, by when theirs began; of two, the later in a day."""
    kinds = Counter(_kind(at.astimezone(zone).hour) for at in begins)
    order = list(Shift)
    return max(kinds, key=lambda one: (kinds[one], order.index(one)), default=Shift.NONE)


def _kind(hour: int) -> Shift:
    return BEGINS[max((begin for begin in BEGINS if begin <= hour), default=21)]


# --- a week -------------------------------------------------------------------------------


def ask(
    weeks: FirstWeeks, asked: Sequence[tuple[str, Asked]], next_at: datetime, now: datetime
) -> Outcome:
    """It is Friday; `asked` are ids of answers and whose they will be. Until then: not heard."""
    after = replace(weeks, week=weeks.week + 1, next_at=next_at)
    answers = tuple(Answer(id, weeks.id, after.week, to, now) for id, to in asked)
    return Outcome(
        records=(after, *answers),
        tells=tuple(_question(after, one, now) for one in answers),
        wakes=(first_weeks.wake(after),),
    )


def _question(weeks: FirstWeeks, answer: Answer, now: datetime, again: str = "") -> Tell:
    """Staff are asked about everybody in one message a day, which names nobody."""
    to = answer.to.member
    if answer.to.voice is Voice.STAFF:
        said, key = Message(TO_SAY), f"first_weeks:{now:%Y%m%d}"
        return Tell(to, said, Lane.REMINDER, key=f"{key}:{to}")
    params: dict[str, Value] = {"asked": answer.id, "weeks": weeks.id}
    key = f"{answer.id}:asked{again}"
    if answer.to.voice is Voice.PERSON:
        return Tell(weeks.person, Message(QUESTION, params), Lane.REMINDER, key=key)
    around = Message(QUESTION_AROUND, params | {"alias": weeks.person})
    return Tell(to, around, Lane.REMINDER, key=key)


def still_asked(weeks: FirstWeeks, answer: Answer) -> bool:
    """Whether this question stands: it is of this week, nobody has answered or ended it, and the
    person still wants those around them asked."""
    stands = weeks.state is State.RUNNING and answer.week == weeks.week
    wanted = answer.to.member not in weeks.no_more
    if answer.to.voice is Voice.CARER:
        wanted = wanted and weeks.around is True
    return stands and wanted and answer.said is Said.NOT_HEARD


def later(weeks: FirstWeeks, answer: Answer, now: datetime) -> Outcome:
    """`Ask me tomorrow`"""
    if not still_asked(weeks, answer):
        return Outcome()
    return Outcome(
        said=Message(Text("first_weeks", "tomorrow")),
        wakes=(Wake(LATER, answer.id, now + timedelta(days=1)),),
    )


def ask_again(weeks: FirstWeeks, answer: Answer, now: datetime) -> Outcome:
    """It was put off until now; not when it was answered meanwhile, or is asked no more."""
    if not still_asked(weeks, answer):
        return Outcome()
    return Outcome(tells=(_question(weeks, answer, now, again=f":{now:%Y%m%d}"),))


def hear(answer: Answer, said: Said, now: datetime, read_at: datetime) -> Outcome:
    """How it was; pressed again, the later answer stands. Staff read it at `read_at`.

    What somebody has said in words is not unsaid by `Not this week`: it still waits to be read.
    """
    if said not in HOW and answer.spoke:
        return Outcome()
    after = replace(answer, said=said, answered_at=now, read_at=None)
    facts: dict[str, Value] = {"answer": answer.id, "said": said.value}
    return Outcome(
        said=None if said in HOW else Message(Text("first_weeks", "next_week")),
        records=(after,),
        wakes=(*_to_read(after, read_at), Wake(LATER, answer.id, None)),
        logs=(Log("first_weeks_heard", None, answer.to.member, facts),),
    )


def say(
    answer: Answer,
    well: str | None,
    different: str | None,
    now: datetime,
    read_at: datetime,
    usual: str | None = None,
) -> Outcome:
    """What went well, what should be different, how it usually is: what is not said leaves the
    earlier words."""
    after = replace(
        answer,
        well=well or answer.well,
        different=different or answer.different,
        usual=usual or answer.usual,
        answered_at=now,
        read_at=None,
        spoke=answer.spoke or bool(well or different or usual),
    )
    staff = answer.to.voice is Voice.STAFF
    return Outcome(
        said=Message(Text("first_weeks", "kept") if staff else Text("first_weeks", "thank_you")),
        records=(after,),
        wakes=_to_read(after, read_at),
        logs=(Log("first_weeks_said", None, answer.to.member, {"answer": answer.id}),),
    )


def read(answers: Iterable[Answer], by: str, now: datetime) -> Outcome:
    """Staff have opened what was said."""
    fresh = tuple(one.id for one in answers if one.to_read)
    if not fresh:
        return Outcome()
    logs = tuple(Log("first_weeks_read", None, by, {"answer": one}) for one in fresh)
    return Outcome(records=(Opened(fresh, now),), logs=logs)


def waits_long(unread: Iterable[Answer], now: datetime) -> bool:
    """Whether something waits to be read for so long that others are asked besides."""
    said = [one.answered_at for one in unread if one.answered_at is not None]
    return bool(said) and now - min(said) >= PATIENCE


def remind(
    weeks: FirstWeeks, unread: int, staff: Sequence[str], again_at: datetime, now: datetime
) -> Outcome:
    """Something waits to be read: one message each morning, which names nobody."""
    if not unread:
        return Outcome()
    key = f"first_weeks:read:{now:%Y%m%d}"
    return Outcome(
        tells=tuple(Tell(to, Message(TO_READ), Lane.REMINDER, key=f"{key}:{to}") for to in staff),
        wakes=(Wake(READ, weeks.id, again_at),),
    )


# --- side by side -------------------------------------------------------------------------


def rows(answers: Iterable[Answer]) -> dict[tuple[Voice, str], dict[int, list[Answer]]]:
    """One row for the person, one for each of those around them, one for each shift of staff: what
    was said of each week, one beside the other. Nothing is added up."""
    found: dict[tuple[Voice, str], dict[int, list[Answer]]] = {}
    for one in sorted(answers, key=_place):
        row = (one.to.voice, one.to.shift.value if one.to.shift is not None else one.to.member)
        found.setdefault(row, {}).setdefault(one.week, []).append(one)
    return found


def shifts_differ(answers: Iterable[Answer]) -> dict[int, dict[Shift, list[Said]]]:
    """The weeks of which different shifts said different things, and what each said."""
    weeks: dict[int, dict[Shift, list[Said]]] = {}
    for one in sorted(answers, key=lambda a: (a.week, *_place(a))):
        if one.to.shift is not None and one.said in HOW:
            weeks.setdefault(one.week, {}).setdefault(one.to.shift, []).append(one.said)
    return {week: by for week, by in weeks.items() if len({frozenset(s) for s in by.values()}) > 1}


def _place(answer: Answer) -> tuple[int, int, datetime, str]:
    """The person first, then those around them, then staff from the day shift on."""
    voice, shift = answer.to.voice, answer.to.shift
    at = -1 if shift is None else list(Shift).index(shift)
    return list(Voice).index(voice), at, answer.asked_at, answer.id


def _to_read(answer: Answer, at: datetime) -> tuple[Wake, ...]:
    return (Wake(READ, answer.weeks, at),) if answer.to_read else ()
