"""Faults planted in Kith: each a mutation that the simulation must find within a few seeds.

Nowhere else than in what is gathered here do tests reach into our own code. A planted fault says in
one sentence what it is.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from tests.simulation import (
    alert_bugs,
    door_bugs,
    gone,
    gone_bugs,
    handing_over,
    handing_over_bugs,
    message_bugs,
    news_bugs,
    on_the_way,
    quiet_bugs,
    quietly,
    safeguard_bugs,
    safeguards,
    second_way,
    second_way_bugs,
    session_bugs,
    sessions,
    sign_bugs,
    signs,
    step_bugs,
    steps,
    stray,
    stray_bugs,
    supporters,
    way_bugs,
    where_bugs,
    whereabouts,
)
from tests.simulation.planting import Bug

BUGS: dict[str, Bug] = (
    door_bugs.BUGS
    | alert_bugs.BUGS
    | message_bugs.BUGS
    | {
        name: replace(bug, part=part.PLAYED)
        for part, planted in (
            (supporters, news_bugs),
            (safeguards, safeguard_bugs),
            (signs, sign_bugs),
            (sessions, session_bugs),
            (whereabouts, where_bugs),
            (quietly, quiet_bugs),
            (handing_over, handing_over_bugs),
            (on_the_way, way_bugs),
            (steps, step_bugs),
            (second_way, second_way_bugs),
            (stray, stray_bugs),
            (gone, gone_bugs),
        )
        for name, bug in planted.BUGS.items()
    }
)


@contextmanager
def planted(name: str | None) -> Iterator[None]:
    """With this fault in Kith; None: as it is."""
    with ExitStack() as stack:
        if name is not None:
            BUGS[name].plant(stack)
        yield
