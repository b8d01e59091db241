"""Faults planted in what is shared with those around a person, and how it is told: see `bugs`."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.care import agreeing as agreeing_rules
from bot.care import news as rules
from bot.care.news import Event, News, Telling
from bot.care.outcome import Message, Outcome, Tell
from bot.outbox.sender import Gone, Sender
from bot.store import news
from tests.simulation.planting import Bug, swap


def _push_with_words(telling: Telling, item: News) -> Tell:
    params = {"person": item.person, "carer": telling.member}
    return replace(_push(telling, item), message=Message(rules.NOT_TOLD, params))


_push = rules.push


def _silence_is_yes(telling: Telling, item: News, _staff: Any, now: datetime) -> Outcome:
    if telling.state is not rules.State.ASKING or now < (telling.ask_until or now):
        return _silence(telling, item, _staff, now)
    answered = rules._answered(telling, Event.YES, rules.Answer.YES, now)
    return rules._kept(answered, item, None) + Outcome(tells=(rules.push(answered, item),))


_silence = rules.silence


def _left_and_forgotten(*args: Any, **more: Any) -> Outcome:
    return replace(_read(*args, **more), logs=())


_read = rules.read


def _drafts_only(standing: Any, *args: Any) -> Outcome:
    drafts = [one for one in standing if one.state == "draft"]
    return _stop(drafts, *args)


_stop = agreeing_rules.stop


async def _leave_it_there(door: Any, shown: Any, buttons: Any) -> int:
    message: int = shown.message if isinstance(shown, Gone) else await _left(door, shown, buttons)
    return message


_left = Sender._left

BUGS: dict[str, Bug] = {
    "gate_skipped_at_the_reveal": Bug(
        "What a tap chose is shown, whatever the gate says by then.",
        swap(news, "told", lambda decision: True),
        by="nobody is told without a yes",
    ),
    "withdrawal_leaves_what_waits": Bug(
        "Sharing stops, and what waits to be read goes on waiting.",
        swap(news, "withdrawn", lambda *_, **_by: Outcome()),
        by="nothing waits where nothing is shared",
    ),
    "stopped_and_still_in_force": Bug(
        "Stopping ends the drafts, and not what is in force.",
        swap(agreeing_rules, "stop", _drafts_only),
        by="what sam stopped has ended",
    ),
    "call_with_words": Bug(
        "The call to read something says whom it is about.",
        swap(rules, "push", _push_with_words),
        by="a call says nothing",
    ),
    "silence_is_yes": Bug(
        "Whoever does not answer has said yes.",
        swap(rules, "silence", _silence_is_yes),
        by="a yes is a press of sams",
    ),
    "told_and_not_written_down": Bug(
        "What was read leaves no line.",
        swap(rules, "read", _left_and_forgotten),
        by="what was told is written down",
    ),
    "withdrawn_and_left_there": Bug(
        "What may not be told any more stays in the chat in which it was read.",
        swap(Sender, "_left", _leave_it_there),
        by="what was withdrawn is taken away",
    ),
}
