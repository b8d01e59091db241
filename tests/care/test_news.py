"""What becomes of one item: told, asked first, kept back, read, hidden, withdrawn."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.care import heard
from bot.care import news as care
from bot.care.agreement import Decision, Effect, Reason
from bot.care.heard import Heard
from bot.care.news import (
    ASK_FOR,
    ASKING,
    HIDE_AFTER,
    HIDING,
    MAY_I,
    PUSH,
    READING,
    REMOVE,
    Answer,
    Event,
    Hearer,
    News,
    State,
    Telling,
)
from bot.care.outcome import About, Lane, Outcome, Tell, Topic, Wake

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)

ITEM = News("n1", "sam", Topic.APPOINTMENTS, 2, "The dentist, on Tuesday.", "jo", NOW, at=NOW)
GENERAL = replace(ITEM, topic=None, words="The course begins in May.")

AGREED = Decision(Effect.SHARE, Reason.AGREED, ("a1", "r1"))
ASK = Decision(Effect.ASK, Reason.ASK_FIRST, ("a1", "r2"))
NEVER = Decision(Effect.WITHHOLD, Reason.NEVER, ("a1", "r3"))

WAITING = Telling("t1", "n1", "amira", "m1", State.WAITING, NOW)
ASKED = replace(WAITING, state=State.ASKING, ask_until=NOW + ASK_FOR, version=2)
SHOWN = replace(
    WAITING, state=State.READ, read_at=NOW, message=77, hide_at=NOW + HIDE_AFTER, version=2
)
OVER = replace(WAITING, state=State.OVER, version=3)


def hearer(decision: Decision | None, telling: str = "t1") -> Hearer:
    return Hearer(telling, "amira", "m1", decision)


def tellings(outcome: Outcome) -> list[Telling]:
    return [record for record in outcome.records if isinstance(record, Telling)]


def telling(outcome: Outcome) -> Telling:
    (found,) = tellings(outcome)
    return found


def kinds(outcome: Outcome) -> list[str]:
    return [log.kind for log in outcome.logs]


def said(outcome: Outcome) -> str | None:
    return None if outcome.said is None else outcome.said.text.id


def to(outcome: Outcome) -> list[tuple[str, str]]:
    return [(tell.to, tell.message.text.id) for tell in outcome.tells]


# --- on its way ---------------------------------------------------------------------------


def test_who_may_know_is_called_to_read_by_a_constant_sentence() -> None:
    sent = care.send(ITEM, [hearer(AGREED)], NOW)

    about = About("sam", Topic.APPOINTMENTS, 2, "m1", "n1", NOW)
    (push,) = sent.tells
    assert (push.to, push.message.text, push.message.params) == ("amira", PUSH, {})
    assert (push.lane, push.about) == (Lane.NEWS, about)
    assert telling(sent).state is State.WAITING
    assert said(sent) == "sent"


def test_the_call_is_the_same_for_general_information_but_no_gate_is_named() -> None:
    sent = care.send(GENERAL, [hearer(None)], NOW)

    (push,) = sent.tells
    assert (push.message, push.about) == (care.push(WAITING, ITEM).message, None)
    assert [(log.kind, log.person) for log in sent.logs] == [("news_written", None)]


def test_whoever_the_person_wants_asked_about_is_not_called() -> None:
    sent = care.send(ITEM, [hearer(ASK)], NOW)

    (card,) = sent.tells
    asking = telling(sent)
    assert (card.to, card.message.text) == ("sam", MAY_I)
    assert card.message.params == {"telling": "t1", "version": asking.version}
    assert (asking.state, asking.ask_until) == (State.ASKING, NOW + ASK_FOR)
    assert sent.wakes == (Wake(ASKING, "t1", NOW + ASK_FOR),)
    assert kinds(sent) == ["news_written", "news_asked"]


def test_what_is_kept_back_leaves_a_line_with_the_reason_and_nothing_else() -> None:
    sent = care.send(ITEM, [hearer(NEVER)], NOW)

    assert sent.tells == () and tellings(sent) == []
    assert said(sent) == "sent_to_nobody"
    withheld = sent.logs[-1]
    assert (withheld.kind, withheld.person, withheld.words) == ("withheld", "sam", None)
    assert withheld.facts == {
        "to": "amira",
        "topic": "appointments",
        "level": 2,
        "reason": "never",
        "news": "n1",
        "rows": "a1,r3",
    }


# --- asked first --------------------------------------------------------------------------


def test_a_yes_calls_the_reader_and_is_kept() -> None:
    outcome = care.yes(ASKED, ITEM, 2, LATER)

    answered = telling(outcome)
    assert (answered.state, answered.answer) == (State.WAITING, Answer.YES)
    assert answered.answered_at == LATER
    assert to(outcome) == [("amira", "push")]
    assert outcome.wakes == (Wake(ASKING, "t1", None),)
    assert [(log.kind, log.actor, log.facts["answer"]) for log in outcome.logs] == [
        ("news_answered", "sam", "yes")
    ]


Refusal = Callable[[Telling, News, int, Sequence[str], datetime], Outcome]


@pytest.mark.parametrize(
    ("rule", "answer", "told"),
    [(care.no, Answer.NO, "not_told"), (care.change, Answer.CHANGE, "change_wanted")],
)
def test_a_no_ends_it_and_the_writer_hears_so(rule: Refusal, answer: Answer, told: str) -> None:
    outcome = rule(ASKED, ITEM, 2, ["jo"], LATER)

    assert (telling(outcome).state, telling(outcome).answer) == (State.OVER, answer)
    assert to(outcome) == [("jo", told)]
    (tell,) = outcome.tells
    assert tell.about == About("sam", Topic.APPOINTMENTS, 2)
    assert kinds(outcome) == ["news_answered", "withheld"]
    assert outcome.logs[-1].facts["reason"] == "said_no"


def test_silence_is_a_no_when_the_time_is_over_and_not_before() -> None:
    until = NOW + ASK_FOR
    early = care.silence(ASKED, ITEM, ["jo"], until - timedelta(microseconds=1))
    assert early == Outcome(wakes=(Wake(ASKING, "t1", until),))

    silent = care.silence(ASKED, ITEM, ["jo"], until)
    assert (telling(silent).state, telling(silent).answer) == (State.OVER, Answer.SILENT)
    assert to(silent) == [("jo", "not_told")]
    assert silent.said is None
    assert [log.actor for log in silent.logs] == [None, None]


@pytest.mark.parametrize("state", [WAITING, SHOWN, OVER])
def test_silence_is_nothing_once_it_is_settled(state: Telling) -> None:
    assert care.silence(state, ITEM, ["jo"], NOW + ASK_FOR) == Outcome()


@pytest.mark.parametrize(
    ("asked", "version", "now"),
    [
        (ASKED, 1, LATER),
        (ASKED, 3, LATER),
        (ASKED, 2, NOW + ASK_FOR),
        (replace(ASKED, ask_until=None), 2, LATER),
        (WAITING, 1, LATER),
        (SHOWN, 2, LATER),
        (OVER, 3, LATER),
    ],
)
def test_an_answer_counts_only_while_its_question_stands(
    asked: Telling, version: int, now: datetime
) -> None:
    assert care.yes(asked, ITEM, version, now) == Outcome()
    assert care.no(asked, ITEM, version, ["jo"], now) == Outcome()
    assert care.change(asked, ITEM, version, ["jo"], now) == Outcome()


def test_nobody_is_asked_twice_about_the_same() -> None:
    assert telling(care.ask_first(WAITING, ITEM, NOW)).state is State.ASKING
    answered = replace(WAITING, answer=Answer.YES)
    for settled in (answered, ASKED, SHOWN, OVER):
        assert care.ask_first(settled, ITEM, NOW) == Outcome()


# --- read and hidden ----------------------------------------------------------------------


def test_a_tap_writes_a_message_that_names_no_words() -> None:
    for chosen, params in ((WAITING, {"telling": "t1"}), (None, {})):
        (row,) = care.look("amira", chosen).tells
        assert (row.to, row.message.text, row.message.params) == ("amira", READING, params)
        assert (row.lane, row.about, row.key) == (Lane.REPLY, None, None)


def test_what_was_read_is_kept_with_its_words_and_hides_by_itself() -> None:
    outcome = care.read(WAITING, ITEM, AGREED, 77, NOW)

    shown = telling(outcome)
    assert (shown.state, shown.read_at, shown.message) == (State.READ, NOW, 77)
    assert shown.hide_at == NOW + HIDE_AFTER
    assert outcome.wakes == (Wake(HIDING, "t1", NOW + HIDE_AFTER),)
    (line,) = outcome.logs
    assert (line.kind, line.person, line.words) == ("told", "sam", ITEM.words)
    assert line.facts == {
        "to": "amira",
        "topic": "appointments",
        "level": 2,
        "reason": "agreed",
        "news": "n1",
        "rows": "a1,r1",
    }


def test_read_again_the_older_copy_is_taken_away() -> None:
    outcome = care.read(SHOWN, ITEM, AGREED, 78, LATER)

    assert telling(outcome).message == 78
    assert [tell.message.params for tell in outcome.tells] == [{"message": 77}]


def test_what_was_withdrawn_while_it_left_is_taken_away_at_once_and_not_hushed_up() -> None:
    outcome = care.read(OVER, ITEM, AGREED, 77, NOW)

    assert outcome.records == () and outcome.wakes == ()
    assert [(tell.message.text, tell.message.params) for tell in outcome.tells] == [
        (REMOVE, {"message": 77})
    ]
    assert kinds(outcome) == ["told"]


def test_reading_general_information_is_no_word_about_the_person() -> None:
    outcome = care.read(WAITING, GENERAL, None, 77, NOW)
    (line,) = outcome.logs
    assert (line.kind, line.person, line.words) == ("informed", None, None)


def test_hide_now_takes_away_every_copy_that_is_known() -> None:
    assert hidden(care.hide(SHOWN)) == [77]
    assert hidden(care.hide(SHOWN, 77)) == [77]
    assert hidden(care.hide(SHOWN, 70)) == [77, 70]
    assert hidden(care.hide(WAITING, 70)) == [70]
    assert care.hide(WAITING) == Outcome()
    after = telling(care.hide(SHOWN))
    assert (after.state, after.message, after.hide_at) == (State.READ, None, None)


def hidden(outcome: Outcome) -> list[object]:
    assert all(tell.message.text == REMOVE for tell in outcome.tells)
    return [tell.message.params["message"] for tell in outcome.tells]


def test_it_hides_when_its_time_has_come_and_not_before() -> None:
    due = NOW + HIDE_AFTER
    early = care.due_to_hide(SHOWN, due - timedelta(microseconds=1))
    assert early == Outcome(wakes=(Wake(HIDING, "t1", due),))
    assert hidden(care.due_to_hide(SHOWN, due)) == [77]
    assert care.due_to_hide(WAITING, due) == Outcome()


@pytest.mark.parametrize(("open_", "shown"), [(ASKED, []), (WAITING, []), (SHOWN, [77])])
def test_a_withdrawal_ends_what_is_open_and_takes_away_what_is_shown(
    open_: Telling, shown: list[int]
) -> None:
    outcome = care.withdrawn(open_, ITEM, "sam")

    over = telling(outcome)
    assert (over.state, over.message, over.hide_at) == (State.OVER, None, None)
    assert hidden(outcome) == shown
    assert outcome.wakes == (Wake(ASKING, "t1", None), Wake(HIDING, "t1", None))
    assert [(log.kind, log.person, log.actor) for log in outcome.logs] == [
        ("news_withdrawn", "sam", "sam")
    ]


def test_a_withdrawal_is_nothing_to_what_is_over() -> None:
    assert care.withdrawn(OVER, ITEM, "sam") == Outcome()


# --- the other way ------------------------------------------------------------------------


def test_words_to_the_team_go_to_staff_and_leave_no_line_about_the_person() -> None:
    words = Heard("h1", "amira", "sam", "He sounded sad.", NOW)
    outcome = heard.hear(words, ["jo", "dev"])

    assert outcome.records == (words,)
    assert to(outcome) == [("jo", "heard"), ("dev", "heard")]
    assert {tell.about for tell in outcome.tells} == {None}
    assert [(log.kind, log.person, log.actor, log.words) for log in outcome.logs] == [
        ("heard", None, "amira", None)
    ]


def test_staff_are_promised_no_receipt_that_nobody_gets() -> None:
    words = Heard("h1", "amira", "sam", "He sounded sad.", NOW)
    assert said(heard.read(words, "jo", True, NOW)) == "marked_read"
    gone = heard.read(words, "jo", False, NOW)
    assert said(gone) == "marked_read_gone" and gone.tells == ()


# --- the table ----------------------------------------------------------------------------


def test_nothing_leads_back_from_what_is_over_and_a_withdrawal_ends_all_else() -> None:
    assert care.TABLE[State.OVER] == {}
    for state in (State.ASKING, State.WAITING, State.READ):
        assert care.TABLE[state][Event.WITHDRAWN] is State.OVER


def test_every_line_of_the_ledger_and_every_message_is_free_of_words() -> None:
    """But the one line that keeps, sealed, what was told."""
    everything = [
        care.send(ITEM, [hearer(AGREED), hearer(ASK, "t2"), hearer(NEVER, "t3")], NOW),
        care.yes(ASKED, ITEM, 2, LATER),
        care.no(ASKED, ITEM, 2, ["jo"], LATER),
        care.change(ASKED, ITEM, 2, ["jo"], LATER),
        care.read(WAITING, ITEM, AGREED, 77, NOW),
        care.withdrawn(SHOWN, ITEM, "sam"),
    ]
    for outcome in everything:
        said = [value for tell in outcome.tells for value in _params(tell)]
        said += [value for log in outcome.logs for value in log.facts.values()]
        assert not any("dentist" in str(value) for value in said)


def _params(tell: Tell) -> list[object]:
    return list(tell.message.params.values())
