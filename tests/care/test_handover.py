"""Handing an outing over: the rule, and how its alert speaks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.care import escalation as alerts
from bot.care import handover
from bot.care.circle import Shift
from bot.care.escalation import Cause, Close, Escalation, State
from bot.care.handover import Duty, NoDuty
from bot.care.ladder import open_, pass_on, tick
from bot.care.outcome import Lane, Outcome
from bot.care.plan import Rung, RungKind
from bot.care.text import Text
from tests.care.outing import MINUTE, NOON, around

ENDS = NOON + 60 * MINUTE
HOUR = timedelta(hours=1)

DUTY = Duty("out", "sam", "dev", ENDS)
RUNGS = tuple(Rung(kind, 10) for kind in (RungKind.ON_CALL, RungKind.KEY_WORKER, RungKind.MANAGER))
ASKED = Escalation(
    id="alert",
    person="sam",
    team="oak",
    cause=Cause.HANDOVER,
    subject="out",
    state=State.OPEN,
    event_at=ENDS,
    opened_at=ENDS,
    rungs=RUNGS,
    ask_again=10,
    police_at=ENDS + HOUR,
)


def shift(member: str, starts: int, ends: int) -> Shift:
    """From and until so many hours after noon."""
    return Shift(f"{member}{starts}", "oak", member, NOON + starts * HOUR, NOON + ends * HOUR)


def texts(outcome: Outcome) -> list[tuple[str, str, Lane]]:
    return [(tell.to, str(tell.message.text), tell.lane) for tell in outcome.tells]


def test_a_time_on_call_ends_with_the_last_of_shifts_that_follow_each_other() -> None:
    shifts = [shift("dev", 2, 3), shift("dev", 0, 2), shift("jo", 0, 9), shift("dev", 4, 5)]
    assert handover.on_call_until(shifts, "dev", NOON) == NOON + 3 * HOUR
    assert handover.on_call_until(shifts, "dev", NOON + 3 * HOUR) is None
    assert handover.on_call_until(shifts, "priya", NOON) is None


def test_whoever_is_there_for_it_hears_once_before_their_time_ends() -> None:
    shifts = [shift("dev", -1, 1), shift("jo", 1, 9)]
    early, asks = handover.tick(DUTY, shifts, "jo", ENDS + HOUR, NOON)
    assert not asks and early.tells == () and early.wakes[0].at == ENDS - 15 * MINUTE
    soon, asks = handover.tick(DUTY, shifts, "jo", ENDS + HOUR, ENDS - 15 * MINUTE)
    assert not asks and texts(soon) == [("dev", "handover.soon", Lane.SAFETY)]
    assert soon.tells[0].message.params["next"] == "jo" and soon.wakes[0].at == ENDS
    (warned,) = soon.records
    assert isinstance(warned, Duty)
    again, asks = handover.tick(warned, shifts, "jo", ENDS + HOUR, ENDS - MINUTE)
    assert not asks and again.tells == () and again.wakes[0].at == ENDS
    nobody, _ = handover.tick(DUTY, shifts[:1], None, ENDS + HOUR, ENDS - 15 * MINUTE)
    assert texts(nobody) == [("dev", "handover.soon_nobody", Lane.SAFETY)]
    assert "next" not in nobody.tells[0].message.params


def test_who_is_back_by_then_is_not_spoken_of() -> None:
    back, asks = handover.tick(DUTY, [shift("dev", -1, 1)], None, ENDS - MINUTE, ENDS - 10 * MINUTE)
    assert not asks and back.tells == () and back.wakes[0].at == ENDS


def test_when_it_has_ended_somebody_is_asked_and_only_once() -> None:
    over, asks = handover.tick(DUTY, [shift("jo", 1, 9)], "jo", ENDS + HOUR, ENDS)
    assert asks and texts(over) == [("dev", "handover.ended", Lane.SAFETY)]
    (ended,) = over.records
    assert isinstance(ended, Duty) and ended.ends_at is None and over.wakes[0].at is None
    again, asks = handover.tick(ended, [shift("jo", 1, 9)], "jo", ENDS + HOUR, ENDS + MINUTE)
    assert not asks and again.tells == () and again.records == ()


def test_whoever_has_it_ends_the_asking_and_who_had_it_hears() -> None:
    held = replace(ASKED, state=State.HELD, holder="jo", told=("jo",), due_at=ENDS)
    taken = handover.taken(DUTY, held, "jo", ENDS + HOUR, ENDS)
    theirs, closed = taken.records
    assert theirs == Duty("out", "sam", "jo", ENDS + HOUR)
    assert isinstance(closed, Escalation)
    assert (closed.state, closed.outcome, closed.closed_by) == (State.CLOSED, Close.SEEN_TO, "jo")
    assert (closed.due_at, closed.current, closed.version) == (None, None, held.version + 1)
    assert texts(taken) == [("dev", "handover.has_it", Lane.REPLY)]
    assert {(w.kind, w.at) for w in taken.wakes} == {
        (handover.KIND, ENDS + HOUR - 15 * MINUTE),
        (alerts.KIND, None),
    }
    told_already = replace(held, told=("dev", "jo"))
    assert handover.taken(DUTY, told_already, "jo", None, ENDS).tells == ()
    assert handover.taken(DUTY, held, "dev", None, ENDS).tells == ()


def test_an_outing_that_is_over_is_taken_over_by_nobody() -> None:
    quiet = handover.over(DUTY, None, ENDS)
    assert quiet.records == (NoDuty("out"),) and quiet.tells == ()
    told = replace(ASKED, told=("jo", "priya"), current="priya")
    over = handover.over(DUTY, told, ENDS)
    assert [to for to, *_ in texts(over)] == ["jo", "priya"]
    closed = over.records[-1]
    assert isinstance(closed, Escalation) and closed.state is State.CLOSED


def test_it_climbs_like_any_alert_in_words_of_its_own_and_never_to_the_person() -> None:
    there = around("jo", "mina", "priya", others=())
    opened = open_(ASKED, there, ENDS)
    assert texts(opened) == [("jo", "handover.ask", Lane.SAFETY)]
    assert opened.tells[0].message.params["journey"] == "out"
    assert all(line.person is None for line in opened.logs)
    (asked,) = (r for r in opened.records if isinstance(r, Escalation))
    assert asked.due_at == ENDS + 10 * MINUTE
    climbed = tick(asked, there, asked.due_at)
    assert texts(climbed) == [("mina", "handover.ask", Lane.SAFETY)]
    passed = pass_on(asked, "jo", there, ENDS)
    assert texts(passed) == [("mina", "handover.ask", Lane.SAFETY)]
    held = alerts.take(replace(asked, told=("jo", "mina")), "mina", ENDS)
    assert texts(held) == [
        ("mina", "handover.yours", Lane.REPLY),
        ("jo", "handover.has_it", Lane.SAFETY),
    ]
    nobody = open_(ASKED, around(None, None, None, others=("ruth",)), ENDS)
    assert texts(nobody) == [("ruth", "handover.nobody", Lane.SAFETY)]
    done = replace(ASKED, state=State.CLOSED, closed_by="jo", closed_at=ENDS)
    again = alerts.take(done, "priya", ENDS).said
    assert again is not None and again.text == Text("handover", "taken_already")


def test_on_the_second_way_out_it_says_that_something_waits() -> None:
    words = ASKED.spoken.words
    assert {(str(text), str(words[text])) for text in words if text.subject == "contact"} == {
        ("contact.alert_title", "contact.needed_title"),
        ("contact.alert", "contact.needed"),
        ("contact.alert_no_number", "contact.needed_no_number"),
    }


def test_nobody_closes_it_as_an_outing_is_closed() -> None:
    held = replace(ASKED, state=State.HELD, holder="jo", told=("jo",), due_at=ENDS)
    for how in (Close.SAFE_AND_WELL, Close.NEEDED_HELP, Close.USEFUL):
        assert alerts.close(held, "jo", how, ENDS) == Outcome()
    assert alerts.close(held, "jo", Close.SEEN_TO, ENDS).records != ()


STANDS = replace(
    ASKED,
    id="help",
    cause=Cause.HELP,
    opened_at=NOON,
    rung=1,
    told=("jo", "dev"),
    current="dev",
    due_at=ENDS + HOUR,
)


def left(outcome: Outcome) -> Escalation:
    """How the alert stands after it."""
    found = [one for one in outcome.records if isinstance(one, Escalation)]
    return found[-1]


@pytest.mark.parametrize(
    "carried",
    [
        STANDS,
        replace(STANDS, state=State.HELD, holder="dev", current=None, held_at=NOON),
        replace(STANDS, state=State.ANSWERED, answered_at=NOON),
    ],
)
def test_what_they_carry_goes_to_whoever_is_asked_in_their_place_and_at_once(
    carried: Escalation,
) -> None:
    handed = handover.hand_on(carried, DUTY, "priya", True, ENDS)
    after = left(handed)
    assert (after.holder, after.current) == (None, "priya")
    assert (after.rung, after.round, after.told) == (1, 0, ("jo", "dev", "priya"))
    assert after.due_at == ENDS + 10 * MINUTE and handed.wakes[-1].at == after.due_at
    says = "please_speak" if carried.state is State.ANSWERED else "alert_help"
    assert ("priya", f"escalation.{says}", Lane.SAFETY) in texts(handed)
    assert handed.said is None and all(line.actor is None for line in handed.logs)


def test_an_alert_that_nobody_was_told_of_yet_begins_with_whoever_is_asked() -> None:
    unheard = replace(STANDS, rung=-1, told=(), current=None)
    handed = handover.takes(unheard, ASKED, DUTY, "priya", True, ENDS)
    assert (left(handed).rung, left(handed).holder) == (0, "priya")


def test_whether_messages_reach_the_person_is_said_as_in_any_alert() -> None:
    missed = replace(STANDS, cause=Cause.MISSED)
    handed = handover.hand_on(missed, DUTY, "priya", False, ENDS)
    assert ("priya", "escalation.alert_missed_unreached", Lane.SAFETY) in texts(handed)


HELD = replace(STANDS, state=State.HELD, current=None, held_at=NOON)
LATER = replace(STANDS, opened_at=ENDS + MINUTE, current="mina", told=("mina",))


@pytest.mark.parametrize(
    ("alert", "by", "told"),
    [
        (replace(STANDS, current="jo"), "jo", ["yours"]),  # it was with them already
        (STANDS, "priya", ["alert_help", "yours"]),
        (replace(HELD, holder="dev"), "jo", ["alert_help", "yours"]),
        (replace(LATER, holder="dev", state=State.HELD), "priya", ["alert_help", "yours"]),
        (replace(LATER, current="jo", told=("jo",)), "jo", ["yours"]),
        (STANDS, "dev", ["yours"]),  # whoever went off takes it all themselves
        (replace(STANDS, told=()), "dev", ["yours"]),
    ],
)
def test_with_the_outing_the_alert_is_theirs(alert: Escalation, by: str, told: list[str]) -> None:
    taken = handover.takes(alert, ASKED, DUTY, by, True, ENDS + MINUTE)
    assert (left(taken).state, left(taken).holder) == (State.HELD, by)
    assert [text for to, text, _ in texts(taken) if to == by] == [f"escalation.{t}" for t in told]


@pytest.mark.parametrize(
    ("alert", "by"),
    [
        (replace(HELD, holder="mina"), "jo"),  # it is in other hands
        (replace(HELD, holder="dev"), "dev"),  # it is theirs already
        (LATER, "jo"),  # it came after they were asked, and waits on somebody else
        (LATER, "dev"),
    ],
)
def test_what_is_in_other_hands_stays_there(alert: Escalation, by: str) -> None:
    assert handover.takes(alert, ASKED, DUTY, by, True, ENDS + MINUTE) == Outcome()


def test_what_can_wait_and_what_is_nobodys_business_does_not_go_along() -> None:
    stays = set(Cause) - set(handover.GOES_ALONG)
    can_wait = {Cause.DRILL, Cause.UNREAD, Cause.EARLY_SIGN}
    assert stays == {*can_wait, Cause.HANDOVER, Cause.CONCERN}
