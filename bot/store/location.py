"""Where somebody is: what they chose, and the acts of those who send it and those who look."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.care import location as care
from bot.care.agreement import Decision, Effect
from bot.care.circle import Member, Role
from bot.care.escalation import Escalation, Need
from bot.care.journey import Journey
from bot.care.location import LEVEL, Chosen, Opening, Opens, Spot
from bot.care.outcome import NOBODY, About, Cause, Outcome, Topic, Wake
from bot.care.plan import reachable
from bot.store import agreement, circle, ladder, schema, spot
from bot.store import escalation as escalations
from bot.store import journey as journeys
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.schema import location as table
from bot.store.schema import opening as openings
from bot.store.tools import insert, new_id

_CHOSEN = select(table).where(table.c.person == bindparam("person"))
_OPENING = select(openings).where(openings.c.id == bindparam("id"))


def chosen(c: Connection, person: str) -> Chosen | None:
    """What this person chose; None: it is off."""
    row = c.execute(_CHOSEN, {"person": person}).one_or_none()
    return None if row is None else Chosen(row.person, Opens(row.opens), row.chosen_at)


def opening(c: Connection, id: str) -> Opening | None:
    row = c.execute(_OPENING, {"id": id}).one_or_none()
    return None if row is None else _opening(row)


def there_to_see(c: Connection, alert: Escalation) -> bool:
    """Whether those who are asked about this alert may look where the person is."""
    wish, outing = chosen(c, alert.person), _outing(c, alert)
    if wish is None or outing is None or not care.opened(alert, wish.opens):
        return False
    return spot.is_kept(c, outing)


def seen_by(
    c: Connection, alert: Escalation, by: str, now: datetime
) -> tuple[Spot, Decision] | None:
    """Where the person is, as far as `by` may know at this moment, and what the gate says."""
    wish = chosen(c, alert.person)
    outing = _outing(c, alert)
    if wish is None or outing is None or not care.opened_to(alert, wish.opens, by):
        return None
    found = spot.load(c, outing)
    if found is None or not escalations.may_answer(c, alert, by, now):
        return None
    return _let(c, found, alert.person, by, alert.acting(by), now)


def shown_to(
    c: Connection, found: Opening, by: str, now: datetime
) -> tuple[Spot, Decision, str] | None:
    """What an opening shows its reader now, what let it through, and of whom."""
    if found.by != by:
        return None
    if found.alert is not None:
        alert = escalations.escalation(c, found.alert)
        seen = None if alert is None else seen_by(c, alert, by, now)
    else:
        where = spot.load(c, found.journey)
        seen = None if where is None else _let(c, where, found.person, by, None, now)
    return None if seen is None else (*seen, found.person)


def _let(
    c: Connection, where: Spot, person: str, by: str, acting: str | None, now: datetime
) -> tuple[Spot, Decision] | None:
    about = About(person, Topic.WHEREABOUTS, LEVEL, acting, at=where.at)
    decided = agreement.ask(c, by, about, now)
    return (where, decided) if decided.effect is Effect.SHARE else None


def whom_to_show(c: Connection, running: Journey, now: datetime) -> str | None:
    """Whoever of staff has an alert about this outing or is asked now; else who would be first."""
    alert = None
    if running.escalation is not None:
        alert = escalations.escalation(c, running.escalation)
    carrier = None if alert is None else alert.holder or alert.current
    if alert is not None and carrier is not None and alert.acting(carrier) is None:
        return carrier
    first = reachable(ladder.those_around(c, running.person, running.plan.staff, now).ladder)
    return next(iter(first), None)


# --- acts: the person ---------------------------------------------------------------------


def choose(c: Connection, opens: Opens, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """On; from the rung they choose."""
    persons = any(held.role is Role.PERSON for held in circle.memberships(c, by))
    outcome = care.choose(Chosen(by, opens, now)) if persons else Outcome()
    commit(c, outcome, cause, now)
    return outcome


def off(c: Connection, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """Off, and nothing stays of an outing that runs."""
    wish = chosen(c, by)
    outcome = care.off(by, was_on=wish is not None)
    c.execute(delete(table).where(table.c.person == by))
    kept = select(schema.spot.c.journey).where(schema.spot.c.person == by)
    for journey in c.execute(kept).scalars().all():
        spot.erase(c, journey, now)
    commit(c, outcome, cause, now)
    return outcome


def sent(
    c: Connection,
    id: str,
    where: Spot,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    *,
    moves: bool = False,
) -> Outcome:
    """Where they are, sent while out by one who chose it; `moves`: a live one has moved."""
    found = _own(c, id, by)
    if found is None or chosen(c, by) is None:
        return Outcome()
    spot.keep(c, found.id, by, where)
    outcome = Outcome()
    if not moves:
        outcome = care.kept(found)
        for alert in _standing(c, found):
            if there_to_see(c, alert):
                outcome += care.arrived(alert, now)
        outcome += near_to(c, found, where, now)
    commit(c, outcome, cause, now)
    return outcome


def offer_to_show(
    c: Connection, running: Journey, where: Spot, now: datetime, cause: Cause = NOBODY
) -> Member | None:
    """Whom somebody who has not chosen it could show it to. Whoever is lost is told the nearest
    safe place; of where they are nothing is kept."""
    commit(c, near_to(c, running, where, now), cause, now)
    to = whom_to_show(c, running, now)
    return None if to is None else circle.member(c, to)


def show(
    c: Connection, to: str, where: Spot, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """`Yes`: the person shows it to this member of staff, this once."""
    running = journeys.running(c, by)
    if running is None or to != whom_to_show(c, running, now):
        return Outcome()
    let = _let(c, where, by, to, None, now)
    if let is None:
        return Outcome()
    spot.keep(c, running.id, by, where)
    outcome = care.show(Opening(new_id(c), running.id, by, to, now), let[1])
    commit(c, outcome, cause, now)
    return outcome


def lost(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`I'm lost`: whoever was told hears it, and the person is shown a safe place."""
    outcome = journeys.need(c, id, by, Need.LOST, now, cause)
    return outcome + safe_place(c, id, by, now) if outcome.records else outcome


def safe_place(c: Connection, id: str, by: str, now: datetime) -> Outcome:
    """Part of another act: the person is shown a safe place, the nearest where that is known."""
    found = _own(c, id, by)
    if found is None:
        return Outcome()
    key = f"{found.id}:safe:{now.isoformat()}"
    more = care.safe_place(found.plan, spot.load(c, id), key)
    commit(c, more, NOBODY, now)
    return more


def near_to(c: Connection, running: Journey, where: Spot, now: datetime) -> Outcome:
    """To somebody who said that they are lost: the safe place that is nearest to there."""
    is_lost = any(alert.need is Need.LOST for alert in _standing(c, running))
    near = care.nearest(running.plan.terms.safe_places, where)
    if not is_lost or near is None:
        return Outcome()
    return care.safe_place(running.plan, where, f"{running.id}:safe:{now.isoformat()}")


# --- acts: those who are asked ------------------------------------------------------------


def look(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`See where Sam is`, on an alert (its id). Not allowed, not yet and nothing there are one."""
    alert = escalations.escalation(c, id)
    seen = None if alert is None else seen_by(c, alert, by, now)
    outing = None if alert is None else _outing(c, alert)
    if alert is None or outing is None or seen is None:
        return Outcome()
    fresh = Opening(new_id(c), outing, alert.person, by, now, alert.id)
    outcome = care.look(fresh, alert, seen[1])
    commit(c, outcome, cause, now)
    return outcome


def shown(c: Connection, id: str, by: str, chat: int, message: int, now: datetime) -> None:
    """It has left as this message, to be taken out again when the outing is over."""
    found = opening(c, id)
    if found is None:  # it was over just now
        spot.take_out(c, by, chat, message, now)
        return
    stands = update(openings).where(openings.c.id == id)
    c.execute(stands.values(chat=chat, message=message))
    until = Wake(care.SHOWN_UNTIL, id, now + care.SHOWN_FOR)
    commit(c, Outcome(wakes=(until,)), NOBODY, now)
    if found.alert is None and chosen(c, found.person) is None:
        spot.forget(c, found.journey, now)  # shown once, as they said


def _own(c: Connection, id: str, by: str) -> Journey | None:
    found = journeys.journey(c, id)
    runs = found is not None and found.person == by and found.ended_at is None
    return found if runs else None


def _standing(c: Connection, running: Journey) -> list[Escalation]:
    ids = spot.alerts(c, running.id, running.person)
    return [one for id in ids if (one := escalations.escalation(c, id)) is not None]


def _outing(c: Connection, alert: Escalation) -> str | None:
    """The outing an alert is about; of a silent one, which is about the person, the last that
    says where they are."""
    return spot.newest(c, alert.person) if alert.cause in care.SILENT else alert.subject


# --- rows ---------------------------------------------------------------------------------


def _keep_chosen(c: Connection, kept: Chosen) -> None:
    values = {"opens": kept.opens.value, "chosen_at": kept.chosen_at}
    fresh = insert(c, table).values(person=kept.person, **values)
    c.execute(fresh.on_conflict_do_update(index_elements=["person"], set_=values))


def _keep_opening(c: Connection, kept: Opening) -> None:
    keep_row(
        c,
        openings,
        id=kept.id,
        journey=kept.journey,
        person=kept.person,
        by=kept.by,
        alert=kept.alert,
        at=kept.at,
        chat=kept.chat,
        message=kept.message,
    )


def _opening(row: Any) -> Opening:
    return Opening(
        row.id, row.journey, row.person, row.by, row.at, row.alert, row.chat, row.message
    )


KEEP[Chosen] = _keep_chosen
KEEP[Opening] = _keep_opening
