"""Whatever happens after something was noticed, it is in somebody's hands or has a moment that
comes."""

from datetime import datetime
from random import Random

import pytest
from sqlalchemy import select

from bot.care import digest as reading
from bot.care.escalation import KIND, Close
from bot.store import deadlines, digest, escalation, noticing, schema, sign_alert
from tests.conftest import NOON
from tests.oak import Oak
from tests.store.signs import HOUR, MINUTE, SIGNS, alerts, in_force, notice, queued


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_and_dies_halfway_it_is_in_hands_or_has_a_moment_that_comes(
    oak: Oak, seed: int
) -> None:
    in_force(oak)
    dice = Random(seed)
    now = NOON
    for _ in range(40):
        now += dice.choice((MINUTE, 20 * MINUTE, 9 * HOUR))
        what = dice.random()
        if dice.random() < 0.3:
            dying = oak.c.begin_nested()
            _something(oak, Random(what), now)
            dying.rollback()  # the process dies before its commit, and what came comes again
        _something(oak, Random(what), now)
        _nothing_is_lost(oak)
    said_of_it = {text for who, text in queued(oak) if who == "Sam"}
    assert said_of_it <= {"digest.was_read", "digest.was_finished"}, "of what Sam noticed alone"


def _something(oak: Oak, dice: Random, now: datetime) -> None:
    """Somebody notices, staff press something, somebody cannot be reached, or time acts."""
    jo_or = oak.ids[dice.choice(("Jo", "Dev", "Priya"))]
    standing = alerts(oak)
    ids = list(
        oak.c.execute(select(schema.observation.c.id).order_by(schema.observation.c.at)).scalars()
    )
    match dice.randrange(8):
        case 0 | 1:
            notice(
                oak, dice.choice(("amira", "leo", "sam", "jo")), dice.choice([None, *SIGNS]), now
            )
        case 2 if standing:
            escalation.take(oak.c, dice.choice(standing).id, jo_or, now)
        case 3 if standing:
            escalation.pass_on(oak.c, dice.choice(standing).id, jo_or, now)
        case 4 if standing:
            one = dice.choice(standing)
            escalation.close(oak.c, one.id, one.holder or jo_or, dice.choice(list(Close)), now)
        case 5 if ids:
            press = dice.choice((digest.mark_read, digest.finish))
            press(oak.c, dice.choice(ids), jo_or, now)
        case 6 if ids:
            escalation.shut_out(oak.c, jo_or, now) if dice.random() < 0.3 else noticing.take_back(
                oak.c, dice.choice(ids), oak.amira, now
            )
        case _:
            acts = {
                KIND: escalation.tick,
                reading.KIND: digest.tick,
                reading.READ_BY: sign_alert.read_by,
            }
            for moment in deadlines.due(oak.c, now, 20):
                if moment.kind in acts and deadlines.take(oak.c, moment):
                    acts[moment.kind](oak.c, moment.key, moment.due_at, now)


def _nothing_is_lost(oak: Oak) -> None:
    table = schema.deadline
    waits = {(row.kind, row.key) for row in oak.c.execute(select(table)).all()}
    for one in alerts(oak):
        assert (KIND, one.id) in waits
    rows = oak.c.execute(select(schema.observation.c.id)).scalars().all()
    for seen in digest.noticed(oak.c, rows):
        assert seen.gone or seen.finished_at is not None or (reading.READ_BY, seen.id) in waits
        assert not (seen.unread and seen.finished_at)
