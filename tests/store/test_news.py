"""News as they are kept, on both databases: who is called, what the gate is asked, what is left."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.care.agreement import Decision, Reason
from bot.care.news import ASK_FOR, ASKING, HIDE_AFTER, HIDING, KEPT, State, Telling
from bot.care.outcome import Outcome, Topic
from bot.store import (
    agreement,
    ask_first,
    circle,
    deadlines,
    heard,
    ledger,
    news,
    outbox,
    reading,
    schema,
    tell,
)
from bot.store.outbox import Row
from tests.conftest import NOON
from tests.oak import LATER, Oak, said, told

WORDS = "Sam baked a cake."


def send(
    oak: Oak, topic: Topic | None = Topic.DAILY_LIFE, level: int = 2, words: str = WORDS
) -> Outcome:
    return tell.send(oak.c, oak.sam, topic, level, words, oak.jo, NOON)


def tellings(oak: Oak) -> dict[str, Telling]:
    """What is on its way, by the reader's name."""
    ids = oak.c.execute(select(schema.telling.c.id)).scalars().all()
    found = [news.telling(oak.c, id) for id in ids]
    return {circle.name(oak.c, one.member): one for one in found if one is not None}


def reveals(oak: Oak, member: str) -> list[str | None]:
    """Which tellings this member's taps have chosen, oldest first."""
    rows = oak.c.execute(
        select(schema.outbox.c.params)
        .where(schema.outbox.c.text == "news.reading", schema.outbox.c.member == member)
        .order_by(schema.outbox.c.number)
    )
    return [params.get("telling") for params in rows.scalars()]


def lines(oak: Oak, kind: str) -> list[ledger.Line]:
    return [line for line in ledger.lines(oak.c) if line.kind == kind]


def test_those_who_may_know_are_called_and_the_rest_leave_a_line(oak: Oak) -> None:
    assert said(send(oak)) == "news.sent"

    assert sorted(told(oak.c, "news.push")) == ["Amira", "Leo"]
    assert {name: one.state for name, one in tellings(oak).items()} == {
        "Amira": State.WAITING,
        "Leo": State.WAITING,
    }
    (withheld,) = lines(oak, "withheld")
    assert (withheld.facts["to"], withheld.facts["reason"]) == (oak.ruth, "no_row")


def test_a_level_above_what_was_agreed_goes_to_nobody_it_is_too_much_for(oak: Oak) -> None:
    send(oak, level=3)

    assert told(oak.c, "news.push") == ["Amira"]
    reasons = {line.facts["to"]: line.facts["reason"] for line in lines(oak, "withheld")}
    assert reasons == {oak.leo: "level", oak.ruth: "no_row"}


def test_what_the_person_said_no_to_goes_to_nobody(oak: Oak) -> None:
    assert said(send(oak, Topic.FINANCES, 1)) == "news.sent_to_nobody"

    assert told(oak.c, "news.push") == [] and tellings(oak) == {}
    reasons = {line.facts["to"]: line.facts["reason"] for line in lines(oak, "withheld")}
    assert reasons == {oak.amira: "never", oak.leo: "no_row", oak.ruth: "no_row"}


def test_whoever_does_not_work_for_the_person_tells_nothing(oak: Oak) -> None:
    for stranger in (oak.alex, oak.amira, oak.sam):
        outcome = tell.send(oak.c, oak.sam, Topic.DAILY_LIFE, 1, WORDS, stranger, NOON)
        assert outcome == Outcome()
    assert told(oak.c, "news.push") == []


def test_the_words_are_sealed_under_the_persons_key(oak: Oak) -> None:
    send(oak)
    (sealed,) = oak.c.execute(select(schema.news.c.words)).scalars()
    assert WORDS.encode() not in sealed
    (id,) = oak.c.execute(select(schema.news.c.id)).scalars()
    item = news.news(oak.c, id)
    assert item is not None and item.words == WORDS


def test_the_question_that_was_asked_is_that_of_the_push(oak: Oak) -> None:
    """Whom, what, how much, in which role, which item: all of it survives the outbox."""
    tell.send(oak.c, oak.sam, Topic.DAILY_LIFE, 2, WORDS, oak.jo, NOON, at=LATER)
    ids = [ready.id for ready in outbox.look(oak.c, "kith", NOON).ready]
    pushes = outbox.claim(oak.c, "kith", ids, NOON, LATER)

    about = {row.member: row.about for row in pushes}[oak.amira]
    found = tellings(oak)["Amira"]
    item = news.news(oak.c, found.news)
    assert item is not None
    assert about == item.about(oak.role("Amira"))
    assert about is not None and (about.item, about.at) == (found.news, LATER)


def test_asked_first_the_person_alone_hears_and_a_yes_calls_the_reader(oak: Oak) -> None:
    send(oak, Topic.APPOINTMENTS, 3)
    assert told(oak.c, "news.may_i_tell") == ["Sam"] and told(oak.c, "news.push") == []
    asking = tellings(oak)["Amira"]
    assert _due(oak) == [(ASKING, asking.id)]

    assert ask_first.yes(oak.c, asking.id, asking.version, oak.jo, LATER) == Outcome()
    assert ask_first.yes(oak.c, asking.id, asking.version + 1, oak.sam, LATER) == Outcome()
    assert said(ask_first.yes(oak.c, asking.id, asking.version, oak.sam, LATER)) == "news.yes_said"
    assert ask_first.yes(oak.c, asking.id, asking.version, oak.sam, LATER) == Outcome()

    assert told(oak.c, "news.push") == ["Amira"]
    answered = tellings(oak)["Amira"]
    item = news.news(oak.c, answered.news)
    assert item is not None
    decided = news.decision(oak.c, item, answered, LATER)
    assert decided is not None and decided.reason is Reason.SAID_YES
    assert _due(oak) == []


def test_a_no_and_a_silence_tell_the_reader_nothing_and_the_writer_the_same(oak: Oak) -> None:
    send(oak, Topic.APPOINTMENTS, 3)
    send(oak, Topic.APPOINTMENTS, 3)
    first, second = [
        one
        for id in oak.c.execute(select(schema.telling.c.id)).scalars().all()
        if (one := news.telling(oak.c, id)) is not None
    ]
    ask_first.no(oak.c, first.id, first.version, oak.sam, LATER)
    ask_first.silence(oak.c, second.id, NOON + ASK_FOR, NOON + ASK_FOR)

    assert told(oak.c, "news.push") == []
    assert told(oak.c, "news.not_told") == ["Jo", "Jo"]
    item = news.news(oak.c, second.news)
    assert item is not None
    decided = news.decision(oak.c, item, second, NOON + ASK_FOR)
    assert decided is not None and decided.reason is Reason.SAID_NO


def test_a_tap_chooses_the_oldest_unread_and_news_goes_on_to_what_was_read(oak: Oak) -> None:
    send(oak)
    tell.send(oak.c, oak.sam, Topic.DAILY_LIFE, 2, "Second.", oak.jo, LATER)
    first, second = _of(oak, oak.amira)

    reading.look(oak.c, oak.amira, LATER)
    reading.shown(oak.c, first, _agreed(oak, first), 77, LATER)
    reading.look(oak.c, oak.amira, LATER)
    reading.shown(oak.c, second, _agreed(oak, second), 78, LATER + timedelta(seconds=1))
    reading.look(oak.c, oak.amira, LATER)
    reading.look(oak.c, oak.amira, LATER, again=True)

    assert reveals(oak, oak.amira) == [first, second, None, first]


def test_denied_over_and_empty_leave_by_the_same_row(oak: Oak) -> None:
    """Whatever stands behind it, a tap writes one message of one kind with nothing in it."""
    send(oak)
    news.withdrawn(oak.c, [oak.role("Amira")], oak.sam, LATER)
    reading.look(oak.c, oak.amira, LATER)  # withdrawn
    send(oak, Topic.FINANCES)
    reading.look(oak.c, oak.amira, LATER)  # denied
    reading.look(oak.c, oak.ruth, LATER)  # nothing was ever there
    reading.look(oak.c, oak.leo, NOON + KEPT)  # long ago

    rows = oak.c.execute(
        select(schema.outbox).where(schema.outbox.c.text == "news.reading")
    ).mappings()
    same = {(str(row["params"]), row["lane"], row["about"], row["key"]) for row in rows}
    assert same == {("{}", 1, None, None)}


def test_only_those_around_somebody_get_an_answer_to_a_tap(oak: Oak) -> None:
    for other in (oak.sam, oak.jo, oak.alex):
        assert reading.look(oak.c, other, NOON) == Outcome()


def test_a_role_that_has_ended_reads_nothing_not_even_general_information(oak: Oak) -> None:
    send(oak, None)
    ended = schema.membership.update().where(schema.membership.c.member == oak.amira)
    oak.c.execute(ended.values(until=LATER, role="carer"))
    assert reading.look(oak.c, oak.amira, LATER) == Outcome()


def test_what_was_shown_is_kept_with_its_words_and_hidden_in_time(oak: Oak) -> None:
    send(oak)
    (id,) = _of(oak, oak.amira)
    reading.shown(oak.c, id, _agreed(oak, id), 77, LATER)

    (line,) = lines(oak, "told")
    assert (line.person, line.words) == (oak.sam, WORDS)
    assert (line.facts["to"], line.facts["reason"]) == (oak.amira, "agreed")
    assert str(line.facts["rows"]).startswith(_agreement(oak))
    assert _due(oak) == [(HIDING, id)]

    reading.hide_due(oak.c, id, LATER + HIDE_AFTER, LATER + HIDE_AFTER)
    assert _removed(oak) == [{"message": 77, "chat": 2}]
    assert reading.hide(oak.c, id, None, oak.amira, LATER) == Outcome()


def test_only_the_reader_hides_it(oak: Oak) -> None:
    send(oak)
    (id,) = _of(oak, oak.amira)
    reading.shown(oak.c, id, _agreed(oak, id), 77, LATER)

    for other in (oak.leo, oak.sam, oak.jo):
        assert reading.hide(oak.c, id, 77, other, LATER) == Outcome()
    reading.hide(oak.c, id, 77, oak.amira, LATER)
    assert _removed(oak) == [{"message": 77, "chat": 2}]


def test_a_withdrawal_ends_what_waits_and_takes_away_what_is_shown(oak: Oak) -> None:
    send(oak)
    send(oak, Topic.APPOINTMENTS, 3)
    (shown, asked) = _of(oak, oak.amira)
    reading.shown(oak.c, shown, _agreed(oak, shown), 77, LATER)

    news.withdrawn(oak.c, [oak.role("Amira")], oak.sam, LATER)

    ended = [news.telling(oak.c, id) for id in (shown, asked)]
    assert [one.state for one in ended if one is not None] == [State.OVER, State.OVER]
    assert _removed(oak) == [{"message": 77, "chat": 2}]
    assert tellings(oak)["Leo"].state is State.WAITING
    assert _due(oak) == []
    reading.look(oak.c, oak.amira, LATER, again=True)
    assert reveals(oak, oak.amira) == [None]


def test_what_left_in_the_moment_of_a_withdrawal_is_told_and_taken_away(oak: Oak) -> None:
    send(oak)
    (id,) = _of(oak, oak.amira)
    decided = _agreed(oak, id)
    news.withdrawn(oak.c, [oak.role("Amira")], oak.sam, LATER)

    reading.shown(oak.c, id, decided, 77, LATER)

    assert len(lines(oak, "told")) == 1
    assert _removed(oak) == [{"message": 77, "chat": 2}]


def test_a_choice_changed_to_ask_first_asks_before_anything_is_read(oak: Oak) -> None:
    send(oak)
    (id,) = _of(oak, oak.amira)
    row = schema.sharing.update().where(schema.sharing.c.topic == "daily_life")
    oak.c.execute(row.values(choice="ask"))

    reading.look(oak.c, oak.amira, LATER)

    assert reveals(oak, oak.amira) == [None]
    assert told(oak.c, "news.may_i_tell") == ["Sam"]
    found = news.telling(oak.c, id)
    assert found is not None and found.state is State.ASKING


def test_words_to_the_team_reach_the_keepers_and_are_sealed_under_the_writers_key(
    oak: Oak,
) -> None:
    assert heard.reply(oak.c, oak.sam, "He sounded sad.", oak.alex, NOON) == Outcome()
    assert said(heard.reply(oak.c, oak.sam, "He sounded sad.", oak.amira, NOON)) == "news.thank_you"

    assert told(oak.c, "news.heard") == ["Jo"]
    (row,) = oak.c.execute(select(schema.heard)).all()
    assert b"sad" not in row.words
    words = heard.heard(oak.c, row.id)
    assert words is not None and (words.words, words.member) == ("He sounded sad.", oak.amira)
    assert [line.person for line in lines(oak, "heard")] == [None]


def test_a_harm_is_told_to_nobody_before_the_person_has_heard_of_it(oak: Oak) -> None:
    send(oak)
    (id,) = _of(oak, oak.amira)
    found = news.telling(oak.c, id)
    assert found is not None
    oak.c.execute(schema.news.update().values(harm=True))
    item = news.news(oak.c, found.news)
    assert item is not None
    decided = news.decision(oak.c, item, found, LATER)
    assert decided is not None and decided.reason is Reason.NOT_TOLD_IN_PERSON

    oak.c.execute(schema.news.update().values(told_at=LATER))
    decided = news.decision(oak.c, item, found, LATER)
    assert decided is not None and decided.reason is Reason.AGREED


@pytest.mark.parametrize("unknown", ["", "nothing", "x" * 16])
def test_a_forged_id_is_nothing(oak: Oak, unknown: str) -> None:
    assert ask_first.yes(oak.c, unknown, 1, oak.sam, NOON) == Outcome()
    assert ask_first.no(oak.c, unknown, 1, oak.sam, NOON) == Outcome()
    assert ask_first.change(oak.c, unknown, 1, oak.sam, NOON) == Outcome()
    assert reading.hide(oak.c, unknown, 1, oak.amira, NOON) == Outcome()
    assert ask_first.silence(oak.c, unknown, NOON, NOON) == Outcome()
    assert reading.hide_due(oak.c, unknown, NOON, NOON) == Outcome()
    assert reading.shown(oak.c, unknown, None, 1, NOON) == Outcome()
    assert reading.not_shown(oak.c, unknown, None, NOON) == Outcome()


def test_a_message_that_may_have_left_before_it_was_kept_back_says_so(oak: Oak) -> None:
    send(oak)
    ids = [ready.id for ready in outbox.look(oak.c, "kith", NOON).ready]
    row = next(row for row in outbox.claim(oak.c, "kith", ids, NOON, LATER) if _to(row, oak))
    outbox.again(oak.c, row, NOON, "timeout", maybe_sent=True)
    (row,) = outbox.claim(oak.c, "kith", [row.id], NOON, LATER)
    outbox.withheld(oak.c, row, Reason.NEVER, NOON, ("a1", "r1"))

    facts = lines(oak, "withheld")[-1].facts
    assert (facts["maybe"], facts["rows"], facts["reason"]) == (1, "a1,r1", "never")


def _to(row: Row, oak: Oak) -> bool:
    return row.member == oak.amira


def _of(oak: Oak, member: str) -> list[str]:
    """This member's tellings, the oldest first."""
    rows = oak.c.execute(
        select(schema.telling.c.id)
        .join(schema.news, schema.news.c.id == schema.telling.c.news)
        .where(schema.telling.c.member == member)
        .order_by(schema.news.c.made_at, schema.news.c.topic.desc())
    )
    return list(rows.scalars())


def _agreed(oak: Oak, id: str) -> Decision | None:
    found = news.telling(oak.c, id)
    assert found is not None
    item = news.news(oak.c, found.news)
    assert item is not None
    return news.decision(oak.c, item, found, LATER)


def _agreement(oak: Oak) -> str:
    (active,) = agreement.active(oak.c, oak.role("Amira"), NOON)
    return active.id


def _due(oak: Oak) -> list[tuple[str, str]]:
    return [(kind, key) for kind, key, _ in deadlines.upcoming(oak.c, (ASKING, HIDING), 9)]


def _removed(oak: Oak) -> list[dict[str, object]]:
    rows = oak.c.execute(
        select(schema.outbox.c.params).where(schema.outbox.c.text == "general.remove")
    )
    return list(rows.scalars())
