"""Where somebody is: sealed, shown through the gate, and gone in the end, whatever dies when."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, delete, select

from bot.care import words as words_care
from bot.care.agreement import Choice
from bot.care.escalation import Close, Escalation
from bot.care.escalation import State as AlertState
from bot.care.location import HERE, KIND, LOOKED, SHOWN_UNTIL, Opens, Spot
from bot.care.news import READING, REMOVE
from bot.care.outcome import Outcome, Topic
from bot.care.plan import LADDERS, Plan, Rung, RungKind, with_supporter
from bot.care.terms import SafePlace, Terms
from bot.care.text import Text
from bot.care.words import How, Kind
from bot.i18n import Words
from bot.outbox import gate
from bot.outbox.sender import Gone, Presented, Withheld
from bot.store import (
    agreement,
    deadlines,
    escalation,
    journey,
    ledger,
    location,
    outbox,
    plan,
    police,
    reading,
    schema,
    spot,
    words,
)
from bot.store import told as tellings
from bot.store.outbox import Row
from bot.store.tools import tools
from tests.conftest import NOON
from tests.oak import ACCOUNTS, LATER, Oak, said, sampled

PRESENT = gate.present(Words.load(), ZoneInfo("Europe/London"))
MINUTE = timedelta(minutes=1)
THERE = Spot(51.50735, -0.12776, NOON)
CAFE = SafePlace("cafe", "Café", "1 High Street", "020 7946 0001", 51.5, -0.1)
LIBRARY = SafePlace("library", "Library", "", "", 51.6, -0.1)
SHOP = SafePlace("shop", "The <corner> shop", "", "020 7946 0002")


@pytest.fixture
def oak(engine: Engine) -> Iterator[Oak]:
    """Sam is out, has chosen that whoever is asked first may look, and Amira is a rung."""
    with engine.begin() as c:
        oak = sampled(c)
        amira = Rung(RungKind.SUPPORTER, 10, oak.amira, oak.role("Amira"))
        plan.sample(c, oak.sam, oak.jo, NOON)
        agreed = plan.in_force(c, oak.sam)
        assert agreed is not None
        rungs = with_supporter(LADDERS["key_worker"], amira, 3)
        terms = Terms(safe_places=(CAFE, LIBRARY, SHOP))
        plan.keep_plan(c, replace(agreed, rungs=rungs, terms=terms))
        location.choose(c, Opens.FIRST, oak.sam, NOON)
        journey.set_off(c, oak.sam, "Café", LATER, NOON)
        yield oak


def out(oak: Oak) -> str:
    running = journey.running(oak.c, oak.sam)
    assert running is not None
    return running.id


def sends(oak: Oak, where: Spot = THERE) -> Outcome:
    return location.sent(oak.c, out(oak), where, oak.sam, where.at)


def emergency(oak: Oak) -> Escalation:
    """Every rung is asked at once, Amira too."""
    journey.emergency(oak.c, out(oak), oak.sam, NOON)
    return standing(oak)


def standing(oak: Oak) -> Escalation:
    id = oak.c.execute(select(schema.escalation.c.id)).scalars().one()
    found = escalation.escalation(oak.c, id)
    assert found is not None
    return found


def newest(oak: Oak, name: str, text: Text = HERE) -> Row:
    table = schema.outbox
    theirs = select(table.c.id).where(table.c.member == oak.ids[name], table.c.text == str(text))
    id = oak.c.execute(theirs.order_by(table.c.number.desc())).scalars().first()
    assert id is not None, f"nothing waits for {name}"
    return outbox.load(oak.c, id)[0]


def shown(oak: Oak, row: Row) -> Presented:
    found = PRESENT(oak.c, row, NOON)
    assert isinstance(found, Presented)
    return found


def labels(shown: Presented) -> list[str]:
    return [button.label for line in shown.buttons for button in line]


def closes(oak: Oak, by: str) -> None:
    escalation.take(oak.c, standing(oak).id, by, NOON)
    journey.close(oak.c, standing(oak).id, by, Close.SAFE_AND_WELL, NOON)


def kept(oak: Oak) -> int:
    return len(oak.c.execute(select(schema.spot)).all())


def opened(oak: Oak) -> int:
    return len(oak.c.execute(select(schema.opening)).all())


# --- sealed -------------------------------------------------------------------------------


def test_the_newest_point_alone_is_kept_and_no_column_can_be_read(oak: Oak) -> None:
    sends(oak)
    later = Spot(51.6, -0.2, NOON + MINUTE)
    location.sent(oak.c, out(oak), later, oak.sam, NOON + MINUTE, moves=True)
    location.sent(oak.c, out(oak), THERE, oak.sam, NOON + MINUTE, moves=True)  # it came late
    assert (kept(oak), spot.load(oak.c, out(oak))) == (1, later)
    sealed = oak.c.execute(select(schema.spot.c.sealed)).scalar_one()
    assert b"51" not in sealed


@pytest.mark.parametrize("whose", ["Sam's", "its own"])
def test_without_either_key_nothing_is_read_and_nothing_that_is_due_breaks(
    oak: Oak, whose: str
) -> None:
    sends(oak)
    journey.help_wanted(oak.c, out(oak), oak.sam, NOON)
    alert = standing(oak)
    own = oak.c.execute(select(schema.spot.c.id)).scalar_one()
    tools(oak.c).vault.erase(oak.c, oak.sam if whose == "Sam's" else own)
    assert spot.load(oak.c, out(oak)) is None
    assert location.look(oak.c, alert.id, oak.jo, NOON) == Outcome()
    escalation.tick(oak.c, alert.id, NOON, NOON + 10 * MINUTE)
    assert labels(shown(oak, newest(oak, "Dev", Text("escalation", "alert_help"))))


def test_who_has_not_chosen_it_or_is_home_keeps_nothing(oak: Oak) -> None:
    id = out(oak)
    assert location.sent(oak.c, id, THERE, oak.jo, NOON) == Outcome()
    location.off(oak.c, oak.sam, NOON)
    assert sends(oak) == Outcome()
    location.choose(oak.c, Opens.FIRST, oak.sam, NOON)
    journey.home(oak.c, id, oak.sam, NOON)
    assert location.sent(oak.c, id, THERE, oak.sam, NOON) == Outcome()
    assert kept(oak) == 0


def test_only_a_person_chooses_it_and_turning_it_off_takes_back_what_was_shown(oak: Oak) -> None:
    assert location.choose(oak.c, Opens.FIRST, oak.jo, NOON) == Outcome()
    sends(oak)
    looks(oak)
    assert said(location.off(oak.c, oak.sam, NOON)) == "location.off"
    assert (kept(oak), opened(oak)) == (0, 0)
    gone = PRESENT(oak.c, newest(oak, "Jo", REMOVE), NOON)
    assert gone == Gone(ACCOUNTS["Jo"], 77)


# --- opened -------------------------------------------------------------------------------


def looks(oak: Oak) -> None:
    """Jo is asked, looks, and sees it."""
    alert = emergency(oak)
    location.look(oak.c, alert.id, oak.jo, NOON)
    seen = shown(oak, newest(oak, "Jo"))
    assert seen.kept is not None
    seen.kept(oak.c, 77, NOON)


def test_who_was_not_asked_has_no_button_on_any_word_of_the_alert(oak: Oak) -> None:
    sends(oak)
    journey.help_wanted(oak.c, out(oak), oak.sam, NOON)
    escalation.take(oak.c, standing(oak).id, oak.jo, NOON)
    at = standing(oak).police_at
    assert at is not None
    police.due(oak.c, standing(oak).id, at, at)
    text = Text("escalation", "police_time")
    assert "📍 See where Sam is" in labels(shown(oak, newest(oak, "Jo", text)))
    assert "📍 See where Sam is" not in labels(shown(oak, newest(oak, "Priya", text)))


def test_the_alert_carries_the_button_once_there_is_something_to_see(oak: Oak) -> None:
    alert = emergency(oak)
    row = newest(oak, "Jo", Text("escalation", "alert_emergency"))
    assert "📍 See where Sam is" not in labels(shown(oak, row))
    assert location.look(oak.c, alert.id, oak.jo, NOON) == Outcome()
    sends(oak)
    assert "📍 See where Sam is" in labels(shown(oak, row))
    arrived = shown(oak, newest(oak, "Jo", Text("location", "arrived")))
    assert labels(arrived)[:1] == ["📍 See where Sam is"]
    location.look(oak.c, alert.id, oak.jo, NOON)
    seen = shown(oak, newest(oak, "Jo"))
    assert seen.venue is not None
    assert (seen.venue.latitude, seen.venue.longitude) == (51.50735, -0.12776)
    assert (seen.venue.title, "51.50735" in seen.text) == ("Sam at 13:00", True)


def test_whoever_is_not_asked_is_of_another_team_or_has_left_sees_nothing(oak: Oak) -> None:
    sends(oak)
    alert = emergency(oak)
    for outsider in (oak.alex, oak.leo, oak.mina, oak.amira, oak.sam):
        assert location.look(oak.c, alert.id, outsider, NOON) == Outcome()
    location.look(oak.c, alert.id, oak.jo, NOON)
    row = newest(oak, "Jo")
    oak.c.execute(delete(schema.membership).where(schema.membership.c.member == oak.jo))
    gone = shown(oak, row)
    assert gone.venue is None and "51" not in gone.text


def test_a_supporter_who_is_asked_sees_it_where_the_person_shares_where_they_are(oak: Oak) -> None:
    sends(oak)
    with oak.c.begin_nested() as besides:
        alert = emergency(oak)
        reading.look(oak.c, oak.amira, NOON)
        plain = shown(oak, newest(oak, "Amira", READING))
        assert "📍 See where Sam is" not in labels(plain)
        assert location.look(oak.c, alert.id, oak.amira, NOON) == Outcome()
        besides.rollback()
    oak.c.execute(delete(schema.sharing))
    oak.c.execute(delete(schema.agreement))
    shared = {Topic.JOURNEYS: (Choice.SHARE, 1), Topic.WHEREABOUTS: (Choice.SHARE, 3)}
    agreement.sample(oak.c, oak.sam, oak.role("Amira"), shared, NOON)
    alert = emergency(oak)
    reading.look(oak.c, oak.amira, NOON)
    assert "📍 See where Sam is" in labels(shown(oak, newest(oak, "Amira", READING)))
    location.look(oak.c, alert.id, oak.amira, NOON)
    row = newest(oak, "Amira")
    assert shown(oak, row).venue is not None
    oak.c.execute(delete(schema.sharing))
    withdrawn = shown(oak, row)
    assert withdrawn.venue is None and "51" not in withdrawn.text
    (entry, *_) = tellings.page(oak.c, oak.sam).entries
    assert (entry.to, entry.topic, entry.words) == (oak.amira, Topic.WHEREABOUTS, None)


# --- crashes, and the end -----------------------------------------------------------------


def test_a_crash_between_opening_and_showing_loses_neither_the_line_nor_the_end(oak: Oak) -> None:
    sends(oak)
    alert = emergency(oak)
    with oak.c.begin_nested() as dying:
        location.look(oak.c, alert.id, oak.jo, NOON)
        dying.rollback()  # before its commit: nothing of it has happened
    assert opened(oak) == 0 and tellings.page(oak.c, oak.sam).entries == ()
    location.look(oak.c, alert.id, oak.jo, NOON)
    (entry,) = tellings.page(oak.c, oak.sam).entries
    assert (entry.to, entry.at) == (oak.jo, NOON), "it is in the ledger before anybody sees it"
    row = newest(oak, "Jo")
    outbox.claim(oak.c, "dead", [row.id], NOON, NOON + MINUTE)
    with oak.c.begin_nested() as living:  # it comes back while the alert stands: it is shown
        outbox.lapse(oak.c, "alive", NOON + 2 * MINUTE, ())
        again = outbox.load(oak.c, row.id)[0]
        assert again.maybe_sent and shown(oak, again).venue is not None
        living.rollback()
    closes(oak, oak.jo)  # it comes back when all is over: nothing is shown
    assert (kept(oak), opened(oak)) == (0, 0)
    assert PRESENT(oak.c, row, NOON) == Withheld("over")


def test_what_is_seen_to_have_left_only_after_the_end_is_taken_out_at_once(oak: Oak) -> None:
    sends(oak)
    location.look(oak.c, emergency(oak).id, oak.jo, NOON)
    seen = shown(oak, newest(oak, "Jo"))
    closes(oak, oak.dev)
    assert seen.kept is not None
    seen.kept(oak.c, 78, NOON)
    assert PRESENT(oak.c, newest(oak, "Jo", REMOVE), NOON) == Gone(ACCOUNTS["Jo"], 78)


def test_what_was_shown_goes_after_a_day_though_the_alert_stands_and_can_be_opened_anew(
    oak: Oak,
) -> None:
    sends(oak)
    looks(oak)
    day = timedelta(hours=24)
    assert "after 24 hours at the latest" in shown(oak, newest(oak, "Jo")).text
    (due,) = [due for due in deadlines.due(oak.c, NOON + day, 20) if due.kind == SHOWN_UNTIL]
    assert (due.due_at, opened(oak)) == (NOON + day, 1)
    spot.shown_long(oak.c, due.key, due.due_at, NOON + day)
    gone = newest(oak, "Jo", REMOVE)
    assert PRESENT(oak.c, gone, NOON) == Gone(ACCOUNTS["Jo"], 77)
    assert (kept(oak), opened(oak)) == (1, 0)
    spot.shown_long(oak.c, due.key, due.due_at, NOON + day)  # it may come again
    assert newest(oak, "Jo", REMOVE).id == gone.id

    location.look(oak.c, standing(oak).id, oak.jo, NOON)
    again = shown(oak, newest(oak, "Jo"))
    assert again.venue is not None and again.kept is not None
    again.kept(oak.c, 79, NOON)
    closes(oak, oak.jo)
    late = [due for due in deadlines.due(oak.c, NOON + 2 * day, 20) if due.kind == SHOWN_UNTIL]
    assert not [one for one in late if one.key != due.key], "taken out in the end, once"


def test_in_the_end_the_point_is_gone_and_soon_its_key(oak: Oak) -> None:
    sends(oak)
    id = oak.c.execute(select(schema.spot.c.id)).scalar_one()
    sealed = oak.c.execute(select(schema.spot)).one()
    running = out(oak)
    journey.home(oak.c, running, oak.sam, NOON)
    assert kept(oak) == 0
    (moment,) = [due for due in deadlines.due(oak.c, NOON, 20) if due.kind == KIND]
    assert moment.key == id
    for _ in range(2):  # it may come again
        spot.erase_key(oak.c, moment.key, moment.due_at, NOON)
    oak.c.execute(schema.spot.insert().values(**sealed._mapping))  # as an old backup has it
    assert spot.load(oak.c, running) is None


def test_it_stays_while_an_alert_about_the_outing_stands(oak: Oak) -> None:
    sends(oak)
    alert = emergency(oak)
    journey.home(oak.c, out(oak), oak.sam, NOON)
    assert kept(oak) == 1, "they said so themselves, and nobody has spoken to them"
    closes(oak, oak.jo)
    assert kept(oak) == 0
    assert location.look(oak.c, alert.id, oak.jo, NOON) == Outcome()


@pytest.mark.parametrize("how", list(How))
def test_of_a_silent_alert_staff_see_it_until_it_is_closed_and_the_person_no_sign_of_it(
    oak: Oak, how: How
) -> None:
    sends(oak)
    hashed = words_care.hashed("marmalade", b"salt", b"pepper")
    words.choose(oak.c, Kind.DURESS, hashed, oak.sam, NOON, how=how, question="The cat?")
    (chosen,) = words.of(oak.c, oak.sam)
    words.signalled(oak.c, chosen.id, oak.sam, NOON)
    alert = standing(oak)
    before = theirs(oak)
    row = newest(oak, "Jo", Text("words", "alert"))
    assert "📍 See where Sam is" in labels(shown(oak, row))
    location.look(oak.c, alert.id, oak.jo, NOON)
    assert shown(oak, newest(oak, "Jo")).venue is not None
    sends(oak, Spot(51.6, -0.1, NOON + MINUTE))
    assert newest(oak, "Jo", Text("location", "arrived"))
    journey.home(oak.c, out(oak), oak.sam, NOON)
    assert kept(oak) == 1, "whoever stands beside Sam can press that too"
    after = [text for text in theirs(oak) if text not in before]
    assert after == ["journey.home"]
    assert tellings.page(oak.c, oak.sam).entries == ()
    assert not [line for line in ledger.lines(oak.c, oak.sam) if line.kind == LOOKED]
    location.look(oak.c, alert.id, oak.jo, NOON)
    assert shown(oak, newest(oak, "Jo")).venue is not None
    escalation.take(oak.c, alert.id, oak.jo, NOON)
    escalation.close(oak.c, alert.id, oak.jo, Close.SEEN_TO, NOON)
    assert (standing(oak).state, kept(oak), opened(oak)) == (AlertState.CLOSED, 0, 0)


def theirs(oak: Oak) -> list[str]:
    """What Sam is told."""
    table = schema.outbox
    rows = select(table.c.text).where(table.c.member == oak.sam).order_by(table.c.number)
    return list(oak.c.execute(rows).scalars())


# --- shown once ---------------------------------------------------------------------------


def test_who_has_not_chosen_it_shows_it_once_and_it_is_kept_no_longer(oak: Oak) -> None:
    location.off(oak.c, oak.sam, NOON)
    running = journey.running(oak.c, oak.sam)
    assert running is not None
    to = location.offer_to_show(oak.c, running, THERE, NOON)
    assert to is not None and (to.id, kept(oak)) == (oak.jo, 0)
    for nobody in (oak.dev, oak.alex, oak.amira):
        assert location.show(oak.c, nobody, THERE, oak.sam, NOON) == Outcome()
    assert said(location.show(oak.c, oak.jo, THERE, oak.sam, NOON)) == "location.shown"
    seen = shown(oak, newest(oak, "Jo"))
    assert seen.venue is not None and seen.kept is not None
    seen.kept(oak.c, 77, NOON)
    assert (kept(oak), opened(oak)) == (0, 1)
    journey.home(oak.c, running.id, oak.sam, NOON)
    assert PRESENT(oak.c, newest(oak, "Jo", REMOVE), NOON) == Gone(ACCOUNTS["Jo"], 77)
    assert location.show(oak.c, oak.jo, THERE, oak.sam, NOON) == Outcome()


def test_it_is_shown_to_whoever_has_the_alert_and_to_nobody_when_nobody_is_there(oak: Oak) -> None:
    location.off(oak.c, oak.sam, NOON)
    alert = emergency(oak)
    escalation.take(oak.c, alert.id, oak.dev, NOON)
    running = journey.running(oak.c, oak.sam)
    assert running is not None
    assert location.whom_to_show(oak.c, running, NOON) == oak.dev
    oak.c.execute(schema.member.update().values(unreachable_since=NOON))
    quiet = replace(running, escalation=None)
    assert location.offer_to_show(oak.c, quiet, THERE, NOON) is None


# --- safe places --------------------------------------------------------------------------


def test_whoever_is_lost_sees_the_nearest_safe_place_on_a_map_with_its_number(oak: Oak) -> None:
    sends(oak)
    journey.help_wanted(oak.c, out(oak), oak.sam, NOON)
    location.lost(oak.c, out(oak), oak.sam, NOON)
    shows = shown(oak, newest(oak, "Sam", Text("location", "safe_place")))
    assert shows.venue is not None and shows.venue.latitude == 51.5
    assert shows.venue.title == "Go here and wait: Café"
    assert "1 High Street" in shows.venue.address and "020 7946 0001" in shows.venue.address
    assert "Café" in shows.text and "020 7946 0001" in shows.text
    sends(oak, Spot(51.61, -0.1, NOON + MINUTE))
    nearer = shown(oak, newest(oak, "Sam", Text("location", "safe_place")))
    assert nearer.venue is not None and nearer.venue.latitude == 51.6
    assert nearer.venue.address == "A safe place in your plan"


def test_where_nobody_knows_they_are_every_safe_place_is_named(oak: Oak) -> None:
    journey.help_wanted(oak.c, out(oak), oak.sam, NOON)
    location.lost(oak.c, out(oak), oak.sam, NOON)
    shows = shown(oak, newest(oak, "Sam", Text("location", "safe_places")))
    assert shows.venue is None
    for named in ("Café", "1 High Street", "Library", "The &lt;corner&gt; shop", "020 7946 0002"):
        assert named in shows.text
    assert location.lost(oak.c, out(oak), oak.jo, NOON) == Outcome()


def test_a_place_that_nobody_has_marked_goes_in_words(oak: Oak) -> None:
    agreed = plan.in_force(oak.c, oak.sam)
    assert isinstance(agreed, Plan)
    plan.keep_plan(oak.c, replace(agreed, terms=Terms(safe_places=(SHOP,))))
    journey.help_wanted(oak.c, out(oak), oak.sam, NOON)
    location.lost(oak.c, out(oak), oak.sam, NOON)
    shows = shown(oak, newest(oak, "Sam", Text("location", "safe_place")))
    assert shows.venue is None and "020 7946 0002" in shows.text
