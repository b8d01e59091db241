"""What is shown behind a tap, asked at the very last moment, on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from bot.care.heard import HEARD
from bot.care.news import KEPT, MAY_I, PUSH, READING
from bot.care.outcome import Lane, Topic
from bot.care.text import Text
from bot.i18n import Words
from bot.outbox import gate
from bot.outbox.sender import Gone, Presented, Withheld
from bot.store import ask_first, heard, ledger, news, outbox, reading, schema, tell
from bot.store.outbox import Row
from tests.conftest import NOON
from tests.oak import ACCOUNTS, LATER, Oak, sampled, told

CAKE = "Sam baked a cake."
PRESENT = gate.present(Words.load(), ZoneInfo("Europe/London"))


@pytest.fixture
def oak(engine: Engine) -> Iterator[Oak]:
    with engine.begin() as c:
        yield sampled(c)


def send(oak: Oak, topic: Topic | None = Topic.DAILY_LIFE) -> None:
    tell.send(oak.c, oak.sam, topic, 2, CAKE, oak.jo, NOON)


def row(oak: Oak, text: Text, to: str) -> Row:
    """The newest message of this kind to this member."""
    id = oak.c.execute(
        select(schema.outbox.c.id)
        .where(schema.outbox.c.text == str(text), schema.outbox.c.member == to)
        .order_by(schema.outbox.c.number.desc())
        .limit(1)
    ).scalar_one()
    return outbox.load(oak.c, id)[0]


def looked(oak: Oak, to: str) -> Row:
    """A tap on `Read`: the message that it writes."""
    reading.look(oak.c, to, LATER)
    return row(oak, READING, to)


def shown(oak: Oak, row: Row) -> Presented:
    presented = PRESENT(oak.c, row, LATER)
    assert isinstance(presented, Presented)
    return presented


def left(oak: Oak, presented: Presented) -> list[ledger.Line]:
    """It has left; the lines that this adds to the ledger."""
    newest = ledger.lines(oak.c)[-1].number
    if presented.kept is not None:
        presented.kept(oak.c, 77, LATER)
    return ledger.lines(oak.c, after=newest)


def nothing(oak: Oak) -> tuple[object, ...]:
    """What somebody sees for whom there never was anything."""
    presented = shown(oak, looked(oak, oak.ruth))
    assert left(oak, presented) == []
    return presented.text, presented.buttons


def same(presented: Presented) -> tuple[object, ...]:
    return presented.text, presented.buttons


def test_the_words_are_there_for_their_reader(oak: Oak) -> None:
    send(oak)
    presented = shown(oak, looked(oak, oak.amira))

    assert presented.chat == ACCOUNTS["Amira"] and CAKE in presented.text
    (line,) = left(oak, presented)
    assert (line.kind, line.words) == ("told", CAKE)


def test_a_choice_taken_back_between_tap_and_send_shows_nothing(oak: Oak) -> None:
    send(oak)
    tapped = looked(oak, oak.amira)
    oak.c.execute(schema.sharing.update().values(choice="never"))

    presented = shown(oak, tapped)

    assert same(presented) == nothing(oak)
    (line,) = left(oak, presented)
    assert (line.kind, line.facts["reason"]) == ("withheld", "never")
    assert "maybe" not in line.facts


@pytest.mark.parametrize("ended", [False, True])
def test_words_that_may_have_arrived_before_it_was_taken_back_are_owned_up_to(
    oak: Oak, ended: bool
) -> None:
    send(oak)
    tapped = replace(looked(oak, oak.amira), maybe_sent=True)
    if ended:
        news.withdrawn(oak.c, [oak.role("Amira")], oak.sam, LATER)
    else:
        oak.c.execute(schema.sharing.update().values(choice="never"))

    presented = shown(oak, tapped)

    empty = shown(oak, replace(looked(oak, oak.ruth), maybe_sent=True))
    assert same(presented) == same(empty)
    (line,) = left(oak, presented)
    assert (line.kind, line.facts["maybe"]) == ("withheld", 1)


def test_what_became_ask_first_in_between_is_asked_and_not_shown(oak: Oak) -> None:
    send(oak)
    tapped = looked(oak, oak.amira)
    oak.c.execute(schema.sharing.update().values(choice="ask"))

    presented = shown(oak, tapped)

    assert same(presented) == nothing(oak)
    assert told(oak.c, "news.may_i_tell") == []
    left(oak, presented)
    assert told(oak.c, "news.may_i_tell") == ["Sam"]


def test_somebody_elses_words_are_nobodys(oak: Oak) -> None:
    send(oak)
    for other in (oak.leo, oak.ruth, oak.sam, oak.jo):
        tapped = replace(looked(oak, oak.amira), member=other)
        assert same(shown(oak, tapped)) == nothing(oak)


def test_words_grow_old(oak: Oak) -> None:
    send(oak)
    tapped = looked(oak, oak.amira)
    assert CAKE in shown(oak, tapped).text
    late = PRESENT(oak.c, tapped, NOON + KEPT)
    assert isinstance(late, Presented) and same(late) == nothing(oak)


def test_nobody_is_called_to_what_is_over(oak: Oak) -> None:
    send(oak)
    push = row(oak, PUSH, oak.amira)
    assert isinstance(PRESENT(oak.c, push, LATER), Presented)

    left(oak, shown(oak, looked(oak, oak.amira)))

    assert PRESENT(oak.c, push, LATER) == Withheld(gate.OVER, told=True)


def test_a_call_that_became_ask_first_asks_the_person_instead(oak: Oak) -> None:
    send(oak)
    oak.c.execute(schema.sharing.update().values(choice="ask"))

    withheld = PRESENT(oak.c, row(oak, PUSH, oak.amira), LATER)

    assert isinstance(withheld, Withheld) and withheld.reason == "ask_first"
    assert withheld.kept is not None
    withheld.kept(oak.c, LATER)
    assert told(oak.c, "news.may_i_tell") == ["Sam"]


def test_only_the_person_sees_what_they_are_asked_and_only_while_it_stands(oak: Oak) -> None:
    send(oak, Topic.APPOINTMENTS)
    card = row(oak, MAY_I, oak.sam)
    # The sample shares appointments at the details: the main point is within them.
    assert CAKE in shown(oak, card).text
    for other in (oak.amira, oak.jo):
        assert isinstance(PRESENT(oak.c, replace(card, member=other), LATER), Withheld)

    id, version = str(card.params["telling"]), int(str(card.params["version"]))
    ask_first.no(oak.c, id, version, oak.sam, LATER)
    assert isinstance(PRESENT(oak.c, card, LATER), Withheld)


def test_words_to_the_team_are_shown_to_the_persons_staff_alone(oak: Oak) -> None:
    heard.reply(oak.c, oak.sam, "He sounded sad.", oak.amira, NOON)
    card = row(oak, HEARD, oak.jo)
    assert "He sounded sad." in shown(oak, card).text
    for other in (oak.sam, oak.leo, oak.alex, oak.amira):
        assert isinstance(PRESENT(oak.c, replace(card, member=other), LATER), Withheld)


def test_a_message_is_taken_out_of_its_chat_even_when_its_reader_has_gone(oak: Oak) -> None:
    send(oak)
    left(oak, shown(oak, looked(oak, oak.amira)))
    news.withdrawn(oak.c, [oak.role("Amira")], oak.sam, LATER + timedelta(minutes=1))
    oak.c.execute(
        schema.member.update()
        .where(schema.member.c.id == oak.amira)
        .values(telegram=None, left_at=LATER)
    )

    gone = PRESENT(oak.c, row(oak, Text("general", "remove"), oak.amira), LATER)

    assert gone == Gone(ACCOUNTS["Amira"], 77)


def test_a_question_for_the_gate_survives_the_outbox(oak: Oak) -> None:
    send(oak)
    push = row(oak, PUSH, oak.amira)
    assert push.about is not None
    assert (push.about.acting, push.about.level) == (oak.role("Amira"), 2)
    assert (push.lane, push.about.topic) == (Lane.NEWS, Topic.DAILY_LIFE)
