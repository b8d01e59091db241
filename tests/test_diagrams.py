"""docs/flows.md is drawn from the tables, and is today's."""

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from bot.care import escalation, journey
from bot.i18n import Words
from tests.flows.tables import TEA, conversations

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(scope="module")
def diagrams() -> ModuleType:
    spec = spec_from_file_location("diagrams", DOCS / "diagrams.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_that_of_the_tables(diagrams: ModuleType) -> None:
    assert (DOCS / "flows.md").read_text("utf-8") == diagrams.page(), "run `make docs`"


def test_every_conversation_and_every_state_table_is_drawn(diagrams: ModuleType) -> None:
    drawn = set(re.findall(r"^### (.+)$", diagrams.page(), re.MULTILINE))
    names = {name.replace("_", " ") for name in conversations()}
    assert drawn == names | {"journey", "escalation", "agreeing", "news"}


def test_a_conversation_is_drawn_with_its_answers_routes_and_ends(diagrams: ModuleType) -> None:
    lines = list(diagrams.conversation(TEA, Words.load()))
    assert '    drink["Please press one of the buttons."]' in lines
    assert '    drink -->|"Easy Read"| with_it' in lines
    assert "    with_it --> biscuit" in lines
    assert '    biscuit -->|"one of the biscuits"| guests' in lines
    assert '    guests -.->|"name"| guests' in lines
    assert '    poured(["Stopped. Nothing has been saved."])' in lines


@pytest.mark.parametrize("table", [journey.TABLE, escalation.TABLE])
def test_a_state_table_is_drawn_with_each_event_once(
    diagrams: ModuleType, table: dict[str, dict[str, str]]
) -> None:
    drawn = "\n".join(diagrams.states(table))
    for state, row in table.items():
        for event, to in row.items():
            name = event.replace("_", " ")
            assert re.search(rf"^    {state} --> {to}: (.*, )?{name}(,|$)", drawn, re.MULTILINE)
