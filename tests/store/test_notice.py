"""What Kith itself tells of an outing: to whom, what ends with the alert, and what is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.care import notice
from bot.care.agreement import Choice
from bot.care.escalation import Close
from bot.care.journey import Journey
from bot.care.news import News, State, Telling
from bot.care.outcome import Topic
from bot.store import (
    agreeing,
    agreement,
    ask_first,
    circle,
    escalation,
    journey,
    ledger,
    news,
    plan,
    reading,
    schema,
)
from bot.store import told as tellings_of
from tests.conftest import NOON
from tests.oak import Oak, told

MINUTE = timedelta(minutes=1)
DUE = NOON + 60 * MINUTE
MISSED = DUE + 10 * MINUTE


@pytest.fixture
def out(oak: Oak) -> Oak:
    """Sam has set off for the café and is due in an hour."""
    plan.sample(oak.c, oak.sam, oak.jo, NOON)
    journey.set_off(oak.c, oak.sam, "Café", DUE, NOON)
    return oak


def running(oak: Oak) -> Journey:
    found = journey.running(oak.c, oak.sam)
    assert found is not None
    return found


def opens(oak: Oak) -> str:
    """Sam has not checked in; the alert's id."""
    journey.tick(oak.c, running(oak).id, DUE, MISSED)
    alert = running(oak).escalation
    assert alert is not None
    return alert


def closes(oak: Oak, alert: str) -> None:
    escalation.take(oak.c, alert, oak.jo, MISSED)
    journey.close(oak.c, alert, oak.jo, Close.SAFE_AND_WELL, MISSED + MINUTE)


def items(oak: Oak) -> list[News]:
    """Kith's own items, oldest first."""
    ids = oak.c.execute(select(schema.news.c.id).order_by(schema.news.c.made_at)).scalars().all()
    return [item for item in (news.news(oak.c, id) for id in ids) if item is not None]


def tellings(oak: Oak) -> dict[str, tuple[str, State]]:
    """Each that is on its way: to whom, and where it stands, by what it says."""
    rows = oak.c.execute(select(schema.telling.c.id)).scalars().all()
    found = [one for one in (news.telling(oak.c, id) for id in rows) if one is not None]
    return {_text(oak, one): (circle.name(oak.c, one.member), one.state) for one in found}


def _text(oak: Oak, one: Telling) -> str:
    item = news.news(oak.c, one.news)
    assert item is not None and item.text is not None
    return item.text.id


def reads(oak: Oak) -> None:
    """Amira reads what waits."""
    row = oak.c.execute(select(schema.telling).where(schema.telling.c.state == "waiting")).one()
    found = news.telling(oak.c, row.id)
    assert found is not None
    item = news.news(oak.c, found.news)
    assert item is not None
    decided = news.decision(oak.c, item, found, MISSED)
    reading.shown(oak.c, found.id, decided, 7, MISSED, "Sam has not checked in.")


def wants_to_be_asked(oak: Oak) -> None:
    """Sam is asked first before Amira hears of an outing."""
    table = schema.sharing
    of_outings = update(table).where(table.c.topic == Topic.JOURNEYS.value)
    oak.c.execute(of_outings.values(choice=Choice.ASK.value))


def test_a_missed_check_in_is_told_to_whoever_may_know_and_to_nobody_else(out: Oak) -> None:
    opens(out)

    (item,) = items(out)
    assert (item.by, item.words, item.level, item.text) == (None, None, 1, notice.MISSED)
    assert item.at == DUE, "of the time it tells of"
    assert told(out.c, "news.push") == ["Amira"]
    kept = {n.facts["to"]: n.facts["reason"] for n in ledger.lines(out.c) if n.kind == "unshared"}
    assert kept == {out.leo: "no_row", out.ruth: "no_row"}
    assert tellings_of.page(out.c, out.sam).entries == (), "nobody had wanted to tell it"


def test_an_alert_that_was_read_of_is_said_to_be_over(out: Oak) -> None:
    alert = opens(out)
    reads(out)
    closes(out, alert)

    assert tellings(out) == {
        "missed": ("Amira", State.READ),
        "over": ("Amira", State.WAITING),
    }
    assert told(out.c, "news.push") == ["Amira", "Amira"]


def test_an_older_end_gives_way_to_a_newer_alert(out: Oak) -> None:
    """Left unread, then read of a second alert: nothing says any more that it is over."""
    closes(out, opens(out))
    again = MISSED + 2 * MINUTE
    journey.set_off(out.c, out.sam, "Café", again + 60 * MINUTE, again)
    journey.tick(out.c, running(out).id, again + 60 * MINUTE, again + 70 * MINUTE)

    rows = out.c.execute(
        select(schema.news.c.text, schema.telling.c.state)
        .join(schema.telling, schema.telling.c.news == schema.news.c.id)
        .order_by(schema.telling.c.made_at)
    ).all()
    assert [tuple(row) for row in rows] == [
        ("notice.missed", "over"),
        ("notice.over", "over"),
        ("notice.missed", "waiting"),
    ]


def test_what_was_asked_first_takes_the_place_of_an_older_end_when_it_is_read(out: Oak) -> None:
    closes(out, opens(out))
    wants_to_be_asked(out)
    again = MISSED + 2 * MINUTE
    journey.set_off(out.c, out.sam, "Café", again + 60 * MINUTE, again)
    journey.tick(out.c, running(out).id, again + 60 * MINUTE, again + 70 * MINUTE)
    asked = out.c.execute(select(schema.telling).where(schema.telling.c.state == "asking")).one()
    ask_first.yes(out.c, asked.id, asked.version, out.sam, again + 71 * MINUTE)
    later = again + 72 * MINUTE

    first = news.unread(out.c, out.amira, later, again=False)[0]
    assert first.id == asked.id, "what runs is read before what is over"
    item = news.news(out.c, first.news)
    assert item is not None
    decided = news.decision(out.c, item, first, later)
    reading.shown(out.c, first.id, decided, 7, later, "Sam has not checked in.")

    assert news.unread(out.c, out.amira, later, again=False) == []
    shown = news.unread(out.c, out.amira, later, again=True)
    assert [one.id for one in shown] == [asked.id]


@pytest.mark.parametrize(
    ("choice", "how", "text"),
    [
        (Choice.SHARE, Close.SAFE_AND_WELL, "over_safe"),
        (Choice.SHARE, Close.NEEDED_HELP, "over_helped"),
        (Choice.ASK, Close.SAFE_AND_WELL, None),
    ],
)
def test_whoever_may_know_the_main_point_hears_how_it_ended(
    out: Oak, choice: Choice, how: Close, text: str | None
) -> None:
    table = schema.sharing
    of_outings = update(table).where(table.c.topic == Topic.JOURNEYS.value)
    out.c.execute(of_outings.values(choice=choice.value, level=2))
    alert = opens(out)
    escalation.take(out.c, alert, out.jo, MISSED)
    journey.close(out.c, alert, out.jo, how, MISSED + MINUTE)

    ended = [item for item in items(out) if item.text != notice.MISSED]
    assert [item.text and item.text.id for item in ended] == ([text] if text else [])
    assert all(item.level == notice.MAIN_POINT for item in ended)


def test_what_nobody_has_read_yet_is_not_read_once_it_is_over(out: Oak) -> None:
    closes(out, opens(out))

    assert tellings(out) == {
        "missed": ("Amira", State.OVER),
        "over": ("Amira", State.WAITING),
    }


def test_whoever_did_not_hear_of_an_alert_does_not_hear_that_it_is_over(out: Oak) -> None:
    alert = opens(out)
    agreeing.stop(out.c, out.role("Amira"), out.sam, MISSED)
    closes(out, alert)

    assert [item.text for item in items(out)] == [notice.MISSED]
    assert tellings(out) == {"missed": ("Amira", State.OVER)}


def test_a_question_that_has_no_answer_yet_ends_with_the_alert(out: Oak) -> None:
    wants_to_be_asked(out)
    alert = opens(out)
    assert tellings(out) == {"missed": ("Amira", State.ASKING)}
    assert told(out.c, "news.may_i_tell") == ["Sam"]

    closes(out, alert)

    assert tellings(out) == {"missed": ("Amira", State.OVER)}
    assert told(out.c, "news.push") == []


def test_a_refusal_of_what_kith_would_tell_goes_to_no_staff(out: Oak) -> None:
    wants_to_be_asked(out)
    opens(out)
    row = out.c.execute(select(schema.telling).where(schema.telling.c.state == "asking")).one()

    assert ask_first.change(out.c, row.id, row.version, out.sam, MISSED).said is None
    ask_first.no(out.c, row.id, row.version, out.sam, MISSED)

    assert tellings(out) == {"missed": ("Amira", State.OVER)}
    assert told(out.c, "news.not_told") == []


def test_home_is_told_and_a_call_for_help_is_the_teams_alone(out: Oak) -> None:
    journey.home(out.c, running(out).id, out.sam, NOON + MINUTE)
    assert [item.text for item in items(out)] == [notice.HOME]
    assert told(out.c, "news.push") == ["Amira"]

    journey.set_off(out.c, out.sam, "Café", DUE, NOON + 2 * MINUTE)
    journey.help_wanted(out.c, running(out).id, out.sam, NOON + 3 * MINUTE)
    assert [item.text for item in items(out)] == [notice.HOME]


def test_one_who_is_staff_as_well_hears_of_an_alert_as_staff_alone(out: Oak) -> None:
    table = schema.membership
    jo = out.c.execute(select(table.c.id).where(table.c.member == out.amira)).scalar_one()
    out.c.execute(update(table).where(table.c.id == jo).values(member=out.jo))

    opens(out)

    assert told(out.c, "news.push") == []


def test_what_was_read_is_in_told_in_the_words_that_were_read(out: Oak) -> None:
    opens(out)
    (waiting,) = tellings_of.unread(out.c, out.sam)
    assert (waiting.to, waiting.words, waiting.text) == (out.amira, None, notice.MISSED)
    reads(out)

    (entry,) = tellings_of.page(out.c, out.sam).entries
    assert (entry.to, entry.told, entry.words) == (out.amira, True, "Sam has not checked in.")
    assert entry.by is None and entry.row is not None and entry.row.topic is Topic.JOURNEYS


def test_it_is_tried_with_a_choice_before_it_is_made(out: Oak) -> None:
    closes(out, opens(out))
    shared = agreement.active(out.c, out.role("Amira"), MISSED)[0]
    found = agreeing.tried(out.c, shared, MISSED + 2 * MINUTE)
    assert [one.topic for one in found] == [Topic.JOURNEYS, Topic.JOURNEYS]
