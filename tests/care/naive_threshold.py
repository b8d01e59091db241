"""When a plan's sentences come true, asked naively: beside the rule, and in the simulation."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.care.sign import Observation, Sign, SignPlan, Stage, Template


def naive(
    plan: SignPlan, seen: Sequence[Observation], now: datetime, zone: ZoneInfo
) -> dict[str, set[str]]:
    """What is reached, by its id, and the cards that make it true: day by day, as one would with a
    calendar on paper."""
    today = now.astimezone(zone).date()
    calendar: dict[date, list[tuple[Sign, str]]] = {}
    for one in seen:
        card = plan.sign(one.sign)
        if one.withdrawn_at is not None or card is None or card.stage is Stage.GOOD:
            continue
        day = min(one.at.astimezone(zone).date(), today)
        for back in {0: [0], 3: [0, 1, 2], 7: [0, 1, 2, 3, 4, 5, 6]}[one.since]:
            calendar.setdefault(day - timedelta(days=back), []).append((card, one.by))
    reached = {}
    for wanted in plan.thresholds:
        days = [calendar.get(today - timedelta(days=n), []) for n in range(wanted.days)]
        together = [entry for day in days for entry in day]
        cards = {card.id for card, _ in together}
        match wanted.template:
            case Template.ANY_LATE:
                true = {card.id for card, _ in together if card.stage is Stage.LATE}
            case Template.DIFFERENT_IN_DAYS:
                true = cards if len(cards) >= wanted.count else set()
            case Template.SAME_DAYS_RUNNING:
                true = {id for id in cards if all(id in {card.id for card, _ in d} for d in days)}
            case Template.TWO_PEOPLE:
                people = {id: {by for card, by in together if card.id == id} for id in cards}
                true = {id for id in cards if len(people[id]) > 1}
        if true:
            reached[wanted.id] = true
    return reached
