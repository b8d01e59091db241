"""Who may invite whom, and the life of an invitation: tables and properties."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care import circle, invitation
from bot.care.circle import Member, Membership, No, Role
from bot.care.invitation import Arrival, Invitation, Stage

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
OAK, ELM = "oak", "elm"


def role(role: Role, team: str = OAK, member: str = "kit", person: str | None = None) -> Membership:
    return Membership(f"{member}-{role.value}-{team}", member, role, team, person, NOW)


STAFF, LEAD, MANAGER = Role.STAFF, Role.ON_CALL_LEAD, Role.MANAGER


@pytest.mark.parametrize(
    ("mine", "wanted", "person", "answer"),
    [
        (MANAGER, Role.STAFF, None, None),
        (MANAGER, Role.MANAGER, None, None),
        (MANAGER, Role.SAFEGUARDING_LEAD, None, None),
        (MANAGER, Role.PERSON, None, None),
        (MANAGER, Role.CARER, "sam", None),
        (STAFF, Role.PERSON, None, None),
        (STAFF, Role.CARER, "sam", None),
        (STAFF, Role.ADVOCATE, "sam", None),
        (STAFF, Role.CARER, "robin", No.NOT_SUPPORTED),
        (STAFF, Role.CARER, None, No.PERSON_MISSING),
        (STAFF, Role.STAFF, None, No.MANAGERS_ONLY),
        (LEAD, Role.MANAGER, None, No.MANAGERS_ONLY),
        (Role.SAFEGUARDING_LEAD, Role.STAFF, None, No.MANAGERS_ONLY),
        (Role.PERSON, Role.CARER, "sam", No.NOT_STAFF),
        (Role.CARER, Role.CARER, "sam", No.NOT_STAFF),
        (Role.ADVOCATE, Role.PERSON, None, No.NOT_STAFF),
    ],
)
def test_who_may_invite_whom(
    mine: Role, wanted: Role, person: str | None, answer: No | None
) -> None:
    assert invitation.may_invite([role(mine)], ["sam"], wanted, OAK, person) is answer


@pytest.mark.parametrize("wanted", list(Role))
def test_nobody_invites_into_another_team(wanted: Role) -> None:
    roles = [role(Role.MANAGER, ELM), role(Role.STAFF, ELM)]
    assert invitation.may_invite(roles, ["sam"], wanted, OAK, "sam") is No.OTHER_TEAM


@pytest.mark.parametrize("wanted", list(Role))
def test_an_ended_role_invites_nobody(wanted: Role) -> None:
    ended = replace(role(Role.MANAGER), until=NOW)
    assert invitation.may_invite([ended], ["sam"], wanted, OAK, "sam") is No.NOT_STAFF


ROLES = st.sampled_from(Role)
MEMBERSHIPS = st.lists(
    st.builds(role, ROLES, st.sampled_from([OAK, ELM]), person=st.sampled_from(["sam", None])),
    max_size=4,
)


@given(MEMBERSHIPS, ROLES, st.sampled_from(["sam", "robin", None]))
def test_whoever_invites_works_in_the_team(
    held: list[Membership], wanted: Role, person: str | None
) -> None:
    if invitation.may_invite(held, ["sam"], wanted, OAK, person) is None:
        assert any(m.team == OAK and m.role in circle.STAFF_ROLES for m in held)
        if wanted in circle.STAFF_ROLES:
            assert any(m.team == OAK and m.role is Role.MANAGER for m in held)
        if wanted in circle.SUPPORTERS:
            assert person == "sam"


def made(**changes: Any) -> Invitation:
    fresh = Invitation(
        id="inv",
        stage=Stage.MADE,
        role=Role.STAFF,
        team=OAK,
        person=None,
        name="Kit",
        made_by="priya",
        made_at=NOW,
        expires_at=NOW + invitation.LINK_LIVES,
        hash="h",
    )
    return replace(fresh, **changes)


PRIYA = Member("priya", 7, "Priya", None, "en_GB", NOW)
KIT = Member("kit", 100, "Kit", None, "en_GB", NOW)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.MADE])
def test_only_a_made_link_opens(stage: Stage) -> None:
    assert invitation.fits(made(stage=stage), 100, PRIYA, None, [], NOW) is No.USED


def test_a_carers_link_does_not_open_for_the_person_but_for_their_brother_elsewhere() -> None:
    for_sam = made(role=Role.CARER, person="sam")
    sam = role(Role.PERSON, member="sam")
    leo = role(Role.CARER, ELM, member="leo", person="robin")
    assert invitation.fits(for_sam, 100, PRIYA, None, [sam], NOW) is No.OWN_SUPPORTER
    assert invitation.fits(for_sam, 100, PRIYA, None, [leo], NOW) is None


def test_somebody_is_the_person_of_one_team_only() -> None:
    sam = role(Role.PERSON, ELM, member="sam")
    assert invitation.fits(made(role=Role.PERSON), 1, PRIYA, None, [sam], NOW) is No.HERE_ALREADY


JO = Member("jo", 5, "Jo", None, "en_GB", NOW)


def answers(standing: Invitation, by: str) -> No | None:
    """Whether `by` may answer, while Jo can and might invite the same as everybody here."""
    return invitation.may_answer(standing, by, JO, None, None)


@pytest.mark.parametrize(
    ("by", "maker", "maker_may", "may", "answer"),
    [
        ("jo", JO, None, None, None),
        ("jo", JO, No.NOT_STAFF, No.NOT_STAFF, No.NOT_STAFF),
        ("mina", JO, None, None, No.NOT_YOURS),
        ("mina", JO, No.NOT_STAFF, None, None),
        ("mina", replace(JO, unreachable_since=NOW), None, None, None),
        ("amira", JO, No.NOT_STAFF, No.NOT_STAFF, No.NOT_STAFF),
    ],
)
def test_others_answer_only_when_whoever_made_the_link_cannot(
    by: str, maker: Member, maker_may: No | None, may: No | None, answer: No | None
) -> None:
    opened = made(stage=Stage.OPENED, made_by="jo")
    assert invitation.may_answer(opened, by, maker, maker_may, may) is answer


STEPS = ("make", "open", "astray", "confirm", "refuse", "decline", "want")


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(["jo", "sam", "eve"]))))
def test_nobody_comes_in_without_the_persons_wish_and_a_yes_of_whoever_made_the_link(
    steps: list[tuple[str, str]],
) -> None:
    begun = invitation.invite("inv", Role.CARER, OAK, "sam", "Noor", "jo", None, NOW)
    (standing,) = begun.records
    assert isinstance(standing, Invitation)
    arrival = Arrival(KIT, role(Role.CARER, person="sam"))
    wished = confirmed = False
    for step, by in steps:
        match step:
            case "make":
                outcome = invitation.make_link(standing, by, "h", None, NOW)
            case "open":
                why_not = invitation.fits(standing, 100, None, None, [], NOW)
                outcome = invitation.open_invitation(standing, 100, why_not, ["jo"], NOW)
            case "astray":
                why_not = invitation.fits(standing, 100, None, None, [], NOW)
                outcome = invitation.not_me(standing, why_not, NOW)
            case "confirm":
                outcome = invitation.confirm(standing, by, answers(standing, by), arrival, NOW)
            case "refuse":
                outcome = invitation.refuse(standing, by, answers(standing, by), NOW)
            case "decline":
                outcome = invitation.decline(standing, by, NOW)
            case _:
                outcome = invitation.want(standing, by, ["jo"], NOW)
        kept = [record for record in outcome.records if isinstance(record, Invitation)]
        before, standing = standing, kept[0] if kept else standing
        wished |= before.stage is Stage.PROPOSED and standing.stage is Stage.READY and by == "sam"
        if any(isinstance(record, Membership) for record in outcome.records):
            assert wished
            assert by == before.made_by
            assert not confirmed
            confirmed = True
        assert before.stage not in (Stage.CONFIRMED, Stage.REFUSED) or standing == before
