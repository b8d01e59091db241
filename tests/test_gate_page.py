"""docs/gate.md is printed from the gate's decision table, and is today's."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from bot.care.gate_proof import CASES

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(scope="module")
def gate() -> ModuleType:
    spec = spec_from_file_location("gate_page", DOCS / "gate.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_that_of_the_table(gate: ModuleType) -> None:
    assert (DOCS / "gate.md").read_text("utf-8") == gate.page(), "run `make docs`"


def test_every_line_of_the_table_is_on_the_page() -> None:
    page = (DOCS / "gate.md").read_text("utf-8")
    for title, cases in CASES.items():
        assert f"## {title}\n" in page
        for case in cases:
            assert f"| {case.says} | " in page
            assert "|" not in case.says
