"""An early-warning plan in plain words: its cards, its sentences, what is done at each stage."""

from collections.abc import Iterator, Mapping

from bot.care.plan import RungKind
from bot.care.sign import (
    WARNING,
    Response,
    Sign,
    SignPlan,
    Stage,
    Template,
    Threshold,
    Voice,
)
from bot.care.text import Text
from bot.i18n import Lines, Param, Safe
from bot.i18n import Voice as Speech
from bot.store import Connection, circle

STAGES: Mapping[Stage, Text] = {
    Stage.EARLY: Text("sign", "stage_early"),
    Stage.MIDDLE: Text("sign", "stage_middle"),
    Stage.LATE: Text("sign", "stage_late"),
    Stage.GOOD: Text("sign", "stage_good"),
}

VOICES: Mapping[Voice, Text] = {
    Voice.PERSON: Text("sign", "voice_person"),
    Voice.CARER: Text("sign", "voice_carer"),
    Voice.STAFF: Text("sign", "voice_staff"),
}

SENTENCES: Mapping[Template, Text] = {
    Template.ANY_LATE: Text("sign", "any_late"),
    Template.DIFFERENT_IN_DAYS: Text("sign", "different_in_days"),
    Template.SAME_DAYS_RUNNING: Text("sign", "same_days_running"),
    Template.TWO_PEOPLE: Text("sign", "two_people"),
}

ASKED: Mapping[RungKind, Text] = {
    RungKind.KEY_WORKER: Text("sign", "key_worker"),
    RungKind.ON_CALL: Text("sign", "on_call"),
    RungKind.MANAGER: Text("sign", "manager"),
}

FIELDS: Mapping[str, Text] = {
    "looks_like": Text("sign", "line_looks_like"),
    "usual": Text("sign", "line_usual"),
    "helps": Text("sign", "line_helps"),
    "does_not": Text("sign", "line_does_not"),
    "tell_whom": Text("sign", "line_tell_whom"),
}

Line = tuple[Text, Mapping[str, Param]]


def name(sign: Sign) -> str:
    """A card's name as it stands on a button."""
    return f"{sign.emoji} {sign.name}".strip()


def sentence(threshold: Threshold) -> Line:
    """A threshold as it is read back, and what fills it."""
    params: dict[str, Param] = {"count": threshold.count, "days": threshold.days}
    return SENTENCES[threshold.template], params


def code(threshold: Threshold) -> str:
    """A threshold as a parameter of a message."""
    return f"{threshold.template.value}:{threshold.count}:{threshold.days}"


def decoded(code: str) -> Line:
    template, count, days = code.split(":")
    return SENTENCES[Template(template)], {"count": int(count), "days": int(days)}


def line(sign: Sign, field: str, person: str) -> Line:
    """One line of a card as it says now, that nothing stands there too."""
    said: Param = getattr(sign, field) or Text("sign", "nothing_yet")
    return FIELDS[field], {"words": said, "person": person}


def card(sign: Sign, by: str, person: str) -> Iterator[Line]:
    """All of one card; `by` is the name of who wrote it."""
    yield Text("sign", "line_name"), {"name": name(sign), "stage": STAGES[sign.stage]}
    for field, text in FIELDS.items():
        if said := getattr(sign, field):
            yield text, {"words": said, "person": person}
    if len(sign.noticed_by) < len(Voice):
        by_whom: dict[str, Param] = {
            f"voice_{n}": VOICES[voice] for n, voice in enumerate(sorted(sign.noticed_by))
        }
        text = Text("sign", "line_noticed_by_two")
        if len(sign.noticed_by) == 1:
            text = Text("sign", "line_noticed_by")
        yield text, by_whom
    yield Text("sign", "line_written_by"), {"name": by}


def asked(response: Response) -> Iterator[Line]:
    """Who is asked at one stage, in which order, and what is done."""
    yield Text("sign", "line_stage"), {"stage": STAGES[response.stage]}
    minutes = 0
    for rung in response.rungs:
        who = ASKED[rung.kind]
        if minutes == 0:
            yield Text("sign", "line_asked_first"), {"who": who}
        else:
            yield Text("sign", "line_asked_then"), {"who": who, "minutes": minutes}
        minutes += rung.wait
    if response.what_we_do:
        yield Text("sign", "line_we_do"), {"words": response.what_we_do}


def changes(in_force: SignPlan | None, draft: SignPlan) -> list[Line]:
    """What would be different if the draft were put in force; nothing where nothing is."""
    if in_force is None:
        return []
    before = {one.id: one for one in in_force.signs}
    after = {one.id: one for one in draft.signs}
    found: list[Line] = []
    for id, card in after.items():
        if id not in before:
            found.append((Text("sign", "card_added"), {"name": name(card)}))
        elif card != before[id]:
            found.append((Text("sign", "card_changed"), {"name": name(card)}))
    for id, card in before.items():
        if id not in after:
            found.append((Text("sign", "card_gone"), {"name": name(card)}))
    for one in draft.thresholds:
        if one not in in_force.thresholds:
            found.append((Text("sign", "sentence_added"), {"words": _said(one)}))
    for one in in_force.thresholds:
        if one not in draft.thresholds:
            found.append((Text("sign", "sentence_gone"), {"words": _said(one)}))
    for stage in WARNING:
        if in_force.response(stage) != draft.response(stage):
            found.append((Text("sign", "response_new"), {"stage": STAGES[stage]}))
    return found


def read_back(c: Connection, plan: SignPlan, person: str) -> list[Lines]:
    """The whole plan, a block for each card and each part, with who wrote what."""
    blocks = [
        Lines(tuple(card(one, circle.name(c, one.by), person)))
        for stage in Stage
        for one in plan.signs
        if one.stage is stage
    ]
    told: list[Line] = [(Text("sign", "title_thresholds"), {})]
    told += [(Text("sign", "line"), {"words": _said(one)}) for one in plan.thresholds]
    if not plan.thresholds:
        told.append((Text("sign", "no_thresholds"), {}))
    blocks.append(Lines(tuple(told)))
    blocks += [Lines(tuple(asked(plan.response(stage)))) for stage in WARNING]
    writers = [circle.name(c, one) for one in plan.co_authors]
    if writers:
        blocks.append(Lines(((Text("sign", "written_together"), {"names": writers}),)))
    pick = [circle.name(c, one) for one in plan.co_authors if _around(c, one, plan.person)]
    if pick:
        blocks.append(Lines(((Text("noticing", "may_pick"), {"names": pick}),)))
    return blocks


def _around(c: Connection, member: str, person: str) -> bool:
    return any(held.person == person for held in circle.memberships(c, member))


def _said(threshold: Threshold) -> Lines:
    return Lines((sentence(threshold),))


LONGEST = 3000
"""Characters that a plan takes in one message."""


def in_short(voice: Speech, plan: SignPlan, person: str) -> list[Safe]:
    """Each card with what helps and what does not, as many as one message takes."""
    blocks: list[Safe] = []
    for one in (one for stage in Stage for one in plan.signs if one.stage is stage):
        lines = [voice.say(Text("sign", "line_name"), name=name(one), stage=STAGES[one.stage])]
        for field in ("looks_like", "usual", "helps", "does_not"):
            if said := getattr(one, field):
                lines.append(voice.say(FIELDS[field], words=said, person=person))
        block = Safe("\n".join(lines))
        if sum(map(len, blocks)) + len(block) > LONGEST:
            break
        blocks.append(block)
    return blocks
