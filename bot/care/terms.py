"""What a positive-risk plan says of the way there and back: how much support, when to be heard
from, which delays are known, where it is safe.

Spans are minutes. All of it is agreed with the person, and kept sealed under their key.
"""

from dataclasses import dataclass, replace
from enum import StrEnum


class Support(StrEnum):
    """The steps from going together to going alone, as travel training takes them."""

    TOGETHER = "together"
    SHADOWED = "shadowed"
    ROUTE = "route"
    CHECK_INS = "check_ins"
    ALONE = "alone"


ACCOMPANIED = frozenset({Support.TOGETHER, Support.SHADOWED, Support.ROUTE})
"""The steps for which somebody else has to be there too."""


class Pattern(StrEnum):
    """When the person is to be heard from: once, by the time they are back; every so many
    minutes; or at named points on the way."""

    BACK_BY = "back_by"
    EVERY = "every"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Point:
    """A named point on the way; `within`: minutes from the point before, or from setting off."""

    name: str
    within: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the way that is known to be slow or without signal: so much more grace there."""

    id: str
    name: str
    extra: int


@dataclass(frozen=True, slots=True)
class SafePlace:
    """Somewhere the person may go when lost or unwell; degrees, when somebody marked it."""

    id: str
    name: str
    address: str = ""
    phone: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What somebody thinks of the plan, in their own words; `by` is a member."""

    by: str
    words: str


@dataclass(frozen=True, slots=True)
class Terms:
    """`every` is the span of that pattern. `extends`: how often the person may say "later"
    (None: as often as they like, within `Plan.extra`). `pause`: the longest pause, 0 for none.
    `less_restrictive`: what was thought of first that would hold the person back less.
    `step_up`: a missed check-in steps support up at once, not by a proposal. `good`: so many
    good outings in a row open the talk about less support. `usual_places`, `medicine` and
    `photo` are for a call to 101 or 999, shown from rung `call_from` (0 is the first) on; `photo`
    says where one is found, never the picture. `asked`: through which places around the person
    (memberships) the person has asked somebody what they think. `when_upset` and `when_lost`: what
    staff do then, besides what they do in any case. `before_alone`: the pattern that a step back up
    brings back.
    """

    support: Support = Support.CHECK_INS
    pattern: Pattern = Pattern.BACK_BY
    every: int = 30
    points: tuple[Point, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    safe_places: tuple[SafePlace, ...] = ()
    extends: int | None = None
    pause: int = 0
    less_restrictive: str = ""
    views: tuple[View, ...] = ()
    step_up: bool = False
    good: int = 5
    usual_places: str = ""
    medicine: str = ""
    photo: str = ""
    call_from: int = 0
    asked: tuple[str, ...] = ()
    when_upset: str = ""
    when_lost: str = ""
    before_alone: Pattern | None = None


AS_BEFORE = Terms()
"""What a plan says that says none of it: back by a time, with check-ins."""


def at_step(terms: Terms, support: Support) -> Terms:
    """At another step of support. Alone, only the time to be back is asked for; a step back up
    brings back what was asked before, unless another pattern has been chosen since."""
    pattern, before = terms.pattern, terms.before_alone
    if support is Support.ALONE and terms.support is not Support.ALONE:
        before = None if pattern is Pattern.BACK_BY else pattern
        pattern = Pattern.BACK_BY
    elif support is not Support.ALONE:
        pattern = before if before is not None and pattern is Pattern.BACK_BY else pattern
        before = None
    return replace(terms, support=support, pattern=pattern, before_alone=before)
