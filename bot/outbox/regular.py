"""What stands for an outing that comes again."""

from bot.care.regular import DAYS
from bot.i18n import Param
from bot.store import Connection, regular


def fill(c: Connection, id: str) -> dict[str, Param]:
    found = regular.regular(c, id)
    if found is None:
        return {}
    return {
        "place": found.place,
        "days": [DAYS[day] for day in found.days],
        "from": found.at.isoformat("minutes"),
        "to": found.back.isoformat("minutes"),
    }
