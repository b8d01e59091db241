"""Those around a person hear that their plan is looked at again: with the person's word alone."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from bot.care.news import PUSH, READING
from bot.care.outcome import NOBODY, Outcome
from bot.care.review import Invited, Item, Kind
from bot.care.review_voice import PLANS, is_told
from bot.i18n import Words
from bot.outbox import gate
from bot.outbox.sender import Presented, Withheld
from bot.store import reading, review_voice, schema
from bot.store.commit import KEEP, commit
from tests.conftest import NOON
from tests.oak import LATER, Oak, said, sampled, told
from tests.outbox.test_reveal import row

PRESENT = gate.present(Words.load(), ZoneInfo("Europe/London"))


@pytest.fixture
def oak(engine: Engine) -> Iterator[Oak]:
    with engine.begin() as c:
        yield sampled(c)


def tells(oak: Oak, kind: Kind = Kind.OUTINGS) -> Invited:
    """Sam is invited, and those who may know hear of it."""
    asked = Invited("asked", kind, "plan", oak.sam, LATER, NOON)
    KEEP[Invited](oak.c, asked)
    commit(oak.c, review_voice.tell(oak.c, asked, NOON), NOBODY, NOON)
    return asked


def reads(oak: Oak, who: str) -> Presented:
    """They tap on `Read`, and it leaves."""
    reading.look(oak.c, who, LATER)
    shown = PRESENT(oak.c, row(oak, READING, who), LATER)
    assert isinstance(shown, Presented)
    if shown.kept is not None:
        shown.kept(oak.c, 77, LATER)
    return shown


def test_of_the_persons_own_plans_alone_and_never_that_something_has_happened() -> None:
    told = {kind for kind in Kind if is_told(Item(kind, "of", "sam", LATER))}
    assert told == PLANS == {Kind.SIGN_PLAN, Kind.OUTINGS, Kind.PROFILE}
    assert not any(is_told(Item(kind, "of", "sam", LATER, early=True)) for kind in Kind)
    assert not is_told(Item("own_1234", "of", "sam", LATER))


def test_only_with_whom_the_person_shares_their_plans_and_their_words_are_kept_sealed(
    oak: Oak,
) -> None:
    asked = tells(oak)
    assert told(oak.c, "news.push") == ["Ruth"]
    assert "Sam's plan for going out. You may say something" in reads(oak, oak.ruth).text
    for other in (oak.amira, oak.leo, oak.alex, oak.jo, oak.sam):
        assert review_voice.speaks(oak.c, asked.id, other) is None
        assert review_voice.say(oak.c, asked.id, "Aha.", other, LATER) == Outcome()
    for words in ("Buses are hard.", "Mornings are good."):
        done = review_voice.say(oak.c, asked.id, words, oak.ruth, LATER)
        assert said(done) == "review.voice_thanks"
    (kept,) = review_voice.voices(oak.c, oak.sam, Kind.OUTINGS, "plan")
    assert (kept.member, kept.words) == (oak.ruth, "Mornings are good.")
    (sealed,) = oak.c.execute(select(schema.review_voice.c.words)).scalars()
    assert b"Mornings" not in sealed
    assert review_voice.voices(oak.c, oak.sam, Kind.PROFILE, "plan") == []
    place = schema.membership.c.id == oak.role("Ruth")
    oak.c.execute(schema.membership.update().where(place).values(until=LATER))
    assert review_voice.speaks(oak.c, asked.id, oak.ruth) is None, "who is around Sam no more"


def test_who_may_know_that_something_is_up_does_not_hear_what(oak: Oak) -> None:
    oak.c.execute(schema.sharing.update().values(level=1))
    tells(oak, Kind.SIGN_PLAN)
    read = reads(oak, oak.ruth).text
    assert "one of Sam's plans" in read and "early-warning" not in read


def test_what_is_shared_no_more_when_it_leaves_is_not_said(oak: Oak) -> None:
    asked = tells(oak)
    push = row(oak, PUSH, oak.ruth)
    oak.c.execute(schema.sharing.update().values(choice="never"))
    assert isinstance(PRESENT(oak.c, push, LATER), Withheld)
    reads(oak, oak.ruth)
    assert review_voice.speaks(oak.c, asked.id, oak.ruth) is None, "it was never read"


def test_where_the_person_wants_to_be_asked_first_they_are(oak: Oak) -> None:
    oak.c.execute(schema.sharing.update().values(choice="ask"))
    tells(oak)
    assert told(oak.c, "news.push") == [] and told(oak.c, "news.may_i_tell") == ["Sam"]
