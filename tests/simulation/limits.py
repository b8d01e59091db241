"""What must hold of guardrails, worries, switches and glasses, beside what the second gate says."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulation.watch import Commit, Watch

SENIORS = ("Priya", "Mina")


def what_is_held_does_not_widen(watch: "Watch", commit: "Commit") -> str | None:
    """While a worry stands about a topic, no word of Sam's shares more of it than before."""
    if "agreement" not in commit.tables:
        return None
    before = watch.shared
    watch.shared = watch.agreed()
    held = {topic for (topic,) in watch.cells("SELECT topic FROM hold WHERE until IS NULL")}
    for key, level in watch.shared.items():
        if key[1] in held and level > before.get(key, 0):
            return f"{key} is shared by {commit.what}, and it is held"
    return None


def a_switch_is_turned_by_two(watch: "Watch", commit: "Commit") -> str | None:
    """One asked, another confirmed, and one of the two has told Sam."""
    if "switch" not in commit.tables:
        return None
    for id, asked_by, second, told_by in watch.cells(TURNED):
        if second in (None, asked_by) or told_by not in (asked_by, second):
            return f"{id} by {asked_by} and {second}, told by {told_by}"
    return None


def a_glass_is_for_one(watch: "Watch", commit: "Commit") -> str | None:
    """A senior broke it, and what it tells is on its way to nobody else."""
    if not commit.tables & {"glass", "telling"}:
        return None
    seniors = {watch.world.people.ids[name] for name in SENIORS}
    for id, by, supporter, told in watch.cells(GLASSES):
        if by not in seniors or supporter != told:
            return f"{id} by {by} for {supporter} told {told}"
    return None


def a_switch_ends_by_itself(watch: "Watch", commit: "Commit") -> str | None:
    """One that is on, or waits to be confirmed, has a deadline: its own."""
    if not commit.tables & {"switch", "deadline"}:
        return None
    for (id,) in watch.cells("SELECT id FROM switch WHERE ended_at IS NULL"):
        if ("switch_over", id) not in watch.deadlines:
            return f"{id} stands, and nothing ends it after {commit.what}"
    return None


TURNED = "SELECT id, asked_by, second, told_by FROM switch WHERE since IS NOT NULL"
GLASSES = """SELECT glass.id, "by", glass.supporter, telling.supporter FROM glass
JOIN telling ON telling.news = glass.news"""
