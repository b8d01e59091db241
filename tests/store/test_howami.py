"""What a carer says of themselves: under their own key, for them alone, gone when they go."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.care.circle import How, Membership
from bot.care.concern import Concern, Kind, Part
from bot.care.howami import HowAmI
from bot.care.outcome import Outcome
from bot.store import around, concern, howami, leaving, schema
from bot.store.tools import KeyErased, tools, unseal
from tests.conftest import NOON
from tests.oak import Oak, told, unreachable

DAY = timedelta(days=1)


def said(oak: Oak, name: str, number: int, words: str | None, day: int = 0) -> str:
    kept = howami.say(oak.c, number, oak.ids[name], NOON + day * DAY).records[0]
    assert isinstance(kept, HowAmI)
    howami.write(oak.c, kept.id, words, oak.ids[name], NOON)
    return kept.id


def past(oak: Oak, name: str, **paging: int) -> list[tuple[int, str | None]]:
    return [(one.number, one.words) for one in howami.past(oak.c, oak.ids[name], **paging)]


def test_it_is_theirs_and_sealed_under_their_key(oak: Oak) -> None:
    before = oak.c.execute(select(func.count()).select_from(schema.ledger)).scalar_one()
    id = said(oak, "Amira", 2, "Tired.")
    said(oak, "Amira", 7, None, day=1)
    said(oak, "Leo", 5, "So so.")
    assert past(oak, "Amira") == [(7, None), (2, "Tired.")]
    assert past(oak, "Amira", skip=1, most=1) == [(2, "Tired.")]
    assert past(oak, "Sam") == past(oak, "Jo") == []
    for other in (oak.leo, oak.jo, oak.sam):
        assert howami.said(oak.c, id, other) is None
        assert howami.write(oak.c, id, "Mine.", other, NOON) == Outcome()
    row = oak.c.execute(select(schema.howami).where(schema.howami.c.id == id)).one()
    assert b"Tired" not in row.said and row.said != b"2"
    with pytest.raises(KeyErased):
        unseal(oak.c, oak.leo, row.said)
    after = oak.c.execute(select(func.count()).select_from(schema.ledger)).scalar_one()
    assert after == before, "the ledger, which others read, knows nothing of it"
    assert oak.c.execute(select(func.count()).select_from(schema.outbox)).scalar_one() == 0


def test_only_somebody_around_a_person_says_how_they_are(oak: Oak) -> None:
    for name in ("Sam", "Jo", "Priya", "Alex"):
        assert howami.say(oak.c, 5, oak.ids[name], NOON) == Outcome()
    assert howami.say(oak.c, 11, oak.amira, NOON) == Outcome()


def test_it_is_taken_away_when_they_wish_and_when_they_are_around_nobody(oak: Oak) -> None:
    said(oak, "Amira", 2, "Tired.")
    said(oak, "Leo", 5, None)
    howami.forget(oak.c, oak.amira, NOON)
    assert past(oak, "Amira") == [] and past(oak, "Leo") == [(5, None)]
    outcome = leaving.leave(oak.c, oak.leo, NOON)
    assert any(isinstance(one, Membership) for one in outcome.records)
    assert oak.c.execute(select(func.count()).select_from(schema.howami)).scalar_one() == 0


def test_what_nobody_can_read_any_more_is_left_out(oak: Oak) -> None:
    said(oak, "Amira", 2, "Tired.")
    tools(oak.c).vault.erase(oak.c, oak.amira)
    assert past(oak, "Amira") == []


# --- a carer's assessment -----------------------------------------------------------------

ASKS, NOBODY = "howami.please_read", "howami.nobody_now"


def asked(oak: Oak, to: Part) -> str:
    """Amira asks for an assessment, and names Mina in it; its id."""
    role, words = oak.role("Amira"), "A break. Ask Mina and Jo."
    kind = Kind.ASSESSMENT
    outcome = concern.raise_(oak.c, kind, role, oak.sam, words, None, (), NOON, sent_to=to)
    (kept,) = (one for one in outcome.records if isinstance(one, Concern))
    return kept.id


def test_the_day_does_not_pass_in_silence(oak: Oak) -> None:
    id, passed = asked(oak, Part.KEY_WORKER), "howami.day_passed"
    kept = concern.concern(oak.c, id)
    assert kept is not None and kept.due_at is not None
    concern.due(oak.c, id, kept.due_at - DAY, kept.due_at - DAY)
    assert told(oak.c, passed) == []
    for days in (1, 2):
        concern.due(oak.c, id, kept.due_at, kept.due_at + days * DAY)
    assert told(oak.c, passed) == ["Amira"], "once, and nobody else"


def test_it_goes_to_whoever_has_that_part_and_to_nobody_else(oak: Oak) -> None:
    id = asked(oak, Part.KEY_WORKER)
    assert told(oak.c, ASKS) == ["Jo"], "though she is named in it: Amira chose her"
    around.assign(oak.c, oak.dev, oak.sam, How.KEY_WORKER, oak.priya, NOON)
    concern.due(oak.c, id, NOON + DAY, NOON + DAY)
    assert told(oak.c, ASKS) == ["Jo", "Dev"], "the key worker is another one now"
    for name in ("Sam", "Amira", "Leo", "Priya", "Mina", "Alex"):
        assert concern.opened(oak.c, id, oak.ids[name], NOON) is None, name
    assert concern.opened(oak.c, id, oak.dev, NOON + DAY) is not None


def test_whoever_asks_hears_that_nobody_is_there_and_it_goes_no_further(oak: Oak) -> None:
    id = asked(oak, Part.MANAGER)
    assert told(oak.c, ASKS) == ["Priya"]
    unreachable(oak, "Priya")
    for day in (1, 2, 7):
        concern.due(oak.c, id, NOON + day * DAY, NOON + day * DAY)
    assert told(oak.c, ASKS) == ["Priya"] and told(oak.c, NOBODY) == ["Amira"], "once"
    assert told(oak.c, "howami.receipt") == ["Amira"]
    asked(oak, Part.MANAGER)
    assert told(oak.c, "howami.receipt_nobody") == ["Amira"]
