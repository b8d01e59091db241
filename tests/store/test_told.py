"""What the person sees of what was told, and of what was not."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select, text, update

from bot.care.agreement import Reason
from bot.care.outcome import Log, Topic, Value
from bot.store import heard, leaving, ledger, news, reading, schema, supporter, tell, told
from bot.store.tools import new_id
from tests.conftest import NOON
from tests.oak import LATER, Oak, names

MINUTE = timedelta(minutes=1)


def sends(
    oak: Oak, words: str, topic: Topic = Topic.DAILY_LIFE, now: datetime = NOON, level: int = 1
) -> str:
    """Jo tells it to those who may know; the id of the item."""
    tell.send(oak.c, oak.sam, topic, level, words, oak.jo, now)
    newest = select(schema.news.c.id).where(schema.news.c.made_at == now)
    return str(oak.c.execute(newest).scalar_one())


def reads(oak: Oak, who: str, item: str, now: datetime = LATER) -> None:
    """The words have left for this supporter."""
    table = schema.telling
    mine = (table.c.news == item) & (table.c.member == oak.ids[who])
    telling = news.telling(oak.c, oak.c.execute(select(table.c.id).where(mine)).scalar_one())
    found = news.news(oak.c, item)
    assert telling is not None and found is not None
    reading.shown(oak.c, telling.id, news.decision(oak.c, found, telling, now), 77, now)


def line(oak: Oak, to: str, reason: str, item: str | None = None) -> dict[str, Value]:
    """What a line of the ledger about a message says; `item` for one that somebody wrote."""
    facts: dict[str, Value] = {"to": oak.ids[to], "topic": "daily_life", "level": 1}
    return facts | {"reason": reason} | ({} if item is None else {"news": item})


def seen(oak: Oak) -> list[tuple[str, bool, str]]:
    """The newest page: to whom, whether they were told, and why."""
    entries = told.page(oak.c, oak.sam).entries
    return [(names(oak.c, [one.to])[0], one.told, one.reason) for one in entries]


def test_what_was_read_is_there_in_its_words_with_the_choice_that_allowed_it(oak: Oak) -> None:
    reads(oak, "Amira", sends(oak, "Sam baked a cake"))
    entry = next(one for one in told.page(oak.c, oak.sam).entries if one.told)
    assert (entry.to, entry.by, entry.words) == (oak.amira, oak.jo, "Sam baked a cake")
    assert (entry.at, entry.topic, entry.reason) == (LATER, Topic.DAILY_LIFE, Reason.AGREED)
    assert entry.row is not None and entry.row.topic is Topic.DAILY_LIFE and entry.row.level == 3


def test_what_waits_is_said_to_wait(oak: Oak) -> None:
    item = sends(oak, "Sam baked a cake")
    waiting = {(one.to, one.words) for one in told.unread(oak.c, oak.sam)}
    assert waiting == {
        (oak.leo, "Sam baked a cake"),
        (oak.amira, "Sam baked a cake"),
    }
    reads(oak, "Amira", item)
    assert [one.to for one in told.unread(oak.c, oak.sam)] == [oak.leo]


def test_what_was_kept_back_is_there_with_its_reason_and_the_words(oak: Oak) -> None:
    sends(oak, "Sam has spent a lot", Topic.FINANCES)
    assert sorted(seen(oak)) == [
        ("Amira", False, Reason.NEVER),
        ("Leo", False, Reason.NO_ROW),
        ("Ruth", False, Reason.NO_ROW),
    ]
    assert {one.words for one in told.page(oak.c, oak.sam).entries} == {"Sam has spent a lot"}


def test_nothing_of_a_guardrail_is_ever_in_it(oak: Oak) -> None:
    oak.c.execute(
        insert(schema.guardrail).values(
            id=new_id(oak.c),
            person=oak.sam,
            supporter=oak.role("Amira"),
            topic="daily_life",
            why=b"sealed",
            set_by=oak.mina,
            since=NOON,
        )
    )
    oak.c.execute(
        insert(schema.guardrail).values(
            id=new_id(oak.c),
            person=oak.sam,
            supporter=oak.role("Amira"),
            topic="finances",
            why=b"sealed",
            set_by=oak.mina,
            since=NOON,
        )
    )
    sends(oak, "Sam baked a cake", now=LATER)
    lines = [one for one in ledger.lines(oak.c, oak.sam) if one.kind == "withheld"]
    assert Reason.GUARDRAIL in {one.facts["reason"] for one in lines}
    assert "Amira" not in {name for name, _, _ in seen(oak)}
    sends(oak, "Sam has spent a lot", Topic.FINANCES, LATER + MINUTE)
    assert ("Amira", False, Reason.NEVER) in seen(oak), "as it would be without one"
    entry = next(one for one in told.page(oak.c, oak.sam).entries if one.to == oak.amira)
    assert entry.row is not None and entry.row.topic is Topic.FINANCES


def test_what_the_person_has_yet_to_hear_face_to_face_is_not_read_here_first(oak: Oak) -> None:
    supporter.pause(oak.c, oak.role("Amira"), oak.sam, NOON)
    item = sends(oak, "Sam was hurt", Topic.INCIDENTS)
    harm = update(schema.news).where(schema.news.c.id == item).values(harm=True, told_at=None)
    oak.c.execute(harm)
    assert seen(oak) == []
    oak.c.execute(update(schema.news).values(told_at=NOON))
    assert ("Amira", False, Reason.PAUSED) in seen(oak)


def test_that_a_carer_asked_again_and_again_is_not_the_persons_to_see(oak: Oak) -> None:
    item = sends(oak, "Sam baked a cake")
    for number in range(3):
        paused = line(oak, "Amira", "paused", item)
        ledger.write(oak.c, Log("withheld", oak.sam, None, paused), LATER + number * MINUTE)
    kept = [one for one in told.page(oak.c, oak.sam).entries if one.to == oak.amira]
    assert [(one.reason, one.at) for one in kept] == [(Reason.PAUSED, NOON)]


def test_what_is_not_the_gates_word_is_not_in_it(oak: Oak) -> None:
    item = sends(oak, "Sam baked a cake")
    ledger.write(oak.c, Log("withheld", oak.sam, None, line(oak, "Leo", "over", item)), LATER)
    assert "Leo" not in {name for name, _, _ in seen(oak)}


@pytest.mark.parametrize("tell", [True, False])
def test_an_exception_is_told_unless_that_is_unsafe(oak: Oak, tell: bool) -> None:
    item = sends(oak, "Sam is in hospital", Topic.WELLBEING)
    oak.c.execute(
        insert(schema.glass).values(
            id="glass",
            person=oak.sam,
            supporter=oak.role("Amira"),
            news=item,
            reason="vital_interests",
            why=b"sealed",
            by=oak.mina,
            since=NOON,
            tell_person=tell,
            review_at=LATER,
        )
    )
    facts = line(oak, "Amira", "break_glass", item) | {"rows": "glass"}
    ledger.write(oak.c, Log("told", oak.sam, None, facts, "Sam is in hospital"), LATER)
    assert (("Amira", True, Reason.BREAK_GLASS) in seen(oak)) is tell


def test_alerts_to_the_team_and_what_a_carer_wrote_are_not_in_it(oak: Oak) -> None:
    facts = line(oak, "Jo", "direct_care")
    ledger.write(oak.c, Log("told", oak.sam, None, facts), NOON)
    ledger.write(oak.c, Log("withheld", oak.sam, None, facts | {"reason": "closed"}), NOON)
    heard.reply(oak.c, oak.sam, "I am worried about Sam", oak.amira, NOON)
    assert seen(oak) == [] and told.unread(oak.c, oak.sam) == []


def test_a_push_that_was_sent_tells_nothing_yet(oak: Oak) -> None:
    item = sends(oak, "Sam baked a cake")
    facts = line(oak, "Amira", "agreed", item)
    ledger.write(oak.c, Log("pushed", oak.sam, None, facts), NOON)
    assert [one for one in told.page(oak.c, oak.sam).entries if one.told] == []


def test_it_comes_in_pages_newest_first_and_each_entry_once(oak: Oak) -> None:
    for number in range(12):
        item = sends(oak, f"Cake {number}", now=NOON + number * MINUTE)
        reads(oak, "Leo", item, NOON + number * MINUTE)
    found: list[str | None] = []
    before, pages = told.NEWEST, 0
    while True:
        page = told.page(oak.c, oak.sam, before)
        found += [one.words for one in page.entries if one.told]
        pages += 1
        if page.older is None:
            break
        assert len(page.entries) == told.PAGE
        before = page.older
    assert found == [f"Cake {number}" for number in reversed(range(12))]
    assert pages > 1
    assert len(told.page(oak.c, oak.sam, most=told.SMALL_PAGE).entries) == told.SMALL_PAGE


def test_many_other_lines_are_not_in_its_way(oak: Oak) -> None:
    reads(oak, "Amira", sends(oak, "Sam baked a cake"))
    shut = Log("withheld", oak.sam, None, line(oak, "Jo", "closed"))
    ledger.write_all(oak.c, [shut] * 120, LATER)
    assert ("Amira", True, Reason.AGREED) in seen(oak)


# PostgreSQL plans by what is in the table.
@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_a_page_is_found_by_its_index(oak: Oak) -> None:
    query = str(told._LINES.compile(compile_kwargs={"literal_binds": False}))
    asked = query.replace(":person", "'x'").replace(":before", "9").replace(":param_1", "50")
    plan = oak.c.execute(text(f"EXPLAIN QUERY PLAN {asked}")).all()
    assert any("ix_ledger_told" in row.detail for row in plan)


@pytest.mark.parametrize("name", ["Amira", "Leo", "Ruth", "Jo", "Priya", "Alex"])
def test_it_is_nobody_elses_page(oak: Oak, name: str) -> None:
    reads(oak, "Amira", sends(oak, "Sam baked a cake"))
    assert told.page(oak.c, oak.ids[name]).entries == ()
    assert told.unread(oak.c, oak.ids[name]) == []


def test_a_supporter_sees_when_they_read_and_nothing_once_they_are_gone(oak: Oak) -> None:
    reads(oak, "Amira", sends(oak, "Sam baked a cake"))
    assert told.read_by(oak.c, oak.amira) == [LATER]
    for name in ("Leo", "Ruth", "Jo", "Alex", "Sam"):
        assert told.read_by(oak.c, oak.ids[name]) == []
    leaving.end_membership(oak.c, oak.role("Amira"), oak.sam, LATER)
    assert told.read_by(oak.c, oak.amira) == []


def test_what_was_told_stays_there_when_its_reader_has_left(oak: Oak) -> None:
    reads(oak, "Amira", sends(oak, "Sam baked a cake"))
    leaving.leave(oak.c, oak.amira, LATER)
    assert ("Amira", True, Reason.AGREED) in seen(oak)
