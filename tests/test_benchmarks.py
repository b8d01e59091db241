"""The benchmarks run: Kith's own side of each, with tiny sizes and no word about speed."""

import importlib
from dataclasses import replace

import pytest

from benchmarks import page
from benchmarks.measure import Figure, Verdict, quantile, together


@pytest.mark.parametrize("name", page.FIGURES)
def test_a_figure_can_be_measured(name: str) -> None:
    module = importlib.import_module(f"benchmarks.{name}")
    with together():
        figure = module.measure(module.QUICK, peers=False)
    assert figure.name == name
    assert figure.rows and all(len(row) == len(figure.columns) for row in figure.rows)
    assert Figure.read(figure.kept()) == figure
    assert f"## {figure.title}" in page.page({name: figure}, "here")


def test_every_figure_stands_on_the_page_or_is_said_to_be_missing() -> None:
    written = (page.ROOT / "docs" / "benchmarks.md").read_text()
    measured = page.read()
    assert set(measured) <= set(page.FIGURES)
    for figure in measured.values():
        assert figure.measured and page.section(figure) in written, f"write {figure.name} anew"
    missing = [name for name in page.FIGURES if name not in measured]
    assert ("Not measured whole yet" in written) == bool(missing)
    assert all(name in written for name in missing)


def test_a_quantile_is_one_of_the_values() -> None:
    values = [float(n) for n in range(1, 101)]
    assert quantile(values, 0.99) == 99.0
    assert quantile(values, 0.5) == 50.0
    assert quantile([7.0], 0.99) == 7.0


def test_what_was_not_met_is_said_plainly() -> None:
    figure = Figure(
        name="tap",
        title="A tap",
        how="So.",
        columns=("side",),
        rows=(("Kith",),),
        verdicts=(),
    )
    missed = Verdict("at least 5", "3", met=False)
    assert "**Not met**: at least 5" in page.page(
        {"tap": replace(figure, verdicts=(missed,))}, "here"
    )
