"""Noticing: what somebody has seen is kept, whoever they are and whatever the person shares.

To listen is never a breach: nothing here asks the gate. Whoever noticed something gets a receipt
that says what is true, may take it back, and says whether the person may know that it was them.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.care.circle import SUPPORTERS, Role
from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value
from bot.care.sign import Observation, Sign, SignPlan, Stage, Voice
from bot.care.text import Text

SINCE = {"today": 0, "few_days": 3, "week": 7}
"""For how many days already, as it is asked."""

OF_PLAN = frozenset({Topic.PLANS_AND_REVIEWS, Topic.EARLY_SIGNS})
"""What somebody who is shown the cards of others knows of."""

_ORDER = tuple(Stage)


def voice_of(role: Role) -> Voice:
    """In whose voice somebody in this role speaks."""
    if role is Role.PERSON:
        return Voice.PERSON
    return Voice.CARER if role in SUPPORTERS else Voice.STAFF


def cards(
    plan: SignPlan | None, voice: Voice, member: str, *, known: bool = True
) -> tuple[Sign, ...]:
    """The cards somebody is shown to pick from; those they are likely to notice come first.

    Of those around the person each knows their own cards. Who helped to write the plan is named
    when the person puts it in force: they are shown the cards for carers besides (`known`).
    """
    if plan is None:
        return ()
    shown = plan.signs
    if voice is Voice.CARER:
        known = known and member in plan.co_authors
        shown = tuple(s for s in shown if voice in s.noticed_by and (known or s.by == member))
    return tuple(sorted(shown, key=lambda s: (voice not in s.noticed_by, _ORDER.index(s.stage))))


def known(plan: SignPlan, since: datetime, ended: datetime | None) -> bool:
    """Whether somebody stood beside the person when the plan was put in force: none of a version
    from before they came (`since`), or after the person stopped sharing with them (`ended`)."""
    at = plan.active_at
    return at is not None and since <= at and (ended is None or at < ended)


def keep(
    noticed: Observation,
    *,
    asking: bool,
    here: bool,
    nobody: bool = False,
    left: bool = False,
    good: bool = False,
) -> Outcome:
    """It is kept. `asking`: staff are being asked at this moment, or would be: `nobody` of them can
    be told. `here`: they are around still, else what they wrote is kept all the same, and they are
    answered on the spot. `left`: they did not come to the end, and hear that it was sent for them.
    `good`: it is of a good week."""
    logs = (Log("noticed", None, noticed.by, {"observation": noticed.id}),)
    if not here:
        gone = _message(Text("noticing", "receipt_gone"), noticed, asking, nobody)
        return Outcome(said=gone, records=(noticed,), logs=logs)
    receipt = _receipt(noticed, asking, nobody, good)
    told = Tell(noticed.by, receipt, Lane.REPLY, key=f"{noticed.id}:kept")
    sent = Message(Text("noticing", "sent_for_you"))
    before = (Tell(noticed.by, sent, Lane.REPLY, key=f"{noticed.id}:left"),) if left else ()
    return Outcome(records=(noticed,), tells=(*before, told), logs=logs)


def nobody_now(noticed: Observation) -> Outcome:
    """Whoever read that staff are being asked hears, once, that none of them can be reached now."""
    said = Message(Text("noticing", "nobody_now"), {"noticed": noticed.id, "nobody": noticed.id})
    key = f"{noticed.id}:nobody"
    return Outcome(tells=(Tell(noticed.by, said, Lane.REPLY, key=key),))


def _receipt(noticed: Observation, asking: bool, nobody: bool, good: bool) -> Message:
    if noticed.voice is Voice.CARER:
        text = Text("noticing", "good_carer") if good else Text("noticing", "receipt_carer")
    else:
        text = Text("noticing", "good") if good else Text("noticing", "receipt")
    return _message(text, noticed, asking, nobody)


def _message(text: Text, noticed: Observation, asking: bool, nobody: bool) -> Message:
    params: dict[str, Value] = {"noticed": noticed.id, "mark": int(asking)}
    if asking and noticed.read_at is None:
        params |= {"nobody": noticed.id} if nobody else {"asking": "now"}
    if noticed.acting is not None:
        params["acting"] = noticed.acting
    return Message(text, params)


def change(
    noticed: Observation,
    by: str,
    *,
    named: bool | None = None,
    asking: bool = False,
    nobody: bool = False,
    good: bool = False,
) -> Outcome:
    """`Change`: from now on the person may know who said it (`named`), or not any more.

    Without `named` it is the other way round; that the person may know is asked once more. The
    receipt that is answered says what is true by then (`asking`, `nobody`, `good`).
    """
    if by != noticed.by or noticed.voice is not Voice.CARER or noticed.withdrawn_at is not None:
        return Outcome()
    if named is None and not noticed.named:
        return Outcome(said=_message(Text("noticing", "may_know_sure"), noticed, asking, nobody))
    said = _receipt(noticed, asking, nobody, good)
    if noticed.named is bool(named):
        return Outcome(said=said)
    after = replace(noticed, named=bool(named))
    facts: dict[str, Value] = {"observation": noticed.id, "named": int(after.named)}
    return Outcome(
        said=said,
        records=(after,),
        logs=(Log("noticed_named", None, by, facts),),
    )


def take_back(noticed: Observation, by: str, now: datetime) -> Outcome:
    """Whoever noticed it takes it back: it counts no more. Whoever read it hears so."""
    if by != noticed.by or noticed.withdrawn_at is not None:
        return Outcome()
    tells: tuple[Tell, ...] = ()
    if noticed.read_by not in (None, by):
        about = About(noticed.person, Topic.EARLY_SIGNS, 3)
        params: dict[str, Value] = {"person": noticed.person, "noticed_at": noticed.at}
        back = Message(Text("noticing", "was_taken_back"), params)
        tells = (Tell(str(noticed.read_by), back, Lane.NEWS, about, f"{noticed.id}:back"),)
    return Outcome(
        said=Message(Text("noticing", "taken_back")),
        records=(replace(noticed, withdrawn_at=now),),
        tells=tells,
        logs=(Log("noticed_taken_back", None, by, {"observation": noticed.id}),),
    )


# --- the receipt --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Receipt:
    """What its writer may know of it: when it was kept, whether it was read, when the team reads.

    `timed`: and when it was; `quiet`: it may have been read without their having heard so yet.
    `open`, `closes` and `opens`: whether the service is open now, when it closes and opens next.
    `weekly`: they are asked every week already. `number` is the team's, `good`: it is of a good
    week.
    """

    at: datetime
    person: str
    named: bool
    read_at: datetime | None
    timed: bool
    quiet: bool
    open: bool
    closes: datetime
    opens: datetime
    zone: ZoneInfo
    weekly: bool
    number: str | None
    good: bool
