"""The record speaks of the rules as they stand: every mutant of them was tried and killed."""

from collections import Counter

import pytest

from tests.mutation.record import SUBJECTS, code, equivalents, read


@pytest.mark.parametrize("file", SUBJECTS)
def test_every_mutant_of_the_rules_was_killed_or_its_survival_explained(file: str) -> None:
    result = read().get(file)
    assert result is not None and result.code == code(file), f"run: make mutants FILES={file}"
    assert result.killed + result.equivalent == result.mutants > 0
    explained = Counter(key.file for key in equivalents())
    assert result.equivalent == explained[file], f"run: make mutants FILES={file}"


def test_no_survivor_goes_without_a_reason_or_outlives_its_file() -> None:
    assert all(why.strip() for why in equivalents().values())
    assert {key.file for key in equivalents()} <= set(SUBJECTS) == set(read())
