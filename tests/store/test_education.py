"""Sessions as they are kept: the last place, the line, each told once; who may change one."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from bot.care.booking import Booking, Place
from bot.care.circle import Member, Membership, Role
from bot.care.education import Need, Session, State, Subject
from bot.care.outcome import Outcome
from bot.care.round import AT_ONCE, SPREAD
from bot.clock import HandClock
from bot.i18n import Words
from bot.outbox import gate
from bot.outbox.sender import Presented, Withheld
from bot.store import (
    around,
    booking,
    deadlines,
    education,
    leaving,
    outbox,
    profile,
    schema,
    seed,
    session,
)
from bot.store.commit import KEEP
from bot.store.memory import Memory
from bot.store.tools import new_id
from tests.conftest import KEY, NOON
from tests.oak import ACCOUNTS, LATER, Oak, said, told, unreachable

PRESENT = gate.present(Words.load(), ZoneInfo("Europe/London"))
STARTS = NOON + timedelta(days=20)
WEEK = datetime(2026, 5, 17, 8, tzinfo=UTC)
"""A week before, at nine."""


def published(c: Connection, team: str | None, by: str, places: int | None = 2) -> str:
    """A session in Oak House; its id."""
    id = new_id(c)
    fresh = Session(
        id=id,
        series=id,
        team=team,
        by=by,
        subject=Subject.OWN,
        starts_at=STARTS,
        minutes=60,
        made_at=NOON,
        rule_day=STARTS.date(),
        title="Sleeping well",
        place="Room 2",
        places=places,
        meets=(Need.STEP_FREE,),
    )
    assert said(education.publish(c, fresh, by, NOON)) == "education.published"
    return id


def spread_all(c: Connection, now: datetime = LATER) -> int:
    """Every chunk that is due now, as the loop would; how many."""
    chunks = 0
    while due := [one for one in deadlines.due(c, now, 30) if one.kind == SPREAD]:
        for one in due:
            assert deadlines.take(c, one)
            education.spread(c, one.key, one.due_at, now)
            chunks += 1
    return chunks


def times_told(c: Connection, text: str) -> Counter[str]:
    """How often each member is told this."""
    table = schema.outbox
    return Counter(
        c.execute(select(table.c.member).where(table.c.text == f"education.{text}")).scalars()
    )


def test_what_is_kept_comes_back_as_it_was_and_its_words_are_sealed(oak: Oak) -> None:
    id = published(oak.c, oak.team, oak.jo)
    kept = session.session(oak.c, id)
    assert kept is not None and kept.title == "Sleeping well" and kept.meets == (Need.STEP_FREE,)
    KEEP[Session](oak.c, kept)
    assert session.session(oak.c, id) == kept
    row = oak.c.execute(select(schema.session).where(schema.session.c.id == id)).one()
    assert not any(b"Room" in bytes(value) for value in row if isinstance(value, bytes))


def test_staff_of_another_team_and_those_around_a_person_change_nothing(oak: Oak) -> None:
    id = published(oak.c, oak.team, oak.jo)
    before = session.session(oak.c, id)
    assert before is not None
    for other in (oak.alex, oak.amira, oak.sam):
        moved = education.change(oak.c, id, lambda s: replace(s, place="B"), other, LATER)
        assert moved == Outcome()
        assert education.cancel(oak.c, id, other, LATER) == Outcome()
        assert education.confirm(oak.c, id, other, LATER) == Outcome()
        fresh = replace(before, id=new_id(oak.c), state=State.DRAFT)
        assert education.publish(oak.c, fresh, other, LATER) == Outcome()
    assert session.session(oak.c, id) == before
    assert said(education.cancel(oak.c, id, oak.dev, LATER)) == "education.cancel_kept"
    whole = published(oak.c, None, oak.jo)
    assert said(education.cancel(oak.c, whole, oak.alex, LATER)) == "education.cancel_kept"


def test_a_place_given_back_moves_the_line_in_the_same_transaction(oak: Oak) -> None:
    id = published(oak.c, oak.team, oak.jo)
    for member in (oak.amira, oak.leo, oak.ruth, oak.sam):
        booking.book(oak.c, id, member, LATER)
    places = [one.place for one in booking.line(oak.c, id)]
    assert places == [Place.BOOKED, Place.BOOKED, Place.WAITING, Place.WAITING]
    booking.give_back(oak.c, id, oak.leo, LATER)
    assert told(oak.c, "education.place") == ["Ruth"]
    assert booking.place(oak.c, id, oak.leo) is Place.GIVEN_BACK
    education.change(oak.c, id, lambda s: replace(s, places=3), oak.jo, LATER)
    assert told(oak.c, "education.place") == ["Ruth", "Sam"]
    assert told(oak.c, "education.changed") == []
    booking.book(oak.c, id, oak.leo, LATER)
    leaving.leave(oak.c, oak.amira, LATER)
    assert told(oak.c, "education.place") == ["Ruth", "Sam", "Leo"]
    assert booking.of(oak.c, oak.amira, LATER) == []


def test_needs_are_the_members_own_and_staff_get_them_as_numbers(oak: Oak) -> None:
    id = published(oak.c, oak.team, oak.jo)
    booking.say_needs(oak.c, [Need.HEARING_LOOP, Need.QUIET_ROOM], oak.amira, NOON)
    profile.choose_locale(oak.c, oak.leo, "en_GB@easy", NOON)
    booking.say_needs(oak.c, [Need.QUIET_ROOM], oak.leo, NOON)
    booking.say_needs(oak.c, [Need.BSL], oak.ruth, NOON)
    for member in (oak.amira, oak.leo, oak.ruth):  # for Ruth there is no place
        booking.book(oak.c, id, member, LATER)
    assert booking.needs(oak.c, oak.leo) == (Need.EASY_READ, Need.QUIET_ROOM)
    needed = {Need.HEARING_LOOP: 1, Need.QUIET_ROOM: 2, Need.EASY_READ: 1}
    assert booking.needed(oak.c, id) == needed
    booking.say_needs(oak.c, [], oak.amira, LATER)
    assert booking.needs(oak.c, oak.amira) == ()


def test_ten_thousand_would_be_told_a_hundred_at_a_time_and_each_once(oak: Oak) -> None:
    many = 2 * AT_ONCE + 30
    for number in range(many):
        id = f"x{number:015}"
        KEEP[Member](oak.c, Member(id, 1000 + number, "Kim", None, "en_GB", NOON))
        KEEP[Membership](
            oak.c, Membership(f"y{number:015}", id, Role.CARER, oak.team, oak.sam, NOON)
        )
    education.hear_of_dates(oak.c, False, "x000000000000003", NOON)
    education.hear_of_dates(oak.c, False, oak.leo, NOON)
    education.hear_of_dates(oak.c, False, oak.leo, NOON)
    education.hear_of_dates(oak.c, True, oak.leo, NOON)
    published(oak.c, oak.team, oak.jo)
    chunks = spread_all(oak.c)
    everybody = many + len(ACCOUNTS) - 1
    counted = times_told(oak.c, "new")
    assert set(counted.values()) == {1} and len(counted) == everybody
    assert "x000000000000003" not in counted and oak.leo in counted
    assert chunks == everybody // AT_ONCE + 1


def test_a_chunk_that_is_done_again_tells_nobody_twice(oak: Oak) -> None:
    id = published(oak.c, oak.team, oak.jo)
    education.spread(oak.c, f"{id}:n0:", NOON, LATER)
    education.spread(oak.c, f"{id}:n0:", NOON, LATER)
    assert len(told(oak.c, "education.new")) == len(ACCOUNTS)
    education.cancel(oak.c, id, oak.jo, LATER)
    education.spread(oak.c, f"{id}:n0:{oak.sam}", NOON, LATER)
    assert len(told(oak.c, "education.new")) == len(ACCOUNTS)


def test_a_series_whose_maker_has_left_is_asked_of_the_managers(oak: Oak) -> None:
    id = published(oak.c, oak.team, oak.jo)
    leaving.leave(oak.c, oak.jo, LATER)
    kept = session.session(oak.c, id)
    assert kept is not None
    education.tick(oak.c, id, kept.ends_at, kept.ends_at)
    assert told(oak.c, "education.next_one") == ["Priya"]
    (draft,) = session.drafts(oak.c, oak.dev, kept.ends_at)
    assert draft.series == id and session.drafts(oak.c, oak.alex, kept.ends_at) == []
    education.tick(oak.c, id, kept.ends_at, kept.ends_at)
    assert told(oak.c, "education.next_one") == ["Priya"]


def test_what_waited_until_it_was_true_no_more_is_not_said(oak: Oak) -> None:
    """Quiet hours, a long queue: at the moment of leaving it is asked again."""
    id = published(oak.c, oak.team, oak.jo, 1)
    for member in (oak.amira, oak.leo):
        booking.book(oak.c, id, member, LATER)
    booking.give_back(oak.c, id, oak.amira, LATER)
    spread_all(oak.c)

    def withheld(text: str, name: str, now: datetime = LATER) -> bool:
        table = schema.outbox
        of = select(table.c.id).where(table.c.text == text, table.c.member == oak.ids[name])
        row, _ = outbox.load(oak.c, oak.c.execute(of).scalar_one())
        return isinstance(PRESENT(oak.c, row, now), Withheld)

    assert not withheld("education.place", "Leo")
    assert not withheld("education.new", "Ruth")
    assert withheld("education.new", "Ruth", STARTS)
    education.hear_of_dates(oak.c, False, oak.ruth, LATER)
    assert withheld("education.new", "Ruth") and not withheld("education.new", "Sam")
    booking.give_back(oak.c, id, oak.leo, LATER)
    assert withheld("education.place", "Leo")
    education.cancel(oak.c, id, oak.jo, LATER)
    assert withheld("education.new", "Sam")


def test_those_who_booked_are_told_in_rounds_of_their_own(oak: Oak) -> None:
    id = published(oak.c, oak.team, oak.jo, AT_ONCE + 20)
    for number in range(AT_ONCE + 10):
        who = f"x{number:015}"
        KEEP[Member](oak.c, Member(who, 1000 + number, "Kim", None, "en_GB", NOON))
        booking.book(oak.c, id, who, LATER)
    acts: Mapping[str, Callable[[], Outcome]] = {
        "in_a_week": lambda: education.tick(oak.c, id, WEEK, WEEK),
        "changed": lambda: education.change(oak.c, id, moved, oak.jo, WEEK),
        "cancelled": lambda: education.cancel(oak.c, id, oak.jo, WEEK),
    }
    for text, act in acts.items():
        act()
        assert spread_all(oak.c, WEEK) >= 2
        times = times_told(oak.c, text)
        assert len(times) == AT_ONCE + 10 and set(times.values()) == {1}


def moved(before: Session) -> Session:
    return replace(before, starts_at=before.starts_at + timedelta(days=1))


def shown(oak: Oak, text: str, name: str, now: datetime) -> str | None:
    """What this one reads when it leaves now; None where it does not leave."""
    table = schema.outbox
    of = select(table.c.id).where(table.c.text == text, table.c.member == oak.ids[name])
    row, _ = outbox.load(oak.c, oak.c.execute(of).scalar_one())
    made = PRESENT(oak.c, row, now)
    return made.text if isinstance(made, Presented) else None


def test_whoever_sleeps_hears_the_changes_of_a_day_in_one_message(oak: Oak) -> None:
    id = published(oak.c, oak.team, oak.jo, 1)
    for member in (oak.amira, oak.leo):
        booking.book(oak.c, id, member, LATER)
    education.change(oak.c, id, moved, oak.jo, LATER)
    spread_all(oak.c)
    first = times_told(oak.c, "changed")
    link = "https://meet.example/x"
    education.change(oak.c, id, lambda s: replace(s, place=link), oak.jo, LATER)
    spread_all(oak.c)
    assert first == Counter([oak.amira, oak.leo]) and times_told(oak.c, "changed") == first + first
    table = schema.outbox
    of = select(table.c.id).where(table.c.text == "education.changed")
    rows = [outbox.load(oak.c, row)[0] for row in oak.c.execute(of).scalars()]
    made = [(row.member, PRESENT(oak.c, row, LATER)) for row in rows]
    left = [(member, one.text) for member, one in made if isinstance(one, Presented)]
    assert {member for member, _ in left} == {oak.amira, oak.leo} and len(left) == 2, "one each"
    for member, text in left:
        assert "It was Sun 24 May 13:00 before." in text and "The place has changed." in text
        assert (link in text) is (member == oak.amira), "it is for those who have a place"


def test_a_reminder_that_leaves_late_names_no_wrong_day(oak: Oak) -> None:
    id = published(oak.c, oak.team, oak.jo)
    booking.book(oak.c, id, oak.amira, LATER)
    education.tick(oak.c, id, WEEK, WEEK)
    spread_all(oak.c, WEEK)
    for days, says in enumerate(("In a week", "soon", "soon", "soon", "soon", "soon", "Tomorrow")):
        text = shown(oak, "education.in_a_week", "Amira", WEEK + timedelta(days=days))
        assert text is not None and says in text
    text = shown(oak, "education.in_a_week", "Amira", STARTS - timedelta(hours=1))
    assert text is not None and "Today" in text
    assert shown(oak, "education.in_a_week", "Amira", STARTS) is None


def test_an_old_do_not_hold_it_cancels_nothing_that_is_published(oak: Oak) -> None:
    id = published(oak.c, oak.team, oak.jo)
    assert education.drop(oak.c, id, oak.jo, LATER) == Outcome()
    kept = session.session(oak.c, id)
    assert kept is not None and kept.state is State.PUBLISHED
    education.tick(oak.c, id, kept.ends_at, kept.ends_at)
    (draft,) = session.drafts(oak.c, oak.jo, kept.ends_at)
    assert education.drop(oak.c, draft.id, oak.alex, kept.ends_at) == Outcome()
    assert said(education.drop(oak.c, draft.id, oak.jo, kept.ends_at)) == "education.dropped"
    assert session.drafts(oak.c, oak.jo, kept.ends_at) == []


def test_whoever_is_in_reach_again_takes_the_place_that_came_free_meanwhile(oak: Oak) -> None:
    id = published(oak.c, oak.team, oak.jo, 1)
    for member in (oak.amira, oak.leo):
        booking.book(oak.c, id, member, LATER)
    unreachable(oak, "Leo")
    booking.give_back(oak.c, id, oak.amira, LATER)
    assert booking.place(oak.c, id, oak.leo) is Place.WAITING
    around.mark_reachable(oak.c, oak.leo)
    assert said(booking.book(oak.c, id, oak.leo, LATER)) == "education.booked_already"
    assert booking.place(oak.c, id, oak.leo) is Place.BOOKED


def test_many_who_wait_move_up_some_at_a_time(oak: Oak) -> None:
    id = published(oak.c, oak.team, oak.jo, 1)
    for number in range(AT_ONCE + 10):
        who = f"x{number:015}"
        KEEP[Member](oak.c, Member(who, 1000 + number, "Kim", None, "en_GB", NOON))
        booked = Place.WAITING if number else Place.BOOKED
        KEEP[Booking](oak.c, Booking(id, who, booked, number + 1, NOON))
    education.change(oak.c, id, lambda s: replace(s, places=None), oak.jo, LATER)
    assert len(told(oak.c, "education.place")) == AT_ONCE
    spread_all(oak.c)
    assert len(told(oak.c, "education.place")) == AT_ONCE + 9
    assert all(one.place is Place.BOOKED for one in booking.line(oak.c, id))


async def test_the_last_place_goes_to_one_and_the_line_keeps_its_order(
    engine_url: str, tmp_path: Path
) -> None:
    """On two replicas at once where there can be two; else by one that writes in turn."""
    clock = HandClock(NOON)
    one = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=clock)
    alone = engine_url.startswith("sqlite")
    other = one if alone else await Memory.open(engine_url, key=KEY, data=tmp_path, clock=clock)
    try:
        ids = await one.write(seed.seed_sample, NOON, ACCOUNTS)
        who = [ids[name] for name in ACCOUNTS]
        id = await one.write(published, None, ids["Jo"], 3)
        taken = [
            (one if number % 2 else other).write(booking.book, id, member, LATER)
            for number, member in enumerate(who)
        ]
        outcomes = await asyncio.gather(*taken)
        assert Counter(map(said, outcomes)) == {"education.booked": 3, "education.waiting": 6}
        line = await one.read(booking.line, id)
        assert [held.number for held in line] == list(range(1, 10))
        assert [held.place for held in line] == [Place.BOOKED] * 3 + [Place.WAITING] * 6

        gone = [
            (one if number % 2 else other).write(booking.give_back, id, held.member, LATER)
            for number, held in enumerate(line[:3])
        ]
        await asyncio.gather(*gone, other.write(booking.book, id, line[0].member, LATER))
        after = {held.member: held for held in await other.read(booking.line, id)}
        has_one = {held.member for held in after.values() if held.place is Place.BOOKED}
        assert has_one == {held.member for held in line[3:6]}
        assert after[line[0].member].number in (1, 10)  # its booker was first, or is last now
    finally:
        await one.close()
        if other is not one:
            await other.close()
