"""What must hold of updates and of what was pressed, whatever happens: see `invariants`."""

from tests.simulation import noticed
from tests.simulation.database import STAFF
from tests.simulation.watch import Commit, Watch, micro

SPEAKS = ("ok", "late", "home", "help", "emergency", "longer", "at", "slow_here", "phone")


def an_update_has_its_effect_once(watch: Watch, commit: Commit) -> str | None:
    """However often it comes, and however many processes have it in hand."""
    if commit.kith is None or commit.cause is None or commit.cause.update is None:
        return None
    update = commit.cause.update
    before = watch.effects.setdefault(update, f"{commit.kith.name} {commit.what}")
    now = f"{commit.kith.name} {commit.what}"
    return None if before == now else f"update {update}: {before}, then {now}"


def a_chat_is_heard_in_order(watch: Watch, commit: Commit) -> str | None:
    """No update ends before an earlier one of its chat has."""
    for update in commit.ended:
        chat = watch.inbox[update][0]
        for other, (where, state) in watch.inbox.items():
            if where == chat and other < update and state == "open":
                return f"update {update} ended before {other}"
    return None


def what_was_pressed_is_done(watch: Watch, commit: Commit) -> str | None:
    """When an update has ended, what it asked for stands."""
    for update in commit.ended:
        query = watch.world.telegram.made[update].get("callback_query")
        if query is None:
            continue
        subject, verb, id, *_ = query["data"].split(":")
        by = watch.member(query["from"]["id"])
        if subject == "escalation" and id in watch.alerts:
            wrong = _alert_pressed(watch, commit, verb, id, by)
        elif subject == "journey" and id in watch.outings and by == watch.world.people.ids["Sam"]:
            wrong = _outing_pressed(watch, verb, id, update)
        else:
            wrong = None
        if wrong is not None:
            return f"update {update}, {verb}: {wrong}"
    return None


def _alert_pressed(watch: Watch, commit: Commit, verb: str, id: str, by: str) -> str | None:
    alert = watch.alerts[id]
    before = next((b for b, a in commit.alerts if a.id == id), alert)
    team = {watch.world.people.ids[name] for name in STAFF} - watch.left_at.keys()
    if by not in team or by in noticed.kept_from(watch, alert):
        return None
    if verb == "take" and alert.state != "closed" and alert.holder is None:
        return "nobody has taken it"
    ends = noticed.ENDS.get(alert.cause, ("safe", "needed"))
    # What nobody had read, by this press; a concern has a button of its own for it.
    read_first = "observation" in commit.tables or alert.cause == "concern"
    if verb in ends and before and before.holder == by and alert.state != "closed":
        return None if read_first else "it is not closed"
    return None


def _outing_pressed(watch: Watch, verb: str, id: str, update: int) -> str | None:
    outing = watch.outings[id]
    if outing.state == "home":
        return None
    if verb in ("help", "emergency") and outing.state != "help":
        return f"it is {outing.state}"
    if verb == "home" and outing.state not in ("answered", "help"):
        return f"it is {outing.state}"
    since = micro(watch.world.telegram.made_at[update])
    speaks = verb.startswith(SPEAKS)
    if speaks and (outing.heard_at or 0) < since and not watch.world.faults.stepped:
        return "they have not been heard"
    return None


def nothing_is_set_aside(watch: Watch, commit: Commit) -> str | None:
    """No update and no deadline is beyond handling."""
    parked = [u for u in commit.ended if watch.inbox[u][1] == "parked"]
    if parked or any(kind == "deadline_parked" for kind, _ in commit.logs):
        return f"{parked or 'a deadline'}, by {commit.what}"
    return None
