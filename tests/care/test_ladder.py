"""The ladder: the order in which staff are asked, and that it never ends in silence."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care import answer, escalation, ladder
from bot.care.escalation import Cause, Close, Escalation, Need, State
from bot.care.ladder import Around
from bot.care.outcome import Outcome, Value
from bot.care.plan import Rung, RungKind
from tests.care.outing import (
    GRACE_OVER,
    MINUTE,
    alert_of,
    around,
    fresh,
    logged,
    opened,
    said,
    taken,
    told,
)

LATER = GRACE_OVER + 10 * MINUTE


def passes(alert: Escalation, standing: Around) -> Outcome:
    """The next moment of this alert comes."""
    assert alert.due_at is not None
    return ladder.tick(alert, standing, alert.due_at)


# --- climbing -----------------------------------------------------------------------------


def test_the_first_rung_is_asked_and_the_person_hears_who() -> None:
    outcome = ladder.open_(fresh(), around(), GRACE_OVER)

    assert told(outcome) == [("jo", "alert_missed"), ("sam", "asked_to_ring")]
    assert outcome.tells[1].message.params["member"] == "jo"
    assert [wake.at for wake in outcome.wakes] == [LATER]


def test_it_climbs_rung_by_rung_and_begins_again_until_somebody_takes_it_on() -> None:
    alert = opened()
    asked = []
    for _ in range(5):
        outcome = passes(alert, around())
        alert = alert_of(outcome)
        asked.append(outcome.tells[0].to)
        said_to_sam = outcome.tells[1].message
        assert said_to_sam.text.id == "asking_next"
        assert said_to_sam.params["member"] == asked[-1]
    assert asked == ["dev", "priya", "jo", "dev", "priya"]
    assert alert.round == 1


def test_before_its_moment_nothing_happens_and_the_moment_stands() -> None:
    outcome = ladder.tick(opened(), around(), LATER - MINUTE)
    assert outcome == Outcome(wakes=outcome.wakes) and outcome.wakes[0].at == LATER


@pytest.mark.parametrize(
    ("names", "asked"),
    [
        pytest.param((None, "dev", "priya"), "dev", id="the first rung cannot be reached"),
        pytest.param((None, None, "priya"), "priya", id="only the last can be reached"),
        pytest.param(("dev", "dev", "priya"), "dev", id="the key worker is on call, too"),
    ],
)
def test_a_rung_nobody_can_be_reached_on_is_passed_at_once_and_the_ledger_says_why(
    names: tuple[str | None, ...], asked: str
) -> None:
    outcome = ladder.open_(fresh(), around(*names), GRACE_OVER)

    assert told(outcome)[0] == (asked, "alert_missed")
    why = [log.facts["why"] for log in outcome.logs if log.kind == "rung_skipped"]
    assert why == ["unreachable"] * names.index(asked)


def test_somebody_on_two_rungs_is_not_asked_twice_in_a_row() -> None:
    alert = alert_of(ladder.open_(fresh(), around("dev", "dev", "priya"), GRACE_OVER))
    outcome = passes(alert, around("dev", "dev", "priya"))

    assert told(outcome)[0] == ("priya", "alert_missed")
    assert [log.facts["why"] for log in outcome.logs if log.kind == "rung_skipped"] == [
        "just_asked"
    ]


def test_the_only_one_who_can_be_reached_stays_silent_and_the_team_is_asked() -> None:
    standing = around(None, "dev", None)
    alert = alert_of(ladder.open_(fresh(), standing, GRACE_OVER))

    outcome = passes(alert, standing)
    assert told(outcome) == [("mina", "alert_nobody"), ("sam", "nobody_yet")]
    again = passes(alert_of(outcome), standing)
    assert told(again) == [("dev", "alert_missed"), ("sam", "asking_now")]


def test_the_only_one_there_is_at_all_is_asked_again_and_again() -> None:
    standing = around(None, "dev", None, others=())
    alert = alert_of(ladder.open_(fresh(), standing, GRACE_OVER))
    for _ in range(3):
        outcome = passes(alert, standing)
        alert = alert_of(outcome)
        assert told(outcome) == [("dev", "alert_missed"), ("sam", "asking_now")]


def test_when_no_rung_can_be_reached_the_team_is_asked_and_the_ladder_tried_again() -> None:
    nobody = around(None, None, None)
    outcome = ladder.open_(fresh(), nobody, GRACE_OVER)
    assert told(outcome) == [("mina", "alert_nobody"), ("sam", "nobody_yet")]
    assert [wake.at for wake in outcome.wakes] == [GRACE_OVER + MINUTE]

    heard = []
    alert = alert_of(outcome)
    for _ in range(20):
        outcome = passes(alert, nobody)
        alert = alert_of(outcome)
        heard.append(bool(outcome.tells))
    assert heard.count(True) == 2, "not a message every minute"
    found = passes(alert, around(None, "dev", None))
    assert told(found) == [("dev", "alert_missed"), ("sam", "asking_now")]


def test_with_nobody_at_all_kith_says_so_and_keeps_trying() -> None:
    outcome = ladder.open_(fresh(), around(None, None, None, others=()), GRACE_OVER)
    assert told(outcome) == [("sam", "nobody_at_all")]
    assert outcome.wakes[-1].at == GRACE_OVER + MINUTE


def test_staff_learn_that_the_persons_phone_could_not_be_reached() -> None:
    outcome = ladder.open_(fresh(), around(person=False), GRACE_OVER)
    assert told(outcome)[0] == ("jo", "alert_missed_unreached")
    off = ladder.open_(fresh(Cause.MISSED_WHILE_OFF), around(person=False), GRACE_OVER)
    assert told(off)[0] == ("jo", "alert_missed_off")


# --- what the ledger says -----------------------------------------------------------------

UNHURRIED = (Rung(RungKind.KEY_WORKER, 5), Rung(RungKind.ON_CALL, 10), Rung(RungKind.MANAGER, 20))


def ledger(outcome: Outcome) -> list[tuple[str, str | None, dict[str, Value]]]:
    """What happened, by whom, and the facts."""
    lines = []
    for line in outcome.logs:
        facts = dict(line.facts)
        assert (line.person, facts.pop("escalation")) == ("sam", "alert")
        lines.append((line.kind, line.actor, facts))
    return lines


def test_the_ledger_says_why_it_was_opened_who_was_told_and_who_was_passed_over() -> None:
    outcome = ladder.open_(fresh(), around(None, "dev", "priya"), GRACE_OVER)
    assert ledger(outcome) == [
        ("escalation_opened", None, {"cause": "missed"}),
        ("escalation_told", None, {"rung": 1, "round": 0}),
        ("rung_skipped", None, {"rung": 0, "why": "unreachable"}),
    ]


def test_the_ledger_says_when_nobody_can_be_told_and_why_not() -> None:
    outcome = ladder.open_(fresh(), around(None, None, None), GRACE_OVER)
    assert ledger(outcome) == [
        ("escalation_opened", None, {"cause": "missed"}),
        ("escalation_told", None, {"rung": -1, "round": 0}),
        ("nobody_reachable", None, {}),
        *(("rung_skipped", None, {"rung": rung, "why": "unreachable"}) for rung in range(3)),
    ]


def test_the_ledger_says_which_round_it_is() -> None:
    alert = replace(opened(), rung=2)
    assert ledger(passes(alert, around(None, "dev", "priya"))) == [
        ("escalation_told", None, {"rung": 1, "round": 1}),
        ("rung_skipped", None, {"rung": 0, "why": "unreachable"}),
    ]


def test_the_ledger_says_who_was_asked_who_kept_silent_and_who_passed_it_on() -> None:
    asked = passes(taken(), around())
    assert ledger(asked) == [("escalation_asked", None, {"member": "jo"})]
    told_next = ("escalation_told", None, {"rung": 1, "round": 0})
    silent = ("escalation_silent", None, {"member": "jo"})
    assert ledger(passes(alert_of(asked), around())) == [silent, told_next]
    passed_on = ladder.pass_on(taken(), "jo", around(), LATER)
    assert ledger(passed_on) == [("escalation_passed_on", "jo", {}), told_next]
    gone = ladder.unreachable(taken(), "jo", around(), LATER)
    assert ledger(gone) == [("rung_unreachable", None, {"member": "jo"}), told_next]


def test_the_ledger_says_what_the_person_called_for() -> None:
    for cause in (Cause.HELP, Cause.EMERGENCY):
        outcome = ladder.raise_(opened(), cause, around(), LATER)
        raised = ("escalation_raised", "sam", {"cause": cause.value})
        assert ledger(outcome)[0] == raised


# --- how long it waits --------------------------------------------------------------------


def test_each_rung_has_its_own_wait() -> None:
    alert = alert_of(ladder.open_(fresh(rungs=UNHURRIED), around(), GRACE_OVER))
    waits = []
    for _ in range(4):
        assert alert.due_at is not None
        before = alert.due_at
        alert = alert_of(passes(alert, around()))
        assert alert.due_at is not None
        waits.append(alert.due_at - before)
    assert waits == [10 * MINUTE, 20 * MINUTE, 5 * MINUTE, 10 * MINUTE]


def test_a_question_waits_as_long_as_the_rung_that_was_told_last() -> None:
    second = alert_of(passes(replace(opened(), rungs=UNHURRIED), around()))
    held = alert_of(escalation.take(second, "dev", LATER))
    assert held.due_at is not None
    asked = alert_of(passes(held, around()))
    assert asked.due_at == held.due_at + 10 * MINUTE


def test_before_any_rung_was_told_the_wait_is_the_first_ones() -> None:
    outcome = ladder.open_(fresh(Cause.EMERGENCY, UNHURRIED), around(), GRACE_OVER)
    assert alert_of(outcome).due_at == GRACE_OVER + 5 * MINUTE


# --- passing on, silence, and what cannot be delivered ------------------------------------


@pytest.mark.parametrize(
    "alert",
    [pytest.param(opened(), id="being asked"), pytest.param(taken(), id="having taken it on")],
)
def test_passing_on_goes_to_the_next_rung_at_once(alert: Escalation) -> None:
    outcome = ladder.pass_on(alert, "jo", around(), GRACE_OVER + MINUTE)

    assert told(outcome) == [("dev", "alert_missed"), ("sam", "asking_now")]
    assert said(outcome) == "passed_on"
    assert alert_of(outcome).state is State.OPEN and alert_of(outcome).holder is None
    assert alert_of(outcome).held_at is None


def test_passing_on_goes_past_a_rung_that_nobody_can_be_reached_on() -> None:
    outcome = ladder.pass_on(opened(), "jo", around("jo", None, "priya"), LATER)
    assert told(outcome)[0] == ("priya", "alert_missed")


@pytest.mark.parametrize(
    ("alert", "answer"),
    [
        pytest.param(alert_of(passes(opened(), around())), "passed_already", id="an old button"),
        pytest.param(taken("dev"), "held_already", id="somebody else has it"),
    ],
)
def test_passing_on_what_is_not_theirs_changes_nothing(alert: Escalation, answer: str) -> None:
    outcome = ladder.pass_on(alert, "jo", around(), LATER)
    assert outcome == Outcome(said=outcome.said) and said(outcome) == answer


def test_the_only_one_who_passes_it_on_is_not_asked_again_at_once() -> None:
    standing = around("jo", None, None)
    outcome = ladder.pass_on(opened(), "jo", standing, LATER)

    assert told(outcome) == [("mina", "alert_nobody"), ("sam", "nobody_yet")]
    assert alert_of(outcome).due_at == LATER + 10 * MINUTE


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(lambda alone: ladder.pass_on(opened(), "jo", alone, LATER), id="passed on"),
        pytest.param(lambda alone: ladder.unreachable(opened(), "jo", alone, LATER), id="lost"),
        pytest.param(
            lambda alone: passes(alert_of(passes(taken(), alone)), alone), id="asked in vain"
        ),
    ],
)
def test_the_only_one_there_is_at_all_is_not_asked_again_at_once(
    step: Callable[[Around], Outcome],
) -> None:
    outcome = step(around("jo", None, None, others=()))
    assert ("sam", "nobody_at_all") in told(outcome)
    assert alert_of(outcome).current is None


def test_whoever_has_it_is_asked_and_silence_moves_to_the_next_rung() -> None:
    asked = passes(taken(), around())
    assert told(asked) == [("jo", "how_is_it")]

    outcome = passes(alert_of(asked), around())
    assert told(outcome) == [
        ("jo", "moved_on"),
        ("dev", "alert_missed"),
        ("sam", "asking_next"),
    ]
    assert outcome.tells[2].message.params["before"] == "jo"
    assert alert_of(outcome).state is State.OPEN


def test_after_an_answer_silence_asks_the_next_to_speak_with_the_person() -> None:
    alert = alert_of(answer.answered(opened(), LATER, home=False))
    asked = passes(alert, around())
    assert told(asked) == [("jo", "please_speak")]

    outcome = passes(alert_of(asked), around())
    assert told(outcome) == [("jo", "moved_on"), ("dev", "please_speak")]
    assert alert_of(outcome).state is State.ANSWERED
    third = passes(alert_of(outcome), around())
    assert told(third) == [("dev", "moved_on"), ("priya", "please_speak")]


def test_an_answered_alert_that_is_passed_on_stays_answered() -> None:
    alert = alert_of(answer.answered(taken(), LATER, home=False))
    outcome = ladder.pass_on(alert, "jo", around(), LATER)
    assert told(outcome) == [("dev", "please_speak")]


def test_an_answered_alert_finds_the_team_when_no_rung_can_be_reached() -> None:
    alert = alert_of(answer.answered(opened(), LATER, home=False))
    outcome = ladder.unreachable(alert, "jo", around(None, None, None), LATER)
    assert told(outcome) == [("mina", "please_speak")]


def test_an_answered_alert_of_which_nobody_can_hear_is_tried_again_and_tells_rarely() -> None:
    nobody = around(None, None, None)
    alert = alert_of(answer.answered(opened(), LATER, home=False))
    alert = alert_of(ladder.unreachable(alert, "jo", nobody, LATER))
    heard = []
    for _ in range(20):
        outcome = passes(alert, nobody)
        alert = alert_of(outcome)
        heard.append(told(outcome))
    assert [each for each in heard if each] == [[("mina", "please_speak")]] * 2
    assert told(passes(alert, around(None, "dev", None))) == [("dev", "please_speak")]


@pytest.mark.parametrize(
    "alert", [pytest.param(opened(), id="being asked"), pytest.param(taken(), id="having it")]
)
def test_an_alert_that_waits_on_somebody_unreachable_moves_on_at_once(alert: Escalation) -> None:
    outcome = ladder.unreachable(alert, "jo", around(None, "dev", "priya"), GRACE_OVER)

    assert told(outcome) == [("dev", "alert_missed"), ("sam", "asking_now")]
    assert "rung_unreachable" in logged(outcome)


def test_the_person_hears_when_the_only_one_who_was_asked_cannot_be_reached() -> None:
    alone = around(None, None, None, others=())
    outcome = ladder.unreachable(opened(), "jo", alone, GRACE_OVER)
    assert told(outcome) == [("sam", "nobody_at_all")]
    assert told(passes(alert_of(outcome), alone)) == []


def test_somebody_unreachable_on_whom_nothing_waits_changes_nothing() -> None:
    assert ladder.unreachable(opened(), "dev", around(), GRACE_OVER) == Outcome()


def test_messages_that_never_arrive_do_not_turn_the_ladder_into_a_wheel() -> None:
    """They are on the ladder and cannot be told: the team is asked, and it rests."""
    alert = opened()
    for _ in range(9):
        assert alert.current is not None
        outcome = ladder.unreachable(alert, alert.current, around(), GRACE_OVER)
        alert = alert_of(outcome)
        if alert.current is None:
            break
    assert alert.current is None and ("mina", "alert_nobody") in told(outcome)
    assert alert.due_at is not None and alert.due_at >= GRACE_OVER + MINUTE


def silent() -> Escalation:
    return alert_of(passes(opened(), around()))


def questioned() -> Escalation:
    return alert_of(passes(taken(), around()))


def passed_on() -> Escalation:
    return alert_of(ladder.pass_on(questioned(), "jo", around(), LATER))


def answered() -> Escalation:
    return alert_of(answer.answered(opened(), LATER, home=False))


def answered_and_silent() -> Escalation:
    return alert_of(passes(alert_of(passes(answered(), around())), around()))


def found() -> Escalation:
    alone = alert_of(ladder.open_(fresh(), around(None, None, None), LATER))
    return alert_of(passes(alone, around()))


def called() -> Escalation:
    return alert_of(ladder.raise_(opened(), Cause.HELP, around(), LATER))


@pytest.mark.parametrize(
    ("alert", "asked"),
    [
        pytest.param(opened, ["jo", "dev", "priya", "jo"], id="from the start"),
        pytest.param(silent, ["dev", "priya", "jo", "dev"], id="somebody was told in between"),
        pytest.param(taken, ["jo", "dev", "priya", "jo"], id="from its holder on"),
        pytest.param(questioned, ["jo", "dev", "priya", "jo"], id="the holder had been asked"),
        pytest.param(passed_on, ["dev", "priya", "jo", "dev"], id="and passed it on"),
        pytest.param(answered, ["jo", "dev", "priya", "jo"], id="the person has answered"),
        pytest.param(answered_and_silent, ["dev", "priya", "jo"], id="and one kept silent"),
        pytest.param(found, ["jo", "dev", "priya"], id="nobody could be told just before"),
        pytest.param(called, ["jo", "dev", "priya", "jo"], id="the person called meanwhile"),
    ],
)
def test_the_team_is_asked_after_a_whole_round_of_messages_that_never_arrive(
    alert: Callable[[], Escalation], asked: list[str]
) -> None:
    waits, before = alert(), []
    while (member := waits.holder or waits.current) is not None:
        before.append(member)
        outcome = ladder.unreachable(waits, member, around(), LATER)
        waits = alert_of(outcome)
    assert before == asked
    assert "mina" in [to for to, _ in told(outcome)]


def test_a_message_that_is_lost_now_and_then_does_not_call_the_team() -> None:
    alert = opened()
    for _ in range(6):
        assert alert.current is not None
        alert = alert_of(ladder.unreachable(alert, alert.current, around(), LATER))
        alert = alert_of(passes(alert, around()))
        assert alert.current is not None and "mina" not in alert.told


# --- help and emergency -------------------------------------------------------------------


def test_an_emergency_is_told_to_every_rung_at_once() -> None:
    outcome = ladder.open_(fresh(Cause.EMERGENCY), around(), GRACE_OVER)

    assert told(outcome) == [
        ("sam", "ring_999"),
        *((member, "alert_emergency") for member in ("jo", "dev", "priya")),
    ]
    assert told(passes(alert_of(outcome), around()))[0] == ("dev", "alert_emergency")


def test_an_emergency_waits_on_the_first_who_can_be_reached() -> None:
    alert = alert_of(ladder.open_(fresh(Cause.EMERGENCY), around(None, "dev", "priya"), LATER))
    assert (alert.current, alert.rung) == ("dev", 1)
    assert told(passes(alert, around(None, "dev", "priya")))[0] == ("priya", "alert_emergency")


@pytest.mark.parametrize(
    ("others", "hears"),
    [
        pytest.param(("mina",), [("mina", "alert_emergency"), ("sam", "ring_999")], id="the team"),
        pytest.param((), [("sam", "ring_999_alone")], id="nobody: Kith does not say it told them"),
    ],
)
def test_in_an_emergency_the_person_is_always_told_to_ring_999(
    others: tuple[str, ...], hears: list[tuple[str, str]]
) -> None:
    nobody = around(None, None, None, others=others)
    assert told(ladder.open_(fresh(Cause.EMERGENCY), nobody, GRACE_OVER)) == hears


def test_asking_for_help_after_a_missed_check_in_is_told_to_all_who_were_told() -> None:
    alert = alert_of(passes(opened(), around()))
    outcome = ladder.raise_(alert, Cause.HELP, around(), LATER + MINUTE)

    assert told(outcome) == [
        ("jo", "alert_help"),
        ("dev", "alert_help"),
        ("sam", "asked_to_ring"),
    ]
    assert outcome.tells[2].message.params["member"] == "dev"
    assert alert_of(outcome).due_at == alert.due_at


def test_pressing_help_again_and_again_never_makes_the_ladder_slower() -> None:
    alert = opened(Cause.HELP)
    due = alert.due_at
    for minute in range(1, 10):
        now = GRACE_OVER + minute * MINUTE
        for cause in (Cause.HELP, Cause.EMERGENCY):
            alert = alert_of(ladder.raise_(alert, cause, around(), now))
    assert alert.due_at == due


@pytest.mark.parametrize(
    ("cause", "hears"),
    [
        pytest.param(Cause.EMERGENCY, ["ring_999"], id="the person hears 999 again"),
        pytest.param(Cause.HELP, [], id="help is being asked for already"),
    ],
)
def test_the_same_call_within_a_minute_is_not_told_to_staff_twice(
    cause: Cause, hears: list[str]
) -> None:
    outcome = ladder.raise_(replace(opened(cause), event_at=LATER), cause, around(), LATER)
    assert told(outcome) == [("sam", text) for text in hears]


def test_a_graver_call_is_told_however_soon_it_follows() -> None:
    alert = replace(opened(Cause.HELP), event_at=LATER)
    outcome = ladder.raise_(alert, Cause.EMERGENCY, around(), LATER)
    assert ("jo", "alert_emergency") in told(outcome)


def test_the_same_call_is_told_again_after_a_minute_from_the_last_that_was() -> None:
    alert = replace(opened(Cause.HELP), event_at=LATER)
    heard = []
    for seconds in (59, 60, 119, 120):
        outcome = ladder.raise_(alert, Cause.HELP, around(), LATER + seconds * MINUTE / 60)
        alert = alert_of(outcome)
        heard.append(("jo", "alert_help") in told(outcome))
    assert heard == [False, True, False, True]


def test_a_call_is_told_after_the_clock_was_set_back() -> None:
    alert = replace(opened(Cause.HELP), event_at=LATER + 50 * MINUTE)
    assert ("jo", "alert_help") in told(ladder.raise_(alert, Cause.HELP, around(), LATER))


@pytest.mark.parametrize(
    ("cause", "hears"), [(Cause.HELP, "nobody_at_all"), (Cause.EMERGENCY, "ring_999_alone")]
)
def test_whoever_calls_again_while_nobody_can_be_told_hears_that_at_once(
    cause: Cause, hears: str
) -> None:
    alone = around(None, None, None, others=())
    alert = alert_of(ladder.open_(fresh(), alone, GRACE_OVER))
    for _ in range(3):
        alert = alert_of(passes(alert, alone))
    assert told(ladder.raise_(alert, cause, alone, LATER)) == [("sam", hears)]


def test_a_call_while_the_whole_team_is_asked_names_the_first_who_was_told() -> None:
    team = alert_of(ladder.pass_on(opened(), "jo", around("jo", None, None), LATER))
    outcome = ladder.raise_(team, Cause.HELP, around("jo", None, None), LATER)
    assert told(outcome) == [
        ("jo", "alert_help"),
        ("mina", "alert_help"),
        ("sam", "asked_to_ring"),
    ]
    assert outcome.tells[2].message.params["member"] == "jo"


def test_an_emergency_stays_one_when_help_is_pressed_after_it() -> None:
    alert = alert_of(ladder.raise_(opened(Cause.EMERGENCY), Cause.HELP, around(), LATER))
    assert alert.cause is Cause.EMERGENCY


def test_whoever_has_it_keeps_it_and_hears_of_the_call_for_help() -> None:
    outcome = ladder.raise_(taken(), Cause.HELP, around(), LATER)

    held = alert_of(outcome)
    assert told(outcome) == [("jo", "alert_help"), ("sam", "asked_to_ring")]
    assert (held.state, held.holder, held.due_at) == (State.HELD, "jo", LATER + 10 * MINUTE)
    assert held.asked == 1, "what they were told is the question"
    assert told(passes(held, around()))[0] == ("jo", "moved_on")


def test_a_call_for_help_after_an_answer_climbs_again() -> None:
    alert = alert_of(answer.answered(opened(), LATER, home=False))
    outcome = ladder.raise_(alert, Cause.HELP, around(), LATER)
    assert alert_of(outcome).state is State.OPEN
    assert told(passes(alert_of(outcome), around()))[0] == ("dev", "alert_help")


def test_an_emergency_reaches_a_holder_who_is_not_on_the_ladder() -> None:
    nobody = around(None, None, None, others=("kim",))
    outcome = ladder.raise_(taken("mina"), Cause.EMERGENCY, nobody, LATER)
    assert ("mina", "alert_emergency") in told(outcome)
    assert alert_of(outcome).holder == "mina"


def test_a_call_for_help_after_an_answer_leaves_it_with_its_holder() -> None:
    alert = alert_of(answer.answered(taken(), LATER, home=False))
    held = alert_of(ladder.raise_(alert, Cause.HELP, around(), LATER))
    assert (held.state, held.holder) == (State.HELD, "jo")


def test_an_answer_after_a_call_for_help_is_told_however_soon() -> None:
    alert = alert_of(answer.answered(opened(), LATER, home=False))
    called = alert_of(ladder.raise_(alert, Cause.HELP, around(), LATER))
    assert told(answer.answered(called, LATER, home=False)) == [("jo", "person_answered")]


def test_the_team_is_asked_again_each_time_the_only_one_falls_silent() -> None:
    standing = around("jo", None, None)
    alert = alert_of(ladder.pass_on(opened(), "jo", standing, LATER))
    held = alert_of(escalation.take(alert, "jo", LATER))
    asked = alert_of(passes(held, standing))
    assert ("mina", "alert_nobody") in told(passes(asked, standing))


# --- any ladder ---------------------------------------------------------------------------

NAMES = st.sampled_from([None, "jo", "dev", "priya"])
LADDERS = st.tuples(NAMES, NAMES, NAMES)
OTHERS = st.sampled_from([(), ("mina",), ("mina", "kim")])


@given(LADDERS, OTHERS, st.integers(-1, 2), st.sampled_from([None, "jo", "dev", "priya"]))
def test_the_next_rung_is_the_nearest_one_that_was_not_just_asked(
    names: tuple[str | None, ...], others: tuple[str, ...], rung: int, current: str | None
) -> None:
    alert = replace(fresh(), rung=rung, current=current, due_at=LATER)
    after = alert_of(ladder.tick(alert, around(*names, others=others), LATER))

    going_round = [names[(rung + step) % 3] for step in (1, 2, 3)]
    rested = [name for name in going_round if name not in (None, current)]
    only_them = [name for name in going_round if name is not None and not others]
    assert after.current == next(iter(rested or only_them), None)


@given(st.lists(st.tuples(LADDERS, OTHERS), min_size=8, max_size=8), st.sampled_from(Cause))
def test_whoever_can_be_reached_an_alert_always_moves_on(
    standings: list[tuple[tuple[str | None, ...], tuple[str, ...]]], cause: Cause
) -> None:
    alert = fresh(cause)
    outcome = ladder.open_(alert, around(*standings[0][0], others=standings[0][1]), GRACE_OVER)
    for names, others in standings[1:]:
        alert = alert_of(outcome)
        assert alert.due_at is not None and alert.state is State.OPEN
        assert outcome.wakes[-1].at == alert.due_at > GRACE_OVER
        recipients = {tell.to for tell in outcome.tells}
        assert recipients <= {"sam", "jo", "dev", "priya", "mina", "kim"}
        outcome = passes(alert, around(*names, others=others))


def test_a_closed_alert_is_done_with_whatever_comes() -> None:
    closed = alert_of(escalation.close(taken(), "jo", Close.SAFE_AND_WELL, LATER))
    assert ladder.raise_(closed, Cause.EMERGENCY, around(), LATER) == Outcome()
    assert ladder.unreachable(closed, "jo", around(), LATER) == Outcome()
    assert answer.answered(closed, LATER, home=True) == Outcome()
    assert answer.needs(closed, Need.LOST) == Outcome()
    outcome = ladder.tick(closed, around(), LATER)
    assert outcome == Outcome(wakes=outcome.wakes)
    assert [wake.at for wake in outcome.wakes] == [None]
