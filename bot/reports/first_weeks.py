"""The first 12 weeks on a screen: three voices side by side, for staff; each one's own, for them.

Staff are named by their shift, nobody by a score. Silence is shown as silence.
"""

from collections.abc import Iterator, Mapping, Sequence

from bot.care import week_answer as care
from bot.care.first_weeks import WEEKS, FirstWeeks, State
from bot.care.sign import Stage, Voice
from bot.care.text import Text
from bot.care.week_answer import Answer, Said, Shift
from bot.i18n import Param, Safe
from bot.i18n import Voice as Speech
from bot.outbox.sign import name
from bot.store import Connection, circle, profile, sign, week_answer

Line = tuple[Text, Mapping[str, Param]]

SAID: Mapping[Said, Text] = {
    Said.NOT_HEARD: Text("first_weeks", "not_heard"),
    Said.GOOD: Text("first_weeks", "good"),
    Said.SO_SO: Text("first_weeks", "so_so"),
    Said.HARD: Text("first_weeks", "hard"),
    Said.NOT_THIS_WEEK: Text("first_weeks", "said_not_this_week"),
    Said.NOT_THERE: Text("first_weeks", "said_not_there"),
}

FACES = {Said.GOOD: "🙂", Said.SO_SO: "😐", Said.HARD: "🙁"}
SILENT, NOT_ASKED = "·", "–"

SHIFTS: Mapping[Shift, Text] = {
    Shift.DAY: Text("first_weeks", "shift_day"),
    Shift.EVENING: Text("first_weeks", "shift_evening"),
    Shift.NIGHT: Text("first_weeks", "shift_night"),
    Shift.NONE: Text("first_weeks", "shift_none"),
}

STATES: Mapping[State, Text] = {
    State.RUNNING: Text("first_weeks", "state_running"),
    State.PAUSED: Text("first_weeks", "state_paused"),
    State.STOPPED: Text("first_weeks", "state_stopped"),
    State.OVER: Text("first_weeks", "state_over"),
}


def home(c: Connection, voice: Speech, weeks: FirstWeeks) -> Safe:
    """How far it is, who is asked; how it is on an ordinary good day, as each says it; this week
    at a glance, and what good looks like."""
    said = week_answer.answers(c, weeks.id)
    lines = [*_title(c, weeks), *_usual(c, said)]
    return _page(voice, [*lines, *_newest(c, weeks, said), *_good(c, weeks.person)])


def week(c: Connection, voice: Speech, weeks: FirstWeeks, number: int) -> Safe:
    """What everybody said of one week, in their own words."""
    said = [one for one in week_answer.answers(c, weeks.id) if one.week == number]
    lines: list[Line] = [
        (
            Text("first_weeks", "week_title"),
            {"person": circle.name(c, weeks.person), "week": number},
        )
    ]
    for row, by in care.rows(said).items():
        for one in by[number]:
            lines += [_line(c, row, one), *_words(one)]
    return _page(voice, lines)


def beside(c: Connection, voice: Speech, weeks: FirstWeeks) -> Safe:
    """All weeks in one line for each voice, where shifts differ, and the first week beside the
    newest of which anything was heard."""
    said = week_answer.answers(c, weeks.id)
    rows = care.rows(said)
    person: dict[str, Param] = {"person": circle.name(c, weeks.person)}
    lines: list[Line] = [
        (Text("first_weeks", "beside_title"), person),
        (Text("first_weeks", "legend"), {}),
    ]
    for row, by in rows.items():
        faces = " ".join(_faces(by.get(number, ())) for number in range(1, weeks.week + 1))
        lines.append((Text("first_weeks", "row"), {"who": _who(c, row), "faces": faces}))
    lines += _differ(said)
    newest = max((one.week for one in said if one.said in care.HOW), default=1)
    if newest > 1:
        lines.append((Text("first_weeks", "then_and_now"), {"week": newest}))
        lines += _then_and_now(c, newest, rows)
    return _page(voice, lines)


def own(c: Connection, voice: Speech, weeks: FirstWeeks, member: str) -> Safe:
    """What somebody has said themselves, the newest first."""
    lines: list[Line] = [(Text("first_weeks", "your_answers"), {})]
    if member != weeks.person:
        called: dict[str, Param] = {"person": profile.called(c, weeks.person)}
        lines = [(Text("first_weeks", "your_answers_about"), called)]
    theirs = [one for one in week_answer.answers(c, weeks.id) if one.to.member == member]
    for one in sorted(theirs, key=lambda a: a.week, reverse=True):
        if one.said is Said.NOT_HEARD:
            continue
        day: dict[str, Param] = {"day": one.asked_at.astimezone(voice.zone).date()}
        lines += [(Text("first_weeks", "your_week"), {**day, "said": SAID[one.said]}), *_words(one)]
    if len(lines) == 1:
        lines.append((Text("first_weeks", "nothing_said"), {}))
    return _page(voice, lines)


def _page(voice: Speech, lines: Sequence[Line]) -> Safe:
    return Safe("\n".join(voice.say(text, **of) for text, of in lines))


def _title(c: Connection, weeks: FirstWeeks) -> Iterator[Line]:
    person = circle.name(c, weeks.person)
    of: dict[str, Param] = {"person": person, "week": weeks.week, "on": weeks.next_at}
    yield Text("first_weeks", "title"), of
    last = weeks.state is State.RUNNING and weeks.week >= WEEKS
    yield Text("first_weeks", "state_last") if last else STATES[weeks.state], of
    if weeks.around is None:
        yield Text("first_weeks", "around_not_said"), of
    elif not weeks.around:
        yield Text("first_weeks", "around_not"), of
    for member in sorted(weeks.no_more):
        yield Text("first_weeks", "wants_no_more"), {"member": circle.name(c, member)}


def _usual(c: Connection, said: Sequence[Answer]) -> Iterator[Line]:
    """Each voice in its own words beside the others, silence as well; nothing is made one."""
    rows = care.rows(one for one in said if one.week == 1)
    if rows:
        yield Text("first_weeks", "usual_is"), {}
    for row, by in rows.items():
        for one in by[1]:
            heard = one.usual or Text("first_weeks", "not_heard")
            yield Text("first_weeks", "line"), {"who": _who(c, row), "said": heard}


def _newest(c: Connection, weeks: FirstWeeks, said: Sequence[Answer]) -> Iterator[Line]:
    """The newest week, a line for each voice; several on one shift stand beside each other."""
    if weeks.week:
        yield Text("first_weeks", "this_week"), {"week": weeks.week}
    for row, by in care.rows(one for one in said if one.week == weeks.week).items():
        first, *others = by[weeks.week]
        heard = _faces(by[weeks.week]) if others else SAID[first.said]
        yield Text("first_weeks", "line"), {"who": _who(c, row), "said": heard}


def _line(c: Connection, row: tuple[Voice, str], one: Answer) -> Line:
    return Text("first_weeks", "line"), {"who": _who(c, row), "said": SAID[one.said]}


def _good(c: Connection, person: str) -> Iterator[Line]:
    """The cards of a good week, as the plan in force says them."""
    plan = sign.active(c, person)
    good = [] if plan is None else [one for one in plan.signs if one.stage is Stage.GOOD]
    yield Text("first_weeks", "what_good_is"), {}
    for one in good:
        yield Text("first_weeks", "good_card"), {"name": name(one)}
    if not good:
        yield Text("first_weeks", "no_good_card"), {}


def _words(one: Answer) -> Iterator[Line]:
    if one.well is not None:
        yield Text("first_weeks", "line_well"), {"words": one.well}
    if one.different is not None:
        yield Text("first_weeks", "line_different"), {"words": one.different}
    if one.usual is not None:
        yield Text("first_weeks", "line_usual"), {"words": one.usual}


def _faces(said: Sequence[Answer]) -> str:
    return "".join(FACES.get(one.said, SILENT) for one in said) or NOT_ASKED


def _differ(said: Sequence[Answer]) -> Iterator[Line]:
    """The weeks that shifts saw differently."""
    found = care.shifts_differ(said)
    if found:
        yield Text("first_weeks", "shifts_differ"), {}
    for number, by in found.items():
        for shift, what in by.items():
            faces = "".join(FACES[one] for one in what)
            of: dict[str, Param] = {"week": number, "who": SHIFTS[shift], "faces": faces}
            yield Text("first_weeks", "differs"), of


def _then_and_now(
    c: Connection,
    newest: int,
    rows: Mapping[tuple[Voice, str], Mapping[int, Sequence[Answer]]],
) -> Iterator[Line]:
    """The first week is where it began: beside it, the newest."""
    for row, by in rows.items():
        for number in (1, newest):
            for one in by.get(number, ()):
                of: dict[str, Param] = {"who": _who(c, row), "week": number, "said": SAID[one.said]}
                yield Text("first_weeks", "line_of_week"), of
                yield from _words(one)


def _who(c: Connection, row: tuple[Voice, str]) -> str | Text:
    voice, key = row
    return SHIFTS[Shift(key)] if voice is Voice.STAFF else circle.name(c, key)
