"""Who may end whose role, and when a member goes: properties."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.care import circle, leaving
from bot.care.circle import Member, Membership, Role

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
OAK, ELM = "oak", "elm"
KIT = Member("kit", 100, "Kit", None, "en_GB", NOW)


def role(role: Role, team: str = OAK, member: str = "kit", person: str | None = None) -> Membership:
    return Membership(f"{member}-{role.value}-{team}", member, role, team, person, NOW)


ROLES = st.sampled_from(Role)
MEMBERSHIPS = st.lists(
    st.builds(role, ROLES, st.sampled_from([OAK, ELM]), person=st.sampled_from(["sam", None])),
    max_size=4,
)


@given(MEMBERSHIPS, ROLES, st.sampled_from(["kit", "jo"]))
def test_whoever_ends_a_role_has_a_right_to(held: list[Membership], ending: Role, by: str) -> None:
    beside = "sam" if ending in circle.SUPPORTERS else None
    ended = role(ending, member="jo", person=beside)
    if leaving.may_end(by, held, ended, ["sam"]) is None and by != "jo":
        here = [m.role for m in held if m.team == OAK and m.role in circle.STAFF_ROLES]
        assert here
        assert Role.MANAGER in here or ending in circle.SUPPORTERS


@given(MEMBERSHIPS)
def test_a_member_goes_with_their_last_role_and_not_before(held: list[Membership]) -> None:
    held = [replace(m, id=str(n)) for n, m in enumerate(held)] or [role(Role.STAFF)]
    outcome = leaving.end(KIT, held[0], leaving.Resting(tuple(held)), "kit", NOW)
    gone = [record for record in outcome.records if isinstance(record, Member)]
    assert bool(gone) == (len(held) == 1)
    assert all(record.telegram is None and record.left_at == NOW for record in gone)
