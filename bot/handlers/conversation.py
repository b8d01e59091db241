"""One door for every flow: a tap, words or a place moves the talk it belongs to.

Moving, its effect and the close of the update are one transaction; the next question is
shown after it. If that is lost, any later tap shows it again.
"""

import re
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from telegram import Message, Update
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler, filters

from bot.care.circle import Membership
from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.flow import (
    BACK,
    LEFT,
    MORE,
    STOP,
    Conversation,
    Located,
    Offered,
    Said,
    Sent,
    Step,
    Tap,
    Wrote,
    acting,
    callback,
    goes_back,
    heard_until,
    move,
    start,
    stops,
    waits,
)
from bot.flows.left import leave
from bot.handlers.commands import Handle
from bot.handlers.context import Context, cause
from bot.handlers.screen import FEW, Screen, a_few, answer, screen, show, strip
from bot.i18n import EASY, Phrase, Safe, Voice
from bot.outbox.render import Button, Reader, Rows, render
from bot.outbox.roles import acting_as
from bot.store import Connection, circle, flow
from bot.store.commit import close, commit
from bot.store.flow import Talk
from bot.store.tools import new_id

FLOW_DATA = r"^flow:(?P<choice>.+):(?P<talk>[^:]+):(?P<turn>\d+)$"

WORDS_ALONE = Text("general", "words_alone")
"""What somebody hears of a picture whose words were taken for theirs."""

Hears = Callable[[Update, Context], Coroutine[Any, Any, bool]]
"""Hears words or a place before any talk does; whether they were for it."""

Held = Mapping[str, Membership]
"""The roles whoever is here holds now, by membership id."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a move leads to. `over` once the talk has ended."""

    talk: Talk
    screen: Screen
    note: Text | Phrase | None = None
    over: bool = False


async def begin(
    update: Update,
    context: Context,
    conversation: Conversation[Any],
    membership: str | None,
    answers: Mapping[str, str] | None = None,
    way: Sequence[str] = (),
) -> None:
    """Start a conversation in this chat and ask its first question.

    `answers` are what the command already said, under any name but a step's; or, with `way`, what
    was said at each step before the last of it, which is asked now.
    """
    chat = update.effective_chat
    assert chat is not None
    voice = await context.voice()
    shown = await context.kith.memory.write(
        _begin,
        conversation,
        chat.id,
        membership,
        answers,
        way,
        _held(context),
        voice,
        cause(update),
    )
    await answer(update, context)
    await _present(update, context, shown, edit=False)


async def resume(
    update: Update,
    context: Context,
    conversation: Conversation[Any],
    answers: Mapping[str, str],
    membership: str | None = None,
) -> bool:
    """Ask the question again at which a conversation was left, if it was begun with these answers,
    and in this role where one is given.

    False when there is none.
    """
    chat = update.effective_chat
    assert chat is not None
    voice = await context.voice()
    shown = await context.kith.memory.write(
        _resume, conversation, chat.id, answers, membership, _held(context), voice, cause(update)
    )
    if shown is None:
        return False
    await answer(update, context)
    await _present(update, context, shown, edit=False)
    return True


def handlers(
    conversations: Sequence[Conversation[Any]], otherwise: Handle, first: Sequence[Hears] = ()
) -> list[BaseHandler[Update, Context, None]]:
    """The handlers of every flow. `otherwise` is given what belongs to no open talk; those of
    `first` hear what is written before any talk does."""
    known = {conversation.flow.name: conversation for conversation in conversations}

    async def tapped(update: Update, context: Context) -> None:
        assert context.match is not None
        tap = Tap(context.match["choice"], int(context.match["turn"]))
        await _said(update, context, known, tap, context.match["talk"], otherwise)

    async def wrote(update: Update, context: Context) -> None:
        assert update.message is not None
        for hears in first:
            if await hears(update, context):
                return
        await _said(update, context, known, _plain(update.message), None, otherwise)

    return [
        CallbackQueryHandler(tapped, FLOW_DATA),
        MessageHandler(
            filters.UpdateType.MESSAGE & ~filters.COMMAND & ~filters.StatusUpdate.ALL, wrote
        ),
    ]


async def outlived(
    update: Update, context: Context, conversations: Sequence[Conversation[Any]]
) -> bool:
    """Whether somebody who is a stranger since a moment ago goes on with one of these talks: it is
    heard to its end, and the answer is shown to them."""
    query, message, chat = update.callback_query, update.message, update.effective_chat
    assert chat is not None
    talk: str | None = None
    if query is not None:
        pressed = re.fullmatch(FLOW_DATA, query.data or "")
        if pressed is None:
            return False
        said: Said = Tap(pressed["choice"], int(pressed["turn"]))
        talk = pressed["talk"]
    elif message is not None and not (message.text or "").startswith("/"):
        said = _plain(message)
    else:
        return False
    voice = await context.voice()
    known = {conversation.flow.name: conversation for conversation in conversations}
    heard = await context.kith.memory.write(
        _outlived, known, chat.id, talk, said, voice, cause(update)
    )
    if heard is None:
        return False
    await _answered(update, context, *heard)
    return True


def question(
    conversation: Conversation[Any],
    talk: Talk,
    facts: Any,
    voice: Voice,
    said: Said | None = None,
) -> Screen:
    """The current step as a screen: its question, its buttons, Back and Stop.

    `said`: at this very step, so that those who see a few buttons at a time stay where they were.
    """
    step = conversation.flow.steps[talk.step]
    assert step.asks is not None  # a step that asks nothing ends its flow
    text = voice.say(step.asks, **conversation.params(facts, talk))
    picks = _picks(conversation, step, talk, facts, voice, said)
    beside = tuple(
        (Button(_named(voice, one)[:64], one.id),) for one in conversation.beside(facts, talk)
    )
    return screen(voice, text, (*picks, *beside, _ways(conversation, talk, voice)))


async def _said(
    update: Update,
    context: Context,
    known: Mapping[str, Conversation[Any]],
    said: Said,
    talk: str | None,
    otherwise: Handle,
) -> None:
    chat = update.effective_chat
    assert chat is not None
    voice = await context.voice()
    shown = await context.kith.memory.write(
        _moved, known, chat.id, talk, said, _held(context), voice, cause(update)
    )
    if shown is None:
        if isinstance(said, Tap):
            # Most often a second tap on the last button: what it did is on the screen.
            await answer(update, context)
        else:
            await otherwise(update, context)
        return
    context.circle_changed |= shown.over
    await _answered(update, context, voice, shown)


async def _answered(update: Update, context: Context, voice: Voice, shown: Shown) -> None:
    pressed = update.callback_query.message if update.callback_query is not None else None
    current = pressed is not None and pressed.message_id == shown.talk.screen
    # A second tap on the same question is no mistake worth a word.
    note = shown.note if not current else None
    await answer(update, context, _label(voice, note) if note else None, alert=note is not None)
    if pressed is None and note is not None and voice.locale == EASY:
        # One thought at a time: the question comes once more below it.
        said = screen(voice, _noted(voice, note, Screen("")).text.strip())
        await show(update, context, said)
    elif pressed is None and shown.note is not None:
        shown = replace(shown, screen=_noted(voice, shown.note, shown.screen))
    await _present(update, context, shown, edit=current)


async def _present(update: Update, context: Context, shown: Shown, *, edit: bool) -> None:
    """Show the step, remember which message asks it, and quieten the one before."""
    message = await show(update, context, shown.screen, edit=edit)
    if message is None or message == shown.talk.screen:
        return
    if not shown.over:
        await context.kith.memory.write(flow.shown, shown.talk.id, message)
    if shown.talk.screen is not None:
        await strip(update, context, shown.talk.screen)


def _begin(
    c: Connection,
    conversation: Conversation[Any],
    chat: int,
    membership: str | None,
    answers: Mapping[str, str] | None,
    way: Sequence[str],
    held: Held,
    voice: Voice,
    cause: Cause,
) -> Shown:
    before = flow.unfinished(c, chat, conversation.flow.name)
    talk = start(conversation.flow, new_id(c), chat, membership, answers, way)
    if before is not None:  # its buttons are taken away when the new question stands
        talk = replace(talk, screen=before.screen)
    if conversation.left is not None:
        _gives_way(c, conversation, chat, voice.now)
    flow.begin(c, talk, voice.now)
    commit(c, waits(conversation, talk, voice.now), cause, voice.now)
    facts = conversation.facts(c, talk, voice.now)
    return Shown(talk, _as_whom(c, voice, talk, held, question(conversation, talk, facts, voice)))


def _gives_way(c: Connection, conversation: Conversation[Any], chat: int, now: datetime) -> None:
    """An unfinished talk of the same kind, in whose place another is begun."""
    before = flow.unfinished(c, chat, conversation.flow.name)
    if before is None or conversation.left is None:
        return
    if conversation.left.replaced:
        leave(c, conversation, before, now)
    _end(c, before)


def _resume(
    c: Connection,
    conversation: Conversation[Any],
    chat: int,
    answers: Mapping[str, str],
    membership: str | None,
    held: Held,
    voice: Voice,
    cause: Cause,
) -> Shown | None:
    talk = flow.unfinished(c, chat, conversation.flow.name)
    if talk is None or not answers.items() <= talk.answers.items():
        return None
    if membership not in (None, talk.membership):
        return None
    if talk.step not in conversation.flow.steps:
        return None
    if not _may_go_on(c, conversation, talk, held, voice.now):
        return None
    flow.keep(c, talk, voice.now)  # words written next belong to it again
    commit(c, waits(conversation, talk, voice.now), cause, voice.now)
    facts = conversation.facts(c, talk, voice.now)
    return Shown(talk, _as_whom(c, voice, talk, held, question(conversation, talk, facts, voice)))


def _moved(
    c: Connection,
    known: Mapping[str, Conversation[Any]],
    chat: int,
    id: str | None,
    said: Said,
    held: Held,
    voice: Voice,
    cause: Cause,
) -> Shown | None:
    """Move the talk this belongs to and keep what follows; None when there is no such talk."""
    talk = flow.newest(c, chat) if id is None else flow.load(c, id, chat)
    if talk is None:
        return None
    if talk.erased:
        return _over(c, talk, Text("general", "cannot_read"), voice, cause)
    conversation = known.get(talk.flow)
    if conversation is None or not _may_go_on(c, conversation, talk, held, voice.now):
        return _over(c, talk, Text("general", "no_longer"), voice, cause)
    facts = conversation.facts(c, talk, voice.now)
    note: Text | None = None
    if isinstance(said, Sent) and said.words and conversation.outlives:
        said, note = Wrote(said.words), WORDS_ALONE  # who speaks up is heard
    moved = move(conversation.flow, talk, said, facts)
    if moved.end is not None:
        ended = _ended(c, conversation, moved.talk, moved.end, facts, voice, cause)
        return replace(ended, note=note)
    flow.keep(c, moved.talk, voice.now)
    commit(c, waits(conversation, moved.talk, voice.now), cause, voice.now)
    here = said if moved.talk.step == talk.step else None
    asked = question(conversation, moved.talk, facts, voice, here)
    return Shown(moved.talk, _as_whom(c, voice, moved.talk, held, asked), moved.say or note)


def _outlived(
    c: Connection,
    known: Mapping[str, Conversation[Any]],
    chat: int,
    id: str | None,
    said: Said,
    voice: Voice,
    cause: Cause,
) -> tuple[Voice, Shown] | None:
    """As they were used to read it: nobody is here any more who could be asked for a form.

    Words belong to the talk that was touched last, and to no other: what is said in a concern must
    not end in a report.
    """
    talk = flow.newest(c, chat) if id is None else flow.load(c, id, chat)
    conversation = None if talk is None else known.get(talk.flow)
    if talk is None or conversation is None:
        return None
    if not _may_go_on(c, conversation, talk, {}, voice.now):
        _end(c, talk)
        return None
    writer = None if talk.membership is None else circle.member(c, acting(c, talk))
    if writer is not None:
        voice = voice.words.voice(writer.locale, voice.zone, voice.now)
    shown = _moved(c, known, chat, talk.id, said, {}, voice, cause)
    return None if shown is None else (voice, shown)


def _may_go_on(
    c: Connection, conversation: Conversation[Any], talk: Talk, held: Held, now: datetime
) -> bool:
    """Whether whoever is here is still in the role it was begun in, or it outlives that role."""
    if talk.membership is None or talk.membership in held:
        return True
    until = heard_until(c, talk) if conversation.outlives else None
    return until is not None and now <= until


def _end(c: Connection, talk: Talk) -> None:
    """It is over; what would come for it if it were left does not come any more."""
    flow.end(c, talk.id)
    close(c, Cause(deadline=(LEFT, talk.id)))


def _over(c: Connection, talk: Talk, why: Text, voice: Voice, cause: Cause) -> Shown:
    _end(c, talk)
    commit(c, Outcome(), cause, voice.now)
    return Shown(talk, screen(voice, voice.say(why)), over=True)


def _ended(
    c: Connection,
    conversation: Conversation[Any],
    talk: Talk,
    end: str,
    facts: Any,
    voice: Voice,
    cause: Cause,
) -> Shown:
    step = conversation.flow.steps[talk.step]
    params = conversation.params(facts, talk)
    _end(c, talk)
    act = conversation.ends.get(end)
    if act is None:
        outcome = Outcome()
        commit(c, outcome, cause, voice.now)
    else:
        outcome = act(c, talk, facts, voice.now, cause)
    if outcome.said is not None:
        said = render(c, voice.words, outcome.said, Reader("", voice.locale), voice.zone, voice.now)
        return Shown(talk, Screen(said.text, said.buttons), over=True)
    if act is not None and outcome == Outcome():
        last = voice.say(Text("general", "not_any_more"))
    elif step.ends is not None and step.asks is not None:
        last = voice.say(step.asks, **params)
    else:
        last = voice.say(Text("general", "stopped"))
    return Shown(talk, screen(voice, last), over=True)


def _picks(
    conversation: Conversation[Any],
    step: Step,
    talk: Talk,
    facts: Any,
    voice: Voice,
    said: Said | None,
) -> Rows:
    """One button a row: easy to hit, and read one at a time. In Easy Read a few at a time;
    the last of those that always stand beside what is offered ("Something else", "That is all")
    comes first there, on each page."""
    offered = conversation.flow.offers[step.offers](facts, talk) if step.offers else ()
    dynamic = [(one.id, _named(voice, one)) for one in offered]
    static = [(choice.id, voice.label(choice.label)) for choice in step.choices]
    always = static[-1:] if voice.locale == EASY and dynamic else []
    rest = [*dynamic, *static[: len(static) - len(always)]]

    def row(id: str, label: str) -> tuple[Button, ...]:
        return (Button(label[:64], callback(id, talk.id, talk.turn)),)

    room = FEW - len(always)
    since = _since([id for id, _ in rest], room - 1, said)
    few = a_few(
        voice,
        tuple(row(*one) for one in rest),
        since,
        lambda on: callback(f"{MORE}{on}", talk.id, talk.turn),
        room,
    )
    return (*(row(*one) for one in always), *few)


def _since(ids: Sequence[str], step: int, said: Said | None) -> int:
    """Which of these is the first to be shown, `step` at a time: as asked for, or where the one
    just pressed stands."""
    if not isinstance(said, Tap):
        return 0
    asked = said.choice.removeprefix(MORE)
    if asked != said.choice:
        return int(asked) if asked.isdecimal() and int(asked) < len(ids) else 0
    return ids.index(said.choice) // step * step if said.choice in ids else 0


def _named(voice: Voice, one: Offered) -> str:
    return one.label if isinstance(one.label, str) else voice.label(one.label, **one.params)


def _ways(conversation: Conversation[Any], talk: Talk, voice: Voice) -> tuple[Button, ...]:
    stop = Button(voice.label(Text("general", "stop")), callback(STOP, talk.id, talk.turn))
    back = Button(voice.label(Text("general", "back")), callback(BACK, talk.id, talk.turn))
    goes = goes_back(conversation.flow, talk), stops(conversation.flow, talk)
    return tuple(way for way, there in zip((back, stop), goes, strict=True) if there)


def _held(context: Context) -> Held:
    return {} if context.who is None else {m.id: m for m in context.who.memberships}


def _as_whom(c: Connection, voice: Voice, talk: Talk, held: Held, screen: Screen) -> Screen:
    """Whoever holds several roles always sees which one they are acting in; and whoever goes on
    in one that has ended, how long they can."""
    place = held.get(talk.membership or "")
    until = heard_until(c, talk) if place is None else None
    if until is not None:
        line = voice.say(Text("general", "heard_until"), until=until)
    elif len(held) < 2 or place is None:
        return screen
    else:
        line = voice.say(Text("general", "acting"), role=acting_as(c, voice, place))
    return replace(screen, text=Safe(f"{line}\n\n{screen.text}"))


def _noted(voice: Voice, note: Text | Phrase, screen: Screen) -> Screen:
    said = voice.say(note.text, **note.params) if isinstance(note, Phrase) else voice.say(note)
    return replace(screen, text=Safe(f"{said}\n\n{screen.text}"))


def _label(voice: Voice, note: Text | Phrase) -> str:
    return voice.label(note.text, **note.params) if isinstance(note, Phrase) else voice.label(note)


def _plain(message: Message) -> Said:
    if message.location is not None:
        return Located(message.location.latitude, message.location.longitude)
    return Wrote(message.text.strip()) if message.text else Sent((message.caption or "").strip())
