"""A session as staff change it: one thing at a time, read back before it is told."""

from dataclasses import replace
from datetime import datetime, time

from bot.care.education import Repeats, Session
from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.boxes import boxes, kept_boxes, ticked
from bot.flows.education import (
    ABOUT,
    LENGTHS,
    READERS,
    SIZES,
    Facts,
    choices,
    facts_of,
    places_of,
    read_back,
    starts_of,
    ticking,
    times,
)
from bot.flows.flow import STOP, Choice, Conversation, Flow, Offered, Step
from bot.i18n import Param
from bot.outbox.education import REPEATS
from bot.store import Connection, education
from bot.store.flow import Talk


def changed(facts: Facts, talk: Talk, session: Session) -> Session:
    """The session with the one thing that is to be another."""
    said = talk.answers
    match said["what"]:
        case "when":
            wall = time.fromisoformat(said["starts"])
            return replace(session, starts_at=starts_of(facts, said["day"], wall))
        case "length":
            return replace(session, minutes=int(said["minutes"]))
        case "place":
            return replace(session, place=said["place"])
        case "notes":
            return replace(session, notes="" if said["notes"] == "none" else said["notes"])
        case "places":
            return replace(session, places=places_of(said["places"]))
        case "repeats":
            return replace(session, repeats=Repeats(said["repeats"]))
        case "meets":
            return replace(session, meets=ticked(said["meets"]))
        case _:
            return session


def _change_params(facts: Facts, talk: Talk) -> dict[str, Param]:
    if facts.before is None:
        return {}
    before = facts.before
    return read_back(changed(facts, talk, before) if talk.step == "check" else before)


def _meets_before(facts: Facts, talk: Talk) -> list[Offered]:
    before = "" if facts.before is None else kept_boxes(facts.before.meets)
    return boxes(talk.answers.get("meets", before))


def _keep(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    id, by = talk.answers[ABOUT], facts.acting.member
    return education.change(c, id, lambda before: changed(facts, talk, before), by, now, cause)


FLOW: Flow[Facts] = Flow(
    name="session_change",
    start="what",
    steps={
        "what": Step(
            Text("education", "change_what"),
            (
                Choice("when", Text("education", "change_when"), "day"),
                Choice("length", Text("education", "change_length"), "minutes"),
                Choice("place", Text("education", "change_place"), "place"),
                Choice("notes", Text("education", "change_notes"), "notes"),
                Choice("places", Text("education", "change_places"), "places"),
                Choice("repeats", Text("education", "change_repeats"), "repeats"),
                Choice("meets", Text("education", "change_meets"), "meets"),
            ),
        ),
        "day": Step(Text("education", "which_day"), reads="day", to="starts"),
        "starts": Step(Text("education", "which_time"), offers="times", reads="time", to="check"),
        "minutes": Step(Text("education", "how_long"), choices(LENGTHS, "check")),
        "place": Step(Text("education", "which_place"), reads="place", to="check"),
        "notes": Step(
            Text("education", "which_notes"),
            (Choice("none", Text("education", "nothing_more"), "check"),),
            reads="notes",
            to="check",
        ),
        "places": Step(
            Text("education", "how_many"), choices(SIZES, "check"), reads="places", to="check"
        ),
        "repeats": Step(
            Text("education", "how_often"),
            choices(((one.value, label) for one, label in REPEATS.items()), "check"),
        ),
        "meets": Step(Text("education", "which_needs"), offers="needs", to="ticking"),
        "check": Step(
            Text("education", "check_change"),
            (
                Choice("keep", Text("education", "keep_change"), "kept"),
                Choice("not_now", Text("education", "not_now"), "not_now"),
            ),
        ),
        "kept": Step(ends="keep"),
        "not_now": Step(Text("education", "nothing_changed"), ends=STOP),
    },
    offers={"times": times, "needs": _meets_before},
    readers={name: READERS[name] for name in ("day", "time", "place", "notes", "places")},
    routes={"ticking": ticking("check")},
)

CHANGE = Conversation(FLOW, facts_of, {"keep": _keep}, _change_params)
"""The talk behind `Change`."""
