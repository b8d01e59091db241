"""What a positive-risk plan says of the way there and back: how much support, when to be heard
from, which delays are known, where it is safe.

Spans are minutes. All of it is agreed with the person, and kept sealed under their key.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar


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
class PlaceTerms:
    """What is agreed for going to one place, by the name it has in the plan, where that is not as
    everywhere; None: as everywhere. The rest reads as in `Terms`."""

    place: str
    longest: int | None = None
    pattern: Pattern | None = None
    every: int = 30
    points: tuple[Point, ...] = ()
    stretches: tuple[Stretch, ...] | None = None
    before_alone: Pattern | None = None


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
    `step_up`: a reason for more support steps it up at once, not by a proposal. `good`: so many
    good outings in a row open the talk about less support. `usual_places`, `medicine` and
    `photo` are for a call to 101 or 999, shown from rung `call_from` (0 is the first) on; `photo`
    says where one is found, never the picture. `asked`: through which places around the person
    (memberships) the person has asked somebody what they think. `when_upset` and `when_lost`: what
    staff do then, besides what they do in any case. `before_alone`: the pattern that a step back up
    brings back. `at_places`: what is otherwise at some of the places.
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
    at_places: tuple[PlaceTerms, ...] = ()


AS_BEFORE = Terms()
"""What a plan says that says none of it: back by a time, with check-ins."""


def at(terms: Terms, place: str) -> PlaceTerms | None:
    """What is otherwise on the way there, if anything is; however its name is written."""
    there = place.strip().casefold()
    return next((one for one in terms.at_places if one.place.casefold() == there), None)


def patterns(terms: Terms) -> frozenset[Pattern]:
    """All that are used for one place or another."""
    own = (one.pattern for one in terms.at_places if one.pattern is not None)
    return frozenset((terms.pattern, *own))


def at_step(terms: Terms, support: Support) -> Terms:
    """At another step of support. Alone, only the time to be back is asked for; a step back up
    brings back what was asked before, unless another pattern has been chosen since."""
    places = tuple(_stepped(one, terms.support, support) for one in terms.at_places)
    return replace(_stepped(terms, terms.support, support), support=support, at_places=places)


Asks = TypeVar("Asks", Terms, PlaceTerms)


def _stepped(one: Asks, before: Support, support: Support) -> Asks:
    pattern, kept = one.pattern, one.before_alone
    if support is Support.ALONE and before is not Support.ALONE:
        kept = None if pattern is Pattern.BACK_BY else pattern
        pattern = pattern and Pattern.BACK_BY
    elif support is not Support.ALONE:
        pattern = kept if kept is not None and pattern is Pattern.BACK_BY else pattern
        kept = None
    return replace(one, pattern=pattern, before_alone=kept)
