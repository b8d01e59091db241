"""The time by which the plan wants the police told, and who may be told what for a call."""

from dataclasses import replace

import pytest

from bot.care import escalation, police
from bot.care.escalation import Cause, Close, Escalation, State
from bot.care.outcome import Lane, Outcome, Wake
from bot.care.plan import Rung, RungKind
from tests.care.outing import DUE, MINUTE, PLAN, alert_of, logged, opened, said, taken, told

AT = DUE + 60 * MINUTE


def test_the_holder_and_the_managers_hear_that_the_time_has_come() -> None:
    due = police.due(taken("dev"), ["priya", "dev"], ["mina"], AT)
    assert told(due) == [("dev", "police_time"), ("priya", "police_time")]
    assert all(tell.lane is Lane.SAFETY for tell in due.tells)
    assert [tell.message.params["call"] for tell in due.tells] == ["alert:dev", "alert:priya"]
    assert {tell.message.params["police"] for tell in due.tells} == {AT}
    assert logged(due) == ["police_time"] and due.wakes == () and due.records == ()


def test_while_nobody_has_it_whoever_is_asked_hears_it_and_then_all_who_were_told() -> None:
    assert told(police.due(opened(), ["priya"], ["mina"], AT)) == [
        ("jo", "police_time"),
        ("priya", "police_time"),
    ]
    nobody = replace(opened(), current=None, told=("jo", "dev"))
    assert [to for to, _ in told(police.due(nobody, [], ["mina"], AT))] == ["jo", "dev"]


def test_before_its_time_it_waits_and_afterwards_it_is_not_said() -> None:
    alert = taken()
    assert police.wake(alert) == Wake("police", "alert", AT)
    early = police.due(alert, ["priya"], ["mina"], AT - MINUTE)
    assert early.wakes == (Wake("police", "alert", AT),) and early.tells == ()
    closed = alert_of(escalation.close(alert, "jo", Close.SAFE_AND_WELL, DUE))
    answered = replace(alert, state=escalation.State.ANSWERED)
    for over in (closed, answered):
        assert police.due(over, ["priya"], ["mina"], AT).tells == ()


LADDER = ("jo", "dev", None)


def reached(rung: int, round: int = 0) -> Escalation:
    return replace(opened(Cause.HELP), rung=rung, round=round)


@pytest.mark.parametrize(
    ("alert", "member", "first", "may"),
    [
        (reached(0), "jo", 0, True),
        (reached(2), "jo", 1, False),
        (reached(0), "dev", 1, True),
        (reached(0), "dev", 2, False),
        (reached(0), "mina", 0, True),
        (reached(0), "mina", 1, False),
        (reached(1), "mina", 1, True),
        (reached(0, round=1), "mina", 2, True),
    ],
)
def test_what_is_kept_for_a_call_opens_at_its_rung(
    alert: Escalation, member: str, first: int, may: bool
) -> None:
    assert police.may_be_told(alert, member, LADDER, first) is may


def test_a_supporter_is_never_told_what_is_kept_for_a_call() -> None:
    rungs = (*opened().rungs, Rung(RungKind.SUPPORTER, 10, "amira", "place"))
    alert = replace(reached(0, round=1), rungs=rungs)
    assert not police.may_be_told(alert, "amira", ("jo", "dev", None, "amira"), 0)


HOUR, NOW = 60 * MINUTE, DUE + 50 * MINUTE
"""The plan's span, and a moment before its time has come."""


@pytest.mark.parametrize(
    ("cause", "heard", "why", "moves"),
    [
        (Cause.MISSED, False, Cause.HELP, True),
        (Cause.MISSED, True, Cause.HELP, True),
        (Cause.HELP, True, Cause.HELP, True),
        (Cause.HELP, False, Cause.HELP, False),
        (Cause.MISSED, False, Cause.EMERGENCY, False),
        (Cause.EMERGENCY, True, Cause.HELP, False),
    ],
)
def test_a_call_for_help_begins_its_time_anew_where_the_last_word_was_another(
    cause: Cause, heard: bool, why: Cause, moves: bool
) -> None:
    alert = replace(opened(cause), answered_at=NOW if heard else None, police_at=AT)
    assert police.anew(alert, why, HOUR, NOW).police_at == (NOW + HOUR if moves else AT)
    passed = police.anew(alert, why, HOUR, AT)
    assert passed.police_at == (AT + HOUR if moves or heard else AT), "only a word puts it off"


def test_a_word_puts_it_off_and_after_an_emergency_none_does() -> None:
    for cause, at in ((Cause.MISSED, NOW + HOUR), (Cause.EMERGENCY, AT)):
        alert = replace(opened(cause), police_at=AT)
        assert police.answered(alert, HOUR, NOW).police_at == at
    later = replace(opened(), police_at=NOW + 2 * HOUR)
    assert police.answered(later, HOUR, NOW) == later


def test_whoever_has_told_the_police_says_so_once_and_staff_hear_it_alone() -> None:
    rungs = (*PLAN.rungs, Rung(RungKind.SUPPORTER, 10, "amira", "place"))
    alert = replace(opened(), rungs=rungs, told=("jo", "dev", "amira"), holder="jo")
    outcome = police.told(alert, "dev", NOW)
    known = alert_of(outcome)
    assert (known.police_told_by, known.police_told_at) == ("dev", NOW)
    assert replace(known, police_told_by=None, police_told_at=None, version=alert.version) == alert
    assert told(outcome) == [("jo", "police_told")] and said(outcome) == "police_told_noted"
    assert logged(outcome) == ["police_told"]
    again = police.told(known, "jo", AT)
    assert again == Outcome(said=again.said) and said(again) == "police_told_already"
    late = police.told(alert, "dev", AT, ("priya", "dev"))
    assert told(late) == [("jo", "police_told"), ("priya", "police_told")], "who was asked to ring"
    assert told(police.told(alert, "dev", NOW, ("priya",))) == [("jo", "police_told")]
    assert police.due(known, ("priya",), ("jo", "dev"), AT) == Outcome(), "nobody rings twice"
    closed = replace(alert, state=State.CLOSED, closed_by="jo")
    refused = police.told(closed, "dev", NOW)
    assert refused == Outcome(said=refused.said) and said(refused) == "closed_already"


def test_what_the_police_were_told_before_a_word_is_not_about_what_comes_after_it() -> None:
    def told_of(cause: Cause, why: Cause, *, heard: bool = False) -> str | None:
        known = replace(opened(cause), police_told_by="dev", police_told_at=NOW, police_at=AT)
        known = replace(known, answered_at=NOW if heard else None)
        return police.anew(known, why, HOUR, NOW).police_told_by

    assert told_of(Cause.HELP, Cause.HELP) == "dev", "asked again, and nothing else was said"
    assert told_of(Cause.EMERGENCY, Cause.EMERGENCY) == "dev"
    assert told_of(Cause.MISSED, Cause.HELP) is None
    assert told_of(Cause.MISSED, Cause.EMERGENCY) is None
    assert told_of(Cause.HELP, Cause.EMERGENCY) is None, "a graver word"
    assert told_of(Cause.HELP, Cause.HELP, heard=True) is None
