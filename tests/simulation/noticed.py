"""What must hold of what is noticed, and of concerns: see `invariants`."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.care.sign import Observation, Sign, SignPlan, Stage, State, Template, Threshold, Voice
from tests.care.naive_threshold import naive
from tests.simulation.database import HOURS, STAFF
from tests.simulation.telegram import Send

if TYPE_CHECKING:
    from tests.simulation.watch import Alert, Commit, Watch

NOTICED = "Sam is up all night, and it was number"
CONCERN = "Somebody shouted at Sam, and it was number"
"""What everything says that is noticed or raised."""

OF_SIGNS = ("useful", "too_soon", "too_late", "not_about_this")

ENDS = {
    "sign": OF_SIGNS,
    "early_sign": OF_SIGNS,
    "unread": ("seen_to",),
    "concern": ("seen_to",),
    "duress": ("seen_to",),
    "duress_now": ("seen_to",),
}
"""How an alert ends that is about no outing, by its cause."""

# --- after each commit ----------------------------------------------------------------------


def nothing_that_was_said_is_lost(watch: "Watch", commit: "Commit") -> str | None:
    """Until it is finished, each observation has a deadline of its own or an alert that stands;
    and each concern, too."""
    if not watch.noticed and not commit.tables & {"observation", "concern"}:
        return None
    if not commit.tables & {"observation", "deadline", "escalation", "sign_alert", "concern"}:
        return None
    lost = watch.cells(LOST) + watch.cells(LOST_CONCERN)
    return f"{lost[0][0]} waits for nobody after {commit.what}" if lost else None


def what_the_plan_says_is_asked(watch: "Watch", commit: "Commit") -> str | None:
    """Whatever sentence of the plan in force comes true by what was noticed, an alert that stands
    says so."""
    if "observation" not in commit.tables:
        return None
    seen = _observations(watch)
    fresh = [one for one in seen if one.id not in watch.noticed]
    watch.noticed |= {one.id for one in fresh}
    for newest in fresh:
        asked = {
            sentence
            for thresholds, observations in watch.cells(STANDS)
            if newest.id in json.loads(observations)
            for sentence in json.loads(thresholds)
        }
        missing = _reached(watch, seen, newest) - asked
        if missing:
            return f"{newest.id}: {sorted(missing)} came true, and nobody is asked"
    return None


def a_receipt_tells_of_nobody_else(watch: "Watch", commit: "Commit") -> str | None:
    """That staff are asked is said only where what its reader may know is enough for it."""
    for before, row in commit.rows:
        params = json.loads(row.params) if row.text.startswith("noticing.receipt") else {}
        asked = "asking" in params or "nobody" in params
        if before is not None or not asked or _works(watch, row.member):
            continue
        own = watch.world.people.ids["Sam"] == row.member
        seen = _observations(watch)
        newest = next(one for one in seen if one.id == params["noticed"])
        theirs = [one for one in seen if one.by == row.member or (own and _told(one))]
        if not _reached(watch, theirs, newest):
            return f"{row.id} says that staff are asked because of what others said"
    return None


def nothing_unread_is_closed_with_its_alert(watch: "Watch", commit: "Commit") -> str | None:
    """Whoever ends an alert of signs, or of a concern, has read all that is behind it."""
    if not (watch.noticed or watch.raised) or "escalation" not in commit.tables:
        return None
    unread = watch.cells(CLOSED_UNREAD)
    return f"{unread[0][0]} is unread, and its alert is closed" if unread else None


# --- when Telegram takes a message ----------------------------------------------------------


def nobody_learns_what_another_said(watch: "Watch", send: Send) -> str | None:
    """Outside the team nobody gets a word of an alert of signs, nor of what they did not say."""
    name = watch.world.people.name(send.shown.chat)
    if name in STAFF:
        return None
    row = watch.rows.get(send.row or "")
    if NOTICED in send.text:
        return f"{name} read {send.text!r}"
    if row is None:
        return None
    params = json.loads(row.params)
    alert = watch.alerts.get(str(params.get("escalation")))
    if "sign_alert" in params or (alert is not None and alert.cause in ENDS):
        return f"{name} got {row.text}"
    if row.text.startswith(("noticing.", "digest.")):
        key = watch.cells("SELECT key FROM outbox WHERE id = ?", row.id)[0][0]
        found = watch.cells(WRITER, str(key).partition(":")[0])
        if not found or found[0][0] != row.member:
            return f"{name} got {row.text}, and it is another's"
    return None


def a_concern_reaches_nobody_it_is_about(watch: "Watch", send: Send) -> str | None:
    """Neither those it means, nor the person, nor anybody outside: but for its own writer, who
    hears how far it is."""
    name = watch.world.people.name(send.shown.chat)
    row = watch.rows.get(send.row or "")
    params = {} if row is None else json.loads(row.params)
    alert = watch.alerts.get(str(params.get("escalation")))
    of_alert = alert is not None and alert.cause == "concern"
    id = alert.subject if alert is not None and of_alert else str(params.get("concern"))
    reader = watch.member(send.shown.chat)
    for other, raised in watch.raised.items():
        if other != id and raised.words not in send.text:
            continue
        if reader == raised.by and not of_alert:
            continue  # how far it is
        if reader in raised.about or reader == raised.by or name not in STAFF:
            return f"{name} got {send.text!r}, which is about {sorted(raised.about)}"
    return None


# --- at the end -----------------------------------------------------------------------------


def whoever_spoke_up_hears_of_it(watch: "Watch", _: None) -> str | None:
    """That it was read, and that the team has finished with it; but who did so themselves."""
    for id, by, read_by, finished_by, texts in watch.cells(READ):
        for who, text in zip((read_by, finished_by), texts.split(), strict=True):
            if who in (None, by) or watch.cells(HELD, id):
                continue
            heard = watch.cells("SELECT state, reason FROM outbox WHERE key = ?", f"{id}:{text}")
            if not heard or heard[0][0] not in ("sent", "failed", "withheld"):
                return f"{id} {text}: {watch.world.people.name(watch.account(by))} never heard"
            if heard[0][0] != "sent" and by == watch.world.people.ids["Amira"]:
                return f"{id} {text}: Amira's is {heard[0]}"
    return None


def sam_reads_nothing_of_it(watch: "Watch", _: None) -> str | None:
    """No line of the ledger is Sam's that speaks of what was noticed or raised."""
    found = watch.cells(SAMS, watch.world.people.ids["Sam"]) if watch.world.people.notices else []
    return f"the line {found[0][0]} is Sam's" if found else None


def unfinished(watch: "Watch") -> str | None:
    """What the team has still to finish with, if anything is."""
    found = watch.cells(WAITS) if watch.noticed else []
    return f"noticed {found}" if found else None


# --- what is asked of the tables --------------------------------------------------------------


def kept_from(watch: "Watch", alert: "Alert") -> set[str]:
    """Who may not be asked about this alert."""
    if alert.cause != "concern":
        return set()
    by, named = watch.cells(NAMED, alert.subject)[0]
    return {by, watch.world.people.ids["Sam"], *json.loads(named)}


def nobody_is_left(watch: "Watch", alert: "Alert") -> bool:
    """All of the team who are still there are kept from it: it stays open, and its writer was
    told to ring."""
    people = watch.world.people
    here = {people.ids[name] for name in STAFF if name not in people.gone}
    return alert.cause == "concern" and here <= kept_from(watch, alert)


def _works(watch: "Watch", member: str) -> bool:
    return watch.world.people.name(watch.account(member)) in STAFF


def _told(one: Observation) -> bool:
    """Whether Sam may know of it."""
    return one.voice is not Voice.CARER or one.named


def _reached(watch: "Watch", seen: Iterable[Observation], newest: Observation) -> set[str]:
    """The sentences that come true by what was noticed last."""
    for id, terms in watch.cells(IN_FORCE):
        now = watch.world.moment()
        found = naive(_plan(id, json.loads(terms)), list(seen), now, HOURS.zone)
        return {sentence for sentence, cards in found.items() if newest.sign in cards}
    return set()


def _plan(id: str, terms: Any) -> SignPlan:
    then = datetime(1970, 1, 1, tzinfo=UTC)
    signs = [Sign(one["id"], Stage(one["stage"]), one["id"], "", then) for one in terms["signs"]]
    wanted = [
        Threshold(one["id"], Template(one["template"]), "", one["count"], one["days"])
        for one in terms["thresholds"]
    ]
    return SignPlan(
        id, "", 1, State.ACTIVE, "", then, then, tuple(signs), tuple(wanted), active_at=then
    )


def _observations(watch: "Watch") -> list[Observation]:
    return [
        Observation(
            id, "", None, sign, since, 1, None, by, None, Voice(voice), _moment(at), bool(named)
        )
        for id, sign, since, by, voice, at, named in watch.cells(STAND)
    ]


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1_000_000, UTC)


# Without json_each: the table that it makes points to what is gone once a seed has been put back.
LOST = """SELECT id FROM observation WHERE withdrawn_at IS NULL AND finished_at IS NULL
AND NOT EXISTS (SELECT 1 FROM deadline WHERE kind = 'read_by' AND key = observation.id)
AND NOT EXISTS (SELECT 1 FROM sign_alert JOIN escalation ON escalation.id = sign_alert.id
WHERE instr(observations, observation.id) AND escalation.state != 'closed')"""
CLOSED_UNREAD = """SELECT observation.id FROM escalation
JOIN sign_alert ON sign_alert.id = escalation.id
JOIN observation ON instr(observations, observation.id)
WHERE state = 'closed' AND read_at IS NULL AND withdrawn_at IS NULL
UNION ALL SELECT concern.id FROM concern JOIN escalation ON escalation.subject = concern.id
WHERE state = 'closed' AND read_at IS NULL"""
LOST_CONCERN = """SELECT id FROM concern WHERE finished_at IS NULL
AND NOT EXISTS (SELECT 1 FROM deadline WHERE kind = 'concern' AND key = concern.id)
AND NOT EXISTS (SELECT 1 FROM escalation WHERE subject = concern.id AND state != 'closed')"""
STANDS = """SELECT thresholds, observations FROM sign_alert
JOIN escalation ON escalation.id = sign_alert.id WHERE state != 'closed'"""
STAND = """SELECT id, sign, since, "by", voice, "at", named FROM observation
WHERE withdrawn_at IS NULL"""
IN_FORCE = "SELECT id, terms FROM sign_plan WHERE state = 'active'"
WRITER = 'SELECT "by" FROM observation WHERE id = ?'
NAMED = 'SELECT "by", named FROM concern WHERE id = ?'
READ = """SELECT id, "by", read_by, finished_by, 'was_read was_finished' FROM observation
WHERE withdrawn_at IS NULL UNION ALL
SELECT id, "by", read_by, finished_by, 'read finished' FROM concern"""
HELD = "SELECT key FROM deadline WHERE kind = 'receipt' AND key = ?"
WAITS = "SELECT id FROM observation WHERE withdrawn_at IS NULL AND finished_at IS NULL"
SAMS = """SELECT kind FROM ledger WHERE person = ? AND (
json_extract(facts, '$.observation') IS NOT NULL OR json_extract(facts, '$.concern') IS NOT NULL
OR json_extract(facts, '$.escalation') IN (SELECT id FROM escalation
WHERE cause IN ('sign', 'early_sign', 'unread', 'concern')))"""
