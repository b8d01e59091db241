"""Ids, and the values that messages and ledger lines carry."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from bot.care.outcome import Value
from bot.store.tools import new_id, pack, unpack

moments = st.datetimes(timezones=st.just(UTC))
values = st.dictionaries(st.text(max_size=10), st.text() | st.integers() | moments, max_size=5)


@given(values)
def test_parameters_come_back_as_they_were(given_values: dict[str, Value]) -> None:
    assert unpack(pack(given_values)) == given_values


def test_a_time_is_kept_in_utc() -> None:
    paris = datetime(2026, 5, 4, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    due = unpack(pack({"due": paris}))["due"]
    assert isinstance(due, datetime)
    assert due == paris
    assert due.tzinfo is UTC


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        pack({"due": datetime(2026, 5, 4, 14, 0)})  # noqa: DTZ001 - the very thing refused


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_ids_are_random_and_short(engine: Engine) -> None:
    with engine.begin() as c:
        ids = {new_id(c) for _ in range(100)}
    assert len(ids) == 100
    assert all(re.fullmatch("[a-z2-7]{16}", id) for id in ids)
