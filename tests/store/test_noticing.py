"""What somebody noticed is kept whatever the person shares, and told to nobody but staff."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.care import digest as reading
from bot.care.circle import Membership
from bot.care.outcome import Cause, Outcome
from bot.care.sign import Observation, SignPlan, State, Voice
from bot.care.weekly import KIND, Answer
from bot.flows import left
from bot.flows.concern import RAISE
from bot.flows.noticing import NOTICE, NOTICE_FLOW, PERSON
from bot.flows.sign import CHANGE
from bot.handlers.noticing import _about
from bot.store import (
    agreeing,
    calendar,
    circle,
    flow,
    leaving,
    noticing,
    observation,
    profile,
    schema,
    sign,
    sign_plan,
    told,
    weekly,
)
from bot.store.commit import KEEP
from bot.store.flow import Talk
from bot.store.tools import tools
from tests.conftest import NOON
from tests.oak import Oak, said

WEEK, HOUR, MINUTE = timedelta(weeks=1), timedelta(hours=1), timedelta(minutes=1)
WORDS = "She has not slept."


def notice(
    oak: Oak,
    who: str,
    card: str | None = None,
    words: str | None = WORDS,
    now: datetime = NOON,
    *,
    place: str | None = None,
    plan: str | None = None,
) -> Outcome:
    held = circle.membership(oak.c, place or oak.role(who))
    assert held is not None
    return noticing.notice(oak.c, held, oak.sam, card, 0, 2, words, now, plan=plan)


def kept(oak: Oak) -> list[Observation]:
    return observation.of(oak.c, oak.sam, NOON - WEEK)


def deadlines(oak: Oak) -> set[str]:
    return set(oak.c.execute(select(schema.deadline.c.kind)).scalars())


def planned(oak: Oak) -> SignPlan:
    """Sam's plan, in force."""
    sign_plan.sample(oak.c, oak.sam, oak.amira, oak.jo, NOON)
    found = sign.active(oak.c, oak.sam)
    assert found is not None
    return found


def named(plan: SignPlan, name: str) -> str:
    return next(one.id for one in plan.signs if one.name == name)


def test_with_no_plan_and_no_agreement_after_stopping_and_after_leaving_it_is_kept(
    oak: Oak,
) -> None:
    notice(oak, "Leo")
    agreeing.stop_all(oak.c, oak.sam, NOON)
    notice(oak, "Amira", now=NOON + MINUTE)
    place = oak.role("Amira")
    leaving.end_membership(oak.c, place, oak.sam, NOON + MINUTE)
    outcome = notice(oak, "Amira", now=NOON + 2 * MINUTE, place=place)

    assert [one.by for one in kept(oak)] == [oak.leo, oak.amira, oak.amira]
    assert {one.words for one in kept(oak)} == {WORDS}
    assert {reading.KIND, reading.READ_BY} <= deadlines(oak)
    assert said(outcome) == "noticing.receipt_gone" and not outcome.tells


def test_a_report_left_halfway_is_kept_once_whoever_is_taken_out_meanwhile(oak: Oak) -> None:
    said = {PERSON: oak.sam, "which": "=He shouted.", "since": "week"}
    talk = Talk("half", 2, oak.role("Amira"), NOTICE_FLOW.name, "worry", said)
    flow.begin(oak.c, talk, NOON)
    leaving.end_membership(oak.c, oak.role("Amira"), oak.sam, NOON)
    for _ in range(2):
        left.due(oak.c, "half", NOON, NOON)
    (one,) = kept(oak)
    assert (one.words, one.since, one.worry, one.by) == ("He shouted.", 7, 0, oak.amira)
    assert reading.READ_BY in deadlines(oak) and flow.left(oak.c, "half") is None

    nothing = Talk("none", 3, oak.role("Leo"), NOTICE_FLOW.name, "since", {PERSON: oak.sam})
    flow.begin(oak.c, nothing, NOON)
    left.due(oak.c, "none", NOON, NOON)
    assert len(kept(oak)) == 1


def test_each_speaks_in_their_own_voice_and_nobody_about_themselves_as_staff(oak: Oak) -> None:
    for who in ("Sam", "Amira", "Jo"):
        notice(oak, who)
    by_voice = {one.voice: (one.by, one.acting) for one in kept(oak)}
    assert by_voice == {
        Voice.PERSON: (oak.sam, None),
        Voice.CARER: (oak.amira, oak.role("Amira")),
        Voice.STAFF: (oak.jo, None),
    }
    alone = circle.membership(oak.c, oak.role("Amira"))
    assert alone is not None
    assert noticing.notice(oak.c, alone, oak.leo, None, 0, 1, None, NOON) == Outcome()


def test_its_words_are_under_the_key_of_whoever_wrote_them(oak: Oak) -> None:
    notice(oak, "Amira")
    tools(oak.c).vault.erase(oak.c, oak.sam)
    assert kept(oak)[0].words == WORDS
    assert observation.of(oak.c, oak.sam, NOON, words=False)[0].words is None
    tools(oak.c).vault.erase(oak.c, oak.amira)
    assert kept(oak)[0].words == "[erased]"


def test_the_person_is_told_nothing_of_it_and_no_line_of_theirs_speaks_of_it(oak: Oak) -> None:
    late = named(planned(oak), "Says people are watching the flat")
    before = oak.c.execute(select(schema.outbox.c.id)).scalars().all()
    seen = told.page(oak.c, oak.sam)
    notice(oak, "Amira", late)

    rows = oak.c.execute(select(schema.outbox).where(schema.outbox.c.id.not_in(before))).all()
    heard = {row.member for row in rows}
    assert oak.amira in heard and oak.jo in heard
    assert not heard & {oak.sam, oak.leo, oak.ruth}
    lines = select(schema.ledger.c.kind).where(schema.ledger.c.person == oak.sam)
    assert "noticed" not in set(oak.c.execute(lines).scalars())
    assert told.page(oak.c, oak.sam) == seen


def test_a_plan_changed_while_somebody_writes_keeps_the_card_they_picked(oak: Oak) -> None:
    plan = planned(oak)
    late = named(plan, "Says people are watching the flat")
    fewer = tuple(one for one in plan.signs if one.id != late)
    KEEP[SignPlan](oak.c, replace(plan, state=State.ENDED, ended_at=NOON))
    KEEP[SignPlan](oak.c, replace(plan, id="later", version=2, signs=fewer))

    outcome = notice(oak, "Amira", late, plan=plan.id)

    assert (kept(oak)[0].plan, kept(oak)[0].sign) == (plan.id, late)
    # No sentence of the plan in force speaks of it any more: it is read in time.
    assert "asking" not in outcome.tells[0].message.params
    assert reading.READ_BY in deadlines(oak)


def shown(oak: Oak, who: str, place: str | None = None) -> set[str]:
    """The cards this one of them may pick from."""
    held = circle.membership(oak.c, place or oak.role(who))
    assert held is not None
    return {one.name for one in noticing.cards(oak.c, held, oak.sam, NOON + HOUR)}


def test_cards_are_shown_as_far_as_they_are_known_to_a_supporter(oak: Oak) -> None:
    plan = planned(oak)
    own = {"Not answering messages"}
    everybody = [len(shown(oak, who)) for who in ("Amira", "Leo", "Ruth", "Sam", "Jo")]
    assert everybody == [5, 0, 0, 5, 5]
    with oak.c.begin_nested() as undone:
        table = schema.guardrail
        of = {"person": oak.sam, "supporter": oak.role("Amira"), "topic": "early_signs"}
        rail = {"id": "rail", "why": b"", "set_by": oak.mina, "since": NOON}
        oak.c.execute(table.insert().values(**of, **rail))
        assert shown(oak, "Amira") == own, "a guardrail stands"
        undone.rollback()
    with oak.c.begin_nested() as undone:
        pause = {"id": "pause", "supporter": oak.role("Amira")}
        over = {"since": NOON - MINUTE, "until": NOON + MINUTE}
        oak.c.execute(schema.pause.insert().values(**pause, **over))
        assert shown(oak, "Amira") == own, "it came in a pause"
        undone.rollback()
    agreeing.stop_all(oak.c, oak.sam, NOON + MINUTE)
    assert len(shown(oak, "Amira")) == 5  # what she knew; nothing that comes later
    KEEP[SignPlan](oak.c, replace(plan, active_at=NOON + 2 * MINUTE))
    assert shown(oak, "Amira") == own


def test_whoever_is_let_in_again_is_not_shown_what_was_written_while_they_were_away(
    oak: Oak,
) -> None:
    planned(oak)
    held = circle.membership(oak.c, oak.role("Amira"))
    assert held is not None
    leaving.end_membership(oak.c, held.id, oak.sam, NOON)
    KEEP[Membership](oak.c, replace(held, id="again", since=NOON + MINUTE))
    assert shown(oak, "Amira", "again") == {"Not answering messages"}


def test_staff_who_work_for_the_person_no_more_are_shown_no_plan_and_still_heard(oak: Oak) -> None:
    plan = planned(oak)
    place = oak.role("Alex")  # of another house, who stood in
    assert shown(oak, "Alex") == set()
    talk = Talk("old", 1, place, CHANGE.flow.name, "which", {PERSON: oak.sam})
    assert CHANGE.facts(oak.c, talk, NOON).plan is None
    jo = replace(talk, membership=oak.role("Jo"))
    assert CHANGE.facts(oak.c, jo, NOON).plan == plan
    notice(oak, "Alex")
    assert [one.by for one in kept(oak)] == [oak.alex]


def test_a_mark_is_named_as_its_writer_read_it_and_never_by_a_newer_plan(oak: Oak) -> None:
    plan = planned(oak)
    night, own = named(plan, "Up in the night"), named(plan, "Not answering messages")
    notice(oak, "Amira", night, plan=plan.id)
    newer = tuple(replace(one, name=f"New: {one.name}") for one in plan.signs)
    KEEP[SignPlan](oak.c, replace(plan, state=State.ENDED, ended_at=NOON))
    fresh = replace(plan, id="later", version=2, signs=newer, active_at=NOON + MINUTE)
    KEEP[SignPlan](oak.c, fresh)
    notice(oak, "Amira", night, now=NOON + MINUTE, plan=plan.id)
    notice(oak, "Amira", own, now=NOON + 2 * MINUTE)
    assert [one.plan for one in kept(oak)] == [plan.id, plan.id, "later"]

    def rows(reader: str, voice: Voice, *, shared: bool = False) -> set[str]:
        of = (oak.c, oak.sam, reader, voice, "Else", NOON + HOUR)
        return {name for _, name in calendar.calendar(*of, shared=shared).rows}

    new = {"New: Up in the night", "New: Not answering messages"}
    assert rows(oak.amira, Voice.CARER) == new, "she helped to write it"
    agreeing.stop_all(oak.c, oak.sam, NOON)
    assert rows(oak.amira, Voice.CARER) == {"Up in the night", "New: Not answering messages"}
    assert rows(oak.dev, Voice.STAFF) == rows(oak.amira, Voice.CARER, shared=True) == new


def test_those_around_the_person_read_the_name_they_chose_for_that(oak: Oak) -> None:
    profile.choose_alias(oak.c, oak.sam, "Robin", NOON)
    for who, name in (("Amira", "Robin"), ("Sam", "Sam"), ("Jo", "Sam")):
        held = circle.membership(oak.c, oak.role(who))
        assert held is not None
        talk = Talk("talk", 1, held.id, NOTICE_FLOW.name, "which", {PERSON: oak.sam})
        assert NOTICE.facts(oak.c, talk, NOON).name == name
        assert [one[1] for one in _about(oak.c, oak.ids[who], [held], NOON)] == [name]
        concern = RAISE.facts(oak.c, talk, NOON)
        assert concern.name == name
        assert (oak.sam, "Sam") not in concern.names or who != "Amira"
    place = oak.role("Amira")
    leaving.end_membership(oak.c, place, oak.sam, NOON)
    talk = replace(talk, membership=place)
    assert RAISE.facts(oak.c, talk, NOON).name == "Robin"


def test_a_receipt_stays_true(oak: Oak) -> None:
    at = NOON + timedelta(days=1)  # the day after a bank holiday
    notice(oak, "Amira", now=at)
    id = kept(oak)[0].id
    noticing.change(oak.c, id, oak.leo, NOON, named=True)
    receipt = noticing.receipt(oak.c, id, at)
    assert receipt is not None and receipt.open and not receipt.named and not receipt.quiet
    night = noticing.receipt(oak.c, id, at + 9 * HOUR)
    assert night is not None and not night.open and night.quiet, "it may have been read since"
    assert night.opens > at + 9 * HOUR
    noticing.change(oak.c, id, oak.amira, NOON, named=True)
    weekly.start(oak.c, oak.role("Amira"), oak.amira, NOON)
    receipt = noticing.receipt(oak.c, id, at)
    assert receipt is not None and receipt.named and receipt.weekly
    assert noticing.may_take_back(oak.c, id, oak.amira)
    assert not noticing.may_take_back(oak.c, id, oak.jo)
    assert noticing.take_back(oak.c, id, oak.jo, NOON) == Outcome()
    noticing.take_back(oak.c, id, oak.amira, NOON)
    assert kept(oak)[0].withdrawn_at == NOON
    assert noticing.receipt(oak.c, "nothing", at) is None
    assert noticing.change(oak.c, "nothing", oak.amira, NOON) == Outcome()
    assert noticing.take_back(oak.c, "nothing", oak.amira, NOON) == Outcome()


def test_the_weekly_question_is_theirs_alone_and_silence_is_not_heard(oak: Oak) -> None:
    place = oak.role("Amira")
    assert weekly.start(oak.c, place, oak.leo, NOON) == Outcome()
    assert weekly.start(oak.c, oak.role("Jo"), oak.jo, NOON) == Outcome()
    weekly.start(oak.c, place, oak.amira, NOON)
    assert KIND in deadlines(oak)
    weekly.due(oak.c, place, NOON + WEEK, NOON + WEEK, Cause(deadline=(KIND, place)))
    weekly.due(oak.c, place, NOON + 2 * WEEK, NOON + 2 * WEEK, Cause(deadline=(KIND, place)))

    first, second = weekly.answers(oak.c, oak.sam, NOON)
    assert {first.answer, second.answer} == {Answer.NOT_HEARD}
    assert weekly.hear(oak.c, second.id, Answer.NOTHING_NEW, oak.leo, NOON) == Outcome()
    weekly.hear(oak.c, second.id, Answer.NOTHING_NEW, oak.amira, NOON + 2 * WEEK)
    assert [one.answer for one in weekly.answers(oak.c, oak.sam, NOON)] == [
        Answer.NOT_HEARD,
        Answer.NOTHING_NEW,
    ]

    assert weekly.stop(oak.c, place, oak.leo, NOON) == Outcome()
    weekly.stop(oak.c, place, oak.amira, NOON)
    assert KIND not in deadlines(oak) and weekly.weekly(oak.c, place) is None


def test_who_is_around_no_more_is_not_asked(oak: Oak) -> None:
    place = oak.role("Amira")
    weekly.start(oak.c, place, oak.amira, NOON)
    leaving.end_membership(oak.c, place, oak.sam, NOON)
    weekly.due(oak.c, place, NOON + WEEK, NOON + WEEK, Cause(deadline=(KIND, place)))
    assert weekly.answers(oak.c, oak.sam, NOON) == [] and KIND not in deadlines(oak)
