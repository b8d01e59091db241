"""A session as staff change it: one thing at a time, read back before it is told."""

from dataclasses import replace
from datetime import datetime, time

from bot.care.education import ENGLISH, Repeats, Session, Subject
from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.boxes import boxes, kept_boxes, ticked
from bot.flows.education import (
    ABOUT,
    LEADS,
    LENGTHS,
    NO_ROOM,
    READERS,
    SIZES,
    Facts,
    choices,
    facts_of,
    places_of,
    read_back,
    room_of,
    starts_of,
    ticking,
    times,
)
from bot.flows.flow import STOP, Choice, Conversation, Flow, Offered, Step
from bot.i18n import Param
from bot.outbox.education import REPEATS, SUBJECTS
from bot.store import Connection, education
from bot.store.flow import Talk


def changed(facts: Facts, talk: Talk, session: Session) -> Session:
    """The session with the one thing that is to be another."""
    said = talk.answers
    match said["what"]:
        case "topic":
            subject = Subject(said["subject"])
            title = said["title"] if subject is Subject.OWN else ""
            return replace(session, subject=subject, title=title)
        case "when":
            wall = time.fromisoformat(said["starts"])
            return replace(session, starts_at=starts_of(facts, said["day"], wall))
        case "length":
            return replace(session, minutes=int(said["minutes"]))
        case "place":
            return replace(session, place=said["place"], room=room_of(said))
        case "room":
            return replace(session, room=room_of(said))
        case "notes":
            return replace(session, notes="" if said["notes"] == "none" else said["notes"])
        case "places":
            return replace(session, places=places_of(said["places"]))
        case "repeats":
            return replace(session, repeats=Repeats(said["repeats"]))
        case "leads":
            return replace(session, facilitators=said["leads"])
        case "languages":
            return replace(session, languages=tuple(said["languages"].split(",")))
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
                Choice("topic", Text("education", "change_topic"), "subject"),
                Choice("when", Text("education", "change_when"), "day"),
                Choice("length", Text("education", "change_length"), "minutes"),
                Choice("place", Text("education", "change_place"), "place"),
                Choice("room", Text("education", "change_room"), "room"),
                Choice("notes", Text("education", "change_notes"), "notes"),
                Choice("places", Text("education", "change_places"), "places"),
                Choice("repeats", Text("education", "change_repeats"), "repeats"),
                Choice("leads", Text("education", "change_leads"), "leads"),
                Choice("languages", Text("education", "change_languages"), "languages"),
                Choice("meets", Text("education", "change_meets"), "meets"),
            ),
        ),
        "subject": Step(
            Text("education", "which_subject"),
            (
                *choices(((s.value, t) for s, t in list(SUBJECTS.items())[:-1]), "check"),
                Choice(Subject.OWN.value, SUBJECTS[Subject.OWN], "title"),
            ),
        ),
        "title": Step(Text("education", "which_title"), reads="title", to="check"),
        "day": Step(Text("education", "which_day"), reads="day", to="starts"),
        "starts": Step(Text("education", "which_time"), offers="times", reads="time", to="check"),
        "minutes": Step(Text("education", "how_long"), choices(LENGTHS, "check")),
        "place": Step(Text("education", "which_place"), reads="place", to="room"),
        "room": Step(
            Text("education", "which_room"),
            (Choice(NO_ROOM, Text("education", "no_room"), "check"),),
            reads="room",
            to="check",
        ),
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
        "leads": Step(
            Text("education", "who_leads"), choices(LEADS, "check"), reads="names", to="check"
        ),
        "languages": Step(
            Text("education", "which_languages"),
            (Choice(ENGLISH, Text("education", "english"), "check"),),
            reads="languages",
            to="check",
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
    readers=READERS,
    routes={"ticking": ticking("check")},
)

CHANGE = Conversation(FLOW, facts_of, {"keep": _keep}, _change_params)
"""The talk behind `Change`."""
