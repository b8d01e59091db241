"""Guardrails and exceptions as they are kept: who may, what they close and open, what is unseen."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.care.agreeing import Wish
from bot.care.agreement import Agreement, Choice, Reason
from bot.care.circle import Membership, Role
from bot.care.glass import WITHIN, Broken, Found, Why
from bot.care.morning import KIND
from bot.care.outcome import About, Cause, Log, Outcome, Topic, Value
from bot.care.review import Kind, reminds
from bot.store import (
    agreeing,
    agreement,
    circle,
    glass,
    guarding,
    leaving,
    ledger,
    morning,
    schema,
    told,
    up,
)
from bot.store.commit import KEEP
from bot.store.tools import new_id, tools
from tests.conftest import NOON
from tests.oak import LATER, Oak, also, said, to_look_at, unreachable
from tests.oak import told as heard

DAY = timedelta(days=1)


def asked(oak: Oak, topic: Topic, now: datetime = NOON, item: str | None = None) -> Reason:
    about = About(oak.sam, topic, 1, oak.role("Amira"), item, NOON)
    return agreement.ask(oak.c, oak.amira, about, now).reason


def forbids(oak: Oak, *topics: Topic, by: str = "Mina", now: datetime = NOON) -> Outcome:
    place = oak.role("Amira")
    return guarding.forbid(oak.c, place, topics, "A court order.", oak.ids[by], now)


def breaks(oak: Oak, *, tell_person: bool = True, by: str = "Priya", to: str = "Amira") -> Outcome:
    return glass.tell(
        oak.c,
        oak.role(to),
        Topic.FINANCES,
        3,
        "The account is closed.",
        Why.VITAL_INTERESTS,
        "The rent is due.",
        oak.ids[by],
        NOON,
        tell_person=tell_person,
    )


def broken(outcome: Outcome) -> Broken:
    return next(one for one in outcome.records if isinstance(one, Broken))


# --- guardrails ---------------------------------------------------------------------------


def test_a_guardrail_stands_until_it_is_ended_whatever_the_clock_says(oak: Oak) -> None:
    assert said(forbids(oak, Topic.DAILY_LIFE, Topic.JOURNEYS, now=LATER)) == "guarding.set"
    for now in (NOON, LATER, LATER + DAY):
        assert asked(oak, Topic.DAILY_LIFE, now) is Reason.GUARDRAIL
    assert said(forbids(oak, Topic.DAILY_LIFE)) == "guarding.set_already"
    first, second = guarding.standing(oak.c, oak.sam, oak.mina)
    assert (first.why, first.set_by) == ("A court order.", oak.mina)
    for one in (first, second):
        if one.topic is Topic.DAILY_LIFE:
            assert said(guarding.end(oak.c, one.id, oak.mina, LATER)) == "guarding.ended"
            assert guarding.end(oak.c, one.id, oak.mina, LATER) == Outcome()
    assert asked(oak, Topic.DAILY_LIFE, LATER) is Reason.AGREED
    assert asked(oak, Topic.DAILY_LIFE, NOON) is Reason.AGREED
    assert asked(oak, Topic.JOURNEYS, LATER) is Reason.GUARDRAIL
    assert all(
        b"court" not in why for why in oak.c.execute(select(schema.guardrail.c.why)).scalars()
    )
    assert not any("court" in str(line.facts) for line in ledger.lines(oak.c))


def test_whoever_is_removed_and_let_in_again_is_the_same_to_a_guardrail(oak: Oak) -> None:
    forbids(oak, Topic.DAILY_LIFE)
    (first,) = [m for m in circle.memberships(oak.c, oak.amira) if m.person == oak.sam]
    second = replace(first, id="anotheranotherxx", role=Role.FRIEND)
    KEEP[Membership](oak.c, second)
    KEEP[Membership](oak.c, replace(first, until=NOON))
    about = About(oak.sam, Topic.DAILY_LIFE, 1, second.id, at=NOON)
    assert agreement.ask(oak.c, oak.amira, about, NOON).reason is Reason.GUARDRAIL
    other = replace(about, topic=Topic.JOURNEYS)
    assert agreement.ask(oak.c, oak.amira, other, NOON).reason is Reason.NO_AGREEMENT


@pytest.mark.parametrize("stray", ["Sam", "Amira", "Ruth", "Jo", "Dev", "Priya", "Alex"])
def test_nobody_but_the_lead_sets_sees_or_ends_a_guardrail(oak: Oak, stray: str) -> None:
    assert forbids(oak, Topic.DAILY_LIFE, by=stray) == Outcome()
    forbids(oak, Topic.DAILY_LIFE)
    (rail,) = guarding.standing(oak.c, oak.sam, oak.mina)
    assert guarding.standing(oak.c, oak.sam, oak.ids[stray]) == []
    assert guarding.rail(oak.c, rail.id, oak.ids[stray]) is None
    assert guarding.end(oak.c, rail.id, oak.ids[stray], NOON) == Outcome()


# --- exceptions ---------------------------------------------------------------------------


def test_an_exception_opens_one_thing_to_one_and_is_kept_sealed(oak: Oak) -> None:
    outcome = breaks(oak)
    made = broken(outcome)
    assert said(outcome) == "glass.sent" and glass.glass(oak.c, made.id) == made
    assert asked(oak, Topic.FINANCES, NOON, made.news) is Reason.BREAK_GLASS
    assert asked(oak, Topic.FINANCES) is Reason.NEVER
    assert glass.was_told(oak.c, made) == (oak.amira, Topic.FINANCES, "The account is closed.")
    assert b"rent" not in oak.c.execute(select(schema.glass.c.why)).scalar_one()
    assert heard(oak.c, "glass.told_you") == ["Sam"]
    assert heard(oak.c, "glass.please_review") == ["Mina"]
    tellings = select(schema.telling.c.member)
    assert list(oak.c.execute(tellings).scalars()) == [oak.amira]


@pytest.mark.parametrize("stray", ["Sam", "Amira", "Ruth", "Jo", "Dev", "Alex"])
def test_nobody_but_a_senior_makes_or_looks_at_an_exception(oak: Oak, stray: str) -> None:
    assert breaks(oak, by=stray) == Outcome()
    made = broken(breaks(oak))
    by = oak.ids[stray]
    assert glass.to_review(oak.c, oak.sam, by, NOON) == []
    assert glass.review(oak.c, made.id, Found.RIGHT, by, NOON, tell_person=True) == Outcome()


def test_nobody_looks_at_their_own_exception(oak: Oak) -> None:
    made = broken(breaks(oak, by="Mina"))
    nothing = glass.review(oak.c, made.id, Found.RIGHT, oak.mina, NOON, tell_person=False)
    assert nothing == Outcome() and glass.to_review(oak.c, oak.sam, oak.mina, NOON) == []
    assert glass.to_review(oak.c, oak.sam, oak.priya, NOON) == [made]
    outcome = glass.review(oak.c, made.id, Found.NOT_RIGHT, oak.priya, LATER, tell_person=False)
    assert said(outcome) == "glass.reviewed"
    assert heard(oak.c, "glass.was_not_right") == ["Mina"]
    again = glass.review(oak.c, made.id, Found.RIGHT, oak.priya, LATER, tell_person=False)
    assert again == Outcome()
    assert looks(oak, "Mina", NOON + WITHIN) == looks(oak, "Priya", NOON + WITHIN) == []


def looks(oak: Oak, name: str, now: datetime) -> list[str]:
    """Which exceptions this member of staff has to look at."""
    return [item.of for item in to_look_at(oak, name, now) if item.kind == Kind.GLASS]


def test_who_is_to_look_at_it_is_reminded_each_day_and_not_too_early(oak: Oak) -> None:
    made = broken(breaks(oak))
    assert looks(oak, "Mina", NOON + WITHIN - 3 * DAY) == []
    first = NOON + WITHIN - 2 * DAY
    (item,) = [one for one in to_look_at(oak, "Mina", first) if one.kind == Kind.GLASS]
    assert item.of == made.id and not item.may_see(oak.jo) and looks(oak, "Jo", first) == []
    for day in range(5):
        assert reminds(item, first + (day - 1) * DAY, first + day * DAY) is (day != 1)


def test_a_guardrail_stands_against_an_exception_and_nothing_is_left_of_it(oak: Oak) -> None:
    forbids(oak, Topic.FINANCES)
    outcome = breaks(oak)
    assert said(outcome) == "glass.not_sent" and outcome.tells == ()
    for table in (schema.glass, schema.news, schema.telling):
        assert oak.c.execute(select(table)).all() == []


def test_what_the_person_is_not_to_know_of_is_in_nothing_they_see_until_a_lead_says_so(
    oak: Oak,
) -> None:
    wish = Wish(Topic.FINANCES, Choice.SHARE, 3)
    draft = agreeing.draft(oak.c, oak.role("Amira"), (wish,), oak.sam, NOON).records[-1]
    assert isinstance(draft, Agreement)
    made = broken(breaks(oak, tell_person=False))
    assert told.unread(oak.c, oak.sam) == [] and agreeing.tried(oak.c, draft, LATER) == []
    assert heard(oak.c, "glass.told_you") == []
    facts: dict[str, Value] = {
        "to": oak.amira,
        "topic": "finances",
        "level": 3,
        "reason": "break_glass",
        "news": made.news,
        "rows": made.id,
    }
    for kind, reason in (("told", "break_glass"), ("withheld", "recipient_left")):
        line = Log(kind, oak.sam, None, facts | {"reason": reason}, "The account is closed.")
        ledger.write(oak.c, line, NOON)
    assert told.page(oak.c, oak.sam).entries == ()

    glass.review(oak.c, made.id, Found.RIGHT, oak.mina, LATER, tell_person=True)
    assert heard(oak.c, "glass.told_you") == ["Sam"]
    assert [one.words for one in told.unread(oak.c, oak.sam)] == ["The account is closed."]
    assert Reason.BREAK_GLASS in {one.reason for one in told.page(oak.c, oak.sam).entries}
    (tried,) = agreeing.tried(oak.c, draft, LATER)
    assert tried.topic is Topic.FINANCES


def test_trying_choices_shows_what_the_choices_do_and_not_the_exception(oak: Oak) -> None:
    made = agreeing.draft(oak.c, oak.role("Amira"), (), oak.sam, NOON).records[-1]
    assert isinstance(made, Agreement)
    breaks(oak)
    assert agreeing.tried(oak.c, made, LATER) == []


# --- who looks at it, and who never does --------------------------------------------------


def test_a_person_who_leads_there_too_is_never_asked_about_what_they_may_not_know(oak: Oak) -> None:
    also(oak, "Sam", Role.SAFEGUARDING_LEAD)
    made = broken(breaks(oak, tell_person=False))
    assert heard(oak.c, "glass.please_review") == ["Mina"]
    assert glass.to_review(oak.c, oak.sam, oak.sam, NOON) == []
    nothing = glass.review(oak.c, made.id, Found.RIGHT, oak.sam, NOON, tell_person=True)
    assert nothing == Outcome()


def test_a_supporter_who_leads_sees_and_ends_no_guardrail_about_themselves(oak: Oak) -> None:
    also(oak, "Amira", Role.SAFEGUARDING_LEAD)
    forbids(oak, Topic.DAILY_LIFE)
    (rail,) = guarding.standing(oak.c, oak.sam, oak.mina)
    assert guarding.standing(oak.c, oak.sam, oak.amira) == []
    assert guarding.rail(oak.c, rail.id, oak.amira) is None
    assert guarding.end(oak.c, rail.id, oak.amira, NOON) == Outcome()
    assert forbids(oak, Topic.JOURNEYS, by="Amira") == Outcome()


def test_who_can_be_reached_looks_at_it_and_the_sender_hears_when_nobody_can(oak: Oak) -> None:
    unreachable(oak, "Mina")
    outcome = breaks(oak)
    assert heard(oak.c, "glass.please_review") == ["Dev"], "who is on call, when no senior is"
    assert outcome.said is not None and outcome.said.params["looks"] == "somebody"
    made = broken(outcome)
    looked = glass.review(oak.c, made.id, Found.RIGHT, oak.dev, NOON, tell_person=False)
    assert said(looked) == "glass.reviewed"
    unreachable(oak, "Dev")
    again = breaks(oak)
    assert again.said is not None and again.said.params["looks"] == "nobody"
    assert looks(oak, "Dev", NOON + WITHIN) == []


def test_the_sender_hears_of_quiet_hours(oak: Oak) -> None:
    for quiet, called in ((None, "now"), ([1260, 480], "quiet")):
        oak.c.execute(schema.member.update().values(quiet=quiet))
        outcome = breaks(oak)
        assert outcome.said is not None and outcome.said.params["called"] == called


def test_an_exception_does_not_end_with_the_choices_it_never_rested_on(oak: Oak) -> None:
    made = broken(breaks(oak))
    state = select(schema.telling.c.state).where(schema.telling.c.news == made.news)
    agreeing.stop(oak.c, oak.role("Amira"), oak.sam, LATER)
    assert oak.c.execute(state).scalar_one() == "waiting"
    assert asked(oak, Topic.FINANCES, LATER, made.news) is Reason.BREAK_GLASS
    leaving.end_membership(oak.c, oak.role("Amira"), oak.sam, LATER)
    assert oak.c.execute(state).scalar_one() == "over"


def test_what_is_late_goes_up_and_what_nobody_may_look_at_stays_with_whoever_did_it(
    oak: Oak,
) -> None:
    made = broken(breaks(oak, by="Mina"))
    late = made.review_at + tools(oak.c).reviews.limit
    also(oak, "Dev", Role.ON_CALL_LEAD)
    assert glass.reviewers(oak.c, made, late - DAY) == [oak.priya]
    assert set(glass.reviewers(oak.c, made, late)) == {oak.priya, oak.dev}, "it goes up"

    def listed(name: str) -> list[str]:
        return [one.kind for one in to_look_at(oak, name, late) if one.kind == Kind.GLASS]

    assert listed("Dev") == listed("Priya") == [Kind.GLASS] and listed("Mina") == []
    unreachable(oak, "Priya", "Dev")
    assert listed("Mina") == [], "nobody is reminded of what they may not look at"
    (waits,) = [one for one in up.mine(oak.c, oak.team, oak.mina, late) if one.kind == Kind.GLASS]
    assert waits.of == made.id and waits.stranded, "but it stands on their list"
    assert glass.to_review(oak.c, oak.sam, oak.mina, late) == []


def mornings(oak: Oak, since: datetime, until: datetime) -> None:
    """Every morning of Oak House between."""
    morning.begin(oak.c, since)
    now = since
    while now < until:
        outcome = morning.tick(oak.c, oak.team, now, now, Cause(deadline=(KIND, oak.team)))
        now = max(wake.at for wake in outcome.wakes if wake.at is not None)


def elm(oak: Oak, name: str, role: Role) -> None:
    """This one works in another team of the service."""
    alex = circle.memberships(oak.c, oak.alex)[0]
    KEEP[Membership](
        oak.c, Membership(new_id(oak.c), oak.ids[name], role, alex.team, None, NOON + DAY)
    )


def test_a_team_without_a_senior_is_reported_to_those_who_lead_elsewhere_and_not_to_whoever_did_it(
    oak: Oak,
) -> None:
    made = broken(breaks(oak, by="Mina"))
    unreachable(oak, "Priya", "Dev")
    for name, role in (("Alex", Role.MANAGER), ("Ruth", Role.MANAGER), ("Jo", Role.ON_CALL_LEAD)):
        elm(oak, name, role)
    elm(oak, "Amira", Role.MANAGER)  # she is in Sam's circle, as Ruth is
    due = made.review_at
    mornings(oak, due - 4 * DAY, due + 4 * DAY)
    heard_of = heard(oak.c, "glass.no_senior_there")
    assert set(heard_of) == {"Alex", "Jo"} and heard_of.count("Alex") == heard_of.count("Jo") >= 3
    assert heard(oak.c, "glass.no_senior_anywhere") == []
    table = schema.outbox
    mine = select(table.c.text).where(table.c.member == oak.mina, table.c.created_at > NOON)
    assert not [one for one in oak.c.execute(mine).scalars() if one.startswith("morning.")]
    said_of = select(table.c.params).where(table.c.text == "glass.no_senior_there")
    for params in oak.c.execute(said_of).scalars():
        assert params == {"in_team": oak.team}, "of nobody, and nothing of what it was"


def test_whoever_did_it_hears_once_a_week_when_there_is_nobody_at_all(oak: Oak) -> None:
    made = broken(breaks(oak, by="Mina"))
    unreachable(oak, "Priya", "Dev")
    mornings(oak, made.review_at - 4 * DAY, made.review_at + 14 * DAY)
    assert heard(oak.c, "glass.no_senior_there") == []
    told_them = heard(oak.c, "glass.no_senior_anywhere")
    assert told_them == ["Mina", "Mina"], "once in each of these weeks"


def test_the_person_is_promised_nobody_who_is_not_there(oak: Oak) -> None:
    unreachable(oak, "Mina", "Dev")
    breaks(oak)
    assert heard(oak.c, "glass.told_you") == []
    assert heard(oak.c, "glass.told_you_nobody_looks") == ["Sam"]
