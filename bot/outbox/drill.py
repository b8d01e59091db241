"""Practice of a ladder in plain words: whose it is, who answered, and after how long."""

from collections.abc import Mapping

from bot.care.text import Text
from bot.i18n import Lines, Param
from bot.store import Connection, circle
from bot.store import drill as drills


def fill(c: Connection, id: str) -> dict[str, Param]:
    """From a practice to its person and its results."""
    found = drills.drill(c, id)
    if found is None:
        return {}
    lines: list[tuple[Text, Mapping[str, Param]]] = []
    for one in found.asked:
        who: dict[str, Param] = {"member": circle.name(c, one.member)}
        if one.answered_at is None:
            lines.append((Text("drill", "no_answer"), who))
        else:
            lines.append((Text("drill", "answered"), {**who, "after": one.answered_at - one.at}))
    if found.empty:
        lines.append((Text("drill", "empty"), {"count": found.empty}))
    return {"person": circle.name(c, found.person), "results": Lines(tuple(lines))}
