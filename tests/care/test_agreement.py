"""The gate: deny by default, an error is a no, a no beats every yes."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care.agreement import Decision, Effect, Facts, Reason, Recipient, decide
from bot.care.outcome import About, Topic

SAM = About("sam", Topic.JOURNEYS, 3)


def facts(**recipient: Any) -> Facts:
    """Sam of Oak House, and somebody who may be told, or not."""
    nobody = Recipient("x", left=False, teams=frozenset(), circle=False)
    return Facts("sam", False, "oak", replace(nobody, **recipient))


STAFF = facts(member="jo", teams=frozenset({"oak"}))
CARER = facts(member="amira", circle=True)


@pytest.mark.parametrize(
    ("facts", "about", "effect", "reason"),
    [
        pytest.param(
            facts(member="sam"), SAM, Effect.SHARE, Reason.OWN, id="the person hears their own"
        ),
        pytest.param(
            STAFF, SAM, Effect.SHARE, Reason.DIRECT_CARE, id="staff of the person's team hear"
        ),
        pytest.param(
            CARER,
            replace(SAM, level=1),
            Effect.WITHHOLD,
            Reason.NO_AGREEMENT,
            id="a carer hears no word without an agreement, not even the least",
        ),
        pytest.param(
            facts(member="alex", teams=frozenset({"elm"})),
            SAM,
            Effect.WITHHOLD,
            Reason.OTHER_TEAM,
            id="staff of another team hear nothing",
        ),
        pytest.param(
            facts(member="leo", teams=frozenset({"elm"}), circle=True),
            SAM,
            Effect.WITHHOLD,
            Reason.NO_AGREEMENT,
            id="a carer who is staff elsewhere is a carer here",
        ),
        pytest.param(
            facts(), SAM, Effect.WITHHOLD, Reason.NOT_IN_CIRCLE, id="anybody else hears nothing"
        ),
        pytest.param(
            replace(STAFF, recipient=None),
            SAM,
            Effect.WITHHOLD,
            Reason.RECIPIENT_UNKNOWN,
            id="nobody knows who that is",
        ),
        pytest.param(
            STAFF,
            replace(SAM, person="kim"),
            Effect.WITHHOLD,
            Reason.RECIPIENT_UNKNOWN,
            id="the facts are those of somebody else",
        ),
        pytest.param(
            facts(member="jo", teams=frozenset({"oak"}), left=True),
            SAM,
            Effect.WITHHOLD,
            Reason.RECIPIENT_LEFT,
            id="staff who have left hear nothing",
        ),
        pytest.param(
            facts(member="sam", left=True),
            SAM,
            Effect.WITHHOLD,
            Reason.RECIPIENT_LEFT,
            id="whoever has the person's phone after they left hears nothing",
        ),
        pytest.param(
            replace(STAFF, person_left=True),
            SAM,
            Effect.SHARE,
            Reason.DIRECT_CARE,
            id="leaving calls off no alert to staff",
        ),
        pytest.param(
            replace(CARER, person_left=True),
            SAM,
            Effect.WITHHOLD,
            Reason.PERSON_LEFT,
            id="a carer of somebody who left hears nothing",
        ),
        pytest.param(
            STAFF,
            replace(SAM, level=4),
            Effect.WITHHOLD,
            Reason.ERROR,
            id="a level nobody knows is a no",
        ),
    ],
)
def test_who_may_hear(facts: Facts, about: About, effect: Effect, reason: Reason) -> None:
    assert decide(facts, about) == Decision(effect, reason)


TEAMS = st.frozensets(st.sampled_from(["oak", "elm"]))
RECIPIENTS = st.none() | st.builds(
    Recipient,
    member=st.sampled_from(["sam", "jo", "amira"]),
    left=st.booleans(),
    teams=TEAMS,
    circle=st.booleans(),
)
FACTS = st.builds(
    Facts,
    person=st.sampled_from(["sam", "kim"]),
    person_left=st.booleans(),
    team=st.just("oak"),
    recipient=RECIPIENTS,
)
ABOUT = st.builds(
    About, person=st.just("sam"), topic=st.sampled_from(Topic), level=st.integers(0, 4)
)


@given(FACTS, ABOUT)
def test_only_the_person_and_their_team_ever_hear(facts: Facts, about: About) -> None:
    decision = decide(facts, about)
    assert (decision.effect is Effect.SHARE) == (
        decision.reason in {Reason.OWN, Reason.DIRECT_CARE}
    )
    if decision.effect is Effect.SHARE:
        assert facts.recipient is not None and not facts.recipient.left
        assert facts.recipient.member == facts.person or "oak" in facts.recipient.teams


@given(FACTS, ABOUT)
def test_losing_something_never_opens_a_door(facts: Facts, about: About) -> None:
    """Without a team, a place in the circle, or after leaving, nobody hears more than before."""
    before = decide(facts, about).effect
    recipient = facts.recipient
    less = [replace(facts, person_left=True), replace(facts, recipient=None)]
    if recipient is not None:
        less += [
            replace(facts, recipient=replace(recipient, left=True)),
            replace(facts, recipient=replace(recipient, circle=False)),
            replace(facts, recipient=replace(recipient, teams=frozenset())),
        ]
    for fewer in less:
        assert before is Effect.SHARE or decide(fewer, about).effect is not Effect.SHARE


@given(FACTS, ABOUT)
def test_a_carer_hears_the_same_whatever_it_is_about(facts: Facts, about: About) -> None:
    """So that the reason tells them nothing either."""
    carer = Recipient("amira", left=False, teams=frozenset(), circle=True)
    asked = replace(facts, person="sam", person_left=False, recipient=carer)
    decision = decide(asked, replace(about, level=1))
    assert decision == Decision(Effect.WITHHOLD, Reason.NO_AGREEMENT)
