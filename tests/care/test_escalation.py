"""An alert: who takes it on, what the person says meanwhile, and how it is closed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.care import answer, escalation, ladder, practice
from bot.care.escalation import OF_OUTINGS, TABLE, Cause, Close, Escalation, Event, Need, State
from bot.care.outcome import About, Lane, Outcome, Topic
from bot.care.text import Text
from tests.care.outing import (
    DUE,
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


def climbed() -> Escalation:
    """Jo and Dev have been told; nobody has taken it on."""
    return alert_of(ladder.tick(opened(), around(), LATER))


def answered() -> Escalation:
    return alert_of(answer.answered(climbed(), LATER, home=False))


def closed() -> Escalation:
    return alert_of(escalation.close(taken(), "jo", Close.SAFE_AND_WELL, LATER))


# --- taking it on -------------------------------------------------------------------------


def test_the_first_to_press_has_it_and_everyone_who_was_told_learns_who() -> None:
    outcome = escalation.take(climbed(), "dev", LATER)

    assert told(outcome) == [("dev", "yours"), ("jo", "has_it"), ("sam", "seen_by")]
    held = alert_of(outcome)
    assert (held.state, held.holder, held.held_at) == (State.HELD, "dev", LATER)
    assert held.told == ("jo", "dev"), "the first who was told stays first"
    assert [wake.at for wake in outcome.wakes] == [LATER + 15 * MINUTE]
    assert [tell.lane for tell in outcome.tells] == [Lane.REPLY, Lane.SAFETY, Lane.SAFETY]
    assert outcome.tells[2].message.params["member"] == "dev"
    assert logged(outcome) == ["escalation_taken"]


def test_a_new_holder_is_asked_how_it_is_before_silence_moves_it_on() -> None:
    questioned = alert_of(ladder.tick(answered(), around(), LATER + 15 * MINUTE))
    held = alert_of(escalation.take(questioned, "dev", LATER))
    assert (questioned.asked, held.asked, held.current) == (1, 0, None)


def test_a_second_presser_learns_who_and_since_when_and_changes_nothing() -> None:
    outcome = escalation.take(taken("dev"), "jo", LATER)

    assert outcome == Outcome(said=outcome.said) and outcome.said is not None
    assert said(outcome) == "held_already"
    assert outcome.said.params["holder"] == "dev"
    assert outcome.said.params["since"] == GRACE_OVER


def test_whoever_has_it_and_presses_again_is_still_there_and_is_asked_later() -> None:
    outcome = escalation.take(taken(), "jo", LATER)

    assert said(outcome) == "yours" and told(outcome) == []
    assert [wake.at for wake in outcome.wakes] == [LATER + 15 * MINUTE]
    assert logged(outcome) == ["escalation_still_held"]


@pytest.mark.parametrize("answer", [escalation.take, escalation.not_reached])
def test_whoever_answers_a_question_is_asked_anew_later(
    answer: Callable[[Escalation, str, datetime], Outcome],
) -> None:
    asked = alert_of(ladder.tick(taken(), around(), LATER + 15 * MINUTE))
    still = alert_of(answer(asked, "jo", LATER + 20 * MINUTE))
    assert (asked.asked, still.asked) == (1, 0)
    assert still.due_at == LATER + 35 * MINUTE


def test_staff_who_were_not_told_can_take_it_on() -> None:
    outcome = escalation.take(opened(), "mina", LATER)
    assert alert_of(outcome).holder == "mina" and ("jo", "has_it") in told(outcome)


@pytest.mark.parametrize("how", OF_OUTINGS)
def test_the_holder_closes_it_with_an_outcome_and_all_who_were_told_hear(how: Close) -> None:
    alert = alert_of(escalation.take(climbed(), "jo", LATER))
    outcome = escalation.close(alert, "jo", how, LATER)

    assert said(outcome) == "closed"
    assert told(outcome) == [("dev", "closed_by"), ("sam", "finished")]
    assert outcome.tells[0].message.params["by"] == "jo"
    assert outcome.tells[1].message.params["member"] == "jo"
    assert [tell.lane for tell in outcome.tells] == [Lane.REPLY, Lane.SAFETY]
    assert [(line.kind, line.facts["outcome"]) for line in outcome.logs] == [
        ("escalation_closed", how)
    ]
    done = alert_of(outcome)
    assert done.closed_at == LATER
    assert (done.state, done.outcome, done.closed_by, done.due_at) == (
        State.CLOSED,
        how,
        "jo",
        None,
    )
    assert [wake.at for wake in outcome.wakes] == [None]


@pytest.mark.parametrize(
    ("alert", "by", "answer"),
    [
        pytest.param(taken("dev"), "jo", "held_already", id="somebody else has it"),
        pytest.param(opened(), "jo", "take_it_first", id="nobody has taken it on"),
        pytest.param(closed(), "jo", "closed_already", id="it is closed"),
        pytest.param(closed(), "dev", "closed_already", id="somebody else closed it"),
        pytest.param(replace(closed(), closed_by=None), "dev", "closed_alone", id="nobody did"),
    ],
)
def test_only_the_holder_says_how_it_is(alert: Escalation, by: str, answer: str) -> None:
    for outcome in (
        escalation.close(alert, by, Close.NEEDED_HELP, LATER),
        escalation.not_reached(alert, by, LATER),
    ):
        assert outcome == Outcome(said=outcome.said) and said(outcome) == answer


def test_whoever_presses_too_late_learns_who_has_closed_it() -> None:
    for press in (escalation.take, escalation.not_reached):
        outcome = press(closed(), "dev", LATER)
        assert outcome == Outcome(said=outcome.said) and outcome.said is not None
        assert said(outcome) == "closed_already"
        assert outcome.said.params["by"] == "jo"


def test_not_reached_keeps_it_open_and_gives_what_a_call_would_need() -> None:
    outcome = escalation.not_reached(taken(), "jo", LATER)

    assert told(outcome) == [("jo", "call_summary")]
    assert outcome.tells[0].lane is Lane.REPLY
    assert logged(outcome) == ["escalation_not_reached"]
    assert outcome.tells[0].message.params["police"] == DUE + 60 * MINUTE
    assert outcome.tells[0].message.params["call"] == "alert:jo"
    assert alert_of(outcome).state is State.HELD
    assert [wake.at for wake in outcome.wakes] == [LATER + 15 * MINUTE]


# --- the person, meanwhile ----------------------------------------------------------------


def test_a_late_answer_stops_the_climbing_and_waits_for_the_first_who_was_told() -> None:
    outcome = answer.answered(climbed(), LATER, home=False)

    assert told(outcome) == [("jo", "person_ok"), ("dev", "person_ok")]
    heard = alert_of(outcome)
    assert (heard.state, heard.carried_by) == (State.ANSWERED, "jo")
    assert [wake.at for wake in outcome.wakes] == [LATER + 15 * MINUTE]


def test_a_late_answer_leaves_it_with_its_holder() -> None:
    heard = alert_of(answer.answered(taken("dev"), LATER, home=True))
    assert (heard.state, heard.carried_by) == (State.ANSWERED, "dev")
    assert heard.due_at == taken("dev").due_at


def test_a_human_closes_it_after_the_person_has_answered() -> None:
    held = alert_of(escalation.take(answered(), "dev", LATER))
    assert held.state is State.ANSWERED and held.carried_by == "dev"
    assert alert_of(escalation.close(held, "dev", Close.SAFE_AND_WELL, LATER)).closed_by == "dev"


@pytest.mark.parametrize(
    ("after", "home", "hears"),
    [
        pytest.param(30, False, [], id="the same word within a minute is not told twice"),
        pytest.param(90, False, ["person_ok", "person_ok"], id="after a minute it is"),
        pytest.param(-90, False, ["person_ok", "person_ok"], id="the clock was set back: it is"),
        pytest.param(30, True, ["person_home", "person_home"], id="being home is news"),
    ],
)
def test_pressing_ok_again(after: int, home: bool, hears: list[str]) -> None:
    outcome = answer.answered(answered(), LATER + timedelta(seconds=after), home=home)
    assert [text for _, text in told(outcome)] == hears


def test_no_answer_of_the_persons_puts_off_when_staff_are_asked() -> None:
    alert, due = answered(), answered().due_at
    for minute in range(14):
        alert = alert_of(answer.answered(alert, LATER + minute * MINUTE, home=False))
    assert alert.due_at == due


@pytest.mark.parametrize("cause", [Cause.HELP, Cause.EMERGENCY])
def test_a_call_for_help_goes_on_climbing_when_the_person_says_ok(cause: Cause) -> None:
    outcome = answer.answered(opened(cause), LATER, home=False)

    assert {text for _, text in told(outcome)} == {"person_answered"}
    assert alert_of(outcome).state is State.OPEN
    assert alert_of(outcome).due_at == opened(cause).due_at


def test_a_miss_while_kith_was_off_is_not_called_late() -> None:
    outcome = answer.answered(opened(Cause.MISSED_WHILE_OFF), LATER, home=False)
    assert told(outcome) == [("jo", "person_answered")]


@pytest.mark.parametrize("need", Need)
def test_what_the_person_needs_is_told_to_all_who_were_told_and_to_later_rungs(need: Need) -> None:
    outcome = answer.needs(opened(Cause.HELP), need)

    assert told(outcome) == [("jo", f"alert_{need}"), ("sam", f"{need}_said")]
    later = ladder.tick(alert_of(outcome), around(), LATER)
    assert told(later)[0] == ("dev", f"alert_{need}")


def test_a_mistake_is_told_and_closes_nothing() -> None:
    outcome = answer.mistake(opened(Cause.EMERGENCY))

    assert {text for to, text in told(outcome) if to != "sam"} == {"mistake"}
    assert ("sam", "mistake_said") in told(outcome)
    assert alert_of(outcome).state is State.OPEN
    assert alert_of(outcome).due_at == opened(Cause.EMERGENCY).due_at


def test_kith_never_says_it_has_told_a_team_that_nobody_could_reach() -> None:
    alone = alert_of(
        ladder.open_(fresh(Cause.HELP), around(None, None, None, others=()), GRACE_OVER)
    )
    assert told(answer.needs(alone, Need.LOST)) == [("sam", "nobody_at_all")]
    assert told(answer.mistake(alone)) == [("sam", "nobody_at_all")]


# --- every tap in every state -------------------------------------------------------------

ALERTS = {
    "open": opened(),
    "climbed": climbed(),
    "for help": opened(Cause.HELP),
    "an emergency": opened(Cause.EMERGENCY),
    "held": taken(),
    "held for help": taken("dev", Cause.HELP),
    "answered": answered(),
    "answered and held": alert_of(escalation.take(answered(), "jo", LATER)),
    "nobody reachable": alert_of(
        ladder.open_(fresh(), around(None, None, None, others=()), GRACE_OVER)
    ),
    "closed": closed(),
}
TAPS: dict[str, Callable[[Escalation, str], Outcome]] = {
    "take": lambda alert, by: escalation.take(alert, by, LATER),
    "pass on": lambda alert, by: ladder.pass_on(alert, by, around(), LATER),
    "not reached": lambda alert, by: escalation.not_reached(alert, by, LATER),
    "close": lambda alert, by: escalation.close(alert, by, Close.SAFE_AND_WELL, LATER),
    "ok": lambda alert, _by: answer.answered(alert, LATER, home=False),
    "home": lambda alert, _by: answer.answered(alert, LATER, home=True),
    "need": lambda alert, _by: answer.needs(alert, Need.LOST),
    "mistake": lambda alert, _by: answer.mistake(alert),
    "help": lambda alert, _by: ladder.raise_(alert, Cause.HELP, around(), LATER),
    "emergency": lambda alert, _by: ladder.raise_(alert, Cause.EMERGENCY, around(), LATER),
    "unreachable": lambda alert, by: ladder.unreachable(alert, by, around(), LATER),
    "tick": lambda alert, _by: ladder.tick(alert, around(), LATER),
    "late tick": lambda alert, _by: ladder.tick(alert, around(), LATER + 60 * MINUTE),
}


STAFF_TAPS = ("take", "pass on", "not reached", "close")
TIME = ("tick", "late tick", "unreachable")


@pytest.mark.parametrize("by", ["jo", "dev", "mina"])
@pytest.mark.parametrize("tap", TAPS)
@pytest.mark.parametrize("name", ALERTS)
def test_nothing_that_is_pressed_is_an_error_or_leaves_an_alert_to_itself(
    name: str, tap: str, by: str
) -> None:
    before = ALERTS[name]
    outcome = TAPS[tap](before, by)

    after = alert_of(outcome) if outcome.records else before
    if before.state is State.CLOSED:
        assert not outcome.records and not outcome.tells
    elif after.state is not State.CLOSED:
        assert after.due_at is not None and after.due_at > GRACE_OVER
        assert after.due_at == before.due_at or outcome.wakes[-1].at == after.due_at
    once = tap in (*STAFF_TAPS, *TIME)
    assert not outcome.records or after.version > before.version
    assert not (once and outcome.records) or after.version == before.version + 1
    assert not (after.holder and after.current)
    keys = [tell.key for tell in outcome.tells]
    assert None not in keys and len(set(keys)) == len(keys)
    for tell in outcome.tells:
        assert (tell.about is None) == (tell.to == "sam")
        assert tell.lane in (Lane.SAFETY, Lane.REPLY)


@pytest.mark.parametrize("by", ["jo", "dev", "mina"])
@pytest.mark.parametrize("tap", TAPS)
@pytest.mark.parametrize("name", ALERTS)
def test_whatever_is_pressed_is_answered_and_kept_with_who_pressed_it(
    name: str, tap: str, by: str
) -> None:
    outcome = TAPS[tap](ALERTS[name], by)

    assert said(outcome) or told(outcome) or tap not in STAFF_TAPS
    assert not (outcome.records and tap in STAFF_TAPS) or outcome.logs
    presser = by if tap in STAFF_TAPS else None if tap in TIME else "sam"
    assert [line.actor for line in outcome.logs[:1]] in ([], [presser])
    assert {line.actor for line in outcome.logs[1:]} <= {None}
    for line in outcome.logs:
        assert line.person == "sam" and line.facts["escalation"] == "alert"
    assert {(wake.kind, wake.key) for wake in outcome.wakes} <= {("escalation", "alert")}
    after = alert_of(outcome) if outcome.records else ALERTS[name]
    messages = [tell.message for tell in outcome.tells]
    for message in (*messages, *([outcome.said] if outcome.said else [])):
        if message.text.subject == "escalation" and message.text.id != "nobody_at_all":
            subject = {"escalation": "alert", "person": "sam", "journey": "out"}
            assert message.params.items() >= {**subject, "event": after.event_at}.items()
            assert message.params.get("holder", after.holder) == after.holder
            assert message.params.get("since", after.held_at) == after.held_at
    for tell in outcome.tells:
        assert tell.about in (None, About("sam", Topic.JOURNEYS, 3))


def test_no_message_takes_the_place_of_another() -> None:
    """Of two with one key only the first is sent."""
    one, two = Text("escalation", "yours"), Text("escalation", "has_it")
    others = [opened(), replace(opened(), id="other"), replace(opened(), version=9)]
    to_staff = [escalation.to_told(alert, "jo", one) for alert in others]
    to_staff += [escalation.to_told(opened(), *more) for more in (("jo", two), ("dev", one))]
    to_sam = [tell for alert in others for tell in escalation.to_person(alert, one)]
    to_sam += escalation.to_person(opened(), two)
    assert len({tell.key for tell in (*to_staff, *to_sam)}) == 9

    held = [taken(), replace(taken(), id="other"), replace(taken(), version=9)]
    summaries = [escalation.not_reached(alert, "jo", LATER).tells[0] for alert in held]
    assert len({tell.key for tell in summaries}) == 3
    how, told = Close.SAFE_AND_WELL, ("jo", "dev", "mina")
    ends = [escalation.close(replace(each, told=told), "jo", how, LATER) for each in held[:2]]
    assert len({tell.key for end in ends for tell in end.tells if tell.to != "sam"}) == 4


def test_who_is_asked_about_an_alert() -> None:
    assert opened().carried_by is None, "whoever is being asked has not got it"
    assert taken("dev").carried_by == "dev"
    assert answered().carried_by == "jo", "the first who was told"
    assert alert_of(escalation.take(answered(), "dev", LATER)).carried_by == "dev"


def test_every_message_says_who_has_it_and_since_when_once_somebody_has() -> None:
    before = ladder.open_(fresh(), around(), GRACE_OVER).tells[0].message.params
    assert "holder" not in before and "since" not in before
    after = escalation.take(opened(), "dev", LATER).tells[0].message.params
    assert (after["holder"], after["since"]) == ("dev", LATER)


def test_a_new_alert_has_been_told_to_nobody() -> None:
    new = fresh()
    assert (new.version, new.rung, new.round, new.asked, new.told) == (1, -1, 0, 0, ())
    people = (new.current, new.need, new.holder, new.outcome, new.closed_by)
    times = (new.held_at, new.answered_at, new.due_at, new.closed_at)
    assert (*people, *times) == (None,) * 9
    assert (new.police_told_by, new.police_told_at) == (None, None) and new.lost is False


@pytest.mark.parametrize("state", State)
def test_every_state_leads_to_closed(state: State) -> None:
    reached, fresh_ = {state}, {state}
    while fresh_:
        fresh_ = {to for at in fresh_ for to in TABLE[at].values()} - reached
        reached |= fresh_
    assert State.CLOSED in reached


def test_only_a_human_closes_an_alert() -> None:
    ends = {event for row in TABLE.values() for event, to in row.items() if to is State.CLOSED}
    assert ends == {Event.CLOSE}


# --- practice -----------------------------------------------------------------------------


def test_a_practice_alert_takes_the_way_of_a_real_one() -> None:
    outcome = practice.send("dev", "priya", True, "n")
    assert told(outcome) == [("dev", "practice")] and said(outcome) == "practice_sent"
    assert outcome.tells[0].lane is Lane.SAFETY


def test_a_practice_alert_says_when_messages_do_not_arrive() -> None:
    outcome = practice.send("dev", "priya", False, "n")
    assert told(outcome) == [] and said(outcome) == "practice_unreachable"
    assert logged(outcome) == ["practice_alert_unreachable"]


def test_whoever_sent_a_practice_alert_hears_that_it_arrived() -> None:
    assert told(practice.seen("priya", "dev", "n")) == [("priya", "practice_seen")]
    assert told(practice.seen("dev", "dev", "n")) == []
