"""What the alert of a second word says: the agreed question, and where the person may be."""

from collections.abc import Mapping

from bot.care.text import Text
from bot.care.words import How
from bot.i18n import Param, Phrase
from bot.store import Connection, circle, escalation, words
from bot.store import journey as journeys

NO_QUESTION, LOOK = Text("words", "no_question"), Text("words", "look_into_it")

WANTED: Mapping[How | None, Text] = {
    None: LOOK,
    How.QUIETLY: Text("words", "wanted_quietly"),
    How.AT_ONCE: Text("words", "wanted_at_once"),
}


def fill(c: Connection, id: str) -> Mapping[str, Param]:
    """From the word as it was when it was used; one that nobody can read any more leaves the
    person's safety to staff."""
    found, person = words.word(c, id), words.whose(c, id)
    where = Text("words", "not_out") if person is None else _where(c, person)
    if found is None:
        return {"question": NO_QUESTION, "wanted": LOOK, "where": where}
    wanted = Phrase(WANTED[found.how], {"person": circle.name(c, found.person)})
    return {"question": found.question or NO_QUESTION, "wanted": wanted, "where": where}


def _where(c: Connection, person: str) -> Text | Phrase:
    """Where they are out, or were when they used it: "home" since then may be another's word."""
    out = journeys.running(c, person)
    if out is not None:
        at: dict[str, Param] = {"place": out.place, "set_off_at": out.started_at}
        return Phrase(Text("words", "is_out"), {**at, "due": out.due_at})
    standing, last = escalation.standing(c, person, words.WHY.values()), journeys.last(c, person)
    if not standing or last is None or last.ended_at is None or last.ended_by != person:
        return Text("words", "not_out")
    if last.ended_at < standing[0].opened_at:
        return Text("words", "not_out")
    at = {"place": last.place, "set_off_at": last.started_at}
    return Phrase(Text("words", "was_out"), {**at, "ended": last.ended_at})
