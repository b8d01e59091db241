"""Where somebody is, and where it is safe, as a message shows it: words and a place on a map."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from bot.care.location import Spot, Venue
from bot.care.outcome import Message, Value
from bot.care.terms import SafePlace
from bot.care.text import Text
from bot.i18n import Lines, Param, Voice
from bot.store import Connection, escalation, location, plan

Line = tuple[Text, Mapping[str, Param]]

MOST = 3
"""So many safe places are named where nobody knows which is nearest."""


def there_to_see(c: Connection, message: Message, reader: str, now: datetime) -> dict[str, Param]:
    """Whether an alert carries the button that opens it: for those alone whom it would show it."""
    alert = message.params.get("escalation")
    found = None if alert is None else escalation.escalation(c, str(alert))
    seen = None if found is None else location.seen_by(c, found, reader, now)
    return {"there_to_see": int(seen is not None)}


def spot(voice: Voice, where: Spot, person: str, *, repeat: bool) -> Venue:
    """Where the person was, and when; `repeat`: it says that it may have come before."""
    title = voice.label(Text("location", "here_title"), person=person, at=where.at)
    address = voice.label(Text("location", "here_address"), person=person)
    return _again(voice, Venue(where.latitude, where.longitude, title, address), repeat)


def _again(voice: Voice, venue: Venue, repeat: bool) -> Venue:
    if not repeat:
        return venue
    first = voice.label(Text("general", "maybe_repeat"))
    return replace(venue, address=f"{first} {venue.address}")


# --- safe places --------------------------------------------------------------------------


def safe_place(c: Connection, id: str) -> dict[str, Param]:
    """One of a plan's: its name, its address and its number."""
    place = _place(c, id)
    return {} if place is None else {"name": place.name, "details": Lines(tuple(_details(place)))}


def safe_places(c: Connection, id: str) -> dict[str, Param]:
    """A plan's, in its own order."""
    found = plan.plan(c, id)
    places = () if found is None else found.terms.safe_places[:MOST]
    lines: list[Line] = []
    for place in places:
        lines += [(Text("location", "safe_name"), {"name": place.name}), *_details(place)]
    return {"places": Lines(tuple(lines))}


def _details(place: SafePlace) -> Iterator[Line]:
    if place.address:
        yield Text("location", "safe_address"), {"address": place.address}
    if place.phone:
        yield Text("location", "safe_phone"), {"phone": place.phone}


def _place(c: Connection, id: str) -> SafePlace | None:
    plan_id, _, place_id = id.partition(":")
    found = plan.plan(c, plan_id)
    places = () if found is None else found.terms.safe_places
    return next((place for place in places if place.id == place_id), None)


def _venue(c: Connection, voice: Voice, id: str) -> Venue | None:
    """None where nobody has marked it on a map: the words go alone."""
    place = _place(c, id)
    if place is None or place.latitude is None or place.longitude is None:
        return None
    title = voice.label(Text("location", "safe_title"), name=place.name)
    said = [voice.label(text, **more) for text, more in _details(place)]
    address = " ".join(said) or voice.label(Text("location", "safe_known"))
    return Venue(place.latitude, place.longitude, title, address)


VENUES: Mapping[str, Callable[[Connection, Voice, str], Venue | None]] = {"safe_place": _venue}
"""A message with one of these parameters comes as a place on a map."""


def venue(
    c: Connection, voice: Voice, params: Mapping[str, Value], *, repeat: bool
) -> Venue | None:
    """What a message with these parameters shows on a map."""
    made = (make(c, voice, str(params[name])) for name, make in VENUES.items() if name in params)
    shown = next(made, None)
    return None if shown is None else _again(voice, shown, repeat)
