"""A supporter who is a rung: what they hear, what they may do, and what stays with staff."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.care import answer, contact, escalation, ladder, news, notice, rung
from bot.care.agreement import Decision, Effect, Reason
from bot.care.escalation import ALERTS, Cause, Close, Escalation, Need, State
from bot.care.for_supporters import FOR_SUPPORTERS
from bot.care.ladder import Around
from bot.care.news import News, Telling
from bot.care.outcome import About, Lane, Message, Outcome, Tell, Topic
from bot.care.plan import LADDERS, Rung, RungKind, Standing, with_supporter
from bot.care.text import Text
from bot.i18n import Words, placeholders
from tests.care.outing import DUE, GRACE_OVER, MINUTE, PLAN, alert_of, fresh, logged, said, told

AMIRA = Rung(RungKind.SUPPORTER, 5, "amira", "place")
RUNGS = with_supporter(PLAN.rungs, AMIRA, 1)
LATER = GRACE_OVER + 3 * MINUTE

PARAMS = {"escalation": "alert", "person": "sam", "alias": "sam"}

SHARED = Standing(AMIRA, "amira")
WITHDRAWN = Standing(AMIRA, None, "no_agreement")


def standing(amira: Standing = SHARED) -> Around:
    """Jo, then Amira, then Dev and Priya; Mina is the rest of the team."""
    names = ("jo", "dev", "priya")
    staff = [Standing(rung, who) for rung, who in zip(PLAN.rungs, names, strict=True)]
    return Around((staff[0], amira, *staff[1:]), ("mina",))


def opened(cause: Cause = Cause.MISSED) -> Escalation:
    return alert_of(ladder.open_(fresh(cause, RUNGS), standing(), GRACE_OVER))


def asked(cause: Cause = Cause.MISSED) -> Escalation:
    """Jo has not answered, and it waits on Amira."""
    alert = opened(cause)
    assert alert.due_at is not None
    return alert_of(ladder.tick(alert, standing(), alert.due_at))


def held() -> Escalation:
    return alert_of(escalation.take(asked(), "amira", LATER, ["jo"]))


def to_amira(outcome: Outcome) -> Message:
    (tell,) = [tell for tell in outcome.tells if tell.to == "amira"]
    assert tell.about == About("sam", Topic.JOURNEYS, 1, "place", None, DUE)
    assert tell.message.params == PARAMS
    return tell.message


# --- the ladder ---------------------------------------------------------------------------


@pytest.mark.parametrize(("after", "at"), [(0, 1), (1, 1), (2, 2), (3, 3)])
def test_a_supporter_is_asked_after_staff_and_never_first(after: int, at: int) -> None:
    rungs = with_supporter(LADDERS["on_call"], AMIRA, after)
    assert rungs[at] == AMIRA and len(rungs) == 4
    assert tuple(rung for rung in rungs if rung.member is None) == LADDERS["on_call"]
    assert replace(PLAN, rungs=rungs).staff == LADDERS["on_call"]


def test_they_are_asked_in_their_turn_in_words_of_their_own() -> None:
    alert = opened()
    assert alert.due_at is not None
    outcome = ladder.tick(alert, standing(), alert.due_at)

    assert told(outcome) == [("amira", "supporter_missed"), ("sam", "asking_next")]
    assert [tell.lane for tell in outcome.tells] == [Lane.SAFETY, Lane.SAFETY]
    to_amira(outcome)
    after = alert_of(outcome)
    assert after.current == "amira" and after.due_at == alert.due_at + 5 * MINUTE


def test_without_a_yes_they_are_passed_at_once_and_the_ledger_says_why() -> None:
    alert = opened()
    assert alert.due_at is not None
    outcome = ladder.tick(alert, standing(WITHDRAWN), alert.due_at)

    assert told(outcome) == [("dev", "alert_missed"), ("sam", "asking_next")]
    (skipped,) = [log for log in outcome.logs if log.kind == "rung_skipped"]
    assert skipped.facts == {"escalation": "alert", "rung": 1, "why": "no_agreement"}


def test_silence_of_theirs_moves_on_like_anybodys() -> None:
    alert = asked()
    assert alert.due_at is not None
    outcome = ladder.tick(alert, standing(), alert.due_at)
    assert told(outcome) == [("dev", "alert_missed"), ("sam", "asking_next")]


def test_an_emergency_is_told_to_them_with_all_the_others() -> None:
    outcome = ladder.open_(fresh(Cause.EMERGENCY, RUNGS), standing(), GRACE_OVER)
    assert [to for to, _ in told(outcome)] == ["sam", "jo", "amira", "dev", "priya"]
    assert to_amira(outcome).text.id == "supporter_help"


@pytest.mark.parametrize("need", Need)
def test_what_the_person_needs_is_told_to_staff_and_that_it_is_help_to_them(need: Need) -> None:
    outcome = answer.needs(asked(Cause.HELP), need)
    assert ("jo", ALERTS[need].id) in told(outcome)
    assert to_amira(outcome).text.id == "supporter_help"


# --- what they do -------------------------------------------------------------------------


def test_they_have_it_and_a_keeper_of_the_team_hears_of_it_even_when_not_told_before() -> None:
    outcome = escalation.take(replace(asked(), told=("amira",)), "amira", LATER, ["dev"])

    assert told(outcome) == [
        ("amira", "supporter_yours"),
        ("dev", "supporter_took"),
        ("sam", "seen_by"),
    ]
    to_amira(outcome)
    alert = alert_of(outcome)
    assert (alert.holder, alert.told) == ("amira", ("amira", "dev"))
    assert alert.due_at == asked().due_at
    assert outcome.tells[1].about == About("sam", Topic.JOURNEYS, 3)


def test_staff_who_take_it_name_nobody_to_them() -> None:
    outcome = escalation.take(asked(), "jo", LATER)
    assert told(outcome) == [("jo", "yours"), ("amira", "supporter_has_it"), ("sam", "seen_by")]
    to_amira(outcome)


def test_staff_take_it_from_them_and_nobody_takes_it_from_staff() -> None:
    outcome = escalation.take(held(), "dev", LATER)
    alert = alert_of(outcome)
    assert (alert.state, alert.holder, alert.due_at) == (State.HELD, "dev", LATER + 15 * MINUTE)
    assert ("amira", "supporter_has_it") in told(outcome)
    for by, text in (("amira", "supporter_has_it"), ("jo", "held_already")):
        refused = escalation.take(alert, by, LATER)
        assert said(refused) == text and not refused.records


def test_one_supporter_does_not_take_it_from_another() -> None:
    leo = Rung(RungKind.SUPPORTER, 5, "leo", "other_place")
    alert = replace(held(), rungs=(*RUNGS, leo))
    outcome = escalation.take(alert, "leo", LATER)
    assert said(outcome) == "supporter_has_it" and not outcome.records


def test_they_pass_it_on_and_are_asked_how_it_is() -> None:
    outcome = ladder.pass_on(held(), "amira", standing(), LATER)
    assert said(outcome) == "passed_on"
    assert outcome.said is not None and outcome.said.params == PARAMS
    assert told(outcome)[0] == ("dev", "alert_missed")

    alert = held()
    assert alert.due_at is not None
    how = ladder.tick(alert, standing(), alert.due_at)
    assert told(how) == [("amira", "supporter_how")]
    again = alert_of(how)
    assert again.due_at is not None
    moved = ladder.tick(again, standing(), again.due_at)
    assert told(moved)[0] == ("amira", "supporter_moved_on")
    assert alert_of(moved).current == "dev"


def test_safe_and_well_goes_to_staff_who_close_it() -> None:
    outcome = ladder.vouch(held(), "amira", standing(), LATER)

    assert said(outcome) == "vouched_for"
    assert outcome.said is not None and outcome.said.params == PARAMS
    alert = alert_of(outcome)
    assert (alert.state, alert.holder, alert.current) == (State.OPEN, None, "dev")
    assert told(outcome) == [
        ("dev", "alert_missed"),
        ("sam", "asking_now"),
        ("jo", "vouched"),
        ("dev", "vouched"),
    ]
    assert [tell.message.params.get("by") for tell in outcome.tells[2:]] == ["amira", "amira"]
    assert logged(outcome)[0] == "escalation_vouched" and outcome.logs[0].actor == "amira"
    assert alert.due_at == LATER + 10 * MINUTE, "the next one is asked like any other"


def test_with_nobody_else_to_ask_it_does_not_come_back_to_them() -> None:
    away = tuple(Standing(rung, None, "unreachable") for rung in PLAN.rungs)
    alone = Around((away[0], SHARED, *away[1:]), ())
    alert = alert_of(ladder.vouch(held(), "amira", alone, LATER))
    assert alert.current is None and alert.due_at == LATER + 5 * MINUTE


def test_safe_and_well_pressed_again_or_first_is_told_and_moves_nothing() -> None:
    outcome = ladder.vouch(asked(), "amira", standing(), LATER)
    assert said(outcome) == "vouched_for" and not outcome.records and not outcome.wakes
    assert outcome.said is not None and outcome.said.params == PARAMS
    assert told(outcome) == [("jo", "vouched")]
    assert [tell.message.params.get("by") for tell in outcome.tells] == ["amira"]
    assert logged(outcome) == ["escalation_vouched"]


def test_safe_and_well_of_what_staff_have_or_have_closed_is_theirs() -> None:
    assert said(ladder.vouch(taken_by_jo(), "amira", standing(), LATER)) == "supporter_has_it"
    done = alert_of(escalation.close(taken_by_jo(), "jo", Close.SAFE_AND_WELL, LATER))
    assert said(ladder.vouch(done, "amira", standing(), LATER)) == "supporter_over"


def taken_by_jo() -> Escalation:
    return alert_of(escalation.take(asked(), "jo", LATER))


def test_what_answers_their_tap_names_nobody() -> None:
    jos = taken_by_jo()
    over = alert_of(escalation.close(jos, "jo", Close.SAFE_AND_WELL, LATER))
    answers = {
        "supporter_has_it": escalation.take(jos, "amira", LATER),
        "supporter_yours": escalation.take(held(), "amira", LATER),
        "supporter_over": escalation.take(over, "amira", LATER),
        "passed_already": ladder.pass_on(opened(), "amira", standing(), LATER),
    }
    for text, outcome in answers.items():
        assert said(outcome) == text
        assert outcome.said is not None
        assert outcome.said.params == PARAMS


def test_a_closed_alert_is_over_to_them_and_closed_by_somebody_to_staff() -> None:
    outcome = escalation.close(taken_by_jo(), "jo", Close.NEEDED_HELP, LATER)
    assert to_amira(outcome).text.id == "supporter_over"
    assert [tell.key for tell in outcome.tells if tell.to == "amira"] == ["alert:closed_by:amira"]
    assert [tell.lane for tell in outcome.tells if tell.to == "amira"] == [Lane.REPLY]
    ended_by_itself = replace(alert_of(outcome), closed_by=None)
    assert said(escalation.take(ended_by_itself, "amira", LATER)) == "supporter_over"
    assert said(escalation.take(ended_by_itself, "dev", LATER)) == "closed_alone"


def test_staff_are_called_another_way_to_what_a_supporter_has() -> None:
    assert contact.needless(held(), "jo") is None
    assert contact.needless(taken_by_jo(), "dev") == "held"


def test_what_they_have_moves_on_no_later_than_it_would_have_however_often_they_press() -> None:
    alert = asked()
    mine = alert_of(escalation.take(alert, "amira", LATER))
    assert mine.due_at == alert.due_at
    again = escalation.take(mine, "amira", LATER + 3 * MINUTE)
    assert said(again) == "supporter_yours" and not again.records and not again.wakes
    late = replace(alert, due_at=LATER + 60 * MINUTE)
    assert alert_of(escalation.take(late, "amira", LATER)).due_at == LATER + 15 * MINUTE


def test_while_no_staff_have_been_told_staff_are_asked_first() -> None:
    jo_away = (Standing(PLAN.rungs[0], None, "unreachable"), *standing().ladder[1:])
    outcome = ladder.open_(fresh(Cause.MISSED, RUNGS), Around(jo_away, ()), GRACE_OVER)
    assert told(outcome)[0] == ("dev", "alert_missed")
    why = [line.facts["why"] for line in outcome.logs if line.kind == "rung_skipped"]
    assert why == ["unreachable", "staff_first"]


def test_with_no_staff_to_be_had_a_supporter_is_asked_at_once() -> None:
    away = [Standing(rung, None, "unreachable") for rung in PLAN.rungs]
    alone = Around((away[0], SHARED, *away[1:]), ("mina",))
    outcome = ladder.open_(fresh(Cause.MISSED, RUNGS), alone, GRACE_OVER)
    assert told(outcome)[0] == ("amira", "supporter_missed")

    in_danger = ladder.open_(fresh(Cause.EMERGENCY, RUNGS), alone, GRACE_OVER)
    assert ("sam", "ring_999_alone") in told(in_danger), "no staff have been told"


def test_who_is_to_speak_with_them_is_staff_before_a_supporter() -> None:
    both = replace(asked(), told=("amira", "jo"))
    assert alert_of(answer.answered(both, LATER, home=False)).current == "jo"
    alone = replace(asked(), told=("amira",))
    assert alert_of(answer.answered(alone, LATER, home=False)).current == "amira"


def test_another_supporter_hears_that_somebody_has_it_and_no_call_for_help() -> None:
    leo = Rung(RungKind.SUPPORTER, 5, "leo", "his")
    two = replace(asked(), rungs=(*RUNGS, leo), told=("jo", "leo"))
    assert ("leo", "supporter_has_it") in told(escalation.take(two, "amira", LATER))


# --- the way to them ----------------------------------------------------------------------


def telling_of(tell: Tell) -> tuple[Telling, News]:
    item = rung.item("item", tell, LATER)
    return Telling("t", item.id, tell.to, "place", news.State.WAITING, LATER), item


def test_only_what_goes_to_a_supporter_is_called_for() -> None:
    outcome = escalation.take(asked(), "jo", LATER)
    assert [tell.to for tell in outcome.tells if rung.is_called(tell)] == ["amira"]
    (to_them,) = [tell for tell in outcome.tells if tell.to == "amira"]
    assert not rung.is_called(replace(to_them, about=None))
    assert not rung.is_called(replace(to_them, message=Message(news.PUSH)))


def test_they_are_called_by_the_constant_in_its_lane_and_nothing_else_is_said() -> None:
    alert = opened()
    assert alert.due_at is not None
    (tell, _) = ladder.tick(alert, standing(), alert.due_at).tells
    telling, item = telling_of(tell)
    assert (item.alert, item.by, item.words, item.level, item.at) == ("alert", None, None, 1, DUE)
    outcome = rung.call(telling, item, tell.lane)
    (call,) = outcome.tells
    assert call.message == Message(news.PUSH, {"escalation": "alert"})
    assert (call.to, call.lane, call.key) == ("amira", Lane.SAFETY, "t:push:1")
    assert call.about == replace(to_amira_about(tell), item="item")
    assert outcome.records == (item, telling)


def to_amira_about(tell: Tell) -> About:
    assert tell.about is not None
    return tell.about


def test_their_own_press_is_answered_at_once() -> None:
    tell = escalation.take(asked(), "amira", LATER).tells[0]
    telling, item = telling_of(tell)
    (answered,) = rung.call(telling, item, tell.lane).tells
    assert (answered.message, answered.lane) == (
        Message(news.READING, {"telling": "t"}),
        Lane.REPLY,
    )


def test_what_a_rung_reads_stays_longer_and_the_person_is_never_asked_about_it() -> None:
    telling, item = telling_of(escalation.take(asked(), "amira", LATER).tells[0])
    assert news.ask_first(telling, item, LATER) == Outcome()
    shared = Decision(Effect.SHARE, Reason.AGREED)
    (shown,) = news.read(telling, item, shared, 7, LATER).records
    assert isinstance(shown, Telling) and shown.hide_at == LATER + timedelta(hours=47)
    (plain,) = news.read(telling, replace(item, text=None), shared, 7, LATER).records
    assert isinstance(plain, Telling) and plain.hide_at == LATER + timedelta(minutes=10)
    assert replace(item, text=notice.MISSED).alert is None


@pytest.mark.parametrize("message", [None, 7])
def test_what_is_told_anew_is_read_no_more_and_taken_away_where_it_is_shown(
    message: int | None,
) -> None:
    telling, _ = telling_of(escalation.take(asked(), "amira", LATER).tells[0])
    unread = news.replaced(telling, "sam")
    assert unread == news.outdated(telling, "sam") and unread.records
    read = replace(telling, state=news.State.READ, message=message, hide_at=LATER)
    outcome = news.replaced(read, "sam")
    (over,) = outcome.records
    assert isinstance(over, Telling)
    assert (over.state, over.message, over.hide_at) == (news.State.OVER, None, None)
    assert [tell.message.params["message"] for tell in outcome.tells] == ([7] if message else [])
    assert [(wake.kind, wake.at) for wake in outcome.wakes] == [(news.HIDING, None)]
    assert news.replaced(over, "sam") == Outcome()


# --- the words ----------------------------------------------------------------------------


def test_none_of_their_texts_can_say_more_than_about_whom() -> None:
    words = Words.load()
    theirs = {*FOR_SUPPORTERS.values(), Text("escalation", "supporter_help")}
    for text in theirs:
        for locale in ("en_GB", "en_GB@easy"):
            pattern = words.entries(locale).get(text, "")
            assert placeholders(pattern) <= {"person"}, text
            assert not re.search(r"<\w", pattern), "it is kept as plain words"


def test_word_of_the_person_is_word_to_them_and_a_missed_check_in_is_one() -> None:
    def those(words: str) -> set[str]:
        return {staff.id for staff, theirs in FOR_SUPPORTERS.items() if theirs.id == words}

    assert {text.subject for text in (*FOR_SUPPORTERS, *FOR_SUPPORTERS.values())} == {"escalation"}
    assert those("supporter_missed") == {
        "alert_missed",
        "alert_missed_off",
        "alert_missed_unreached",
    }
    assert those("supporter_heard") == {
        "please_speak",
        "person_ok",
        "person_answered",
        "person_home",
        "mistake",
    }
    assert those("supporter_over") == {"closed_by", "closed_already", "closed_alone"}
    assert those("supporter_has_it") == {"has_it", "supporter_took", "held_already"}
    for same in ("take_it_first", "passed_on", "passed_already", "vouched_for"):
        assert those(same) == {same}


def test_whatever_has_no_words_for_them_is_a_call_for_help() -> None:
    tell = escalation.to_told(asked(), "amira", Text("escalation", "alert_nobody"))
    assert tell.message.text == Text("escalation", "supporter_help")
    staff = escalation.to_told(asked(), "jo", Text("escalation", "alert_nobody"))
    assert staff.message.text == Text("escalation", "alert_nobody")


def test_a_place_is_a_supporters_alone() -> None:
    alert = asked()
    assert alert.acting("amira") == "place"
    assert alert.acting("jo") is None and alert.acting("sam") is None
