"""The robot's own team: a person who goes out, a worker who is asked, and the plan between them."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from bot.care import plan as rules
from bot.care import robot
from bot.care.circle import Member, Membership, Role, Support
from bot.care.outcome import NOBODY, Log, Outcome
from bot.care.plan import Place, Plan, PlanState
from bot.store import circle, inbox, schema
from bot.store.commit import commit
from bot.store.engine import Refused
from bot.store.tools import new_id

TEAM = "Probe"

_LOWEST = -(2**62)
"""Its updates have ids that Telegram never gives: nobody's message is taken for one of them."""


def prepare(c: Connection, now: datetime) -> bool:
    """Make it, once; False when it is there already. Refused where there is no service."""
    if circle.service_name(c) is None:
        raise Refused("There is no service yet. Run: kith init")
    accounts = schema.member.c.telegram.in_(robot.ACCOUNTS.values())
    if c.execute(select(schema.member.c.id).where(accounts)).first() is not None:
        return False
    team, person, worker = new_id(c), new_id(c), new_id(c)
    c.execute(insert(schema.team).values(id=team, name=TEAM, phone=None))
    plan = Plan(
        id=new_id(c),
        person=person,
        version=1,
        state=PlanState.AGREED,
        places=(Place(new_id(c), "Nowhere"),),
        longest=60,
        rungs=robot.RUNGS,
        what_to_do="Nobody is out: a robot tries whether alerts arrive.",
        drafted_by=worker,
        drafted_at=now,
        agreed_at=now,
        nudges=(0,),
        grace=robot.GRACE,
    )
    records = (
        Member(person, robot.ACCOUNTS["person"], "Probe (a robot)", None, "en_GB", now),
        Member(worker, robot.ACCOUNTS["worker"], "Probe's worker (a robot)", None, "en_GB", now),
        Membership(new_id(c), person, Role.PERSON, team, None, now),
        Membership(new_id(c), worker, Role.STAFF, team, None, now),
        Support(new_id(c), worker, person, True, now),
        plan,
    )
    logs = (Log("probe_prepared", facts={"team": team}), rules.agreed_log(plan))
    commit(c, Outcome(records=records, logs=logs), NOBODY, now)
    tried = update(schema.member).where(schema.member.c.id == worker)
    c.execute(tried.values(alert_seen_at=now))
    return True


def arrive(c: Connection, chat: int, said: Mapping[str, Any], now: datetime) -> None:
    """Keep what the robot did, as an update after all that it has done before."""
    number = schema.inbox.c["update"]
    newest = c.execute(select(func.max(number)).where(number < 0)).scalar_one()
    id = _LOWEST if newest is None else newest + 1
    inbox.arrive(c, id, chat, json.dumps({"update_id": id, **said}), now)
