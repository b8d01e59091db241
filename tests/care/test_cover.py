"""Cover on the rota: a shift stays somebody's until somebody else has said yes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.care import cover
from bot.care.circle import ROTA, Membership, Role, Shift
from bot.care.cover import KIND, Cover, State
from bot.care.outcome import Outcome

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

SHIFT = Shift("shift", "oak", "dev", NOW + 3 * DAY, NOW + 3 * DAY + 8 * HOUR)
JOS = Shift("jos", "oak", "jo", NOW + 5 * DAY, NOW + 5 * DAY + 8 * HOUR)
ASKED = Cover("cover", "shift", "dev", NOW)
STAFF = (Membership("m", "jo", Role.STAFF, "oak", None, NOW),)


def take(
    asked: Cover = ASKED,
    shift: Shift = SHIFT,
    other: Shift | None = None,
    by: str = "jo",
    staff: tuple[Membership, ...] = STAFF,
    now: datetime = NOW,
) -> Outcome:
    return cover.take(asked, shift, other, by, staff, ["priya", by], "fresh", now)


def shifts(outcome: Outcome) -> list[Shift]:
    return [record for record in outcome.records if isinstance(record, Shift)]


def test_colleagues_are_asked_and_the_shift_stays_where_it_is() -> None:
    asked = cover.ask(ASKED, SHIFT, None, ["dev", "jo", "priya"], NOW)
    assert [tell.to for tell in asked.tells] == ["jo", "priya"]
    assert shifts(asked) == []
    assert [(wake.kind, wake.at) for wake in asked.wakes] == [(KIND, SHIFT.starts_at - DAY)]


def test_a_swap_is_asked_only_of_the_one_whose_shift_it_is() -> None:
    asked = cover.ask(ASKED, SHIFT, JOS, ["dev", "jo", "priya"], NOW)
    assert [tell.to for tell in asked.tells] == ["jo"]


@pytest.mark.parametrize(
    "other",
    [
        replace(JOS, member="dev"),
        replace(JOS, team="elm"),
        replace(JOS, starts_at=NOW),
    ],
)
def test_there_is_no_swap_for_ones_own_another_teams_or_a_begun_shift(other: Shift) -> None:
    assert cover.ask(ASKED, SHIFT, other, ["dev", "jo"], NOW) == Outcome()


def test_nobody_asks_for_another_ones_shift_or_for_one_that_is_over() -> None:
    assert cover.ask(replace(ASKED, by="jo"), SHIFT, None, ["priya"], NOW) == Outcome()
    assert cover.ask(ASKED, SHIFT, None, ["jo"], SHIFT.ends_at) == Outcome()


def test_with_nobody_to_ask_it_says_so() -> None:
    alone = cover.ask(ASKED, SHIFT, None, ["dev"], NOW)
    assert alone.said is not None and alone.records == ()


def test_whoever_says_yes_has_it_and_managers_hear() -> None:
    taken = take()
    assert shifts(taken) == [replace(SHIFT, member="jo")]
    assert [tell.to for tell in taken.tells] == ["dev", "priya"]
    assert (ROTA, "oak", NOW) in [(w.kind, w.key, w.at) for w in taken.wakes]
    assert (KIND, "cover", None) in [(w.kind, w.key, w.at) for w in taken.wakes]


def test_a_shift_that_runs_is_theirs_from_now_on_without_a_gap() -> None:
    now = SHIFT.starts_at + HOUR
    ran, given = shifts(take(now=now))
    assert (ran.member, ran.ends_at) == ("dev", now)
    assert (given.id, given.member, given.starts_at, given.ends_at) == (
        "fresh",
        "jo",
        now,
        SHIFT.ends_at,
    )


def test_a_swap_changes_both() -> None:
    taken = take(replace(ASKED, other="jos"), other=JOS)
    assert shifts(taken) == [replace(SHIFT, member="jo"), replace(JOS, member="dev")]
    both = {
        "starts": SHIFT.starts_at,
        "ends": SHIFT.ends_at,
        "other_starts": JOS.starts_at,
        "other_ends": JOS.ends_at,
    }
    assert taken.said is not None
    for said in (taken.said, *(tell.message for tell in taken.tells)):
        assert said.text.id.endswith("_swapped") and both.items() <= said.params.items()
    assert take(replace(ASKED, other="jos"), other=JOS, by="priya") == Outcome()
    late = take(replace(ASKED, other="jos"), other=JOS, now=JOS.starts_at)
    assert shifts(late) == [] and late.said is not None


def test_a_second_yes_is_thanked_and_changes_nothing() -> None:
    done = replace(ASKED, state=State.TAKEN, taken_by="priya", taken_at=NOW)
    second = take(done, replace(SHIFT, member="priya"))
    assert second.records == () and second.said is not None
    assert second.said.params == {"member": "priya"}


@pytest.mark.parametrize(
    ("asked", "shift", "now"),
    [
        (replace(ASKED, state=State.WITHDRAWN), SHIFT, NOW),
        (ASKED, replace(SHIFT, member="priya"), NOW),
        (ASKED, SHIFT, SHIFT.ends_at),
    ],
)
def test_what_is_not_asked_any_more_is_not_taken(asked: Cover, shift: Shift, now: datetime) -> None:
    over = take(asked, shift, now=now)
    assert over.records == () and over.said is not None


@pytest.mark.parametrize(
    "staff",
    [
        (),
        (replace(STAFF[0], team="elm"),),
        (replace(STAFF[0], role=Role.CARER, person="sam"),),
        (replace(STAFF[0], until=NOW),),
    ],
)
def test_only_staff_of_the_team_take_it(staff: tuple[Membership, ...]) -> None:
    assert take(staff=staff) == Outcome()
    assert take(by="dev") == Outcome()


def test_only_who_asked_withdraws_it_while_it_is_open() -> None:
    assert cover.withdraw(ASKED, "jo") == Outcome()
    assert cover.withdraw(replace(ASKED, state=State.TAKEN), "dev") == Outcome()
    assert cover.withdraw(ASKED, "dev").wakes[0].at is None


def test_a_day_before_managers_hear_that_nobody_took_it() -> None:
    told = cover.tick(ASKED, SHIFT, ["priya", "dev"], NOW)
    assert [tell.to for tell in told.tells] == ["dev", "priya"]
    for quiet in (
        cover.tick(replace(ASKED, state=State.TAKEN), SHIFT, ["priya"], NOW),
        cover.tick(ASKED, None, ["priya"], NOW),
        cover.tick(ASKED, replace(SHIFT, member="jo"), ["priya"], NOW),
    ):
        assert quiet.tells == () and quiet.wakes[0].at is None
