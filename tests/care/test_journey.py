"""One outing: each tap and each moment in each state."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from bot.care import journey, lateness, pause
from bot.care.journey import ALERTED, TABLE, Event, Journey, State
from bot.care.outcome import Lane, Outcome, Topic
from bot.care.text import Text
from tests.care.outing import (
    DUE,
    GRACE_OVER,
    MINUTE,
    NOON,
    PLAN,
    around,
    logged,
    outing,
    outing_of,
    said,
    told,
)

LADDER = around().ladder
HALF_PAST = NOON + 30 * MINUTE


# --- time ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("out", "minutes", "hears", "state", "next_minutes"),
    [
        pytest.param(outing(), 59, [], None, 60, id="before the due time nothing is said"),
        pytest.param(
            outing(), 60, ["nudge"], State.NUDGED, 65, id="at the due time the person is asked"
        ),
        pytest.param(
            outing(State.NUDGED, nudges=1),
            65,
            ["nudge_again"],
            State.NUDGED,
            70,
            id="five minutes later they are asked again",
        ),
        pytest.param(
            outing(State.NUDGED, nudges=2),
            70,
            [],
            State.MISSED,
            None,
            id="ten minutes after the due time the check-in is missed",
        ),
        pytest.param(
            outing(),
            67,
            ["nudge"],
            State.NUDGED,
            70,
            id="when Kith looks late the person is asked once, not twice at once",
        ),
        pytest.param(
            outing(),
            65,
            ["nudge"],
            State.NUDGED,
            70,
            id="also when it looks just at the second moment",
        ),
        pytest.param(
            outing(),
            75,
            ["nudge"],
            State.MISSED,
            None,
            id="when the grace is over unasked, the person is asked as staff are told",
        ),
        pytest.param(outing(State.MISSED), 90, [], None, None, id="an alert has its own time"),
        pytest.param(outing(State.HOME), 90, [], None, None, id="at home nothing is due"),
    ],
)
def test_what_time_brings_about(
    out: Journey, minutes: int, hears: list[str], state: State | None, next_minutes: int | None
) -> None:
    outcome = journey.tick(out, None, "alert", NOON + minutes * MINUTE)

    assert told(outcome) == [("sam", text) for text in hears]
    assert [wake.at for wake in outcome.wakes] == [
        None if next_minutes is None else NOON + next_minutes * MINUTE
    ]
    assert [r.state for r in outcome.records if isinstance(r, Journey)] == (
        [] if state is None else [state]
    )


def test_a_missed_check_in_is_an_event_with_the_time_it_was_due() -> None:
    outcome = journey.tick(outing(State.NUDGED, nudges=2), None, "alert", GRACE_OVER + MINUTE)

    assert outing_of(outcome).escalation == "alert"
    assert [(log.kind, log.facts["due"]) for log in outcome.logs] == [("journey_missed", DUE)]


@pytest.mark.parametrize(
    ("out", "off", "now", "hears", "kind"),
    [
        pytest.param(
            outing(),
            (DUE - 5 * MINUTE, DUE + 2 * MINUTE),
            DUE + 2 * MINUTE,
            ["were_off", "nudge_after_off"],
            "journey_nudged",
            id="off over the due time: it is said, and the person is asked",
        ),
        pytest.param(
            outing(),
            (DUE - 5 * MINUTE, DUE + 20 * MINUTE),
            DUE + 20 * MINUTE,
            ["were_off", "nudge_after_off"],
            "journey_missed_while_off",
            id="off over the grace: staff are asked at once, and it is not the person's miss",
        ),
        pytest.param(
            outing(State.NUDGED, nudges=2),
            (DUE + 6 * MINUTE, DUE + 20 * MINUTE),
            DUE + 20 * MINUTE,
            ["were_off"],
            "journey_missed_while_off",
            id="asked before, but off when they might have answered",
        ),
        pytest.param(
            outing(State.NUDGED, nudges=2, off=(DUE - MINUTE, DUE + MINUTE)),
            (DUE - MINUTE, DUE + MINUTE),
            GRACE_OVER,
            [],
            "journey_missed_while_off",
            id="said once, not at every moment after",
        ),
        pytest.param(
            outing(),
            (NOON, NOON + 20 * MINUTE),
            DUE,
            ["nudge"],
            "journey_nudged",
            id="off at another time: it is nobody's business",
        ),
        pytest.param(
            outing(),
            (DUE, DUE + MINUTE),
            DUE + MINUTE,
            ["were_off", "nudge_after_off"],
            "journey_nudged",
            id="off from the due time on",
        ),
        pytest.param(
            outing(),
            (DUE - MINUTE, DUE),
            DUE,
            ["were_off", "nudge_after_off"],
            "journey_nudged",
            id="off until the due time",
        ),
        pytest.param(
            outing(),
            (DUE + MINUTE, DUE + 20 * MINUTE),
            DUE + 20 * MINUTE,
            ["were_off", "nudge_after_off"],
            "journey_missed_while_off",
            id="off before anybody had been asked, though the time was past",
        ),
    ],
)
def test_a_time_kith_was_off_is_said_and_never_counted_against_the_person(
    out: Journey, off: tuple[datetime, datetime], now: datetime, hears: list[str], kind: str
) -> None:
    outcome = journey.tick(out, off, "alert", now)

    assert [text for _, text in told(outcome)] == hears
    assert logged(outcome) == [kind]
    assert not outing_of(journey.ok(outing_of(outcome), now)).late


def test_kith_says_from_when_to_when_it_was_off() -> None:
    off = (DUE - 5 * MINUTE, DUE + 2 * MINUTE)
    sorry = journey.tick(outing(), off, "alert", DUE + 2 * MINUTE).tells[0]
    assert sorry.message.params == {"off_from": off[0], "off_to": off[1]}
    assert (sorry.to, sorry.lane, sorry.about) == ("sam", Lane.SAFETY, None)


def test_that_kith_was_off_is_said_once_though_the_moment_is_looked_at_twice() -> None:
    off = (DUE - 5 * MINUTE, DUE + 2 * MINUTE)
    looks = [journey.tick(outing(), off, "alert", DUE + n * MINUTE) for n in (2, 3)]
    [key] = {outcome.tells[0].key for outcome in looks}
    assert key is not None


def test_a_nudge_never_waits_behind_other_messages_and_an_answer_waits_for_safety_alone() -> None:
    nudged = journey.tick(outing(), None, "alert", DUE)
    again = journey.tick(outing_of(nudged), None, "alert", DUE + 5 * MINUTE)
    off = journey.tick(outing(), (DUE, DUE), "alert", DUE)
    missed = journey.tick(outing(), None, "alert", GRACE_OVER)
    tells = [tell for outcome in (nudged, again, off, missed) for tell in outcome.tells]
    assert {tell.lane for tell in tells} == {Lane.SAFETY}
    for outcome in (journey.ok(outing(), NOON), journey.home(outing(), NOON)):
        assert [tell.lane for tell in outcome.tells] == [Lane.REPLY]


def test_nudges_that_are_not_in_order_come_to_rest() -> None:
    hasty = outing(plan=replace(PLAN, nudges=(5, 9, 0)))
    for _ in range(2):
        hasty = outing_of(journey.tick(hasty, None, "alert", DUE + 5 * MINUTE))
    assert journey.next_moment(hasty) == GRACE_OVER


def test_after_a_sign_of_life_the_next_miss_is_an_ordinary_one() -> None:
    asked = outing(State.NUDGED, nudges=1, off=(DUE - MINUTE, DUE + MINUTE))
    heard = outing_of(journey.ok(asked, DUE + 2 * MINUTE))
    outcome = journey.tick(replace(heard, nudges=2), None, "alert", DUE + 30 * MINUTE)
    assert logged(outcome) == ["journey_missed"]


# --- what the person taps -----------------------------------------------------------------


def test_ok_before_the_due_time_keeps_the_time_that_stands() -> None:
    outcome = journey.ok(outing(), HALF_PAST)

    assert told(outcome) == [("sam", "ok")]
    assert outing_of(outcome).due_at == DUE and outing_of(outcome).state is State.OUT


def test_ok_after_the_due_time_asks_when_they_will_be_home_and_grace_begins_anew() -> None:
    outcome = journey.ok(outing(State.NUDGED, nudges=1), DUE + 3 * MINUTE)

    assert told(outcome) == [("sam", "ok_when_home")]
    assert outing_of(outcome).state is State.OUT
    assert [wake.at for wake in outcome.wakes] == [DUE + 13 * MINUTE]


def test_ok_at_the_very_due_time_counts_as_after_it() -> None:
    outcome = journey.ok(outing(), DUE)
    assert told(outcome) == [("sam", "ok_when_home")]
    assert outing_of(outcome).due_at == GRACE_OVER


def test_home_ends_it_and_nobody_else_hears() -> None:
    outcome = journey.home(outing(State.NUDGED), DUE)

    assert told(outcome) == [("sam", "home")]
    ended = outing_of(outcome)
    assert (ended.state, ended.ended_at, ended.ended_by) == (State.HOME, DUE, "sam")
    assert [wake.at for wake in outcome.wakes] == [None]


@pytest.mark.parametrize(
    ("state", "after", "late", "kind"),
    [
        pytest.param(
            State.MISSED, State.ANSWERED, True, "journey_checked_in_late", id="late, no incident"
        ),
        pytest.param(
            State.ANSWERED, State.ANSWERED, False, "journey_answered", id="again is not late again"
        ),
        pytest.param(State.HELP, State.HELP, False, "journey_answered", id="help stays help"),
    ],
)
@pytest.mark.parametrize("tap", ["ok", "late", "later", "longer", "home"])
def test_an_answer_after_staff_were_asked_ends_nothing(
    tap: str, state: State, after: State, late: bool, kind: str
) -> None:
    outcome = TAPS[tap](outing(state))

    heard = outing_of(outcome)
    assert (heard.state, heard.late, heard.heard_at) == (after, late, GRACE_OVER)
    text = "home_after_alert" if tap == "home" else "ok_after_alert"
    assert told(outcome) == [("sam", text)] and logged(outcome) == [kind]


def test_asking_for_help_stops_the_clock_of_the_outing() -> None:
    outcome = journey.help_wanted(outing(), "alert", HALF_PAST)

    assert outing_of(outcome).state is State.HELP and outing_of(outcome).escalation == "alert"
    assert said(outcome) == "what_help"
    assert [wake.at for wake in outcome.wakes] == [None]
    again = journey.help_wanted(outing_of(outcome), "other", HALF_PAST)
    assert outing_of(again).escalation == "alert"


def test_only_staff_end_an_outing_after_an_alert() -> None:
    outcome = journey.closed(outing(State.ANSWERED), "jo", GRACE_OVER)
    assert outing_of(outcome).state is State.HOME and outing_of(outcome).ended_by == "jo"
    assert journey.closed(outing(State.HOME), "jo", GRACE_OVER) == Outcome()


@pytest.mark.parametrize(
    ("state", "feeling", "answer"),
    [
        pytest.param(State.HOME, 5, "felt", id="at home it is kept"),
        pytest.param(State.HOME, None, "felt_skipped", id="skipping is fine"),
        pytest.param(State.ANSWERED, 1, "felt", id="also while a human still has to ring"),
        pytest.param(State.OUT, 1, None, id="while out it is an old button"),
    ],
)
def test_how_it_went(state: State, feeling: int | None, answer: str | None) -> None:
    outcome = journey.felt(outing(state), feeling)
    assert said(outcome) == answer
    kept = [outing_of(outcome).feeling] if outcome.records else []
    assert kept == ([feeling] if answer == "felt" else [])


def test_a_new_outing_has_nothing_to_tell_yet() -> None:
    new = outing()
    assert (new.version, new.nudges, new.late) == (1, 0, False) and new.late is not None
    unknown = (new.heard_at, new.escalation, new.off, new.ended_at, new.ended_by, new.feeling)
    assert unknown == (None,) * 6
    assert (new.point, new.slack, new.extends, new.stretches) == (0, 0, 0, ())
    assert new.phone_low is False and (new.set_off_by, new.back_at) == (None, None)
    assert (new.back, new.grace, new.next_point, new.going) == (DUE, 10, None, PLAN)


# --- every tap in every state -------------------------------------------------------------

TAPS: dict[str, Callable[[Journey], Outcome]] = {
    "ok": lambda out: journey.ok(out, GRACE_OVER),
    "late": lambda out: lateness.late(out, GRACE_OVER),
    "later": lambda out: lateness.later(out, 10, out.mark, GRACE_OVER),
    "an old later": lambda out: lateness.later(out, 10, 1, GRACE_OVER),
    "home_in": lambda out: lateness.home_in(out, 10, out.mark, GRACE_OVER),
    "longer": lambda out: lateness.ask_longer(out, LADDER, GRACE_OVER),
    "give": lambda out: lateness.give_longer(out, "jo", 30, out.mark, GRACE_OVER),
    "point": lambda out: journey.reached(out, 0, GRACE_OVER),
    "pause": lambda out: pause.pause(out, GRACE_OVER + MINUTE, GRACE_OVER),
    "slow": lambda out: pause.slow_here(out, 0, GRACE_OVER),
    "phone": lambda out: pause.phone_low(out, LADDER, GRACE_OVER),
    "home": lambda out: journey.home(out, GRACE_OVER),
    "help": lambda out: journey.help_wanted(out, "alert", GRACE_OVER),
    "felt": lambda out: journey.felt(out, 3),
    "closed": lambda out: journey.closed(out, "jo", GRACE_OVER),
    "tick": lambda out: journey.tick(out, None, "alert", GRACE_OVER),
}


WHO = {"give": "jo", "closed": "jo", "tick": None}
"""Who brings it about, where it is not Sam."""


@pytest.mark.parametrize("tap", TAPS)
@pytest.mark.parametrize("state", State)
def test_nothing_that_is_pressed_is_an_error_or_leaves_the_outing_without_a_next_moment(
    state: State, tap: str
) -> None:
    outcome = TAPS[tap](outing(state))

    for after in (record for record in outcome.records if isinstance(record, Journey)):
        assert after.version == outing(state).version + 1
        assert after.state in {state, *TABLE[state].values()}
        out = after.state in (State.OUT, State.NUDGED)
        assert out == (journey.next_moment(after) is not None)
        assert after.state not in ALERTED or after.escalation is not None
        assert (after.ended_at is not None) == (after.state is State.HOME)
        by_sam = WHO.get(tap, "sam") == "sam" and tap != "felt"
        assert after.heard_at == (GRACE_OVER if by_sam else None)
    for tell in outcome.tells:
        assert (tell.about is None) == (tell.to == "sam")
        assert tell.about is None or tell.about.topic is Topic.JOURNEYS
        assert tell.key is not None


@pytest.mark.parametrize("tap", TAPS)
@pytest.mark.parametrize("state", State)
def test_whatever_is_pressed_is_answered_and_kept_with_who_pressed_it(
    state: State, tap: str
) -> None:
    outcome = TAPS[tap](outing(state))

    answers = [*told(outcome), said(outcome)]
    old_button = tap == "felt" and state in (State.OUT, State.NUDGED)
    assert any(answers) or tap in ("late", "closed", "tick") or old_button
    assert bool(outcome.logs) == bool(outcome.records and tap != "felt")
    for line in outcome.logs:
        assert (line.person, line.actor) == ("sam", WHO.get(tap, "sam"))
        assert line.facts["journey"] == "out"
    assert {(wake.kind, wake.key) for wake in outcome.wakes} <= {("journey", "out")}
    for tell in outcome.tells:
        after = outing_of(outcome)
        times = {"due": after.due_at, "limit": after.limit_at, "mark": after.mark}
        assert tell.message.params.items() >= {"journey": "out", **times}.items()


def test_no_message_takes_the_place_of_another() -> None:
    """Of two with one key only the first is sent."""
    ok, home = Text("journey", "ok"), Text("journey", "home")
    others = [outing(), outing(id="other"), outing(version=2)]
    said = [journey.to_person(out, ok) for out in others]
    assert len({tell.key for tell in (*said, journey.to_person(outing(), home))}) == 4
    sorry = [journey.tick(out, (DUE, DUE), "alert", DUE).tells[0] for out in others]
    assert len({tell.key for tell in sorry}) == 3


@pytest.mark.parametrize(
    ("tap", "while_out", "after_alert", "at_home"),
    [
        ("ok", ("ok_when_home", "ok"), ("ok_after_alert", "answered"), "already_home"),
        ("home", ("home", "home"), ("home_after_alert", "answered"), "already_home"),
        ("help", ("what_help", "help"), ("what_help", "help"), "help_after_home"),
        ("closed", (None, "closed"), (None, "closed"), None),
    ],
)
def test_each_tap_has_its_answer_and_its_line_in_the_ledger(
    tap: str,
    while_out: tuple[str | None, str],
    after_alert: tuple[str | None, str],
    at_home: str | None,
) -> None:
    for state in (State.OUT, State.NUDGED, State.HELP, State.ANSWERED):
        outcome = TAPS[tap](outing(state))
        answer, line = after_alert if state in ALERTED else while_out
        heard = said(outcome) or next((text for _, text in told(outcome)), None)
        assert (heard, logged(outcome)) == (answer, [f"journey_{line}"])
        assert [wake.at for wake in outcome.wakes] == (
            [] if line == "answered" else [journey.next_moment(outing_of(outcome))]
        )
    outcome = TAPS[tap](outing(State.HOME))
    assert outcome == Outcome(said=outcome.said) and said(outcome) == at_home


@pytest.mark.parametrize("tap", ["ok", "later", "home"])
def test_the_ledger_says_which_button_answered_an_alert(tap: str) -> None:
    [line] = TAPS[tap](outing(State.MISSED)).logs
    assert line.facts["event"] == tap


def test_a_nudge_is_kept_with_the_time_it_was_due() -> None:
    [line] = journey.tick(outing(), None, "alert", DUE + MINUTE).logs
    assert line.facts["due"] == DUE


@pytest.mark.parametrize("state", State)
def test_every_state_but_home_can_be_left(state: State) -> None:
    reached, fresh = {state}, {state}
    while fresh:
        fresh = {to for at in fresh for to in TABLE[at].values()} - reached
        reached |= fresh
    assert State.HOME in reached


def test_an_outing_under_alert_is_ended_by_staff_alone() -> None:
    for state in ALERTED:
        ends = [event for event, to in TABLE[state].items() if to is State.HOME]
        assert ends == [Event.CLOSED]


def test_grace_shorter_than_a_nudge_still_has_an_end() -> None:
    hasty = outing(plan=replace(PLAN, nudges=(0, 20), grace=5), nudges=1, state=State.NUDGED)
    assert journey.next_moment(hasty) == DUE + 5 * MINUTE


def test_home_is_their_last_word_until_they_say_another() -> None:
    assert outing().said_home is False, "nobody has said so"
    missed = outing(State.MISSED)
    home = outing_of(journey.home(missed, GRACE_OVER))
    assert home.said_home is True
    assert outing_of(journey.ok(home, GRACE_OVER)).said_home is False
    assert outing_of(journey.help_wanted(home, "alert", GRACE_OVER)).said_home is False
