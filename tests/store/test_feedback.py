"""What is said after a session as it is kept: whom it reaches, in which pieces, on both kinds."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, select

from bot.care.booking import Booking, Place
from bot.care.education import Session, State
from bot.care.feedback import AT_ONCE, Answer, Asked
from bot.care.outcome import Outcome
from bot.store import education, feedback, schema, session
from bot.store.commit import KEEP
from tests.conftest import NOON
from tests.members import add_member
from tests.oak import Oak, said


def first(oak: Oak) -> Session:
    return session.coming(oak.c, NOON)[0]


def booked(oak: Oak, this: Session, member: str, place: Place = Place.BOOKED) -> None:
    KEEP[Booking](oak.c, Booking(this.id, member, place, 1, NOON))


def wakes(c: Connection, kind: str) -> list[str]:
    table = schema.deadline
    return list(c.execute(select(table.c.key).where(table.c.kind == kind)).scalars())


def told(c: Connection, text: str) -> list[str]:
    table = schema.outbox
    return sorted(c.execute(select(table.c.member).where(table.c.text == text)).scalars())


def over(oak: Oak, this: Session) -> None:
    education.tick(oak.c, this.id, this.ends_at, this.ends_at)
    kept = session.session(oak.c, this.id)
    assert kept is not None and kept.state is State.OVER
    assert wakes(oak.c, "feedback") == [this.id]


def test_many_are_asked_and_told_in_pieces_and_each_once(oak: Oak) -> None:
    this = first(oak)
    many = sorted(add_member(oak.c, f"M{n}", 1000 + n) for n in range(AT_ONCE + 5))
    for member in many:
        booked(oak, this, member)
    booked(oak, this, oak.ruth, Place.WAITING)
    booked(oak, this, oak.leo, Place.GIVEN_BACK)
    over(oak, this)
    later = this.ends_at + timedelta(hours=1)
    for number in (AT_ONCE, len(many), len(many), len(many)):
        feedback.due(oak.c, this.id, later, later)
        assert len(told(oak.c, "feedback.how_was")) == number
    assert told(oak.c, "feedback.how_was") == many, "nobody who waited or gave a place back"

    for member in many[1:]:
        feedback.rate(oak.c, this.id, Answer.YES, member, later)
    feedback.away(oak.c, this.id, many[-1], later)
    came = many[1:-1]
    assert feedback.themes(oak.c, this.id).came == len(came)
    feedback.follow(oak.c, this.id, "Too fast", "More breaks", oak.jo, later)
    (id,) = wakes(oak.c, "feedback_followed")
    for number in (AT_ONCE, len(came), len(came)):
        feedback.tell(oak.c, id, later, later)
        assert len(told(oak.c, "feedback.you_said")) == number
    assert told(oak.c, "feedback.you_said") == came


def test_only_who_was_asked_answers_and_only_its_staff_read(oak: Oak) -> None:
    this = first(oak)
    others = [add_member(oak.c, name, number) for name, number in (("Kit", 1001), ("Lou", 1002))]
    for member in (oak.ruth, *others):
        booked(oak, this, member)
    over(oak, this)
    later = this.ends_at + timedelta(hours=1)
    feedback.due(oak.c, this.id, later, later)
    assert feedback.rate(oak.c, this.id, Answer.NO, oak.leo, later) == Outcome()
    feedback.rate(oak.c, this.id, Answer.NO, oak.ruth, later)
    rest = {Asked.CLEAR: Answer.YES}
    feedback.say(oak.c, this.id, rest, "Too loud", oak.ruth, later)
    feedback.say(oak.c, this.id, {Asked.AGAIN: Answer.NO}, None, oak.ruth, later)
    assert feedback.themes(oak.c, this.id).words == (), "one alone is known by it"
    for member in others:
        feedback.rate(oak.c, this.id, Answer.YES, member, later)
    themes = feedback.themes(oak.c, this.id)
    assert themes.words == ("Too loud",), "what is left out stays as it was"
    assert [themes.answers[one] for one in Asked] == [
        {Answer.NO: 1, Answer.YES: 2},
        {Answer.YES: 1},
        {Answer.NO: 1},
    ]
    kept = schema.feedback.c
    row = oak.c.execute(select(kept.words).where(kept.member == oak.ruth)).scalar_one()
    assert b"loud" not in row

    for reader in (oak.alex, oak.sam, oak.ruth):
        assert feedback.reads(oak.c, this.id, reader) is None
        assert feedback.lately(oak.c, reader, later) == []
        assert feedback.follow(oak.c, this.id, "a", "b", reader, later) == Outcome()
    assert feedback.lately(oak.c, oak.jo, later) == [session.session(oak.c, this.id)]
    whole = replace(this, id="of-the-service", team=None, state=State.OVER)
    KEEP[Session](oak.c, whole)
    assert [one.id for one in feedback.lately(oak.c, oak.alex, later)] == ["of-the-service"]
    assert feedback.lately(oak.c, oak.ruth, later) == []

    taken = feedback.away(oak.c, this.id, oak.ruth, later)
    assert said(taken) == "feedback.not_there_noted"
    assert feedback.themes(oak.c, this.id).words == ()
    facts = oak.c.execute(select(schema.ledger.c.actor).where(schema.ledger.c.kind.like("feed%")))
    assert set(facts.scalars()) == {None}, "the ledger does not say who came"
