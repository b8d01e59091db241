"""What an alert of the early-warning plan speaks of: the plan's sentences, counts and dates."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.care.digest import Noticed
from bot.care.sign import WARNING, Observation, SignPlan, Threshold, Voice
from bot.care.text import Text
from bot.i18n import Lines, Param
from bot.outbox import sign
from bot.store import Connection, circle, digest
from bot.store import sign as plans
from bot.store import sign_alert as alerts

VOICES: Mapping[Voice, Text] = {
    Voice.PERSON: Text("sign_alert", "voice_person"),
    Voice.CARER: Text("sign_alert", "voice_carer"),
    Voice.STAFF: Text("sign_alert", "voice_staff"),
}

SINCE: Mapping[int, Text] = {
    0: Text("sign_alert", "since_today"),
    3: Text("sign_alert", "since_few_days"),
    7: Text("sign_alert", "since_week"),
}

WORRY: Mapping[int, Text] = {
    1: Text("sign_alert", "worry_bit"),
    2: Text("sign_alert", "worry_quite"),
    3: Text("sign_alert", "worry_very"),
}

Line = tuple[Text, Mapping[str, Param]]

MOST_CARDS = 4
"""So many kinds of signs does an alert speak of, the gravest first: it has to fit."""

PART = 1900
"""So many characters of somebody's words are shown at once: as emoji they count twice."""


def fill(c: Connection, id: str) -> dict[str, Param]:
    """From an alert to what is said of it; never who noticed it, never their words."""
    about = alerts.sign_alert(c, id)
    if about is None:
        return {}
    plan = None if about.plan is None else plans.of_version(c, about.plan)
    behind = [one for one in digest.noticed(c, about.observations) if not one.gone]
    filled: dict[str, Param] = {
        "noticed": Lines(tuple(_counted(plan, behind))),
        "count": len(behind),
        "sentences": Lines(()),
        "advice": Lines(()),
    }
    if plan is not None:
        reached = [t for t in plan.thresholds if t.id in about.thresholds]
        filled["sentences"] = Lines(tuple(_reached(one) for one in reached))
        what = plan.response(about.stage).what_we_do
        filled["advice"] = Lines(tuple(_advice(plan, what, behind)))
    return filled


def _reached(threshold: Threshold) -> Line:
    return Text("sign", "line"), {"words": Lines((sign.sentence(threshold),))}


def _counted(plan: SignPlan | None, behind: Sequence[Noticed]) -> Iterator[Line]:
    """For each card how often it was said and when last, and for how long it was so by then."""
    times: dict[str | None, list[Noticed]] = {}
    for one in behind:
        times.setdefault(one.sign, []).append(one)
    for card in _gravest(plan, times):
        said = times[card]
        often = Text("sign_alert", "once") if len(said) == 1 else Text("sign_alert", "often")
        yield (
            often,
            {
                "sign": _named(plan, card),
                "count": len(said),
                "last": max(one.at for one in said),
                "since": SINCE.get(max(one.since for one in said), SINCE[0]),
            },
        )
    if not behind:
        yield Text("sign_alert", "taken_back"), {}
    if len(times) > MOST_CARDS:
        yield Text("sign_alert", "more_signs"), {"count": len(times) - MOST_CARDS}


def _gravest(plan: SignPlan | None, signs: Iterable[str | None]) -> list[str | None]:
    """Of these cards those of the latest stage, in the order in which they were noticed."""

    def stage(id: str | None) -> int:
        card = None if plan is None else plan.sign(id)
        return -1 if card is None or card.stage not in WARNING else WARNING.index(card.stage)

    return sorted(dict.fromkeys(signs), key=stage, reverse=True)[:MOST_CARDS]


def _named(plan: SignPlan | None, id: str | None) -> Param:
    card = None if plan is None else plan.sign(id)
    return Text("sign_alert", "something_else") if card is None else sign.name(card)


def _advice(plan: SignPlan, what_we_do: str, behind: Sequence[Noticed]) -> Iterator[Line]:
    """What the plan says to do; what helps and what does not, card by card."""
    if what_we_do:
        yield Text("sign_alert", "we_do"), {"words": what_we_do}
    for id in _gravest(plan, (one.sign for one in behind)):
        card = plan.sign(id)
        if card is not None and card.helps:
            yield Text("sign_alert", "helps"), {"sign": card.name, "words": card.helps}
        if card is not None and card.does_not:
            yield Text("sign_alert", "does_not"), {"sign": card.name, "words": card.does_not}


def parts(one: Observation) -> int:
    """In how many messages its words are shown."""
    return max(1, -(-len(one.words or "") // PART))


def shown(c: Connection, one: Observation, part: int) -> dict[str, Param]:
    """One observation as staff read it: in whose voice, of which card, and in what words, as many
    of them as this part takes."""
    plan = None if one.plan is None else plans.of_version(c, one.plan)
    lines: list[Line] = []
    if one.words is not None:
        words = one.words[part * PART : (part + 1) * PART]
        lines.append((Text("sign_alert", "words"), {"words": words}))
    if one.voice is Voice.CARER and not one.named:
        lines.append((Text("sign_alert", "unnamed"), {"person": circle.name(c, one.person)}))
    return {
        "member": circle.name(c, one.by),
        "voice": VOICES[one.voice],
        "person": circle.name(c, one.person),
        "sign": _named(plan, one.sign),
        "since": SINCE.get(one.since, SINCE[0]),
        "worry": WORRY.get(one.worry, Text("sign_alert", "worry_not_asked")),
        "at": one.at,
        "more": Lines(tuple(lines)),
    }
