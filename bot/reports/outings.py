"""How outings have gone, as one picture: how each went below, how it felt and how worried above.

It takes a moment: call it in a thread. The words beside it say the same to whoever cannot see it.
"""

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

from bot.care.calendar import Picture
from bot.care.outings import Chart, Went
from bot.reports import signs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Told apart by form and by colour; the colours by the colour-blind too.
_FORMS = {
    Went.ON_TIME: ("o", "#009E73"),
    Went.LATE: ("D", "#E69F00"),
    Went.MISSED: ("X", "#D55E00"),
    Went.FORGOTTEN: ("s", "#56B4E9"),
    Went.HELP: ("P", "#CC79A7"),
    Went.NOT_COUNTED: ("_", "#666666"),
}
_FELT, _RATED, _WORRIED = "#0072B2", "#D55E00", "#000000"

_ROW = -0.3
"""Where it stands how each one went, under the scale from 1 to 5."""


def picture(shown: Picture | Chart) -> bytes:
    """Whatever is shown as a picture, as PNG."""
    return draw(shown) if isinstance(shown, Chart) else signs.draw(shown)


def draw(chart: Chart) -> bytes:
    """The picture as PNG, 800 pixels wide."""
    # Kith starts in the time that this import takes.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 6), dpi=100, layout="constrained")
    axes = figure.add_subplot()
    _days(axes, chart.outings.first, chart.outings.last)
    _how_it_was(axes, chart)
    _how_each_went(axes, chart)
    axes.set_yticks([1, 2, 3, 4, 5], ["1", "2", "3", "4", "5"])
    axes.set_ylim(-1, 5.5)
    axes.axhline(0.4, color="#e0e0e0", zorder=0)
    figure.suptitle(signs.wrapped(chart.title), x=0.02, ha="left", size=20)
    figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=15)
    for side in axes.spines.values():
        side.set_visible(False)
    made = BytesIO()
    figure.savefig(made, format="png", backend="agg")
    return made.getvalue()


def _how_it_was(axes: "Axes", chart: Chart) -> None:
    shown = chart.outings
    felt = [(_x(chart, one.at), one) for one in shown.outings]
    said = [(x, one.feeling) for x, one in felt if one.feeling is not None]
    if said:
        label, (days, values) = signs.known(chart.felt), zip(*said, strict=True)
        axes.plot(days, values, "o-", color=_FELT, markersize=9, label=label)
    worried = [x for x, one in felt if one.worried]
    if worried:
        label = signs.known(chart.worried)
        axes.plot(worried, [0.6] * len(worried), "v", color=_WORRIED, markersize=10, label=label)
    rated = [(_x(chart, one.at), one.worry) for one in shown.ratings]
    if rated:
        label, (days, values) = signs.known(chart.rated), zip(*rated, strict=True)
        axes.plot(days, values, "s", color=_RATED, markersize=9, fillstyle="none", label=label)


def _how_each_went(axes: "Axes", chart: Chart) -> None:
    for went, (form, colour) in _FORMS.items():
        days = [_x(chart, one.at) for one in chart.outings.outings if one.went is went]
        if days:
            label, rows = signs.known(chart.went[went]), [_ROW] * len(days)
            axes.plot(days, rows, form, color=colour, markersize=11, linestyle="none", label=label)


def _days(axes: "Axes", first: date, last: date) -> None:
    """A line at every other Monday, with its date."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    mondays = [day for day in days if day.weekday() == 0][::2]
    for day in mondays:
        axes.axvline((day - first).days, color="#e0e0e0", zorder=0)
    axes.set_xticks(
        [(day - first).days for day in mondays], [f"{d.day}/{d.month}" for d in mondays]
    )
    axes.set_xlim(-0.6, len(days) - 0.4)
    axes.tick_params(length=0, labelsize=15)


def _x(chart: Chart, at: datetime) -> float:
    """In days, so that two outings of one day stand beside each other."""
    local = at.astimezone(chart.zone)
    return (local.date() - chart.outings.first).days + (local.hour * 60 + local.minute) / 1440
