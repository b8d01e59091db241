"""The lock files: every release named and hashed, none by its address, none forgotten."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

HERE = Path(__file__).parent.parent
PROJECT = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))
RUNNING = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["build"]]
TESTING = [*RUNNING, *PROJECT["project"]["optional-dependencies"]["dev"]]
BENCH = [*RUNNING, *PROJECT["project"]["optional-dependencies"]["bench"]]
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-bench.lock"]


def text(lock: str) -> str:
    return (HERE / lock).read_text("utf-8")


def releases(lock: str) -> dict[str, Version]:
    found = re.findall(r"^([\w.-]+)==([\w.+!]+)", text(lock), re.MULTILINE)
    return {canonicalize_name(name): Version(version) for name, version in found}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str) -> None:
    assert re.findall(r"://|^-.*|index-url|find-links| @ ", text(lock), re.MULTILINE) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_release_has_its_hashes(lock: str) -> None:
    lines = re.sub(r" \\\n\s+", " ", re.sub(r"^\s*#.*\n", "", text(lock), flags=re.MULTILINE))
    assert len(lines.splitlines()) > 40
    without = [line for line in lines.splitlines() if not re.search(r"--hash=sha256:\w{64}", line)]
    assert without == []


@pytest.mark.parametrize(
    ("lock", "wanted"), list(zip(LOCKS, [RUNNING, TESTING, BENCH], strict=True))
)
def test_what_the_project_asks_for_is_locked(lock: str, wanted: list[str]) -> None:
    locked = releases(lock)
    for asked in map(Requirement, wanted):
        version = locked.get(canonicalize_name(asked.name))
        assert version is not None, f"{asked.name}: run `make lock`"
        assert asked.specifier.contains(version), f"{asked}: run `make lock`"


def test_the_tests_run_on_the_releases_that_run() -> None:
    assert releases(LOCKS[0]).items() <= releases(LOCKS[1]).items()
    assert releases(LOCKS[0]).items() <= releases(LOCKS[2]).items()
