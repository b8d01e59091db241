"""What the kills look for on the way is found when it is there."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.store.tools import pack
from tests.torture.circles import NEXT, Circle
from tests.torture.history import Rows, Story, at_any_moment, examine
from tests.torture.people import Pressed

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SHIFT_ENDS = BEGAN + timedelta(seconds=5)
PARTS = ("person", "key", "duty", "lead", NEXT)
CHATS = {part: number for number, part in enumerate(PARTS, start=1)}


def seconds(number: float) -> datetime:
    return BEGAN + timedelta(seconds=number)


def line(at: float, kind: str, actor: str | None = "person", **facts: Any) -> Any:
    told = {"journey": "out", **facts}
    return SimpleNamespace(
        at=seconds(at), kind=kind, person="person", actor=actor, facts=pack(told)
    )


def alert(cause: str, event: datetime, at: float, ended: float | None, by: str | None) -> Any:
    return SimpleNamespace(
        id=cause,
        person="person",
        cause=cause,
        subject="out",
        event_at=event,
        opened_at=seconds(at),
        held_at=None if ended is None else seconds(ended),
        closed_at=None if ended is None else seconds(ended),
        holder=by,
        closed_by=by,
    )


def message(text: str, member: str, at: float, **params: Any) -> Any:
    return SimpleNamespace(
        id=text,
        text=text,
        member=member,
        params={"journey": "out", **params},
        state="withheld",
        attempts=0,
        created_at=seconds(at),
        sent_at=None,
        number=0,
        reason="",
    )


def rows(**tables: list[Any]) -> Rows:
    out = SimpleNamespace(id="out", person="person", state="home", ended_at=seconds(30))
    return Rows(**{name: [] for name in Rows.__dataclass_fields__} | {"journey": [out]} | tables)


def every(*, handed: bool = False) -> Story:
    """Asked four seconds after they were heard from, missed after seven; or back much later."""
    parts = PARTS if handed else PARTS[:-1]
    circle = Circle(
        "Sam",
        {part: CHATS[part] for part in parts},
        {part: part for part in parts},
        "out",
        SHIFT_ENDS if handed else seconds(4),
        seconds(3000),
        "shift" if handed else "every",
        4.0,
        7.0,
        BEGAN,
    )
    return Story("handed over" if handed else "every few", circle, Pressed())


def wrong(kept: Rows, story: Story) -> str:
    """What is wrong, beside what these few rows leave out: who has pressed what."""
    found = examine(kept, [story], {}, {}, [])
    return "\n".join(said for said in found.wrong if "pressed" not in said)


def answered() -> list[Any]:
    return [
        line(0, "journey_set_off"),
        line(4, "journey_nudged", None, due=seconds(0)),
        line(5, "journey_ok"),
        line(9, "journey_nudged", None, due=seconds(5)),
        line(30, "journey_closed", "key"),
    ]


def missed() -> list[Any]:
    return [*answered()[:4], line(12, "journey_missed", None, due=seconds(5)), answered()[4]]


def test_a_check_in_on_the_way_that_was_missed_and_has_its_alert_is_right() -> None:
    there = alert("missed", seconds(5), 12, 30, "key")
    assert not wrong(rows(ledger=missed(), escalation=[there]), every())


@pytest.mark.parametrize(
    ("says", "ledger"),
    [
        ("not missed by", answered()),
        ("there are alerts of []", missed()),
        ("not asked by", [answered()[0], line(30, "journey_home")]),
        ("nothing was due before", [*answered()[:3], line(6, "journey_nudged", due=seconds(5))]),
        ("and None was due", [*answered()[:3], line(6, "journey_home"), missed()[3]]),
        ("was due", [*answered()[:3], line(9, "journey_nudged", None, due=seconds(0))]),
    ],
)
def test_a_check_in_that_is_lost_or_asked_for_at_another_time_is_found(
    says: str, ledger: list[Any]
) -> None:
    assert says in wrong(rows(ledger=ledger), every())


def test_a_question_after_they_are_home_is_found() -> None:
    asked = message("journey.nudge", "person", 31)
    there = alert("missed", seconds(5), 12, 30, "key")
    kept = rows(ledger=missed(), escalation=[there], outbox=[asked])
    assert "home at" in wrong(kept, every())


def handed(*takers: str, at: float = 5) -> Rows:
    """The shift ends after five seconds; `at` then the next is asked, and these take it."""
    ledger = [line(0, "journey_set_off"), line(30, "journey_home")]
    for taker in takers:
        ledger.append(line(8, "escalation_taken", taker, escalation="handover"))
        ledger.append(line(8, "outing_handed_over", taker, **{"from": "duty", "to": taker}))
    told = (("ended", "duty"), ("has_it", "duty"), ("ask", NEXT), ("yours", NEXT))
    ended = 8 if takers else None
    return rows(
        ledger=ledger,
        escalation=[alert("handover", SHIFT_ENDS, at, ended, takers[0] if takers else None)],
        outbox=[message(f"handover.{text}", part, 5) for text, part in told],
    )


def test_a_hand_over_with_one_taker_is_right() -> None:
    assert not wrong(handed(NEXT), every(handed=True))


@pytest.mark.parametrize(
    ("says", "kept"),
    [
        ("taken 2 times", lambda: handed(NEXT, "key")),
        ("taken 0 times", handed),
        ("the next was asked at", lambda: handed(NEXT, at=4)),
        ("the next was asked at", lambda: handed(NEXT, at=20)),
    ],
)
def test_a_hand_over_with_another_number_of_takers_or_at_another_time_is_found(
    says: str, kept: Callable[[], Rows]
) -> None:
    assert says in wrong(kept(), every(handed=True))


def test_who_is_out_with_nothing_due_or_in_nobodys_hands_is_found() -> None:
    circle = every(handed=True).circle
    back = seconds(3000)
    out = SimpleNamespace(id="out", person="person", state="out", ended_at=None, due_at=back)
    due = SimpleNamespace(kind="journey", key="out", due_at=seconds(3000))
    ends = SimpleNamespace(kind="handover", key="out", due_at=SHIFT_ENDS)
    duty = SimpleNamespace(journey="out", member="duty", ends_at=SHIFT_ENDS)
    gone = SimpleNamespace(journey="out", member="duty", ends_at=None)

    def found(**tables: list[Any]) -> str:
        ledger = [line(0, "journey_set_off")]
        return "\n".join(at_any_moment(rows(journey=[out], ledger=ledger, **tables), [circle]))

    assert found(deadline=[due, ends], duty=[duty]) == ""
    assert "nothing is due" in found(deadline=[ends], duty=[duty])
    assert "is nobody's" in found(deadline=[due, ends])
    assert "in nobody's hands" in found(deadline=[due], duty=[duty])
    assert "in nobody's hands" in found(deadline=[due], duty=[gone])
    out.due_at += timedelta(seconds=1)
    assert "agreed was" in found(deadline=[due, ends], duty=[duty])
