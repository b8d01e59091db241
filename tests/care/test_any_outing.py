"""Any day at all: random taps by anybody, random times, phones that cannot be reached.

The rules of outings and alerts meet in the acts, so those are driven, on a real database. What
must hold is asked after every step.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, Engine, func, select

from bot.care import escalation as alerts
from bot.care import journey as outings
from bot.care.circle import Shift
from bot.care.escalation import OF_OUTINGS, Escalation, Need
from bot.care.journey import Journey
from bot.care.outcome import NOBODY, About, Cause, Lane, Message, Outcome, Topic
from bot.care.terms import Pattern, Point, Stretch, Terms
from bot.care.text import Text
from bot.i18n import Words
from bot.outbox.render import Reader, render
from bot.store import (
    agreement,
    around,
    circle,
    deadlines,
    escalation,
    heartbeat,
    journey,
    leaving,
    plan,
    schema,
    seed,
)
from bot.store.commit import commit
from bot.store.tools import new_id, unpack
from tests.conftest import NOON

WORDS = Words.load()
LONDON = ZoneInfo("Europe/London")
MINUTE = timedelta(minutes=1)
ACTS = {outings.KIND: journey.tick, alerts.KIND: escalation.tick}

STAFF = ("Jo", "Dev", "Priya", "Mina")
OUTSIDERS = ("Amira", "Leo", "Ruth", "Alex")
EVERYBODY = ("Sam", *STAFF, *OUTSIDERS)

LONGEST_REST = 16 * MINUTE
"""The longest wait of the plan, or of a question, and a moment."""

STEPS = (10, 20, 30)
TAPS: dict[str, Callable[..., Outcome]] = {
    "ok": journey.ok,
    "late": journey.late,
    "longer": journey.ask_longer,
    "home": journey.home,
    "help": journey.help_wanted,
    "emergency": journey.emergency,
    "phone": journey.phone_low,
    "mistake": journey.mistake,
    **{f"need_{need}": partial(journey.need, need=need) for need in Need},
    "felt_5": partial(journey.felt, feeling=5),
    "felt_skip": partial(journey.felt, feeling=None),
}
MOVES: dict[str, Callable[..., Outcome]] = {
    **{f"later_{m}": partial(journey.later, minutes=m) for m in STEPS},
    **{f"home_{m}": partial(journey.home_in, minutes=m) for m in STEPS},
    "give_30": partial(journey.give_longer, minutes=30),
}
NUMBERED: dict[str, Callable[..., Outcome]] = {
    "at": journey.point,
    "slow_here": journey.slow_here,
}
WAYS = (
    Terms(),
    Terms(extends=1, stretches=(Stretch("hill", "The hill", 15),)),
    Terms(pattern=Pattern.EVERY, every=20, pause=60, stretches=(Stretch("hill", "Hill", 15),)),
    Terms(
        pattern=Pattern.POINTS,
        points=(Point("On the bus", 15), Point("At the café", 25)),
        pause=30,
    ),
)
ANSWERS: dict[str, Callable[..., Outcome]] = {
    "take": escalation.take,
    "pass": escalation.pass_on,
    "not_reached": escalation.not_reached,
    **{how.value: partial(journey.close, how=how) for how in OF_OUTINGS},
}


class AnyOuting(RuleBasedStateMachine):
    """Sam's circle, one database, and a clock that only goes forward."""

    def __init__(self, c: Connection, ids: dict[str, str]) -> None:
        super().__init__()
        self.c = c
        self.undo = c.begin_nested()
        self.ids = ids
        self.names = {id: name for name, id in ids.items()}
        self.now = NOON
        self.read_to = self._newest()
        heartbeat.beat(c, self.now)

    def teardown(self) -> None:
        self.undo.rollback()

    # --- what happens ---------------------------------------------------------------------

    @initialize(double=st.booleans(), way=st.sampled_from(WAYS))
    def a_rota(self, double: bool, way: Terms) -> None:
        """Sometimes the key worker is on call, too; and some plans say more of the way."""
        if double:
            self._on_call("Jo")
        agreed = plan.in_force(self.c, self.ids["Sam"])
        assert agreed is not None
        commit(self.c, Outcome(records=(replace(agreed, terms=way),)), NOBODY, self.now)

    @rule(minutes=st.sampled_from([5, 30, 60, 120, 180]))
    def sets_off(self, minutes: int) -> None:
        due = self.now + minutes * MINUTE
        before = journey.running(self.c, self.ids["Sam"])
        outcome = journey.set_off(self.c, self.ids["Sam"], "Café", due, self.now)
        self._kept(outcome)
        self._answers(outcome, said=before is not None)

    @rule(by=st.sampled_from(EVERYBODY), tap=st.sampled_from(sorted(TAPS)))
    def a_tap(self, by: str, tap: str) -> None:
        for id in self._outings():
            outcome = TAPS[tap](self.c, id, self.ids[by], now=self.now)
            self._kept(outcome)
            if by != "Sam":
                assert outcome == Outcome(), "somebody else's button changes nothing"

    @rule(tap=st.sampled_from(sorted(TAPS)))
    def sam_taps(self, tap: str) -> None:
        self.a_tap("Sam", tap)

    @rule(
        by=st.sampled_from(("Sam", "Jo", "Alex")),
        tap=st.sampled_from(sorted(MOVES)),
        old=st.booleans(),
    )
    def a_tap_that_moves_the_time(self, by: str, tap: str, old: bool) -> None:
        for id in self._outings():
            found = journey.journey(self.c, id)
            assert found is not None
            mark = found.mark - 600 if old else found.mark
            self._kept(MOVES[tap](self.c, id, mark, self.ids[by], now=self.now))
            if by == "Alex":
                assert journey.journey(self.c, id) == found

    @rule(
        by=st.sampled_from(("Sam", "Sam", "Jo", "Alex")),
        tap=st.sampled_from(sorted(NUMBERED)),
        number=st.integers(0, 2),
    )
    def a_point_or_a_stretch(self, by: str, tap: str, number: int) -> None:
        for id in self._outings():
            outcome = NUMBERED[tap](self.c, id, number, self.ids[by], now=self.now)
            self._kept(outcome)
            assert by == "Sam" or outcome == Outcome()

    @rule(by=st.sampled_from(("Sam", "Sam", "Leo")), minutes=st.sampled_from([10, 30, 60, 90]))
    def pauses(self, by: str, minutes: int) -> None:
        for id in self._outings():
            until = self.now + minutes * MINUTE
            outcome = journey.pause_for(self.c, id, self.ids[by], until, self.now)
            self._kept(outcome)
            assert by == "Sam" or outcome == Outcome()

    @rule(by=st.sampled_from(EVERYBODY), tap=st.sampled_from(sorted(ANSWERS)))
    def an_answer(self, by: str, tap: str) -> None:
        for alert in self._alerts():
            outcome = ANSWERS[tap](self.c, alert.id, self.ids[by], now=self.now)
            self._kept(outcome)
            if by == "Sam" or by in OUTSIDERS:
                assert outcome == Outcome(), "only the team answers an alert"
            elif around.works_for(self.c, self.ids[by], self.ids["Sam"], self.now):
                assert outcome.said or outcome.tells, "whoever presses gets an answer"

    @rule(by=st.sampled_from(STAFF), tap=st.sampled_from(sorted(ANSWERS)))
    def staff_answer(self, by: str, tap: str) -> None:
        self.an_answer(by, tap)

    @rule(seconds=st.integers(1, 1800))
    def time_passes(self, seconds: int) -> None:
        self._until(self.now + timedelta(seconds=seconds))

    @rule()
    def the_next_moment_comes(self) -> None:
        coming = deadlines.upcoming(self.c, tuple(ACTS), 1)
        if coming:
            self._until(coming[0][2])

    @rule(minutes=st.integers(2, 90))
    def kith_is_off(self, minutes: int) -> None:
        heartbeat.beat(self.c, self.now)
        self.now += minutes * MINUTE
        assert heartbeat.woke(self.c, self.now, heartbeat.alive(self.c)) is not None
        self._act()

    @rule(who=st.sampled_from((*STAFF, "Sam")))
    def blocks_kith(self, who: str) -> None:
        member = circle.member(self.c, self.ids[who])
        if member is not None and member.reachable:
            self._kept(escalation.shut_out(self.c, self.ids[who], self.now))

    @rule(who=st.sampled_from((*STAFF, "Sam")))
    def lets_kith_in_again(self, who: str) -> None:
        self._until(self.now + timedelta(seconds=1))
        around.mark_reachable(self.c, self.ids[who])

    @rule(who=st.sampled_from(STAFF))
    def a_message_cannot_be_delivered(self, who: str) -> None:
        self._kept(escalation.undeliverable(self.c, self.ids[who], self.now))

    @rule(who=st.sampled_from(("Jo", "Dev", "Sam")))
    def leaves(self, who: str) -> None:
        self._kept(leaving.leave(self.c, self.ids[who], self.now))

    # --- what must hold -------------------------------------------------------------------

    @invariant()
    def whoever_is_out_has_a_next_moment_or_an_open_alert(self) -> None:
        due = self._due(outings.KIND)
        for outing in self._journeys():
            if outing.ended_at is not None:
                assert outing.id not in due
            elif outing.state in outings.ALERTED:
                assert outing.escalation is not None and outing.id not in due
                alert = escalation.escalation(self.c, outing.escalation)
                assert alert is not None and alert.state is not alerts.State.CLOSED
            else:
                assert due[outing.id] == outings.next_moment(outing) and due[outing.id] > self.now

    @invariant()
    def an_alert_that_is_not_closed_moves_on_by_itself(self) -> None:
        due = self._due(alerts.KIND)
        for alert in self._alerts():
            if alert.state is alerts.State.CLOSED:
                assert alert.id not in due and alert.closed_by is not None
                continue
            assert due[alert.id] == alert.due_at
            assert self.now < due[alert.id] <= self.now + LONGEST_REST
            assert not (alert.holder and alert.current)
            held = alert.state is alerts.State.HELD
            assert not held or alert.holder is not None

    @invariant()
    def only_those_who_may_know_are_told(self) -> None:
        rows = self.c.execute(
            select(schema.outbox)
            .where(schema.outbox.c.number > self.read_to)
            .order_by(schema.outbox.c.number)
        ).all()
        for row in rows:
            self._may_be_told(row)
        self.read_to = self._newest()

    # --- steps ----------------------------------------------------------------------------

    def _until(self, then: Any) -> None:
        """Time passes, stopping at each due moment on the way."""
        while True:
            moment = deadlines.next_due(self.c)
            if moment is None or moment > then:
                break
            self.now = max(self.now, moment)
            self._act()
        self.now = max(self.now, then)

    def _act(self) -> None:
        """Everything that is due now, as the loop does it. It comes to rest."""
        for _ in range(8):
            due = deadlines.due(self.c, self.now, 99)
            if not due:
                return
            for moment in due:
                assert deadlines.take(self.c, moment)
                cause = Cause(deadline=(moment.kind, moment.key))
                if moment.kind in ACTS:
                    act = ACTS[moment.kind]
                    self._kept(act(self.c, moment.key, moment.due_at, self.now, cause))
        raise AssertionError("what is due never comes to rest")

    def _kept(self, outcome: Outcome) -> None:
        """Every message of this outcome is on its way, once; the person hears who is asked."""
        keys = [tell.key for tell in outcome.tells]
        assert len(set(keys) - {None}) == len([key for key in keys if key is not None])
        rows = {row.key: row.number for row in self.c.execute(select(schema.outbox))}
        for key in keys:
            if key is not None:
                assert rows[key] > self.read_to, f"{key} had been used before"
        self._says_who_is_asked(outcome)
        self.only_those_who_may_know_are_told()

    def _says_who_is_asked(self, outcome: Outcome) -> None:
        climbed = [r for r in outcome.records if isinstance(r, Escalation)][-1:]
        told = [log for log in outcome.logs if log.kind == "escalation_told"]
        for alert in climbed:
            if not told or alert.state is not alerts.State.OPEN or alert.current is None:
                continue
            heard = [tell.message for tell in outcome.tells if tell.to == alert.person]
            asked = [said for said in heard if said.params.get("member") == alert.current]
            assert asked or any(said.text.id == "ring_999" for said in heard)

    def _may_be_told(self, row: Any) -> None:
        name, subject = self.names[row.member], row.text.partition(".")[0]
        params = unpack(row.params)
        sam = self.ids["Sam"]
        if subject not in ("journey", "pattern", "pause", "escalation", "news"):
            return
        if name in OUTSIDERS:
            assert row.text == "news.push" and row.lane == Lane.NEWS and not params
            assert (row.about["person"], row.about["topic"], row.about["level"]) == (
                sam,
                "journeys",
                1,
            )
            assert name == "Amira", "nobody else has Sam's yes"
        elif name == "Sam":
            assert row.about is None and params.get("person", sam) == sam
        else:
            assert row.about is not None and row.about["person"] == sam
        if row.about is not None:
            acting = row.about.get("acting")
            about = About(sam, Topic(row.about["topic"]), row.about["level"], acting)
            share = agreement.ask(self.c, row.member, about, self.now).effect.value == "share"
            assert share == (
                acting is not None or around.works_for(self.c, row.member, sam, self.now)
            )
        self._reads_well(row, params)

    def _reads_well(self, row: Any, params: Any) -> None:
        text = Text(*row.text.split("."))
        for locale in ("en_GB", "en_GB@easy"):
            reader = Reader(row.member, locale)
            said = render(self.c, WORDS, Message(text, params), reader, LONDON, self.now)
            assert "…" not in said.text and "[erased]" not in said.text
            data = [button.data for line in said.buttons for button in line]
            assert all(len(one.encode()) <= 64 and "{" not in one for one in data)

    def _answers(self, outcome: Outcome, *, said: bool) -> None:
        assert outcome.said or outcome.tells
        if said:
            assert outcome.said is not None and not outcome.records

    def _on_call(self, name: str) -> None:
        team = around.team_of(self.c, self.ids["Sam"])
        begins = self.now + timedelta(seconds=1)  # later than the one on call now
        shift = Shift(new_id(self.c), team, self.ids[name], begins, begins + timedelta(days=9))
        commit(self.c, Outcome(records=(shift,)), NOBODY, self.now)

    def _outings(self) -> Sequence[str]:
        return [outing.id for outing in self._journeys()][-2:]

    def _journeys(self) -> list[Journey]:
        ids = self.c.execute(select(schema.journey.c.id).order_by(schema.journey.c.started_at))
        found = [journey.journey(self.c, id) for id in ids.scalars()]
        return [outing for outing in found if outing is not None]

    def _alerts(self) -> list[Escalation]:
        found = [
            escalation.escalation(self.c, outing.escalation)
            for outing in self._journeys()[-2:]
            if outing.escalation is not None
        ]
        return [alert for alert in found if alert is not None]

    def _due(self, kind: str) -> dict[str, Any]:
        rows = self.c.execute(select(schema.deadline).where(schema.deadline.c.kind == kind))
        return {row.key: row.due_at for row in rows}

    def _newest(self) -> int:
        return self.c.execute(select(func.max(schema.outbox.c.number))).scalar_one() or 0


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_no_day_is_stuck_and_nobody_hears_what_is_not_theirs(engine: Engine) -> None:
    with engine.begin() as c:
        phones = {name: 100 + n for n, name in enumerate(EVERYBODY)}
        ids = seed.seed_sample(c, NOON, phones)
        plan.sample(c, ids["Sam"], ids["Jo"], NOON)

        class Here(AnyOuting):
            def __init__(self) -> None:
                super().__init__(c, ids)

        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=60,
                stateful_step_count=30,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
