"""The gaps of a rota, who is on call, and who may plan: tables and properties."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care import rota
from bot.care.circle import Membership, No, Role, Shift

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
OAK = "oak"


def role(role: Role, team: str = OAK, member: str = "kit", person: str | None = None) -> Membership:
    return Membership(f"{member}-{role.value}-{team}", member, role, team, person, NOW)


HOURS = st.integers(min_value=0, max_value=60)


def hour(n: int) -> datetime:
    return NOW + timedelta(hours=n)


@st.composite
def shifts(draw: st.DrawFn) -> list[Shift]:
    spans = draw(st.lists(st.tuples(HOURS, st.integers(1, 20), st.sampled_from("abc"))))
    return [
        Shift(f"s{n}", OAK, member, hour(start), hour(start + length))
        for n, (start, length, member) in enumerate(spans)
    ]


@given(shifts(), HOURS, st.integers(1, 60))
def test_a_moment_is_in_a_gap_exactly_when_nobody_is_on_call(
    planned: list[Shift], start: int, length: int
) -> None:
    found = rota.gaps(planned, hour(start), hour(start + length))
    for n in range(2 * start, 2 * (start + length)):
        moment = NOW + timedelta(minutes=30 * n)
        in_gap = any(gap.starts_at <= moment < gap.ends_at for gap in found)
        assert in_gap == (rota.on_call(planned, moment) == [])


@given(shifts(), HOURS, st.integers(1, 60))
def test_gaps_are_in_order_apart_and_inside_the_span(
    planned: list[Shift], start: int, length: int
) -> None:
    found = rota.gaps(planned, hour(start), hour(start + length))
    edges = [edge for gap in found for edge in (gap.starts_at, gap.ends_at)]
    assert edges == sorted(set(edges))
    assert all(hour(start) <= edge <= hour(start + length) for edge in edges)


@given(shifts(), HOURS)
def test_whose_shift_began_last_is_first_on_call_and_each_is_there_once(
    planned: list[Shift], at: int
) -> None:
    found = rota.on_call(planned, hour(at))
    assert len(found) == len(set(found))
    running = [s for s in planned if s.starts_at <= hour(at) < s.ends_at]
    assert set(found) == {s.member for s in running}
    if running:
        last = max(s.starts_at for s in running)
        assert found[0] in {s.member for s in running if s.starts_at == last}


@given(shifts(), HOURS)
def test_a_rota_in_use_is_always_looked_at_again(planned: list[Shift], at: int) -> None:
    outcome = rota.look(OAK, planned, ["priya"], uses_rota=True, now=hour(at))
    (wake,) = outcome.wakes
    assert wake.at is not None
    assert hour(at) < wake.at <= hour(at) + timedelta(days=7)
    if not rota.on_call(planned, hour(at)):
        assert any(tell.message.text.id == "gap_now" for tell in outcome.tells)


def test_a_team_without_a_rota_is_left_in_peace() -> None:
    outcome = rota.look(OAK, [], ["priya"], uses_rota=False, now=NOW)
    assert outcome.tells == ()
    assert [wake.at for wake in outcome.wakes] == [None]


def test_one_shift_hands_over_to_the_next_without_a_gap() -> None:
    planned = [Shift("1", OAK, "a", hour(0), hour(8)), Shift("2", OAK, "b", hour(8), hour(16))]
    assert rota.gaps(planned, hour(0), hour(16)) == []
    assert rota.on_call(planned, hour(8)) == ["b"]


@pytest.mark.parametrize(
    ("start", "end", "answer"),
    [
        (1, 9, None),
        (-1, 1, None),
        (-9, -1, No.TIMES),
        (9, 9, No.TIMES),
        (9, 1, No.TIMES),
        (0, 24 * 31, None),
        (0, 24 * 31 + 1, No.TIMES),
    ],
)
def test_which_times_a_shift_may_have(start: int, end: int, answer: No | None) -> None:
    shift = Shift("s", OAK, "kit", hour(start), hour(end))
    manager = [role(Role.MANAGER, member="priya")]
    assert rota.may_plan(manager, [role(Role.STAFF)], shift, NOW) is answer
