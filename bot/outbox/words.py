"""What the alert of a second word says: the agreed question, and where the person may be."""

from collections.abc import Mapping

from bot.care.text import Text
from bot.care.words import How
from bot.i18n import Param, Phrase
from bot.store import Connection, circle, words
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
    out = None if person is None else journeys.running(c, person)
    where: Param = Text("words", "not_out")
    if out is not None:
        about: dict[str, Param] = {"place": out.place, "due": out.due_at}
        where = Phrase(Text("words", "is_out"), {**about, "set_off_at": out.started_at})
    if found is None:
        return {"question": NO_QUESTION, "wanted": LOOK, "where": where}
    wanted = Phrase(WANTED[found.how], {"person": circle.name(c, found.person)})
    return {"question": found.question or NO_QUESTION, "wanted": wanted, "where": where}
