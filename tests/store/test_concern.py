"""Concerns and complaints as they are kept: who is asked, who never is, and who may read them."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.care.circle import Member, Membership, Role, Shift
from bot.care.concern import LADDER, Concern, Kind, Part
from bot.care.escalation import Cause, Close, Escalation, State
from bot.care.outcome import NOBODY, Outcome
from bot.store import around, concern, deadlines, escalation, leaving, profile, schema, told
from bot.store.commit import KEEP, commit
from bot.store.tools import new_id, tools
from tests.conftest import NOON
from tests.oak import LATER, Oak, also, names, said, unreachable
from tests.oak import told as told_by

BRUISES = "There are bruises on his arm."


def raised(
    oak: Oak, *about: str, by: str = "Amira", words: str = BRUISES, kind: Kind = Kind.SAFETY
) -> Concern:
    """What one of them writes about Sam's care; `about` by name, or a part in the team."""
    ids = [oak.ids.get(one, one) for one in about]
    concern.raise_(oak.c, kind, oak.role(by), oak.sam, words, None, ids, NOON)
    newest = select(schema.concern.c.id).order_by(schema.concern.c.at.desc())
    found = concern.concern(oak.c, oak.c.execute(newest).scalars().all()[-1])
    assert found is not None
    return found


def alert(oak: Oak) -> Escalation:
    (one,) = escalation.standing(oak.c, oak.sam, [Cause.CONCERN])
    return one


def asked(oak: Oak, rungs: int = 4) -> list[str]:
    """Whom its alert asks, one after the other, when nobody answers."""
    for n in range(rungs):
        escalation.tick(oak.c, alert(oak).id, NOON, NOON.replace(hour=13 + n))
    return names(oak.c, list(alert(oak).told))


@pytest.mark.parametrize(
    ("about", "words", "by", "asks"),
    [
        ((), BRUISES, "Amira", ["Mina", "Priya"]),
        ((Part.SAFEGUARDING_LEAD,), BRUISES, "Amira", ["Priya", "Jo", "Dev"]),
        (("Mina",), BRUISES, "Jo", ["Priya", "Dev"]),
        (("mina, I think",), BRUISES, "Leo", ["Priya", "Jo", "Dev"]),
        (("her boss",), BRUISES, "Leo", ["Mina", "Jo", "Dev"]),
        ((), "mina shouted at him.", "Sam", ["Priya", "Jo", "Dev"]),
        (("Priya", "Jo"), BRUISES, "Dev", ["Mina"]),
        ((), BRUISES, "Mina", ["Priya", "Jo", "Dev"]),
        (("Mina", Part.MANAGER), BRUISES, "Amira", ["Jo", "Dev"]),
        (("Mina", "Priya"), BRUISES, "Jo", ["Dev"]),
        (("Mina", "Priya", Part.WORKER, Part.ON_CALL), BRUISES, "Amira", []),
        (("Mina", "Priya", Part.KEY_WORKER), BRUISES, "Amira", ["Dev"]),
    ],
)
def test_it_climbs_past_everybody_it_is_about_and_past_its_writer(
    oak: Oak, about: tuple[str, ...], words: str, by: str, asks: list[str]
) -> None:
    raised(oak, *about, by=by, words=words)
    assert sorted(asked(oak)) == sorted(asks)
    assert alert(oak).due_at is not None, "it goes on looking for somebody"
    outbox = set(oak.c.execute(select(schema.outbox.c.member)).scalars())
    assert set(names(oak.c, list(outbox))) == {by, *asks}, "and nobody else hears anything"
    nobody = "concern.receipt_nobody" if not asks else "concern.receipt"
    assert told_by(oak.c, nobody) == [by]


def test_whoever_was_on_call_last_night_is_meant_by_whoever_is_on_call(oak: Oak) -> None:
    for by, starts, ends in (("Priya", -14, -4), ("Mina", 4, 9), ("Jo", -24 * 15, -24 * 14 - 1)):
        night = NOON + timedelta(hours=starts), NOON + timedelta(hours=ends)
        KEEP[Shift](oak.c, Shift(new_id(oak.c), oak.team, oak.ids[by], *night))
    kept = raised(oak, Part.ON_CALL)
    assert sorted(names(oak.c, list(kept.named))) == ["Dev", "Priya"]


def test_whoever_cannot_be_reached_is_passed_and_nobody_named_takes_it_on(oak: Oak) -> None:
    unreachable(oak, "Mina")
    kept = raised(oak, "Priya", by="Jo")
    assert asked(oak, 1) == ["Dev"]
    for name in ("Priya", "Sam", "Jo", "Alex", "Amira", "Leo"):
        assert escalation.take(oak.c, alert(oak).id, oak.ids[name], LATER) == Outcome()
        assert escalation.pass_on(oak.c, alert(oak).id, oak.ids[name], LATER) == Outcome()
        assert concern.read(oak.c, kept.id, oak.ids[name], LATER) == Outcome()
        assert concern.opened(oak.c, kept.id, oak.ids[name], LATER) is None
        assert concern.finish(oak.c, kept.id, "x", oak.ids[name], LATER) == Outcome()
        assert concern.acknowledge(oak.c, kept.id, oak.ids[name], LATER) == Outcome()
    assert concern.opened(oak.c, kept.id, oak.dev, LATER) is None, "not before it is taken on"
    escalation.take(oak.c, alert(oak).id, oak.dev, LATER)
    opened = concern.opened(oak.c, kept.id, oak.dev, LATER)
    assert opened is not None and opened.words == BRUISES and opened.about == (oak.priya,)


def test_two_roles_are_one_person_and_a_carer_who_is_named_is_not_asked_as_staff(oak: Oak) -> None:
    also(oak, "Amira", Role.SAFEGUARDING_LEAD)
    raised(oak, "Amira", by="Leo")
    assert asked(oak) == ["Mina", "Priya"]


def test_it_ends_in_hands_and_closing_it_in_any_way_tells_the_writer(oak: Oak) -> None:
    kept = raised(oak)
    id = alert(oak).id
    escalation.take(oak.c, id, oak.mina, LATER)
    concern.read(oak.c, kept.id, oak.mina, LATER)
    concern.read(oak.c, kept.id, oak.mina, LATER)
    assert told_by(oak.c, "concern.was_read") == ["Amira"]
    escalation.close(oak.c, id, oak.mina, Close.SEEN_TO, LATER)
    assert told_by(oak.c, "concern.finished") == ["Amira"]
    assert said(concern.finish(oak.c, kept.id, "Again.", oak.mina, LATER)) == (
        "concern.finished_already"
    )
    found = escalation.escalation(oak.c, id)
    assert found is not None and found.state is State.CLOSED and found.rungs == LADDER


def test_the_holder_who_finishes_it_closes_the_alert_and_one_who_passed_it_on_does_not(
    oak: Oak,
) -> None:
    kept = raised(oak)
    escalation.take(oak.c, alert(oak).id, oak.mina, LATER)
    escalation.pass_on(oak.c, alert(oak).id, oak.mina, LATER)
    assert concern.opened(oak.c, kept.id, oak.mina, LATER) is None
    late = concern.finish(oak.c, kept.id, "Done.", oak.mina, LATER)
    assert said(late) == "concern.not_kept" and not late.records
    assert concern.finish(oak.c, kept.id, "Done.", oak.jo, LATER) == Outcome()
    escalation.take(oak.c, alert(oak).id, oak.priya, LATER)
    concern.read(oak.c, kept.id, oak.priya, LATER)
    concern.finish(oak.c, kept.id, "Rang the council.", oak.priya, LATER)
    assert escalation.standing(oak.c, oak.sam, [Cause.CONCERN]) == []
    done = concern.opened(oak.c, kept.id, oak.priya, LATER)
    assert done is not None and done.found == "Rang the council."
    late = concern.finish(oak.c, kept.id, "Done.", oak.mina, LATER)
    assert said(late) == "concern.finished_already"
    assert told_by(oak.c, "concern.finished") == ["Amira"]
    assert told_by(oak.c, "concern.closed_by") == ["Mina"]


def test_until_it_is_read_its_holder_is_asked_soon_and_then_each_day(oak: Oak) -> None:
    kept = raised(oak)
    id = alert(oak).id
    escalation.take(oak.c, id, oak.mina, NOON)
    half_hour = NOON + timedelta(minutes=30)
    assert alert(oak).due_at == half_hour
    escalation.tick(oak.c, id, half_hour, half_hour)
    assert told_by(oak.c, "concern.how_is_it") == ["Mina"]
    concern.read(oak.c, kept.id, oak.mina, half_hour)
    assert (alert(oak).due_at, alert(oak).asked) == (half_hour + timedelta(days=1), 0)
    concern.read(oak.c, kept.id, oak.mina, LATER)
    assert alert(oak).due_at == half_hour + timedelta(days=1), "to open it again is no answer"


def test_whoever_takes_it_over_reads_it_too_before_it_can_end(oak: Oak) -> None:
    kept = raised(oak)
    id = alert(oak).id
    escalation.take(oak.c, id, oak.mina, NOON)
    concern.read(oak.c, kept.id, oak.mina, NOON)
    escalation.pass_on(oak.c, id, oak.mina, NOON)
    escalation.take(oak.c, id, oak.priya, NOON)
    half_hour = NOON + timedelta(minutes=30)
    assert alert(oak).due_at == half_hour, "it was read, and not by her"

    unread = concern.finish(oak.c, kept.id, "Done.", oak.priya, NOON)
    assert said(unread) == "concern.read_first" and not unread.records
    escalation.close(oak.c, id, oak.priya, Close.SEEN_TO, NOON)
    assert told_by(oak.c, "concern.read_first") == ["Priya"]
    assert told_by(oak.c, "concern.finished") == []
    escalation.tick(oak.c, id, half_hour, half_hour)
    assert told_by(oak.c, "concern.how_is_it") == ["Priya"]

    concern.read(oak.c, kept.id, oak.priya, half_hour)
    assert alert(oak).due_at == half_hour + timedelta(days=1)
    assert told_by(oak.c, "concern.was_read") == ["Amira"], "once"
    concern.finish(oak.c, kept.id, "Done.", oak.priya, half_hour)
    assert told_by(oak.c, "concern.finished") == ["Amira"]


def test_where_all_are_kept_from_it_it_is_tried_each_hour_and_said_once(oak: Oak) -> None:
    raised(oak, "Mina", "Priya", Part.WORKER, Part.ON_CALL)
    id, opening = alert(oak).id, lines(oak)
    for hours in (0, 1, 2):
        due = alert(oak).due_at
        assert due == NOON + timedelta(minutes=1, hours=hours)
        escalation.tick(oak.c, id, due, due)
    assert lines(oak) == opening > 0
    also(oak, "Alex", Role.MANAGER)
    due = alert(oak).due_at
    assert due is not None
    escalation.tick(oak.c, id, due, due)
    assert names(oak.c, list(alert(oak).told)) == ["Alex"] and lines(oak) > opening


def test_its_writer_hears_once_that_nobody_can_be_asked_any_more(oak: Oak) -> None:
    raised(oak)
    assert told_by(oak.c, "concern.receipt") == ["Amira"]
    unreachable(oak, "Mina", "Priya", "Dev", "Jo")
    for _ in range(3):
        due = alert(oak).due_at
        assert due is not None
        escalation.tick(oak.c, alert(oak).id, due, due)
    assert told_by(oak.c, "concern.receipt_nobody") == ["Amira"]


def lines(oak: Oak) -> int:
    return len(oak.c.execute(select(schema.ledger.c.number)).all())


def test_it_goes_with_the_person_to_the_team_that_supports_them_now(oak: Oak) -> None:
    kept = raised(oak)
    id = alert(oak).id
    escalation.take(oak.c, id, oak.mina, LATER)
    sam_moves(oak)
    assert concern.opened(oak.c, kept.id, oak.mina, LATER) is None
    escalation.take(oak.c, id, oak.alex, LATER)
    assert concern.read(oak.c, kept.id, oak.alex, LATER).tells
    concern.finish(oak.c, kept.id, "Rang the council.", oak.alex, LATER)
    assert told_by(oak.c, "concern.finished") == ["Amira"]


def sam_moves(oak: Oak) -> None:
    """To Elm House, where Alex works."""
    (elm,) = around.works_in(oak.c, oak.alex, NOON)
    moved = Membership(new_id(oak.c), oak.sam, Role.PERSON, elm, None, LATER)
    ended = update(schema.membership).where(schema.membership.c.id == oak.role("Sam"))
    oak.c.execute(ended.values(until=LATER))
    KEEP[Membership](oak.c, moved)
    escalation.left(oak.c, oak.mina, LATER)


def test_it_does_not_go_to_one_of_that_team_who_is_named_in_it(oak: Oak) -> None:
    kept = raised(oak, words="Alex from Elm House hit him on the outing.")
    id = alert(oak).id
    escalation.take(oak.c, id, oak.mina, LATER)
    sam_moves(oak)
    assert asked(oak) == ["Mina"]
    assert escalation.take(oak.c, id, oak.alex, LATER) == Outcome()
    assert concern.opened(oak.c, kept.id, oak.alex, LATER) is None


def test_whoever_is_named_and_begins_to_work_here_later_is_not_asked(oak: Oak) -> None:
    raised(oak, words="alex hit him on the outing.")
    also(oak, "Alex", Role.MANAGER)
    unreachable(oak, "Priya")
    assert sorted(asked(oak)) == ["Dev", "Jo", "Mina"]


def test_words_of_one_whose_place_has_ended_are_kept_all_the_same(oak: Oak) -> None:
    place = oak.role("Amira")
    leaving.end_membership(oak.c, place, oak.sam, NOON)
    concern.raise_(oak.c, Kind.SAFETY, place, oak.sam, BRUISES, None, (), NOON)
    assert names(oak.c, list(alert(oak).told)) == ["Mina"]


def test_nothing_of_it_is_in_the_persons_ledger_nor_readable_in_the_file(oak: Oak) -> None:
    kept = raised(oak, "Jo")
    lines = oak.c.execute(
        select(schema.ledger.c.kind).where(schema.ledger.c.person == oak.sam)
    ).scalars()
    assert not [kind for kind in lines if "concern" in kind or "escalation" in kind]
    assert told.page(oak.c, oak.sam).entries == ()
    row = oak.c.execute(select(schema.concern)).one()
    assert BRUISES.encode() not in row.words
    tools(oak.c).vault.erase(oak.c, oak.amira)
    erased = concern.concern(oak.c, kept.id)
    assert erased is not None and erased.words == "[erased]"
    escalation.take(oak.c, alert(oak).id, oak.mina, LATER)
    concern.read(oak.c, kept.id, oak.mina, LATER)
    concern.finish(oak.c, kept.id, "Done.", oak.mina, LATER)  # what nobody can read stays so
    again = concern.concern(oak.c, kept.id)
    assert again is not None and again.words == "[erased]" and again.named == (oak.jo,)


# --- disagreements and complaints ---------------------------------------------------------


@pytest.mark.parametrize(
    ("about", "by", "leads"),
    [
        ((), "Leo", ["Priya"]),
        (("Priya",), "Sam", ["Mina"]),
        ((Part.MANAGER, Part.SAFEGUARDING_LEAD), "Amira", ["Dev"]),
        (("Priya", "Mina", "Dev"), "Amira", ["Jo"]),
        (("Priya", "Mina", "Dev", "Jo"), "Amira", []),
        ((), "Priya", ["Mina"]),
    ],
)
def test_a_complaint_is_put_in_front_of_a_lead_it_is_not_about(
    oak: Oak, about: tuple[str, ...], by: str, leads: list[str]
) -> None:
    kept = raised(oak, *about, by=by, kind=Kind.COMPLAINT)
    assert told_by(oak.c, "complaint.please_read") == leads
    receipt = "complaint.receipt" if leads else "complaint.receipt_nobody"
    assert told_by(oak.c, receipt) == [by]
    assert deadlines.next_due(oak.c) is not None
    for name in {*oak.ids} - {*leads}:
        assert concern.opened(oak.c, kept.id, oak.ids[name], LATER) is None, name
        assert concern.read(oak.c, kept.id, oak.ids[name], LATER) == Outcome()


@pytest.mark.parametrize(
    ("about", "leads"),
    [
        ("the agency nurse, alex", ["Priya"]),
        ("the manager", ["Alex"]),  # who is one now, and was none when it was written
    ],
)
def test_a_lead_who_comes_later_reads_it_unless_they_are_named_in_it(
    oak: Oak, about: str, leads: list[str]
) -> None:
    kept = raised(oak, about, words="Somebody was rough.", kind=Kind.COMPLAINT)
    also(oak, "Alex", Role.MANAGER)
    tomorrow = NOON + timedelta(days=1)
    before = len(told_by(oak.c, "complaint.please_read"))
    concern.due(oak.c, kept.id, NOON, tomorrow)
    assert told_by(oak.c, "complaint.please_read")[before:] == leads
    for name in ("Priya", "Alex"):
        can = concern.opened(oak.c, kept.id, oak.ids[name], tomorrow) is not None
        assert can == (name in leads), name


def test_a_complaint_that_reaches_nobody_is_not_said_to_be_in_hand(oak: Oak) -> None:
    unreachable(oak, "Priya", "Mina", "Dev", "Jo")
    raised(oak, kind=Kind.COMPLAINT)
    assert told_by(oak.c, "complaint.receipt_nobody") == ["Amira"]
    assert told_by(oak.c, "complaint.receipt") == []


def test_a_receipt_on_a_shared_phone_does_not_say_what_it_is(oak: Oak) -> None:
    profile.share_phone(oak.c, oak.amira, True, NOON)
    for kind in Kind:
        raised(oak, kind=kind)
    assert told_by(oak.c, "concern.receipt_shared") == ["Amira"]
    assert told_by(oak.c, "complaint.receipt_shared") == ["Amira"] * 2


def test_a_lead_who_has_gone_is_followed_by_the_next_and_reads_it_no_more(oak: Oak) -> None:
    kept = raised(oak, kind=Kind.DISAGREE)
    unreachable(oak, "Priya")
    concern.due(oak.c, kept.id, NOON, LATER)
    assert told_by(oak.c, "complaint.please_read_disagree") == ["Priya", "Mina"]
    concern.read(oak.c, kept.id, oak.mina, LATER)
    ended = update(schema.membership).where(schema.membership.c.member == oak.priya)
    oak.c.execute(ended.values(until=NOON))
    assert concern.opened(oak.c, kept.id, oak.priya, LATER) is None
    concern.finish(oak.c, kept.id, "We talked.", oak.mina, LATER)
    before = len(told_by(oak.c, "complaint.please_finish"))
    concern.due(oak.c, kept.id, NOON, LATER)
    assert len(told_by(oak.c, "complaint.please_finish")) == before


@pytest.mark.parametrize("read", [False, True])
def test_a_complaint_that_waits_past_its_day_is_put_in_front_of_the_next_lead_too(
    oak: Oak, read: bool
) -> None:
    kept = raised(oak, kind=Kind.COMPLAINT)
    assert kept.due_at is not None
    if read:
        concern.read(oak.c, kept.id, oak.priya, NOON)
    concern.due(oak.c, kept.id, NOON, LATER)
    assert concern.in_front_of(oak.c, oak.mina, LATER) == []
    concern.due(oak.c, kept.id, NOON, kept.due_at + (LATER - NOON))
    for name in ("Priya", "Mina"):
        assert [one.id for one in concern.in_front_of(oak.c, oak.ids[name], LATER)] == [kept.id]
    assert concern.in_front_of(oak.c, oak.dev, LATER) == []


def test_staff_of_a_team_that_supports_nobody_can_complain_too(oak: Oak) -> None:
    as_staff = oak.role("Alex")
    complaint = (Kind.COMPLAINT, as_staff, None, "The rota.", None, (), NOON)
    assert concern.raise_(oak.c, *complaint).records
    assert told_by(oak.c, "complaint.receipt_nobody") == ["Alex"]
    safety = (Kind.SAFETY, as_staff, None, "x", None, (), NOON)
    assert concern.raise_(oak.c, *safety) == Outcome()


def test_everybody_writes_about_those_they_are_there_for_and_nobody_else(oak: Oak) -> None:
    def care(name: str) -> list[str]:
        return sorted(one.name for one, _ in concern.whose_care(oak.c, oak.ids[name], NOON))

    for name in ("Sam", "Amira", "Leo", "Ruth", "Jo", "Dev", "Priya", "Mina"):
        assert care(name) == ["Sam"], name
    assert care("Alex") == []
    elm = around.works_in(oak.c, oak.alex, NOON)
    kim = new_id(oak.c)
    (team,) = elm
    records: tuple[object, ...] = (
        Member(kim, 30, "Kim", None, "en_GB", NOON),
        Membership(new_id(oak.c), kim, Role.PERSON, team, None, NOON),
        Membership(new_id(oak.c), oak.jo, Role.CARER, team, kim, NOON),
    )
    commit(oak.c, Outcome(records=records), NOBODY, NOON)
    assert care("Alex") == ["Kim"] and care("Jo") == ["Kim", "Sam"]
    profile.choose_alias(oak.c, oak.sam, "Robin", NOON)
    assert care("Amira") == ["Robin"] and care("Priya") == care("Sam") == ["Sam"]
    assert KEEP[Concern] is not None
