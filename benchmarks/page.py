"""docs/benchmarks.md, its drawing and docs/capacity.md, from what was measured."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.measure import Figure

FIGURES = (
    "alert",
    "at_once",
    "lateness",
    "restart",
    "tap",
    "gate",
    "told",
    "signs",
    "monday",
    "cost",
)
"""In the order of the page; each is a module of this package."""

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results.json"

INTRODUCTION = """\
# Benchmarks

Written by `make bench`, not by hand; each section says when it was measured, and with which Python.

{machine}

Each figure is measured beside its peer in the same run, in turn, round by round, each side in a
process of its own. Read the ratios; the absolute numbers are this machine's. Where a cell gives
three numbers, they are the median and, in brackets, the lowest and the highest round. The API is
a small local server (`benchmarks/telegram.py`), without TLS and without the way to Telegram.

| figure | asked | measured | met |
| --- | --- | --- | --- |
"""


UNMEASURED = """\
**Not measured whole yet**, so nothing is said of it here: {names}."""


def write(results: Mapping[str, Figure], machine: str) -> None:
    """Both pages and the results they came from; a figure that was not measured keeps its last."""
    kept = {**read(), **results}
    RESULTS.write_text(
        json.dumps({name: one.kept() for name, one in kept.items()}, indent=1) + "\n"
    )
    docs = ROOT / "docs"
    (docs / "benchmarks.md").write_text(page(kept, machine))
    for figure in kept.values():
        if figure.plot:
            (docs / f"benchmarks-{figure.name}.svg").write_text(figure.plot)
    if "cost" in kept:
        (docs / "capacity.md").write_text(capacity(dict(kept["cost"].numbers)))


def read() -> dict[str, Figure]:
    if not RESULTS.exists():
        return {}
    kept = json.loads(RESULTS.read_text())
    return {name: Figure.read(one) for name, one in kept.items()}


def page(figures: Mapping[str, Figure], machine: str) -> str:
    shown = [figures[name] for name in FIGURES if name in figures]
    parts = [INTRODUCTION.format(machine=machine)]
    for figure in shown:
        for verdict in figure.verdicts:
            met = {True: "yes", False: "**no**", None: ""}[verdict.met]
            link = f"[{figure.title}](#{figure.name})"
            parts.append(f"| {link} | {verdict.asked} | {verdict.measured} | {met} |\n")
    waiting = [name for name in FIGURES if name not in figures]
    if waiting:
        parts.append(f"\n{UNMEASURED.format(names=', '.join(waiting))}\n")
    parts += [section(figure) for figure in shown]
    return "".join(parts)


def section(figure: Figure) -> str:
    lines = [f'\n<a id="{figure.name}"></a>\n', f"## {figure.title}\n"]
    lines.append(f"{figure.how} Measured on {figure.measured}.\n")
    lines.append("\n".join(_table(figure.columns, figure.rows)) + "\n")
    if figure.plot:
        lines.append(f"![{figure.title}](benchmarks-{figure.name}.svg)\n")
    lines += [f"{note}\n" for note in figure.notes]
    for verdict in figure.verdicts:
        if verdict.met is not None:
            answer = "Met" if verdict.met else "**Not met**"
            lines.append(f"{answer}: {verdict.asked}. Measured: {verdict.measured}.\n")
    return "\n".join(lines)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [columns, ["---"] * len(columns), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


CAPACITY = """\
# What one Kith carries

Written by `make bench` from what it measured ([benchmarks](benchmarks.md#cost)); the assumptions
are in bold, and yours may differ.

Assumed for each person: **{outings:g} outing a day, {missed:.0%} of them missed**. Then, measured,
an average outing costs {messages:.1f} messages, {cpu_ms:.0f} ms of one core and {kb:.1f} kB.

**Telegram** lets one bot send about 30 messages a second. Plan for half of it, {half} a second, and
for a busy hour in which **a quarter of the day's messages** leave. Then one bot carries
{half} × 3,600 ÷ ({messages:.1f} × 0.25) = **{people:,} people**.

**The processor** would do {cpu_people:,} people in that busy hour at half of one core:
0.5 × 3,600 s ÷ ({cpu_ms:.0f} ms × 0.25). The smaller of the two numbers counts: **{carries:,}**.

**The disk** takes {mb_year:.1f} MB for each person and year: {gb_1000:.1f} GB for 1,000 people,
{gb_all:,.0f} GB for {carries:,}.

**Memory** at rest is {memory_mb:.0f} MB, and Kith is ready {start_s:.1f} s after its start.

## Past one bot

The limit is the bot's, not the machine's, so a second replica does not raise it: replicas on
PostgreSQL are there so that one may fail. Past {carries:,} people, or well before it, run
**cells**: one bot, one database and one key for each provider or trust. A cell knows nothing of
the others.
That is also the right border for the data: each provider is the controller of its own, leaves by
taking its database along, and a fault in one cell is not heard in the next. Nothing in Kith needs
to change for it: a cell is another folder, another token, another service unit.

A cell that nears its limit shows it in its metrics: the depth of the outbox by lane, and the
lateness. The lanes keep safety first until then: what waits is the broadcast.
"""


def capacity(numbers: Mapping[str, float]) -> str:
    from benchmarks.cost import MISSED, OUTINGS

    half = 15
    people = round(half * 3600 / (numbers["messages"] * OUTINGS * 0.25), -2)
    cpu_people = round(0.5 * 3600 / (numbers["cpu_ms"] / 1000 * OUTINGS * 0.25), -2)
    carries = min(people, cpu_people)
    return CAPACITY.format(
        **numbers,
        half=half,
        outings=OUTINGS,
        missed=MISSED,
        people=int(people),
        cpu_people=int(cpu_people),
        carries=int(carries),
        gb_1000=numbers["mb_year"],
        gb_all=numbers["mb_year"] * carries / 1000,
    )
