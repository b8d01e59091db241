"""What is up for review and whose it is; the morning, exactly once; what each act refuses."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.care import journey as outings
from bot.care.authority import LENGTHS, MONEY
from bot.care.circle import Member, Membership, Role
from bot.care.decision import Found, Part
from bot.care.first_weeks import FirstWeeks
from bot.care.morning import AT_ONCE, KIND, to_invite
from bot.care.outcome import Cause, Outcome, Topic
from bot.care.review import Came, Coming, Item, Kind, Rules, Words, own
from bot.care.sign import Voice
from bot.care.week_answer import Answer, Asked, Said
from bot.i18n import STANDARD, Phrase
from bot.i18n import Words as Catalogues
from bot.outbox import review as words
from bot.reports import review as reports
from bot.store import (
    agreeing,
    authority,
    decision,
    first_weeks,
    journey,
    morning,
    plan,
    review,
    schema,
    sign_plan,
    since,
    up,
)
from bot.store import look as rounds
from bot.store.commit import KEEP
from bot.store.since import Stood
from bot.store.tools import new_id, tools
from tests.conftest import NOON
from tests.oak import LATER, Oak, said, to_look_at, told, unreachable
from tests.store.signs import in_force

DAY = timedelta(days=1)
LONDON = ZoneInfo("Europe/London")
MORNING = ["morning.one", "morning.several", "review.would_you_come"]
OPENS = NOON.replace(hour=8)  # nine o'clock of a summer's morning


def settled(oak: Oak, text: str) -> None:
    """The service has added these kinds."""
    here = replace(tools(oak.c), reviews=Rules(own(text)))
    oak.c.execution_options(kith=here)


def kinds(oak: Oak, name: str, now: datetime) -> list[str]:
    return [item.kind for item in to_look_at(oak, name, now)]


def the(oak: Oak, kind: str, now: datetime) -> Item:
    """The one of this kind that Jo has to look at."""
    (found,) = [item for item in to_look_at(oak, "Jo", now) if item.kind == kind]
    return found


def page(oak: Oak, one: Item, now: datetime) -> str:
    """As Jo reads it."""
    return reports.page(oak.c, Catalogues.load().voice(STANDARD, LONDON, now), one, oak.jo)


def done(oak: Oak, one: Item, by: str, now: datetime, came: Came = Came.STAYS) -> Outcome:
    mark = int(one.due_at.timestamp())
    heard = Words(person="I like it as it is.")
    return review.done(oak.c, one.kind, one.of, mark, came, by, now, words=heard)


def opens(oak: Oak, now: datetime, team: str | None = None) -> list[Outcome]:
    """The team's morning, as its deadline brings it, part after part."""
    team = team or oak.team
    parts: list[Outcome] = []
    while not parts or parts[-1].wakes[-1].at == now:
        cause = Cause(deadline=(KIND, team))
        parts.append(morning.tick(oak.c, team, now, now, cause))
    return parts


def due(oak: Oak) -> list[datetime]:
    table = schema.deadline
    return list(oak.c.execute(select(table.c.due_at).where(table.c.kind == KIND)).scalars())


def missed(oak: Oak, due_at: datetime) -> datetime:
    """Sam is not back, and again a day later; when staff were first asked."""
    journey.set_off(oak.c, oak.sam, "Café", due_at, due_at - timedelta(hours=1))
    out = journey.running(oak.c, oak.sam)
    assert out is not None
    for minutes in (0, 5, 10):
        now = due_at + timedelta(minutes=minutes)
        journey.tick(oak.c, out.id, due_at, now, Cause(deadline=(outings.KIND, out.id)))
    table = schema.escalation
    (row,) = oak.c.execute(select(table).where(table.c.subject == out.id)).mappings().all()
    again = {**row, "id": new_id(oak.c), "opened_at": row["opened_at"] + DAY}
    oak.c.execute(table.insert().values(again))
    opened: datetime = row["opened_at"]
    return opened


# --- what is up ---------------------------------------------------------------------------


def test_a_worry_about_a_decision_brings_what_was_agreed_about_it_at_once(oak: Oak) -> None:
    assert Kind.AGREEMENT not in kinds(oak, "Jo", LATER)
    test = dict.fromkeys(Part, True) | {Part.WEIGH: False}
    found, until = Found.CANNOT_NOW, NOON + 30 * DAY
    decision.record(
        oak.c, oak.sam, (Topic.FINANCES,), "Pictures.", test, found, until, oak.jo, NOON
    )
    one = the(oak, Kind.AGREEMENT, LATER)
    assert one.early and one.due_at == NOON, "of Amira alone: the others share no finances"
    read = page(oak, one, LATER)
    assert "What is shared with Amira, Sam" in read
    assert "in doubt whether Sam can decide about this: Money" in read
    assert "Leo" not in read, "of what is shared with Amira alone"
    (decided,) = since.since(oak.c, oak.sam, NOON - DAY, LATER).decided
    assert decided.topics == (Topic.FINANCES,) and decided.found is Found.CANNOT_NOW
    assert said(done(oak, one, oak.jo, LATER)) == "review.done"
    assert Kind.AGREEMENT not in kinds(oak, "Jo", LATER)


def test_each_kind_comes_up_in_its_time(oak: Oak) -> None:
    settled(oak, "Fire plan: every month")
    (fire,) = tools(oak.c).reviews.own
    weeks = first_weeks.start(oak.c, oak.sam, oak.jo, NOON).records[0]
    deputy = Membership(new_id(oak.c), oak.ruth, Role.DEPUTY, oak.team, oak.sam, NOON)
    KEEP[Membership](oak.c, deputy)
    authority.record(oak.c, deputy.id, MONEY, LENGTHS[3], oak.jo, NOON)
    assert kinds(oak, "Jo", NOON + 20 * DAY) == []
    assert kinds(oak, "Jo", NOON + 25 * DAY) == [fire.kind]
    assert isinstance(weeks, FirstWeeks)
    one = the(oak, Kind.FIRST_WEEKS, weeks.look_at(6))
    assert one.of == weeks.id and list(to_invite([one], [])) == [oak.sam]
    asked = Asked(oak.sam, Voice.PERSON)
    said_at = weeks.first_at + DAY
    hard = Answer(new_id(oak.c), weeks.id, 1, asked, weeks.first_at, Said.HARD)
    heard = replace(hard, different="Somebody shouts at night.", answered_at=said_at)
    KEEP[Answer](oak.c, heard)
    read = page(oak, one, weeks.look_at(6))
    assert "• Sam, week 1: 🙁 Hard" in read and "Somebody shouts at night." in read
    assert "Nothing was noticed" not in read
    quarter = kinds(oak, "Jo", NOON + 86 * DAY)
    assert {Kind.AUTHORITY, Kind.AGREEMENT, fire.kind} <= set(quarter)
    assert Kind.PROFILE not in quarter and Kind.PROFILE in kinds(oak, "Jo", NOON + 360 * DAY)
    assert kinds(oak, "Alex", NOON + 360 * DAY) == []


def test_the_key_worker_who_is_family_too_does_not_look_at_what_they_are_told(oak: Oak) -> None:
    due_at = NOON + 91 * DAY
    assert sum(kind == Kind.AGREEMENT for kind in kinds(oak, "Jo", due_at)) == 3
    oak.c.execute(
        schema.membership.update()
        .where(schema.membership.c.id == oak.role("Amira"))
        .values(member=oak.jo)
    )
    assert sum(kind == Kind.AGREEMENT for kind in kinds(oak, "Jo", due_at)) == 2


def test_what_has_ended_is_nobodys_to_look_at(oak: Oak) -> None:
    table = schema.agreement
    lapses = min(oak.c.execute(select(table.c.lapses_at)).scalars())
    assert Kind.AGREEMENT in kinds(oak, "Jo", lapses - DAY)
    assert Kind.AGREEMENT not in kinds(oak, "Jo", lapses)


def test_a_missed_check_in_brings_the_plan_for_outings_at_once(oak: Oak) -> None:
    plan.sample(oak.c, oak.sam, oak.jo, NOON)
    assert Kind.OUTINGS not in kinds(oak, "Jo", NOON + 3 * DAY)
    missed_at = missed(oak, NOON + 2 * DAY)
    one = the(oak, Kind.OUTINGS, NOON + 4 * DAY)
    assert one.early and one.due_at == missed_at, "the next makes it no less late"
    assert list(to_invite([one], [])) == [oak.sam], "of that Sam knows"
    done(oak, one, oak.jo, NOON + 4 * DAY)
    assert Kind.OUTINGS not in kinds(oak, "Jo", NOON + 5 * DAY)


def test_two_things_that_restrict_somebody_are_looked_at_apart(oak: Oak) -> None:
    for what in ("The kitchen is locked.", "No phone at night."):
        assert said(review.start(oak.c, oak.sam, oak.jo, NOON, what=what)) == "review.started"
    again = review.start(oak.c, oak.sam, oak.dev, NOON, what="the kitchen is locked.")
    assert said(again) == "review.started_already"
    up_now = [one for one in to_look_at(oak, "Jo", NOON + 90 * DAY) if one.kind == Kind.RESTRICTIVE]
    names = [words.what(oak.c, one.kind, one.of) for one in up_now]
    assert {str(one.params["which"]) for one in names if isinstance(one, Phrase)} == {
        "The kitchen is locked.",
        "No phone at night.",
    }


def test_each_agreement_says_with_whom_it_is(oak: Oak) -> None:
    up_now = [one for one in to_look_at(oak, "Jo", NOON + 90 * DAY) if one.kind == Kind.AGREEMENT]
    names = [words.what(oak.c, one.kind, one.of) for one in up_now]
    which = [one.params["which"] for one in names if isinstance(one, Phrase)]
    assert sorted(map(str, which)) == ["Amira", "Leo", "Ruth"]


# --- what is known since ------------------------------------------------------------------


def test_what_was_stopped_or_has_lapsed_is_not_said_to_stand(oak: Oak) -> None:
    before = since.since(oak.c, oak.sam, NOON, LATER)
    assert before.shared[oak.amira] == Stood(stands=True) and not before.signs.stands
    agreeing.stop(oak.c, oak.role("Amira"), oak.sam, LATER)
    after = since.since(oak.c, oak.sam, NOON, LATER + DAY)
    assert after.shared[oak.amira] == Stood(stands=False, ended=LATER) and after.anything
    assert after.shared[oak.leo] == Stood(stands=True)
    lapsed = since.since(oak.c, oak.sam, LATER, NOON + 400 * DAY)
    assert lapsed.shared[oak.leo].ended is not None and not lapsed.shared[oak.leo].stands


# --- the acts -----------------------------------------------------------------------------


def test_done_is_done_once_by_those_who_work_for_the_person(oak: Oak) -> None:
    review.start(oak.c, oak.sam, oak.jo, NOON)
    now = NOON + 90 * DAY
    one = the(oak, Kind.RESTRICTIVE, now)
    for stray in (oak.sam, oak.amira, oak.alex, "nobody"):
        assert done(oak, one, stray, now) == Outcome()
    assert said(done(oak, one, oak.dev, now)) == "review.done"
    assert done(oak, one, oak.jo, now) == Outcome(), "somebody else was quicker"
    later = the(oak, Kind.RESTRICTIVE, now + 91 * DAY)
    assert said(done(oak, later, oak.jo, now + 91 * DAY, Came.ENDED)) == "review.done_for_good"
    assert Kind.RESTRICTIVE not in kinds(oak, "Jo", now + 900 * DAY)
    assert said(review.start(oak.c, oak.sam, oak.jo, now + 100 * DAY)) == "review.started"


def test_what_was_said_is_read_by_nobody_in_the_database(oak: Oak) -> None:
    review.start(oak.c, oak.sam, oak.jo, NOON)
    now = NOON + 90 * DAY
    done(oak, the(oak, Kind.RESTRICTIVE, now), oak.jo, now)
    (kept,) = oak.c.execute(select(schema.review.c.words).where(schema.review.c.came == "stays"))
    assert b"like" not in kept.words
    of = the(oak, Kind.RESTRICTIVE, now + 91 * DAY).of
    looks = rounds.rounds(oak.c, oak.sam, Kind.RESTRICTIVE, of)
    assert looks[-1].words.person == "I like it as it is."


def test_only_the_person_answers_their_invitation(oak: Oak) -> None:
    review.start(oak.c, oak.sam, oak.jo, NOON)
    opens(oak, OPENS + 86 * DAY)
    (id,) = oak.c.execute(select(schema.review_invited.c.id)).scalars()
    for stray in (oak.jo, oak.amira, oak.alex):
        assert review.answer(oak.c, id, Coming.YES, stray, LATER) == Outcome()
    now = OPENS + 87 * DAY
    assert said(review.answer(oak.c, id, Coming.YES, oak.sam, now)) == "review.you_come"
    assert told(oak.c, "review.would_come") == ["Jo"]
    asked = rounds.invited(oak.c, id)
    assert asked is not None
    (one,) = [item for item in to_look_at(oak, "Jo", now) if item.of == asked.of]
    done(oak, one, oak.jo, now + DAY)
    assert told(oak.c, "review.done_without_you") == ["Sam"]
    late = review.answer(oak.c, id, Coming.TALK, oak.sam, now + 2 * DAY)
    assert said(late) == "review.over_already" and told(oak.c, "review.would_talk") == []


# --- the morning --------------------------------------------------------------------------


def test_each_hears_once_however_often_the_morning_comes(oak: Oak) -> None:
    review.start(oak.c, oak.sam, oak.jo, NOON)
    morning.begin(oak.c, NOON)
    morning.begin(oak.c, NOON)
    assert len(due(oak)) == 2, "each team has its own"
    day = OPENS + 86 * DAY
    for _ in range(3):
        opens(oak, day)
    assert told(oak.c, "morning.several") == ["Jo"] and told(oak.c, "review.would_you_come") == [
        "Sam"
    ]
    assert min(due(oak)) > day - 86 * DAY
    opens(oak, day + DAY)
    assert told(oak.c, "morning.several") == ["Jo"], "nothing new"
    opens(oak, day + 8 * DAY)
    assert told(oak.c, "morning.several") == ["Jo", "Jo"], "its day"


def test_on_a_day_off_it_waits_and_nothing_is_passed_over(oak: Oak) -> None:
    review.start(oak.c, oak.sam, oak.jo, NOON)
    opens(oak, OPENS + 85 * DAY)
    saturday = OPENS + 89 * DAY
    assert saturday.weekday() == 5
    assert [part.tells for part in opens(oak, saturday)] == [()]
    (next_at,) = due(oak)
    assert next_at == saturday + 2 * DAY
    opens(oak, next_at)
    assert told(oak.c, "morning.several") == ["Jo"]


def test_a_large_team_is_told_in_parts_and_others_get_in_between(oak: Oak) -> None:
    count = AT_ONCE + 10
    for number in range(count):
        id = new_id(oak.c)
        KEEP[Member](oak.c, Member(id, 1000 + number, "N", None, "en_GB", NOON))
        KEEP[Membership](oak.c, Membership(new_id(oak.c), id, Role.PERSON, oak.team, None, NOON))
        review.start(oak.c, id, oak.dev, NOON)
    parts = opens(oak, OPENS + 86 * DAY)
    assert len(parts) == 2 and max(len(part.tells) for part in parts) <= AT_ONCE
    rows = select(schema.outbox.c.member).where(schema.outbox.c.text.in_(MORNING))
    heard = list(oak.c.execute(rows).scalars())
    assert len(heard) == len(set(heard)) == count + 2, "Dev of all, and Jo of what Sam shares"


def test_the_manager_hears_what_is_late_once_a_week(oak: Oak) -> None:
    review.start(oak.c, oak.sam, oak.jo, NOON)
    late = OPENS + 112 * DAY
    opens(oak, late)
    assert told(oak.c, "morning.late") == ["Priya"]
    opens(oak, late + DAY)
    assert told(oak.c, "morning.late") == ["Priya"]
    opens(oak, late + 8 * DAY)  # Monday is a bank holiday
    assert told(oak.c, "morning.late") == ["Priya", "Priya"]
    assert up.up(oak.c, oak.team, late).items[0].late(timedelta(days=14), late)


def _other_team(oak: Oak) -> str:
    """That of Alex."""
    table = schema.membership
    return str(oak.c.execute(select(table.c.team).where(table.c.member == oak.alex)).scalar_one())


def test_what_the_only_key_worker_may_not_see_goes_to_somebody_else(oak: Oak) -> None:
    table = schema.membership
    oak.c.execute(table.update().where(table.c.id == oak.role("Amira")).values(member=oak.jo))
    due_at = NOON + 91 * DAY
    found = up.up(oak.c, oak.team, due_at)
    (theirs,) = [one for one in found.items if oak.jo in one.apart]
    (other,) = found.who(theirs)[:1]
    assert other != oak.jo and theirs in up.mine(oak.c, oak.team, other, due_at)
    assert theirs not in up.mine(oak.c, oak.team, oak.jo, due_at)


def test_a_key_worker_of_the_team_before_keeps_nobody(oak: Oak) -> None:
    table = schema.membership
    moved = table.update().where(table.c.member == oak.sam)
    oak.c.execute(moved.values(team=_other_team(oak)))
    found = up.up(oak.c, _other_team(oak), NOON + 91 * DAY)
    assert {staff for one in found.items for staff in found.who(one)} == {oak.alex}


def test_whoever_manages_two_teams_hears_what_is_late_in_each(oak: Oak) -> None:
    other, id = _other_team(oak), new_id(oak.c)
    KEEP[Membership](oak.c, Membership(new_id(oak.c), oak.priya, Role.MANAGER, other, None, NOON))
    KEEP[Member](oak.c, Member(id, 1000, "N", None, "en_GB", NOON))
    KEEP[Membership](oak.c, Membership(new_id(oak.c), id, Role.PERSON, other, None, NOON))
    review.start(oak.c, oak.sam, oak.jo, NOON)
    review.start(oak.c, id, oak.alex, NOON)
    for team in (oak.team, other):
        opens(oak, OPENS + 112 * DAY, team)
    late = told(oak.c, "morning.late") + told(oak.c, "morning.late_and_yours")
    assert late == ["Priya", "Priya"]


def test_without_a_manager_everybody_hears_what_is_late(oak: Oak) -> None:
    unreachable(oak, "Priya")
    review.start(oak.c, oak.sam, oak.jo, NOON)
    opens(oak, OPENS + 112 * DAY)
    late = told(oak.c, "morning.late") + told(oak.c, "morning.late_and_yours")
    assert {"Jo", "Dev"} <= set(late) and "Alex" not in late


def test_nobody_is_invited_to_a_day_that_is_over(oak: Oak) -> None:
    review.start(oak.c, oak.sam, oak.jo, NOON)
    opens(oak, OPENS + 112 * DAY)
    assert told(oak.c, "review.would_you_come") == []
    assert told(oak.c, "review.would_you_come_soon") == ["Sam"]


def test_alert_after_alert_makes_a_review_no_less_late(oak: Oak) -> None:
    plan = in_force(oak).id
    for day in range(3):
        sign_plan.review_after(oak.c, oak.sam, NOON + day * DAY)
    assert the(oak, Kind.SIGN_PLAN, NOON + 3 * DAY).due_at == NOON
    mark = int(NOON.timestamp())
    review.put_off(oak.c, Kind.SIGN_PLAN, plan, mark, 2, "Later.", oak.jo, NOON + 3 * DAY)
    sign_plan.review_after(oak.c, oak.sam, NOON + 4 * DAY)
    assert the(oak, Kind.SIGN_PLAN, NOON + 4 * DAY).up(NOON + 4 * DAY), "put off no more"


def test_what_stands_on_record_comes_round_though_somebody_says_it_has_ended(oak: Oak) -> None:
    now = NOON + 362 * DAY
    one = the(oak, Kind.PROFILE, now)
    assert said(done(oak, one, oak.jo, now, Came.ENDED)) == "review.done"
    assert Kind.PROFILE in kinds(oak, "Jo", now + 370 * DAY)
