"""Words as they are kept: hashed, sealed, theirs alone; and the alerts they raise."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.care import words as care
from bot.care.circle import Membership, Role
from bot.care.concern import Kind as About
from bot.care.escalation import Cause, Close, Escalation
from bot.care.outcome import Outcome, Value, Wake
from bot.care.plan import Plan, Rung, RungKind
from bot.care.text import Text
from bot.care.words import How, Kind, Word
from bot.flows import words as talks
from bot.store import (
    circle,
    escalation,
    flow,
    inbox,
    journey,
    ladder,
    outbox,
    plan,
    police,
    schema,
    words,
)
from bot.store import concern as concerns
from bot.store.commit import KEEP
from bot.store.flow import Talk
from bot.store.tools import new_id, tools
from tests.conftest import NOON
from tests.oak import Oak, said, told

SECOND = timedelta(seconds=1)
HASHED = {
    Kind.CODE: care.hashed("purple teapot", b"a" * 16, b"b" * 16),
    Kind.DURESS: care.hashed("marmalade moon", b"c" * 16, b"d" * 16),
}


def chosen(oak: Oak, kind: Kind, how: How | None = None, question: str = "How is the cat?") -> str:
    kept = words.choose(
        oak.c, kind, HASHED[kind], oak.sam, NOON, how=how, question=question
    ).records[0]
    assert isinstance(kept, Word)
    return kept.id


def heard(oak: Oak, said: str, name: str = "Sam") -> Kind | None:
    found = care.which(words.of(oak.c, oak.ids[name]), said)
    return None if found is None else found.kind


def alert(outcome: Outcome) -> Escalation:
    return [one for one in outcome.records if isinstance(one, Escalation)][-1]


def test_a_word_is_theirs_and_nothing_of_it_can_be_read(oak: Oak) -> None:
    first = chosen(oak, Kind.CODE)
    second = chosen(oak, Kind.DURESS, How.QUIETLY)
    assert heard(oak, "Purple tea pot") is Kind.CODE
    assert heard(oak, "marmalade moon") is Kind.DURESS
    assert heard(oak, "purple teapot", "Amira") is None
    kept = words.word(oak.c, second)
    assert kept is not None and (kept.how, kept.question) == (How.QUIETLY, "How is the cat?")
    row = oak.c.execute(select(schema.word).where(schema.word.c.id == second)).one()
    assert b"cat" not in row.question and b"dddd" not in row.pepper
    assert chosen(oak, Kind.CODE) != first, "another takes its place"
    assert words.word(oak.c, first) is None
    assert len(words.of(oak.c, oak.sam)) == 2
    lines = oak.c.execute(select(schema.ledger).where(schema.ledger.c.kind == "words_changed"))
    assert {(line.person, line.actor, str(line.facts)) for line in lines} == {(None, oak.sam, "{}")}
    words.forget(oak.c, oak.amira, NOON)
    assert len(words.of(oak.c, oak.sam)) == 2
    words.forget(oak.c, oak.sam, NOON)
    assert words.of(oak.c, oak.sam) == () and words.word(oak.c, first) is None


def test_names_and_places_around_somebody_are_taken(oak: Oak) -> None:
    plan.sample(oak.c, oak.sam, oak.jo, NOON)
    taken = words.taken(oak.c, oak.sam)
    assert {"Café", "Library", "Sam", "Amira", "Jo", "Priya"} <= set(taken)
    assert "Alex" not in taken


def test_a_word_whose_key_is_gone_stops_nothing_and_another_can_be_chosen(oak: Oak) -> None:
    chosen(oak, Kind.CODE)
    tools(oak.c).vault.erase(oak.c, oak.sam)
    assert words.of(oak.c, oak.sam) == ()
    chosen(oak, Kind.CODE)
    assert heard(oak, "purple teapot") is Kind.CODE


def test_a_word_in_practice_is_no_word_for_two_minutes(oak: Oak) -> None:
    chosen(oak, Kind.CODE)
    chat = 4711

    def listens(after: timedelta) -> tuple[bool, bool]:
        found = words.listening(oak.c, oak.sam, chat, NOON + after)
        assert len(found.words) == 1
        return found.asks is not None, found.fresh

    assert listens(SECOND) == (False, False)
    flow.begin(oak.c, Talk("t1", chat, None, "word_practise", "word"), NOON)
    assert listens(timedelta(minutes=2)) == (True, True)
    assert listens(timedelta(minutes=2) + SECOND) == (True, False)
    flow.begin(oak.c, Talk("t2", chat, None, "word_second", "how"), NOON + SECOND)
    assert listens(SECOND) == (False, False), "what is tapped is not written"
    flow.begin(oak.c, Talk("t3", chat, None, "set_off", "place"), NOON + 2 * SECOND)
    assert listens(3 * SECOND) == (False, False)
    found = [one.flow for one in (talks.CODE, talks.SECOND, talks.PRACTISE)]
    assert {one.name for one in found} == set(words.TALKS)
    steps = {name for one in found for name, step in one.steps.items() if step.reads is not None}
    assert steps == words.WRITTEN


# --- the alerts ---------------------------------------------------------------------------


def test_the_code_word_at_home_asks_the_key_worker_even_without_a_plan(oak: Oak) -> None:
    outcome = words.ring_me(oak.c, oak.sam, NOON)
    assert outcome.said is None and alert(outcome).cause is Cause.CALL
    assert told(oak.c, "words.ring_me") == ["Jo"]
    soon = words.ring_me(oak.c, oak.sam, NOON + SECOND)
    assert soon.said is not None and told(oak.c, "words.ring_me") == ["Jo"]
    words.ring_me(oak.c, oak.sam, NOON + timedelta(minutes=1))
    assert told(oak.c, "words.ring_me") == ["Jo", "Jo"]
    escalation.take(oak.c, alert(outcome).id, oak.jo, NOON)
    journey.close(oak.c, alert(outcome).id, oak.jo, Close.SAFE_AND_WELL, NOON)
    again = words.ring_me(oak.c, oak.sam, NOON + timedelta(hours=1))
    assert alert(again).id != alert(outcome).id


def test_the_second_word_leaves_the_outing_and_its_alert_as_they_are(oak: Oak) -> None:
    plan.sample(oak.c, oak.sam, oak.jo, NOON)
    journey.set_off(oak.c, oak.sam, "Café", NOON + timedelta(hours=1), NOON)
    out = journey.running(oak.c, oak.sam)
    assert out is not None
    id = chosen(oak, Kind.DURESS, How.AT_ONCE)
    lines = oak.c.execute(
        select(schema.ledger.c.number).order_by(schema.ledger.c.number.desc()).limit(1)
    ).scalar_one()
    outcome = words.signalled(oak.c, id, oak.sam, NOON + SECOND)
    raised = alert(outcome)
    assert (raised.cause, raised.subject) == (Cause.DURESS_NOW, id)
    assert raised.event_at == raised.opened_at == NOON + SECOND
    assert told(oak.c, "words.alert") == ["Jo", "Dev", "Priya"]
    assert journey.running(oak.c, oak.sam) == out
    newer = select(schema.ledger.c.person).where(schema.ledger.c.number > lines)
    assert set(oak.c.execute(newer).scalars()) == {None}, "none of its lines is the person's"

    journey.close(oak.c, raised.id, oak.jo, Close.SAFE_AND_WELL, NOON)
    escalation.take(oak.c, raised.id, oak.jo, NOON)
    journey.close(oak.c, raised.id, oak.jo, Close.SAFE_AND_WELL, NOON)
    assert escalation.standing(oak.c, oak.sam, [Cause.DURESS_NOW])
    escalation.close(oak.c, raised.id, oak.alex, Close.SEEN_TO, NOON)
    assert escalation.standing(oak.c, oak.sam, [Cause.DURESS_NOW])
    escalation.close(oak.c, raised.id, oak.jo, Close.SEEN_TO, NOON)
    assert not escalation.standing(oak.c, oak.sam, [Cause.DURESS_NOW])
    assert journey.running(oak.c, oak.sam) == out
    assert words.word(oak.c, id) is not None, "it is their word still"


def test_a_silent_alert_goes_by_what_was_agreed_whatever_is_pressed_on_the_phone_after(
    oak: Oak,
) -> None:
    id = chosen(oak, Kind.DURESS, How.AT_ONCE)
    raised = alert(words.signalled(oak.c, id, oak.sam, NOON))
    chosen(oak, Kind.DURESS, How.QUIETLY, "Is it raining?")
    words.forget(oak.c, oak.sam, NOON + SECOND)
    assert words.of(oak.c, oak.sam) == () and heard(oak, "marmalade moon") is None
    assert words.signalled(oak.c, id, oak.sam, NOON + SECOND) == Outcome()
    kept = words.word(oak.c, raised.subject)
    assert kept is not None and (kept.how, kept.question) == (How.AT_ONCE, "How is the cat?")

    escalation.take(oak.c, raised.id, oak.jo, NOON)
    assert words.word(oak.c, id) is not None
    escalation.close(oak.c, raised.id, oak.jo, Close.SEEN_TO, NOON)
    assert oak.c.execute(select(schema.word)).all() == [], "and goes with it"
    assert said(escalation.take(oak.c, raised.id, oak.dev, NOON)) == "words.closed_already"


def test_neither_word_asks_staff_whom_an_open_concern_names(oak: Oak) -> None:
    """Unless it names them all."""
    id = chosen(oak, Kind.DURESS, How.AT_ONCE)
    concerns.raise_(
        oak.c, About.SAFETY, oak.role("Sam"), oak.sam, "She shouts", None, [oak.jo], NOON
    )
    raised = alert(words.signalled(oak.c, id, oak.sam, NOON))
    assert told(oak.c, "words.alert") == ["Dev", "Priya"] and oak.jo not in raised.told
    assert escalation.take(oak.c, raised.id, oak.jo, NOON) == Outcome()
    assert escalation.take(oak.c, raised.id, oak.dev, NOON).records
    assert oak.jo not in alert(words.ring_me(oak.c, oak.sam, NOON)).told

    team = [oak.jo, oak.dev, oak.priya, oak.mina]
    concerns.raise_(oak.c, About.SAFETY, oak.role("Sam"), oak.sam, "All of them", None, team, NOON)
    escalation.close(oak.c, raised.id, oak.dev, Close.SEEN_TO, NOON)
    assert oak.jo in alert(words.signalled(oak.c, id, oak.sam, NOON + SECOND)).told


def test_of_the_time_to_tell_the_police_nobody_hears_whom_an_open_concern_names(oak: Oak) -> None:
    plan.sample(oak.c, oak.sam, oak.jo, NOON)
    raised = alert(words.signalled(oak.c, chosen(oak, Kind.DURESS, How.AT_ONCE), oak.sam, NOON))
    assert raised.police_at == NOON + timedelta(hours=1), "as the plan has it"
    escalation.take(oak.c, raised.id, oak.dev, NOON)
    concerns.raise_(
        oak.c, About.SAFETY, oak.role("Sam"), oak.sam, "Both", None, [oak.dev, oak.priya], NOON
    )
    due = police.due(oak.c, raised.id, raised.police_at, raised.police_at)
    assert [tell.to for tell in due.tells] == [oak.jo]
    assert {tell.message.text.subject for tell in due.tells} == {"words"}
    assert all(line.person is None for line in due.logs)


DAYS = care.CHANGED_BY


def seen_to(oak: Oak, word: str, now: datetime) -> None:
    raised = alert(words.signalled(oak.c, word, oak.sam, now))
    escalation.take(oak.c, raised.id, oak.dev, now)
    closed = escalation.close(oak.c, raised.id, oak.dev, Close.SEEN_TO, now)
    assert Wake(care.UNCHANGED, word, now + DAYS) in closed.wakes


def asked_to_change(oak: Oak, word: str, now: datetime) -> list[str]:
    outcome = words.unchanged(oak.c, word, now, now)
    assert {tell.message.text for tell in outcome.tells} <= {Text("words", "unchanged")}
    assert all("duress" in tell.message.params for tell in outcome.tells), "it marks nobody"
    return [tell.to for tell in outcome.tells]


def test_a_second_word_that_was_used_and_is_the_same_days_later_is_said_to_the_key_worker(
    oak: Oak,
) -> None:
    id = chosen(oak, Kind.DURESS, How.QUIETLY)
    seen_to(oak, id, NOON)
    assert asked_to_change(oak, id, NOON + DAYS) == [oak.jo]
    again = alert(words.signalled(oak.c, id, oak.sam, NOON + DAYS))
    assert asked_to_change(oak, id, NOON + DAYS) == [], "that one comes first"
    escalation.take(oak.c, again.id, oak.dev, NOON + DAYS)
    concerns.raise_(
        oak.c, About.SAFETY, oak.role("Sam"), oak.sam, "She shouts", None, [oak.jo], NOON + DAYS
    )
    escalation.close(oak.c, again.id, oak.dev, Close.SEEN_TO, NOON + DAYS)
    instead = asked_to_change(oak, id, NOON + 2 * DAYS)
    assert instead and not {oak.jo, oak.sam} & set(instead)


def test_of_a_second_word_that_was_changed_nobody_hears_again(oak: Oak) -> None:
    id = chosen(oak, Kind.DURESS, How.QUIETLY)
    seen_to(oak, id, NOON)
    fresh = chosen(oak, Kind.DURESS, How.QUIETLY)
    assert asked_to_change(oak, id, NOON + DAYS) == []
    raised = alert(words.signalled(oak.c, fresh, oak.sam, NOON))
    words.forget(oak.c, oak.sam, NOON)
    assert asked_to_change(oak, fresh, NOON + DAYS) == [], "none that was stopped"
    assert words.word(oak.c, raised.subject) is not None


def test_what_became_of_a_silent_alert_is_no_line_of_the_persons(oak: Oak) -> None:
    id = chosen(oak, Kind.DURESS, How.QUIETLY)
    (tell,) = words.signalled(oak.c, id, oak.sam, NOON).tells
    assert tell.about is not None and tell.about.person == oak.sam

    def whose(params: Mapping[str, Value]) -> str | None:
        said = outbox.Row(
            id="row",
            key=tell.key,
            lane=tell.lane,
            member=tell.to,
            text=tell.message.text,
            params=params,
            about=tell.about,
            created_at=NOON,
            attempts=0,
            maybe_sent=False,
            owner="us",
        )
        return outbox.whose_line(said)

    assert whose(tell.message.params) is None
    assert whose({"journey": "out"}) == oak.sam


def test_after_a_stop_in_between_the_message_is_a_check_in_and_nothing_more(oak: Oak) -> None:
    id = chosen(oak, Kind.DURESS, How.QUIETLY)
    assert inbox.arrive(oak.c, 7, 4711, '{"text": "marmalade moon"}', NOON)
    words.signalled(oak.c, id, oak.sam, NOON, 7, '{"text": "ok"}')
    assert inbox.body(oak.c, 7, NOON) == '{"text": "ok"}'
    assert told(oak.c, "words.alert") == ["Jo"]
    inbox.close(oak.c, 7)
    words.signalled(oak.c, id, oak.sam, NOON, 7, '{"text": "ok"}')
    assert inbox.body(oak.c, 7, NOON) is None, "what is done stays done"


def test_what_staff_are_asked_waits_for_the_reply_and_two_seconds_at_most(oak: Oak) -> None:
    id = chosen(oak, Kind.DURESS, How.AT_ONCE)
    assert inbox.arrive(oak.c, 7, 4711, '{"text": "marmalade moon"}', NOON)
    signal = words.signalled(oak.c, id, oak.sam, NOON, 7, '{"text": "ok"}')
    assert _ready(oak, NOON) == [] and len(_ready(oak, NOON + words.REPLY_FIRST)) == len(
        signal.tells
    )
    words.replied(oak.c, oak.sam, NOON)
    ready = _ready(oak, NOON)
    assert len(ready) == len(signal.tells) > 0

    row = outbox.claim(oak.c, "us", ready[:1], NOON, NOON + timedelta(minutes=1))[0]
    outbox.again(oak.c, row, NOON + timedelta(seconds=9), "timeout", maybe_sent=True)
    words.replied(oak.c, oak.sam, NOON)
    assert row.id not in _ready(oak, NOON), "a try that failed keeps its wait"


def test_where_the_reply_is_on_its_way_staff_are_asked_once_it_has_left(oak: Oak) -> None:
    plan.sample(oak.c, oak.sam, oak.jo, NOON)
    journey.set_off(oak.c, oak.sam, "Café", NOON + timedelta(hours=1), NOON)
    out = journey.running(oak.c, oak.sam)
    assert out is not None
    id = chosen(oak, Kind.DURESS, How.AT_ONCE)
    while before := _ready(oak, NOON):
        for row in outbox.claim(oak.c, "us", before, NOON, NOON + timedelta(minutes=1)):
            outbox.sent(oak.c, row, 1, NOON)
    assert inbox.arrive(oak.c, 7, 4711, '{"text": "marmalade moon"}', NOON)
    signal = words.signalled(oak.c, id, oak.sam, NOON, 7, '{"text": "ok"}')
    journey.ok(oak.c, out.id, oak.sam, NOON)
    words.replied(oak.c, oak.sam, NOON)
    ready = _ready(oak, NOON)
    (reply,) = outbox.claim(oak.c, "us", ready, NOON, NOON + timedelta(minutes=1))
    assert reply.member == oak.sam and str(reply.text) == "journey.ok"
    assert _ready(oak, NOON) == []
    outbox.sent(oak.c, reply, 2, NOON)
    assert len(_ready(oak, NOON)) == len(signal.tells) == 3


def test_nobody_uses_somebody_elses_word_and_the_code_word_is_no_second_one(oak: Oak) -> None:
    code, second = chosen(oak, Kind.CODE), chosen(oak, Kind.DURESS, How.QUIETLY)
    assert words.signalled(oak.c, second, oak.amira, NOON) == Outcome()
    assert words.signalled(oak.c, code, oak.sam, NOON) == Outcome()
    assert words.signalled(oak.c, "nothing", oak.sam, NOON) == Outcome()
    assert told(oak.c, "words.alert") == []


def test_whom_a_silent_alert_did_not_reach_it_passes_over_for_a_while_and_nobody_else_does(
    oak: Oak,
) -> None:
    """As an alert of an outing does with whoever is marked: the next one of the same rung."""
    rungs = (Rung(RungKind.MANAGER, 10),)
    later = Membership(new_id(oak.c), oak.mina, Role.MANAGER, oak.team, None, NOON + SECOND)
    KEEP[Membership](oak.c, later)
    plan.sample(oak.c, oak.sam, oak.jo, NOON)
    agreed = plan.in_force(oak.c, oak.sam)
    assert agreed is not None
    KEEP[Plan](oak.c, replace(agreed, rungs=rungs))
    id = chosen(oak, Kind.DURESS, How.QUIETLY)
    raised = alert(words.signalled(oak.c, id, oak.sam, NOON))
    assert raised.current == oak.priya
    row = outbox.claim(oak.c, "us", _ready(oak, NOON), NOON, NOON + timedelta(minutes=1))[0]
    assert row.silent
    outbox.failed(oak.c, row, "blocked", NOON)
    escalation.undeliverable(oak.c, oak.priya, NOON, raised.id)
    assert told(oak.c, "words.alert") == ["Priya", "Mina"]

    def first(now: datetime, id: str) -> str | None:
        stands = escalation.escalation(oak.c, id)
        assert stands is not None
        return ladder.around_it(oak.c, stands, now).ladder[0].member

    assert first(NOON + timedelta(minutes=9), raised.id) == oak.mina
    assert first(NOON + timedelta(minutes=10), raised.id) == oak.priya, "it is tried again"
    asks = alert(words.ring_me(oak.c, oak.sam, NOON + SECOND))
    assert asks.current == oak.priya, "to all else she can be reached"


def _ready(oak: Oak, now: datetime) -> list[str]:
    return [ready.id for ready in outbox.look(oak.c, "us", now).ready]


def test_an_alert_whose_word_is_taken_back_still_goes_round(oak: Oak) -> None:
    id = chosen(oak, Kind.DURESS, How.QUIETLY)
    raised = alert(words.signalled(oak.c, id, oak.sam, NOON))
    words.forget(oak.c, oak.sam, NOON)
    tools(oak.c).vault.erase(oak.c, oak.sam)
    assert raised.due_at is not None
    escalation.tick(oak.c, raised.id, raised.due_at, raised.due_at)
    assert told(oak.c, "words.alert") == ["Jo", "Dev"]
    assert circle.member(oak.c, oak.sam) is not None
