"""What the pages say is so: the commands, the links, the settings."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import settings_table

HERE = Path(__file__).parent.parent
PAGES = sorted(
    page
    for folder in (HERE, HERE / "docs", HERE / "docs" / "decisions")
    for page in folder.glob("*.md")
)
README = (HERE / "README.md").read_text("utf-8")


def made_by(target: str) -> str:
    """The last command that `make` runs for a target, with nothing set from outside."""
    done = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", target],
        cwd=HERE,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1]


def test_the_readme_names_two_commands_that_ci_runs_from_there() -> None:
    blocks = "".join(re.findall(r"^```sh\n(.*?)^```$", README, re.DOTALL | re.MULTILINE))
    assert re.findall(r"^make .*", blocks, re.MULTILINE) == ["make demo", "make test"]
    judge = (HERE / ".ci" / "run").read_text("utf-8")
    assert "README.md" in judge
    assert "${commands[0]}" in judge
    assert "${commands[1]}" in judge


def test_the_first_command_starts_the_demo_where_the_readme_says() -> None:
    address = re.search(r"http://127\.0\.0\.1:(\d+)", README)
    assert address is not None
    assert made_by("demo") == f".venv/bin/kith demo --port {address[1]}"


def test_the_second_command_runs_every_test() -> None:
    assert made_by("test") == ".venv/bin/pytest -n auto --dist worksteal"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HERE)))
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)", page.read_text("utf-8"))
    here = [target for target in targets if "://" not in target]
    assert [target for target in here if not (page.parent / target).exists()] == []


def test_the_operators_guide_has_every_setting() -> None:
    assert settings_table() in (HERE / "docs" / "operating.md").read_text("utf-8")


def test_every_variable_the_pages_name_is_a_setting() -> None:
    known = set(re.findall(r"KITH_\w+", settings_table())) | {"KITH_TEST_NO_SKIP"}
    for page in PAGES:
        assert set(re.findall(r"KITH_\w+", page.read_text("utf-8"))) <= known, page.name


def test_every_command_the_pages_name_is_one() -> None:
    asked = [sys.executable, "-m", "bot", "--help"]
    told = subprocess.run(asked, cwd=HERE, capture_output=True, text=True, check=True).stdout
    spans = r"(?:^|`|bin/)kith ([a-z]+)"
    named = {
        name for page in PAGES for name in re.findall(spans, page.read_text("utf-8"), re.MULTILINE)
    }
    assert {"init", "run", "migrate", "check"} <= named
    assert [name for name in sorted(named) if not re.search(rf"\b{name}\b", told)] == []


def test_every_make_target_the_pages_name_is_one() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (HERE / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in PAGES:
        named = re.findall(r"`make ([a-z-]+)", page.read_text("utf-8"))
        assert set(named) <= targets, page.name
