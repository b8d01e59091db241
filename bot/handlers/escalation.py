"""Alerts, as staff answer them; and practice alerts."""

from collections.abc import Mapping
from functools import partial

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import STAFF_ROLES, SUPPORTERS
from bot.care.escalation import OF_SIGNS, Close, Escalation
from bot.care.outcome import Message, Outcome
from bot.care.robot import ACCOUNTS
from bot.care.spoken import OUTING
from bot.care.text import Text
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.screen import Screen, answer, screen, show
from bot.handlers.taps import Act, old_button, say, tapped
from bot.outbox.render import Button
from bot.store import Connection
from bot.store import drill as drills
from bot.store import escalation as escalations
from bot.store import journey as journeys

TAPS: Mapping[str, Act] = {
    "take": escalations.take,
    "pass": escalations.pass_on,
    "vouch": escalations.vouch,
    "safe": partial(journeys.close, how=Close.SAFE_AND_WELL),
    "needed": partial(journeys.close, how=Close.NEEDED_HELP),
    **{how.value: partial(escalations.close, how=how) for how in (*OF_SIGNS, Close.SEEN_TO)},
    "not_reached": escalations.not_reached,
    "rung": escalations.police_told,
    "practice": escalations.practise,
    "practised": escalations.practised,
    "drilled": drills.answer,
}
"""Each button of an alert and the act behind it."""


async def pressed(update: Update, context: Context) -> None:
    """A button of an alert: who pressed it is asked again at each press.

    To a supporter who is a rung what they have revealed says the answer: no new words arrive.
    """
    assert context.match is not None and context.who is not None
    verb, id = context.match["verb"], context.match["id"]
    edit = False
    if context.who.acting(SUPPORTERS):
        edit = await context.kith.memory.read(_of_a_rung, id, context.who.member.id)
    outcome = await tapped(update, context, TAPS[verb], id, edit=edit)
    if verb == "take" and context.who.member.telegram not in ACCOUNTS.values():  # no robot
        _count(context, outcome)


def _count(context: Context, outcome: Outcome) -> None:
    """How soon an outing's alert was taken on; of any other nothing is counted."""
    if not any(line.kind == "escalation_taken" for line in outcome.logs):
        return
    for alert in outcome.records:
        if isinstance(alert, Escalation) and alert.spoken is OUTING and alert.held_at is not None:
            context.kith.figures.taken(alert.held_at - alert.opened_at)


def _of_a_rung(c: Connection, id: str, member: str) -> bool:
    alert = escalations.escalation(c, id)
    return alert is not None and alert.acting(member) is not None


async def rung(update: Update, context: Context) -> None:
    """`I have rung 101 or 999`: asked once more, since nobody else will ring after it."""
    assert context.who is not None and context.match is not None
    memory, by, id = context.kith.memory, context.who.member.id, context.match["id"]
    now = await memory.now()

    def theirs(c: Connection) -> bool:
        alert = escalations.escalation(c, id)
        return alert is not None and escalations.may_answer(c, alert, by, now)

    if not context.who.acting(STAFF_ROLES) or not await memory.read(theirs):
        return await old_button(update, context)
    await answer(update, context)
    voice = await context.voice()
    rows = ((Button(voice.label(Text("escalation", "yes_rung")), f"escalation:rung:{id}:0"),),)
    shown = screen(voice, voice.say(Text("escalation", "rung_sure")), rows)
    await show(update, context, shown, edit=False)
    return None


async def test_alert(update: Update, context: Context) -> None:
    """`/test_alert`: a marked practice alert to oneself or a named colleague."""
    assert context.who is not None
    if not context.who.acting(STAFF_ROLES):
        return await say(update, context, Message(Text("journey", "for_staff")))
    voice = await context.voice()

    def read(c: Connection) -> Screen:
        assert context.who is not None
        me = context.who.member.id
        colleagues = escalations.colleagues(c, me, voice.now)
        rows = [(Button(voice.label(Text("escalation", "to_me")), f"escalation:practice:{me}:0"),)]
        rows += [(Button(m.name, f"escalation:practice:{m.id}:0"),) for m in colleagues]
        return screen(voice, voice.say(Text("escalation", "practice_who")), tuple(rows))

    await show(update, context, await context.kith.memory.read(read), edit=False)
    return None


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("test_alert", test_alert),
    CallbackQueryHandler(rung, r"^escalation:police:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(pressed, rf"^escalation:(?P<verb>{'|'.join(TAPS)}):(?P<id>\w+):\d+$"),
]
