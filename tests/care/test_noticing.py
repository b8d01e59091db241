"""Which cards somebody is shown, what they may change of what they said, the weekly question."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.care import noticing, weekly
from bot.care.circle import Role
from bot.care.outcome import Outcome
from bot.care.sign import Observation, Sign, SignPlan, Stage, State, Voice
from bot.care.weekly import Answer, Asked, Weekly

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LONDON = ZoneInfo("Europe/London")


def card(name: str, stage: Stage, by: str, *voices: Voice) -> Sign:
    return Sign(name, stage, name, by, NOON, noticed_by=frozenset(voices or Voice))


PLAN = SignPlan(
    id="plan",
    person="sam",
    version=1,
    state=State.ACTIVE,
    drafted_by="jo",
    drafted_at=NOON,
    review_at=NOON,
    active_at=NOON,
    co_authors=("amira", "jo"),
    signs=(
        card("sings", Stage.GOOD, "sam"),
        card("late", Stage.LATE, "jo"),
        card("tired", Stage.EARLY, "sam", Voice.PERSON),
        card("night", Stage.EARLY, "sam", Voice.CARER),
        card("quiet", Stage.EARLY, "leo"),
    ),
)


@pytest.mark.parametrize(
    ("voice", "member", "shown"),
    [
        (Voice.PERSON, "sam", "tired quiet late sings night"),
        (Voice.STAFF, "dev", "quiet late sings tired night"),
        (Voice.CARER, "amira", "night quiet late sings"),  # she helped to write the plan
        (Voice.CARER, "leo", "quiet"),  # he wrote this one
        (Voice.CARER, "ruth", ""),
    ],
)
def test_who_is_shown_which_cards_in_which_order(voice: Voice, member: str, shown: str) -> None:
    found = noticing.cards(PLAN, voice, member)
    assert " ".join(sign.name for sign in found) == shown
    assert noticing.cards(None, voice, member) == ()


@pytest.mark.parametrize(
    ("since", "ended", "known"),
    [
        (NOON, None, True),
        (NOON - HOUR, NOON + HOUR, True),
        (NOON - HOUR, NOON, False),  # the person shared nothing with them when it came
        (NOON - HOUR, NOON - HOUR, False),
        (NOON + HOUR, None, False),  # let in again after it came
    ],
)
def test_whoever_was_not_beside_the_person_then_is_shown_their_own_cards_alone(
    since: datetime, ended: datetime | None, known: bool
) -> None:
    assert noticing.known(PLAN, since, ended) is known
    assert not noticing.known(replace(PLAN, active_at=None), since, ended)
    for member, own in (("amira", []), ("leo", ["quiet"])):
        found = noticing.cards(PLAN, Voice.CARER, member, known=False)
        assert [sign.name for sign in found] == own


@pytest.mark.parametrize("role", Role)
def test_each_role_has_one_of_three_voices(role: Role) -> None:
    staff = {Role.STAFF, Role.ON_CALL_LEAD, Role.MANAGER, Role.SAFEGUARDING_LEAD}
    carer = Voice.STAFF if role in staff else Voice.CARER
    assert noticing.voice_of(role) is (Voice.PERSON if role is Role.PERSON else carer)


def noticed(voice: Voice = Voice.CARER) -> Observation:
    acting = "place" if voice is Voice.CARER else None
    return Observation("one", "sam", "plan", "night", 0, 2, None, "amira", acting, voice, NOON)


def test_who_noticed_it_gets_a_receipt_and_nobody_else_hears() -> None:
    for voice, text in ((Voice.CARER, "receipt_carer"), (Voice.STAFF, "receipt")):
        kept = noticing.keep(noticed(voice), asking=False, here=True)
        assert [(tell.to, tell.message.text.id) for tell in kept.tells] == [("amira", text)]
        assert [log.person for log in kept.logs] == [None]  # no line of the person's
        assert "asking" not in kept.tells[0].message.params
    asked = noticing.keep(noticed(), asking=True, here=True)
    assert asked.tells[0].message.params["asking"] == "now"


def test_who_is_around_no_more_is_answered_on_the_spot() -> None:
    kept = noticing.keep(noticed(), asking=False, here=False)
    assert kept.records == (noticed(),) and not kept.tells
    assert kept.said is not None and kept.said.text.id == "receipt_gone"


def test_the_person_may_know_who_said_it_when_the_carer_says_so_and_nobody_else() -> None:
    sure = noticing.change(noticed(), "amira", asking=True)
    assert not sure.records and sure.said is not None and sure.said.text.id == "may_know_sure"
    assert sure.said.params["asking"] == "now"
    after = noticing.change(noticed(), "amira", named=True).records[0]
    assert isinstance(after, Observation) and after.named
    assert noticing.change(after, "amira").records == (noticed(),)
    assert noticing.change(after, "amira", named=False).records == (noticed(),)
    same = noticing.change(noticed(), "amira", named=False)
    assert not same.records and same.said is not None and same.said.text.id == "receipt_carer"
    for by in ("sam", "jo", "leo"):
        assert noticing.change(noticed(), by, named=True) == Outcome()
    assert noticing.change(noticed(Voice.STAFF), "amira") == Outcome()
    gone = replace(noticed(), withdrawn_at=NOON)
    assert noticing.change(gone, "amira") == Outcome()


def test_what_was_said_is_taken_back_once_by_who_said_it_and_whoever_read_it_hears() -> None:
    done = noticing.take_back(noticed(), "amira", NOON)
    assert done.records == (replace(noticed(), withdrawn_at=NOON),) and not done.tells
    assert noticing.take_back(noticed(), "jo", NOON) == Outcome()
    assert noticing.take_back(replace(noticed(), withdrawn_at=NOON), "amira", NOON) == Outcome()
    read = replace(noticed(), read_by="jo", read_at=NOON)
    assert [tell.to for tell in noticing.take_back(read, "amira", NOON).tells] == ["jo"]
    own = replace(noticed(Voice.STAFF), read_by="amira", read_at=NOON)
    assert not noticing.take_back(own, "amira", NOON).tells


def test_no_answer_in_a_week_is_kept_as_not_heard() -> None:
    wanted = Weekly("place", "amira", "sam", NOON)
    asked = weekly.ask(wanted, "week", NOON + HOUR, NOON).records[1]
    assert asked == Asked("week", "place", NOON, Answer.NOT_HEARD)
    assert weekly.hear(asked, Answer.NOTHING_NEW, "amira", NOON + HOUR).records == (
        Asked("week", "place", NOON, Answer.NOTHING_NEW, NOON + HOUR),
    )


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (datetime(2026, 3, 4, 2, 14, tzinfo=UTC), datetime(2026, 3, 11, 10, tzinfo=UTC)),
        (datetime(2026, 3, 25, 23, tzinfo=UTC), datetime(2026, 4, 1, 9, tzinfo=UTC)),
    ],
)
def test_it_is_asked_on_the_same_day_of_the_week_in_the_morning(
    now: datetime, then: datetime
) -> None:
    assert weekly.in_a_week(now, LONDON) == then
