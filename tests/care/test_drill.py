"""Practice of a ladder: everybody on it once, marked, and nobody beside it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.care import drill as care
from bot.care import escalation, ladder
from bot.care.drill import Asked, Drill, State, Why
from bot.care.escalation import Cause, Close, Escalation
from bot.care.ladder import Around
from bot.care.outcome import Lane, Outcome, Topic
from bot.care.plan import LADDERS, Rung, RungKind, Standing
from bot.care.text import Text
from tests.care.outing import MINUTE, NOON, alert_of, around, fresh, logged, said, told

ASKED = Drill("alert", "sam", "jo", NOON)
AMIRA = Rung(RungKind.SUPPORTER, 10, "amira", "place")
THERE = around(others=())


def drill_of(outcome: Outcome) -> Drill:
    return [record for record in outcome.records if isinstance(record, Drill)][-1]


def begun(there: Around = THERE, rungs: tuple[Rung, ...] = LADDERS["key_worker"]) -> Outcome:
    alert = replace(fresh(Cause.DRILL, rungs), event_at=NOON, opened_at=NOON)
    return care.begin(ASKED, alert, there, NOON)


def climbed(drill: Drill, alert: Escalation, minutes: int, there: Around = THERE) -> Outcome:
    now = NOON + minutes * MINUTE
    return care.step(drill, alert, ladder.tick(alert, there, now), now)


def test_staff_ask_and_nothing_begins_until_the_person_says_so() -> None:
    asked = care.ask(ASKED, None)
    assert (said(asked), told(asked)) == ("asked", [("sam", "please")])
    assert asked.records == (ASKED,) and logged(asked) == ["drill_asked"]
    another = care.ask(replace(ASKED, id="another"), ASKED)
    assert another.records[0] == replace(ASKED, state=State.DECLINED)
    running = replace(ASKED, state=State.RUNNING)
    assert said(care.ask(replace(ASKED, id="another"), running)) == "runs_already"

    no = care.decline(ASKED, "sam")
    assert (said(no), told(no)) == ("not_now_said", [("jo", "declined")])
    assert drill_of(no).state is State.DECLINED
    assert care.decline(ASKED, "jo") == Outcome()
    assert care.decline(running, "sam") == Outcome()


@pytest.mark.parametrize(
    ("drill", "by", "out", "alert", "hours", "why"),
    [
        (ASKED, "sam", False, False, 24, None),
        (ASKED, "sam", False, False, 25, "too_late"),
        (ASKED, "jo", False, False, 0, "too_late"),
        (replace(ASKED, state=State.ENDED), "sam", False, False, 0, "too_late"),
        (ASKED, "sam", True, False, 0, "when_home"),
        (ASKED, "sam", True, True, 0, "alert_stands"),
    ],
)
def test_a_practice_begins_by_the_persons_press_when_nothing_is_real(
    drill: Drill, by: str, out: bool, alert: bool, hours: int, why: str | None
) -> None:
    found = care.why_not(drill, by, out, alert, NOON + timedelta(hours=hours))
    assert (found and found.id) == why


def test_the_ladder_climbs_by_its_own_times_to_its_end_and_each_is_asked_once() -> None:
    first = begun()
    assert told(first) == [("sam", "begun"), ("jo", "alert")]
    assert all(tell.lane is Lane.REPLY for tell in first.tells), "nothing real waits behind it"
    assert first.tells[1].message.text == Text("drill", "alert")
    second = climbed(drill_of(first), alert_of(first), 10)
    third = climbed(drill_of(second), alert_of(second), 20)
    assert told(second) + told(third) == [("dev", "alert"), ("priya", "alert")]
    last = climbed(drill_of(third), alert_of(third), 30)
    assert [to for to, _ in told(last)] == ["sam", "jo", "dev", "priya"]
    assert {text for _, text in told(last)} == {"result"}
    assert alert_of(last).state is escalation.State.CLOSED
    assert [wake.at for wake in last.wakes] == [None]
    assert drill_of(last).why is Why.DONE
    late = care.step(drill_of(last), alert_of(third), Outcome(), NOON)
    assert late.tells == () and late.records == () and late.wakes[0].at is None


def test_who_answers_is_noted_and_the_next_is_asked_at_once() -> None:
    first = begun()
    drill, alert, now = drill_of(first), alert_of(first), NOON + 3 * MINUTE
    second = care.answer(drill, alert, "jo", THERE, now)
    assert told(second) == [("jo", "thanks"), ("dev", "alert")]
    assert drill_of(second).asked == (Asked("jo", NOON, now), Asked("dev", now))
    again = care.answer(drill_of(second), alert_of(second), "jo", THERE, now)
    assert (said(again), again.records) == ("thanks", ())
    assert care.answer(drill_of(second), alert_of(second), "priya", THERE, now) == Outcome()

    third = climbed(drill_of(second), alert_of(second), 13)
    late = care.answer(drill_of(third), alert_of(third), "dev", THERE, NOON + 14 * MINUTE)
    assert told(late) == [("dev", "thanks")], "Priya has been asked already"
    over = care.answer(drill_of(late), alert_of(third), "priya", THERE, NOON + 15 * MINUTE)
    assert told(over)[0] == ("priya", "thanks") and ("sam", "result") in told(over)
    assert drill_of(over).asked[1].answered_at == NOON + 14 * MINUTE
    assert said(care.answer(drill_of(over), alert_of(over), "dev", THERE, now)) == "over"


def test_a_ladder_of_one_is_over_when_they_have_answered() -> None:
    alone = around("jo", others=())
    first = begun(alone, LADDERS["key_worker"][:1])
    over = care.answer(drill_of(first), alert_of(first), "jo", alone, NOON)
    assert told(over) == [("jo", "thanks"), ("sam", "result"), ("jo", "result")]


def test_rungs_with_nobody_are_counted_and_whom_another_way_reaches_is_asked() -> None:
    other = Standing(LADDERS["key_worker"][1], None, "unreachable", ("dev",))
    there = replace(around("jo", None, None, others=()))
    there = replace(there, ladder=(there.ladder[0], other, there.ladder[2]))
    first = begun(there)
    assert drill_of(first).empty == 1
    second = climbed(drill_of(first), alert_of(first), 10, there)
    assert told(second) == [("dev", "alert")] and second.records
    over = climbed(drill_of(second), alert_of(second), 20, there)
    assert ("sam", "result") in told(over)


def test_the_person_stops_it_and_a_real_alert_ends_it() -> None:
    first = begun()
    assert care.stop(drill_of(first), alert_of(first), "jo", NOON) == Outcome()
    stopped = care.stop(drill_of(first), alert_of(first), "sam", NOON)
    assert told(stopped) == [("sam", "stopped"), ("jo", "stopped")]
    assert care.stop(drill_of(stopped), alert_of(stopped), "sam", NOON) == Outcome()
    ended = care.end(drill_of(first), alert_of(first), Why.ALERT, NOON)
    assert told(ended) == [("sam", "made_way"), ("jo", "made_way")]
    assert alert_of(ended).closed_by is None


def test_supporters_are_asked_when_they_said_yes_and_read_that_it_is_practice() -> None:
    staff = LADDERS["key_worker"][0]
    there = Around((Standing(staff, "jo"), Standing(AMIRA, "amira")), ("mina",))
    unwilling = care.only(there, [])
    assert [one.member for one in unwilling.ladder] == ["jo", None]
    assert unwilling.ladder[1].why_not == "no_practice" and unwilling.others == ()
    willing = care.only(there, ["place"])
    assert willing == replace(there, others=())

    first = begun(willing, (staff, AMIRA))
    second = care.answer(drill_of(first), alert_of(first), "jo", willing, NOON)
    (call,) = (tell for tell in second.tells if tell.to == "amira")
    assert call.message.text == Text("escalation", "supporter_practice")
    assert call.lane is Lane.NEWS and call.about is not None
    assert (call.about.topic, call.about.level) == (Topic.JOURNEYS, 1)
    thanked = care.answer(drill_of(second), alert_of(second), "amira", willing, NOON)
    assert said(thanked) == "thanks"
    assert not any(tell.to == "amira" for tell in thanked.tells), "no word on its own"


def test_what_supporters_hear_of_a_real_alert_is_as_it_was() -> None:
    real = replace(fresh(Cause.MISSED), rungs=(*LADDERS["key_worker"], AMIRA))
    heard = escalation.answer(Text("escalation", "alert_missed"), real, "amira")
    assert heard.text == Text("escalation", "supporter_missed")
    heard = escalation.answer(Text("escalation", "alert_help"), real, "amira")
    assert heard.text == Text("escalation", "supporter_help")
    practice = replace(real, cause=Cause.DRILL)
    heard = escalation.answer(Text("escalation", "alert_missed"), practice, "amira")
    assert heard.text == Text("escalation", "supporter_practice")
    heard = escalation.answer(Text("escalation", "yours"), practice, "amira")
    assert heard.text == Text("escalation", "supporter_yours")


@pytest.mark.parametrize("how", Close)
def test_nobody_closes_a_practice_as_if_it_were_an_alert(how: Close) -> None:
    held = replace(alert_of(begun()), state=escalation.State.HELD, holder="jo", held_at=NOON)
    assert escalation.close(held, "jo", how, NOON) == Outcome()
