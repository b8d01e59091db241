"""`/info`: the library of general information, by topic or by words. It is about nobody."""

import re
from collections.abc import Iterable, Sequence
from html import escape

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care import info
from bot.care.info import Page
from bot.care.text import Text
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.paged import paged
from bot.handlers.screen import FEW, Screen, a_few, answer, screen, show
from bot.i18n import EASY, Safe, Voice
from bot.outbox.render import Button, Rows

A_SCREEN = 6
"""So many pages are offered on one screen."""

LONGEST_ASKED = 60
"""Characters of what was looked for that are said again."""


async def look(update: Update, context: Context) -> None:
    """`/info`: the topics; with words behind it, the pages that fit them."""
    said = " ".join(context.args or ())
    voice = await context.voice()
    pages = context.kith.library.pages(context.locale)
    await show(update, context, _found(voice, pages, said) if said else _home(voice, pages, 0))


async def home(update: Update, context: Context) -> None:
    assert context.match is not None
    await answer(update, context)
    voice, since = await context.voice(), int(context.match["since"])
    await show(update, context, _home(voice, context.kith.library.pages(context.locale), since))


async def topic(update: Update, context: Context) -> None:
    """The pages of one topic, some at a time; it is named by the first of them."""
    assert context.match is not None
    await answer(update, context)
    voice, pages = await context.voice(), context.kith.library.pages(context.locale)
    name, skip = context.match["name"], int(context.match["skip"])
    for title, under in info.topics(pages).items():
        if under[0].name == name:
            return await _shown(update, context, _topic(voice, title, under, skip))
    return await _shown(update, context, _home(voice, pages, 0))


async def page(update: Update, context: Context) -> None:
    assert context.match is not None
    await answer(update, context)
    voice, pages = await context.voice(), context.kith.library.pages(context.locale)
    found = context.kith.library.page(context.locale, context.match["name"])
    number = int(context.match["number"])
    shown = _home(voice, pages, 0) if found is None else _page(voice, found, pages, number)
    await _shown(update, context, shown)


async def _shown(update: Update, context: Context, shown: Screen) -> None:
    await show(update, context, shown)


# --- screens ------------------------------------------------------------------------------


def _home(voice: Voice, pages: Sequence[Page], since: int) -> Screen:
    text = Text("info", "home") if pages else Text("info", "empty")
    return screen(voice, voice.say(text), _topics(voice, pages, since))


def _found(voice: Voice, pages: Sequence[Page], said: str) -> Screen:
    """One page that fits is shown at once."""
    fits = info.find(pages, said)
    asked = said if len(said) <= LONGEST_ASKED else f"{said[:LONGEST_ASKED]}…"
    if len(fits) == 1:
        return _page(voice, fits[0], pages)
    if fits:
        most = FEW - 1 if voice.locale == EASY else A_SCREEN
        shown = (*_buttons(fits[:most]), _all_topics(voice))
        return screen(voice, voice.say(Text("info", "found"), words=asked), shown)
    return screen(
        voice, voice.say(Text("info", "not_found"), words=asked), _topics(voice, pages, 0)
    )


def _topic(voice: Voice, title: str, under: Sequence[Page], skip: int) -> Screen:
    first = under[0].name
    if voice.locale == EASY:
        few = a_few(voice, _buttons(under), skip, f"info:topic:{first}:{{}}".format, FEW - 1)
        asks = voice.say(Text("info", "topic"), topic=title)
        return screen(voice, asks, (*few, _all_topics(voice)))
    rows = _buttons(under[skip : skip + A_SCREEN])
    if len(under) > skip + A_SCREEN:
        data = f"info:topic:{first}:{skip + A_SCREEN}"
        rows = (*rows, (Button(voice.label(Text("info", "more")), data),))
    return screen(voice, voice.say(Text("info", "topic"), topic=title), (*rows, _all_topics(voice)))


def _page(voice: Voice, one: Page, pages: Iterable[Page], number: int = 0) -> Screen:
    foot = [voice.say(Text("info", "general"))]
    if one.ask:
        foot.append(voice.say(Text("info", "ask"), ask=one.ask))
    if one.dated:
        foot.append(voice.say(Text("info", "dated"), dated=one.dated))
    text = f"<b>{escape(one.title, quote=False)}</b>\n\n{html(one.text)}\n\n" + "\n".join(foot)
    first = info.topics(pages)[one.topic][0].name
    beside = (Button(one.topic[:64], f"info:topic:{first}:0"),)
    data, topics = f"info:page:{one.name}:{{}}".format, (_all_topics(voice),)
    return paged(voice, text, number, data, (beside, *topics), topics)


def _topics(voice: Voice, pages: Iterable[Page], since: int) -> Rows:
    rows = tuple(
        (Button(title[:64], f"info:topic:{under[0].name}:0"),)
        for title, under in info.topics(pages).items()
    )
    return a_few(voice, rows, since, "info:home:-:{}".format)


def _buttons(pages: Iterable[Page]) -> Rows:
    return tuple((Button(one.title[:64], f"info:page:{one.name}:0"),) for one in pages)


def _all_topics(voice: Voice) -> tuple[Button, ...]:
    return (Button(voice.label(Text("info", "all_topics")), "info:home:-:0"),)


def html(markdown: str) -> Safe:
    """What a page may use, as Telegram shows it: headings, lists, bold, links. The lines of a
    paragraph become one."""
    blocks = (_block(block) for block in re.split(r"\n\s*\n", markdown.strip()))
    return Safe("\n\n".join(blocks))


def _block(block: str) -> str:
    lines: list[str] = []
    for line in escape(block, quote=False).splitlines():
        plain = line.strip()
        if plain.startswith("#"):
            lines.append(f"**{plain.lstrip('#').strip().replace('**', '')}**")
        elif re.match(r"[-*+] ", plain):
            lines.append(f"• {plain[2:].strip()}")
        elif re.match(r"\d+\. ", plain):
            lines.append(plain)
        elif lines and re.fullmatch(r"\*\*[^*]+\*\*", lines[-1]) is None:
            lines[-1] += f" {plain}"
        else:
            lines.append(plain)
    text = re.sub(r"\[([^]\n]+)\]\(([^)\s]+)\)", r"\1: \2", "\n".join(lines))
    return re.sub(r"\*\*([^*\n]+)\*\*", r"<b>\1</b>", text)


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("info", look),
    CallbackQueryHandler(home, r"^info:home:-:(?P<since>\d{1,3})$"),
    CallbackQueryHandler(topic, r"^info:topic:(?P<name>[a-z0-9-]+):(?P<skip>\d{1,4})$"),
    CallbackQueryHandler(page, r"^info:page:(?P<name>[a-z0-9-]+):(?P<number>\d{1,3})$"),
]
