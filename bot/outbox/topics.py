"""An agreement in plain words: its topics, how much, when, and each choice as a line."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from bot.care.agreement import Agreement, Basis, Choice, Reason, Sharing, Situation
from bot.care.candour import Step as Candour
from bot.care.glass import Why
from bot.care.outcome import Topic
from bot.care.text import Text
from bot.i18n import Lines, Param

TOPICS: Mapping[Topic, Text] = {
    Topic.APPOINTMENTS: Text("agreement", "topic_appointments"),
    Topic.INCIDENTS: Text("agreement", "topic_incidents"),
    Topic.FINANCES: Text("agreement", "topic_finances"),
    Topic.RESTRICTIVE_PRACTICES: Text("agreement", "topic_restrictive_practices"),
    Topic.WELLBEING: Text("agreement", "topic_wellbeing"),
    Topic.EARLY_SIGNS: Text("agreement", "topic_early_signs"),
    Topic.JOURNEYS: Text("agreement", "topic_journeys"),
    Topic.WHEREABOUTS: Text("agreement", "topic_whereabouts"),
    Topic.MEDICATION: Text("agreement", "topic_medication"),
    Topic.DAILY_LIFE: Text("agreement", "topic_daily_life"),
    Topic.PLANS_AND_REVIEWS: Text("agreement", "topic_plans_and_reviews"),
}

MEANS: Mapping[Topic, Text] = {
    Topic.APPOINTMENTS: Text("agreement", "means_appointments"),
    Topic.INCIDENTS: Text("agreement", "means_incidents"),
    Topic.FINANCES: Text("agreement", "means_finances"),
    Topic.RESTRICTIVE_PRACTICES: Text("agreement", "means_restrictive_practices"),
    Topic.WELLBEING: Text("agreement", "means_wellbeing"),
    Topic.EARLY_SIGNS: Text("agreement", "means_early_signs"),
    Topic.JOURNEYS: Text("agreement", "means_journeys"),
    Topic.WHEREABOUTS: Text("agreement", "means_whereabouts"),
    Topic.MEDICATION: Text("agreement", "means_medication"),
    Topic.DAILY_LIFE: Text("agreement", "means_daily_life"),
    Topic.PLANS_AND_REVIEWS: Text("agreement", "means_plans_and_reviews"),
}
"""Each topic in a sentence, with an example."""

LEVELS: Mapping[int, Text] = {
    1: Text("agreement", "level_1"),
    2: Text("agreement", "level_2"),
    3: Text("agreement", "level_3"),
}

WHEN: Mapping[Situation, Text] = {
    Situation.EVERYDAY: Text("agreement", "everyday"),
    Situation.UNWELL: Text("agreement", "unwell"),
    Situation.EMERGENCY: Text("agreement", "emergency"),
}

NOW: Mapping[Situation, Text] = {
    Situation.UNWELL: Text("switching", "unwell"),
    Situation.EMERGENCY: Text("switching", "emergency"),
}
"""What the person is at such a time, in the middle of a sentence."""

THEN: Mapping[Situation, Text] = {
    Situation.EVERYDAY: Text("switching", "then_everyday"),
    Situation.UNWELL: Text("switching", "then_unwell"),
    Situation.EMERGENCY: Text("switching", "then_emergency"),
}
"""What holds when another such time is over."""

CHOICES: Mapping[Choice, Text] = {
    Choice.SHARE: Text("agreement", "share"),
    Choice.ASK: Text("agreement", "ask"),
    Choice.NEVER: Text("agreement", "never"),
    Choice.UNSURE: Text("agreement", "unsure"),
}

EXCEPTIONS: Mapping[Why, Text] = {
    Why.VITAL_INTERESTS: Text("glass", "vital_interests"),
    Why.SAFEGUARDING: Text("glass", "safeguarding"),
    Why.COURT: Text("glass", "court"),
    Why.PUBLIC_INTEREST: Text("glass", "public_interest"),
}
"""Why something may be told against what was agreed."""

_LINES: Mapping[Choice, Text] = {
    Choice.SHARE: Text("agreement", "line_share"),
    Choice.ASK: Text("agreement", "line_ask"),
    Choice.NEVER: Text("agreement", "line_never"),
    Choice.UNSURE: Text("agreement", "line_unsure"),
}

DECIDED_FOR_YOU: Mapping[Basis, Text] = {
    Basis.BEST_INTERESTS: Text("ground", "by_decision"),
    Basis.AUTHORITY: Text("ground", "by_authority"),
}
"""Said of what rests on another word than the person's own."""

WHY: Mapping[str, Text] = {
    Reason.AGREED: Text("told", "agreed"),
    Reason.SAID_YES: Text("told", "said_yes"),
    Reason.BREAK_GLASS: Text("told", "break_glass"),
    Reason.RECIPIENT_UNKNOWN: Text("told", "not_around"),
    Reason.RECIPIENT_LEFT: Text("told", "not_around"),
    Reason.PERSON_LEFT: Text("told", "not_around"),
    Reason.NOT_IN_CIRCLE: Text("told", "not_around"),
    Reason.OTHER_TEAM: Text("told", "not_around"),
    Reason.PAUSED: Text("told", "paused"),
    Reason.NO_AGREEMENT: Text("told", "not_chosen"),
    Reason.NO_ROW: Text("told", "not_chosen"),
    Reason.NEVER: Text("told", "you_said_no"),
    Reason.LEVEL: Text("told", "too_much"),
    Reason.BEFORE: Text("told", "too_early"),
    Reason.LAPSED: Text("told", "lapsed"),
    Reason.HELD: Text("told", "held"),
    Reason.SAID_NO: Text("told", "no_yes"),
    Reason.NOT_ASKED: Text("told", "no_yes"),
    Reason.BASIS: Text("told", "basis"),
}
"""Why, in the person's words; any other reason is "to be safe"."""

_HALF_A_DAY = timedelta(hours=12)


def lines(agreement: Agreement) -> Lines:
    """What the person chose, a line for each topic, in the order of the topics."""
    order = list(Topic)
    rows = sorted(agreement.rows, key=lambda row: (order.index(row.topic), row.situation))
    return Lines(tuple(line for row in rows for line in _line(row)))


def _line(row: Sharing) -> Iterator[tuple[Text, Mapping[str, Param]]]:
    params: dict[str, Param] = {
        "topic": TOPICS[row.topic],
        "level": LEVELS[row.level],
        "when": WHEN[row.situation],
    }
    yield _LINES[row.choice], params
    if row.basis in DECIDED_FOR_YOU:
        yield DECIDED_FOR_YOU[row.basis], {}
    if row.until is not None:
        yield Text("agreement", "line_until"), {"day": last_day(row.until)}
    if row.data_from is not None:
        yield Text("agreement", "line_from"), {"day": first_day(row.data_from)}


# A span of days begins and ends at midnight where the service is: half a day away it is the same
# day in UTC.
def first_day(since: datetime) -> date:
    """The day that begins at this moment."""
    return (since + _HALF_A_DAY).date()


def last_day(until: datetime) -> date:
    """The day that ends at this moment."""
    return (until - _HALF_A_DAY).date()


CANDOUR = {
    Candour.TOLD: Text("candour", "told"),
    Candour.SORRY: Text("candour", "sorry"),
    Candour.NEXT: Text("candour", "next"),
    Candour.WRITTEN: Text("candour", "written"),
    Candour.SUPPORT: Text("candour", "support"),
    Candour.KEPT: Text("candour", "kept"),
}
"""What belongs to being open about harm, in order."""
