"""The engine of all conversations, as tables and transcripts; and every real table."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care.outcome import Outcome
from bot.care.text import Text
from bot.flows.flow import (
    BACK,
    BEGAN_AGAIN,
    CHOOSE,
    OLD_BUTTON,
    STOP,
    WORDS_PLEASE,
    Choice,
    Conversation,
    Flow,
    Located,
    Moved,
    Said,
    Sent,
    Step,
    Tap,
    Wrote,
    callback,
    faults,
    goes_back,
    move,
    start,
    stops,
)
from bot.i18n import Words
from bot.store.flow import OUTLIVE, Talk
from tests.flows.tables import NOT_A_NAME, TEA, Kitchen, conversations

WORDS = Words.load()
KITCHEN = Kitchen()


def begun() -> Talk:
    return start(TEA, "talkaaaaaaaaaaaa", 7, None)


def press(talk: Talk, choice: str) -> Moved:
    return move(TEA, talk, Tap(choice, talk.turn), KITCHEN)


def after(*said: str | Said, facts: Kitchen = KITCHEN) -> Moved:
    """The transcript so far: a str is a button pressed in time."""
    moved = Moved(begun())
    for one in said:
        step = Tap(one, moved.talk.turn) if isinstance(one, str) else one
        moved = move(TEA, moved.talk, step, facts)
    return moved


# --- transcripts --------------------------------------------------------------------------


def test_a_whole_talk_from_the_first_question_to_its_act() -> None:
    moved = after("tea", "oat", Wrote("Jo"), Wrote("Dev"), "all", "yes")
    assert moved.end == "pour"
    assert moved.talk.answers == {
        "drink": "tea",
        "biscuit": "oat",
        "guests": "all",
        "sure": "yes",
    }


def test_a_step_that_leads_to_itself_collects_its_answers() -> None:
    moved = after("water", Wrote("Jo"), Wrote("Dev"))
    assert (moved.talk.step, moved.talk.answers["guests"]) == ("guests", "Jo+Dev")


@pytest.mark.parametrize(
    ("biscuits", "step"), [(("oat",), "biscuit"), ((), "guests")], ids=["some", "none"]
)
def test_a_route_picks_the_step_by_the_facts(biscuits: tuple[str, ...], step: str) -> None:
    assert after("tea", facts=Kitchen(biscuits)).talk.step == step


def test_back_asks_the_step_before_again_and_forgets_its_answer() -> None:
    moved = after("tea", "oat", BACK)
    assert moved.talk.step == "biscuit"
    assert moved.talk.answers == {"drink": "tea"}
    assert moved.talk.path == ("drink",)


def test_the_first_step_has_no_back() -> None:
    moved = after(BACK)
    assert moved == Moved(begun(), OLD_BUTTON)
    assert not goes_back(TEA, begun())


def test_a_step_can_do_without_back() -> None:
    assert not goes_back(TEA, after("water", "all").talk)


def test_change_leads_back_to_a_step_already_passed_and_asks_from_there_again() -> None:
    moved = after("tea", "oat", "all", "change")
    assert (moved.talk.step, moved.talk.path, moved.talk.answers) == (
        "drink",
        (),
        {},
    )


def test_what_the_command_said_outlives_change_and_back() -> None:
    talk = start(TEA, "talkaaaaaaaaaaaa", 7, None, {"person": "sam"})
    for choice in ("tea", BACK, "water", "all", "change"):
        talk = press(talk, choice).talk
    assert talk.answers == {"person": "sam"}


def test_stop_ends_at_any_step() -> None:
    assert after("tea", "oat", STOP).end == STOP


@pytest.mark.parametrize(
    ("path", "said", "why"),
    [
        ((), Wrote("tea please"), CHOOSE),
        ((), Sent(), CHOOSE),
        ((), Located(51.5, -0.1), CHOOSE),
        ((), Tap("coffee", 0), OLD_BUTTON),
        (("tea",), Tap("chocolate", 1), OLD_BUTTON),
        (("tea", "oat"), Wrote("1234"), NOT_A_NAME),
        (("tea", "oat"), Sent(), WORDS_PLEASE),
        (("tea", "oat"), Tap("ginger", 1), OLD_BUTTON),
        (("tea", "oat"), Tap(STOP, 1), OLD_BUTTON),
    ],
)
def test_what_does_not_fit_is_said_and_changes_nothing(
    path: Sequence[str], said: Said, why: Text
) -> None:
    before = after(*path).talk
    assert move(TEA, before, said, KITCHEN) == Moved(before, why)


def test_a_second_tap_on_the_same_button_changes_nothing() -> None:
    tap = Tap("water", 0)
    once = move(TEA, begun(), tap, KITCHEN)
    assert move(TEA, once.talk, tap, KITCHEN) == Moved(once.talk, OLD_BUTTON)


def test_a_talk_left_at_a_step_that_is_gone_begins_again() -> None:
    """What the command said is no answer to a question: it still holds."""
    there = after("tea").talk
    lost = replace(there, step="cake", answers={**there.answers, "zone": "Europe/London"})
    moved = move(TEA, lost, Tap("oat", 1), KITCHEN)
    assert moved.say == BEGAN_AGAIN
    assert (moved.talk.step, moved.talk.path, moved.talk.answers) == (
        "drink",
        (),
        {"zone": "Europe/London"},
    )
    assert moved.talk.turn > lost.turn


# --- properties ---------------------------------------------------------------------------

NAMES = ("tea", "water", "ginger", "oat", "all", "yes", "change", BACK, STOP, "nonsense")
SAID: st.SearchStrategy[Said] = st.one_of(
    st.builds(Tap, st.sampled_from(NAMES), st.integers(0, 12)),
    st.builds(Wrote, st.sampled_from(("Jo", "Dev", "12:30", "x" * 5000))),
    st.just(Sent()),
    st.builds(Located, st.floats(-90, 90), st.floats(-180, 180)),
)
NOW = st.builds(lambda name: name, st.sampled_from(NAMES))


def ends_reached_from(talk: Talk) -> set[str]:
    """Which ends can be reached with buttons alone, Stop left out."""
    ends: set[str] = set()
    seen, waiting = set(), [talk]
    while waiting:
        here = waiting.pop()
        if here.step in seen:
            continue
        seen.add(here.step)
        for name in NAMES:
            moved = press(here, name)
            if name != STOP and moved.end is not None:
                ends.add(moved.end)
            elif moved.say is None and name != STOP:
                waiting.append(moved.talk)
    return ends


@given(st.lists(st.one_of(SAID, NOW), max_size=25))
def test_a_talk_is_never_stuck_whatever_is_said(said: list[Said | str]) -> None:
    talk = begun()
    for one in said:
        tap = Tap(one, talk.turn) if isinstance(one, str) else one
        moved = move(TEA, talk, tap, KITCHEN)
        if moved.end is not None:
            return
        assert moved.talk.turn - talk.turn == (0 if moved.say else 1)
        talk = moved.talk
        assert talk.step in TEA.steps and TEA.steps[talk.step].ends is None
        assert len({*talk.path, talk.step}) == len(talk.path) + 1, "the way back is simple"
        assert not talk.path or talk.path[0] == TEA.start
    assert "pour" in ends_reached_from(talk)
    assert press(talk, STOP).end == STOP


@given(st.lists(NOW, max_size=20), st.integers(-3, 30), st.sampled_from(NAMES))
def test_an_old_button_changes_nothing(path: list[str], turn: int, choice: str) -> None:
    talk = begun()
    for one in path:
        moved = press(talk, one)
        talk = talk if moved.end else moved.talk
    if turn != talk.turn:
        assert move(TEA, talk, Tap(choice, turn), KITCHEN) == Moved(talk, OLD_BUTTON)


# --- tables -------------------------------------------------------------------------------


@pytest.mark.parametrize("conversation", conversations().values(), ids=lambda c: c.flow.name)
def test_no_conversation_has_a_fault(conversation: Conversation[Any]) -> None:
    assert faults(conversation, WORDS) == []


def test_every_conversation_has_a_name_of_its_own() -> None:
    assert {"profile", "leave", "out", "plan"} <= conversations().keys()


def table(**changes: Step) -> Conversation[Kitchen]:
    """The tea flow with some steps changed; `pour` is its act."""
    flow = replace(TEA, steps={**TEA.steps, **changes})
    return Conversation(flow, lambda *_: KITCHEN, {"pour": lambda *_: Outcome()})


def test_a_sound_table_has_no_faults() -> None:
    assert faults(table(), WORDS) == []


YES = Text("leave", "yes")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sure": Step(YES, (Choice("a", YES, "cake"),))}, "leads to cake, which is unknown"),
        ({"extra": Step(YES, (Choice("a", YES, "poured"),))}, "extra: nothing leads here"),
        ({"sure": Step(YES)}, "sure: there is no way on"),
        ({"sure": Step(YES, (Choice("a", YES, "sure"),))}, "sure: no way from here reaches an end"),
        ({"poured": Step(YES, ends="spill")}, "its end spill is unknown"),
        ({"poured": Step(YES, (Choice("a", YES, "sure"),), ends="pour")}, "and still asks"),
        ({"biscuit": Step(YES, offers="cakes", to="sure")}, "its offers cakes are unknown"),
        ({"guests": Step(YES, reads="age", to="sure")}, "its reader age is unknown"),
        ({"guests": Step(YES, reads="name")}, "its answer leads nowhere"),
        ({"sure": Step(None, (Choice("a", YES, "poured"),))}, "sure: it asks nothing"),
        ({"sure": Step(YES, (Choice(BACK, YES, "poured"),))}, "have the same id"),
        ({"sure": Step(YES, (Choice("x" * 40, YES, "poured"),))}, "too long an id"),
        (
            {"sure": Step(YES, (Choice("a", Text("general", "help"), "poured"),))},
            "too long a label",
        ),
        ({"with_it": Step(YES, (Choice("a", YES, "poured"),))}, "both a step and a route"),
    ],
)
def test_a_fault_of_a_table_is_named(changes: dict[str, Step], sentence: str) -> None:
    assert any(sentence in fault for fault in faults(table(**changes), WORDS))


def test_a_first_step_that_is_unknown_is_named() -> None:
    flow: Flow[Kitchen] = replace(TEA, start="cake")
    assert faults(Conversation(flow, lambda *_: KITCHEN), WORDS) == [
        "tea: the first step cake is unknown."
    ]


def test_stop_leads_where_the_table_says_and_that_question_has_none() -> None:
    flow: Flow[Kitchen] = replace(TEA, stop="sure")
    stopping = move(flow, start(flow, "t", 1, None), Tap(STOP, 0), KITCHEN)
    assert (stopping.talk.step, stopping.end) == ("sure", None)
    assert not stops(flow, stopping.talk) and stops(TEA, stopping.talk)
    forged = move(flow, stopping.talk, Tap(STOP, stopping.talk.turn), KITCHEN)
    assert (forged.talk, forged.end) == (stopping.talk, None)
    nowhere: Flow[Kitchen] = replace(TEA, stop="cake")
    assert "tea: Stop leads to cake, which is unknown." in faults(
        Conversation(nowhere, lambda *_: KITCHEN), WORDS
    )


def test_a_buttons_data_stays_within_telegrams_64_bytes() -> None:
    assert len(callback("k" * 16, "t" * 16, 99_999).encode()) <= 64


def test_a_talk_that_outlives_a_role_is_not_forgotten_with_it() -> None:
    outlive = {name for name, one in conversations().items() if one.outlives}
    assert outlive == OUTLIVE
