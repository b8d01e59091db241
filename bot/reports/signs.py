"""The calendar of what was noticed, as a picture: rows of cards, three voices side by side.

It takes a moment: call it in a thread. The words beside it say the same to whoever cannot see it.
"""

from datetime import date, timedelta
from functools import cache
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING

from bot.care.calendar import Picture
from bot.care.sign import Voice

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Told apart by place, by form and by colour, in that order; the colours by the colour-blind too.
_FORMS = {Voice.PERSON: "o", Voice.CARER: "s", Voice.STAFF: "^"}
_COLOURS = {Voice.PERSON: "#0072B2", Voice.CARER: "#D55E00", Voice.STAFF: "#009E73"}
_LINES = {Voice.PERSON: 0.06, Voice.CARER: 0.22, Voice.STAFF: 0.38}
"""Under the name, which stands in the upper half of its row."""

LEAST_ROWS = 3
"""That there is room for: on a phone a low picture is a small one."""

LETTERS = 42
"""That one line of the picture takes."""

MOST_LINES = 2


def draw(picture: Picture) -> bytes:
    """The picture as PNG, 800 pixels wide."""
    # Kith starts in the time that this import takes.
    from matplotlib.figure import Figure

    shown = picture.calendar
    rows = max(len(shown.rows), LEAST_ROWS)
    figure = Figure(figsize=(8, 2.2 + 1.3 * rows), dpi=100, layout="constrained")
    axes = figure.add_subplot()
    _days(axes, shown.first, shown.last)
    for number, (_, name) in enumerate(shown.rows):
        if number % 2:
            axes.axhspan(number - 0.5, number + 0.5, color="#f2f2f2", zorder=0)
        place = (-0.4, number - 0.46)
        axes.text(*place, wrapped(name), size=17, va="top", linespacing=1.05, in_layout=False)
    for voice, words in picture.voices.items():
        days: list[int] = []
        lines: list[float] = []
        for mark in (mark for mark in shown.marks if mark.voice is voice):
            spoken_of = range(_x(mark.first, shown.first), _x(mark.last, shown.first) + 1)
            days += spoken_of
            lines += [mark.row + _LINES[voice]] * len(spoken_of)
        form, label = _FORMS[voice], known(words)
        colour = _COLOURS[voice]
        axes.plot(days, lines, form, color=colour, markersize=11, linestyle="none", label=label)
    axes.set_yticks([])
    axes.set_ylim(rows - 0.5, -0.5)
    figure.suptitle(wrapped(picture.title), x=0.02, ha="left", size=20)
    figure.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=17)
    for side in axes.spines.values():
        side.set_visible(False)
    made = BytesIO()
    figure.savefig(made, format="png", backend="agg")
    return made.getvalue()


def _days(axes: "Axes", first: date, last: date) -> None:
    """One column a day; a line at each Monday, with its date."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    mondays = [day for day in days if day.weekday() == 0]
    for day in mondays:
        axes.axvline(_x(day, first) - 0.5, color="#e0e0e0", zorder=0)
    axes.set_xticks([_x(day, first) for day in mondays], [f"{d.day}/{d.month}" for d in mondays])
    axes.set_xlim(-0.6, len(days) - 0.4)
    axes.tick_params(length=0, labelsize=17)


def _x(day: date, first: date) -> int:
    return (day - first).days


def wrapped(words: str) -> str:
    """In as many lines as there is room for."""
    return "\n".join(wrap(known(words), LETTERS, max_lines=MOST_LINES, placeholder=" …"))


@cache
def _drawn() -> frozenset[int]:
    """The characters that the font has."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return frozenset(get_font(findfont(FontProperties())).get_charmap())


def known(words: str) -> str:
    """Without what the font cannot draw; a dollar sign is no formula."""
    kept = "".join(letter for letter in words if ord(letter) in _drawn())
    return " ".join(kept.split()).replace("$", r"\$") or "–"
