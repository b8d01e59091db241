"""A plan for outings as the person reads it: all of it, one idea at a time, in kind words."""

import re
from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from bot.care.plan import Plan, Rung, RungKind, with_supporter
from bot.care.terms import Pattern, PlaceTerms, Point, SafePlace, Stretch, Support, Terms, View
from bot.care.text import Text
from bot.i18n import EASY, LOCALES, Lines, Voice, Words
from bot.outbox import plan as words
from bot.store import plan as plans
from tests.conftest import NOON
from tests.oak import Oak, sampled
from tests.test_texts import sentences

pytestmark = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)


@pytest.fixture
def oak(engine: Engine) -> Iterator[Oak]:
    with engine.begin() as c:
        oak = sampled(c)
        plans.sample(c, oak.sam, oak.jo, NOON)
        yield oak


def sample(oak: Oak) -> Plan:
    found = plans.in_force(oak.c, oak.sam)
    assert found is not None
    return found


def whole(oak: Oak, pattern: Pattern = Pattern.POINTS) -> Plan:
    """A plan that says everything that can be said."""
    amira = Rung(RungKind.SUPPORTER, 10, oak.amira, oak.role("Amira"))
    terms = Terms(
        support=Support.SHADOWED,
        pattern=pattern,
        every=20,
        points=(Point("On the <bus>", 20), Point("Café", 30), Point("Way back", 40)),
        stretches=(Stretch("s", "The tunnel", 10),),
        safe_places=(SafePlace("p", "Library", "1 High Street", "020 7946 0001"),),
        extends=2,
        pause=45,
        less_restrictive="Going with a friend.",
        views=(View(oak.sam, "By bus."), View(oak.amira, "A text.")),
        step_up=True,
        usual_places="The canal.",
        medicine="Insulin.",
        photo="In the office.",
        call_from=1,
        when_upset="Talk about the cat.",
        when_lost="Stay on the phone.",
        at_places=(
            PlaceTerms("Library", 75, pattern, 25, (Point("Stop", 11), Point("Door", 12)), ()),
            PlaceTerms("Café", stretches=(Stretch("h", "The hill", 13),)),
        ),
    )
    plan = sample(oak)
    return replace(plan, rungs=with_supporter(plan.rungs, amira, 1), terms=terms)


def said(oak: Oak, plan: Plan, locale: str) -> list[str]:
    """Each page, as one who reads this form reads it."""
    voice = Voice(Words.load(), locale, ZoneInfo("Europe/London"), NOON)
    pages = words.pages(oak.c, plan)
    return ["\n".join(voice.say(text, **of) for text, of in page) for _, page in pages]


@pytest.mark.parametrize("pattern", Pattern)
def test_a_page_in_easy_read_is_at_most_two_sentences(oak: Oak, pattern: Pattern) -> None:
    for page in said(oak, replace(whole(oak, pattern), what_to_do="Ring Sam."), EASY):
        ours = re.sub(r": .*", "", page)  # what people wrote themselves is as long as it is
        assert len(sentences(ours)) <= 2, page


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_that_was_agreed_is_left_out(oak: Oak, locale: str) -> None:
    read = "\n".join(said(oak, whole(oak), locale))
    for name in (
        *("Café and Library", "2 hours", "On the &lt;bus&gt;", "20 minutes", "Way back"),
        *("The tunnel", "10 minutes", "30 minutes", "twice", "45 minutes"),
        *("your key worker", "whoever is on call", "the manager", "Amira", "1 hour"),
        *("Library: ", "1 hour 15 minutes", "Stop", "11 minutes", "Door", "12 minutes"),
        *("The hill", "13 minutes", "no part of the way"),
        *("Talk about the cat.", "Stay on the phone."),
        *("The canal.", "Insulin.", "In the office.", "Library, 1 High Street, 020 7946 0001"),
        *("Going with a friend.", "Sam thinks: By bus.", "Amira thinks: A text."),
    ):
        assert name in read, name
    assert "20 minutes" in (every := "\n".join(said(oak, whole(oak, Pattern.EVERY), locale)))
    assert "Library: every 25 minutes" in every


def test_each_rung_is_told_when_those_before_it_have_had_their_time(oak: Oak) -> None:
    plan = whole(oak)
    lines = [line for group in words.groups(oak.c, plan) for line in group]
    told = [of for text, of in lines if text.id == "rung"]
    waits = [int(of["after"].total_seconds()) // 60 for of in told]  # type: ignore[union-attr]  # a span
    assert waits == [10, 30, 40], "Amira has hers in between"


def test_a_plan_in_its_short_form_reads_like_one(oak: Oak) -> None:
    read = "\n".join(said(oak, sample(oak), EASY))
    assert "police may be told" not in read and "safe place" not in read
    assert len(words.pages(oak.c, sample(oak))) <= 10


def test_what_is_new_is_read_first_and_what_is_gone_after_it(oak: Oak) -> None:
    before = whole(oak)
    terms = replace(before.terms, medicine="", pause=30, views=())
    changed = replace(before, terms=terms)
    headings = [heading for heading, _ in words.pages(oak.c, changed, before)]
    assert headings[:4] == [words.NEW_PAGE, words.GONE_PAGE, words.GONE_PAGE, words.PAGE]
    new, gone = words.changes(oak.c, changed, before)
    assert [text.id for text, _ in new] == ["pause"]
    assert [text.id for text, _ in gone] == ["pause", "told_medicine", "line", "line"]
    voice = Voice(Words.load(), LOCALES[0], ZoneInfo("Europe/London"), NOON)
    read = voice.say(Text("plan", "title"), whole=words.whole(oak.c, changed, before), asks="")
    parts = [read.index(words) for words in ("New in this plan", "Not in it", "All of it")]
    assert parts == sorted(parts)
    assert parts[0] < read.index("up to 30 minutes") < parts[1] < read.index("Insulin.") < parts[2]


def test_a_plan_that_is_mostly_another_is_read_from_its_beginning(oak: Oak) -> None:
    assert words.changes(oak.c, whole(oak), sample(oak)) == ([], [])
    assert words.changes(oak.c, whole(oak), None) == ([], [])
    assert words.changes(oak.c, whole(oak), whole(oak)) == ([], [])


def test_one_who_is_asked_what_they_think_reads_where_and_how_long_and_no_more(oak: Oak) -> None:
    of = words.in_short(oak.c, sample(oak).id)
    assert set(of) == {"places", "longest"} and words.in_short(oak.c, "none") == {}
    assert not any(isinstance(value, Lines) for value in of.values())
