"""The record speaks of the rules as they stand, and of the tests as they stand: every mutant was
tried and killed."""

from collections import Counter
from pathlib import Path

import pytest

from tests.mutation.record import SUBJECTS, code, code_of_tests, equivalents, read


@pytest.mark.parametrize("file", SUBJECTS)
def test_every_mutant_of_the_rules_was_killed_or_its_survival_explained(file: str) -> None:
    run = f"run: make mutants FILES={file}"
    result = read().get(file)
    assert result is not None and result.code == code(file), run
    tests = SUBJECTS[file]
    changed = f"{', '.join(tests)} or a helper of theirs: changed since they killed; {run}"
    assert result.tests == code_of_tests(tests), changed
    assert result.killed + result.equivalent == result.mutants > 0
    explained = Counter(key.file for key in equivalents())
    assert result.equivalent == explained[file], run


def test_no_survivor_goes_without_a_reason_or_outlives_its_file() -> None:
    assert all(why.strip() for why in equivalents().values())
    assert {key.file for key in equivalents()} <= set(SUBJECTS) == set(read())


def test_a_test_that_is_weakened_or_taken_away_asks_for_a_new_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    room = Path("tests/care")
    room.mkdir(parents=True)
    test, other, helper = (room / f"{name}.py" for name in ("test_out", "test_more", "outing"))
    both = (str(test), str(other))
    other.write_text("from tests.care import outing\n", "utf-8")
    helper.write_text("MINUTE = 60\n", "utf-8")
    test.write_text("def test_it() -> None:\n    assert 1 == 1\n", "utf-8")
    tried = code_of_tests(both)

    test.write_text("def test_it() -> None:\n\n    assert 1 == 1  # why\n", "utf-8")
    assert code_of_tests(both) == tried, "what is said of a test is not the test"
    assert code_of_tests(both[1:]) != tried
    helper.write_text("MINUTE = 61\n", "utf-8")
    assert code_of_tests(both) != tried
    helper.write_text("MINUTE = 60\n", "utf-8")
    test.write_text("def test_it() -> None:\n    assert 1\n", "utf-8")
    assert code_of_tests(both) != tried
