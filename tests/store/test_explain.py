"""`kith explain`: what the gate says, or said then, and what it rests on."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from bot.care.agreement import Basis, Effect, Reason
from bot.care.outcome import About, Topic
from bot.i18n import Words
from bot.reports.explain import lines
from bot.store import explain, schema
from bot.store.engine import Refused
from tests.conftest import NOON
from tests.oak import LATER, Oak


def about(oak: Oak, topic: Topic = Topic.DAILY_LIFE, level: int = 1) -> About:
    return About(oak.sam, topic, level, at=NOON)


def test_the_answer_names_the_agreement_and_its_row(oak: Oak) -> None:
    [found] = explain.explain(oak.c, oak.amira, about(oak), LATER)
    assert (found.decision.effect, found.decision.reason) == (Effect.SHARE, Reason.AGREED)
    assert found.agreement is not None and found.agreement.version == 1
    assert [row.topic for row in found.rows] == [Topic.DAILY_LIFE]
    assert found.others == () and found.role == "carer"


@pytest.mark.parametrize(
    ("basis", "says"),
    [
        (Basis.CONSENT, "rests on the person's own consent"),
        (Basis.BEST_INTERESTS, "rests on best-interests decision g1"),
        (Basis.AUTHORITY, "rests on the word of an attorney or deputy, papers g1"),
    ],
)
def test_what_the_row_rests_on_is_named(oak: Oak, basis: Basis, says: str) -> None:
    table = schema.sharing
    ground = None if basis is Basis.CONSENT else "g1"
    of = update(table).where(table.c.topic == Topic.DAILY_LIFE.value)
    oak.c.execute(of.values(basis=basis.value, ground=ground))
    [found] = explain.explain(oak.c, oak.amira, about(oak), LATER)
    voice = Words.load().voice("en_GB", ZoneInfo("Europe/London"), LATER)
    said = [line for line in lines(voice, found, "Sam", "Amira") if "By its row" in line]
    assert len(said) == 1 and says in said[0]


def test_of_a_time_before_the_agreement_there_was_none(oak: Oak) -> None:
    [found] = explain.explain(oak.c, oak.amira, about(oak), NOON - timedelta(days=1))
    assert found.decision.effect is Effect.WITHHOLD


@pytest.mark.parametrize(("to", "reason"), [("Jo", "direct_care"), ("Alex", "other_team")])
def test_who_has_no_place_in_the_circle_is_explained_too(oak: Oak, to: str, reason: str) -> None:
    [found] = explain.explain(oak.c, oak.ids[to], about(oak), LATER)
    assert (found.role, found.decision.reason) == (None, reason)


def test_looking_writes_nothing(oak: Oak) -> None:
    before = oak.c.execute(schema.ledger.select()).all()
    explain.explain(oak.c, oak.leo, about(oak, Topic.FINANCES), LATER)
    assert oak.c.execute(schema.ledger.select()).all() == before


def test_a_member_is_found_by_name_or_id_and_never_guessed(oak: Oak) -> None:
    assert explain.member(oak.c, "sam").id == oak.sam
    assert explain.member(oak.c, oak.sam).name == "Sam"
    with pytest.raises(Refused, match="Nobody here is called Bob"):
        explain.member(oak.c, "Bob")


def test_nothing_is_explained_about_somebody_who_is_no_person_supported(oak: Oak) -> None:
    wrong = About(oak.amira, Topic.DAILY_LIFE, 1, at=NOON)
    with pytest.raises(Refused, match="Amira is not a person whom a team supports"):
        explain.explain(oak.c, oak.leo, wrong, LATER)
